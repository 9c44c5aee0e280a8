//! How values get from one column type to another in a rebuild. A value that cannot be converted makes the statement fail:
//! it is never cut or replaced by null.

use glaze_converge::catalog::Column;
use glaze_converge::dialect::{Conversion, ConversionKind};
use glaze_sql::ddl::quote;

use super::types::{ColumnType, IntegerSize, parse};

/// The conversion from one column to another.
pub fn convert(from: &Column, to: &Column) -> Conversion {
    let column = quote(&from.name);
    conversion(&column, &parse(&from.ty), &parse(&to.ty))
}

fn as_is(kind: ConversionKind, loses: Option<String>) -> Conversion {
    Conversion { using: None, kind, loses }
}

fn using(text: String, kind: ConversionKind, loses: Option<String>) -> Conversion {
    Conversion {
        using: Some(text),
        kind,
        loses,
    }
}

/// An expression that fails with the value in the way: `json()` refuses what is not JSON.
fn refuse(column: &str) -> String {
    format!("json('cannot convert: ' || {column})")
}

fn conversion(c: &str, from: &ColumnType, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    use ConversionKind::{Impossible, Lossy, Narrowing, Widening};
    match (from, to) {
        (a, b) if a == b => as_is(Widening, None),
        (T::Integer(_) | T::Bool | T::Duration, T::Integer(size)) => integer(c, from, *size),
        (T::Integer(_), T::Bool) => as_is(Narrowing, Some(format!("{c} NOT IN (0, 1)"))),
        (T::Integer(_), T::Duration) => as_is(Widening, None),
        (T::Integer(_) | T::Bool, T::Real | T::Numeric) => using(format!("CAST({c} AS REAL)"), Widening, None),
        (T::Real | T::Numeric, T::Integer(_)) => {
            let whole = format!("{c} = CAST({c} AS INTEGER)");
            using(format!("CAST(round({c}) AS INTEGER)"), Lossy, Some(format!("NOT ({whole})")))
        }
        (T::Real, T::Numeric) | (T::Numeric, T::Real) => as_is(Widening, None),
        (T::Integer(_), T::Decimal(_, scale)) => using(format!("{c} * {}", factor(*scale)), Widening, None),
        (T::Decimal(_, scale), T::Integer(_)) => {
            let loses = (*scale > 0).then(|| format!("{c} % {} <> 0", factor(*scale)));
            using(rounded(c, *scale), Lossy, loses)
        }
        (T::Decimal(precision, scale), T::Decimal(new_precision, new_scale)) => {
            decimal(c, (*precision, *scale), (*new_precision, *new_scale))
        }
        (T::Decimal(_, scale), T::Real | T::Numeric) => using(format!("CAST({c} AS REAL) / {}", factor(*scale)), Lossy, None),
        (T::Real | T::Numeric, T::Decimal(_, scale)) => {
            let scaled = format!("CAST(round({c} * {}) AS INTEGER)", factor(*scale));
            let loses = format!("abs({c} * {f} - round({c} * {f})) > 1e-6", f = factor(*scale));
            using(scaled, Lossy, Some(loses))
        }
        (_, T::Text(most)) => to_text(c, from, *most),
        (T::Text(_), _) => from_text(c, to),
        (T::Date, T::DateTime) => using(format!("{c} || 'T00:00:00.000000Z'"), Widening, None),
        (T::DateTime, T::Date) => using(
            format!("substr({c}, 1, 10)"),
            Lossy,
            Some(format!("substr({c}, 12) <> '00:00:00.000000Z'")),
        ),
        (T::DateTime, T::Time) => using(format!("substr({c}, 12, 15)"), Lossy, Some(format!("{c} IS NOT NULL"))),
        (T::List(_) | T::Point, T::Json) => as_is(Widening, None),
        (T::Json, T::List(_)) => as_is(Narrowing, Some(format!("json_type({c}) <> 'array'"))),
        (from, T::List(item)) if same_family(from, item) => {
            using(format!("CASE WHEN {c} IS NULL THEN NULL ELSE json_array({c}) END"), Widening, None)
        }
        _ => as_is(Impossible, Some(format!("{c} IS NOT NULL"))),
    }
}

fn same_family(from: &ColumnType, item: &str) -> bool {
    use ColumnType as T;
    match from {
        T::Integer(_) => matches!(item, "i16" | "i32" | "i64"),
        T::Real => matches!(item, "f32" | "f64"),
        T::Uuid => item == "uuid",
        T::Date => item == "date",
        _ => false,
    }
}

fn factor(scale: u32) -> i64 {
    10i64.checked_pow(scale).unwrap_or(i64::MAX)
}

/// Half away from zero, as databases round.
fn rounded(c: &str, digits: u32) -> String {
    match digits {
        0 => c.to_owned(),
        digits => {
            let (factor, half) = (factor(digits), factor(digits) / 2);
            format!("CASE WHEN {c} >= 0 THEN ({c} + {half}) / {factor} ELSE ({c} - {half}) / {factor} END")
        }
    }
}

fn integer(c: &str, from: &ColumnType, size: IntegerSize) -> Conversion {
    let fits = match from {
        ColumnType::Bool => true,
        ColumnType::Integer(before) => *before <= size,
        _ => size == IntegerSize::Big,
    };
    let range = match size {
        IntegerSize::Small => "-32768 AND 32767",
        IntegerSize::Medium => "-2147483648 AND 2147483647",
        IntegerSize::Big => return as_is(ConversionKind::Widening, None),
    };
    match fits {
        true => as_is(ConversionKind::Widening, None),
        false => as_is(ConversionKind::Narrowing, Some(format!("{c} NOT BETWEEN {range}"))),
    }
}

fn decimal(c: &str, (precision, scale): (u32, u32), (new_precision, new_scale): (u32, u32)) -> Conversion {
    let smaller = new_precision.saturating_sub(new_scale) < precision.saturating_sub(scale);
    let limit = 10i64.checked_pow(new_precision);
    if new_scale >= scale {
        let by = factor(new_scale - scale);
        let value = if by == 1 { c.to_owned() } else { format!("{c} * {by}") };
        let loses = limit.filter(|_| smaller).map(|limit| format!("abs({value}) >= {limit}"));
        let kind = if smaller {
            ConversionKind::Narrowing
        } else {
            ConversionKind::Widening
        };
        return Conversion {
            using: (by != 1).then_some(value),
            kind,
            loses,
        };
    }
    let digits = scale - new_scale;
    using(
        rounded(c, digits),
        ConversionKind::Lossy,
        Some(format!("{c} % {} <> 0", factor(digits))),
    )
}

fn to_text(c: &str, from: &ColumnType, most: Option<u32>) -> Conversion {
    use ColumnType as T;
    let text = match from {
        T::Text(_) | T::Uuid | T::Date | T::Time | T::DateTime | T::Json | T::List(_) | T::Point => None,
        T::Bool => Some(format!("CASE {c} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END")),
        T::Decimal(_, 0) => Some(format!("CAST({c} AS TEXT)")),
        T::Decimal(_, scale) => {
            let factor = factor(*scale);
            let sign = format!("CASE WHEN {c} < 0 THEN '-' ELSE '' END");
            Some(format!(
                "{sign} || (abs({c}) / {factor}) || '.' || printf('%0{scale}d', abs({c}) % {factor})"
            ))
        }
        T::Blob => return as_is(ConversionKind::Impossible, Some(format!("{c} IS NOT NULL"))),
        _ => Some(format!("CAST({c} AS TEXT)")),
    };
    let shown = text.clone().unwrap_or_else(|| c.to_owned());
    let fits = match (from, most) {
        (_, None) => true,
        (T::Text(Some(before)), Some(most)) => *before <= most,
        _ => false,
    };
    match (fits, most) {
        (false, Some(most)) => Conversion {
            using: text,
            kind: ConversionKind::Narrowing,
            loses: Some(format!("length({shown}) > {most}")),
        },
        _ => Conversion {
            using: text,
            kind: ConversionKind::Widening,
            loses: None,
        },
    }
}

fn from_text(c: &str, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    let bad = refuse(c);
    let guarded = |good: &str, value: &str| {
        let loses = Some(format!("{c} IS NOT NULL AND NOT coalesce({good}, 0)"));
        using(
            format!("CASE WHEN {c} IS NULL THEN NULL WHEN {good} THEN {value} ELSE {bad} END"),
            ConversionKind::Narrowing,
            loses,
        )
    };
    let number = format!("trim({c}) <> '' AND trim({c}) NOT GLOB '*[^0-9.eE+-]*'");
    match to {
        T::Integer(_) | T::Duration => guarded(
            &format!("CAST(CAST({c} AS INTEGER) AS TEXT) = trim({c})"),
            &format!("CAST({c} AS INTEGER)"),
        ),
        T::Real | T::Numeric => guarded(&number, &format!("CAST({c} AS REAL)")),
        T::Decimal(_, scale) => guarded(&number, &format!("CAST(round(CAST({c} AS REAL) * {}) AS INTEGER)", factor(*scale))),
        T::Bool => guarded(
            &format!("lower({c}) IN ('true', 'false', '1', '0')"),
            &format!("lower({c}) IN ('true', '1')"),
        ),
        T::Uuid => guarded(
            &format!("length({c}) = 36 AND lower({c}) NOT GLOB '*[^0-9a-f-]*'"),
            &format!("lower({c})"),
        ),
        T::Date => guarded(&format!("date({c}) = {c}"), c),
        T::Time => guarded(&format!("time({c}) IS NOT NULL"), &format!("strftime('%H:%M:%f', {c}) || '000'")),
        T::DateTime => guarded(
            &format!("datetime({c}) IS NOT NULL"),
            &format!("strftime('%Y-%m-%dT%H:%M:%f', {c}) || '000Z'"),
        ),
        T::Json | T::Point => guarded(&format!("json_valid({c})"), &format!("json({c})")),
        T::List(item) if item == "text" => using(
            format!("CASE WHEN {c} IS NULL THEN NULL ELSE json_array({c}) END"),
            ConversionKind::Widening,
            None,
        ),
        _ => as_is(ConversionKind::Impossible, Some(format!("{c} IS NOT NULL"))),
    }
}

#[cfg(test)]
mod tests {
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
}
