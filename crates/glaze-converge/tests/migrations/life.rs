//! The life of a migrations folder.

use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, Applied, ApplyError, Folder};
use glaze_converge::states::Status;

use crate::project::{FIRST, NOW, RENAMED, SECOND, apply, generate, report};
use crate::support::{DIALECTS, block_on, empty, model};
use std::path::Path;

#[test]
fn a_project_grows_by_migrations() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            let root = root.path();
            assert_eq!(generate(root, &place, FIRST).await.unwrap().as_deref(), Some("0001_init"));
            assert_eq!(generate(root, &place, FIRST).await.unwrap(), None, "nothing has changed");
            assert_eq!(report(root, &place, &model(FIRST)).await.status, Status::Pending);
            assert_eq!(apply(root, &place).await.unwrap().ran, ["0001_init"]);
            assert_eq!(apply(root, &place).await.unwrap(), Applied::default(), "all is applied");
            assert_eq!(report(root, &place, &model(FIRST)).await.status, Status::InSync);

            let pending = report(root, &place, &model(SECOND)).await;
            assert_eq!(pending.status, Status::Pending);
            assert_eq!(
                pending.steps.iter().map(|step| step.kind.as_str()).collect::<Vec<_>>(),
                ["column.add"]
            );
            assert_eq!(generate(root, &place, SECOND).await.unwrap().as_deref(), Some("0002_add_excerpt"));
            assert_eq!(
                generate(root, &place, RENAMED).await.unwrap().as_deref(),
                Some("0003_rename_title_to_headline")
            );
            assert_eq!(
                apply(root, &place).await.unwrap().ran,
                ["0002_add_excerpt", "0003_rename_title_to_headline"]
            );
            assert_eq!(report(root, &place, &model(RENAMED)).await.status, Status::InSync);
            let names: Vec<String> = place.database.journal().await.unwrap().into_iter().map(|row| row.name).collect();
            assert_eq!(names, ["0001_init", "0002_add_excerpt", "0003_rename_title_to_headline"]);
        }
    });
}

#[test]
fn ids_stay_through_renames_and_do_not_come_back() {
    block_on(async {
        let (place, root) = (empty("sqlite").await, tempfile::tempdir().unwrap());
        let id = |root: &Path, name: &str| {
            let snapshot = Folder::open(root, "sqlite").unwrap().latest().unwrap().unwrap();
            snapshot
                .model
                .entity("Post")
                .unwrap()
                .field(name)
                .and_then(|field| field.id.clone())
        };
        generate(root.path(), &place, SECOND).await.unwrap();
        let (title, excerpt) = (id(root.path(), "title").unwrap(), id(root.path(), "excerpt").unwrap());
        generate(root.path(), &place, RENAMED).await.unwrap();
        assert_eq!(id(root.path(), "headline"), Some(title));
        let without = RENAMED.replace(", pub excerpt: Option<Text>", "");
        generate(root.path(), &place, &without).await.unwrap();
        assert_eq!(id(root.path(), "excerpt"), None);
        generate(root.path(), &place, RENAMED).await.unwrap();
        assert_ne!(id(root.path(), "excerpt"), Some(excerpt));
    });
}

#[test]
fn a_likely_rename_is_asked_and_nothing_is_written() {
    block_on(async {
        let (place, root) = (empty("sqlite").await, tempfile::tempdir().unwrap());
        generate(root.path(), &place, FIRST).await.unwrap();
        let unsaid = FIRST.replace("title", "headline");
        let error = generate(root.path(), &place, &unsaid).await.unwrap_err();
        assert!(error.to_string().contains("is posts.title renamed to posts.headline?"), "{error}");
        assert_eq!(Folder::open(root.path(), "sqlite").unwrap().journal.entries.len(), 1);
    });
}

#[test]
fn a_failing_migration_leaves_nothing_behind() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            generate(root.path(), &place, FIRST).await.unwrap();
            apply(root.path(), &place).await.unwrap();
            generate(root.path(), &place, SECOND).await.unwrap();
            let folder = Folder::open(root.path(), dialect).unwrap();
            let file = folder.sql_path(&folder.journal.entries[1]);
            let sql = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, format!("{sql}\nINSERT INTO not_there VALUES (1);\n")).unwrap();
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(error.to_string().contains("not_there"), "{dialect}: {error}");
            assert!(place.catalog().await.tables[0].column("excerpt").is_none(), "{dialect}");

            // Mended by hand, it goes through.
            std::fs::write(&file, sql).unwrap();
            assert_eq!(apply(root.path(), &place).await.unwrap().ran, ["0002_add_excerpt"], "{dialect}");
        }
    });
}

#[test]
fn a_wrong_result_is_reported_and_an_edited_file_refused() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            generate(root.path(), &place, FIRST).await.unwrap();
            apply(root.path(), &place).await.unwrap();
            generate(root.path(), &place, SECOND).await.unwrap();
            let folder = Folder::open(root.path(), dialect).unwrap();
            let file = folder.sql_path(&folder.journal.entries[1]);
            let sql = std::fs::read_to_string(&file).unwrap();
            std::fs::write(&file, sql.replace("\"excerpt\"", "\"extract\"")).unwrap();
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(matches!(error, ApplyError::Unproven { .. }), "{dialect}: {error}");

            assert!(
                matches!(error, ApplyError::Unproven { rolled_back: true, .. }),
                "{dialect}: {error}"
            );
            assert!(
                place.catalog().await.tables[0].column("extract").is_none(),
                "{dialect}: nothing was kept"
            );

            std::fs::write(&file, &sql).unwrap();
            apply(root.path(), &place).await.unwrap();
            std::fs::write(&file, format!("{sql}-- edited\n")).unwrap();
            let error = apply(root.path(), &place).await.unwrap_err();
            assert!(error.to_string().contains("edited after it was applied"), "{dialect}: {error}");
            assert_eq!(report(root.path(), &place, &model(SECOND)).await.status, Status::History);
        }
    });
}

#[test]
fn somebody_elses_change_is_drift_and_with_ours_a_conflict() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            generate(root.path(), &place, FIRST).await.unwrap();
            apply(root.path(), &place).await.unwrap();
            place
                .database
                .execute(&["ALTER TABLE posts ADD COLUMN note text".to_owned()])
                .await
                .unwrap();
            let drift = report(root.path(), &place, &model(FIRST)).await;
            assert_eq!(drift.status, Status::Drift);
            assert_eq!(drift.drift[0].kind, "column.add");
            assert_eq!(report(root.path(), &place, &model(SECOND)).await.status, Status::Conflict);
        }
    });
}

#[test]
fn an_existing_database_is_adopted_and_an_empty_one_gets_it_all() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = (empty(dialect).await, tempfile::tempdir().unwrap());
            let text = "use glaze::schema::*;
                #[entity(timestamps = false)]
                pub struct Post { pub title: Text }";
            place
                .database
                .execute(
                    &place
                        .plan(&model(text), None, &Answers::default())
                        .await
                        .statements(&*place.dialect),
                )
                .await
                .unwrap();
            place
                .database
                .execute(&["CREATE VIEW titles AS SELECT title FROM posts".to_owned()])
                .await
                .unwrap();
            let mut folder = Folder::open(root.path(), dialect).unwrap();
            let current = place.catalog().await;
            migrations::baseline(&mut folder, &mut model(text), &current, &*place.dialect, NOW).unwrap();
            assert_eq!(report(root.path(), &place, &model(text)).await.unmodelled.len(), 1);

            assert_eq!(report(root.path(), &place, &model(text)).await.status, Status::InSync, "{dialect}");
            assert_eq!(
                apply(root.path(), &place).await.unwrap(),
                Applied::default(),
                "{dialect}: nothing to do"
            );
            assert!(!place.database.has_journal().await.unwrap(), "{dialect}: nothing was written");

            let grown = text.replace("pub title: Text", "pub title: Text, pub note: Option<Text>");
            generate(root.path(), &place, &grown).await.unwrap();
            let applied = apply(root.path(), &place).await.unwrap();
            assert_eq!(
                (applied.adopted.as_deref(), applied.ran.len()),
                (Some("0000_baseline"), 1),
                "{dialect}"
            );
            assert_eq!(report(root.path(), &place, &model(&grown)).await.status, Status::InSync);

            let other = empty(dialect).await;
            assert_eq!(
                apply(root.path(), &other).await.unwrap().ran,
                ["0000_baseline", "0001_add_note"],
                "{dialect}"
            );
            assert_eq!(other.catalog().await.views.len(), 1);
        }
    });
}

#[test]
fn both_dialects_share_their_ids() {
    block_on(async {
        let root = tempfile::tempdir().unwrap();
        let mut shared = model(FIRST);
        for dialect in DIALECTS {
            let place = empty(dialect).await;
            let mut folder = Folder::open(root.path(), dialect).unwrap();
            migrations::generate(&mut folder, &mut shared, &*place.dialect, &Answers::default(), None, NOW)
                .await
                .unwrap();
        }
        let [one, other] = DIALECTS.map(|dialect| Folder::open(root.path(), dialect).unwrap().latest().unwrap().unwrap().model);
        assert_eq!(one, other);
    });
}
