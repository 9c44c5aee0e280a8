//! Entity tags: `ETag`, `If-None-Match`, `If-Match`.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_known_is_not_sent_again() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    let tag = world.get(Anonymous, &path).await.is(200).header("etag").unwrap().to_owned();
    let reply = world
        .send(Anonymous, "GET", &path, &[("if-none-match", &tag)], None)
        .await
        .is(304)
        .says("");
    assert_eq!(reply.header("etag"), Some(tag.as_str()));
    world
        .send(Anonymous, "GET", &path, &[("if-none-match", &format!("\"x\", W/{tag}"))], None)
        .await
        .is(304);
    world
        .send(Anonymous, "GET", &path, &[("if-none-match", "\"x\"")], None)
        .await
        .is(200);
    // What may not be read is not there, whatever the client claims to know.
    world
        .send(
            Anonymous,
            "GET",
            &format!("/api/posts/{}", id(2, 3)),
            &[("if-none-match", "*")],
            None,
        )
        .await
        .is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_can_depend_on_what_was_seen() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    let tag = world.get(Editor, &path).await.is(200).header("etag").unwrap().to_owned();
    let reply = world
        .send(Editor, "PATCH", &path, &[("if-match", &tag)], Some(json!({"views": 11})))
        .await
        .is(200);
    let newer = reply.header("etag").unwrap().to_owned();
    assert_ne!(newer, tag);
    world
        .send(Editor, "PATCH", &path, &[("if-match", &tag)], Some(json!({"views": 12})))
        .await
        .fails(412, "precondition_failed");
    world
        .send(Editor, "DELETE", &path, &[("if-match", &tag)], None)
        .await
        .fails(412, "precondition_failed");
    assert_eq!(world.get(Editor, &path).await.json()["data"]["views"], 11);
    let body = json!({"title": "T", "body": "B", "author": id(1, 1)});
    let reply = world.send(Editor, "PUT", &path, &[("if-match", &newer)], Some(body)).await.is(200);
    let newest = reply.header("etag").unwrap().to_owned();
    world.send(Editor, "DELETE", &path, &[("if-match", &newest)], None).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_of_what_the_reader_sees() {
    let world = journal().await;
    let path = format!("/api/authors/{}", id(1, 1));
    let before = world.get(Anonymous, &path).await.header("etag").unwrap().to_owned();
    world.patch(Editor, &path, json!({"email": "other@example.org"})).await.is(200);
    let after = world.get(Anonymous, &path).await.header("etag").unwrap().to_owned();
    assert_eq!(before, after, "the address is not theirs to know, nor that it changed");
}
