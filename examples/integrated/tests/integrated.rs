//! The example does what it says, on both databases.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use glaze_testkit::Postgres;
use http_body_util::BodyExt;
use integrated::{application, schema::Greeting};
use serde_json::{Value, json};
use tower::ServiceExt;

async fn call(app: &Router, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    let answer = app
        .clone()
        .oneshot(request.body(body).expect("a request"))
        .await
        .expect("an answer");
    let status = answer.status();
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
    )
}

async fn story(database: &str) {
    let app = application(database).await.expect("starts");
    assert_eq!(call(&app, "GET", "/", None).await.1, "My own page");

    let (status, created) = call(
        &app,
        "POST",
        "/cms/api/greetings",
        Some(json!({"name": "Ann", "words": "  Hello  ", "mood": "very_happy"})),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED, "{created}");

    let (status, refused) = call(
        &app,
        "POST",
        "/cms/api/greetings",
        Some(json!({"name": "Bo", "words": "I AM VERY LOUD"})),
    )
    .await;
    assert_eq!(
        (status, refused["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("shouting")),
        "{refused}"
    );

    let (status, _) = call(
        &app,
        "POST",
        "/cms/api/greetings",
        Some(json!({"name": "Bo", "words": "Hi", "approved": true})),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN, "nobody approves their own greeting");

    let (status, list) = call(&app, "GET", "/cms/api/greetings", None).await;
    assert_eq!(
        (status, list["data"].as_array().map(Vec::len)),
        (StatusCode::OK, Some(0)),
        "not approved yet: {list}"
    );

    let (_, mood) = call(&app, "GET", "/cms/api/mood-of-the-day", None).await;
    assert_eq!(mood["mood"], "very_happy");
    assert!(mood["greetings"].as_u64() >= Some(1), "the hook after the commit has run");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    story(&format!("sqlite:{}", folder.path().join("guestbook.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    story(&Postgres::shared().database().url).await;
}

#[test]
fn entries_are_ordinary_values() {
    let greeting: Greeting = serde_json::from_value(json!({
        "id": "0198f0a0-0000-7000-8000-000000000001", "name": "Ann", "words": "Hello", "approved": true, "mood": "puzzled",
        "createdAt": "2026-11-21T06:52:00Z", "updatedAt": "2026-11-21T06:52:00Z"
    }))
    .expect("an entry of the API");
    assert_eq!(greeting.mood, Some(integrated::schema::Mood::Puzzled));
}
