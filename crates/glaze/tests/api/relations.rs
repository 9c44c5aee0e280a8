//! Relations written together with an entry.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Anonymous, Editor, World},
};

async fn tags(world: &World) -> Vec<serde_json::Value> {
    let reply = world
        .get(Editor, &format!("/api/posts/{}?fields=id&include=tags", id(2, 1)))
        .await
        .is(200)
        .json();
    reply["data"]["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["code"].clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_set_connected_disconnected_and_made() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    for (change, expected) in [
        (json!({"tags": ["sql"]}), vec!["sql"]),
        (json!({"tags": {"connect": ["rust", "sql"]}}), vec!["rust", "sql"]),
        (
            json!({"tags": {"disconnect": ["sql"], "create": [{"code": "new", "name": "New"}]}}),
            vec!["new", "rust"],
        ),
        (json!({"tags": {"set": []}}), vec![]),
    ] {
        world.patch(Editor, &path, change.clone()).await.is(200);
        assert_eq!(tags(&world).await, expected, "{change}");
    }
    let reply = world
        .patch(Editor, &path, json!({"tags": ["rust", "nothing"]}))
        .await
        .fails(422, "validation");
    assert!(
        reply.json()["errors"][0]["path"].as_str().unwrap().starts_with("tags"),
        "{}",
        reply.text
    );
    assert_eq!(tags(&world).await, Vec::<serde_json::Value>::new(), "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_connected_or_made() {
    let world = journal().await;
    let body = json!({"id": id(2, 50), "title": "Made", "body": "B", "author": {"create": {"id": id(1, 9), "name": "Dora"}}});
    let reply = world
        .post(Editor, "/api/posts?include=author&fields=title", body)
        .await
        .is(201)
        .json();
    assert_eq!(reply["data"]["author"]["name"], "Dora");
    world
        .patch(
            Editor,
            &format!("/api/posts/{}", id(2, 50)),
            json!({"author": {"connect": id(1, 1)}}),
        )
        .await
        .is(200);
    let reply = world
        .patch(Editor, &format!("/api/posts/{}", id(2, 50)), json!({"author": id(1, 77)}))
        .await
        .fails(422, "validation");
    assert_eq!(reply.json()["errors"][0]["path"], "author");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_of_a_reference_is_written_too() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 4));
    let change = json!({"comments": {"create": [{"id": id(3, 9), "text": "Mine"}], "connect": [id(3, 3)]}});
    world.patch(Editor, &path, change).await.is(200);
    let reply = world
        .get(Editor, &format!("/api/comments?filter[post]={}&sort=id", id(2, 4)))
        .await
        .is(200);
    assert_eq!(reply.column("text"), ["Hm", "Mine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_cannot_be_referred_to() {
    let world = journal().await;
    // Anybody may comment, on what they may read: a draft is as absent as nothing.
    let on = |n: u32, post: u32| json!({"id": id(3, n), "post": id(2, post), "text": "Hi"});
    let hidden = world.post(Anonymous, "/api/comments", on(20, 3)).await.fails(422, "validation");
    let absent = world.post(Anonymous, "/api/comments", on(20, 99)).await.fails(422, "validation");
    assert_eq!(hidden.text, absent.text);
    // What was made may not be read before it is approved: the key is all that is told.
    world
        .post(Anonymous, "/api/comments", on(21, 1))
        .await
        .is(201)
        .says(&format!(r#"{{"data":{{"id":"{}"}}}}"#, id(3, 21)));
}
