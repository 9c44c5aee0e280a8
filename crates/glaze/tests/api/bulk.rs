//! Changing and removing many.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_number_must_be_confirmed() {
    let world = journal().await;
    let path = "/api/posts?filter[status]=draft";
    let reply = world.patch(Editor, path, json!({"views": 7})).await.fails(409, "confirm_count");
    assert_eq!(reply.json()["count"], 3);
    world
        .patch(Editor, &format!("{path}&confirm=2"), json!({"views": 7}))
        .await
        .fails(409, "confirm_count");
    world
        .patch(Editor, &format!("{path}&confirm=3"), json!({"views": 7}))
        .await
        .is(200)
        .says(r#"{"data":{"count":3}}"#);
    let reply = world
        .get(Editor, "/api/posts?filter[views]=7&sort=title&fields=title")
        .await
        .is(200);
    assert_eq!(reply.column("title"), ["Gamma", "Iota", "Zeta"]);
    world
        .patch(Editor, &format!("{path}&confirm=x"), json!({"views": 7}))
        .await
        .fails(400, "invalid_query");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_removed() {
    let world = journal().await;
    let reply = world
        .delete(Editor, "/api/comments?filter[approved]=false")
        .await
        .fails(409, "confirm_count");
    assert_eq!(reply.json()["count"], 1);
    world
        .delete(Editor, "/api/comments?filter[approved]=false&confirm=1")
        .await
        .is(200)
        .says(r#"{"data":{"count":1}}"#);
    world.get(Editor, &format!("/api/comments/{}", id(3, 2))).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing() {
    let world = journal().await;
    let reply = world
        .patch(Editor, "/api/posts?filter[views][_lte]=20&confirm=2", json!({"slug": "same"}))
        .await
        .fails(422, "validation");
    assert_eq!(reply.json()["errors"][0]["path"], "slug");
    let reply = world.get(Editor, "/api/posts?filter[slug]=same").await.is(200);
    assert_eq!(reply.column("id"), Vec::<serde_json::Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_refused_before_anything_is_counted() {
    let world = journal().await;
    world
        .patch(Anonymous, "/api/posts?filter[status]=draft", json!({"views": 7}))
        .await
        .fails(403, "forbidden");
    world.delete(Anonymous, "/api/posts?confirm=6").await.fails(403, "forbidden");
}
