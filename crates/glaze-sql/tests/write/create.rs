//! New entries.

use glaze_data::write::{self, WriteError};
use serde_json::json;

use crate::world::{BLOG, id, pick, problems, worlds};

#[tokio::test]
async fn a_new_entry_has_its_defaults_and_what_glaze_sets() {
    for world in worlds(BLOG).await {
        let author = world.author("Ann").await;
        let (key, post) = world
            .create("Post", json!({"title": "Hello, World!", "author": id(&author)}))
            .await
            .unwrap();
        assert_eq!(post["id"], id(&key), "{}", world.name);
        let expected = json!({
            "title": "Hello, World!", "slug": "hello-world", "author": id(&author), "editor": null, "tags": [], "comments": [],
            "summary": null, "views": 0, "status": "draft", "price": null, "seo": null, "sections": [], "words": [], "about": null,
            "extra": null, "seenAt": "2026-11-21T06:52:00Z", "createdAt": "2026-11-21T06:52:00Z", "updatedAt": "2026-11-21T06:52:00Z",
        });
        let names: Vec<&str> = expected.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(pick(&post, &names), expected, "{}", world.name);
        assert_eq!(world.get("Post", &key).await, Some(post));
    }
}

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_was_written() {
    let mut answers = Vec::new();
    for world in worlds(BLOG).await {
        let author = world.author("Ann").await;
        world.tags(&["a"]).await;
        let body = json!({
            "title": "Ünï", "slug": "own", "author": id(&author), "views": 9007199254740993i64, "status": "published", "price": "12.5",
            "seo": {"title": "t"}, "sections": [{"type": "hero", "heading": "h", "price": 1}, {"type": "quote", "text": "q"}],
            "words": ["a\"b", "", "ä"], "about": {"type": "tag", "id": "a"}, "extra": {"zz": 1.0, "a": [1e-7, true, null], "b": {"k": "\n"}},
            "seenAt": "2026-01-01T02:00:00.5+02:00", "tags": ["a"],
        });
        let (key, _) = world.create("Post", body).await.unwrap();
        let args = world.context().args(key);
        let answer = world.store.read(&world.read("Post"), &args, Vec::new()).await.unwrap();
        let text = String::from_utf8(answer.body).unwrap();
        let from = text.find("\"editor\"").unwrap();
        let text = &text[from..text.find("\"createdAt\"").unwrap()];
        assert_eq!(
            text,
            concat!(
                r#""editor":null,"tags":[{"code":"a"}],"comments":[],"summary":null,"views":"9007199254740993","status":"published","#,
                r#""price":"12.50","seo":{"title":"t","description":null},"#,
                r#""sections":[{"type":"hero","price":"1.00","heading":"h"},{"text":"q","type":"quote"}],"#,
                r#""words":["a\"b","","ä"],"about":{"type":"tag","id":"a"},"extra":{"a":[0.0000001,true,null],"b":{"k":"\n"},"zz":1},"#,
                r#""seenAt":"2026-01-01T00:00:00.5Z","#
            ),
            "{}",
            world.name
        );
        answers.push(text.to_owned());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn all_problems_come_at_once_and_nothing_is_written() {
    for world in worlds(BLOG).await {
        let body = json!({
            "titel": "x", "slug": "Not A Slug!", "views": -1, "status": "publishd", "seo": {}, "sections": [{"type": "hero", "heading": "too long"}],
            "words": [1], "about": {"type": "post", "id": 1}, "id": "01900000-0000-7000-8000-000000000000", "createdAt": "2026-01-01T00:00:00Z",
            "secret": "x", "tags": {"conect": []}, "comments": [{"create": {"post": 1}}],
        });
        let mut found = problems(world.create("Post", body).await);
        found.sort();
        assert_eq!(
            found,
            [
                ("about.type".to_owned(), "unknown_value"),
                ("author".to_owned(), "required"),
                ("comments[0].create.post".to_owned(), "read_only"),
                ("comments[0].create.text".to_owned(), "required"),
                ("createdAt".to_owned(), "read_only"),
                ("id".to_owned(), "read_only"),
                ("secret".to_owned(), "unknown_field"),
                ("sections[0].heading".to_owned(), "too_long"),
                ("seo.title".to_owned(), "required"),
                ("status".to_owned(), "unknown_value"),
                ("tags".to_owned(), "wrong_type"),
                ("titel".to_owned(), "unknown_field"),
                ("title".to_owned(), "required"),
                ("views".to_owned(), "too_small"),
                ("words[0]".to_owned(), "wrong_type"),
            ],
            "{}",
            world.name
        );
        assert!(world.list("Post").await.is_empty());
    }
}

#[tokio::test]
async fn a_taken_slug_gets_a_number_and_one_that_was_chosen_is_refused() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let mut slugs = Vec::new();
        for _ in 0..3 {
            let (_, post) = world.create("Post", json!({"title": "One", "author": author})).await.unwrap();
            slugs.push(post["slug"].clone());
        }
        assert_eq!(slugs, ["one", "one-2", "one-3"], "{}", world.name);
        let taken = world.create("Post", json!({"title": "x", "slug": "one-2", "author": author})).await;
        assert_eq!(problems(taken), [("slug".to_owned(), "unique")], "{}", world.name);
        let (_, empty) = world.create("Post", json!({"title": "!!!", "author": author})).await.unwrap();
        assert_eq!(empty["slug"], "post");
    }
}

#[tokio::test]
async fn what_the_database_refuses_is_named_by_the_field() {
    for world in worlds(BLOG).await {
        world
            .create("Author", json!({"name": "Ann", "email": "ann@example.com"}))
            .await
            .unwrap();
        let twice = world.create("Author", json!({"name": "Bob", "email": "ann@example.com"})).await;
        assert_eq!(problems(twice), [("email".to_owned(), "unique")], "{}", world.name);
        let nobody = "01900000-0000-7000-8000-000000000000";
        let missing = world.create("Post", json!({"title": "x", "author": nobody})).await;
        assert_eq!(problems(missing), [("author".to_owned(), "not_found_reference")], "{}", world.name);
        let author = id(&world.author("Cy").await);
        let missing = world
            .create("Post", json!({"title": "x", "author": author, "tags": ["nope"]}))
            .await;
        assert_eq!(problems(missing), [("tags".to_owned(), "not_found_reference")], "{}", world.name);
        let missing = world
            .create(
                "Post",
                json!({"title": "x", "author": author, "about": {"type": "tag", "id": "nope"}}),
            )
            .await;
        assert_eq!(problems(missing), [("about".to_owned(), "not_found_reference")], "{}", world.name);
        let twice = world
            .create("Tag", json!({"code": "a"}))
            .await
            .and(world.create("Tag", json!({"code": "a"})).await);
        assert_eq!(problems(twice), [("code".to_owned(), "unique")], "{}", world.name);
        assert!(world.list("Post").await.is_empty(), "{}", world.name);
    }
}

#[tokio::test]
async fn many_are_all_or_nothing() {
    for world in worlds(BLOG).await {
        let (ctx, entity, reply) = (world.context(), world.ix("Tag"), world.reply("Tag"));
        let all = write::create_many(&ctx, entity, &[json!({"code": "a"}), json!({"code": "b"})], &reply)
            .await
            .unwrap();
        assert_eq!(all.iter().map(|written| written.key[0].to_string()).collect::<Vec<_>>(), ["a", "b"]);
        let wrong = write::create_many(&ctx, entity, &[json!({"code": "c"}), json!({"name": "x"}), json!(3)], &reply).await;
        assert_eq!(
            problems(wrong),
            [("[1].code".to_owned(), "required"), ("[2]".to_owned(), "wrong_type")]
        );
        let taken = write::create_many(&ctx, entity, &[json!({"code": "c"}), json!({"code": "a"})], &reply).await;
        assert_eq!(problems(taken), [("[1].code".to_owned(), "unique")], "{}", world.name);
        assert_eq!(world.list("Tag").await.len(), 2);
        let mut limited = ctx.clone();
        limited.limits.entries = 1;
        let too_many = write::create_many(&limited, entity, &[json!({}), json!({})], &reply).await;
        assert!(matches!(too_many, Err(WriteError::TooMuch { limit: 1, .. })));
    }
}

#[tokio::test]
async fn many_at_once_are_what_they_would_be_one_by_one() {
    let mut answers = Vec::new();
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        world.tags(&["a", "b", "c"]).await;
        let (ctx, entity, reply) = (world.context(), world.ix("Post"), world.reply("Post"));
        // Titles that come again and again need another slug each; some name more fields than others.
        let post = |n: usize| match n % 3 {
            0 => json!({"title": format!("Post {}", n % 20), "author": author, "tags": ["a", "c"]}),
            1 => json!({"title": "Post", "author": author, "views": n, "seo": {"title": "t"}}),
            _ => {
                json!({"title": format!("Other {n}"), "author": author, "status": "published", "tags": ["b"], "about": {"type": "tag", "id": "a"}})
            }
        };
        let posts: Vec<_> = (0..90).map(post).collect();
        let all = write::create_many(&ctx, entity, &posts, &reply).await.unwrap();
        let texts: Vec<serde_json::Value> = all
            .iter()
            .map(|written| serde_json::from_slice(&written.answer.body).unwrap())
            .collect();
        for (at, (sent, made)) in posts.iter().zip(&texts).enumerate() {
            assert_eq!(made["title"], sent["title"], "{} [{at}]", world.name);
            assert_eq!(made["id"], id(&all[at].key));
            let tags: Vec<_> = made["tags"].as_array().unwrap().iter().map(|tag| tag["code"].clone()).collect();
            assert_eq!(json!(tags), sent.get("tags").cloned().unwrap_or(json!([])), "{} [{at}]", world.name);
        }
        let slugs: Vec<_> = texts.iter().map(|text| text["slug"].as_str().unwrap().to_owned()).collect();
        assert_eq!(slugs[1], "post", "{}", world.name);
        assert_eq!(slugs[4], "post-2", "{}", world.name);
        answers.push(slugs);
        assert_eq!(world.list("Post").await.len(), 90);

        let mut wrong: Vec<_> = (0..70)
            .map(|n| json!({"title": format!("More {n}"), "slug": format!("more-{n}"), "author": author}))
            .collect();
        wrong[66]["slug"] = json!("post-2");
        let refused = write::create_many(&ctx, entity, &wrong, &reply).await;
        assert_eq!(problems(refused), [("[66].slug".to_owned(), "unique")], "{}", world.name);
        wrong[66]["slug"] = json!("fine");
        wrong[3]["tags"] = json!(["nope"]);
        let refused = write::create_many(&ctx, entity, &wrong, &reply).await;
        assert_eq!(
            problems(refused),
            [("[3].tags".to_owned(), "not_found_reference")],
            "{}",
            world.name
        );
        assert_eq!(world.list("Post").await.len(), 90, "all or nothing");
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}
