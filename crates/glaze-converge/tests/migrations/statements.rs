//! Statements outside transactions, repeated ones, and those that are not allowed.

use glaze_converge::migrations::ApplyError;

use crate::project::{FIRST, SECOND, append, apply, by_hand, codes, file, generate, grown, repair_all};
use crate::support::{DIALECTS, Place, block_on};

async fn many(place: &Place) {
    by_hand(
        place,
        &["INSERT INTO posts (id, title, created_at, updated_at) SELECT gen_random_uuid(), 'same', now(), now() FROM generate_series(1, 25)"],
    )
    .await;
}

#[test]
fn a_migration_keeps_to_its_transaction() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            append(&file(root.path(), &place, 1), "COMMIT;\n");
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(matches!(error, ApplyError::Transaction { .. }), "{dialect}: {error}");
            assert!(place.catalog().await.tables[0].column("excerpt").is_none(), "{dialect}");
        }
    });
}

#[test]
fn a_statement_is_repeated_until_there_is_nothing_to_do() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            let insert = match dialect {
                "sqlite" => {
                    "INSERT INTO posts (id, title, created_at, updated_at) WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 34) \
                     SELECT '00000000-0000-7000-8000-0000000000' || i, 'same', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z' FROM n"
                }
                _ => {
                    "INSERT INTO posts (id, title, created_at, updated_at) SELECT gen_random_uuid(), 'same', now(), now() FROM generate_series(1, 25)"
                }
            };
            by_hand(&place, &[insert]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            append(
                &file(root.path(), &place, 1),
                "-- glaze:repeat\nUPDATE posts SET excerpt = 'x' WHERE id IN (SELECT id FROM posts WHERE excerpt IS NULL LIMIT 10);\n",
            );
            apply(root.path(), &place).await.unwrap();
            let rows = place.rows("SELECT count(*) FROM posts WHERE excerpt = 'x'").await;
            assert_eq!(rows[0][0].as_deref(), Some("25"), "{dialect}");
            assert!(place.database.journal().await.unwrap().iter().all(|row| row.finished), "{dialect}");
        }
    });
}

#[test]
fn a_concurrent_index_that_fails_is_found_explained_and_built_again() {
    block_on(async {
        let (place, root) = grown("postgres", &[FIRST]).await;
        many(&place).await;
        let unique = FIRST.replace("pub title: String", "#[unique] pub title: String");
        generate(root.path(), &place, &unique).await.unwrap();
        let path = file(root.path(), &place, 1);
        std::fs::write(
            &path,
            "CREATE UNIQUE INDEX CONCURRENTLY posts_title_key ON public.posts (title);\n\
             ALTER TABLE public.posts ADD CONSTRAINT posts_title_key UNIQUE USING INDEX posts_title_key;\n",
        )
        .unwrap();
        let error = apply(root.path(), &place).await.unwrap_err().to_string();
        assert!(error.contains("INVALID") && error.contains("posts_title_key"), "{error}");
        assert_eq!(codes(root.path(), &place).await, ["unfinished", "invalid_index"]);

        // Still as it was: it fails again, and leaves no more than before.
        apply(root.path(), &place).await.unwrap_err();
        assert_eq!(place.database.leftovers().await.unwrap().len(), 1);

        by_hand(&place, &["UPDATE posts SET title = id::text"]).await;
        let done = repair_all(root.path(), &place).await;
        assert!(done.iter().any(|text| text.contains("applied 0002")), "{done:?}");
        assert!(place.database.leftovers().await.unwrap().is_empty());
        assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 0);
    });
}

#[test]
fn a_statement_of_which_nobody_knows_is_asked_about() {
    block_on(async {
        let (place, root) = grown("postgres", &[FIRST]).await;
        generate(root.path(), &place, SECOND).await.unwrap();
        let path = file(root.path(), &place, 1);
        append(&path, "ALTER SYSTEM SET work_mem = '5MB';\n");
        let sql = std::fs::read_to_string(&path).unwrap();
        // A crash right there: the first statement is done, nothing is known of the second.
        by_hand(&place, &["ALTER TABLE posts ADD COLUMN excerpt text"]).await;
        let mut row = place.database.journal().await.unwrap().remove(0);
        row.name = "0002_add_excerpt".to_owned();
        row.hash = String::new();
        row.sql = Some(sql);
        (row.statements, row.statements_done, row.finished) = (2, 1, false);
        place.database.record(&row).await.unwrap();
        let error = apply(root.path(), &place).await.unwrap_err();
        assert!(matches!(error, ApplyError::Uncertain { .. }), "{error}");
        repair_all(root.path(), &place).await;
        assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 0);
    });
}
