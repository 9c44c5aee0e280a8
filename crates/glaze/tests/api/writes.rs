//! Creating, replacing and changing one entry; many at once.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_entry_is_answered_whole_with_its_place() {
    let world = journal().await;
    let body = json!({"id": id(2, 50), "title": "Kappa & Co", "body": "Text", "author": id(1, 1), "tags": ["rust"]});
    let reply = world.post(Editor, "/api/posts?include=tags", body).await.is(201);
    assert_eq!(reply.header("location"), Some(format!("/api/posts/{}", id(2, 50)).as_str()));
    assert!(reply.header("etag").is_some());
    let data = reply.json()["data"].clone();
    assert_eq!(data["slug"], "kappa-co");
    assert_eq!(data["status"], "draft");
    assert_eq!(data["views"], 0);
    assert_eq!(data["sections"], json!([]));
    assert_eq!(data["tags"], json!([{"code": "rust", "name": "Rust"}]));
    assert_eq!(data["shout"], "Kappa & Co!");
    let again = world.get(Editor, &format!("/api/posts/{}?include=tags", id(2, 50))).await.is(200);
    assert_eq!(again.text, reply.text);
    assert_eq!(again.header("etag"), reply.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_and_times_are_made_when_they_are_not_sent() {
    let world = journal().await;
    world
        .each(async |side| {
            let reply = side.send(Anonymous, "POST", "/api/visits", &[], r#"{"page": "/"}"#).await.is(201);
            let data = reply.json()["data"].clone();
            assert_eq!(data["id"].as_str().unwrap().as_bytes()[14], b'7', "a version 7 UUID");
            assert_eq!(data["createdAt"], data["updatedAt"]);
            assert!(data["createdAt"].as_str().unwrap().ends_with('Z'));
            assert_eq!(
                reply.header("location").unwrap(),
                format!("/api/visits/{}", data["id"].as_str().unwrap())
            );
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_is_taken_gets_a_number() {
    let world = journal().await;
    for (n, slug) in [(50, "alpha-2"), (51, "alpha-3")] {
        let body = json!({"id": id(2, n), "title": "Alpha", "body": "Again", "author": id(1, 1)});
        assert_eq!(world.post(Editor, "/api/posts", body).await.is(201).json()["data"]["slug"], slug);
    }
    let body = json!({"id": id(2, 52), "title": "X", "slug": "alpha", "body": "Again", "author": id(1, 1)});
    let reply = world.post(Editor, "/api/posts", body).await.fails(422, "validation");
    assert_eq!(reply.json()["errors"][0]["path"], "slug");
    assert_eq!(reply.json()["errors"][0]["code"], "unique");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_is_told_at_once() {
    let world = journal().await;
    let body = json!({
        "id": id(2, 50), "title": "x".repeat(41), "views": -1, "price": "1.999", "status": "gone", "author": "nobody", "body": null,
        "sections": [{"type": "hero"}, {"type": "nope"}], "shout": "no", "titel": "typo", "seo": {"title": 1}
    });
    let reply = world.post(Editor, "/api/posts", body).await.fails(422, "validation");
    let mut paths: Vec<String> = reply.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"].as_str().unwrap().to_owned())
        .collect();
    paths.sort();
    for path in [
        "author",
        "body",
        "price",
        "sections[0].heading",
        "sections[1].type",
        "seo.title",
        "shout",
        "status",
        "titel",
        "title",
        "views",
    ] {
        assert!(paths.iter().any(|known| known == path), "{path} is not among {paths:?}");
    }
    let errors = reply.json()["errors"].clone();
    let title = errors.as_array().unwrap().iter().find(|error| error["path"] == "title").unwrap();
    assert_eq!(title["limit"], 40);
    let typo = errors.as_array().unwrap().iter().find(|error| error["path"] == "titel").unwrap();
    assert!(typo["message"].as_str().unwrap().contains("title"), "{typo}");
    world.get(Editor, &format!("/api/posts/{}", id(2, 50))).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_the_row_is_kept() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    let reply = world.patch(Editor, &path, json!({"rating": 5.5})).await.fails(422, "validation");
    assert_eq!(reply.json()["errors"][0]["message"], "A rating goes up to five.");
    world.patch(Editor, &path, json!({"rating": 5})).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn patch_changes_what_is_named_and_put_the_rest_too() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    let patched = world
        .patch(Editor, &path, json!({"title": "Alpha 2", "seo": {"description": "D"}}))
        .await
        .is(200)
        .json();
    assert_eq!(patched["data"]["title"], "Alpha 2");
    assert_eq!(patched["data"]["views"], 10);
    assert_eq!(patched["data"]["seo"], json!({"title": "First", "description": "D"}));
    let body = json!({"title": "New", "body": "New text", "author": id(1, 2)});
    let put = world.send(Editor, "PUT", &path, &[], Some(body)).await.is(200).json();
    assert_eq!(put["data"]["title"], "New");
    assert_eq!(put["data"]["views"], 0);
    assert_eq!(put["data"]["price"], serde_json::Value::Null);
    assert_eq!(put["data"]["seo"], serde_json::Value::Null);
    assert_eq!(put["data"]["status"], "draft");
    let missing = world
        .send(Editor, "PUT", &path, &[], Some(json!({"title": "Only"})))
        .await
        .fails(422, "validation")
        .json();
    assert_eq!(missing["errors"].as_array().unwrap().len(), 2, "{missing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_made_in_one_transaction() {
    let world = journal().await;
    let post = |n: u32, title: &str| json!({"id": id(2, n), "title": title, "body": "B", "author": id(1, 1)});
    let reply = world
        .post(Editor, "/api/posts?fields=slug", json!([post(60, "One"), post(61, "Two")]))
        .await
        .is(201);
    reply.says(r#"{"data":[{"slug":"one"},{"slug":"two"}]}"#);
    let wrong = json!([post(62, "Three"), post(63, ""), {"title": "Four"}]);
    let reply = world.post(Editor, "/api/posts", wrong).await.fails(422, "validation");
    assert!(
        reply.json()["errors"]
            .as_array()
            .unwrap()
            .iter()
            .all(|error| error["path"].as_str().unwrap().starts_with("[2].")),
        "{}",
        reply.text
    );
    let taken = json!([post(64, "Five"), post(1, "Six")]);
    world.post(Editor, "/api/posts", taken).await.fails(422, "validation");
    for n in [62, 63, 64] {
        world.get(Editor, &format!("/api/posts/{}", id(2, n))).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removal() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    world.delete(Editor, &path).await.is(204).says("");
    world.get(Editor, &path).await.is(404);
    world.delete(Editor, &path).await.fails(404, "not_found");
    world.get(Editor, &format!("/api/comments/{}", id(3, 1))).await.is(404);
    // Posts still refer to the author.
    world
        .delete(Editor, &format!("/api/authors/{}", id(1, 1)))
        .await
        .fails(409, "referenced");
}
