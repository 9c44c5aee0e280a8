//! What is wrong with a request is said precisely, and all of it at once.

use serde_json::json;

use crate::{
    journal::journal,
    world::{Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn unknown_words_are_told_with_what_was_meant() {
    let world = journal().await;
    for (path, meant) in [
        ("/api/posts?filte[title]=x", "filter"),
        ("/api/posts?filter[titel]=x", "title"),
        ("/api/posts?sort=publishedat", "publishedAt"),
        ("/api/posts?include=autor", "author"),
        ("/api/posts?filter[views][_gteq]=1", "_gte"),
        ("/api/posts?count=exakt", "exact"),
    ] {
        let reply = world.get(Anonymous, path).await.fails(400, "invalid_query");
        assert!(reply.text.contains(meant), "{path}: {}", reply.text);
    }
    let reply = world.get(Anonymous, "/api/post").await.fails(404, "not_found");
    assert!(reply.text.contains("posts"), "{}", reply.text);
    let reply = world
        .get(Anonymous, "/api/posts?filter[titel]=x&sort=y&limit=0&nonsense=1")
        .await
        .fails(400, "invalid_query");
    assert_eq!(reply.json()["errors"].as_array().unwrap().len(), 4, "{}", reply.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_told() {
    let world = journal().await;
    let deep = format!("filter{}=x", "[_not]".repeat(20));
    let many = (0..300).map(|n| format!("filter[_or][{n}][title]=x")).collect::<Vec<_>>().join("&");
    let include = "include=comments.post.comments.post.comments.post";
    for query in ["limit=1000", "limit=-1", "offset=x", deep.as_str(), many.as_str(), include] {
        world
            .get(Anonymous, &format!("/api/posts?{query}"))
            .await
            .fails(400, "invalid_query");
    }
    world
        .get(Anonymous, &format!("/api/posts?search={}", "x".repeat(40_000)))
        .await
        .fails(414, "uri_too_long");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_json_of_bounded_size_and_depth() {
    let world = journal().await;
    let json_type = [("content-type", "application/json")];
    let raw = async |headers: &[(&str, &str)], body: &[u8]| world.raw(Editor, "POST", "/api/tags", headers, body).await;
    raw(&[], b"{}").await.fails(415, "unsupported_media_type");
    raw(&[("content-type", "text/plain")], b"{}")
        .await
        .fails(415, "unsupported_media_type");
    raw(&[json_type[0], ("content-encoding", "gzip")], b"{}")
        .await
        .fails(415, "unsupported_media_type");
    raw(&json_type, b"").await.fails(400, "invalid_body");
    raw(&json_type, b"{\"code\": }").await.fails(400, "invalid_body");
    raw(&json_type, b"\xff\xfe").await.fails(400, "invalid_body");
    raw(&json_type, b"3").await.fails(400, "invalid_body");
    raw(&json_type, "[".repeat(100_000).as_bytes()).await.fails(400, "invalid_body");
    let big = format!("{{\"code\": \"{}\"}}", "x".repeat(3 << 20));
    raw(&json_type, big.as_bytes()).await.fails(413, "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_that_do_not_fit_are_told_with_those_that_do() {
    let world = journal().await;
    let reply = world
        .get(Anonymous, "/api/posts?filter[views][_contains]=1")
        .await
        .fails(400, "invalid_query");
    assert!(reply.text.contains("_gte"), "{}", reply.text);
    world
        .get(Anonymous, "/api/posts?filter[views]=many")
        .await
        .fails(400, "invalid_query");
    world
        .get(Anonymous, "/api/posts?filter[status]=gone")
        .await
        .fails(400, "invalid_query");
    world.get(Anonymous, "/api/posts?sort=meta").await.fails(400, "invalid_query");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_there() {
    let world = journal().await;
    for path in [
        "/api/nothing",
        "/api/nothing/1",
        "/nothing",
        "/api/posts/1/2",
        "/api/admin/nothing",
        "/api/posts/",
    ] {
        world.get(Anonymous, path).await.fails(404, "not_found");
    }
    world.post(Editor, "/api/nothing", json!({})).await.fails(404, "not_found");
    world
        .send(Editor, "PUT", "/api/posts", &[], Some(json!({})))
        .await
        .fails(405, "method_not_allowed");
}
