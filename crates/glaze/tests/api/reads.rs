//! One entry.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Admin, Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn one_entry_has_every_field_that_may_be_read_in_the_order_of_the_model() {
    let world = journal().await;
    let expected = concat!(
        r#"{"data":{"id":"00000000-0000-7000-8002-000000000001","title":"Alpha","slug":"alpha","body":"The alpha letter of the Greek alphabet, 1.","#,
        r#""status":"published","views":10,"price":"1.50","rating":null,"publishedAt":"2026-01-01T10:00:00Z","day":"2026-01-01","#,
        r#""author":"00000000-0000-7000-8001-000000000001","seo":{"title":"First","description":null},"#,
        r#""sections":[{"type":"hero","heading":"Hello"},{"by":"Ann","text":"So","type":"quote"}],"labels":[],"#,
        r#""meta":{"a":{"deep":[1,2.5,"x"]},"b":1,"cc":null},"shout":"Alpha!"}}"#,
    );
    let reply = world.get(Anonymous, &format!("/api/posts/{}", id(2, 1))).await.is(200);
    // Members of JSON come by length and then by bytes, on both databases.
    let said = serde_json::from_str::<serde_json::Value>(expected).unwrap();
    assert_eq!(reply.json(), said);
    let names: Vec<&str> = ["id", "title", "slug", "body", "status", "views", "price", "rating"].into();
    let places: Vec<usize> = names.iter().map(|name| reply.text.find(&format!("\"{name}\":")).unwrap()).collect();
    assert!(places.is_sorted(), "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("content-length"), Some(reply.text.len().to_string().as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_include_choose_what_is_shown() {
    let world = journal().await;
    let path = |query: &str| format!("/api/posts/{}?{query}", id(2, 1));
    world
        .get(Anonymous, &path("fields=title,views"))
        .await
        .is(200)
        .says(r#"{"data":{"title":"Alpha","views":10}}"#);
    world
        .get(Anonymous, &path("fields=title,author.name"))
        .await
        .is(200)
        .says(r#"{"data":{"title":"Alpha","author":{"name":"Ann"}}}"#);
    let reply = world
        .get(Anonymous, &path("fields=title&include=tags,comments,author"))
        .await
        .is(200)
        .json();
    assert_eq!(
        reply["data"]["tags"],
        json!([{"code": "rust", "name": "Rust"}, {"code": "sql", "name": "SQL"}])
    );
    assert_eq!(reply["data"]["comments"].as_array().unwrap().len(), 1, "only approved comments");
    assert_eq!(
        reply["data"]["author"],
        json!({"id": id(1, 1), "name": "Ann", "active": true}),
        "the address is not everybody's"
    );
    let reply = world
        .get(Editor, &path("fields=title&include=comments,author"))
        .await
        .is(200)
        .json();
    assert_eq!(reply["data"]["comments"].as_array().unwrap().len(), 2);
    assert_eq!(reply["data"]["author"]["email"], "ann@example.org");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_every_form_stand_in_paths() {
    let world = journal().await;
    world
        .get(Anonymous, &format!("/api/readings/{},1", id(2, 1)))
        .await
        .is(200)
        .says(&format!(r#"{{"data":{{"post":"{}","position":1,"note":"first"}}}}"#, id(2, 1)));
    world
        .get(Anonymous, "/api/tags/a%2Cb%2Fc")
        .await
        .is(200)
        .says(r#"{"data":{"code":"a,b/c","name":"Odd"}}"#);
    world
        .get(Anonymous, &format!("/api/readings/{},9", id(2, 1)))
        .await
        .fails(404, "not_found");
    world.get(Anonymous, "/api/readings/1").await.fails(404, "not_found");
    world.get(Anonymous, "/api/posts/not-a-uuid").await.fails(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_not_there() {
    let world = journal().await;
    let draft = format!("/api/posts/{}", id(2, 3));
    let absent = format!("/api/posts/{}", id(2, 99));
    let hidden = world.get(Anonymous, &draft).await.fails(404, "not_found");
    let missing = world.get(Anonymous, &absent).await.fails(404, "not_found");
    assert_eq!(hidden.text, missing.text, "nobody can tell the two apart");
    world.get(Editor, &draft).await.is(200);
    // The author of post 3 is not active: the key is not secret, what stands behind it is.
    let reply = world
        .get(Anonymous, "/api/posts?filter[title]=Zeta&include=author")
        .await
        .is(200)
        .json();
    assert_eq!(reply["data"], json!([]), "a draft");
    let author = format!("/api/authors/{}", id(1, 3));
    world.get(Anonymous, &author).await.fails(404, "not_found");
    world.get(Editor, &author).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn polymorphic_references_show_type_and_id_and_open_up() {
    let world = journal().await;
    let reply = world.get(Editor, "/api/remarks?sort=id").await.is(200).json();
    assert_eq!(reply["data"][1]["about"], json!({"type": "tag", "id": "rust"}));
    let reply = world.get(Admin, "/api/remarks?sort=id&include=about").await.is(200).json();
    assert_eq!(reply["data"][1]["about"], json!({"type": "tag", "code": "rust", "name": "Rust"}));
    assert_eq!(reply["data"][0]["about"]["title"], "Alpha");
    let reply = world.get(Editor, "/api/remarks?filter[about][type]=tag").await.is(200);
    assert_eq!(reply.column("text"), ["Rename?"]);
    let reply = world.get(Editor, "/api/remarks?filter[about][post][title]=Alpha").await.is(200);
    assert_eq!(reply.column("text"), ["Good."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_and_options_are_answered() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    let get = world.get(Anonymous, &path).await;
    let head = world.send(Anonymous, "HEAD", &path, &[], None).await.is(200).says("");
    assert_eq!(head.header("content-length"), get.header("content-length"));
    assert_eq!(head.header("etag"), get.header("etag"));
    let options = world.send(Anonymous, "OPTIONS", &path, &[], None).await.is(204);
    assert_eq!(options.header("allow"), Some("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    let wrong = world.post(Editor, &path, json!({})).await.fails(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), Some("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
}
