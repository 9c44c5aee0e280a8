//! Laws over generated schemas, on both databases: what a model asks for is what introspection reads; and from any model the plan to
//! any other leads there. `GLAZE_SEED=number` repeats a run; a failure says its seed. A slow machine tries fewer pairs.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::hints::Answers;
use glaze_converge::plan::Plan;
use glaze_model::Model;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::schemas::{REST, entity, wide_schema};
use support::{Place, block_on, fresh, model, wiped};

/// The seed of this run.
fn seed() -> u64 {
    let given = std::env::var("GLAZE_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    given.unwrap_or_else(|| u64::from(now().subsec_nanos()))
}

/// No pair is begun after this time.
const MOST: std::time::Duration = std::time::Duration::from_secs(40);

fn check(dialect: &'static str, cases: u32) {
    let place = std::sync::Mutex::new(None::<Place>);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (seed, begun) = (seed(), std::time::Instant::now());
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let result = runner.run(&(wide_schema(), wide_schema()), |(a, b)| {
        if begun.elapsed() > MOST {
            return Ok(());
        }
        let taken = place.lock().unwrap().take();
        let (done, used) = runtime.block_on(async {
            let ready = match taken {
                Some(place) => wiped(place).await,
                None => fresh(dialect).await,
            };
            (there(&ready, &model(&a), &model(&b)).await, ready)
        });
        *place.lock().unwrap() = Some(used);
        done.map_err(|error| TestCaseError::fail(format!("{error}\n--- a\n{a}\n--- b\n{b}")))
    });
    if let Err(error) = result {
        panic!("GLAZE_SEED={seed}\n{error}");
    }
}

async fn there(place: &Place, a: &Model, b: &Model) -> Result<(), String> {
    place.create(a).await?;
    let left = place.difference(a).await;
    if !left.is_empty() {
        return Err(format!("after creation: {left:#?}"));
    }
    let plan = decided(place, a, b).await;
    place.run(&plan).await?;
    let left = place.difference(b).await;
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "after the plan: {left:#?}\n{}",
            plan.statements(&*place.dialect).join(";\n")
        )),
    }
}

/// No rename is one, and what cannot be converted is dropped; the tables are empty.
async fn decided(place: &Place, a: &Model, b: &Model) -> Plan {
    let mut answers = Answers::default();
    loop {
        let plan = place.plan(b, Some(a), &answers).await;
        if plan.questions.is_empty() {
            return plan;
        }
        for question in &plan.questions {
            match question.kind.as_str() {
                "rename" => drop(answers.renames.insert(question.from.clone(), None)),
                _ => drop(answers.using.insert(question.from.clone(), "NULL".to_owned())),
            }
        }
    }
}

#[test]
fn generated_schemas_converge_on_sqlite() {
    check("sqlite", 96);
}

#[test]
fn generated_schemas_converge_on_postgres() {
    check("postgres", 48);
}

#[test]
fn the_same_model_asks_for_the_same_catalog() {
    block_on(async {
        let model = model(&format!(
            "use glaze::schema::*;\n{}{REST}",
            entity("One", &[(3, 1, true), (27, 0, false)], true)
        ));
        let place = fresh("sqlite").await;
        place.create(&model).await.unwrap();
        assert!(place.plan(&model, Some(&model), &Answers::default()).await.is_empty());
        assert!(place.plan(&model, None, &Answers::default()).await.is_empty());
    });
}
