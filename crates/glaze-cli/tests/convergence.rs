//! `glaze convergence`: code, migrations and database three-way, through the binary, on both databases.

mod support;

use serde_json::{Value as Json, json};
use support::{Project, database::Database, text};

fn json(project: &Project, arguments: &[&str]) -> (i32, Json) {
    let output = project.run(&[arguments, &["--json"]].concat());
    let said = text(&output.stdout);
    let value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}{}", text(&output.stderr)));
    (output.status.code().expect("a code"), value)
}

/// A project with notes on a database, migrated, with a row.
fn migrated(of: impl Fn(&Project) -> Database) -> (Project, Database) {
    let project = Project::new("blank");
    let database = of(&project);
    project.edit("glaze.toml", "sqlite:data/site.db", &database.url());
    let (code, report) = json(&project, &["convergence", "sync"]);
    assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
    database.sql("INSERT INTO notes (id, title, body, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000001', 'one', 'precious', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')");
    (project, database)
}

fn on_both(check: impl Fn(Project, Database)) {
    for at in [0, 1] {
        let (project, database) = migrated(|project| {
            let [sqlite, postgres] = Database::both(project);
            if at == 0 { sqlite } else { postgres }
        });
        check(project, database);
    }
}

/// What somebody does to the database without asking.
fn add_likes(database: &Database) {
    database.sql(match database {
        Database::Sqlite(_) => "ALTER TABLE notes ADD COLUMN likes INTEGER",
        Database::Postgres(_) => "ALTER TABLE notes ADD COLUMN likes bigint",
    });
}

/// `key: state` of every item.
fn items(report: &Json) -> Vec<String> {
    let items = report["items"].as_array().expect("items");
    let mut out: Vec<String> = items
        .iter()
        .map(|item| {
            format!(
                "{}: {}",
                item["key"].as_str().unwrap_or_default(),
                item["state"].as_str().unwrap_or_default()
            )
        })
        .collect();
    out.sort();
    out
}

#[test]
fn all_four_states_are_told_apart_item_by_item() {
    on_both(|project, database| {
        assert_eq!(json(&project, &["convergence", "status"]).0, 0);
        project.edit("schema.rs", "pub body", "pub stars: Option<i32>,\n    pub body");
        let (code, report) = json(&project, &["convergence", "status"]);
        assert_eq!((code, &report["status"]), (2, &json!("pending")));
        assert_eq!(items(&report), ["note.stars: pending"]);
        assert_eq!(report["items"][0]["database"], Json::Null);
        assert!(report["items"][0]["code"].as_str().is_some(), "{report:#}");

        add_likes(&database);
        let (_, report) = json(&project, &["convergence:check"]);
        assert_eq!(report["status"], "conflict");
        assert_eq!(items(&report), ["note.likes: drift", "note.stars: pending"]);

        project.edit("schema.rs", "pub stars: Option<i32>,\n    pub body", "pub body");
        let (_, report) = json(&project, &["convergence", "status"]);
        assert_eq!(report["status"], "drift");
        assert_eq!(items(&report), ["note.likes: drift"]);
        assert_eq!(report["items"][0]["code"], Json::Null);
    });
}

#[test]
fn accepting_the_database_edits_the_schema_and_nothing_else() {
    on_both(|project, database| {
        add_likes(&database);
        let before = project.read("schema.rs");
        let (code, report) = json(&project, &["convergence", "sync"]);
        assert_eq!(
            (code, &report["refused"][0]["code"]),
            (2, &json!("drift")),
            "nobody said who is right"
        );
        assert_eq!(project.read("schema.rs"), before);

        let (code, report) = json(&project, &["convergence:sync", "--accept-database"]);
        assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
        assert_eq!(report["accepted"]["accepted"], json!(["note.likes"]));
        let after = project.read("schema.rs");
        assert_eq!(
            after.replace("    pub likes: Option<i64>,\n", ""),
            before,
            "one line came:\n{after}"
        );
        let (_, status) = json(&project, &["migrate", "status"]);
        let last = status["migrations"].as_array().and_then(|all| all.last()).expect("a migration");
        assert_eq!(last["applied"], true, "it counts as applied here: {status:#}");
        assert_eq!(database.sql("SELECT body FROM notes"), "precious");
    });
}

#[test]
fn what_was_accepted_is_a_migration_for_other_databases() {
    on_both(|project, database| {
        add_likes(&database);
        project.ok(&["convergence", "sync", "--accept-database"]);
        let other = match database {
            Database::Sqlite(_) => Database::Sqlite(project.outside().join("other.db")),
            Database::Postgres(_) => Database::Postgres(glaze_testkit::Postgres::shared().database()),
        };
        project.edit("glaze.toml", &database.url(), &other.url());
        project.ok(&["migrate", "apply"]);
        assert_eq!(other.sql("SELECT count(likes) FROM notes"), "0");
        assert_eq!(json(&project, &["convergence", "status"]).0, 0);
    });
}

#[test]
fn a_selection_is_accepted_and_the_rest_is_left() {
    on_both(|project, database| {
        add_likes(&database);
        database.sql("ALTER TABLE notes ADD COLUMN mood text");
        let (code, report) = json(&project, &["convergence", "sync", "--accept-database", "--only", "note.likes"]);
        assert_eq!(code, 2, "something is left");
        assert_eq!(items(&report), ["note.mood: drift"], "{report:#}");
        assert!(project.read("schema.rs").contains("likes") && !project.read("schema.rs").contains("mood"));
        let refusal = project.fails(2, &["convergence", "sync", "--accept-database", "--only", "note.nothing"]);
        assert!(refusal.contains("note.nothing"), "{refusal}");
        assert!(
            project
                .fails(1, &["convergence", "sync", "--only", "note.mood"])
                .contains("--accept-code")
        );
    });
}

#[test]
fn rejecting_restores_the_database_and_asks_before_rows_are_lost() {
    on_both(|project, database| {
        add_likes(&database);
        database.sql("UPDATE notes SET likes = 7");
        let (_, shown) = json(&project, &["convergence", "diff"]);
        assert_eq!(shown["rejecting"]["steps"][0]["hazards"][0]["rows"], 1, "{shown:#}");
        let (code, report) = json(&project, &["convergence", "sync", "--accept-code"]);
        assert_eq!((code, &report["refused"][0]["code"]), (2, &json!("needs_consent")), "{report:#}");
        assert_eq!(database.sql("SELECT likes FROM notes"), "7");
        let (code, report) = json(&project, &["convergence", "sync", "--accept-code", "--yes", "notes.likes"]);
        assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
        assert_eq!(database.sql("SELECT body FROM notes"), "precious");
    });
}

#[test]
fn pending_changes_that_lose_rows_need_consent_too() {
    on_both(|project, database| {
        project.edit("schema.rs", "    pub body: Option<Text>,\n", "");
        let (code, report) = json(&project, &["convergence", "sync"]);
        assert_eq!((code, &report["refused"][0]["object"]), (2, &json!(database.object("notes.body"))));
        assert_eq!(database.sql("SELECT body FROM notes"), "precious");
        let (code, report) = json(&project, &["convergence", "sync", "--yes"]);
        assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
        assert_eq!(database.sql("SELECT title FROM notes"), "one");
    });
}

#[test]
fn the_difference_is_shown_as_source_and_as_sql() {
    on_both(|project, database| {
        project.edit("schema.rs", "pub body", "pub stars: Option<i32>,\n    pub body");
        let said = text(&project.run(&["convergence", "diff"]).stdout);
        assert!(
            said.contains("+     pub stars: Option<i32>,") && said.contains("ADD COLUMN"),
            "{said}"
        );
        assert!(!said.contains("pub id:"), "what is there by itself is not shown: {said}");
        add_likes(&database);
        let said = text(&project.run(&["convergence:diff"]).stdout);
        assert!(
            said.contains("+     pub likes: Option<i64>,") && said.contains("DROP COLUMN"),
            "{said}"
        );
    });
}

#[test]
fn code_and_database_are_resolved_item_by_item() {
    on_both(|project, database| {
        project.edit("schema.rs", "pub body", "pub stars: Option<i32>,\n    pub body");
        add_likes(&database);
        let (code, report) = json(&project, &["convergence", "sync", "--accept-database"]);
        assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
        assert_eq!(database.sql("SELECT count(likes) + count(stars) FROM notes"), "0", "both are there");
        assert!(project.read("schema.rs").contains("likes") && project.read("schema.rs").contains("stars"));
    });
}

#[test]
fn the_same_change_on_both_sides_needs_only_be_recorded() {
    on_both(|project, database| {
        project.edit("schema.rs", "pub body", "pub likes: Option<i64>,\n    pub body");
        add_likes(&database);
        let (_, report) = json(&project, &["convergence", "status"]);
        assert_eq!(items(&report), ["note.likes: agreed"], "{report:#}");
        let schema = project.read("schema.rs");
        let (code, report) = json(&project, &["convergence", "sync", "--accept-database"]);
        assert_eq!((code, &report["status"]), (0, &json!("in_sync")), "{report:#}");
        assert_eq!(project.read("schema.rs"), schema);
    });
}

#[test]
fn looking_at_a_project_without_a_database_makes_none() {
    let project = Project::new("blank");
    assert_eq!(json(&project, &["convergence", "status"]).1["status"], "pending");
    assert_eq!(json(&project, &["diff"]).0, 2);
    project.run(&["migrate", "status"]);
    assert!(!project.root().join("data").exists());
}

#[test]
fn the_history_is_rehearsed_linted_and_repaired() {
    on_both(|project, database| {
        project.edit("schema.rs", "    pub body: Option<Text>,\n", "");
        let (code, rehearsal) = json(&project, &["migrate", "test"]);
        assert_eq!(code, 0, "{rehearsal:#}");
        assert_eq!(rehearsal["history"][0]["name"], "0001_init");
        assert!(
            rehearsal["plan"]["proof"].is_object(),
            "the plan that is not written yet: {rehearsal:#}"
        );
        assert_eq!(database.sql("SELECT body FROM notes"), "precious", "only copies were touched");

        assert_eq!(json(&project, &["migrate", "repair"]).0, 0);
        let file = format!("migrations/{}/0001_init.sql", database.dialect());
        let sql = project.read(&file);
        project.write(&file, &format!("{sql}\nDELETE FROM notes;\n"));
        let (code, findings) = json(&project, &["migrate", "lint"]);
        assert_eq!(
            (code, &findings[0]["findings"][0]["code"]),
            (2, &json!("missing_where")),
            "{findings:#}"
        );
        let (code, report) = json(&project, &["migrate", "repair", "--dry-run"]);
        assert_eq!((code, &report["problems"][0]["code"]), (2, &json!("edited")), "{report:#}");
        assert_eq!(json(&project, &["convergence", "status"]).1["status"], "history");
        let (code, report) = json(&project, &["migrate", "repair", "--choose", "restore_file"]);
        assert_eq!(code, 0, "{report:#}");
        assert_eq!(project.read(&file), sql);
    });
}
