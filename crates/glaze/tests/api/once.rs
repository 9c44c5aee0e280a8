//! `Idempotency-Key`.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_answered_as_the_first_time() {
    let world = journal().await;
    let body = json!({"code": "once", "name": "Once"});
    let key = [("idempotency-key", "abc-1")];
    let first = world.send(Editor, "POST", "/api/tags", &key, Some(body.clone())).await.is(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = world.send(Editor, "POST", "/api/tags", &key, Some(body.clone())).await.is(201);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = json!({"code": "twice", "name": "Twice"});
    world
        .send(Editor, "POST", "/api/tags", &key, Some(other))
        .await
        .fails(422, "idempotency_mismatch");
    world
        .send(Editor, "POST", "/api/posts", &key, Some(body))
        .await
        .fails(422, "idempotency_mismatch");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_others_are_not_found_and_failures_are_not_kept() {
    let world = journal().await;
    let key = [("idempotency-key", "abc-2")];
    let visit = json!({"page": "/"});
    world
        .each(async |side| {
            let mine = side.send(Anonymous, "POST", "/api/visits", &key, &visit.to_string()).await.is(201);
            let theirs = side.send(Editor, "POST", "/api/visits", &key, &visit.to_string()).await.is(201);
            assert_ne!(mine.text, theirs.text);
        })
        .await;
    let key = [("idempotency-key", "abc-3")];
    world
        .send(Editor, "POST", "/api/tags", &key, Some(json!({"code": "bad"})))
        .await
        .fails(422, "validation");
    world
        .send(Editor, "POST", "/api/tags", &key, Some(json!({"code": "bad", "name": "Good now"})))
        .await
        .is(201);
    let wrong = [("idempotency-key", "with space")];
    world
        .send(Editor, "POST", "/api/tags", &wrong, Some(json!({"code": "x", "name": "X"})))
        .await
        .fails(400, "invalid_header");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_make_one_entry() {
    let world = journal().await;
    world
        .each(async |side| {
            let body = json!({"id": id(2, 70), "title": "Race", "body": "B", "author": id(1, 1)}).to_string();
            let key = [("idempotency-key", "race")];
            let send = || side.send(Editor, "POST", "/api/posts", &key, &body);
            let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
            let mut statuses = [a.status, b.status, c.status, d.status];
            statuses.sort_unstable();
            assert!(
                statuses.iter().all(|status| matches!(status, 201 | 409)) && statuses[0] == 201,
                "{statuses:?}"
            );
            let found = side.get(Editor, "/api/posts?filter[title]=Race&count=exact").await;
            assert_eq!(found.json()["page"]["total"], 1);
        })
        .await;
}
