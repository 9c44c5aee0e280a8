//! What is there besides content: health, counters, the document, the page, the schema in development.

use crate::{
    journal::journal,
    world::{Admin, Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_node_says_how_it_is() {
    let world = journal().await;
    world.get(Anonymous, "/healthz").await.is(200).says(r#"{"status":"ok"}"#);
    world
        .get(Anonymous, "/readyz")
        .await
        .is(200)
        .says(r#"{"ready":true,"database":true,"pending_migrations":[]}"#);
    for app in world.apps() {
        app.set_pending_migrations(vec!["0007_add_excerpt".into()]);
    }
    let reply = world.get(Anonymous, "/readyz").await.is(503);
    assert_eq!(reply.json()["pending_migrations"][0], "0007_add_excerpt");
    world
        .each(async |side| {
            let reply = side.get(Anonymous, "/metrics").await.is(200);
            assert!(
                reply.text.contains("glaze_http_requests_total{method=\"GET\",status=\"2xx\"}"),
                "{}",
                reply.text
            );
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_described_and_shown() {
    let world = journal().await;
    let document = world.get(Anonymous, "/api/openapi.json").await.is(200).json();
    assert!(document["paths"]["/api/posts/{id}"]["patch"].is_object());
    let page = world.get(Anonymous, "/api/docs").await.is(200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(
        !page.text.contains("<script>") && !page.text.contains("style=") && !page.text.contains("http://"),
        "nothing inline"
    );
    world.get(Anonymous, "/api/docs/docs.js").await.is(200);
    world.get(Anonymous, "/api/docs/docs.css").await.is(200);
    world.get(Anonymous, "/api/docs/other").await.fails(404, "not_found");
    assert_eq!(world.get(Anonymous, "/").await.is(307).header("location"), Some("/api/docs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_shown_to_those_who_administer() {
    let world = journal().await;
    world.get(Anonymous, "/api/admin/schema").await.fails(401, "unauthenticated");
    world.get(Editor, "/api/admin/schema").await.fails(403, "forbidden");
    let model = world.get(Admin, "/api/admin/schema").await.is(200).json();
    assert_eq!(model["model"]["entities"][0]["name"], "Author");
}
