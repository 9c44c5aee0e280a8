//! One way of a case on one database.

use std::collections::BTreeSet;

use glaze_converge::assess::{Risk, StepReport, assess};
use glaze_converge::catalog::Catalog;
use glaze_converge::diff::compare_catalogs;
use glaze_converge::plan::Plan;
use glaze_converge::port::Scope;
use glaze_converge::step::Step;
use glaze_model::Model;

use super::case::{Case, Way, split};
use super::rows::{self, Kept};
use super::support::{Place, seed};
use super::{golden, settle};

/// How it ended, in the words of `--- expect`.
#[derive(Debug, PartialEq)]
enum End {
    Done,
    Fails(String),
    Asks(BTreeSet<String>),
    Refused(BTreeSet<String>),
}

/// Goes from one model to the other in `place`, where the first is; `other` holds the second, fresh. The golden text of it.
pub async fn go(place: &Place, other: &Place, case: &Case, way: Way, from: &Model, to: &Model) -> Result<String, String> {
    let left = place.difference(from).await;
    if !left.is_empty() {
        return Err(format!("differs after creation: {}", list(&left)));
    }
    let created = place.catalog().await;
    fill(place, &created, case, way).await?;
    let (plan, asked) = settle::settled(place, from, to, case.answers(way)?).await?;
    let report = assess(&plan, &*place.dialect, Some(&*place.database))
        .await
        .map_err(|error| format!("probes: {error}"))?;
    let mut text = golden::text(&asked, &plan, &report, &*place.dialect);
    let kept = rows::kept(&created, &plan);
    let before = rows::values(place, &kept, false).await;
    let end = run(place, &plan).await;
    match &end {
        End::Done => {
            let after = rows::values(place, &kept, true).await;
            same_rows(&kept, &before, &after)?;
            proven(place, other, to, &plan, &unlike(case, way, place)).await?;
            for (column, values) in rows::made(place, &kept, &plan).await {
                text += &format!("= {column}: {}\n", values.join(", "));
            }
        }
        End::Fails(error) => {
            unchanged(place, &created, &kept, &before)
                .await
                .map_err(|what| format!("{what}: {error}"))?;
            text += "! fails on the rows\n";
        }
        End::Asks(kinds) => text += &format!("! asks {}\n", words(kinds)),
        End::Refused(codes) => text += &format!("! refused {}\n", words(codes)),
    }
    foretold(&end, &report)?;
    expect(case, way, place, &plan, &report, &end).await?;
    Ok(text)
}

fn words(set: &BTreeSet<String>) -> String {
    set.iter().cloned().collect::<Vec<_>>().join(" ")
}

fn list(steps: &[Step]) -> String {
    let words = |step: &Step| format!("{} {}\n    {step:?}", step.kind(), step.object());
    steps.iter().map(words).collect::<Vec<_>>().join("\n  ")
}

async fn fill(place: &Place, created: &Catalog, case: &Case, way: Way) -> Result<(), String> {
    let mut all = place.database.introspect(&Scope::system()).await.unwrap();
    all.tables
        .retain(|table| matches!(table.name.name.trim_start_matches("glaze_"), "user" | "asset" | "assets"));
    all.tables.extend(created.tables.clone());
    all.enums.extend(created.enums.clone());
    let mut rows = case.rows(way, place.dialect.name());
    let known = |column: &String| {
        created.tables.iter().any(|table| {
            column == &table.name.name
                || table
                    .columns
                    .iter()
                    .any(|item| *column == format!("{}.{}", table.name.name, item.name))
        })
    };
    if let Some(unknown) = rows.keys().find(|column| !known(column)) {
        return Err(format!("rows for {unknown}, which is not there"));
    }
    for table in all.tables.iter().filter(|table| table.column("sha256").is_some()) {
        let hashes = (1..=seed::ROWS).map(|row| format!("'{row:064}'")).collect();
        rows.insert(format!("{}.sha256", table.name.name), hashes);
    }
    let statements = seed::seed_with(&all, &*place.dialect, &rows);
    place
        .database
        .execute(&statements)
        .await
        .map_err(|error| format!("seeding: {error}"))
}

async fn run(place: &Place, plan: &Plan) -> End {
    if !plan.refusals.is_empty() {
        return End::Refused(plan.refusals.iter().map(|refusal| refusal.code.clone()).collect());
    }
    if !plan.questions.is_empty() {
        return End::Asks(plan.questions.iter().map(|question| question.kind.clone()).collect());
    }
    match place.run(plan).await {
        Ok(()) => End::Done,
        Err(error) => End::Fails(error),
    }
}

/// What fails leaves everything as it was.
async fn unchanged(place: &Place, created: &Catalog, kept: &[Kept], before: &[Vec<String>]) -> Result<(), String> {
    let steps = compare_catalogs(created, &place.catalog().await, &*place.dialect);
    match steps.is_empty() && rows::values(place, kept, false).await == before {
        true => Ok(()),
        false => Err(format!("failed and left something behind: {}", list(&steps))),
    }
}

fn same_rows(kept: &[Kept], before: &[Vec<String>], after: &[Vec<String>]) -> Result<(), String> {
    for (item, (before, after)) in kept.iter().zip(before.iter().zip(after)) {
        if before != after {
            return Err(format!("rows of {} changed: {before:?} became {after:?}", item.after));
        }
    }
    Ok(())
}

/// Kinds of steps by which the database may differ from a fresh one.
fn unlike(case: &Case, way: Way, place: &Place) -> BTreeSet<String> {
    let lines = case.expected(way, place.dialect.name());
    let lines = lines.iter().filter(|(verb, _)| verb == "unlike");
    lines.flat_map(|(_, rest)| rest.split(' ')).map(str::to_owned).collect()
}

/// The database is what the schema asks for, what the plan promised, and what a fresh one is.
async fn proven(place: &Place, other: &Place, to: &Model, plan: &Plan, unlike: &BTreeSet<String>) -> Result<(), String> {
    let dialect = &*place.dialect;
    let told = |what: &str, steps: &[Step]| match steps.is_empty() {
        true => Ok(()),
        false => Err(format!("{what}: {}\n{}", list(steps), plan.statements(dialect).join(";\n"))),
    };
    told("second diff is not empty", &place.difference(to).await)?;
    let migrated = place.catalog().await;
    let promised = place.database.canonicalise(&plan.to, &migrated).await.unwrap();
    told("not what the plan promised", &compare_catalogs(&promised, &migrated, dialect))?;
    let mut fresh = compare_catalogs(&migrated, &other.catalog().await, dialect);
    let found: BTreeSet<&str> = fresh.iter().map(Step::kind).filter(|kind| unlike.contains(*kind)).collect();
    if let Some(missing) = unlike.iter().find(|kind| !found.contains(kind.as_str())) {
        return Err(format!("was to differ from a fresh database by {missing}, and does not"));
    }
    fresh.retain(|step| !unlike.contains(step.kind()));
    told("not equal to a fresh database", &fresh)
}

/// What was said of a plan's risks beforehand is what happens.
fn foretold(end: &End, report: &[StepReport]) -> Result<(), String> {
    let blocked: Vec<&str> = report
        .iter()
        .flat_map(|step| &step.hazards)
        .filter(|hazard| hazard.blocks)
        .map(|hazard| hazard.code.as_str())
        .collect();
    match end {
        End::Done if !blocked.is_empty() => Err(format!("{} was to block it, yet it went through", blocked.join(", "))),
        End::Fails(error) if worst(report) == Risk::Safe => Err(format!("was called safe and fails: {error}")),
        _ => Ok(()),
    }
}

fn worst(report: &[StepReport]) -> Risk {
    report.iter().map(|step| step.risk).max().unwrap_or(Risk::Safe)
}

/// What the case says about this way.
async fn expect(case: &Case, way: Way, place: &Place, plan: &Plan, report: &[StepReport], end: &End) -> Result<(), String> {
    let mut wanted_end = None;
    for (verb, rest) in case.expected(way, place.dialect.name()) {
        let set: BTreeSet<String> = rest.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        match verb.as_str() {
            "fails" => wanted_end = Some("fails".to_owned()),
            "asks" | "refused" => wanted_end = Some(format!("{verb} {}", words(&set))),
            "kinds" => {
                let found: BTreeSet<String> = report.iter().map(|step| step.kind.clone()).collect();
                if found != set {
                    return Err(format!("expected the steps {}, planned {}", words(&set), words(&found)));
                }
            }
            "risk" if golden::risk(worst(report)) != rest => {
                return Err(format!("expected to be {rest}, is {}", golden::risk(worst(report))));
            }
            "hazard" => {
                let found: BTreeSet<&str> = report
                    .iter()
                    .flat_map(|step| &step.hazards)
                    .map(|hazard| hazard.code.as_str())
                    .collect();
                if let Some(missing) = set.iter().find(|code| !found.contains(code.as_str())) {
                    return Err(format!("expected the hazard {missing}, found {found:?}"));
                }
            }
            "rows" if *end == End::Done => rows_are(place, plan, &rest).await?,
            _ => {}
        }
    }
    let ended = match end {
        End::Done => None,
        End::Fails(_) => Some("fails".to_owned()),
        End::Asks(kinds) => Some(format!("asks {}", words(kinds))),
        End::Refused(codes) => Some(format!("refused {}", words(codes))),
    };
    match ended == wanted_end {
        true => Ok(()),
        false => Err(format!(
            "expected {}, but {end:?}",
            wanted_end.unwrap_or_else(|| "that it works".to_owned())
        )),
    }
}

async fn rows_are(place: &Place, plan: &Plan, line: &str) -> Result<(), String> {
    let (object, values) = line.split_once(" = ").ok_or_else(|| format!("expect rows: {line}"))?;
    let (table, column) = object.split_once('.').ok_or_else(|| format!("expect rows: {line}"))?;
    let table = plan.to.tables.iter().find(|item| item.name.name == table);
    let table = table.ok_or_else(|| format!("expect rows: no table {object}"))?;
    let (found, wanted) = (rows::column(place, table, column).await, split(values));
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{object} is to be {wanted:?} and is {found:?}")),
    }
}
