//! `glaze dev` at a terminal: what it asks, what it shows before, and what the answers do. Driven through a pseudo terminal.

mod support;

use std::time::Duration;

use expectrl::{Expect, session::OsSession};
use glaze_testkit::Postgres;
use support::{Project, database::Database};

const DOWN: &str = "\u{1b}[B";
const ENTER: &str = "\r";

/// `glaze dev` with somebody at the terminal; ended when dropped.
struct Dev {
    session: OsSession,
}

impl Dev {
    fn start(project: &Project) -> Dev {
        let mut session = OsSession::spawn(project.command(&["dev", "--port", "0"])).expect("glaze starts");
        session.set_expect_timeout(Some(Duration::from_secs(60)));
        session.get_process_mut().set_window_size(160, 50).expect("a size");
        Dev { session }
    }

    fn sees(&mut self, words: &str) {
        self.session
            .expect(words)
            .unwrap_or_else(|error| panic!("`{words}` does not come: {error}"));
    }

    /// Chooses the entry that is so many below the first.
    fn chooses(&mut self, below: usize) {
        // The list stands only after its help.
        self.sees("to choose");
        std::thread::sleep(Duration::from_millis(150));
        self.session.send(DOWN.repeat(below) + ENTER).expect("sent");
    }
}

/// A project with a note, migrated, on one of the databases.
fn project(postgres: bool) -> (Project, Database) {
    let project = Project::new("blank");
    let database = match postgres {
        true => Database::Postgres(Postgres::shared().database()),
        false => Database::Sqlite(project.outside().join("test.db")),
    };
    project.edit("glaze.toml", "sqlite:data/site.db", &database.url());
    project.ok(&["convergence", "sync"]);
    database.sql(
        "INSERT INTO notes (id, title, body, created_at, updated_at) \
         VALUES ('00000000-0000-7000-8000-000000000001', 'one', 'precious', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
    );
    (project, database)
}

fn drifted(postgres: bool) -> (Project, Database) {
    let (project, database) = project(postgres);
    database.sql(if postgres {
        "ALTER TABLE notes ADD COLUMN likes bigint"
    } else {
        "ALTER TABLE notes ADD COLUMN likes INTEGER"
    });
    database.sql("UPDATE notes SET likes = 7");
    (project, database)
}

#[test]
fn drift_is_shown_and_accepted() {
    for postgres in [false, true] {
        let (project, database) = drifted(postgres);
        let mut dev = Dev::start(&project);
        dev.sees("Somebody else has changed the database");
        dev.sees("note.likes");
        dev.chooses(3);
        dev.sees("pub likes: Option<i64>,");
        dev.sees("DROP COLUMN");
        dev.chooses(0);
        dev.sees("taken over from the database");
        dev.sees("Glaze is ready");
        assert!(project.read("schema.rs").contains("pub likes: Option<i64>,"));
        assert_eq!(database.sql("SELECT likes FROM notes"), "7");
    }
}

#[test]
fn drift_is_rejected_with_the_rows_it_costs() {
    for postgres in [false, true] {
        let (project, database) = drifted(postgres);
        let schema = project.read("schema.rs");
        let mut dev = Dev::start(&project);
        dev.sees("(1 row loses something)");
        dev.chooses(1);
        dev.sees("restored in the database");
        dev.sees("Glaze is ready");
        assert_eq!(project.read("schema.rs"), schema);
        assert_eq!(database.sql("SELECT * FROM notes").split('|').count(), 5, "the column is gone");
    }
}

#[test]
fn drift_is_decided_item_by_item_or_skipped() {
    let (project, database) = drifted(false);
    database.sql("ALTER TABLE notes ADD COLUMN mood TEXT");
    let mut dev = Dev::start(&project);
    dev.chooses(2);
    dev.sees("Who is right about note.likes?");
    dev.chooses(0);
    dev.sees("Who is right about note.mood?");
    dev.chooses(1);
    dev.sees("Glaze is ready");
    assert!(project.read("schema.rs").contains("likes") && !project.read("schema.rs").contains("mood"));
    drop(dev);

    database.sql("ALTER TABLE notes ADD COLUMN mood TEXT");
    let mut dev = Dev::start(&project);
    dev.chooses(4);
    dev.sees("Not applied");
    dev.sees("Glaze is ready");
    assert!(!project.read("schema.rs").contains("mood"));
    assert_eq!(database.sql("SELECT count(mood) FROM notes"), "0");
}

#[test]
fn what_loses_rows_is_asked_on_every_save() {
    for postgres in [false, true] {
        let (project, database) = project(postgres);
        let mut dev = Dev::start(&project);
        dev.sees("Glaze is ready");
        project.edit("schema.rs", "    pub body: Option<Text>,\n", "");
        dev.sees("(1 row)");
        dev.chooses(2);
        dev.sees("Not applied");
        assert_eq!(database.sql("SELECT body FROM notes"), "precious");
        project.edit("schema.rs", "max = 200", "max = 201");
        dev.chooses(0);
        dev.sees("Reloaded");
        assert_eq!(database.sql("SELECT * FROM notes").split('|').count(), 4, "consented");
    }
}

#[test]
fn a_likely_rename_is_asked_and_keeps_the_content() {
    let (project, database) = project(false);
    let mut dev = Dev::start(&project);
    dev.sees("Glaze is ready");
    project.edit("schema.rs", "pub body", "pub content");
    dev.sees("Is notes.content the former notes.body?");
    dev.chooses(0);
    dev.sees("Reloaded");
    assert_eq!(database.sql("SELECT content FROM notes"), "precious");
}

#[test]
fn a_value_for_rows_that_have_none_is_asked_for() {
    let (project, database) = project(false);
    let mut dev = Dev::start(&project);
    dev.sees("Glaze is ready");
    project.edit("schema.rs", "pub body", "pub stars: i32,\n    pub body");
    dev.chooses(0);
    dev.sees("as an SQL expression");
    dev.session.send("5\r").expect("sent");
    dev.sees("Reloaded");
    assert_eq!(database.sql("SELECT stars FROM notes"), "5");
}

#[test]
fn a_migrated_rename_says_that_its_word_may_go() {
    let (project, _) = project(false);
    let mut dev = Dev::start(&project);
    dev.sees("Glaze is ready");
    project.edit("schema.rs", "pub body", "#[was(\"body\")]\n    pub content");
    dev.sees("#[was(\"body\")] on Note.content");
    dev.sees("Reloaded");
}
