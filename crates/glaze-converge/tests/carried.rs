//! What the model cannot say stays: through plans, through rebuilds, and as a reason to refuse.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::assess::{Risk, assess};
use glaze_converge::hints::Answers;
use support::{DIALECTS, Place, block_on, empty, model};

const BEFORE: &str = "use glaze::schema::*;
#[entity(timestamps = false)]
pub struct Post { pub title: Text, pub views: i32 }";
const AFTER: &str = "use glaze::schema::*;
#[entity(timestamps = false)]
#[db(table = \"posts\")]
#[was(\"Post\")]
pub struct Article { pub title: Text, #[was(\"views\")] pub hits: i64 }";

async fn execute(place: &Place, statements: &[&str]) {
    let statements: Vec<String> = statements.iter().map(|sql| (*sql).to_owned()).collect();
    place.database.execute(&statements).await.unwrap();
}

async fn prepared(dialect: &str) -> Place {
    let place = empty(dialect).await;
    place.create(&model(BEFORE)).await.unwrap();
    execute(&place, &["CREATE TABLE log (note text)"]).await;
    match dialect {
        "sqlite" => {
            execute(
                &place,
                &[
                    "CREATE INDEX exotic ON posts (title COLLATE NOCASE)",
                    "CREATE TRIGGER watch AFTER UPDATE OF views ON posts BEGIN INSERT INTO log VALUES (old.views || ' -> ' || new.views); END",
                    "CREATE VIEW titles AS SELECT title FROM posts",
                    "INSERT INTO posts (id, title, views) VALUES ('a', 'One', 1)",
                ],
            )
            .await;
        }
        _ => {
            execute(
                &place,
                &[
                    "CREATE INDEX exotic ON posts (title text_pattern_ops)",
                    "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('seen'); RETURN new; END $$",
                    "CREATE TRIGGER watch AFTER UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION watch()",
                    "CREATE VIEW titles AS SELECT title FROM posts",
                    "INSERT INTO posts (id, title, views) VALUES ('00000000-0000-7000-8000-000000000001', 'One', 1)",
                ],
            )
            .await;
        }
    }
    place
}

/// The log table is not the model's; answered as somebody else's by planning against the snapshot's model.
#[test]
fn triggers_views_and_exotic_indexes_survive_a_rename_and_a_change_of_type() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let plan = place.plan(&model(AFTER), Some(&model(BEFORE)), &Answers::default()).await;
            let kinds: Vec<&str> = plan.steps().map(|step| step.kind()).collect();
            assert!(
                kinds.contains(&"column.rename") && kinds.contains(&"column.type"),
                "{dialect}: {kinds:?}"
            );
            assert!(
                !kinds.iter().any(|kind| kind.ends_with(".drop") && *kind != "check.drop"),
                "{dialect}: {kinds:?}"
            );
            place.run(&plan).await.unwrap();
            let catalog = place.catalog().await;
            let posts = catalog.tables.iter().find(|table| table.name.name == "posts").unwrap();
            assert!(
                posts.indexes.iter().any(|index| index.name == "exotic" && index.exotic.is_some()),
                "{dialect}"
            );
            assert!(catalog.unmodelled.iter().any(|item| item.kind == "trigger"), "{dialect}");
            assert_eq!(catalog.views.len(), 1, "{dialect}");
            execute(&place, &["UPDATE posts SET hits = 2"]).await;
            assert_eq!(
                place.rows("SELECT count(*) FROM log").await[0][0].as_deref(),
                Some("1"),
                "{dialect}"
            );
            assert_eq!(
                place.rows("SELECT title FROM titles").await[0][0].as_deref(),
                Some("One"),
                "{dialect}"
            );
        }
    });
}

#[test]
fn a_column_under_a_view_is_not_dropped() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let without = BEFORE.replace("pub title: Text, ", "");
            let plan = place.plan(&model(&without), Some(&model(BEFORE)), &Answers::default()).await;
            assert_eq!(plan.refusals.len(), 1, "{dialect}");
            assert!(
                plan.refusals[0].message.contains("titles"),
                "{dialect}: {}",
                plan.refusals[0].message
            );
        }
    });
}

#[test]
fn tables_the_snapshot_never_knew_are_left_alone() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let plan = place.plan(&model(BEFORE), Some(&model(BEFORE)), &Answers::default()).await;
            assert!(plan.is_empty(), "{dialect}: {:?}", plan.actions);
        }
    });
}

#[test]
fn hazards_are_counted() {
    block_on(async {
        for dialect in DIALECTS {
            let place = prepared(dialect).await;
            let next = "use glaze::schema::*;
                #[entity(timestamps = false)]
                pub struct Post { pub title: Text, pub body: Text }";
            let mut answers = Answers::default();
            answers.renames.insert("posts.views".to_owned(), None);
            let plan = place.plan(&model(next), Some(&model(BEFORE)), &answers).await;
            let report = assess(&plan, &*place.dialect, Some(&*place.database)).await.unwrap();
            let find = |kind: &str| report.iter().find(|step| step.kind == kind).unwrap();
            let (dropped, added) = (find("column.drop"), find("column.add"));
            assert_eq!(
                (dropped.risk, dropped.hazards[0].code.as_str(), dropped.hazards[0].rows),
                (Risk::Destructive, "column_dropped", Some(1))
            );
            assert_eq!(
                (added.hazards[0].code.as_str(), added.hazards[0].rows, added.hazards[0].blocks),
                ("required_without_value", Some(1), true)
            );
        }
    });
}

#[test]
fn five_hundred_tables_are_read_and_compared_quickly() {
    block_on(async {
        let place = empty("sqlite").await;
        let text: String = (0..500)
            .map(|n| {
                format!(
                    "#[entity]\n#[index(b)]\npub struct Thing{n} {{ #[unique] pub a: String, pub b: i32, pub c: Option<Ref<Thing0>> }}\n"
                )
            })
            .collect();
        let model = model(&format!("use glaze::schema::*;\n{text}"));
        place.create(&model).await.unwrap();
        let start = std::time::Instant::now();
        assert!(place.difference(&model).await.is_empty());
        // Unoptimised and beside other tests; a release build takes a tenth.
        assert!(start.elapsed().as_secs_f32() < 3.0, "{:?}", start.elapsed());
    });
}
