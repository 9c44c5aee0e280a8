//! Whatever a schema says about a column, the database says the same back: written, applied, read, compared, nothing differs.

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

/// Fields as they are written; each becomes an entity of its own.
const FIELDS: &[&str] = &[
    "#[default(true)] f: bool",
    "#[default(false)] f: Option<bool>",
    "#[default(3)] f: i16",
    "#[default(-3)] f: i16",
    "#[default(0)] f: i32",
    "#[default(-2147483647)] f: i32",
    "#[default(2147483647)] f: i32",
    "#[default(-1)] f: i64",
    "#[default(5000000000)] f: i64",
    "#[default(-5000000000)] f: i64",
    "#[default(0.5)] f: f64",
    "#[default(-0.5)] f: f64",
    "#[default(3)] f: f64",
    "#[default(1.5)] f: f32",
    "#[default(4.99)] f: Decimal",
    "#[default(-4.99)] f: Decimal",
    "#[default(5)] f: Decimal",
    "#[default(-5)] #[field(precision = 6, scale = 1)] f: Decimal",
    "#[default(\"9.90\")] f: Money",
    "#[default(\"x\")] f: String",
    "#[default(\"it's\")] #[field(max = 20)] f: String",
    "#[default(\"\")] f: Text",
    "#[default(r\"a\\b\")] f: Text",
    "#[default(\"ünï — 1\")] f: Text",
    "#[default(\"ann@example.org\")] f: Email",
    "#[default(\"00000000-0000-7000-8000-000000000001\")] f: Uuid",
    "#[default(uuid)] f: Uuid",
    "#[default(\"2026-01-02\")] f: Date",
    "#[default(now)] f: Date",
    "#[default(\"06:52:00\")] f: Time",
    "#[default(\"06:52:00.25\")] f: Time",
    "#[default(\"2026-11-21T06:52:00Z\")] f: DateTime",
    "#[default(\"2026-11-21T06:52:00.5Z\")] f: DateTime",
    "#[default(now)] f: DateTime",
    "#[default(\"PT1H30M\")] f: Duration",
    "#[default(\"PT36H0.5S\")] f: Duration",
    "#[default(\"#1e90ff\")] f: Color",
    "#[default(\"AAH/\")] f: Bytes",
    "#[default([])] f: Vec<String>",
    "#[default([\"a\", \"b c\", \"d,e\", \"\"])] f: Vec<String>",
    "#[default([1, -2])] f: Vec<i32>",
    "#[default(Draft)] f: State",
    "#[default([Draft])] f: Vec<State>",
    "#[default(Low)] f: Level",
    "f: Level",
    "f: Vec<Level>",
    "f: Option<Single>",
    "#[field(min = 0)] f: i32",
    "#[field(min = -5, max = 5)] f: i16",
    "#[field(max = 5000000000)] f: i64",
    "#[field(min = 0, max = 1)] f: f64",
    "#[field(min = 0.5)] f: f64",
    "#[field(min = -0.5)] f: f32",
    "#[field(min = 0)] f: Decimal",
    "#[field(min = -1, max = 99.5)] f: Decimal",
    "#[field(min = -0.5)] f: Money",
    "#[field(max = 40)] f: String",
    "#[field(min = 2, max = 40)] f: String",
    "#[field(min = 2)] f: String",
    "#[field(max = 500)] f: Text",
    "#[field(pattern = \"[A-Z]+-[0-9]+\")] f: String",
    "#[field(pattern = \"[A-Z]+\", max = 9)] f: String",
    "#[field(pattern = \"it's|a\\\\.b\")] f: Text",
    "#[field(pattern = \"\\\\d+\")] f: String",
    "#[field(max = 3)] f: Vec<i64>",
    "#[field(min = 1, max = 3)] f: Vec<Part>",
    "f: Part",
    "f: Json",
    "f: RichText",
    "f: Point",
    "f: Vec<Date>",
    "f: Vec<Decimal>",
    "#[db(type = \"varchar(12)\")] #[default(\"x\")] f: String",
    "#[db(type = \"CHAR(3)\")] #[default(\"eur\")] f: String",
    "#[db(type = \"timestamptz(3)\")] f: DateTime",
    "#[db(type = \"timestamp\")] #[default(\"2026-11-21T06:52:00Z\")] f: DateTime",
    "#[db(type = \"int8\")] #[default(1)] f: i32",
    "#[db(type = \"numeric\")] #[default(1.5)] f: Decimal",
    "#[db(type = \"json\", default = \"'{}'\")] f: Json",
    "#[db(type = \"tsrange\")] f: Custom",
    "#[db(type = \"inet\", default = \"'10.0.0.1'\")] f: Custom",
    "#[db(default = \"now()\")] f: DateTime",
    "#[db(default = \"CURRENT_TIMESTAMP\")] f: DateTime",
    "#[db(default = \"current_date + 1\")] f: Date",
    "#[db(default = \"'a' || 'b'\")] f: String",
    "#[db(default = \"1 + 1\")] f: i32",
    "#[db(generated = \"n * 2\")] f: Option<i64>",
    "#[db(generated = \"lower(t) || 'x'\")] f: Option<String>",
    "#[db(collate = \"C\")] f: String",
    "#[db(identity = always)] f: i64",
    "#[db(identity = serial)] f: i32",
    "#[db(column = \"Order By\")] #[field(min = 1)] f: i32",
    "#[db(column = \"order\")] #[field(min = 1, max = 9)] f: i32",
    "#[unique] f: String",
    "#[unique] #[db(deferrable = deferred)] f: i32",
    "#[on_delete(cascade)] f: Ref<Base>",
    "#[db(deferrable = immediate, on_update = cascade)] f: Option<Ref<Base>>",
    "f: AnyOf<(Base, Owner)>",
    "#[computed(\"n * 2\", stored)] f: i64",
    "#[computed(\"size(t) + n\", stored)] f: i64",
    "/** A \"described\" field: it's so. */ f: i32",
];

/// Attributes of an entity with the columns `n: i64`, `t: String`, `d: Option<Date>`, `state: State`, `flag: bool`, `tags: Vec<String>`.
const ENTITIES: &[&str] = &[
    "#[index(n)]",
    "#[index(n desc, t)]",
    "#[index(t, unique)]",
    "#[unique(n, t)]",
    "#[index(tags, method = gin)]",
    "#[index(t, method = hash)]",
    "#[index(expr = \"lower(t)\")]",
    "#[index(expr = \"n + 1\", t desc)]",
    "#[index(n, where = \"state == 'draft'\")]",
    "#[index(n, where = \"flag && n > 5\")]",
    "#[index(n, where = \"d != null\")]",
    "#[index(n, where = \"t in ['a', 'b']\")]",
    "#[index(n, unique, where = \"!flag\")]",
    "#[index(n, db_where = \"n > 0 and t <> ''\")]",
    "#[index(n, db_where = \"t in ('a', 'b')\")]",
    "#[db(check = \"n > 0\")]",
    "#[db(check = \"(n > 0 AND t <> 'x')\")]",
    "#[db(check = \"t IN ('a', 'b', 'c')\")]",
    "#[db(check = \"n BETWEEN 1 AND 5 OR d IS NULL\")]",
    "#[db(check = \"d >= '2020-01-01'\")]",
    "#[db(check = \"n > -1\")]",
    "#[db(check = \"t LIKE 'a%'\")]",
    "#[db(check = \"length(t) < 10\")]",
    "#[db(table = \"Strange Name\")]",
    "#[db(table = \"a_table_whose_name_is_as_long_as_names_of_tables_are_allowed_to\")] #[index(n, t)] #[index(t, n)]",
    "/** What it's for. */",
];

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
    text
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
