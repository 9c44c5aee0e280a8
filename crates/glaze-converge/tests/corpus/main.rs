//! Pairs of schemas, one file each (`corpus/cases/<family>/<name>.case`, see [`case`]), each way, on every database: create the first,
//! fill it, plan to the second, compare the plan with the golden one in the file, run it, and then the database equals a fresh one of
//! the second schema, nothing differs any more, and the rows are as they should be.
//!
//! `GLAZE_CORPUS=name` runs the cases whose name contains it; `GLAZE_BLESS=1` writes the golden plans anew. What a case expects by
//! hand (`--- expect`) and the laws that hold for every case are checked all the same: blessing cannot hide a failure.
#![allow(clippy::unwrap_used)]

mod case;
mod golden;
mod rows;
mod settle;
#[path = "../support/mod.rs"]
mod support;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::{Case, Way};
use support::{Place, block_on, fresh, wiped};

#[test]
fn every_case_converges_on_sqlite() {
    run("sqlite");
}

#[test]
fn every_case_converges_on_postgres() {
    run("postgres");
}

/// The kinds of step that a schema can ask for on either database; collations have other names on each, and what only another
/// database can ask for is elsewhere too (`between.rs`).
const KINDS: &[&str] = &[
    "check.add",
    "check.drop",
    "column.add",
    "column.default.drop",
    "column.default.set",
    "column.drop",
    "column.generated",
    "column.identity",
    "column.nullable.drop",
    "column.nullable.set",
    "column.rename",
    "column.type",
    "comment.set",
    "enum.add_value",
    "enum.create",
    "enum.drop",
    "enum.remove_value",
    "enum.rename",
    "enum.rename_value",
    "enum.reorder",
    "fk.add",
    "fk.drop",
    "index.create",
    "index.drop",
    "pk.drop",
    "pk.set",
    "schema.create",
    "table.create",
    "table.drop",
    "table.rename",
    "unique.add",
    "unique.drop",
];

#[test]
fn there_are_enough_cases_and_every_kind_of_step_is_among_them() {
    let cases = Case::all("");
    assert!(cases.len() >= 500, "{} cases", cases.len());
    let seen: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| case.golden.values())
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("* ")?.split(' ').next())
        .collect();
    let missing: Vec<&&str> = KINDS.iter().filter(|kind| !seen.contains(**kind)).collect();
    assert!(missing.is_empty(), "no case has a step of the kind {missing:?}");
}

fn run(dialect: &'static str) {
    let only = std::env::var("GLAZE_CORPUS").unwrap_or_default();
    let cases = Case::all(&only);
    assert!(!cases.is_empty(), "no case is called like {only}");
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                block_on(async {
                    let mut places = (fresh(dialect).await, fresh(dialect).await);
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
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
    assert!(failed.is_empty(), "{} wrong\n{}", failed.len(), failed.join("\n\n"));
}

/// Writes what was made into the case's file. The tests of both databases come here: one at a time.
fn bless(case: &Case, made: BTreeMap<String, String>) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap();
    case.write(made.into_iter());
}

/// A case both ways; what went wrong. The second way starts in the fresh database that the first one was compared with.
async fn run_case(case: &Case, dialect: &'static str, (mut place, mut other): (Place, Place)) -> (Vec<String>, (Place, Place)) {
    let mut failed = Vec::new();
    let mut say = |way: Way, what: String| failed.push(format!("{} {way} on {dialect}: {what}", case.name));
    let models = match (case.a(), case.b()) {
        (Ok(a), Ok(b)) => (a, b),
        (a, b) => {
            let words: Vec<String> = [a.err(), b.err()].into_iter().flatten().collect();
            say(Way::There, words.join("\n"));
            return (failed, (place, other));
        }
    };
    let (blessing, mut made) = (std::env::var_os("GLAZE_BLESS").is_some(), BTreeMap::new());
    (place, other) = (wiped(place).await, wiped(other).await);
    for way in [Way::There, Way::Back] {
        let (from, to) = match way {
            Way::There => (&models.0, &models.1),
            Way::Back => (&models.1, &models.0),
        };
        if way == Way::Back {
            std::mem::swap(&mut place, &mut other);
            other = wiped(other).await;
        } else if let Err(error) = place.create(from).await {
            say(way, format!("creation: {error}"));
            break;
        }
        if let Err(error) = other.create(to).await {
            say(way, format!("creation of what it should become: {error}"));
            break;
        }
        match way::go(&place, &other, case, way, from, to).await {
            Err(error) => say(way, error),
            Ok(text) => {
                let section = format!("{dialect} {way}");
                if !blessing && case.golden.get(&section) != Some(&text) {
                    let was = case.golden.get(&section).map_or("", String::as_str);
                    say(
                        way,
                        format!(
                            "another plan than the golden one (GLAZE_BLESS=1 accepts it)\n{}",
                            golden::changes(was, &text)
                        ),
                    );
                }
                made.insert(section, text);
            }
        }
    }
    if blessing {
        bless(case, made);
    }
    (failed, (place, other))
}
