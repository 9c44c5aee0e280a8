//! `glaze diff` and `glaze apply` between states, for scripts: the JSON, the exit codes, what is refused, and that nothing is lost.

mod support;

use serde_json::{Value as Json, json};
use support::{Project, database::Database, text};

const NOTES: &str = "#[entity(timestamps = false)]\npub struct Note {\n    #[id]\n    pub id: i64,\n    pub title: String,\n    pub body: Option<Text>,\n}\n";

/// Runs `glaze` and gives its exit code and the JSON on standard output.
fn json(project: &Project, arguments: &[&str]) -> (i32, Json) {
    let output = project.run(&[arguments, &["--json"]].concat());
    let said = text(&output.stdout);
    let value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}{}", text(&output.stderr)));
    (output.status.code().expect("a code"), value)
}

fn write(project: &Project, name: &str, text: &str) -> String {
    let file = project.outside().join(name);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(&file, text).expect("writes");
    file.display().to_string()
}

/// A database with the notes, and rows in it.
fn seeded(project: &Project, database: &Database) -> String {
    let url = database.url();
    let notes = write(project, "a.rs", NOTES);
    let (code, report) = json(project, &["apply", "--from", &url, "--to", &notes]);
    assert_eq!((code, &report["applied"]), (0, &json!(true)), "{report:#}");
    assert_eq!(report["status"], "in_sync");
    database.sql("INSERT INTO notes (id, title, body) VALUES (1, 'one', 'precious'), (2, 'two', NULL)");
    url
}

#[test]
fn looking_makes_no_file_and_a_missing_file_is_an_empty_database() {
    let project = Project::empty();
    let notes = write(&project, "a.rs", NOTES);
    let file = project.outside().join("nowhere/x.db");
    let url = format!("sqlite:{}", file.display());
    let (code, report) = json(&project, &["diff", "--from", &url, "--to", &notes]);
    assert_eq!((code, &report["status"]), (2, &json!("pending")));
    assert_eq!(report["steps"][0]["kind"], "table.create");
    assert!(!file.exists() && !file.parent().expect("a parent").exists());
    let plain = file.display().to_string();
    let (code, _) = json(&project, &["apply", "--from", &plain, "--to", &notes]);
    assert_eq!(code, 0);
    assert!(file.exists(), "apply makes it");
    assert_eq!(json(&project, &["diff", "--from", &plain, "--to", &notes]).0, 0);
}

#[test]
fn the_report_has_every_part_of_the_contract() {
    let project = Project::empty();
    for database in Database::both(&project) {
        let url = seeded(&project, &database);
        let wider = NOTES.replace("pub body", "pub stars: Option<i32>,\n    pub body");
        let to = write(&project, "b.rs", &wider);
        let (code, report) = json(&project, &["diff", "--from", &url, "--to", &to]);
        assert_eq!(code, 2);
        for part in ["status", "steps", "questions", "refusals", "unmodelled"] {
            assert!(report.get(part).is_some(), "{part}: {report:#}");
        }
        let step = &report["steps"][0];
        assert_eq!((&step["kind"], &step["risk"]), (&json!("column.add"), &json!("safe")));
        assert_eq!(step["object"], database.object("notes.stars"));
        assert!(step["sql"][0].as_str().is_some_and(|sql| sql.contains("ADD COLUMN")), "{report:#}");
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &to]);
        assert_eq!((code, &done["applied"], &done["refused"]), (0, &json!(true), &json!([])));
        assert_eq!(done["proof"]["atomic"], true, "{done:#}");
        assert_eq!(json(&project, &["diff", "--from", &url, "--to", &to]).0, 0);
        assert_eq!(database.sql("SELECT id, title FROM notes ORDER BY id"), "1|one\n2|two");
    }
}

#[test]
fn rows_are_dropped_with_consent_only_and_it_is_given_in_three_ways() {
    let smaller = NOTES.replace("    pub body: Option<Text>,\n", "");
    for consent in ["all", "name", "answer"] {
        let project = Project::empty();
        for database in Database::both(&project) {
            let url = seeded(&project, &database);
            let to = write(&project, "b.rs", &smaller);
            let (code, refused) = json(&project, &["apply", "--from", &url, "--to", &to]);
            assert_eq!((code, &refused["applied"]), (2, &json!(false)), "{refused:#}");
            assert_eq!(refused["refused"][0]["code"], "needs_consent");
            assert_eq!(refused["refused"][0]["object"], database.object("notes.body"));
            assert!(refused["refused"][0]["message"].as_str().is_some_and(|why| why.contains("1 row")));
            assert_eq!(database.sql("SELECT body FROM notes WHERE id = 1"), "precious");
            let other = json(&project, &["apply", "--from", &url, "--to", &to, "--yes", "notes.title"]);
            assert_eq!(other.0, 2, "consent to something else is none to this");
            let answers = write(
                &project,
                "answers.json",
                &json!({"renames": {database.object("notes.body"): null}}).to_string(),
            );
            let given: &[&str] = match consent {
                "all" => &["--yes"],
                "name" => &["--yes", "notes.body"],
                _ => &["--answers", &answers],
            };
            let (code, done) = json(&project, &[&["apply", "--from", &url, "--to", &to], given].concat());
            assert_eq!((code, &done["applied"]), (0, &json!(true)), "{consent}: {done:#}");
            assert_eq!(database.sql("SELECT count(*) FROM notes"), "2");
        }
    }
}

#[test]
fn what_holds_nothing_needs_no_consent() {
    let project = Project::empty();
    for database in Database::both(&project) {
        let url = seeded(&project, &database);
        database.sql("UPDATE notes SET body = NULL");
        let to = write(&project, "b.rs", &NOTES.replace("    pub body: Option<Text>,\n", ""));
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &to]);
        assert_eq!((code, &done["applied"]), (0, &json!(true)), "{done:#}");
        assert_eq!(database.sql("SELECT count(*) FROM notes"), "2");
    }
}

#[test]
fn a_likely_rename_is_a_question_until_it_is_answered() {
    let project = Project::empty();
    for database in Database::both(&project) {
        let url = seeded(&project, &database);
        let to = write(&project, "b.rs", &NOTES.replace("pub body", "pub content"));
        let (old, new) = (database.object("notes.body"), database.object("notes.content"));
        let (code, refused) = json(&project, &["apply", "--from", &url, "--to", &to, "--yes"]);
        assert_eq!(code, 2, "consent is no answer");
        assert_eq!(refused["questions"], json!([{"kind": "rename", "from": old, "to": new}]));
        assert_eq!(refused["refused"][0]["code"], "needs_answer");
        let answers = write(&project, "answers.json", &json!({"renames": {old: new}}).to_string());
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &to, "--answers", &answers]);
        assert_eq!(code, 0, "{done:#}");
        assert_eq!(database.sql("SELECT content FROM notes WHERE id = 1"), "precious");
    }
}

#[test]
fn what_would_fail_on_the_rows_is_refused_before_anything_runs() {
    let project = Project::empty();
    for database in Database::both(&project) {
        let url = seeded(&project, &database);
        let to = write(&project, "b.rs", &NOTES.replace("Option<Text>", "Text"));
        let (code, refused) = json(&project, &["apply", "--from", &url, "--to", &to, "--yes"]);
        assert_eq!((code, &refused["applied"]), (2, &json!(false)));
        assert_eq!(refused["refused"][0]["code"], "not_null_over_nulls", "{refused:#}");
        let answers = write(
            &project,
            "answers.json",
            &json!({"backfill": {database.object("notes.body"): "'none'"}}).to_string(),
        );
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &to, "--answers", &answers]);
        assert_eq!(code, 0, "{done:#}");
        assert_eq!(database.sql("SELECT body FROM notes ORDER BY id"), "precious\nnone");
    }
}

#[test]
fn one_database_is_brought_to_another() {
    let project = Project::empty();
    let server = glaze_testkit::Postgres::shared();
    let postgres = [server.database(), server.database()].map(Database::Postgres);
    let sqlite = ["one.db", "two.db"].map(|name| Database::Sqlite(project.outside().join(name)));
    for [one, two] in [postgres, sqlite] {
        one.sql("CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL)");
        one.sql("INSERT INTO posts VALUES (1, 'kept')");
        two.sql("CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL, views integer NOT NULL DEFAULT 0)");
        two.sql("CREATE INDEX posts_title ON posts (title)");
        two.sql("CREATE VIEW recent AS SELECT id, title FROM posts WHERE views > 0");
        let (from, to) = (one.url(), two.url());
        let (code, report) = json(&project, &["diff", "--from", &from, "--to", &to]);
        assert_eq!(code, 2, "{report:#}");
        let (code, done) = json(&project, &["apply", "--from", &from, "--to", &to]);
        assert_eq!((code, &done["applied"]), (0, &json!(true)), "{done:#}");
        assert_eq!(json(&project, &["diff", "--from", &from, "--to", &to]).1["status"], "in_sync");
        assert_eq!(one.sql("SELECT id, title, views FROM posts"), "1|kept|0");
        assert_eq!(one.sql("SELECT count(*) FROM recent"), "0", "the view came too");
    }
}

#[test]
fn migrations_are_a_state() {
    let project = Project::new("blank");
    project.edit("glaze.toml", "[server]", "dialects = [\"sqlite\", \"postgres\"]\n\n[server]");
    project.ok(&["migrate", "generate"]);
    for database in Database::both(&project) {
        let url = database.url();
        let folder = project.root().join("migrations").display().to_string();
        let one = project.root().join("migrations").join(database.dialect()).display().to_string();
        assert_eq!(json(&project, &["diff", "--from", &url, "--to", &folder]).0, 2);
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &folder]);
        assert_eq!(code, 0, "{done:#}");
        assert_eq!(json(&project, &["diff", "--from", &url, "--to", &one]).0, 0);
        assert_eq!(json(&project, &["diff", "--from", &url, "--to", "schema.rs"]).0, 0);
        let schema = project.root().join("schema.rs").display().to_string();
        assert_eq!(
            json(
                &project,
                &["diff", "--from", &folder, "--to", &schema, "--dialect", database.dialect()]
            )
            .0,
            0
        );
    }
}

#[test]
fn two_schema_files_are_compared_in_the_dialect_asked_for() {
    let project = Project::empty();
    let (a, b) = (
        write(&project, "a.rs", NOTES),
        write(&project, "b.rs", &NOTES.replace("Option<Text>", "Option<bool>")),
    );
    let sql = |dialect: &str| {
        let (code, report) = json(&project, &["diff", "--from", &a, "--to", &b, "--dialect", dialect]);
        assert_eq!(code, 2);
        report.to_string()
    };
    assert!(sql("postgres").contains("public.notes"));
    assert!(!sql("sqlite").contains("public.notes"));
    let (code, error) = json(&project, &["diff", "--from", &a, "--to", &b, "--dialect", "oracle"]);
    assert_eq!(code, 1);
    assert!(
        error["error"]["message"]
            .as_str()
            .is_some_and(|why| why.contains("sqlite, postgres")),
        "{error}"
    );
    let (code, error) = json(&project, &["apply", "--from", &a, "--to", &b]);
    assert_eq!(
        (code, &error["error"]["code"]),
        (1, &json!("config")),
        "only a database can be changed"
    );
}

#[test]
fn schemas_are_asked_for_or_named_by_the_model() {
    let project = Project::empty();
    let database = Database::Postgres(glaze_testkit::Postgres::shared().database());
    let url = database.url();
    let model = NOTES.replace("pub struct", "#[db(schema = \"app\")]\npub struct");
    let to = write(&project, "a.rs", &model);
    assert_eq!(json(&project, &["apply", "--from", &url, "--to", &to]).0, 0);
    assert_eq!(
        json(&project, &["diff", "--from", &url, "--to", &to]).0,
        0,
        "the model's own schema is looked at"
    );
    database.sql("CREATE SCHEMA other; CREATE TABLE other.things (id integer PRIMARY KEY)");
    assert_eq!(
        json(&project, &["diff", "--from", &url, "--to", &to]).0,
        0,
        "nobody asked about the other"
    );
    let (code, report) = json(
        &project,
        &["diff", "--from", &url, "--to", &to, "--schema", "app", "--schema", "other"],
    );
    assert_eq!((code, &report["steps"][0]["object"]), (2, &json!("other.things")), "{report:#}");
}

#[test]
fn glaze_toml_beside_the_schema_says_what_is_ours() {
    let project = Project::empty();
    for database in Database::both(&project) {
        database.sql("CREATE TABLE alembic_version (version_num text)");
        database.sql("INSERT INTO alembic_version VALUES ('1')");
        let url = database.url();
        let folder = database.dialect();
        let to = write(&project, &format!("{folder}/schema.rs"), NOTES);
        write(&project, &format!("{folder}/glaze.toml"), "[database]\nignore = [\"alembic_*\"]\n");
        let (code, done) = json(&project, &["apply", "--from", &url, "--to", &to]);
        assert_eq!(code, 0, "{done:#}");
        assert!(!done.to_string().contains("alembic"), "{done:#}");
        assert_eq!(database.sql("SELECT count(*) FROM alembic_version"), "1");
    }
}

#[test]
fn errors_are_json_too_and_never_exit_as_a_difference() {
    let project = Project::empty();
    let notes = write(&project, "a.rs", NOTES);
    let broken = write(&project, "broken.rs", "#[entity]\npub struct A { pub b: Nothing }\n");
    let cases: [(&[&str], &str); 5] = [
        (&["diff", "--from", "nowhere", "--to", &notes], "config"),
        (&["diff", "--from", "sqlite:x.db", "--to", &broken], "schema"),
        (
            &["diff", "--from", "postgres://nobody@127.0.0.1:1/none", "--to", &notes],
            "database_unavailable",
        ),
        (
            &["apply", "--from", "sqlite:x.db", "--to", &notes, "--answers", "none.json"],
            "input",
        ),
        (&["diff", "--form", "x"], "usage"),
    ];
    for (arguments, expected) in cases {
        let (code, error) = json(&project, arguments);
        assert_eq!(code, 1, "{arguments:?}");
        assert_eq!(error["error"]["code"], expected, "{error:#}");
        assert!(error["error"]["message"].as_str().is_some_and(|why| !why.is_empty()));
    }
    let secret = project.run(&["diff", "--from", "mysql://root:secret@h/d", "--to", &notes]);
    assert!(!text(&secret.stderr).contains("secret"));
}
