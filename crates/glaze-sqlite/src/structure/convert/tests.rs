use super::*;

/// The text of `value` after the conversion, or `None` when it is refused.
fn converted(from: &str, to: &str, value: &str) -> Option<String> {
    let column = |ty: &str| Column {
        name: "c".to_owned(),
        ty: ty.to_owned(),
        ..Column::default()
    };
    let conversion = convert(&column(from), &column(to));
    assert_ne!(conversion.kind, ConversionKind::Impossible, "{from} to {to}");
    let using = conversion.using.unwrap_or_else(|| "\"c\"".to_owned());
    let connection = rusqlite::Connection::open_in_memory().expect("a database");
    connection
        .query_row(&format!("SELECT CAST({using} AS TEXT) FROM (SELECT {value} AS \"c\")"), [], |row| {
            row.get(0)
        })
        .ok()
}

#[test]
fn values_are_converted_exactly_or_refused() {
    for (from, to, value, wanted) in [
        ("INTEGER", "integer:decimal(10,2)", "12", Some("1200")),
        ("integer:decimal(10,2)", "integer:decimal(12,4)", "-1250", Some("-125000")),
        ("integer:decimal(10,2)", "integer:decimal(10,1)", "1255", Some("126")),
        ("integer:decimal(10,2)", "integer:decimal(10,1)", "-1255", Some("-126")),
        ("integer:decimal(10,2)", "INTEGER", "1249", Some("12")),
        ("integer:decimal(10,2)", "TEXT", "-5", Some("-0.05")),
        ("integer:decimal(10,2)", "TEXT", "123456", Some("1234.56")),
        ("integer:bool", "TEXT", "1", Some("true")),
        ("TEXT", "integer:bool", "'False'", Some("0")),
        ("TEXT", "integer:bool", "'maybe'", None),
        ("TEXT", "INTEGER", "' 42'", Some("42")),
        ("TEXT", "INTEGER", "'42x'", None),
        ("TEXT", "INTEGER", "'99999999999999999999'", None),
        ("TEXT", "integer:decimal(10,2)", "'12.5'", Some("1250")),
        ("TEXT", "REAL", "''", None),
        ("TEXT", "REAL", "'1.2.3'", None),
        ("TEXT", "REAL", "'-'", None),
        ("TEXT", "integer:i16", "'40000'", None),
        ("TEXT", "integer:decimal(4,2)", "'123.45'", None),
        ("INTEGER", "integer:decimal(10,2)", "'abc'", None),
        ("INTEGER", "integer:decimal(4,2)", "100", None),
        ("INTEGER", "REAL", "'abc'", None),
        ("REAL", "INTEGER", "1e30", None),
        ("REAL", "integer:i16", "70000.0", None),
        ("REAL", "TEXT", "0.1", Some("0.1")),
        ("integer:decimal(4,2)", "integer:decimal(2,1)", "996", None),
        ("BOOLEAN", "TEXT", "7", Some("7")),
        ("TEXT", "text:datetime", "'now'", None),
        ("TEXT", "text:datetime", "'2026-02-30 10:00'", None),
        (
            "TEXT",
            "text:datetime",
            "'2026-02-03T04:05:06.123456Z'",
            Some("2026-02-03T04:05:06.123456Z"),
        ),
        ("TEXT", "text:time", "'2026-02-03 10:00'", None),
        ("TEXT", "text:time", "'10:00'", Some("10:00:00.000000")),
        ("TEXT", "text:uuid", "'------------------------------------'", None),
        ("DATETIME", "text:date", "1700000000", None),
        ("VARCHAR(30)", "DATETIME", "'2026-02-03 04:05:06'", Some("2026-02-03 04:05:06")),
        ("TEXT", "JSON", "'[1]'", Some("[1]")),
        ("INTEGER", "BOOLEAN", "2", Some("2")),
        ("", "TEXT", "'x'", Some("x")),
        ("TEXT", "DECIMAL(10,2)", "'x'", None),
        (
            "TEXT",
            "text:uuid",
            "'0190A1B2-0000-7000-8000-000000000001'",
            Some("0190a1b2-0000-7000-8000-000000000001"),
        ),
        ("TEXT", "text:date", "'2026-02-30'", None),
        (
            "TEXT",
            "text:datetime",
            "'2026-02-03 04:05:06'",
            Some("2026-02-03T04:05:06.000000Z"),
        ),
        ("TEXT", "text:json", "'{\"a\": 1}'", Some("{\"a\":1}")),
        ("text:date", "text:datetime", "'2026-02-03'", Some("2026-02-03T00:00:00.000000Z")),
        ("text:datetime", "text:date", "'2026-02-03T04:05:06.000000Z'", Some("2026-02-03")),
        ("TEXT", "text:list(text)", "'a\"b'", Some("[\"a\\\"b\"]")),
    ] {
        assert_eq!(converted(from, to, value).as_deref(), wanted, "{value} from {from} to {to}");
    }
}
