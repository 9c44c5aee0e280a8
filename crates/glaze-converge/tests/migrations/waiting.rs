//! Two at once, and others in the way: a bounded wait, then who it is.

use std::time::{Duration, Instant};

use glaze_converge::migrations::ApplyError;
use glaze_converge::port::{Database, DatabaseError, Patience};

use crate::project::{FIRST, SECOND, apply, apply_with, codes, generate, grown, options, repair_all};
use crate::support::{DIALECTS, Place, block_on};

async fn another(place: &Place) -> Box<dyn Database> {
    match place.dialect.name() {
        "sqlite" => Box::new(glaze_sqlite::SqliteDatabase::open(&place.address).unwrap()),
        _ => Box::new(glaze_postgres::PostgresDatabase::connect(&place.address).await.unwrap()),
    }
}

#[test]
fn a_second_migrator_waits_and_then_says_who_is_at_it() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let other = another(&place).await;
            other.lock("anna@build-7", &Patience::default()).await.unwrap();
            let begun = Instant::now();
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(
                matches!(&error, ApplyError::Database(DatabaseError::Locked(Some(_)))),
                "{dialect}: {error}"
            );
            assert!(error.to_string().contains("anna@build-7"), "{dialect}: {error}");
            assert!(begun.elapsed() >= Duration::from_millis(500), "{dialect}: it waited");

            // Given back while another waits.
            let patient = options();
            let patient = glaze_converge::migrations::ApplyOptions {
                patience: Patience {
                    migrator: Duration::from_secs(20),
                    ..patient.patience
                },
                ..patient
            };
            let (unlocked, applied) = tokio::join!(
                async {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    other.unlock().await
                },
                apply_with(root.path(), &place, &patient)
            );
            unlocked.unwrap();
            assert_eq!(applied.unwrap().ran, ["0002_add_excerpt"], "{dialect}");
        }
    });
}

#[test]
fn two_migrators_at_once_apply_everything_once() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let other = another(&place).await;
            let folder = glaze_converge::migrations::Folder::open(root.path(), dialect).unwrap();
            let (builtin, mut options) = (glaze_source::builtin_model(), options());
            options.patience.migrator = Duration::from_secs(20);
            let (one, two) = tokio::join!(
                glaze_converge::migrations::apply(&folder, &*place.database, &*place.dialect, &builtin, &options),
                glaze_converge::migrations::apply(&folder, &*other, &*place.dialect, &builtin, &options)
            );
            let ran = one.unwrap().ran.len() + two.unwrap().ran.len();
            assert_eq!(ran, 1, "{dialect}");
        }
    });
}

#[test]
fn who_stands_in_the_way_of_a_statement_is_named() {
    block_on(async {
        let (place, root) = grown("postgres", &[FIRST]).await;
        generate(root.path(), &place, SECOND).await.unwrap();
        let other = another(&place).await;
        other.begin().await.unwrap();
        other.query("SELECT count(*) FROM posts").await.unwrap();
        let error = apply(root.path(), &place).await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_blocked(), "{text}");
        assert!(
            text.contains("tried 2 times") && text.contains("in the way: process") && text.contains("FROM posts"),
            "{text}"
        );
        assert!(place.catalog().await.tables[0].column("excerpt").is_none());

        // Gone after a moment: the next try gets through.
        let (rolled_back, applied) = tokio::join!(
            async {
                tokio::time::sleep(Duration::from_millis(400)).await;
                other.rollback().await
            },
            apply(root.path(), &place)
        );
        rolled_back.unwrap();
        assert_eq!(applied.unwrap().ran.len(), 1);
    });
}

#[test]
fn a_migrator_that_died_leaves_a_note_and_no_lock() {
    block_on(async {
        let (place, root) = grown("sqlite", &[FIRST]).await;
        let note = r#"{"by": "bob@laptop", "process": 4194304, "since": "2026-11-20T00:00:00Z"}"#;
        std::fs::write(format!("{}-glaze-lock", place.address), note).unwrap();
        assert_eq!(codes(root.path(), &place).await, ["stale_lock"]);
        generate(root.path(), &place, SECOND).await.unwrap();
        repair_all(root.path(), &place).await;
        assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 1);
    });
}
