//! The rehearsal says beforehand what would happen, and leaves nothing behind.

use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, Folder, Rehearsal};
use glaze_converge::plan::Plan;

use crate::project::{FIRST, RENAMED, SECOND, append, by_hand, file, generate, grown, options};
use crate::support::{DIALECTS, Place, block_on, model};

async fn rehearse(root: &std::path::Path, place: &Place, next: Option<&Plan>) -> Rehearsal {
    let folder = Folder::open(root, place.dialect.name()).unwrap();
    migrations::rehearse(
        &folder,
        &*place.database,
        &*place.dialect,
        &glaze_source::builtin_model(),
        next,
        &options(),
    )
    .await
    .unwrap()
}

async fn databases(place: &Place) -> usize {
    match place.dialect.name() {
        "sqlite" => std::fs::read_dir(std::env::temp_dir())
            .unwrap()
            .filter_map(Result::ok)
            .filter(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                name.starts_with(&format!("glaze-scratch-{}-", std::process::id()))
            })
            .count(),
        _ => place
            .rows(&format!(
                "SELECT 1 FROM pg_database WHERE datname LIKE 'glaze_scratch_{}_%'",
                std::process::id()
            ))
            .await
            .len(),
    }
}

async fn seeded(dialect: &str) -> (Place, tempfile::TempDir) {
    let (place, root) = grown(dialect, &[FIRST]).await;
    by_hand(&place, &["INSERT INTO posts (id, title, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000001', 'a', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')"]).await;
    (place, root)
}

#[test]
fn history_and_what_waits_are_rehearsed() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = seeded(dialect).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let folder = Folder::open(root.path(), dialect).unwrap();
            let latest = folder.latest().unwrap().unwrap();
            let mut next = model(RENAMED);
            glaze_converge::identity::assign_ids(&mut next, Some(&latest.model));
            let plan = glaze_converge::plan::plan_model(&latest.catalog, &next, Some(&latest.model), &Answers::default(), &*place.dialect)
                .unwrap();
            let before = place.catalog().await;
            let out = rehearse(root.path(), &place, Some(&plan)).await;
            assert!(out.passed(), "{dialect}: {out:?}");
            let names = |items: &[migrations::Rehearsed]| items.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&out.history), ["0001_init", "0002_add_excerpt"], "{dialect}");
            assert_eq!(names(&out.pending), ["0002_add_excerpt"], "{dialect}");
            let proof = out.plan.unwrap().proof.unwrap();
            let rows = proof.tables.iter().find(|rows| rows.table.ends_with("posts")).unwrap();
            assert_eq!((rows.before, rows.after), (Some(1), Some(1)), "{dialect}");
            assert_eq!(place.catalog().await, before, "{dialect}: nothing happened to the real one");
            assert_eq!(place.database.journal().await.unwrap().len(), 1, "{dialect}");
        }
    });
}

#[test]
fn what_would_fail_fails_in_the_rehearsal() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = seeded(dialect).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            // Only real rows make it fail.
            append(
                &file(root.path(), &place, 1),
                "CREATE UNIQUE INDEX twice ON posts (length(title));\nDROP INDEX twice;\nUPDATE posts SET id = NULL;\n",
            );
            let out = rehearse(root.path(), &place, None).await;
            assert!(out.history.iter().all(|item| item.error.is_none()), "{dialect}: {out:?}");
            assert!(!out.passed(), "{dialect}");
            let error = out.pending[0].error.clone().unwrap();
            assert!(error.to_lowercase().contains("null"), "{dialect}: {error}");
        }
    });
}

#[test]
fn a_database_in_use_is_copied_table_by_table() {
    block_on(async {
        let (place, root) = seeded("postgres").await;
        let _other = glaze_postgres::PostgresDatabase::connect(&place.address).await.unwrap();
        generate(root.path(), &place, SECOND).await.unwrap();
        let out = rehearse(root.path(), &place, None).await;
        assert!(out.passed(), "{out:?}");
        assert_eq!(out.notes.len(), 1, "{out:?}");
        assert_eq!(out.pending.len(), 1);
        let rows = &out.pending[0].proof.as_ref().unwrap().tables;
        assert!(rows.iter().any(|rows| rows.before == Some(1) && rows.after == Some(1)), "{rows:?}");
    });
}

#[test]
fn nothing_is_left_behind() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = seeded(dialect).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            append(&file(root.path(), &place, 1), "SELECT * FROM not_there;\n");
            rehearse(root.path(), &place, None).await;
            // Other tests of this process rehearse too; what they have made goes as well.
            for _ in 0..100 {
                if databases(&place).await == 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            assert_eq!(databases(&place).await, 0, "{dialect}");
        }
    });
}
