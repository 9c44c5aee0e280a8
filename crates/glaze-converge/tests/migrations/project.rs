//! A project with a migrations folder and a database.

use std::path::Path;

use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, Applied, ApplyError, ApplyOptions, Folder, GenerateError, Site};
use glaze_converge::port::{Patience, Scope};
use glaze_converge::states::{self, DiffReport};
use glaze_model::Model;

use crate::support::{Place, empty, model};

pub const NOW: &str = "2026-11-21T07:00:00Z";
pub const FIRST: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: String, pub owner: Option<Ref<User>> }";
pub const SECOND: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: String, pub owner: Option<Ref<User>>, pub excerpt: Option<Text> }";
pub const RENAMED: &str = "use glaze::schema::*;
#[entity]
pub struct Post { #[was(\"title\")] pub headline: String, pub owner: Option<Ref<User>>, pub excerpt: Option<Text> }";

pub fn options() -> ApplyOptions {
    ApplyOptions {
        by: "test".to_owned(),
        now: NOW.to_owned(),
        patience: Patience {
            migrator: std::time::Duration::from_millis(600),
            statement: std::time::Duration::from_millis(300),
            tries: 2,
        },
        ..ApplyOptions::default()
    }
}

pub async fn generate(root: &Path, place: &Place, text: &str) -> Result<Option<String>, GenerateError> {
    let mut folder = Folder::open(root, place.dialect.name()).unwrap();
    let mut model = model(text);
    let generated = migrations::generate(&mut folder, &mut model, &*place.dialect, &Answers::default(), None, NOW).await?;
    Ok(generated.map(|generated| generated.name))
}

pub async fn apply(root: &Path, place: &Place) -> Result<Applied, ApplyError> {
    apply_with(root, place, &options()).await
}

pub async fn apply_with(root: &Path, place: &Place, options: &ApplyOptions) -> Result<Applied, ApplyError> {
    let folder = Folder::open(root, place.dialect.name()).unwrap();
    migrations::apply(&folder, &*place.database, &*place.dialect, &glaze_source::builtin_model(), options).await
}

pub async fn report(root: &Path, place: &Place, code: &Model) -> DiffReport {
    let folder = Folder::open(root, place.dialect.name()).unwrap();
    let snapshot = folder.latest().unwrap();
    let history = migrations::history_of(&folder, &*place.database, &*place.dialect, &Scope::default())
        .await
        .unwrap();
    let (scope, answers, pending) = (Scope::default(), Answers::default(), !history.pending.is_empty());
    let compared = states::compare(
        code,
        snapshot.as_ref(),
        &*place.database,
        &*place.dialect,
        &scope,
        &answers,
        history.problems,
        pending,
    );
    compared.await.unwrap().report
}

/// A project whose database has been through these schemas.
pub async fn grown(dialect: &str, texts: &[&str]) -> (Place, tempfile::TempDir) {
    let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
    for text in texts {
        generate(root.path(), &place, text).await.unwrap();
        apply(root.path(), &place).await.unwrap();
    }
    (place, root)
}

/// The SQL file of the nth migration, from 0.
pub fn file(root: &Path, place: &Place, at: usize) -> std::path::PathBuf {
    let folder = Folder::open(root, place.dialect.name()).unwrap();
    folder.sql_path(&folder.journal.entries[at])
}

/// Adds a text to a file.
pub fn append(path: &Path, text: &str) {
    let before = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, before + text).unwrap();
}

/// Runs statements by hand, as somebody else would.
pub async fn by_hand(place: &Place, statements: &[&str]) {
    let statements: Vec<String> = statements.iter().map(|sql| (*sql).to_owned()).collect();
    place.database.execute(&statements).await.unwrap();
}

/// Does something with the site of repairs.
#[macro_export]
macro_rules! site {
    ($root:expr, $place:expr, $options:expr) => {
        Site {
            root: $root,
            database: &*$place.database,
            dialect: &*$place.dialect,
            builtin: &glaze_source::builtin_model(),
            options: $options,
        }
    };
}

/// Codes of what is wrong.
pub async fn codes(root: &Path, place: &Place) -> Vec<String> {
    let problems = migrations::problems(site!(root, place, &options())).await.unwrap();
    problems.into_iter().map(|problem| problem.code).collect()
}

/// Repairs everything by the first way that is offered.
pub async fn repair_all(root: &Path, place: &Place) -> Vec<String> {
    let mut done = Vec::new();
    for _ in 0..10 {
        let problems = migrations::problems(site!(root, place, &options())).await.unwrap();
        let Some(problem) = problems.first() else { return done };
        let choice = problem.repairs.first().unwrap_or_else(|| panic!("{problem:?}")).choice;
        let repaired = migrations::repair(site!(root, place, &options()), problem, choice).await;
        done.extend(repaired.unwrap_or_else(|error| panic!("{problem:?}: {error}")).done);
    }
    panic!("no end of repairs: {done:?}");
}
