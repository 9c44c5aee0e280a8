//! Whatever a schema says about a column, in its own words or in SQL, SQLite says the same back: written, applied, read, compared,
//! nothing differs; and what is pulled from it asks for nothing else either.
#![allow(clippy::unwrap_used)]

mod cases;

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::{Diff, diff},
    hints::{Answers, Hints},
    plan::plan,
    port::{Database, Scope},
    pull::pull,
};
use glaze_model::Model;
use glaze_source::SourceFile;
use glaze_sqlite::{SqliteCatalog, SqliteDatabase};

fn model(text: String) -> Model {
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text,
    }];
    let reading = glaze_source::read(&files);
    let wrong = || glaze_source::render(&reading.diagnostics, &files, false);
    reading.model.clone().unwrap_or_else(|| panic!("{}", wrong()))
}

async fn steps(database: &SqliteDatabase, there: &Catalog, model: &Model, ask: bool) -> Diff {
    let mut wanted = desired(model, &SqliteCatalog).unwrap();
    if ask {
        wanted.catalog = database.canonicalise(&wanted.catalog, there).await.unwrap();
    }
    diff(there, wanted, None, Hints::default(), &Answers::default(), &SqliteCatalog)
}

fn words(diff: &Diff) -> Vec<String> {
    diff.steps.iter().map(|step| format!("{step:?}")).collect()
}

#[tokio::test]
async fn what_is_written_is_what_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let database = SqliteDatabase::open(folder.path().join("test.db")).unwrap();
    let model = model(cases::schema());
    let empty = database.introspect(&Scope::default()).await.unwrap();
    let first = steps(&database, &empty, &model, true).await;
    let statements = plan(first, &Answers::default(), &SqliteCatalog).statements(&SqliteCatalog);
    database.execute(&statements).await.unwrap();

    let there = database.introspect(&Scope::default()).await.unwrap();
    for ask in [false, true] {
        let second = words(&steps(&database, &there, &model, ask).await);
        assert!(second.is_empty(), "{} differences:\n{}", second.len(), second.join("\n"));
    }
    let pulled = pull(&there, &SqliteCatalog);
    let third = words(&steps(&database, &there, &pulled.model, false).await);
    assert!(third.is_empty(), "{} differences after pull:\n{}", third.len(), third.join("\n"));
}

/// What others wrote, in their own spelling: pulled, it asks for nothing.
#[tokio::test]
async fn what_others_wrote_is_no_difference_after_a_pull() {
    let folder = tempfile::tempdir().unwrap();
    let database = SqliteDatabase::open(folder.path().join("test.db")).unwrap();
    let statements: Vec<String> = cases::FOREIGN.iter().map(|sql| (*sql).to_owned()).collect();
    database.execute(&statements).await.unwrap();
    let there = database.introspect(&Scope::default()).await.unwrap();
    let pulled = pull(&there, &SqliteCatalog);
    for ask in [false, true] {
        let left = words(&steps(&database, &there, &pulled.model, ask).await);
        assert!(left.is_empty(), "{} differences:\n{}", left.len(), left.join("\n"));
    }
}

#[test]
fn there_are_enough_cases() {
    assert!(cases::count() + cases::FOREIGN.len() >= 150, "{}", cases::count());
}
