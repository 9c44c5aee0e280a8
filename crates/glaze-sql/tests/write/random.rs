//! Random bodies: whatever is sent, both databases say the same, and nothing panics.

use glaze_data::{
    Actor,
    write::{self, WriteError},
};
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Value as Json, json};

use crate::world::{BLOG, World, worlds};

const AUTHOR: &str = "01900000-0000-7000-8000-00000000000a";

/// Any JSON, of little depth.
fn anything() -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-50i64..50).prop_map(Json::from),
        any::<f64>().prop_filter_map("finite", |float| serde_json::Number::from_f64(float).map(Json::Number)),
        "\\PC{0,12}".prop_map(Json::from),
        select(vec![
            "a",
            "b",
            "nope",
            AUTHOR,
            "draft",
            "published",
            "2026-01-01T00:00:00Z",
            "12.50",
            "0.001"
        ])
        .prop_map(Json::from),
    ];
    let names = select(vec![
        "type",
        "id",
        "title",
        "description",
        "heading",
        "text",
        "price",
        "connect",
        "create",
        "set",
        "disconnect",
        "code",
    ]);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::btree_map(names.clone(), inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
    .boxed()
}

/// A value that fits, mostly.
fn fitting(name: &'static str) -> BoxedStrategy<Json> {
    match name {
        "title" => "[A-Za-z ]{1,8}".prop_map(Json::from).boxed(),
        "author" | "editor" => Just(json!(AUTHOR)).boxed(),
        "views" => (0i64..9_100_000_000_000_000).prop_map(Json::from).boxed(),
        "status" => select(vec!["draft", "published"]).prop_map(Json::from).boxed(),
        "price" => (-99_999i64..99_999)
            .prop_map(|cents| json!(format!("{}.{:02}", cents / 100, (cents % 100).abs())))
            .boxed(),
        "seo" => ("\\PC{0,5}", any::<bool>())
            .prop_map(|(title, more)| json!({"title": title, "description": more.then_some("d")}))
            .boxed(),
        "sections" => prop::collection::vec("[a-z]{0,5}".prop_map(|text| json!({"type": "hero", "heading": text})), 0..3)
            .prop_map(Json::Array)
            .boxed(),
        "words" => prop::collection::vec("\\PC{0,5}".prop_map(Json::from), 0..3)
            .prop_map(Json::Array)
            .boxed(),
        "about" => select(vec!["a", "b"]).prop_map(|code| json!({"type": "tag", "id": code})).boxed(),
        "tags" => prop::sample::subsequence(vec!["a", "b"], 0..=2)
            .prop_map(|codes| json!(codes))
            .boxed(),
        "comments" => Just(json!({"create": [{"text": "c"}]})).boxed(),
        "seenAt" => (0i64..4_000_000_000_000_000)
            .prop_map(|micros| json!(jiff::Timestamp::from_microsecond(micros).unwrap().to_string()))
            .boxed(),
        _ => anything(),
    }
}

fn body() -> impl Strategy<Value = Json> {
    const NAMES: [&str; 16] = [
        "title", "author", "editor", "views", "status", "price", "seo", "sections", "words", "about", "tags", "comments", "seenAt",
        "extra", "slug", "titel",
    ];
    let member = |name: &'static str| {
        let often = if matches!(name, "title" | "author") { 30 } else { 8 };
        prop_oneof![
            often => fitting(name).prop_map(Some),
            1 => anything().prop_map(Some),
            6 => Just(None),
        ]
        .prop_map(move |value| (name, value))
    };
    let members: Vec<_> = NAMES
        .into_iter()
        .filter(|name| !matches!(*name, "slug" | "titel"))
        .map(|name| member(name).boxed())
        .collect();
    members.prop_map(|members| {
        let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(given.collect::<Map<String, Json>>())
    })
}

/// What a write says, without what differs by nature (the id).
async fn said(world: &World, body: &Json) -> Result<Json, Vec<(String, String)>> {
    match world.create("Post", body.clone()).await {
        Ok((key, mut post)) => {
            assert_eq!(world.get("Post", &key).await.as_ref(), Some(&post), "{}", world.name);
            post.as_object_mut().unwrap().remove("id");
            Ok(post)
        }
        Err(WriteError::Validation(errors)) => Err(errors.into_iter().map(|error| (error.path, error.code.to_owned())).collect()),
        Err(other) => panic!("{}: {other:?} for {body}", world.name),
    }
}

#[tokio::test]
async fn both_databases_say_the_same() {
    let worlds = worlds(BLOG).await;
    for world in &worlds {
        let system = world.acting(Actor::System);
        system.create("Author", json!({"id": AUTHOR, "name": "Ann"})).await.unwrap();
        world.tags(&["a", "b"]).await;
    }
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut written = 0;
    for _ in 0..300 {
        let body = body().new_tree(&mut runner).unwrap().current();
        let first = said(&worlds[0], &body).await;
        for world in &worlds[1..] {
            assert_eq!(said(world, &body).await, first, "{} {body}", world.name);
        }
        written += usize::from(first.is_ok());
    }
    assert!(written > 50, "only {written} of the bodies were good enough to be written");
    let (ctx, entity) = (worlds[0].context(), worlds[0].ix("Post"));
    for _ in 0..300 {
        let wild = anything().new_tree(&mut runner).unwrap().current();
        assert!(write::create_one(&ctx, entity, &wild, &worlds[0].reply("Post")).await.is_err());
    }
}
