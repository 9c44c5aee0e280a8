//! Who may administer the schema over HTTP: nobody in production, holders of the role `admin` in development.

use glaze_testkit::Postgres;
use serde_json::{Value as Json, json};

use crate::{
    admin_site::{Site, each},
    world::{Admin, Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn in_production_no_route_of_development_is_there_for_anybody() {
    for site in [
        Site::new("sqlite", None, false).await,
        Site::new("postgres", Some(Postgres::shared().database()), false).await,
    ] {
        assert_eq!(glaze_server::development_routes().count(), 11);
        let before = site.files();
        for (_, path) in glaze_server::development_routes() {
            for who in [Anonymous, Editor, Admin] {
                for method in ["GET", "POST", "OPTIONS", "DELETE"] {
                    let reply = site.send(who, method, path, &[], Some(&json!({"edits": []}))).await;
                    assert_eq!(reply.status, 404, "{}: {who:?} {method} {path}: {}", site.name, reply.text);
                }
            }
        }
        assert_eq!(site.files(), before);
        let document = site.get("/api/openapi.json").await.is(200);
        assert!(!document.text.contains("/api/admin"), "production does not speak of them");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_development_only_the_role_admin_may() {
    each(async |site| {
        for (method, path) in glaze_server::development_routes() {
            let body = json!({"edits": [], "dryRun": true});
            site.send(Anonymous, method, path, &[], Some(&body))
                .await
                .fails(401, "unauthenticated");
            site.send(Editor, method, path, &[], Some(&body)).await.fails(403, "forbidden");
            let other = if method == "GET" { "POST" } else { "GET" };
            site.send(Admin, other, path, &[], Some(&body))
                .await
                .fails(405, "method_not_allowed");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routes_are_described() {
    each(async |site| {
        let document = site.get("/api/openapi.json").await.is(200).json();
        for (method, path) in glaze_server::development_routes() {
            let operation = &document["paths"][path][method.to_lowercase()];
            assert!(operation["operationId"].is_string(), "{method} {path}");
        }
        let (mut open, mut seen) = (vec![&document], 0);
        while let Some(json) = open.pop() {
            match json {
                Json::Object(members) => {
                    if let Some(to) = members.get("$ref").and_then(Json::as_str) {
                        assert!(document.pointer(to.trim_start_matches('#')).is_some(), "nothing at {to}");
                        seen += 1;
                    }
                    open.extend(members.values());
                }
                Json::Array(items) => open.extend(items),
                _ => {}
            }
        }
        assert!(seen > 50, "references were followed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_not_of_the_form_are_refused() {
    each(async |site| {
        let edits = "/api/admin/schema/edits";
        let reply = site
            .post(edits, json!({"edits": [{"edit": "paint"}]}))
            .await
            .fails(400, "invalid_body");
        assert_eq!(reply.json()["errors"][0]["path"], "edits[0]");
        site.post(edits, json!({})).await.fails(400, "invalid_body");
        let reply = site
            .post(edits, json!({"edits": [], "answers": {"rename": {}}}))
            .await
            .fails(400, "invalid_body");
        assert_eq!(reply.json()["errors"][0]["path"], "answers");
        let reply = site
            .post("/api/admin/convergence/accept", json!({"only": ["post", "po st"]}))
            .await
            .fails(400, "invalid_body");
        assert_eq!(reply.json()["errors"][0]["path"], "only[1]");
        site.get("/api/admin/convergence/diff?other=1").await.fails(400, "invalid_query");
        site.post("/api/admin/convergence/migrations/repair", json!({"choice": "magic"}))
            .await
            .fails(400, "invalid_body");
    })
    .await;
}
