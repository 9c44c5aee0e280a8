//! Whatever is sent, there is an answer: a query or what is wrong with it.

mod support;

use std::borrow::Cow;

use glaze_data::{
    Actor, Limits, bind,
    cursor::Scope,
    query::{self, QueryError},
};
use proptest::prelude::*;
use support::{cursors, schema, user};

const WORDS: &[&str] = &[
    "filter",
    "sort",
    "fields",
    "include",
    "limit",
    "offset",
    "after",
    "before",
    "count",
    "search",
    "sum",
    "groupBy",
    "id",
    "title",
    "author",
    "name",
    "tags",
    "comments",
    "post",
    "posts",
    "seo",
    "data",
    "subject",
    "tag",
    "writer",
    "type",
    "notes",
    "draftText",
    "token",
    "views",
    "price",
    "status",
    "publishedAt",
    "keywords",
    "sections",
    "place",
    "boss",
    "_and",
    "_or",
    "_not",
    "_some",
    "_every",
    "_none",
    "_eq",
    "_in",
    "_null",
    "_between",
    "_contains",
    "_gte",
    "_empty",
    "0",
    "1",
    "",
    "*",
];
const VALUES: &[&str] = &[
    "1",
    "-1",
    "true",
    "a",
    "draft",
    "",
    "null",
    "[1,2]",
    "[]",
    "{",
    "{}",
    "author.name",
    "-title,author.name",
    "comments.post",
    "*",
    "tag",
    "018f0000-0000-7000-8000-000000000001",
    "2026-01-01T00:00:00Z",
    "{\"views\":{\"_gt\":1}}",
    "{\"_or\":[{\"title\":\"a\"},{\"tags\":null}]}",
    "99999999999999999999",
    "exact",
    "ä,ö",
];

fn name() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(WORDS);
    (word.clone(), proptest::collection::vec(word, 0..5))
        .prop_map(|(base, rest)| rest.iter().fold(base.to_owned(), |name, segment| format!("{name}[{segment}]")))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![8 => proptest::sample::select(VALUES).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn actors() -> Vec<Actor> {
    vec![Actor::Anonymous, user(&[]), user(&["editor"]), user(&["admin"]), Actor::System]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn queries_never_panic(params in proptest::collection::vec((name(), value()), 0..6), raw in "\\PC{0,40}") {
        let schema = schema_once();
        let limits = Limits::default();
        let params: Vec<(Cow<str>, Cow<str>)> = params.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let _ = query::split(&raw);
        for entity in schema.public() {
            match query::parse(schema, entity, &params, &limits) {
                Err(errors) => prop_assert!(!errors.is_empty()),
                Ok(query) => {
                    for actor in actors() {
                        match bind::bind(schema, &actor, &query, &limits, &cursors()) {
                            Ok(read) => {
                                prop_assert!(!read.filter.is_false() || query.filter.is_some() || query.search.is_some());
                                prop_assert!(!read.order.is_empty());
                                let _ = Scope::of(schema, &actor, &read);
                            }
                            Err(QueryError::Invalid(errors)) => prop_assert!(!errors.is_empty()),
                            Err(QueryError::Forbidden { .. }) => prop_assert!(!actor.is_unrestricted()),
                        }
                    }
                }
            }
            if let Ok(query) = query::parse_aggregate(schema, entity, &params, &limits) {
                for actor in actors() {
                    let _ = bind::bind_aggregate(schema, &actor, &query, &limits);
                }
            }
        }
    }

    #[test]
    fn cursors_never_panic(text in "\\PC{0,80}", bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        use base64::Engine;
        let schema = schema_once();
        let entity = schema.entity_by_path("posts").expect("posts");
        let limits = Limits::default();
        let query = glaze_data::query::Query::all(entity.ix, &limits);
        let read = bind::bind(schema, &Actor::System, &query, &limits, &cursors()).expect("a read");
        let scope = Scope::of(schema, &Actor::System, &read);
        prop_assert!(cursors().decode(&scope, &text, false).is_err());
        let sealed = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        prop_assert!(cursors().decode(&scope, &sealed, true).is_err());
    }
}

fn schema_once() -> &'static glaze_data::Schema {
    static SCHEMA: std::sync::OnceLock<std::sync::Arc<glaze_data::Schema>> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(schema)
}
