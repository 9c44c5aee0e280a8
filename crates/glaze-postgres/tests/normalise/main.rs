//! Whatever a schema says about a column, the database says the same back: written, applied, read, compared, nothing differs.
#![allow(clippy::unwrap_used)]

mod fields;
mod sql;

use glaze_converge::{
    catalog::Catalog,
    desired::desired,
    diff::diff,
    hints::{Answers, Hints},
    plan::plan,
    port::{Database, Scope},
    pull::pull,
};
use glaze_model::{Model, Ownership};
use glaze_postgres::{PostgresDatabase, PostgresDialect};
use glaze_source::SourceFile;
use glaze_testkit::Postgres;

use fields::{ENTITIES, FIELDS};
use sql::{CHECKS, CONDITIONS, DEFAULTS, EXPRESSIONS, GENERATED};

fn schema() -> String {
    let mut text = String::from(
        "pub enum State { Draft, InReview }\n#[db(native = false)]\npub enum Level { Low, High }\n#[db(native = false)]\npub enum Single { Only }\n\
         #[embedded]\npub struct Part { pub a: Option<i32>, #[field(max = 9)] pub b: Option<String> }\n\
         #[entity]\npub struct Base { pub name: String }\n#[entity]\npub struct Owner { pub name: String }\n",
    );
    for (at, field) in FIELDS.iter().enumerate() {
        let (attributes, declaration) = field.rsplit_once("f: ").expect("a field");
        text += &format!("#[entity]\npub struct F{at}x {{ pub n: i64, pub t: String, {attributes} pub f: {declaration} }}\n");
    }
    for (at, attributes) in ENTITIES.iter().enumerate() {
        let fields = "pub n: i64, pub t: String, pub d: Option<Date>, pub state: State, pub flag: bool, pub tags: Vec<String>";
        text += &format!("{attributes}\n#[entity]\npub struct E{at}x {{ {fields} }}\n");
    }
    text + &sql::schema()
}

#[test]
fn there_are_enough_cases() {
    let sql = [CHECKS.len(), CONDITIONS.len(), EXPRESSIONS.len(), DEFAULTS.len(), GENERATED.len()];
    assert!(FIELDS.len() + ENTITIES.len() + sql.iter().sum::<usize>() >= 270, "{sql:?}");
}

fn model(text: String) -> Model {
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text,
    }];
    let reading = glaze_source::read(&files);
    reading
        .model
        .unwrap_or_else(|| panic!("{}", glaze_source::render(&reading.diagnostics, &files, false)))
}

async fn steps(database: &PostgresDatabase, there: &Catalog, model: &Model, ask: bool) -> glaze_converge::diff::Diff {
    let mut wanted = desired(model, &PostgresDialect).expect("a catalog");
    if ask {
        wanted.catalog = database.canonicalise(&wanted.catalog, there).await.expect("canonical spelling");
    }
    diff(there, wanted, None, Hints::default(), &Answers::default(), &PostgresDialect)
}

#[tokio::test]
async fn what_is_written_is_what_is_read_back() {
    let place = Postgres::shared().database();
    let database = PostgresDatabase::connect(&place.url).await.expect("a connection");
    let model = model(schema());
    assert!(model.entities.iter().any(|entity| entity.ownership == Ownership::System));
    let empty = database.introspect(&Scope::default()).await.expect("introspection");
    let first = steps(&database, &empty, &model, true).await;
    let statements = plan(first, &Answers::default(), &PostgresDialect).statements(&PostgresDialect);
    database.execute(&statements).await.expect("the schema is made");

    let there = database.introspect(&Scope::default()).await.expect("introspection");
    let words = |step: &glaze_converge::step::Step| format!("{step:?}");
    // What is ours is spelled right by itself; only SQL that somebody wrote, and CEL, are asked of the database.
    let foreign = |step: &&glaze_converge::step::Step| {
        let table = step.table().map(|table| table.name.clone()).unwrap_or_default();
        let field = table
            .strip_prefix('f')
            .and_then(|rest| rest.strip_suffix("xes")?.parse::<usize>().ok())
            .map(|at| FIELDS[at]);
        field.is_some_and(|field| !field.contains("db(") && !field.contains("computed"))
    };
    let unruled: Vec<String> = steps(&database, &there, &model, false)
        .await
        .steps
        .iter()
        .filter(foreign)
        .map(words)
        .collect();
    assert!(unruled.is_empty(), "not spelled as PostgreSQL does:\n{}", unruled.join("\n"));
    let second: Vec<String> = steps(&database, &there, &model, true).await.steps.iter().map(words).collect();
    assert!(second.is_empty(), "{} differences:\n{}", second.len(), second.join("\n"));

    // And what is pulled from it asks for nothing else either.
    let pulled = pull(&there, &PostgresDialect);
    assert_eq!(pulled.notes, Vec::<String>::new());
    let third: Vec<String> = steps(&database, &there, &pulled.model, false)
        .await
        .steps
        .iter()
        .map(words)
        .collect();
    assert!(third.is_empty(), "{} differences after pull:\n{}", third.len(), third.join("\n"));
}
