//! How values get from one column type to another.

use glaze_converge::{
    catalog::Column,
    dialect::{Conversion, ConversionKind},
};

use super::ident::quote_ident;

/// Families of types in which values move more or less freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// With the number of bytes.
    Integer(u8),
    Float(u8),
    /// Digits before and after the point, `None` without limits.
    Numeric(Option<(u32, u32)>),
    /// With the longest length.
    Text(Option<u32>),
    Bool,
    Date,
    /// With a time zone or not.
    Timestamp(bool),
    Time,
    Json(bool),
    List,
    Other,
}

/// The conversion between two columns.
pub(super) fn convert(from: &Column, to: &Column) -> Conversion {
    use ConversionKind::{Impossible, Lossy, Narrowing, Widening};
    use Family::{Bool, Date, Float, Integer, Json, List, Numeric, Other, Text, Time, Timestamp};
    let column = quote_ident(&from.name);
    let cast = || Some(format!("{column}::{}", to.ty));
    let plain = |kind| Conversion {
        using: None,
        kind,
        loses: None,
    };
    let with = |kind, loses: Option<String>| Conversion {
        using: cast(),
        kind,
        loses,
    };
    let matches = |pattern: &str| Some(format!("{column}::text !~ '{pattern}'"));
    if from.ty == to.ty {
        return plain(Widening);
    }
    match (family(&from.ty), family(&to.ty)) {
        (Integer(a), Integer(b)) if a <= b => plain(Widening),
        (Integer(_), Integer(b)) => {
            let limit = if b == 2 { "-32768 AND 32767" } else { "-2147483648 AND 2147483647" };
            with(Narrowing, Some(format!("{column} NOT BETWEEN {limit}")))
        }
        (Integer(_), Float(8)) | (Float(4), Float(8)) => plain(Widening),
        (Integer(_) | Float(_), Float(_)) => with(Lossy, Some(format!("{column} <> {column}::{}::numeric", to.ty))),
        (Integer(_), Numeric(None)) | (Numeric(_), Numeric(None)) => plain(Widening),
        (Numeric(Some((p, s))), Numeric(Some((q, t)))) if t >= s && q - t >= p - s => plain(Widening),
        (Integer(_), Numeric(Some((precision, scale)))) => {
            with(Narrowing, Some(format!("abs({column}) >= 1e{}", precision.saturating_sub(scale))))
        }
        (Numeric(_) | Float(_), Numeric(Some((precision, scale)))) => with(
            Lossy,
            Some(format!(
                "round({column}::numeric, {scale}) <> {column}::numeric OR abs({column}) >= 1e{}",
                precision.saturating_sub(scale)
            )),
        ),
        (Float(_), Numeric(None)) => with(Lossy, None),
        (Numeric(_), Float(_)) => with(Lossy, Some(format!("{column}::{}::numeric <> {column}", to.ty))),
        (Numeric(_) | Float(_), Integer(_)) => with(Lossy, Some(format!("trunc({column}::numeric) <> {column}::numeric"))),
        (Text(_), Text(None)) => plain(Widening),
        (Text(Some(a)), Text(Some(b))) if a <= b => plain(Widening),
        // Without a cast PostgreSQL refuses what is too long; with one it would cut it.
        (Text(_), Text(Some(limit))) => Conversion {
            using: None,
            kind: Narrowing,
            loses: Some(format!("char_length({column}) > {limit}")),
        },
        (_, Text(None)) => with(Widening, None),
        (_, Text(Some(limit))) => with(Narrowing, Some(format!("char_length({column}::text) > {limit}"))),
        (Bool, Integer(_)) => Conversion {
            using: Some(format!("{column}::integer::{}", to.ty)),
            kind: Widening,
            loses: None,
        },
        (Integer(_), Bool) => Conversion {
            using: Some(format!("{column} <> 0")),
            kind: Lossy,
            loses: Some(format!("{column} NOT IN (0, 1)")),
        },
        (Date, Timestamp(_)) => with(Widening, None),
        (Timestamp(_), Date | Time) => with(Lossy, None),
        (Timestamp(false), Timestamp(true)) => {
            // The session's zone must not decide: such times are UTC.
            Conversion {
                using: Some(format!("{column} AT TIME ZONE 'UTC'")),
                kind: Widening,
                loses: None,
            }
        }
        (Timestamp(true), Timestamp(false)) => Conversion {
            using: Some(format!("{column} AT TIME ZONE 'UTC'")),
            kind: Lossy,
            loses: None,
        },
        (Timestamp(_), Timestamp(_)) | (Time, Time) => with(Lossy, None),
        (Json(false), Json(true)) => with(Lossy, None),
        (Json(_), Json(_)) => with(Widening, None),
        (Text(_), Integer(_)) => with(Narrowing, matches(r"^\s*[-+]?[0-9]+\s*$")),
        (Text(_), Numeric(_) | Float(_)) => with(Narrowing, matches(r"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$")),
        (Text(_), Bool) => with(Narrowing, matches("^(?i)\\s*(t|true|f|false|yes|no|y|n|on|off|1|0)\\s*$")),
        (Text(_), Other) if to.ty == "uuid" => with(Narrowing, matches("^(?i)\\{?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\\}?$")),
        (Text(_), Json(_)) => Conversion {
            using: Some(format!("to_jsonb({column})::{}", to.ty)),
            kind: Lossy,
            loses: None,
        },
        (List, Json(_)) => Conversion {
            using: Some(format!("to_jsonb({column})::{}", to.ty)),
            kind: Widening,
            loses: None,
        },
        (Text(_), Date | Timestamp(_) | Time | Other) => with(Narrowing, None),
        (single, List) if single != List && to.ty.trim_end_matches("[]") == from.ty => Conversion {
            using: Some(format!("CASE WHEN {column} IS NULL THEN NULL ELSE ARRAY[{column}] END")),
            kind: Widening,
            loses: None,
        },
        (List, List) => with(Narrowing, None),
        // Two names of one type by domain, enum and the like go through text.
        (Other, Other) => Conversion {
            using: Some(format!("{column}::text::{}", to.ty)),
            kind: Narrowing,
            loses: None,
        },
        _ => Conversion {
            using: None,
            kind: Impossible,
            loses: None,
        },
    }
}

fn family(ty: &str) -> Family {
    if ty.ends_with("[]") {
        return Family::List;
    }
    let (name, args) = match ty.split_once('(') {
        Some((name, rest)) => (
            format!("{name}{}", rest.split_once(')').map_or("", |(_, tail)| tail)),
            rest.split(')').next().unwrap_or_default(),
        ),
        None => (ty.to_owned(), ""),
    };
    let numbers: Vec<u32> = args.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    match name.as_str() {
        "smallint" => Family::Integer(2),
        "integer" => Family::Integer(4),
        "bigint" => Family::Integer(8),
        "real" => Family::Float(4),
        "double precision" => Family::Float(8),
        "numeric" => Family::Numeric(
            numbers
                .first()
                .map(|precision| (*precision, numbers.get(1).copied().unwrap_or_default())),
        ),
        "text" => Family::Text(None),
        "character varying" | "character" => Family::Text(numbers.first().copied()),
        "boolean" => Family::Bool,
        "date" => Family::Date,
        "timestamp with time zone" => Family::Timestamp(true),
        "timestamp without time zone" => Family::Timestamp(false),
        "time without time zone" | "time with time zone" => Family::Time,
        "jsonb" => Family::Json(true),
        "json" => Family::Json(false),
        _ => Family::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_judged() {
        use ConversionKind::{Impossible, Lossy, Narrowing, Widening};
        for (from, to, kind) in [
            ("integer", "bigint", Widening),
            ("bigint", "integer", Narrowing),
            ("numeric(10,2)", "numeric(12,2)", Widening),
            ("numeric(10,2)", "numeric(10,3)", Lossy),
            ("numeric(10,4)", "numeric(10,2)", Lossy),
            ("character varying(20)", "text", Widening),
            ("text", "character varying(20)", Narrowing),
            ("text", "integer", Narrowing),
            ("boolean", "integer", Widening),
            ("timestamp without time zone", "timestamp with time zone", Widening),
            ("uuid", "integer", Impossible),
            ("integer", "integer[]", Widening),
        ] {
            let column = |ty: &str| Column {
                name: "a".into(),
                ty: ty.into(),
                ..Column::default()
            };
            assert_eq!(convert(&column(from), &column(to)).kind, kind, "{from} to {to}");
        }
    }
}
