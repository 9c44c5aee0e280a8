//! Killed after every single operation of a row of migrations: applying again always ends where it should, with every row.

use std::path::Path;
use std::process::{Command, Stdio};

use glaze_converge::dialect::CatalogDialect;
use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, ApplyOptions, Folder};
use glaze_converge::port::Database;

use crate::dying::Dying;
use crate::support::{DIALECTS, Place, block_on, empty, model};

const NOW: &str = "2026-11-21T07:00:00Z";

/// What the process that dies is told: dialect, address, folder, operations.
const VARIABLE: &str = "GLAZE_TEST_DYING";

/// Each is a migration: create, rename, change a type (a rebuild on SQLite), replace an enum, extend it, fill in batches, index.
const LIFE: [&str; 7] = [
    "#[entity(timestamps = false)] pub struct Post { pub title: String, pub n: i32, pub state: State }
     pub enum State { Draft, Live, Gone }",
    "#[entity(timestamps = false)] pub struct Post { pub title: String, pub n: i32, pub state: State }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live, Gone }",
    "#[entity(timestamps = false)] pub struct Post { #[was(\"title\")] pub headline: String, pub n: String, pub state: State }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live, Gone }",
    "#[entity(timestamps = false)] pub struct Post { pub headline: String, pub n: String, pub state: State }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live }",
    "#[entity(timestamps = false)] pub struct Post { pub headline: String, pub n: String, pub state: State }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live, Hidden, Kept }",
    "#[entity(timestamps = false)] pub struct Post { pub headline: String, pub n: String, pub state: State, pub slug: Option<String> }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live, Hidden, Kept }",
    "#[entity(timestamps = false)] #[index(headline)] pub struct Post { pub headline: String, pub n: String, pub state: State, pub slug: Option<String> }
     #[entity(timestamps = false)] pub struct Note { pub text: String, pub post: Option<Ref<Post>> }
     pub enum State { Draft, Live, Hidden, Kept }",
];

fn text(at: usize) -> String {
    format!("use glaze::schema::*;\n{}", LIFE[at])
}

async fn apply(root: &Path, dialect: &dyn CatalogDialect, database: &dyn Database) -> Result<Vec<String>, String> {
    let folder = Folder::open(root, dialect.name()).unwrap();
    let options = ApplyOptions {
        by: "test".to_owned(),
        now: NOW.to_owned(),
        ..ApplyOptions::default()
    };
    let done = migrations::apply(&folder, database, dialect, &glaze_source::builtin_model(), &options).await;
    done.map(|done| done.ran).map_err(|error| error.to_string())
}

/// The migrations, with what people write into them by hand.
async fn write(root: &Path, dialect: &dyn CatalogDialect, from: usize, to: usize) {
    let mut folder = Folder::open(root, dialect.name()).unwrap();
    let map = [("gone".to_owned(), "live".to_owned())].into();
    let answers = Answers {
        enum_value_map: [("public.state".to_owned(), map)].into(),
        ..Answers::default()
    };
    let answers = Answers {
        enum_value_map: [
            answers.enum_value_map,
            [("posts.state".to_owned(), [("gone".to_owned(), "live".to_owned())].into())].into(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..answers
    };
    for at in from..to {
        let made = migrations::generate(&mut folder, &mut model(&text(at)), dialect, &answers, None, NOW).await;
        let made = made.unwrap().unwrap_or_else(|| panic!("nothing changes at {at}"));
        let file = &made
            .files
            .iter()
            .find(|file| file.extension().is_some_and(|end| end == "sql"))
            .unwrap();
        let mut sql = std::fs::read_to_string(file).unwrap();
        match at {
            5 => {
                sql += "-- glaze:repeat\nUPDATE posts SET slug = headline WHERE id IN (SELECT id FROM posts WHERE slug IS NULL LIMIT 4);\n"
            }
            6 if dialect.name() == "postgres" => sql = sql.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"),
            _ => {}
        }
        std::fs::write(file, sql).unwrap();
    }
}

async fn fill(database: &dyn Database) {
    let rows = (10..20).map(|n| {
        let state = ["draft", "live", "gone"][n % 3];
        format!("INSERT INTO posts (id, title, n, state) VALUES ('00000000-0000-7000-8000-0000000000{n}', 'post {n}', {n}, '{state}')")
    });
    database.execute(&rows.collect::<Vec<_>>()).await.unwrap();
}

/// Not a test by itself: what the process that dies does.
#[test]
fn process_that_dies() {
    let Ok(told) = std::env::var(VARIABLE) else { return };
    let [dialect, address, root, operations] = told.split('|').collect::<Vec<_>>()[..] else {
        panic!("{told}")
    };
    let operations = operations.parse().unwrap();
    block_on(async {
        let (inner, dialect): (Box<dyn Database>, Box<dyn CatalogDialect>) = match dialect {
            "sqlite" => (
                Box::new(glaze_sqlite::SqliteDatabase::open(address).unwrap()),
                Box::new(glaze_sqlite::SqliteCatalog),
            ),
            _ => (
                Box::new(glaze_postgres::PostgresDatabase::connect(address).await.unwrap()),
                Box::new(glaze_postgres::PostgresDialect),
            ),
        };
        let database = Dying::after(inner, operations);
        apply(Path::new(root), &*dialect, &database).await.unwrap();
    });
}

/// Whether the process lived to its end.
fn survives(dialect: &str, address: &str, root: &Path, operations: usize) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "everywhere::process_that_dies", "--nocapture"])
        .env(VARIABLE, format!("{dialect}|{address}|{}|{operations}", root.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if status.success() {
        return true;
    }
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(6),
        "{dialect} {operations}: it did not die but failed"
    );
    false
}

async fn intact(place: &Place, at: usize) {
    let wanted: Vec<Vec<Option<String>>> = (10..20)
        .map(|n| {
            let state = ["draft", "live", "live"][n % 3];
            vec![
                Some(format!("post {n}")),
                Some(n.to_string()),
                Some(state.to_owned()),
                Some(format!("post {n}")),
            ]
        })
        .collect();
    let rows = place.rows("SELECT headline, n, state, slug FROM posts ORDER BY headline").await;
    assert_eq!(rows, wanted, "{}: killed after {at}", place.dialect.name());
    let journal = place.database.journal().await.unwrap();
    assert_eq!(journal.len(), LIFE.len(), "{}: killed after {at}", place.dialect.name());
    assert!(
        journal.iter().all(|row| row.finished),
        "{}: killed after {at}: {journal:?}",
        place.dialect.name()
    );
    assert_eq!(
        place.difference(&model(&text(LIFE.len() - 1))).await.len(),
        0,
        "{}: killed after {at}",
        place.dialect.name()
    );
    assert!(place.database.leftovers().await.unwrap().is_empty());
}

/// One round on a fresh database: killed once, and again by every so many operations while it goes on; says whether it survived
/// the first time.
async fn round(dialect: &str, root: &Path, operations: usize, again: Option<usize>) -> bool {
    let place = empty(dialect).await;
    let first = tempfile::tempdir().unwrap();
    write(first.path(), &*place.dialect, 0, 1).await;
    // The same first migration, so that the rows are there before the rest.
    let sql = std::fs::read_to_string(root.join(dialect).join("0001_init.sql")).unwrap();
    place.database.execute(&place.dialect.split(&sql)).await.unwrap();
    let row = glaze_converge::port::AppliedMigration {
        name: "0001_init".to_owned(),
        hash: migrations::file_hash(&sql),
        statements_done: 1,
        statements: 1,
        finished: true,
        started_at: NOW.to_owned(),
        duration_ms: 0,
        by: "test".to_owned(),
        sql: Some(sql),
    };
    place.database.record(&row).await.unwrap();
    fill(&*place.database).await;
    let survived = survives(dialect, &place.address, root, operations);
    if let Some(step) = again {
        let mut tries = 0;
        while !survives(dialect, &place.address, root, step + tries) {
            tries += 1;
            assert!(tries < 400, "{dialect}: it does not get on");
        }
    }
    apply(root, &*place.dialect, &*place.database)
        .await
        .unwrap_or_else(|error| panic!("{dialect}: killed after {operations}: {error}"));
    intact(&place, operations).await;
    survived
}

fn everywhere(dialect: &str) {
    block_on(async {
        let root = tempfile::tempdir().unwrap();
        let rules: Box<dyn CatalogDialect> = match dialect {
            "sqlite" => Box::new(glaze_sqlite::SqliteCatalog),
            _ => Box::new(glaze_postgres::PostgresDialect),
        };
        write(root.path(), &*rules, 0, LIFE.len()).await;
        let mut operations = 1;
        while !round(dialect, root.path(), operations, None).await {
            operations += 1;
        }
        assert!(operations > 25, "{dialect}: only {operations} operations");
    });
}

#[test]
fn sqlite_survives_a_death_after_every_statement() {
    everywhere("sqlite");
}

#[test]
fn postgres_survives_a_death_after_every_statement() {
    everywhere("postgres");
}

#[test]
fn dying_again_and_again_ends_well_too() {
    block_on(async {
        for dialect in DIALECTS {
            let root = tempfile::tempdir().unwrap();
            let rules = empty(dialect).await.dialect;
            write(root.path(), &*rules, 0, LIFE.len()).await;
            round(dialect, root.path(), 3, Some(4)).await;
        }
    });
}
