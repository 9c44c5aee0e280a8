//! A migrator that is killed in the middle of a statement leaves nothing half-applied and no lock; the next one goes through.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{DIALECTS, Place, block_on, empty, model};
use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, ApplyOptions, Folder};
use glaze_converge::port::{Database, Scope};

const NOW: &str = "2026-11-21T07:00:00Z";
const FIRST: &str = "use glaze::schema::*;\n#[entity]\npub struct Post { pub title: String }";
const SECOND: &str = "use glaze::schema::*;\n#[entity]\npub struct Post { pub title: String, #[field(min = 1)] pub stars: Option<i16> }";

/// Environment of the process that is killed: dialect, address of the database, folder, a file to write when it has begun.
const VARIABLE: &str = "GLAZE_TEST_KILLED";

async fn apply(root: &Path, dialect: &dyn glaze_converge::dialect::CatalogDialect, database: &dyn Database) -> Result<(), String> {
    let folder = Folder::open(root, dialect.name()).unwrap();
    let options = ApplyOptions {
        scope: Scope::default(),
        by: "test".to_owned(),
        now: NOW.to_owned(),
        ..ApplyOptions::default()
    };
    let done = migrations::apply(&folder, database, dialect, &glaze_source::builtin_model(), &options).await;
    done.map(drop).map_err(|error| error.to_string())
}

async fn generate(root: &Path, place: &Place, text: &str) {
    let mut folder = Folder::open(root, place.dialect.name()).unwrap();
    let made = migrations::generate(&mut folder, &mut model(text), &*place.dialect, &Answers::default(), None, NOW).await;
    made.unwrap().unwrap();
}

/// Not a test by itself: what the killed process does.
#[test]
fn process_that_is_killed() {
    let Ok(told) = std::env::var(VARIABLE) else { return };
    let [dialect, address, root, begun] = told.split('|').collect::<Vec<_>>()[..] else {
        panic!("{told}")
    };
    block_on(async {
        std::fs::write(begun, "").unwrap();
        match dialect {
            "sqlite" => {
                let database = glaze_sqlite::SqliteDatabase::open(address).unwrap();
                apply(Path::new(root), &glaze_sqlite::SqliteCatalog, &database).await.unwrap();
            }
            _ => {
                let database = glaze_postgres::PostgresDatabase::connect(address).await.unwrap();
                apply(Path::new(root), &glaze_postgres::PostgresDialect, &database).await.unwrap();
            }
        }
    });
}

#[test]
fn a_killed_migrator_leaves_nothing_half_applied() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            generate(root.path(), &place, FIRST).await;
            apply(root.path(), &*place.dialect, &*place.database).await.unwrap();
            generate(root.path(), &place, SECOND).await;
            let folder = Folder::open(root.path(), dialect).unwrap();
            let file = folder.sql_path(&folder.journal.entries[1]);
            let sql = std::fs::read_to_string(&file).unwrap();
            let slow = match dialect {
                "sqlite" => "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT count(*) FROM n;\n",
                _ => "SELECT pg_sleep(3);\n",
            };
            std::fs::write(&file, format!("{sql}{slow}")).unwrap();

            kill_in_the_middle(dialect, &place, root.path());

            assert!(place.catalog().await.tables[0].column("stars").is_none(), "{dialect}");
            let finished = place
                .database
                .journal()
                .await
                .unwrap()
                .into_iter()
                .filter(|row| row.finished)
                .count();
            assert_eq!(finished, 1, "{dialect}");

            std::fs::write(&file, &sql).unwrap();
            let start = Instant::now();
            // The server may take until the end of the slow statement to notice that nobody is there.
            while let Err(error) = apply(root.path(), &*place.dialect, &*place.database).await {
                assert!(start.elapsed() < Duration::from_secs(30), "{dialect}: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            assert!(place.catalog().await.tables[0].column("stars").is_some(), "{dialect}");
        }
    });
}

fn kill_in_the_middle(dialect: &str, place: &Place, root: &Path) {
    let begun: PathBuf = root.join("begun");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "midway::process_that_is_killed", "--nocapture"])
        .env(
            VARIABLE,
            format!("{dialect}|{}|{}|{}", place.address, root.display(), begun.display()),
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !begun.exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "the process did not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(800));
    assert!(child.try_wait().unwrap().is_none(), "{dialect}: it was done before it was killed");
    child.kill().unwrap();
    child.wait().unwrap();
}
