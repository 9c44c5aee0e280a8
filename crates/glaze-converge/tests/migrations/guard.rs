//! What somebody else has changed is not lost: found before where it can be, else by the proof, which rolls back.

use glaze_converge::assess::assess;
use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, ApplyError, ApplyOptions, NothingLost};

use crate::project::{FIRST, NOW, SECOND, append, apply, apply_with, by_hand, file, generate, grown, options};
use crate::support::{DIALECTS, Place, block_on, model};

/// Needs a rebuild on SQLite.
const REQUIRED: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: String, pub owner: Option<Ref<User>>, #[default(0)] pub stars: i32 }";
const ALONE: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: String, pub owner: Option<Ref<User>> }
#[entity]
pub struct Tag { pub name: String }";

fn trigger(place: &Place) -> Vec<&'static str> {
    match place.dialect.name() {
        "sqlite" => vec!["CREATE TRIGGER by_hand AFTER UPDATE ON posts BEGIN SELECT 1; END"],
        _ => vec![
            "CREATE FUNCTION by_hand() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER by_hand AFTER UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION by_hand()",
        ],
    }
}

#[test]
fn a_column_made_by_hand_stops_a_migration_of_its_table_and_of_no_other() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            by_hand(
                &place,
                &["ALTER TABLE posts ADD COLUMN note text", "CREATE TABLE others (id integer)"],
            )
            .await;
            generate(root.path(), &place, ALONE).await.unwrap();
            let applied = apply(root.path(), &place).await.unwrap();
            assert_eq!(applied.ran.len(), 1, "{dialect}: another table is nobody's business");
            assert!(
                applied.warnings.iter().any(|text| text.contains("posts.note")),
                "{dialect}: {:?}",
                applied.warnings
            );

            let wider = ALONE.replace("pub title: String,", "pub title: String, #[default(0)] pub stars: i32,");
            generate(root.path(), &place, &wider).await.unwrap();
            let error = apply(root.path(), &place).await.unwrap_err();
            let ApplyError::Drift(found) = &error else {
                panic!("{dialect}: {error}")
            };
            assert_eq!(found.len(), 1, "{dialect}: {found:?}");
            assert!(found[0].object.contains("posts.note"), "{dialect}: {error}");

            by_hand(&place, &["ALTER TABLE posts DROP COLUMN note"]).await;
            assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 1, "{dialect}");
        }
    });
}

#[test]
fn a_trigger_made_by_hand_outlives_every_migration_or_stops_it() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            by_hand(&place, &trigger(&place)).await;
            by_hand(&place, &["INSERT INTO posts (id, title, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000001', 'a', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')"]).await;
            generate(root.path(), &place, &REQUIRED.replace("title: String", "title: Option<String>"))
                .await
                .unwrap();
            let done = apply(root.path(), &place).await;
            let there = place
                .catalog()
                .await
                .unmodelled
                .iter()
                .any(|item| item.name.ends_with("by_hand") && item.kind == "trigger");
            assert!(there, "{dialect}: the trigger is there still");
            match done {
                Ok(_) => assert_eq!(dialect, "postgres"),
                Err(error) => assert!(error.to_string().contains("by_hand"), "{dialect}: {error}"),
            }
            assert_eq!(place.rows("SELECT count(*) FROM posts").await[0][0].as_deref(), Some("1"));

            // Told to go on all the same, it is the proof that finds the loss.
            if dialect == "sqlite" {
                let allowed = ApplyOptions {
                    allow_drift: true,
                    ..options()
                };
                let error = apply_with(root.path(), &place, &allowed).await.unwrap_err();
                assert!(matches!(error, ApplyError::Unproven { rolled_back: true, .. }), "{error}");
                assert_eq!(place.catalog().await.unmodelled.len(), 1);
            }
        }
    });
}

#[test]
fn rows_that_go_missing_undo_the_migration() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            by_hand(&place, &["INSERT INTO posts (id, title, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000001', 'a', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')"]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            // An update that a trigger turns into a removal: nothing in the file speaks of rows.
            let hook: &[&str] = match dialect {
                "sqlite" => &["CREATE TRIGGER eats AFTER UPDATE ON posts BEGIN DELETE FROM posts; END"],
                _ => &[
                    "CREATE FUNCTION eats() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM posts; RETURN NULL; END'",
                    "CREATE TRIGGER eats AFTER UPDATE ON posts FOR EACH STATEMENT EXECUTE FUNCTION eats()",
                ],
            };
            by_hand(&place, hook).await;
            append(&file(root.path(), &place, 1), "UPDATE posts SET title = 'b';\n");
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(error.to_string().contains("1 before, 0 after"), "{dialect}: {error}");
            assert_eq!(place.rows("SELECT title FROM posts").await[0][0].as_deref(), Some("a"), "{dialect}");
            assert!(place.catalog().await.tables[0].column("excerpt").is_none(), "{dialect}");
        }
    });
}

#[test]
fn statements_written_by_hand_may_take_rows_away() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            by_hand(&place, &["INSERT INTO posts (id, title, created_at, updated_at) VALUES ('00000000-0000-7000-8000-000000000001', 'a', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')"]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            append(&file(root.path(), &place, 1), "DELETE FROM posts;\n");
            apply(root.path(), &place).await.unwrap();
            assert_eq!(
                place.rows("SELECT count(*) FROM posts").await[0][0].as_deref(),
                Some("0"),
                "{dialect}"
            );
        }
    });
}

#[test]
fn a_plan_runs_with_its_proof_and_leaves_no_journal() {
    block_on(async {
        for dialect in DIALECTS {
            let place = crate::support::empty(dialect).await;
            let text = "use glaze::schema::*;\n#[entity(timestamps = false)]\npub struct Post { pub title: String, pub n: i32 }";
            let created = place.plan(&model(text), None, &Answers::default()).await;
            let start = place.catalog().await;
            let proof = migrations::run_plan(&created, Some(&start), &*place.database, &*place.dialect, &options())
                .await
                .unwrap();
            assert!(proof.atomic && proof.statements > 0, "{proof:?}");
            assert!(!place.database.has_journal().await.unwrap(), "{dialect}");
            by_hand(
                &place,
                &["INSERT INTO posts (id, title, n) VALUES ('00000000-0000-7000-8000-000000000001', 'a', 1)"],
            )
            .await;

            let wider = text.replace("n: i32", "n: String");
            let start = place.catalog().await;
            let plan = place.plan(&model(&wider), None, &Answers::default()).await;
            let proof = migrations::run_plan(&plan, Some(&start), &*place.database, &*place.dialect, &options())
                .await
                .unwrap();
            let rows = proof.tables.iter().find(|rows| rows.table.ends_with("posts")).unwrap();
            assert_eq!((rows.before, rows.after), (Some(1), Some(1)), "{dialect}: {proof:?}");
            assert_eq!(place.difference(&model(&wider)).await.len(), 0, "{dialect}");

            // Changed since it was planned.
            let back = place.plan(&model(text), None, &Answers::default()).await;
            let start = place.catalog().await;
            by_hand(&place, &["ALTER TABLE posts ADD COLUMN late integer"]).await;
            let error = migrations::run_plan(&back, Some(&start), &*place.database, &*place.dialect, &options())
                .await
                .unwrap_err();
            assert!(matches!(error, ApplyError::Drift(_)), "{dialect}: {error}");
        }
    });
}

#[test]
fn what_is_asked_of_the_log_is_in_it() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let folder = migrations::Folder::open(root.path(), dialect).unwrap();
            let log = migrations::log(&folder, &place.database.journal().await.unwrap()).unwrap();
            assert_eq!(log.len(), 2);
            assert_eq!(
                (log[0].by.as_deref(), log[0].state),
                (Some("test"), migrations::LogState::Applied),
                "{dialect}"
            );
            assert!(
                log[0].applied_at.as_deref().is_some_and(|at| at.starts_with(&NOW[..19])),
                "{dialect}: {:?}",
                log[0]
            );
            assert!(log[0].sql.as_deref().is_some_and(|sql| sql.contains("CREATE TABLE")), "{dialect}");
            assert_eq!(log[1].state, migrations::LogState::Pending);
        }
    });
}

#[test]
fn what_was_empty_when_it_was_planned_is_looked_at_again() {
    block_on(async {
        for dialect in DIALECTS {
            let place = crate::support::empty(dialect).await;
            let text = "use glaze::schema::*;\n#[entity(timestamps = false)]\npub struct Post { pub title: String, pub note: Option<String> }\n\
                 #[entity(timestamps = false)]\npub struct Tag { pub name: String }";
            let created = place.plan(&model(text), None, &Answers::default()).await;
            let start = place.catalog().await;
            migrations::run_plan(&created, Some(&start), &*place.database, &*place.dialect, &options())
                .await
                .unwrap();
            let row = |id: u32| format!("'00000000-0000-7000-8000-00000000000{id}'");
            by_hand(&place, &[&format!("INSERT INTO posts (id, title) VALUES ({}, 'a')", row(1))]).await;

            let less = "use glaze::schema::*;\n#[entity(timestamps = false)]\npub struct Post { pub title: String }";
            let plan = place.plan(&model(less), None, &Answers::default()).await;
            let start = place.catalog().await;
            let report = assess(&plan, &*place.dialect, Some(&*place.database)).await.unwrap();
            let counted = report.iter().flat_map(|step| step.hazards.iter().map(move |hazard| (step, hazard)));
            let nothing_lost: Vec<NothingLost> = counted
                .filter(|(_, hazard)| hazard.rows == Some(0))
                .filter_map(|(step, hazard)| {
                    Some(NothingLost {
                        object: step.object.clone(),
                        count: hazard.count.clone()?,
                    })
                })
                .collect();
            assert_eq!(nothing_lost.len(), 2, "{dialect}: {report:#?}");
            let options = migrations::ApplyOptions { nothing_lost, ..options() };

            // Somebody writes between the look and the run.
            for (late, undo, object) in [
                ("UPDATE posts SET note = 'late'", "UPDATE posts SET note = NULL", "posts.note"),
                (
                    &*format!("INSERT INTO tags (id, name) VALUES ({}, 'late')", row(2)),
                    "DELETE FROM tags",
                    "tags",
                ),
            ] {
                by_hand(&place, &[late]).await;
                let error = migrations::run_plan(&plan, Some(&start), &*place.database, &*place.dialect, &options)
                    .await
                    .unwrap_err();
                assert!(
                    matches!(&error, ApplyError::Appeared { object: found, rows: 1 } if found.ends_with(object)),
                    "{dialect}: {error}"
                );
                assert!(place.difference(&model(text)).await.is_empty(), "{dialect}: nothing has changed");
                by_hand(&place, &[undo]).await;
            }
            migrations::run_plan(&plan, Some(&start), &*place.database, &*place.dialect, &options)
                .await
                .unwrap();
            assert!(place.difference(&model(less)).await.is_empty(), "{dialect}");
        }
    });
}
