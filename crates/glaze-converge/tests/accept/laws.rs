//! Laws over random drift: one random schema drifts into another. Accepting all of it leaves nothing; accepting a part leaves just the
//! rest; rejecting all gives back what was there.

use std::collections::BTreeSet;

use glaze_converge::accept::{self, Accepted, Accepting, ItemKey};
use glaze_converge::hints::Answers;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::schemas::schema;
use crate::support::{Place, fresh, model, wiped};
use crate::{Drifted, intend};

fn law(dialect: &'static str, cases: u32) {
    let place = std::sync::Mutex::new(None::<Place>);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&(schema(), schema(), any::<u64>()), |(a, b, seed)| {
        let taken = place.lock().unwrap().take();
        let (done, used) = runtime.block_on(async {
            let ready = match taken {
                Some(place) => wiped(place).await,
                None => fresh(dialect).await,
            };
            let mut drifted = Drifted::within(ready, &a).await;
            let answers = drift(&mut drifted, &b).await;
            (holds(&drifted, &answers, seed).await, drifted.place)
        });
        *place.lock().unwrap() = Some(used);
        done.map_err(|error| TestCaseError::fail(format!("{error}\n--- a\n{a}\n--- b\n{b}")))
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Somebody makes the other schema's tables of these; no rename is one. The answers that say so.
async fn drift(drifted: &mut Drifted, text: &str) -> Answers {
    let mut answers = Answers::default();
    let next = model(text);
    loop {
        let plan = drifted.place.plan(&next, Some(&drifted.code), &answers).await;
        if plan.questions.is_empty() {
            break;
        }
        for question in &plan.questions {
            match question.kind.as_str() {
                "rename" => drop(answers.renames.insert(question.from.clone(), None)),
                _ => drop(answers.using.insert(question.from.clone(), "NULL".to_owned())),
            }
        }
    }
    drifted.lead_to_schema(text, &answers).await;
    answers
}

/// Accepts with every question denied.
fn decided(drifted: &Drifted, answers: &Answers, only: Option<&[ItemKey]>) -> Accepted {
    let mut answers = answers.clone();
    loop {
        let accepted = drifted.accept(&answers, only);
        if accepted.questions.is_empty() {
            return accepted;
        }
        for question in &accepted.questions {
            answers.renames.insert(question.from.clone(), None);
        }
    }
}

async fn holds(drifted: &Drifted, answers: &Answers, seed: u64) -> Result<(), String> {
    let accepted = decided(drifted, answers, None);
    if !accepted.left.is_empty() {
        return Err(format!("left {:#?}", accepted.left));
    }
    let text = drifted.edited(&accepted);
    let unsaid = drifted.unsaid(&text).await;
    if !unsaid.is_empty() {
        return Err(format!("unsaid {unsaid}\n--- edited\n{text}"));
    }
    part(drifted, answers, seed)?;
    back(drifted, answers).await
}

/// Some of the items: those and what they need are gone, all others are still there.
fn part(drifted: &Drifted, answers: &Answers, seed: u64) -> Result<(), String> {
    let dialect = &*drifted.place.dialect;
    let all: Vec<ItemKey> = accept::items(&drifted.accepting(answers, None), dialect)
        .into_iter()
        .map(|item| item.key)
        .collect();
    let only: Vec<ItemKey> = all
        .iter()
        .enumerate()
        .filter(|(at, _)| seed >> (at % 64) & 1 == 1)
        .map(|(_, key)| key.clone())
        .collect();
    let accepted = decided(drifted, answers, Some(&only));
    if !accepted.left.is_empty() {
        return Err(format!("of {only:?} left {:#?}", accepted.left));
    }
    let text = drifted.edited(&accepted);
    let next = model(&text);
    let rest = accept::items(
        &Accepting {
            code: &next,
            origin: &next,
            snapshot: &accepted.catalog,
            database: &drifted.database,
            answers,
            only: None,
            intend: &intend,
        },
        dialect,
    );
    let chosen: BTreeSet<&ItemKey> = only.iter().collect();
    if let Some(missing) = chosen.iter().find(|key| !accepted.taken.contains(key)) {
        return Err(format!("{missing} was chosen and is not taken"));
    }
    // An entity that is gone from the code takes the names of its items along.
    let steps = |items: &[accept::Item]| items.iter().map(|item| item.steps.len()).sum::<usize>();
    let before = accept::items(&drifted.accepting(answers, None), dialect);
    let untaken: Vec<accept::Item> = before.into_iter().filter(|item| !accepted.taken.contains(&item.key)).collect();
    match steps(&rest) == steps(&untaken) {
        true => Ok(()),
        false => Err(format!(
            "of {only:?} the rest is {rest:#?}\n--- and should be {untaken:#?}\n--- edited\n{text}"
        )),
    }
}

async fn back(drifted: &Drifted, answers: &Answers) -> Result<(), String> {
    let mut answers = answers.clone();
    let mut rejected = accept::reject(&drifted.accepting(&answers, None), &*drifted.place.dialect).map_err(|error| error.to_string())?;
    while !rejected.plan.questions.is_empty() {
        for question in &rejected.plan.questions {
            match question.kind.as_str() {
                "rename" => return Err(format!("asked for a rename: {question:?}")),
                _ => drop(answers.using.insert(question.from.clone(), "NULL".to_owned())),
            }
        }
        rejected = accept::reject(&drifted.accepting(&answers, None), &*drifted.place.dialect).map_err(|error| error.to_string())?;
    }
    drifted.place.run(&rejected.plan).await?;
    let now = drifted.place.catalog().await;
    let left = glaze_converge::diff::compare_catalogs(&drifted.snapshot, &now, &*drifted.place.dialect);
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!("rejecting left {left:#?}")),
    }
}

#[test]
fn random_drift_is_accepted_and_rejected_on_sqlite() {
    law("sqlite", 32);
}

#[test]
fn random_drift_is_accepted_and_rejected_on_postgres() {
    law("postgres", 12);
}
