//! From nothing to a running API, as a person would do it.

mod support;

use std::time::{Duration, Instant};

use support::Project;

#[test]
fn the_shop_is_made_seeded_and_served() {
    let project = Project::new("shop");
    project.ok(&["seed"]);
    let key = project.admin_key();
    let server = project.start("serve");
    let open = server.json("/api/products?limit=3&sort=-price&include=brand,tags&count=exact", None);
    assert_eq!(open["data"].as_array().map(Vec::len), Some(3));
    let all = server.json("/api/products?limit=1&count=exact", Some(&key));
    assert!(
        all["page"]["total"].as_u64() > open["page"]["total"].as_u64(),
        "drafts are for editors"
    );
    assert!(
        open["data"][0].get("purchasePrice").is_none() && all["data"][0].get("purchasePrice").is_none(),
        "private fields never show"
    );
    assert_eq!(
        server.request("GET", "/api/orders", None, None).status,
        403,
        "orders are closed for anonymous"
    );
    let lines = server.json("/api/order-lines/aggregate?count=*&sum=quantity", Some(&key));
    assert!(lines["data"][0]["count"].as_u64() > Some(100), "{lines}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn seeding_twice_adds_nothing() {
    let project = Project::new("blog");
    assert!(project.ok(&["seed"]).contains("Added"));
    assert!(project.ok(&["seed"]).contains("left alone"));
}

#[test]
fn a_saved_schema_is_live_within_a_second_and_a_broken_one_changes_nothing() {
    let project = Project::new("blank");
    let mut server = project.start("dev");
    let key = project.admin_key();
    let created = server.request("POST", "/api/notes", Some(&key), Some(r#"{"title": "one"}"#));
    assert_eq!(created.status, 201, "{}", created.body);

    let saved = Instant::now();
    project.edit(
        "schema.rs",
        "pub body: Option<Text>,",
        "pub body: Option<Text>,\n    pub stars: Option<i16>,",
    );
    let begun = loop {
        let answer = server.json("/api/notes", None);
        if answer["data"][0].get("stars").is_some() {
            break saved.elapsed();
        }
        assert!(
            saved.elapsed() < Duration::from_secs(10),
            "the field never came:\n{}",
            server.said()
        );
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(begun < Duration::from_secs(2), "took {begun:?}");
    assert_eq!(server.json("/api/notes", None)["data"][0]["title"], "one");

    project.edit("schema.rs", "pub stars: Option<i16>,", "#[uniqe]\n    pub stars: Option<i16>,");
    server.wait_for("did you mean `unique`", Duration::from_secs(5));
    assert_eq!(
        server.json("/api/notes", None)["data"][0]["title"],
        "one",
        "the model from before goes on serving"
    );
    assert!(project.fails(1, &["check"]).contains("schema.rs:"));
}

#[test]
fn a_destructive_change_is_not_applied_by_itself() {
    let project = Project::new("blank");
    let mut server = project.start("dev");
    let key = project.admin_key();
    server.request("POST", "/api/notes", Some(&key), Some(r#"{"title": "kept", "body": "precious"}"#));
    project.edit("schema.rs", "    pub body: Option<Text>,\n", "");
    server.wait_for("Not applied", Duration::from_secs(5));
    assert_eq!(server.json("/api/notes", None)["data"][0]["body"], "precious");
}

#[test]
fn a_rename_that_is_said_keeps_the_content() {
    let project = Project::new("blank");
    let mut server = project.start("dev");
    let key = project.admin_key();
    server.request("POST", "/api/notes", Some(&key), Some(r#"{"title": "t", "body": "precious"}"#));
    project.edit(
        "schema.rs",
        "pub body: Option<Text>",
        "#[was(\"body\")]\n    pub content: Option<Text>",
    );
    server.wait_for("Reloaded", Duration::from_secs(5));
    assert_eq!(server.json("/api/notes", None)["data"][0]["content"], "precious");
}

#[test]
fn serve_refuses_pending_migrations_and_apply_mends_it() {
    let project = Project::new("blank");
    project.ok(&["migrate", "generate"]);
    let refusal = project.fails(2, &["serve", "--port", "0"]);
    assert!(refusal.contains("glaze migrate apply"), "{refusal}");
    project.ok(&["migrate", "apply"]);
    let server = project.start("serve");
    assert_eq!(server.json("/api/notes", None)["data"].as_array().map(Vec::len), Some(0));
}

#[test]
fn both_dialects_are_written_when_both_are_listed() {
    let project = Project::new("blank");
    project.edit("glaze.toml", "[server]", "dialects = [\"sqlite\", \"postgres\"]\n\n[server]");
    project.ok(&["migrate", "generate", "first"]);
    for dialect in ["sqlite", "postgres"] {
        assert!(
            project
                .read(&format!("migrations/{dialect}/0001_first.sql"))
                .contains("CREATE TABLE"),
            "{dialect}"
        );
        assert!(
            project.read(&format!("migrations/{dialect}/journal.json")).contains("\"first\""),
            "{dialect}"
        );
    }
}

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let project = Project::new("blank");
    assert!(project.fails(2, &["new", "."]).contains("not empty"));
    assert!(project.fails(2, &["pull", "sqlite:data/x.db"]).contains("--force"));
    assert!(project.fails(2, &["key", "revoke", "nobody"]).contains("glaze key list"));
    assert!(project.fails(1, &["seed"]).contains("seed.json"));
    let elsewhere = Project::empty();
    assert!(elsewhere.fails(1, &["check"]).contains("glaze new"));
    assert!(elsewhere.fails(1, &["pull", "mysql://root@localhost/x"]).contains("postgres://"));
    assert!(elsewhere.fails(1, &["pull", "sqlite:nowhere.db"]).contains("nowhere.db"));
}

#[test]
fn a_revoked_key_ends() {
    let project = Project::new("blank");
    project.ok(&["migrate", "generate"]);
    project.ok(&["migrate", "apply"]);
    let key = project.admin_key();
    let list = project.ok(&["key", "list"]);
    assert!(!list.contains(&key), "the secret is not kept");
    let id = list.split_whitespace().next().expect("an id").to_owned();
    project.ok(&["key", "revoke", &id]);
    let server = project.start("serve");
    assert_eq!(server.request("GET", "/api/notes", Some(&key), None).status, 401);
}
