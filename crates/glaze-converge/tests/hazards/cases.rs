//! One case per hazard and database: two databases as SQL, the first with rows, and what is said on the way from it to the second.

use glaze_converge::assess::Risk;

/// Before and after.
type Pair = (&'static str, &'static str);

/// A case; on the databases it has SQL for.
pub struct Case {
    pub name: &'static str,
    pub sqlite: Option<Pair>,
    pub postgres: Option<Pair>,
    /// JSON of the answers.
    pub answers: &'static str,
    /// What is said.
    pub hazard: Option<Expected>,
    /// What is not said.
    pub none: &'static [&'static str],
}

/// A hazard as it has to be.
pub struct Expected {
    pub code: &'static str,
    pub risk: Risk,
    pub rows: Option<u64>,
    pub blocks: bool,
    /// Parts of the samples.
    pub samples: &'static [&'static str],
}

impl Case {
    /// The SQL of both databases.
    pub fn sql(&self, dialect: &str) -> Option<(String, String)> {
        let pair = if dialect == "sqlite" { self.sqlite } else { self.postgres };
        pair.map(|(before, after)| (before.to_owned(), after.to_owned()))
    }

    const fn both(name: &'static str, before: &'static str, after: &'static str) -> Case {
        Case {
            name,
            sqlite: Some((before, after)),
            postgres: Some((before, after)),
            answers: "{}",
            hazard: None,
            none: &[],
        }
    }

    const fn postgres(name: &'static str, before: &'static str, after: &'static str) -> Case {
        Case {
            sqlite: None,
            ..Case::both(name, before, after)
        }
    }

    const fn sqlite(name: &'static str, before: &'static str, after: &'static str) -> Case {
        Case {
            postgres: None,
            ..Case::both(name, before, after)
        }
    }

    const fn answers(self, answers: &'static str) -> Case {
        Case { answers, ..self }
    }

    const fn none(self, none: &'static [&'static str]) -> Case {
        Case { none, ..self }
    }

    const fn with(self, code: &'static str, risk: Risk, rows: Option<u64>, blocks: bool, samples: &'static [&'static str]) -> Case {
        Case {
            hazard: Some(Expected {
                code,
                risk,
                rows,
                blocks,
                samples,
            }),
            ..self
        }
    }

    const fn loses(self, code: &'static str, rows: u64, samples: &'static [&'static str]) -> Case {
        self.with(code, Risk::Destructive, Some(rows), false, samples)
    }

    const fn narrows(self, rows: u64, samples: &'static [&'static str]) -> Case {
        self.with("narrowing", Risk::Destructive, Some(rows), rows > 0, samples)
    }

    const fn fails(self, code: &'static str, rows: u64, samples: &'static [&'static str]) -> Case {
        self.with(code, Risk::Caution, Some(rows), true, samples)
    }

    const fn said(self, code: &'static str, risk: Risk) -> Case {
        self.with(code, risk, None, false, &[])
    }
}

/// A table `a` with a key and a column `v` of a type, and its rows.
macro_rules! typed {
    ($from:literal, $to:literal, $values:literal) => {
        (
            concat!(
                "CREATE TABLE a (id integer PRIMARY KEY, v ",
                $from,
                "); INSERT INTO a (id, v) VALUES ",
                $values
            ),
            concat!("CREATE TABLE a (id integer PRIMARY KEY, v ", $to, ")"),
        )
    };
}

const fn of(name: &'static str, sqlite: Option<Pair>, postgres: Option<Pair>) -> Case {
    Case {
        name,
        sqlite,
        postgres,
        answers: "{}",
        hazard: None,
        none: &[],
    }
}

const AB: &str = "CREATE TABLE a (id integer PRIMARY KEY, v text); INSERT INTO a VALUES (1, 'x'), (2, NULL), (3, 'x')";
const PARENT: &str = "CREATE TABLE p (id integer PRIMARY KEY); INSERT INTO p VALUES (1); \
     CREATE TABLE a (id integer PRIMARY KEY, p integer); INSERT INTO a VALUES (1, 1), (2, 7), (3, NULL)";

/// All cases.
pub const CASES: &[Case] = &[
    Case::both("a table goes", "CREATE TABLE a (id integer PRIMARY KEY); INSERT INTO a VALUES (1), (2)", "")
        .loses("table_dropped", 2, &["id=1"]),
    Case::both("a column goes", AB, "CREATE TABLE a (id integer PRIMARY KEY)").loses("column_dropped", 2, &["id=1, v=x"]),
    Case::both("a renamed column's neighbour goes",
        "CREATE TABLE a (id integer PRIMARY KEY, v text, w integer); INSERT INTO a VALUES (1, 'x', 2)",
        "CREATE TABLE a (id integer PRIMARY KEY, renamed text)")
        .answers(r#"{"renames": {"a.v": "a.renamed", "public.a.v": "public.a.renamed", "a.w": null, "public.a.w": null}}"#)
        .loses("column_dropped", 1, &["w=2"]),
    Case::both("a table is renamed", AB, "CREATE TABLE b (id integer PRIMARY KEY, v text)")
        .answers(r#"{"renames": {"a": "b", "public.a": "public.b"}}"#)
        .said("breaks_clients", Risk::Caution)
        .none(&["table_dropped"]),
    Case::postgres("a value of an enum goes",
        "CREATE TYPE s AS ENUM ('a', 'b', 'c'); CREATE TABLE a (id integer PRIMARY KEY, v s); INSERT INTO a VALUES (1, 'c'), (2, 'a')",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE a (id integer PRIMARY KEY, v s)")
        .answers(r#"{"renames": {"public.s.c": null}}"#)
        .with("enum_value_removed", Risk::Destructive, Some(1), true, &["v=c"]),
    Case::postgres("a value of an enum becomes another",
        "CREATE TYPE s AS ENUM ('a', 'b', 'c'); CREATE TABLE a (id integer PRIMARY KEY, v s); INSERT INTO a VALUES (1, 'c'), (2, 'a')",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE a (id integer PRIMARY KEY, v s)")
        .answers(r#"{"enum_value_map": {"public.s": {"c": "a"}}}"#)
        .loses("enum_value_removed", 1, &["id=1"]),
    of("text into an enum that is new", None, Some((
        "CREATE TABLE a (id integer PRIMARY KEY, v text); INSERT INTO a VALUES (1, 'c'), (2, 'a')",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE a (id integer PRIMARY KEY, v s)",
    ))).narrows(1, &["v=c"]),
    of("text shorter", None, Some(typed!("varchar(9)", "varchar(3)", "(1, 'abcd'), (2, 'abc')"))).narrows(1, &["v=abcd"]),
    of("text shorter, all fit", None, Some(typed!("varchar(9)", "varchar(3)", "(2, 'abc')"))).narrows(0, &[]),
    of("text shorter, only spaces go", None, Some(typed!("text", "varchar(3)", "(1, 'abc  ')"))).loses("lossy_conversion", 1, &[]),
    of("text longer", None, Some(typed!("varchar(3)", "varchar(9)", "(1, 'abc')")))
        .none(&["narrowing", "lossy_conversion", "table_rewrite"]),
    of("numbers as short text", None, Some(typed!("integer", "varchar(2)", "(1, 12), (2, 123)"))).narrows(1, &["v=123"]),
    of("digits go", Some(typed!("INTEGER /* decimal(10,2) */", "INTEGER /* decimal(10,1) */", "(1, 1255), (2, 1250)")),
        Some(typed!("numeric(10,2)", "numeric(10,1)", "(1, 12.55), (2, 12.50)"))).loses("scale_reduced", 1, &["id=1"]),
    of("numbers too large", Some(typed!("INTEGER /* decimal(6,2) */", "INTEGER /* decimal(4,2) */", "(1, 12345), (2, 1234)")),
        Some(typed!("numeric(6,2)", "numeric(4,2)", "(1, 123.45), (2, 12.34)"))).narrows(1, &["id=1"]),
    of("rounding makes it too large", None, Some(typed!("numeric(3,2)", "numeric(2,1)", "(1, 9.96)")))
        .with("narrowing", Risk::Destructive, Some(1), true, &["v=9.96"]),
    of("integers too large", Some(typed!("INTEGER", "INTEGER /* i16 */", "(1, 70000), (2, 7)")),
        Some(typed!("integer", "smallint", "(1, 70000), (2, 7)"))).narrows(1, &["v=70000"]),
    of("a moment as a day", Some(typed!("TEXT /* datetime */", "TEXT /* date */",
            "(1, '2026-01-02T03:04:05.000000Z'), (2, '2026-01-02T00:00:00.000000Z')")),
        Some(typed!("timestamp", "date", "(1, '2026-01-02 03:04:05'), (2, '2026-01-02 00:00:00')")))
        .loses("lossy_conversion", 1, &["id=1"]),
    of("floats as integers", Some(typed!("REAL", "INTEGER", "(1, 1.5), (2, 2.0)")),
        Some(typed!("double precision", "integer", "(1, 1.5), (2, 2.0)"))).loses("scale_reduced", 1, &["v=1.5"]),
    of("large integers as floats", Some(typed!("INTEGER", "REAL", "(1, 9007199254740993), (2, 2)")),
        Some(typed!("bigint", "double precision", "(1, 9007199254740993), (2, 2)"))).loses("lossy_conversion", 1, &["id=1"]),
    of("text as integers", Some(typed!("TEXT", "INTEGER", "(1, 'abc'), (2, '42')")),
        Some(typed!("text", "integer", "(1, 'abc'), (2, '42')"))).narrows(1, &["v=abc"]),
    of("leading zeros", None, Some(typed!("text", "integer", "(1, '007'), (2, '42')"))).loses("lossy_conversion", 1, &["v=007"]),
    of("text as JSON", Some(typed!("TEXT", "TEXT /* json */", "(1, '{'), (2, '{}')")),
        Some(typed!("text", "jsonb", "(1, '{'), (2, '{}')"))).narrows(1, &["v={"]),
    of("text as days", Some(typed!("TEXT", "TEXT /* date */", "(1, '2026-02-30'), (2, '2026-02-03')")),
        Some(typed!("text", "date", "(1, '2026-02-30'), (2, '2026-02-03')"))).narrows(1, &["2026-02-30"]),
    of("a list as a text", Some(typed!("TEXT /* list(text) */", "TEXT", "(1, '[\"a\"]'), (2, NULL)")),
        Some(typed!("text[]", "text", "(1, '{a}'), (2, NULL)"))).loses("lossy_conversion", 1, &["id=1"]),
    of("a list's shorter items", None, Some(typed!("text[]", "varchar(2)[]", "(1, '{abc}'), (2, '{ab}')"))).narrows(1, &["{abc}"]),
    of("a zone goes", None, Some(typed!("timestamptz", "timestamp", "(1, '2026-01-02 03:04:05+00'), (2, NULL)")))
        .loses("lossy_conversion", 1, &["id=1"]),
    of("a zone comes", None, Some(typed!("timestamp", "timestamptz", "(1, '2026-01-02 03:04:05')")))
        .said("session_time_zone", Risk::Caution)
        .none(&["lossy_conversion", "narrowing"]),
    of("padding", None, Some(typed!("text", "char(3)", "(1, 'abcd'), (2, 'ab')"))).narrows(1, &["v=abcd"]),
    of("no way", None, Some(typed!("uuid", "integer", "(1, '00000000-0000-7000-8000-000000000001')")))
        .with("no_conversion", Risk::Destructive, Some(1), true, &["id=1"]),
    of("an own way", None, Some(typed!("text", "integer", "(1, 'a'), (2, NULL)")))
        .answers(r#"{"using": {"public.a.v": "length(v)"}}"#)
        .loses("own_conversion", 1, &["v=a"]),
    of("an own way that fails", None, Some(typed!("text", "integer", "(1, 'a')")))
        .answers(r#"{"using": {"public.a.v": "(v || '0')::integer"}}"#)
        .with("own_conversion", Risk::Destructive, Some(1), true, &["v=a"]),
    of("computed in another way", None, Some((
        "CREATE TABLE a (id integer PRIMARY KEY, v integer GENERATED ALWAYS AS (id * 2) STORED); INSERT INTO a VALUES (1), (2)",
        "CREATE TABLE a (id integer PRIMARY KEY, v integer GENERATED ALWAYS AS (id * id) STORED)",
    ))).loses("generated_changed", 1, &["id=1"]),
    Case::postgres("a schema goes", "CREATE SCHEMA extra; CREATE TABLE a (id integer)", "CREATE TABLE a (id integer)")
        .with("schema_dropped", Risk::Destructive, Some(0), false, &[]),
    Case::postgres("a sequence goes", "CREATE SEQUENCE q", "").said("sequence_dropped", Risk::Caution),
    Case::both("required over null", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text NOT NULL)")
        .fails("not_null_over_nulls", 1, &["id=2"]),
    Case::both("required, filled", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text NOT NULL)")
        .answers(r#"{"backfill": {"a.v": "'y'", "public.a.v": "'y'"}}"#)
        .with("nulls_filled", Risk::Caution, Some(1), false, &["id=2"])
        .none(&["not_null_over_nulls"]),
    Case::both("required and new", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, w text NOT NULL)")
        .fails("required_without_value", 3, &["id=1"]),
    Case::both("required and new, no rows", "CREATE TABLE a (id integer PRIMARY KEY)",
        "CREATE TABLE a (id integer PRIMARY KEY, w text NOT NULL)").none(&["required_without_value"]),
    Case::both("unique over what is there twice", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text); CREATE UNIQUE INDEX a_v ON a (v)")
        .fails("unique_over_duplicates", 2, &["v=x, times=2"]),
    Case::both("unique among some", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text); CREATE UNIQUE INDEX a_v ON a (v) WHERE id > 1")
        .none(&["unique_over_duplicates"]),
    Case::sqlite("unique without case",
        "CREATE TABLE a (id integer PRIMARY KEY, v text UNIQUE); INSERT INTO a VALUES (1, 'x'), (2, 'X')",
        "CREATE TABLE a (id integer PRIMARY KEY, v text COLLATE NOCASE UNIQUE)")
        .fails("unique_over_duplicates", 2, &["times=2"]),
    Case::postgres("a unique constraint", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, UNIQUE (v))")
        .fails("unique_over_duplicates", 2, &["times=2"]),
    of("a key that rounding makes equal", None, Some((
        "CREATE TABLE a (id integer PRIMARY KEY, v numeric(5,2) UNIQUE); INSERT INTO a VALUES (1, 1.11), (2, 1.12)",
        "CREATE TABLE a (id integer PRIMARY KEY, v numeric(5,1) UNIQUE)",
    ))).fails("unique_over_duplicates", 2, &["v=1.1"]),
    Case::both("a check", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, CONSTRAINT few CHECK (id < 3))")
        .fails("check_over_violators", 1, &["id=3"]),
    Case::both("a check under new names", AB, "CREATE TABLE a (id integer PRIMARY KEY, w text, CONSTRAINT w CHECK (w <> 'x'))")
        .answers(r#"{"renames": {"a.v": "a.w", "public.a.v": "public.a.w"}}"#)
        .fails("check_over_violators", 2, &["w=x"]),
    Case::both("a foreign key", PARENT, "CREATE TABLE p (id integer PRIMARY KEY); \
         CREATE TABLE a (id integer PRIMARY KEY, p integer, CONSTRAINT a_p FOREIGN KEY (p) REFERENCES p (id))")
        .fails("fk_over_orphans", 1, &["id=2, p=7"]),
    Case::both("a foreign key to a new table", "CREATE TABLE a (id integer PRIMARY KEY, p integer); INSERT INTO a VALUES (1, 1), (2, NULL)",
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE a (id integer PRIMARY KEY, p integer, CONSTRAINT a_p FOREIGN KEY (p) REFERENCES p (id))")
        .fails("fk_over_orphans", 1, &["p=1"]),
    of("written anew", None, Some(typed!("integer", "bigint", "(1, 1)"))).with("table_rewrite", Risk::Caution, Some(0), false, &[]),
    Case::postgres("a default of its own for each row", AB,
        "CREATE TABLE a (id integer PRIMARY KEY, v text, w uuid NOT NULL DEFAULT gen_random_uuid())")
        .with("volatile_default", Risk::Caution, Some(0), false, &[]),
    Case::postgres("one default for all rows", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, w timestamptz NOT NULL DEFAULT now())")
        .none(&["volatile_default", "table_rewrite", "breaks_clients"]),
    Case::postgres("numbered", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, w bigint GENERATED ALWAYS AS IDENTITY)")
        .with("identity_added", Risk::Caution, Some(0), false, &[]),
    Case::postgres("computed and stored", AB, "CREATE TABLE a (id integer PRIMARY KEY, v text, w integer GENERATED ALWAYS AS (id + 1) STORED)")
        .with("generated_stored_added", Risk::Caution, Some(0), false, &[]),
    Case::postgres("a value added",
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE a (id integer PRIMARY KEY, v s)",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE a (id integer PRIMARY KEY, v s)")
        .said("enum_value_in_transaction", Risk::Safe),
    Case::postgres("a value added and used",
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE a (id integer PRIMARY KEY, v s NOT NULL DEFAULT 'a'); INSERT INTO a VALUES (1)",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE a (id integer PRIMARY KEY, v s NOT NULL DEFAULT 'b')")
        .said("enum_value_in_transaction", Risk::Caution),
    Case::sqlite("rebuilt under others",
        "CREATE TABLE p (id integer PRIMARY KEY, v text); INSERT INTO p VALUES (1, 'x'); \
         CREATE TABLE a (id integer PRIMARY KEY, p integer REFERENCES p (id) ON DELETE CASCADE); INSERT INTO a VALUES (1, 1)",
        "CREATE TABLE p (id integer PRIMARY KEY, v text NOT NULL); \
         CREATE TABLE a (id integer PRIMARY KEY, p integer REFERENCES p (id) ON DELETE CASCADE)")
        .said("rebuild_under_foreign_keys", Risk::Safe),
    Case::postgres("under a view",
        "CREATE TABLE a (id integer PRIMARY KEY, v integer); CREATE VIEW w AS SELECT v FROM a",
        "CREATE TABLE a (id integer PRIMARY KEY, v bigint); CREATE VIEW w AS SELECT v FROM a")
        .said("column_under_view", Risk::Caution),
];
