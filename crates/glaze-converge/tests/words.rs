//! What `#[was]` says of a bare database, without the model that it was made from: done once, never twice, and nothing is dropped for it.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::hints::Answers;
use glaze_converge::plan::Plan;

use support::{DIALECTS, Place, block_on, empty, model};

const HEAD: &str = "use glaze::schema::*;\n#[entity(timestamps = false)]\npub struct Post ";

async fn made(dialect: &str, fields: &str, row: &str) -> Place {
    let place = empty(dialect).await;
    place.create(&model(&format!("{HEAD}{fields}"))).await.unwrap();
    let insert = format!("INSERT INTO posts (id, a, b) VALUES ('00000000-0000-7000-8000-000000000001', {row})");
    place.database.execute(&[insert]).await.unwrap();
    place
}

async fn planned(place: &Place, fields: &str, answers: &str) -> Plan {
    let answers: Answers = serde_json::from_str(answers).unwrap();
    place.plan(&model(&format!("{HEAD}{fields}")), None, &answers).await
}

async fn row(place: &Place, columns: &str) -> Vec<String> {
    let rows = place.rows(&format!("SELECT {columns} FROM posts")).await;
    rows[0].iter().map(|cell| cell.clone().unwrap_or_default()).collect()
}

fn asked(plan: &Plan) -> Vec<(String, String)> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    plan.questions
        .iter()
        .map(|question| (last(&question.from), last(&question.to)))
        .collect()
}

#[test]
fn names_that_change_places_are_asked_about() {
    block_on(async {
        for dialect in DIALECTS {
            let place = made(dialect, "{ pub a: String, pub b: String }", "'x', 'y'").await;
            let swapped = "{ #[was(\"b\")] pub a: String, #[was(\"a\")] pub b: String }";
            let pairs = [("a".to_owned(), "b".to_owned()), ("b".to_owned(), "a".to_owned())];
            let open = planned(&place, swapped, "{}").await;
            assert_eq!(asked(&open), pairs, "{dialect}");
            assert!(open.is_empty(), "{dialect}: {:?}", open.actions);

            let yes = r#"{"renames": {"posts.a": "posts.b", "posts.b": "posts.a"}}"#;
            let plan = planned(&place, swapped, yes).await;
            assert!(plan.questions.is_empty() && plan.refusals.is_empty(), "{dialect}: {plan:#?}");
            place.run(&plan).await.unwrap();
            assert_eq!(row(&place, "a, b").await, ["y", "x"], "{dialect}");

            // Done: asked again, not done again.
            assert_eq!(asked(&planned(&place, swapped, "{}").await), pairs, "{dialect}");
            let done = planned(&place, swapped, r#"{"renames": {"posts.a": null, "posts.b": null}}"#).await;
            assert!(done.is_empty() && done.questions.is_empty(), "{dialect}: {done:#?}");
        }
    });
}

#[test]
fn types_tell_whether_names_have_changed_places() {
    block_on(async {
        for dialect in DIALECTS {
            let place = made(dialect, "{ pub a: String, pub b: i64 }", "'x', 7").await;
            let swapped = "{ #[was(\"b\")] pub a: i64, #[was(\"a\")] pub b: String }";
            let plan = planned(&place, swapped, "{}").await;
            assert!(plan.questions.is_empty(), "{dialect}: {:?}", plan.questions);
            place.run(&plan).await.unwrap();
            assert_eq!(row(&place, "a, b").await, ["7", "x"], "{dialect}");
            let again = planned(&place, swapped, "{}").await;
            assert!(again.is_empty() && again.questions.is_empty(), "{dialect}: {again:#?}");
        }
    });
}

#[test]
fn a_name_that_is_there_is_not_taken_by_another() {
    block_on(async {
        for dialect in DIALECTS {
            let place = made(dialect, "{ pub a: String, pub b: String }", "'x', 'y'").await;
            let onto = "{ #[was(\"b\")] pub a: String }";
            let open = planned(&place, onto, "{}").await;
            let codes: Vec<&str> = open.refusals.iter().map(|refusal| refusal.code.as_str()).collect();
            assert_eq!(codes, ["rename_contradicted"], "{dialect}");

            let dropped = planned(&place, onto, r#"{"renames": {"posts.b": null}}"#).await;
            let kinds: Vec<&str> = dropped.steps().map(|step| step.kind()).collect();
            assert!(dropped.refusals.is_empty() && kinds == ["column.drop"], "{dialect}: {kinds:?}");

            let instead = r#"{"renames": {"posts.a": null, "posts.b": "posts.a"}}"#;
            let plan = planned(&place, onto, instead).await;
            assert!(plan.refusals.is_empty() && plan.questions.is_empty(), "{dialect}: {plan:#?}");
            place.run(&plan).await.unwrap();
            assert_eq!(row(&place, "a").await, ["y"], "{dialect}");
            assert!(planned(&place, onto, "{}").await.is_empty(), "{dialect}");
        }
    });
}
