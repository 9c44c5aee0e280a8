//! Convergence over HTTP: how code, migrations and database agree; accepting, rejecting, applying; the history.

use serde_json::{Value as Json, json};

use crate::admin_site::{SCHEMA, Site, add, each};

const BASE: &str = "/api/admin/convergence";

/// Somebody else adds a column and fills it.
async fn drifted(site: &Site) {
    site.write_post("One").await;
    site.sql("ALTER TABLE posts ADD COLUMN mood text").await;
    site.sql("UPDATE posts SET mood = 'good'").await;
}

/// Somebody edits the file in an editor.
fn save(site: &Site, from: &str, to: &str) {
    let text = site.schema();
    assert!(text.contains(from));
    std::fs::write(site.root.path().join("schema.rs"), text.replace(from, to)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_shown_item_by_item_in_both_directions() {
    each(async |site| {
        drifted(site).await;
        let report = site.get(BASE).await.is(200).json();
        assert_eq!(report["status"], "drift");
        let item = &report["items"][0];
        assert_eq!((&item["key"], &item["state"]), (&json!("post.mood"), &json!("drift")));
        assert_eq!((&item["code"], &item["snapshot"]), (&Json::Null, &Json::Null));
        assert!(item["database"].as_str().unwrap().to_lowercase().contains("text"));
        let diff = site.get(&format!("{BASE}/diff")).await.is(200).json();
        let added = diff["accepting"]["source"][0]["diff"].to_string();
        assert!(added.contains("pub mood: Option<"), "{added}");
        assert_eq!(diff["rejecting"]["steps"][0]["kind"], "column.drop");
        assert_eq!(diff["rejecting"]["steps"][0]["hazards"][0]["rows"], 1);
        let one = site.get(&format!("{BASE}/diff?only=post.mood")).await.is(200).json();
        assert_eq!(one["items"].as_array().unwrap().len(), 1);
        site.get(&format!("{BASE}/diff?only=post.title")).await.fails(409, "not_possible");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_edits_the_file_and_serves_it() {
    each(async |site| {
        drifted(site).await;
        let files = site.files();
        let accept = format!("{BASE}/accept");
        let look = site.post(&accept, json!({"dryRun": true})).await.is(200).json();
        assert_eq!(look["accepted"], json!(["post.mood"]));
        assert_eq!(site.files(), files);
        let done = site.post(&accept, json!({"only": ["post.mood"]})).await.is(200).json();
        assert_eq!(done["files"][0], "schema.rs");
        assert!(done["migration"].is_string());
        assert!(site.schema().contains("pub mood: Option<") && site.schema().contains("// The heading."));
        assert_eq!(site.status().await, "in_sync");
        assert_eq!(site.get("/api/posts?fields=mood").await.is(200).column("mood"), [json!("good")]);
        // Nothing is left to be taken over.
        site.post(&accept, json!({"only": ["post.mood"]})).await.fails(409, "not_possible");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rejecting_says_what_it_costs_before() {
    each(async |site| {
        drifted(site).await;
        let reject = format!("{BASE}/reject");
        let look = site.post(&reject, json!({"dryRun": true})).await.is(200).json();
        assert_eq!(look["steps"][0]["hazards"][0]["rows"], 1);
        let reply = site.post(&reject, json!({})).await.fails(409, "needs_decision");
        assert_eq!(reply.json()["refused"][0]["code"], "needs_consent");
        assert_eq!(site.status().await, "drift");
        let done = site
            .post(&reject, json!({"only": ["post.mood"], "consent": true}))
            .await
            .is(200)
            .json();
        assert_eq!(done["rejected"], json!(["post.mood"]));
        assert_eq!(site.status().await, "in_sync");
        assert_eq!(site.schema(), SCHEMA);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_tables_waits_until_drift_is_decided() {
    each(async |site| {
        drifted(site).await;
        let reply = site.post("/api/admin/schema/edits", add("subtitle", "string", true)).await;
        let reply = reply.fails(409, "needs_decision");
        assert_eq!(reply.json()["reasons"][0]["code"], "drift");
        assert_eq!(site.schema(), SCHEMA);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_applied() {
    each(async |site| {
        site.write_post("One").await;
        let apply = format!("{BASE}/apply");
        save(site, "    pub note: Option<String>,\n", "    pub rank: Option<i32>,\n");
        let look = site.post(&apply, json!({"dryRun": true})).await.is(200).json();
        assert_eq!(look["status"], "pending");
        assert_ne!(look["reasons"], json!([]));
        let files = site.files();
        let reply = site.post(&apply, json!({})).await.fails(409, "needs_decision");
        assert_ne!(reply.json()["reasons"], json!([]));
        assert_eq!(site.files(), files);
        let body = json!({"answers": {"renames": {"posts.note": null}}, "consent": ["posts.note"]});
        let done = site.post(&apply, body).await.is(200).json();
        assert_eq!(done["status"], "in_sync");
        assert!(done["files"][0].as_str().unwrap().starts_with("migrations/"));
        site.post("/api/posts", json!({"title": "Two", "rank": 3})).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_told_and_repaired() {
    each(async |site| {
        site.post("/api/admin/schema/edits", add("subtitle", "string", true)).await.is(200);
        let path = format!("{BASE}/migrations");
        let history = site.get(&path).await.is(200).json();
        assert_eq!(history["problems"], json!([]));
        let last = &history["migrations"][1];
        assert_eq!(last["state"], "applied");
        assert!(last["sql"].as_str().unwrap().contains("subtitle"));
        assert!(last["by"].is_string() && last["appliedAt"].is_string() && last["durationMs"].is_u64());
        let file = site.root.path().join(last["file"].as_str().unwrap());
        let written = std::fs::read_to_string(&file).unwrap();

        // Somebody loses the file: it is said, and repaired from what has run.
        std::fs::remove_file(&file).unwrap();
        let history = site.get(&path).await.is(200).json();
        assert_eq!(history["problems"][0]["code"], "missing_file");
        assert_eq!(site.status().await, "history");
        site.post("/api/admin/schema/edits", add("other", "string", true))
            .await
            .fails(409, "needs_decision");
        let repair = format!("{path}/repair");
        let look = site.post(&repair, json!({"dryRun": true})).await.is(200).json();
        assert_eq!(look["repaired"], json!([]));
        assert!(!file.exists());
        let body = json!({"choice": "restore_file", "migration": last["name"]});
        let done = site.post(&repair, body).await.is(200).json();
        assert_eq!(done["problems"], json!([]));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
        assert_eq!(site.status().await, "in_sync");
    })
    .await;
}
