//! The ways back.

use std::path::Path;

use glaze_converge::hints::Answers;
use glaze_converge::migrations::{self, Choice, Folder, RepairError, Site};

use crate::project::{FIRST, NOW, RENAMED, SECOND, append, apply, by_hand, codes, file, generate, grown, options, repair_all};
use crate::site;
use crate::support::{DIALECTS, Place, block_on, model};

async fn choose(root: &Path, place: &Place, code: &str, choice: Choice) -> Result<migrations::Repaired, RepairError> {
    let problems = migrations::problems(site!(root, place, &options())).await.unwrap();
    let problem = problems
        .iter()
        .find(|problem| problem.code == code)
        .unwrap_or_else(|| panic!("no {code} in {problems:?}"));
    assert!(
        problem.repairs.iter().all(|repair| !repair.description.is_empty()),
        "every way says what it will do"
    );
    migrations::repair(site!(root, place, &options()), problem, choice).await
}

#[test]
fn an_edited_file_is_restored_and_the_edit_kept_beside() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST, SECOND]).await;
            let path = file(root.path(), &place, 1);
            let before = std::fs::read_to_string(&path).unwrap();
            append(&path, "DROP TABLE posts;\n");
            assert_eq!(codes(root.path(), &place).await, ["edited"], "{dialect}");
            // It would make a difference, so it is not accepted.
            let error = choose(root.path(), &place, "edited", Choice::AcceptEdit).await.unwrap_err();
            assert!(error.to_string().contains("changes what"), "{dialect}: {error}");
            choose(root.path(), &place, "edited", Choice::RestoreFile).await.unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), before, "{dialect}");
            let kept = format!("{}.edited", path.display());
            assert!(std::fs::read_to_string(kept).unwrap().contains("DROP TABLE"), "{dialect}");
            assert!(codes(root.path(), &place).await.is_empty(), "{dialect}");
        }
    });
}

#[test]
fn an_edit_that_makes_no_difference_is_accepted() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST, SECOND]).await;
            let path = file(root.path(), &place, 1);
            append(&path, "-- a remark\n");
            repair_all(root.path(), &place).await;
            assert!(std::fs::read_to_string(&path).unwrap().ends_with("-- a remark\n"), "{dialect}");
            // Other words, the same result.
            append(&path, "UPDATE posts SET title = title;\n");
            choose(root.path(), &place, "edited", Choice::AcceptEdit).await.unwrap();
            assert!(codes(root.path(), &place).await.is_empty(), "{dialect}");
            generate(root.path(), &place, RENAMED).await.unwrap();
            assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 1, "{dialect}");
        }
    });
}

#[test]
fn missing_files_come_back() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST, SECOND, RENAMED]).await;
            let folder = Folder::open(root.path(), dialect).unwrap();
            let entry = &folder.journal.entries[1];
            let sql = std::fs::read_to_string(folder.sql_path(entry)).unwrap();
            let snapshot = folder.snapshot(entry).unwrap();
            std::fs::remove_file(folder.sql_path(entry)).unwrap();
            std::fs::remove_file(folder.snapshot_path(entry)).unwrap();
            assert_eq!(codes(root.path(), &place).await, ["missing_snapshot", "missing_file"], "{dialect}");
            choose(root.path(), &place, "missing_file", Choice::RestoreFile).await.unwrap();
            choose(root.path(), &place, "missing_snapshot", Choice::RebuildSnapshot)
                .await
                .unwrap();
            assert_eq!(std::fs::read_to_string(folder.sql_path(entry)).unwrap(), sql, "{dialect}");
            let rebuilt = folder.snapshot(entry).unwrap();
            let steps = glaze_converge::diff::compare_catalogs(&rebuilt.catalog, &snapshot.catalog, &*place.dialect);
            assert!(steps.is_empty(), "{dialect}: {steps:?}");
            assert!(codes(root.path(), &place).await.is_empty(), "{dialect}");
        }
    });
}

#[test]
fn a_damaged_journal_is_made_again_from_the_files() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST, SECOND]).await;
            let before = Folder::open(root.path(), dialect).unwrap().journal;
            let path = root.path().join(dialect).join("journal.json");
            std::fs::write(&path, "{ \"version\": 1, \"entr").unwrap();
            assert_eq!(codes(root.path(), &place).await, ["journal_damaged"], "{dialect}");
            repair_all(root.path(), &place).await;
            let after = Folder::open(root.path(), dialect).unwrap().journal;
            let said = |journal: &migrations::Journal| -> Vec<_> {
                let entries = journal.entries.iter();
                entries
                    .map(|entry| {
                        (
                            entry.full_name(),
                            entry.parent_hash.clone(),
                            entry.state_hash.clone(),
                            entry.file_hash.clone(),
                        )
                    })
                    .collect()
            };
            assert_eq!(said(&before), said(&after), "{dialect}");
            assert!(codes(root.path(), &place).await.is_empty(), "{dialect}");
        }
    });
}

/// Two branches from one state: what each has written, and `journal.json` and the snapshot as git leaves them.
async fn two_branches(dialect: &str, ours_by_hand: &str) -> (Place, tempfile::TempDir) {
    let (place, root) = grown(dialect, &[FIRST]).await;
    let theirs = tempfile::tempdir().unwrap();
    copy(root.path(), theirs.path());
    generate(root.path(), &place, SECOND).await.unwrap();
    append(&file(root.path(), &place, 1), ours_by_hand);
    let other = FIRST.replace("pub title: String", "pub title: String, pub stars: Option<i32>");
    generate(theirs.path(), &place, &other).await.unwrap();
    let (ours, theirs) = (root.path().join(dialect), theirs.path().join(dialect));
    std::fs::copy(theirs.join("0002_add_stars.sql"), ours.join("0002_add_stars.sql")).unwrap();
    for name in ["journal.json", "meta/0002.snapshot.json"] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
        let text = format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n", read(&ours), read(&theirs));
        std::fs::write(ours.join(name), text).unwrap();
    }
    (place, root)
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

const BOTH: &str = "use glaze::schema::*;
#[entity]
pub struct Post { pub title: String, pub stars: Option<i32>, pub owner: Option<Ref<User>>, pub excerpt: Option<Text> }";

#[test]
fn two_branches_with_one_number_are_put_one_after_the_other() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = two_branches(dialect, "UPDATE posts SET title = 'by hand';\n").await;
            assert_eq!(codes(root.path(), &place).await, ["journal_conflict"], "{dialect}");
            repair_all(root.path(), &place).await;
            let folder = Folder::open(root.path(), dialect).unwrap();
            let names: Vec<String> = folder.journal.entries.iter().map(migrations::Entry::full_name).collect();
            assert_eq!(names, ["0001_init", "0002_add_excerpt", "0003_add_stars"], "{dialect}");
            assert!(
                folder.sql(&folder.journal.entries[1]).unwrap().unwrap().contains("by hand"),
                "{dialect}"
            );
            assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 2, "{dialect}");
            assert_eq!(
                generate(root.path(), &place, BOTH).await.unwrap(),
                None,
                "{dialect}: the schema of both is made"
            );
            assert_eq!(place.difference(&model(BOTH)).await.len(), 0, "{dialect}");
        }
    });
}

#[test]
fn the_branch_that_was_applied_comes_first() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = two_branches(dialect, "UPDATE posts SET title = 'by hand';\n").await;
            // Theirs was deployed here.
            let sql = std::fs::read_to_string(root.path().join(dialect).join("0002_add_stars.sql")).unwrap();
            place.database.execute(&place.dialect.split(&sql)).await.unwrap();
            let mut row = place.database.journal().await.unwrap().remove(0);
            row.name = "0002_add_stars".to_owned();
            row.hash = migrations::file_hash(&sql);
            row.sql = Some(sql);
            place.database.record(&row).await.unwrap();
            repair_all(root.path(), &place).await;
            let folder = Folder::open(root.path(), dialect).unwrap();
            let names: Vec<String> = folder.journal.entries.iter().map(migrations::Entry::full_name).collect();
            assert_eq!(names, ["0001_init", "0002_add_stars", "0003_add_excerpt"], "{dialect}");
            let last = folder.sql(&folder.journal.entries[2]).unwrap().unwrap();
            assert!(
                last.contains("written by hand in 0002_add_excerpt") && last.contains("'by hand'"),
                "{dialect}: {last}"
            );
            assert_eq!(apply(root.path(), &place).await.unwrap().ran, ["0003_add_excerpt"], "{dialect}");
            assert_eq!(place.difference(&model(BOTH)).await.len(), 0, "{dialect}");
        }
    });
}

#[test]
fn the_same_thing_changed_on_both_branches_is_not_guessed() {
    block_on(async {
        let (place, root) = grown("sqlite", &[FIRST]).await;
        let theirs = tempfile::tempdir().unwrap();
        copy(root.path(), theirs.path());
        generate(root.path(), &place, SECOND).await.unwrap();
        generate(theirs.path(), &place, &SECOND.replace("Option<Text>", "Option<i32>"))
            .await
            .unwrap();
        let (ours, theirs) = (root.path().join("sqlite"), theirs.path().join("sqlite"));
        for name in ["journal.json", "meta/0002.snapshot.json"] {
            let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
            std::fs::write(
                ours.join(name),
                format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> theirs\n", read(&ours), read(&theirs)),
            )
            .unwrap();
        }
        let error = choose(root.path(), &place, "journal_conflict", Choice::MergeBranches)
            .await
            .unwrap_err();
        assert!(error.to_string().contains("excerpt"), "{error}");
    });
}

#[test]
fn a_branch_that_came_in_between_is_put_at_the_end() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let mut folder = Folder::open(root.path(), dialect).unwrap();
            // Another branch's 0003, made from 0001, was merged behind our 0002 and deployed.
            let other = tempfile::tempdir().unwrap();
            copy(root.path(), other.path());
            let mut before = Folder::open(other.path(), dialect).unwrap();
            before.journal.entries.truncate(1);
            before.save().unwrap();
            std::fs::remove_file(other.path().join(dialect).join("0002_add_excerpt.sql")).unwrap();
            let text = FIRST.replace("pub title: String", "pub title: String, pub stars: Option<i32>");
            let mut made = Folder::open(other.path(), dialect).unwrap();
            migrations::generate(&mut made, &mut model(&text), &*place.dialect, &Answers::default(), None, NOW)
                .await
                .unwrap();
            let mut entry = made.journal.entries[1].clone();
            let (sql, snapshot) = (made.sql(&entry).unwrap().unwrap(), made.snapshot(&entry).unwrap());
            entry.number = 3;
            folder.add(entry.clone(), &sql, &snapshot).unwrap();
            by_hand(&place, &place.dialect.split(&sql).iter().map(String::as_str).collect::<Vec<_>>()).await;
            let mut row = place.database.journal().await.unwrap().remove(0);
            row.name = entry.full_name();
            row.hash = migrations::file_hash(&sql);
            row.sql = Some(sql);
            place.database.record(&row).await.unwrap();

            assert_eq!(codes(root.path(), &place).await, ["forked", "out_of_order"], "{dialect}");
            repair_all(root.path(), &place).await;
            assert_eq!(apply(root.path(), &place).await.unwrap().ran, ["0004_add_excerpt"], "{dialect}");
            assert_eq!(place.difference(&model(BOTH)).await.len(), 0, "{dialect}");
        }
    });
}

#[test]
fn what_only_the_database_has_comes_in() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST, SECOND]).await;
            let mut folder = Folder::open(root.path(), dialect).unwrap();
            let gone = folder.journal.entries.pop().unwrap();
            folder.save().unwrap();
            std::fs::remove_file(folder.sql_path(&gone)).unwrap();
            std::fs::remove_file(folder.snapshot_path(&gone)).unwrap();
            assert_eq!(codes(root.path(), &place).await, ["unknown_applied"], "{dialect}");
            choose(root.path(), &place, "unknown_applied", Choice::BringIn).await.unwrap();
            assert!(codes(root.path(), &place).await.is_empty(), "{dialect}");
            assert_eq!(apply(root.path(), &place).await.unwrap().ran.len(), 0, "{dialect}");
        }
    });
}

#[test]
fn a_file_too_many_is_listed_where_it_fits_and_else_put_beside() {
    block_on(async {
        for dialect in DIALECTS {
            let (place, root) = grown(dialect, &[FIRST]).await;
            generate(root.path(), &place, SECOND).await.unwrap();
            let mut folder = Folder::open(root.path(), dialect).unwrap();
            folder.journal.entries.pop();
            folder.save().unwrap();
            std::fs::write(root.path().join(dialect).join("notes.sql"), "SELECT 1;").unwrap();
            assert_eq!(codes(root.path(), &place).await, ["unlisted", "unlisted"], "{dialect}");
            choose(root.path(), &place, "unlisted", Choice::SetAside).await.unwrap_or_default();
            std::fs::rename(
                root.path().join(dialect).join("0002_add_excerpt.sql.aside"),
                root.path().join(dialect).join("0002_add_excerpt.sql"),
            )
            .unwrap();
            std::fs::remove_file(root.path().join(dialect).join("notes.sql")).unwrap();
            repair_all(root.path(), &place).await;
            assert_eq!(apply(root.path(), &place).await.unwrap().ran, ["0002_add_excerpt"], "{dialect}");
        }
    });
}
