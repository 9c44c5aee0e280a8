//! The macros' types read and write the JSON of the content API.

#![allow(missing_docs)]

// The macros' code refers to `::glaze::schema`; here that is this test with the library's own file, so that the test does not
// need the whole library.
extern crate self as glaze;

#[path = "../../glaze/src/schema.rs"]
pub mod schema;

#[path = "schema.rs"]
pub mod project;

/// The same file, as the macro for whole files takes it.
pub mod whole {
    crate::schema::schema!("tests/whole.rs");
}

use project::{Post, PostStatus, Section};
use serde_json::json;

fn post() -> serde_json::Value {
    json!({
        "id": "019330a1-0000-7000-8000-000000000001",
        "title": "Hello",
        "slug": "hello",
        "body": {"type": "doc", "content": []},
        "author": "019330a1-0000-7000-8000-000000000002",
        "cover": null,
        "hero": "019330a1-0000-7000-8000-000000000003",
        "views": "9007199254740993",
        "likes": 3,
        "marks": [1, "9007199254740993"],
        "status": "in_review",
        "publishedAt": "2026-11-21T06:52:00Z",
        "sections": [{"type": "pull_quote", "text": "x", "saidBy": null}, {"type": "divider"}],
        "seo": {"metaTitle": "t"},
        "subject": {"type": "tag", "id": "rust"},
        "price": "12.50",
        "length": "PT1H30M",
        "data": "AAEC",
        "type": "#1e90ff",
        "createdAt": "2026-11-21T06:52:00.5Z",
        "updatedAt": "2026-11-21T06:52:00Z",
    })
}

#[test]
fn an_entry_is_read_and_written_as_the_api_writes_it() {
    let read: Post = serde_json::from_value(post()).expect("the API's JSON");
    assert_eq!(read.status, PostStatus::InReview);
    assert_eq!(read.views, 9_007_199_254_740_993);
    assert_eq!(read.sections[1], Section::Divider);
    assert!(!read.tags.is_included() && read.secret.is_none() && read.author.entry().is_none());
    assert_eq!(serde_json::to_value(&read).expect("JSON"), post());
}

#[test]
fn what_was_included_is_there() {
    let mut json = post();
    json["author"] = json!({
        "id": "019330a1-0000-7000-8000-000000000002", "name": "Ann", "email": "ann@example.org", "emailVerified": true, "image": null,
        "createdAt": "2026-11-21T06:52:00Z", "updatedAt": "2026-11-21T06:52:00Z",
    });
    json["tags"] = json!([{"name": "rust"}]);
    json["subject"] = json!({"type": "tag", "id": "rust", "name": "rust"});
    let read: Post = serde_json::from_value(json.clone()).expect("the API's JSON");
    assert_eq!(read.author.entry().map(|user| user.name.as_str()), Some("Ann"));
    assert_eq!(read.tags.first().map(|tag| tag.name.as_str()), Some("rust"));
    assert_eq!(serde_json::to_value(&read).expect("JSON"), json);
}

#[test]
fn an_unknown_value_is_refused() {
    let error = serde_json::from_value::<PostStatus>(json!("lost")).expect_err("not a value");
    assert!(error.to_string().contains("in_review"), "{error}");
}

#[test]
fn a_whole_file_may_have_what_a_module_cannot() {
    let read: whole::Thing = serde_json::from_value(json!({
        "id": "019330a1-0000-7000-8000-000000000001", "size": "X-Large",
        "createdAt": "2026-11-21T06:52:00Z", "updatedAt": "2026-11-21T06:52:00Z",
    }))
    .expect("the API's JSON");
    assert_eq!(read.size, whole::Size::XLarge);
}
