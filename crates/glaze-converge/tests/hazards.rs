//! Every hazard on a real database: what is said, which rows are counted and shown, and that what blocks really fails and leaves
//! everything as it was.
#![allow(clippy::unwrap_used)]

#[path = "hazards/cases.rs"]
mod cases;
#[path = "hazards/online.rs"]
mod online;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use glaze_converge::assess::{HAZARDS, Hazard, Risk, StepReport, assess};
use glaze_converge::diff::diff_catalogs;
use glaze_converge::hints::Answers;
use glaze_converge::lint::LINTS;
use glaze_converge::plan::{Plan, plan};

use cases::{CASES, Case};
use support::{DIALECTS, Place, block_on, empty};

/// The plan from one database to another, as `glaze diff --from URL --to URL` makes it.
async fn between(from: &Place, to: &Place, answers: &Answers) -> Plan {
    let (here, there) = (from.catalog().await, to.catalog().await);
    plan(diff_catalogs(&here, &there, answers, &*from.dialect), answers, &*from.dialect)
}

async fn filled(dialect: &str, sql: &str) -> Place {
    let place = empty(dialect).await;
    let statements = place.dialect.split(sql);
    place
        .database
        .execute(&statements)
        .await
        .unwrap_or_else(|error| panic!("{dialect}: {error}"));
    place
}

/// All rows of all tables, as text.
async fn everything(place: &Place) -> Vec<(String, Vec<Vec<Option<String>>>)> {
    let mut out = Vec::new();
    for table in place.catalog().await.tables {
        let name = place.dialect.quote_table(&table.name);
        let mut rows = place.rows(&format!("SELECT * FROM {name}")).await;
        rows.sort();
        out.push((name, rows));
    }
    out
}

fn find<'a>(steps: &'a [StepReport], code: &str) -> Option<(&'a StepReport, &'a Hazard)> {
    let hazards = |step: &'a StepReport| step.hazards.iter().map(move |hazard| (step, hazard));
    let mut found: Vec<_> = steps.iter().flat_map(hazards).filter(|(_, hazard)| hazard.code == code).collect();
    found.sort_by_key(|(_, hazard)| std::cmp::Reverse(hazard.rows));
    found.first().copied()
}

/// What is wrong with a case on a database.
async fn wrong(case: &Case, dialect: &str) -> Result<(), String> {
    let Some((before, after)) = case.sql(dialect) else { return Ok(()) };
    let (from, to) = (filled(dialect, &before).await, filled(dialect, &after).await);
    let answers: Answers = serde_json::from_str(case.answers).unwrap();
    let plan = between(&from, &to, &answers).await;
    let steps = assess(&plan, &*from.dialect, Some(&*from.database)).await.unwrap();
    for code in case.none {
        if find(&steps, code).is_some() {
            return Err(format!("{code} in {steps:#?}"));
        }
    }
    let Some(expected) = &case.hazard else { return Ok(()) };
    let (step, hazard) = find(&steps, expected.code).ok_or_else(|| format!("no {} in {steps:#?}", expected.code))?;
    let shown = |sample: &&str| hazard.samples.iter().any(|shown| shown.contains(sample));
    if (hazard.rows, hazard.blocks) != (expected.rows, expected.blocks) || step.risk < expected.risk || !expected.samples.iter().all(shown)
    {
        return Err(format!("{step:#?}"));
    }
    let before = (from.catalog().await, everything(&from).await);
    let done = from.database.execute(&plan.statements(&*from.dialect)).await;
    if steps.iter().any(|step| step.hazards.iter().any(|hazard| hazard.blocks)) {
        if done.is_ok() {
            return Err("said to fail".to_owned());
        }
        if before != (from.catalog().await, everything(&from).await) {
            return Err("not as it was".to_owned());
        }
    } else if plan.questions.is_empty() && plan.refusals.is_empty() {
        done.map_err(|error| error.to_string())?;
    }
    // Without a database nothing is counted, and nothing is less of a risk.
    let offline = assess(&plan, &*from.dialect, None).await.unwrap();
    let (step, hazard) = find(&offline, expected.code).ok_or("not without a database")?;
    if hazard.rows.unwrap_or_default() != 0 || !hazard.samples.is_empty() || step.risk < expected.risk {
        return Err(format!("without a database {step:#?}"));
    }
    Ok(())
}

#[test]
fn every_hazard_is_found_counted_and_shown() {
    block_on(async {
        let mut problems = Vec::new();
        for case in CASES {
            for dialect in DIALECTS {
                if let Err(problem) = wrong(case, dialect).await {
                    problems.push(format!("{} on {dialect}: {problem}", case.name));
                }
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    });
}

#[test]
fn every_code_has_a_case_and_a_page() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/hazards");
    let index = std::fs::read_to_string(docs.join("README.md")).unwrap();
    let told: BTreeSet<&str> = CASES
        .iter()
        .filter_map(|case| case.hazard.as_ref())
        .map(|hazard| hazard.code)
        .collect();
    for code in HAZARDS.iter().map(|hazard| hazard.code).chain(LINTS.iter().map(|(code, _)| *code)) {
        let page = std::fs::read_to_string(docs.join(format!("{code}.md"))).unwrap_or_else(|_| panic!("no page for {code}"));
        for part in ["## Reason", "## Example", "## Safe form"] {
            assert!(page.contains(part), "{code}: {part}");
        }
        assert!(index.contains(&format!("({code}.md)")), "{code} is not in the index");
    }
    for hazard in HAZARDS {
        let elsewhere = online::CODES.contains(&hazard.code);
        assert!(told.contains(hazard.code) || elsewhere, "no case for {}", hazard.code);
    }
    assert!(told.iter().all(|code| HAZARDS.iter().any(|hazard| hazard.code == *code)));
}

#[test]
fn a_probe_takes_only_so_long() {
    use std::time::{Duration, Instant};
    block_on(async {
        for dialect in DIALECTS {
            let place = empty(dialect).await;
            let endless = match dialect {
                "sqlite" => "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                _ => "SELECT pg_sleep(30)",
            };
            let begun = Instant::now();
            let answer = place.database.probe(endless, Duration::from_millis(200)).await.unwrap();
            assert!(answer.is_none() && begun.elapsed() < Duration::from_secs(10), "{dialect}");
            assert_eq!(place.rows("SELECT 1").await[0][0].as_deref(), Some("1"), "{dialect}: goes on");
        }
    });
}

#[test]
fn a_probe_leaves_a_transaction_as_it_is() {
    use std::time::Duration;
    block_on(async {
        let place = filled("postgres", "CREATE TABLE a (b integer)").await;
        place.database.begin().await.unwrap();
        place.database.step("INSERT INTO a VALUES (1)").await.unwrap();
        assert!(place.database.probe("SELECT nothing", Duration::from_secs(1)).await.is_err());
        assert!(
            place
                .database
                .probe("SELECT pg_sleep(9)", Duration::from_millis(50))
                .await
                .unwrap()
                .is_none()
        );
        place.database.commit().await.unwrap();
        assert_eq!(place.rows("SELECT b FROM a").await.len(), 1);
    });
}

#[test]
fn risks_are_said_of_what_is_lost_only() {
    let hazard = |code: &str, rows| Hazard {
        code: code.to_owned(),
        rows,
        ..Hazard::default()
    };
    assert!(hazard("column_dropped", Some(1)).loses() && hazard("column_dropped", None).loses());
    assert!(!hazard("column_dropped", Some(0)).loses() && !hazard("breaks_clients", None).loses());
    assert!(!hazard("narrowing", Some(3)).loses(), "it fails");
    assert!(Risk::Destructive > Risk::Caution && Risk::Caution > Risk::Safe);
}
