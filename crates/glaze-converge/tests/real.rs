//! Schemas in the style of real products, written for these tests (`tests/real/<name>.<dialect>.sql`), and one of each database's
//! oddities. For each of them: pull → the text of the model reads → nothing differs → made elsewhere from the model, the same is
//! there as far as a model can say it → nothing has changed in the database that was pulled.
#![allow(clippy::unwrap_used)]

#[path = "real/essence.rs"]
mod essence;
mod support;

use glaze_converge::{
    catalog::Catalog,
    desired::{Desired, desired},
    diff::diff,
    hints::{Answers, hints},
    plan::plan,
    port::Scope,
    pull::{Pulled, pull_beside},
};
use glaze_model::Model;
use support::{Place, block_on, empty, model};

/// What stands above this line in a file cannot be said in a model: it is made by hand in the other database too.
const PRELUDE: &str = "-- prelude ends";

/// A database with the statements of one file.
async fn loaded(dialect: &str, sql: &str) -> Place {
    let place = empty(dialect).await;
    run(&place, sql);
    place
}

/// As a person would: through the database's own client.
fn run(place: &Place, sql: &str) {
    match place.dialect.name() {
        "sqlite" => glaze_testkit::samples::sqlite_run(std::path::Path::new(&place.address), sql),
        _ => {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), sql).unwrap();
            glaze_testkit::Postgres::shared().load(&place.address, file.path());
        }
    }
}

/// What a file says that it is about: `-- schemas: public, sales`.
fn scope(sql: &str) -> Scope {
    let schemas = sql.lines().find_map(|line| line.strip_prefix("-- schemas: "));
    Scope {
        schemas: schemas.map_or(Vec::new(), |names| names.split(", ").map(str::to_owned).collect()),
        ..Scope::default()
    }
}

async fn seen(place: &Place, scope: &Scope) -> Catalog {
    let mut catalog = place.database.introspect(scope).await.unwrap();
    place.dialect.normalise(&mut catalog);
    catalog
}

async fn steps(place: &Place, scope: &Scope, wanted: &Model) -> Vec<String> {
    let current = seen(place, scope).await;
    let mut asked: Desired = desired(wanted, &*place.dialect).unwrap();
    asked.catalog = place.database.canonicalise(&asked.catalog, &current).await.unwrap();
    let known = hints(wanted, None, &current, &*place.dialect);
    let found = diff(&current, asked, None, known, &Answers::default(), &*place.dialect);
    let steps = found.steps.iter().map(|step| format!("{} {} {step:?}", step.kind(), step.object()));
    let questions = found.questions.iter().map(|question| format!("{question:?}"));
    steps.chain(questions).collect()
}

fn none(name: &str, steps: &[String]) {
    assert!(steps.is_empty(), "{name}: {} differences\n{}", steps.len(), steps.join("\n"));
}

/// The laws, for one file.
async fn holds(name: &str, dialect: &str, sql: &str) -> (Catalog, Pulled) {
    let place = loaded(dialect, sql).await;
    let scope = scope(sql);
    let before = seen(&place, &scope).await;
    let pulled = pull_beside(&before, &*place.dialect, &glaze_source::builtin_model());
    let text = glaze_source::print(&pulled.model);
    let read = model(&text);
    none(name, &steps(&place, &scope, &pulled.model).await);
    none(name, &steps(&place, &scope, &read).await);
    assert_eq!(seen(&place, &scope).await, before, "{name}: pull has changed the database");
    elsewhere(name, dialect, sql, &before, &read).await;
    (before, pulled)
}

/// The model makes in an empty database what was pulled.
async fn elsewhere(name: &str, dialect: &str, sql: &str, before: &Catalog, wanted: &Model) {
    let there = empty(dialect).await;
    if let Some((prelude, _)) = sql.split_once(PRELUDE) {
        run(&there, prelude);
    }
    let scope = scope(sql);
    let current = seen(&there, &scope).await;
    let mut asked = desired(wanted, &*there.dialect).unwrap();
    asked.catalog = there.database.canonicalise(&asked.catalog, &current).await.unwrap();
    let joins = asked.joins.clone();
    let found = diff(
        &current,
        asked,
        None,
        hints(wanted, None, &current, &*there.dialect),
        &Answers::default(),
        &*there.dialect,
    );
    let statements = plan(found, &Answers::default(), &*there.dialect).statements(&*there.dialect);
    let made = there.database.execute(&statements).await;
    made.unwrap_or_else(|error| panic!("{name} elsewhere: {error}"));
    none(&format!("{name} elsewhere"), &steps(&there, &scope, wanted).await);
    essence::same(name, before, &seen(&there, &scope).await, &joins);
}

/// Every file of a dialect.
fn files(dialect: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let ending = format!(".{dialect}.sql");
    let only = std::env::var("GLAZE_ONLY").ok();
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().strip_suffix(&ending)?.to_owned();
            let wanted = only.as_ref().is_none_or(|only| *only == name);
            wanted.then(|| (name, std::fs::read_to_string(entry.path()).unwrap()))
        })
        .collect();
    found.sort();
    found
}

/// All of a dialect, so that one failure does not hide the others.
fn all(dialect: &'static str) {
    let mut failed = Vec::new();
    for (name, sql) in files(dialect) {
        let one = std::panic::catch_unwind(|| block_on(holds(&name, dialect, &sql)));
        failed.extend(one.is_err().then_some(name));
    }
    assert!(failed.is_empty(), "{dialect}: {failed:?}");
}

#[test]
fn what_is_pulled_from_postgres_is_what_is_there() {
    all("postgres");
}

#[test]
fn what_is_pulled_from_sqlite_is_what_is_there() {
    all("sqlite");
}
