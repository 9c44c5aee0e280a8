//! Pairs of schemas (`corpus/<case>/a.rs`, `b.rs`), each way, on every database: create the first, fill it, plan to the second, run,
//! and then the database equals a fresh one of the second schema, nothing differs any more, and the rows are still there.
//!
//! `answers.json` answers what a person would be asked on the way from a to b, `answers_back.json` on the way back; what they leave
//! open is answered as obvious: renames confirmed, missing values given, removed enum values become the first that is left.
//! A file `back_fails` says that the rows forbid the way back: then it must fail and leave everything as it was.
//! `expect.toml` may say which kinds of step the way from a to b has (`kinds = [...]`).
//! `GLAZE_CORPUS=name` runs the cases whose name contains it.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use glaze_converge::catalog::{Catalog, ObjectName};
use glaze_converge::diff::compare_catalogs;
use glaze_converge::hints::Answers;
use glaze_converge::plan::Plan;
use glaze_converge::port::Scope;
use glaze_converge::step::Step;
use glaze_model::Model;
use support::seed;
use support::{Place, block_on, fresh, model, wiped};

/// How the error of a plan begins that failed on the rows and left everything as it was.
const FAILS: &str = "fails on the rows";

#[test]
fn every_case_converges_on_sqlite() {
    run("sqlite");
}

#[test]
fn every_case_converges_on_postgres() {
    run("postgres");
}

fn run(dialect: &'static str) {
    let only = std::env::var("GLAZE_CORPUS").unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut cases: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases.retain(|case| case.file_name().is_some_and(|name| name.to_string_lossy().contains(&only)));
    let count = cases.len();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                block_on(async {
                    let mut places = (fresh(dialect).await, fresh(dialect).await);
                    while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                        let (wrong, used) = run_case(case, dialect, places).await;
                        places = used;
                        failed.lock().unwrap().extend(wrong);
                    }
                });
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    assert!(count > 0, "no case is called like {only}");
    assert!(failed.is_empty(), "{} of {count}\n{}", failed.len(), failed.join("\n\n"));
}

/// A case both ways; what went wrong. The two databases are wiped before each way.
async fn run_case(case: &Path, dialect: &'static str, mut places: (Place, Place)) -> (Vec<String>, (Place, Place)) {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let text = |file: &str| std::fs::read_to_string(case.join(file)).unwrap();
    let answers = |file: &str| match std::fs::read_to_string(case.join(file)) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => Answers::default(),
    };
    let kinds = std::fs::read_to_string(case.join("expect.toml"))
        .ok()
        .and_then(|text| expected(&text, dialect));
    let (a, b) = (model(&text("a.rs")), model(&text("b.rs")));
    let mut failed = Vec::new();
    for (way, from, to, answers, kinds) in [
        ("->", &a, &b, answers("answers.json"), kinds),
        ("<-", &b, &a, answers("answers_back.json"), None),
    ] {
        let back_fails = way == "<-" && case.join("back_fails").exists();
        places = (wiped(places.0).await, wiped(places.1).await);
        match (converge(&places, from, to, answers, kinds).await, back_fails) {
            (Err(error), false) => failed.push(format!("{name} {way} on {dialect}: {error}")),
            (Ok(()), true) => failed.push(format!("{name} {way} on {dialect}: should have failed on the rows that are there")),
            (Err(error), true) if !error.starts_with(FAILS) => failed.push(format!("{name} {way} on {dialect}: {error}")),
            _ => {}
        }
    }
    (failed, places)
}

fn expected(text: &str, dialect: &str) -> Option<BTreeSet<String>> {
    let table: toml::Table = text.parse().unwrap();
    let list = table.get(&format!("kinds_{dialect}")).or_else(|| table.get("kinds"))?;
    Some(
        list.as_array()
            .unwrap()
            .iter()
            .map(|kind| kind.as_str().unwrap().to_owned())
            .collect(),
    )
}

async fn converge(
    (place, other): &(Place, Place),
    from: &Model,
    to: &Model,
    answers: Answers,
    kinds: Option<BTreeSet<String>>,
) -> Result<(), String> {
    place.create(from).await?;
    let left = place.difference(from).await;
    if !left.is_empty() {
        return Err(format!("differs after creation: {}", list(&left)));
    }
    let created = place.catalog().await;
    let mut all = place.database.introspect(&Scope::system()).await.unwrap();
    all.tables.retain(|table| matches!(table.name.name.as_str(), "user" | "glaze_user"));
    all.tables.extend(created.tables.clone());
    all.enums.extend(created.enums.clone());
    place
        .database
        .execute(&seed::seed(&all, &*place.dialect))
        .await
        .map_err(|error| format!("seeding: {error}"))?;

    let plan = settled(place, from, to, answers).await?;
    if let Some(kinds) = kinds {
        let found: BTreeSet<String> = plan.steps().map(|step| step.kind().to_owned()).collect();
        if found != kinds {
            return Err(format!("expected {kinds:?}, planned {found:?}"));
        }
    }
    let kept = kept_columns(&created, &plan);
    let before = values(place, kept.iter().map(|(old, _)| old)).await;
    if let Err(error) = place.run(&plan).await {
        let unchanged = compare_catalogs(&created, &place.catalog().await, &*place.dialect);
        let rows = values(place, kept.iter().map(|(old, _)| old)).await;
        return match unchanged.is_empty() && rows == before {
            true => Err(format!("{FAILS}: {error}")),
            false => Err(format!("failed and left something behind: {error}")),
        };
    }

    let after = values(place, kept.iter().map(|(_, new)| new)).await;
    for (((table, column), _), (before, after)) in kept.iter().zip(before.iter().zip(&after)) {
        if before != after {
            return Err(format!("rows of {table}.{column} changed: {before:?} became {after:?}"));
        }
    }
    let migrated = place.catalog().await;
    let difference = place.difference(to).await;
    if !difference.is_empty() {
        return Err(format!(
            "second diff is not empty: {}\n{}",
            list(&difference),
            plan.statements(&*place.dialect).join(";\n")
        ));
    }
    let promised = compare_catalogs(
        &place.database.canonicalise(&plan.to, &migrated).await.unwrap(),
        &migrated,
        &*place.dialect,
    );
    if !promised.is_empty() {
        return Err(format!("not what the plan promised: {}", list(&promised)));
    }
    other.create(to).await?;
    let steps = compare_catalogs(&migrated, &other.catalog().await, &*place.dialect);
    if !steps.is_empty() {
        return Err(format!(
            "not equal to a fresh database: {}\n{}",
            list(&steps),
            plan.statements(&*place.dialect).join(";\n")
        ));
    }
    Ok(())
}

fn list(steps: &[Step]) -> String {
    steps
        .iter()
        .map(|step| format!("{} {}\n    {step:?}", step.kind(), step.object()))
        .collect::<Vec<_>>()
        .join("\n  ")
}

/// The plan with everything answered.
async fn settled(place: &Place, from: &Model, to: &Model, mut answers: Answers) -> Result<Plan, String> {
    for _ in 0..5 {
        let plan = place.plan(to, Some(from), &answers).await;
        if !plan.refusals.is_empty() {
            return Err(format!("refused: {:?}", plan.refusals));
        }
        let before = answers.clone();
        for question in &plan.questions {
            if question.kind == "rename" {
                answers.renames.insert(question.from.clone(), Some(question.to.clone()));
            }
        }
        for step in plan.steps() {
            answer(step, &plan, &*place.dialect, &mut answers);
        }
        if answers == before {
            return match plan.questions.is_empty() {
                true => Ok(plan),
                false => Err(format!("unanswered: {:?}", plan.questions)),
            };
        }
    }
    Err("the answers do not settle".to_owned())
}

fn answer(step: &Step, plan: &Plan, dialect: &dyn glaze_converge::dialect::CatalogDialect, answers: &mut Answers) {
    let fill = |table: &ObjectName, column: &str| {
        let table = plan.to.table(table).unwrap();
        let column = table.column(column).unwrap();
        match seed::values(&plan.to, table, column, dialect) {
            Some(values) => format!("'{}'", values[0]),
            None => seed::filling(&column.ty, dialect),
        }
    };
    match step {
        Step::ColumnAdd {
            table, column, fill: None, ..
        } if !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none() => {
            answers.backfill.insert(step.object(), fill(table, &column.name));
        }
        Step::ColumnNullableDrop { table, column, fill: None } => {
            answers.backfill.insert(step.object(), fill(table, column));
        }
        Step::EnumRemoveValue {
            name,
            value,
            to: None,
            column: Some(column),
        } => {
            let table = plan.to.table(name).unwrap();
            if let Some(left) = seed::values(&plan.to, table, table.column(column).unwrap(), dialect) {
                answers
                    .enum_value_map
                    .entry(format!("{name}.{column}"))
                    .or_default()
                    .insert(value.clone(), left[0].clone());
            }
        }
        Step::EnumReplace { from, to, map, .. } => {
            for value in from
                .values
                .iter()
                .filter(|value| !to.values.contains(value) && !map.contains_key(*value))
            {
                answers
                    .enum_value_map
                    .entry(to.name.to_string())
                    .or_default()
                    .insert(value.clone(), to.values[0].clone());
            }
        }
        _ => {}
    }
}

type Place2 = (ObjectName, String);

/// Columns that the plan is not about, as they are called before and after.
fn kept_columns(created: &Catalog, plan: &Plan) -> Vec<(Place2, Place2)> {
    let touched = |table: &ObjectName, column: &str| {
        plan.steps().any(|step| match step {
            Step::ColumnType { table: on, to, .. } | Step::ColumnGenerated { table: on, to, .. } => on == table && to.name == column,
            Step::ColumnNullableDrop {
                table: on, column: name, ..
            } => on == table && name == column,
            Step::EnumRenameValue {
                column: Some(name),
                name: on,
                ..
            }
            | Step::EnumRemoveValue {
                column: Some(name),
                name: on,
                ..
            } => on == table && name == column,
            Step::EnumReplace { uses, .. } => uses.iter().any(|item| item.table == *table && item.column == column),
            Step::EnumRenameValue { column: None, name, .. } => plan
                .to
                .table(table)
                .unwrap()
                .column(column)
                .is_some_and(|column| column.ty.contains(&name.name)),
            _ => false,
        })
    };
    let mut out = Vec::new();
    for table in &created.tables {
        let new = plan.hints.tables.get(&table.name).unwrap_or(&table.name);
        let Some(after) = plan.to.table(new) else { continue };
        for column in table.columns.iter().filter(|column| column.generated.is_none()) {
            let name = plan.hints.columns.get(&(new.clone(), column.name.clone())).unwrap_or(&column.name);
            if after.column(name).is_some_and(|column| column.generated.is_none()) && !touched(new, name) {
                out.push(((table.name.clone(), column.name.clone()), (new.clone(), name.clone())));
            }
        }
    }
    out
}

async fn values(place: &Place, columns: impl Iterator<Item = &Place2>) -> Vec<Vec<Option<String>>> {
    let mut out = Vec::new();
    for (table, column) in columns {
        let cast = if place.dialect.name() == "postgres" { "::text" } else { "" };
        let sql = format!(
            "SELECT {}{cast} FROM {} ORDER BY 1",
            place.dialect.quote(column),
            place.dialect.quote_table(table)
        );
        out.push(place.rows(&sql).await.into_iter().map(|row| row[0].clone()).collect());
    }
    out
}
