//! Laws over generated schemas, on both databases: what a model asks for is what introspection reads; and from any model the plan to
//! any other leads there.
#![allow(clippy::unwrap_used)]

mod support;

use glaze_converge::hints::Answers;
use glaze_converge::plan::Plan;
use glaze_model::Model;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::{Place, block_on, fresh, model, wiped};

const SCALARS: [&str; 23] = [
    "bool", "i16", "i32", "i64", "f32", "f64", "String", "Text", "Uuid", "Date", "Time", "DateTime", "Duration", "Json", "Bytes",
    "Decimal", "Money", "RichText", "Email", "Url", "Slug", "Color", "Point",
];

/// A field: attributes and type, from a few numbers.
fn field(at: usize, (kind, extra, optional): (usize, usize, bool)) -> String {
    let wrap = |ty: &str| if optional { format!("Option<{ty}>") } else { ty.to_owned() };
    let (attributes, ty) = match kind % 32 {
        0..=22 => {
            let ty = SCALARS[kind % 32];
            let attributes = match (ty, extra % 5) {
                ("i16" | "i32" | "i64", 1) => "#[field(min = -3, max = 900)] ",
                ("i16" | "i32" | "i64", 2) => "#[default(-7)] ",
                ("f64" | "f32", 1) => "#[field(min = 0.5)] ",
                ("Decimal", 1) => "#[field(precision = 9, scale = 3, min = 0)] ",
                ("Money", 2) => "#[default(\"1.50\")] ",
                ("String" | "Text", 1) => "#[field(min = 1, max = 40)] ",
                ("String" | "Text", 2) => "#[default(\"it's (a) \\\"test\\\"; -- x\")] ",
                ("String" | "Text" | "Uuid" | "i64" | "Date" | "Email", 3) => "#[unique] ",
                ("bool", 1) => "#[default(true)] ",
                ("Date", 2) => "#[default(\"2026-02-03\")] ",
                ("DateTime", 2) => "#[default(\"2026-02-03T04:05:06Z\")] ",
                _ => "",
            };
            (attributes, wrap(ty))
        }
        23 => ("", "Vec<String>".to_owned()),
        24 => ("", "Vec<i64>".to_owned()),
        25 => ("", wrap("Mood")),
        26 => ("#[default(Glad)] ", "Mood".to_owned()),
        27 => ("", wrap("Ref<Hub>")),
        28 => ("#[on_delete(cascade)] ", "Ref<Hub>".to_owned()),
        29 => ("", "Many<Hub>".to_owned()),
        30 => ("", wrap("Frame")),
        _ => ("", "Vec<Part>".to_owned()),
    };
    format!("    {attributes}pub f{at}: {ty},\n")
}

fn entity(name: &str, fields: &[(usize, usize, bool)], times: bool) -> String {
    let fields: String = fields.iter().enumerate().map(|(at, spec)| field(at, *spec)).collect();
    let head = if times { "#[entity]" } else { "#[entity(timestamps = false)]" };
    format!("{head}\npub struct {name} {{\n{fields}    pub last: Option<i32>,\n}}\n\n")
}

const REST: &str = "#[entity(timestamps = false)]
pub struct Hub { pub name: String }

pub enum Mood { Glad, VerySad, Calm }

#[blocks]
pub enum Part { Big { text: String }, Small { number: i64 } }

#[embedded]
pub struct Frame { pub width: Option<i32>, #[field(max = 9)] pub label: Option<String>, pub hub: Option<Ref<Hub>> }
";

fn schema() -> impl Strategy<Value = String> {
    let field = (0usize..32, 0usize..5, any::<bool>());
    let fields = || prop::collection::vec(field.clone(), 0..7);
    (fields(), fields(), any::<bool>(), any::<bool>()).prop_map(|(one, two, times, index)| {
        let index = if index { "#[index(last desc)]\n" } else { "" };
        format!(
            "use glaze::schema::*;\n\n{index}{}{}{REST}",
            entity("One", &one, times),
            entity("Two", &two, !times)
        )
    })
}

fn check(dialect: &'static str, cases: u32) {
    let place = std::sync::Mutex::new(None::<Place>);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut runner = TestRunner::new(Config {
        cases,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(&(schema(), schema()), |(a, b)| {
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
        panic!("{error}");
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
    check("sqlite", 48);
}

#[test]
fn generated_schemas_converge_on_postgres() {
    check("postgres", 24);
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
