//! Editing the schema over HTTP: seen before it is saved, made as a whole, served at once, taken back.

use serde_json::{Value as Json, json};

use crate::{
    admin_site::{SCHEMA, Site, add, each, field},
    world::Admin,
};

const EDITS: &str = "/api/admin/schema/edits";
const PREVIEW: &str = "/api/admin/schema/preview";
const UNDO: &str = "/api/admin/schema/undo";

fn remove(name: &str) -> Json {
    json!({"edits": [{"edit": "remove_field", "entity": "Post", "field": name}]})
}

fn with(mut body: Json, name: &str, value: Json) -> Json {
    body[name] = value;
    body
}

async fn tag(site: &Site) -> String {
    site.get("/api/admin/schema")
        .await
        .is(200)
        .header("etag")
        .expect("a tag")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_shown_with_its_files_and_places() {
    each(async |site| {
        let reply = site.get("/api/admin/schema").await.is(200);
        let schema = reply.json();
        assert_eq!(schema["model"]["entities"][0]["name"], "Post");
        assert_eq!(schema["files"][0]["path"], "schema.rs");
        assert_eq!(schema["files"][0]["text"], SCHEMA);
        assert_eq!(schema["diagnostics"], json!([]));
        let post = &schema["entities"][0];
        assert_eq!((&post["name"], &post["file"]), (&json!("Post"), &json!("schema.rs")));
        let title = post["fields"]
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["name"] == "title")
            .unwrap();
        let line = SCHEMA.lines().position(|line| line.contains("pub title")).unwrap() as u64 + 1;
        assert!(title["line"].as_u64().unwrap().abs_diff(line) <= 1, "{title}");
        let known = [("if-none-match", reply.header("etag").unwrap())];
        site.send(Admin, "GET", "/api/admin/schema", &known, None).await.is(304);

        let broken = SCHEMA.replace("pub title: String", "pub title: Strin");
        std::fs::write(site.root.path().join("schema.rs"), broken).unwrap();
        let schema = site.get("/api/admin/schema").await.is(200).json();
        assert_eq!(schema["model"], Json::Null);
        assert_eq!(schema["diagnostics"][0]["severity"], "error");
        let reply = site.post(EDITS, add("subtitle", "string", true)).await.fails(422, "schema_invalid");
        assert!(reply.json()["diagnostics"][0]["message"].is_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_everything_and_changes_nothing() {
    each(async |site| {
        site.write_post("One").await;
        let (files, journal) = (site.files(), site.journal().await);
        let preview = site.post(PREVIEW, add("subtitle", "string", true)).await.is(200).json();
        assert_eq!(preview["status"], "pending");
        assert_eq!(preview["steps"][0]["kind"], "column.add");
        assert_eq!(preview["steps"][0]["risk"], "safe");
        assert!(preview["steps"][0]["sql"][0].as_str().unwrap().contains("subtitle"));
        assert_eq!((&preview["reasons"], &preview["questions"]), (&json!([]), &json!([])));
        let source = &preview["source"][0];
        assert_eq!((&source["file"], &source["before"]), (&json!("schema.rs"), &json!(SCHEMA)));
        assert!(source["after"].as_str().unwrap().contains("pub subtitle: Option<String>"));
        let lines = source["diff"][0]["lines"].as_array().unwrap();
        let added: Vec<&str> = lines
            .iter()
            .filter(|line| line["change"] == "added")
            .map(|line| line["text"].as_str().unwrap())
            .collect();
        assert_eq!(added, ["    pub subtitle: Option<String>,"]);

        // What is lost is counted.
        let preview = site.post(PREVIEW, remove("note")).await.is(200).json();
        assert_eq!(preview["steps"][0]["risk"], "destructive");
        assert_eq!(preview["steps"][0]["hazards"][0]["rows"], 1);
        assert_eq!(preview["reasons"][0]["code"], "needs_consent");
        let preview = site
            .post(PREVIEW, with(remove("note"), "consent", json!(true)))
            .await
            .is(200)
            .json();
        assert_eq!(preview["reasons"], json!([]));

        // What would fail on the rows is found before.
        let preview = site.post(PREVIEW, add("rank", "i32", false)).await.is(200).json();
        assert_ne!(preview["reasons"], json!([]), "{preview}");

        site.post(PREVIEW, remove("nothing")).await.fails(422, "edit_refused");
        assert_eq!(site.files(), files);
        assert_eq!(site.journal().await, journal);
        assert_eq!(site.status().await, "in_sync");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_written_migrated_and_served_at_once() {
    each(async |site| {
        site.write_post("One").await;
        let done = site.post(EDITS, add("subtitle", "string", true)).await.is(200);
        let etag = done.header("etag").unwrap().to_owned();
        let done = done.json();
        assert_eq!((&done["status"], &done["undo"]), (&json!("in_sync"), &json!(1)));
        let files: Vec<&str> = done["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file.as_str().unwrap())
            .collect();
        assert_eq!(files[0], "schema.rs");
        assert!(files[1].starts_with(&format!("migrations/{}/", site.name)), "{files:?}");
        assert_eq!(done["migrations"].as_array().unwrap().len(), 1);
        // Only the line is new: comments and form stay.
        assert_eq!(site.schema().replace("    pub subtitle: Option<String>,\n", ""), SCHEMA);
        assert_eq!(tag(site).await, etag);
        site.post("/api/posts", json!({"title": "Two", "subtitle": "served"})).await.is(201);
        assert_eq!(site.status().await, "in_sync");

        // What changes no table needs no migration.
        let icon = json!({"edits": [{"edit": "set_attribute", "entity": "Post", "attribute": {"kind": "icon", "value": "book"}}]});
        let done = site.post(EDITS, icon).await.is(200).json();
        assert_eq!((&done["migrations"], &done["files"]), (&json!([]), &json!(["schema.rs"])));
        assert!(site.schema().contains("book"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_loses_something_needs_consent_by_name() {
    each(async |site| {
        site.write_post("One").await;
        let files = site.files();
        let reply = site.post(EDITS, remove("note")).await.fails(409, "needs_decision");
        assert_eq!(reply.json()["reasons"][0]["code"], "needs_consent");
        let object = reply.json()["reasons"][0]["object"].as_str().unwrap().to_owned();
        assert_eq!(reply.json()["steps"][0]["hazards"][0]["rows"], 1);
        for consent in [json!(false), json!([]), json!(["posts.other"])] {
            site.post(EDITS, with(remove("note"), "consent", consent))
                .await
                .fails(409, "needs_decision");
        }
        assert_eq!(site.files(), files);
        site.post(EDITS, with(remove("note"), "consent", json!([object]))).await.is(200);
        assert_eq!(site.status().await, "in_sync");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_keeps_the_rows_and_is_taken_back() {
    each(async |site| {
        site.write_post("One").await;
        let rename = json!({"edits": [{"edit": "rename_field", "entity": "Post", "field": "title", "to": "headline"},
            {"edit": "rename_entity", "entity": "Post", "to": "Article"}]});
        let done = site.post(EDITS, rename).await.is(200).json();
        let kinds: Vec<&Json> = done["steps"].as_array().unwrap().iter().map(|step| &step["kind"]).collect();
        assert!(
            kinds.contains(&&json!("column.rename")) && !kinds.contains(&&json!("column.drop")),
            "{kinds:?}"
        );
        assert_eq!(
            site.get("/api/articles?fields=headline").await.is(200).column("headline"),
            [json!("One")]
        );
        let look = site.post(UNDO, json!({"dryRun": true})).await.is(200).json();
        assert_eq!(look["reasons"], json!([]), "{look}");
        assert!(site.schema().contains("headline"));
        let done = site.post(UNDO, json!({})).await.is(200).json();
        assert_eq!(done["undo"], 0);
        assert_eq!(site.schema(), SCHEMA);
        assert_eq!(site.get("/api/posts?fields=title").await.is(200).column("title"), [json!("One")]);
        assert_eq!(site.status().await, "in_sync");
        site.post(UNDO, json!({})).await.fails(409, "not_possible");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_asks_before_it_loses_something() {
    each(async |site| {
        site.post(EDITS, add("subtitle", "string", true)).await.is(200);
        site.post("/api/posts", json!({"title": "Two", "subtitle": "worth keeping"}))
            .await
            .is(201);
        let edited = site.schema();
        let reply = site.post(UNDO, json!({})).await.fails(409, "needs_decision");
        assert_eq!(reply.json()["steps"][0]["kind"], "column.drop");
        assert_eq!(site.schema(), edited);
        // What somebody has changed since is not overwritten.
        std::fs::write(site.root.path().join("schema.rs"), format!("{edited}// mine\n")).unwrap();
        site.post(UNDO, json!({"consent": true})).await.fails(412, "precondition_failed");
        std::fs::write(site.root.path().join("schema.rs"), &edited).unwrap();
        site.post(UNDO, json!({"consent": true})).await.is(200);
        assert_eq!(site.schema(), SCHEMA);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_files_that_have_changed_is_refused() {
    each(async |site| {
        let old = tag(site).await;
        let text = format!("{SCHEMA}// somebody was here\n");
        std::fs::write(site.root.path().join("schema.rs"), &text).unwrap();
        let body = add("subtitle", "string", true);
        site.send(Admin, "POST", EDITS, &[("if-match", &old)], Some(&body))
            .await
            .fails(412, "precondition_failed");
        assert_eq!(site.schema(), text);
        let now = tag(site).await;
        site.send(Admin, "POST", EDITS, &[("if-match", &now)], Some(&body)).await.is(200);
        assert!(site.schema().contains("// somebody was here"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_edits_at_the_same_time_one_is_made() {
    each(async |site| {
        let tag = tag(site).await;
        let header = [("if-match", tag.as_str())];
        let (one, other) = (add("one", "string", true), add("other", "string", true));
        let (first, second) = tokio::join!(
            site.send(Admin, "POST", EDITS, &header, Some(&one)),
            site.send(Admin, "POST", EDITS, &header, Some(&other))
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", first.text, second.text);
        // Without a tag both are, one after the other.
        let (one, other) = (add("third", "string", true), add("fourth", "string", true));
        let (first, second) = tokio::join!(site.post(EDITS, one), site.post(EDITS, other));
        first.is(200);
        second.is(200);
        assert_eq!(site.status().await, "in_sync");
        assert_eq!(site.journal().await.len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_fail_on_the_rows_is_refused_before_anything_is_written() {
    each(async |site| {
        site.write_post("One").await;
        let files = site.files();
        let change = json!({
            "edits": [{"edit": "change_field", "entity": "Post", "field": "note", "to": field("note", "i32", true)}],
            "answers": {"using": {"posts.note": "no_such_function(note)"}}, "consent": true
        });
        let reply = site.post(EDITS, change).await.fails(409, "needs_decision");
        assert!(reply.text.contains("no_such_function"));
        assert_eq!(site.files(), files);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_whose_migration_fails_leaves_files_and_database_as_they_were() {
    each(async |site| {
        site.write_post("One").await;
        let (files, journal) = (site.files(), site.journal().await);
        // The last statement of every migration fails: what came before it has run by then.
        let (block, clear): (&[&str], &str) = match site.name {
            "sqlite" => (
                &["CREATE TRIGGER full BEFORE INSERT ON glaze_migrations BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"],
                "DROP TRIGGER full",
            ),
            _ => (
                &[
                    "CREATE FUNCTION glaze.full() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'the disk is full'; END$$",
                    "CREATE TRIGGER full_disk BEFORE INSERT ON glaze.migrations FOR EACH ROW EXECUTE FUNCTION glaze.full()",
                ],
                "DROP FUNCTION glaze.full() CASCADE",
            ),
        };
        for statement in block {
            site.sql(statement).await;
        }
        for change in [
            add("subtitle", "string", true),
            with(remove("note"), "consent", json!(true)),
            json!({"edits": [{"edit": "rename_entity", "entity": "Post", "to": "Article"}]}),
        ] {
            let reply = site.post(EDITS, change).await;
            assert!(reply.text.contains("the disk is full"), "{}: {}", site.name, reply.text);
            reply.fails(409, "migration_failed");
            assert_eq!(site.files(), files);
            assert_eq!(site.journal().await, journal);
            assert_eq!(site.get("/api/posts?fields=note").await.is(200).column("note"), [json!("kept")]);
        }
        site.sql(clear).await;
        assert_eq!(site.status().await, "in_sync");
        // Nothing stands in the way of the next.
        site.post(EDITS, add("subtitle", "string", true)).await.is(200);
    })
    .await;
}
