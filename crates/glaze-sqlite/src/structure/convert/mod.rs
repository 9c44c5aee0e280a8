//! How values get from one column type to another in a rebuild. A value that cannot be converted makes the statement fail: it is
//! never cut or replaced by null. Columns of foreign tables may hold anything whatever their type says, so each expression looks.

mod numbers;
mod text;

use glaze_converge::catalog::Column;
use glaze_converge::dialect::{Conversion, ConversionKind};
use glaze_sql::ddl::quote;

use super::types::{ColumnType, parse};

/// The conversion from one column to another.
pub fn convert(from: &Column, to: &Column) -> Conversion {
    let column = quote(&from.name);
    let (old, new) = (parse(&from.ty), parse(&to.ty));
    if keeps(from, to, &old, &new) {
        return as_is();
    }
    conversion(&column, &old, &new)
}

/// In somebody else's table a declared type is only a name: how dates are written, and what `JSON` holds, is their business, and the
/// values stay as they are. Types of ours have a tag.
fn keeps(from: &Column, to: &Column, old: &ColumnType, new: &ColumnType) -> bool {
    use ColumnType as T;
    let numeric = ["NUMERIC", "DEC", "NUMBER"].iter().any(|name| to.ty.starts_with(name));
    let textual = matches!(old, T::Text(_) | T::Date | T::Time | T::DateTime);
    match new {
        _ if to.ty.contains(':') => false,
        T::Date | T::Time | T::DateTime => textual || from.ty.is_empty(),
        T::Bool => matches!(old, T::Integer(_)),
        T::Numeric => !numeric && *old != T::Blob,
        T::Text(_) => from.ty.is_empty(),
        T::Blob => to.ty.is_empty(),
        _ => false,
    }
}

fn conversion(c: &str, from: &ColumnType, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    match (from, to) {
        (a, b) if a == b => as_is(),
        (
            T::Integer(_) | T::Bool | T::Duration | T::Real | T::Numeric | T::Decimal(..),
            T::Integer(_) | T::Bool | T::Duration | T::Real | T::Numeric | T::Decimal(..),
        ) => numbers::convert(c, from, to),
        (_, T::Text(most)) => text::to_text(c, from, *most),
        (T::Text(_), _) => text::from_text(c, to),
        (T::Date | T::DateTime, T::Date | T::DateTime | T::Time) => temporal(c, from, to),
        (T::List(_) | T::Point, T::Json) => as_is(),
        (T::Json, T::List(_)) => guarded(c, &format!("CASE WHEN json_valid({c}) THEN json_type({c}) = 'array' END"), c),
        (T::List(a), T::List(b)) if wider_item(a, b) => as_is(),
        (from, T::List(item)) if same_family(from, item) => widening(format!("CASE WHEN {c} IS NULL THEN NULL ELSE json_array({c}) END")),
        _ => impossible(c),
    }
}

fn temporal(c: &str, from: &ColumnType, to: &ColumnType) -> Conversion {
    use ColumnType as T;
    let day = format!("date(substr({c}, 1, 10)) = substr({c}, 1, 10)");
    let canonical = format!("{day} AND length({c}) = 27 AND {c} GLOB '*T??:??:??.??????Z'");
    match (from, to) {
        (T::Date, T::DateTime) => guarded(c, &format!("{day} AND length({c}) = 10"), &format!("{c} || 'T00:00:00.000000Z'")),
        (T::DateTime, T::Date) => Conversion {
            kind: ConversionKind::Lossy,
            changes: Some(format!(
                "length({c}) > 10 AND substr({c}, 12) NOT IN ('00:00:00.000000Z', '00:00:00', '00:00')"
            )),
            ..guarded(c, &day, &format!("substr({c}, 1, 10)"))
        },
        (T::DateTime, T::Time) => Conversion {
            kind: ConversionKind::Lossy,
            changes: Some(format!("{c} IS NOT NULL")),
            ..guarded(c, &canonical, &format!("substr({c}, 12, 15)"))
        },
        _ => impossible(c),
    }
}

/// Every item of the one is an item of the other.
fn wider_item(from: &str, to: &str) -> bool {
    let rank = |item: &str| ["i16", "i32", "i64"].iter().position(|other| *other == item);
    matches!((rank(from), rank(to)), (Some(a), Some(b)) if a <= b) || (from, to) == ("f32", "f64")
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

/// The value stays as it is.
fn as_is() -> Conversion {
    Conversion::default()
}

/// Every value fits.
fn widening(using: String) -> Conversion {
    Conversion {
        using: Some(using),
        ..Conversion::default()
    }
}

/// `value` where `good` holds, null for null, and a failure with the value in the message for all else: `json()` refuses what is
/// not JSON.
fn guarded(c: &str, good: &str, value: &str) -> Conversion {
    Conversion {
        using: Some(format!(
            "CASE WHEN {c} IS NULL THEN NULL WHEN {good} THEN {value} ELSE json('cannot convert: ' || {c}) END"
        )),
        kind: ConversionKind::Narrowing,
        fails: Some(format!("{c} IS NOT NULL AND NOT coalesce({good}, 0)")),
        ..Conversion::default()
    }
}

/// Only a person can say.
fn impossible(c: &str) -> Conversion {
    Conversion {
        kind: ConversionKind::Impossible,
        fails: Some(format!("{c} IS NOT NULL")),
        ..Conversion::default()
    }
}

fn factor(scale: u32) -> i64 {
    10i64.checked_pow(scale).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
