//! What is written.

/// Fields in the schema's own words; each becomes an entity of its own.
const FIELDS: &[&str] = &[
    "#[default(true)] f: bool",
    "#[default(false)] f: Option<bool>",
    "#[default(-3)] f: i16",
    "#[default(2147483647)] f: i32",
    "#[default(-5000000000)] f: i64",
    "#[default(0.5)] f: f64",
    "#[default(3)] f: f64",
    "#[default(-4.99)] f: Decimal",
    "#[default(5)] #[field(precision = 6, scale = 1)] f: Decimal",
    "#[default(\"9.90\")] f: Money",
    "#[default(\"it's\")] #[field(max = 20)] f: String",
    "#[default(\"\")] f: Text",
    "#[default(r\"a\\b\")] f: Text",
    "#[default(\"ünï — 1\")] f: Text",
    "#[default(\"(a) -- b /* c */\")] f: Text",
    "#[default(\"00000000-0000-7000-8000-000000000001\")] f: Uuid",
    "#[default(uuid)] f: Uuid",
    "#[default(\"2026-01-02\")] f: Date",
    "#[default(\"06:52:00.25\")] f: Time",
    "#[default(\"2026-11-21T06:52:00Z\")] f: DateTime",
    "#[default(now)] f: DateTime",
    "#[default(\"PT1H30M\")] f: Duration",
    "#[default(\"AAH/\")] f: Bytes",
    "#[default([])] f: Vec<String>",
    "#[default([\"a\", \"b c\", \"d,e\"])] f: Vec<String>",
    "#[default([1, -2])] f: Vec<i32>",
    "#[default(Draft)] f: State",
    "f: Vec<State>",
    "f: Option<State>",
    "#[field(min = -5, max = 5)] f: i16",
    "#[field(max = 5000000000)] f: i64",
    "#[field(min = 0.5)] f: f64",
    "#[field(min = -1, max = 99.5)] f: Decimal",
    "#[field(min = 2, max = 40)] f: String",
    "#[field(pattern = \"it's|a\\\\.b\")] f: Text",
    "#[field(min = 1, max = 3)] f: Vec<Part>",
    "f: Part",
    "f: Json",
    "f: Point",
    "f: Vec<Decimal>",
    "#[db(type = \"varchar(12)\")] #[default(\"x\")] f: String",
    "#[db(type = \"DECIMAL(10, 2)\")] #[default(1.5)] f: Decimal",
    "#[db(type = \"NVARCHAR( 20 )\")] f: String",
    "#[db(collate = \"NOCASE\")] f: Text",
    "#[db(collate = \"binary\")] f: Text",
    "#[db(column = \"Order By\")] #[field(min = 1)] f: i32",
    "#[db(column = \"group\")] #[field(min = 1, max = 9)] f: i32",
    "#[db(column = \"a \\\"b\\\"\")] #[unique] f: i32",
    "#[db(column = \"größe\")] #[field(min = 0)] f: i32",
    "#[unique] f: String",
    "#[on_delete(cascade)] f: Ref<Base>",
    "#[db(deferrable = deferred, on_update = cascade)] f: Option<Ref<Base>>",
    "f: AnyOf<(Base, Owner)>",
    "#[computed(\"n * 2\", stored)] f: i64",
    "#[computed(\"size(t) + n\", stored)] f: i64",
    "#[computed(\"n > 2 && flag\", stored)] f: bool",
    "#[computed(\"t + 'x'\", stored)] f: Text",
    "/** A \"described\" field: it's so. */ f: i32",
];

/// Attributes of an entity.
const ENTITIES: &[&str] = &[
    "#[index(n desc, t)]",
    "#[index(t, unique)]",
    "#[unique(n, t)]",
    "#[index(t, method = hash)]",
    "#[index(n, where = \"state == 'draft'\")]",
    "#[index(n, where = \"flag && n > 5\")]",
    "#[index(n, where = \"d != null\")]",
    "#[index(n, where = \"t in ['a', 'b']\")]",
    "#[index(n, unique, where = \"!flag\")]",
    "#[db(table = \"Strange Name\")]",
    "#[db(table = \"a_table_whose_name_is_as_long_as_names_of_tables_are_allowed_to\")] #[index(n, t)] #[index(t, n)]",
    "/** What it's for. */",
];

/// Checks in SQL.
const CHECKS: &[&str] = &[
    "n > 0",
    "n>0",
    "(n > 0)",
    "((n) > (0))",
    "n > 0\n  AND t <> 'x'",
    "n BETWEEN 1 AND 5 OR d IS NULL",
    "t IN ('a','b')",
    "t in ('a', 'b', 'c')",
    "t NOT IN ('it''s')",
    "n = 1 OR n = 2 AND t = 'a'",
    "NOT (n = 1)",
    "n > -1",
    "n > - 1",
    "t LIKE 'a%'",
    "t GLOB '[a-z]*'",
    "t LIKE '10\\%' ESCAPE '\\'",
    "length(t) < 10",
    "LENGTH( t ) < 10",
    "d >= '2020-01-01'",
    "date(d) = d",
    "json_valid(t) OR 1",
    "CASE WHEN n > 0 THEN t <> '' ELSE 1 END",
    "coalesce(n, 0) > 0",
    "n IS NOT NULL AND d ISNULL",
    "t COLLATE NOCASE <> 'x'",
    "CAST(n AS TEXT) <> 'x'",
    "\"n\" > 0",
    "`n` > 0",
    "[n] > 0",
    "N > 0",
    "\"order\" > 0",
    "n /* the number */ > 0",
    "t || 'x' <> 'ax'",
    "n <> 0x10",
    "n < 1e3",
    "typeof(n) = 'integer'",
];

/// Conditions of partial indexes.
const CONDITIONS: &[&str] = &[
    "n > 0 and t <> ''",
    "t IN ('a', 'b')",
    "d IS NOT NULL",
    "N>0",
    "(n > 0)",
    "\"order\" = 1",
    "t LIKE 'a%'",
    "n BETWEEN 1 AND 3",
];

/// Expressions in indexes.
const EXPRESSIONS: &[&str] = &[
    "lower(t)",
    "LOWER( t )",
    "n + 1",
    "(n + 1) * 2",
    "-n",
    "t || n",
    "\"order\" + 1",
    "json_extract(t, '$.a')",
    "substr(t, 1, 3)",
    "CASE WHEN flag THEN n ELSE 0 END",
    "coalesce(t, '')",
];

/// Types and defaults.
const DEFAULTS: &[(&str, &str)] = &[
    ("INTEGER", "1"),
    ("INTEGER", "-1"),
    ("INTEGER", "- 1"),
    ("INTEGER", "(1)"),
    ("INTEGER", "1 + 1"),
    ("INTEGER", "TRUE"),
    ("INTEGER", "0x10"),
    ("REAL", "0.5"),
    ("REAL", "1e10"),
    ("TEXT", "'x'"),
    ("TEXT", "'it''s'"),
    ("TEXT", "NULL"),
    ("TEXT", "CURRENT_TIMESTAMP"),
    ("TEXT", "current_date"),
    ("TEXT", "datetime('now')"),
    ("TEXT", "(strftime('%Y-%m-%d', 'now'))"),
    ("TEXT", "lower(hex(randomblob(16)))"),
    ("TEXT", "'a' || 'b'"),
    ("TEXT", "json('[]')"),
    ("BLOB", "X'00ff'"),
    ("BLOB", "randomblob(4)"),
];

/// Types and expressions of generated columns.
const GENERATED: &[(&str, &str)] = &[
    ("INTEGER", "n * 2"),
    ("INTEGER", "(n * 2)"),
    ("TEXT", "lower(t)"),
    ("TEXT", "t || ' ' || n"),
    ("TEXT", "CASE WHEN n > 0 THEN 'plus' ELSE 'minus' END"),
    ("TEXT", "json_extract(t, '$.a')"),
    ("INTEGER", "n IN (1, 2)"),
];

/// Tables as other programs write them.
pub const FOREIGN: &[&str] = &[
    "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(50) NOT NULL DEFAULT 'x', n int check (n>0 and name<>''), made DATETIME DEFAULT CURRENT_TIMESTAMP)",
    "CREATE TABLE [b c] ([first name] nvarchar(20) collate nocase unique, `second` numeric(10,2) default -1.50, third DOUBLE default 1e3, primary key ([first name], `second`)) without rowid",
    "create table d(a references a(id) on delete cascade deferrable initially deferred, b text generated always as (upper(c)) virtual, c text, d int as (a*2) stored, check(c is not null), constraint short check(length(c)<10))",
    "CREATE UNIQUE INDEX d_one ON d (c COLLATE NOCASE, a DESC) WHERE c IS NOT NULL",
    "CREATE INDEX d_two ON d (lower(c), a)",
    "CREATE TABLE e (id TEXT NOT NULL PRIMARY KEY, kind TEXT CHECK(kind IN ('x','y')) DEFAULT 'x', flag BOOLEAN NOT NULL DEFAULT 0, doc JSON DEFAULT '{}', at TIMESTAMP DEFAULT (datetime('now')), UNIQUE (kind, flag))",
];

/// Fields of every table here.
const COLUMNS: &str =
    "pub n: i64, pub t: String, pub d: Option<Date>, pub state: State, pub flag: bool, #[db(column = \"order\")] pub place: i32";

pub fn count() -> usize {
    let schema = FIELDS.len() + ENTITIES.len();
    schema + CHECKS.len() + CONDITIONS.len() + EXPRESSIONS.len() + DEFAULTS.len() + GENERATED.len()
}

/// An entity for each.
pub fn schema() -> String {
    let mut text = String::from(
        "pub enum State { Draft, InReview }\n#[embedded]\npub struct Part { pub a: Option<i32>, #[field(max = 9)] pub b: Option<String> }\n\
         #[entity]\npub struct Base { pub name: String }\n#[entity]\npub struct Owner { pub name: String }\n",
    );
    let mut entity = |name: String, attribute: String, field: String| {
        text += &format!("{attribute}\n#[entity]\npub struct {name} {{ {COLUMNS}, {field} }}\n");
    };
    for (at, field) in FIELDS.iter().enumerate() {
        let (attributes, declaration) = field.rsplit_once("f: ").unwrap();
        entity(format!("F{at}x"), String::new(), format!("{attributes} pub f: {declaration}"));
    }
    for (at, attribute) in ENTITIES.iter().enumerate() {
        entity(format!("E{at}x"), (*attribute).to_owned(), String::new());
    }
    for (at, sql) in CHECKS.iter().enumerate() {
        entity(format!("C{at}x"), format!("#[db(check = {sql:?})]"), String::new());
    }
    for (at, sql) in CONDITIONS.iter().enumerate() {
        entity(format!("I{at}x"), format!("#[index(n, db_where = {sql:?})]"), String::new());
    }
    for (at, sql) in EXPRESSIONS.iter().enumerate() {
        entity(format!("X{at}x"), format!("#[index(n, expr = {sql:?})]"), String::new());
    }
    for (at, (ty, sql)) in DEFAULTS.iter().enumerate() {
        entity(
            format!("D{at}x"),
            String::new(),
            format!("#[db(type = {ty:?}, default = {sql:?})] pub f: Option<Custom>"),
        );
    }
    for (at, (ty, sql)) in GENERATED.iter().enumerate() {
        entity(
            format!("G{at}x"),
            String::new(),
            format!("#[db(type = {ty:?}, generated = {sql:?})] pub f: Option<Custom>"),
        );
    }
    text
}
