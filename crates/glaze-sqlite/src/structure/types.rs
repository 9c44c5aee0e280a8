//! Fields as SQLite columns: declared type, tag, checks, literals.

use glaze_converge::catalog::Column;
use glaze_converge::dialect::{ColumnSpec, Stored};
use glaze_model::{Scalar, Value};
use glaze_sql::ddl;

use super::{lists, parse};

/// What a column holds, as far as its catalog type says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnType {
    /// 0 or 1.
    Bool,
    /// Integers of all sizes.
    Integer(IntegerSize),
    /// Floats.
    Real,
    /// Text; with the most characters where the type says so.
    Text(Option<u32>),
    /// Lower case with hyphens.
    Uuid,
    /// `2026-11-21`
    Date,
    /// `06:52:00.000000`
    Time,
    /// `2026-11-21T06:52:00.000000Z`
    DateTime,
    /// Microseconds.
    Duration,
    /// JSON text.
    Json,
    /// JSON array of a tagged type.
    List(String),
    /// JSON object with `lat` and `lng`.
    Point,
    /// Integer scaled by ten to the power of the second number.
    Decimal(u32, u32),
    /// Bytes.
    Blob,
    /// NUMERIC affinity of a foreign table.
    Numeric,
}

/// Range of an integer column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntegerSize {
    /// 16 bits.
    Small,
    /// 32 bits.
    Medium,
    /// 64 bits.
    Big,
}

/// Declared type and tag of the column that Glaze makes for a field.
pub fn column_type(spec: &ColumnSpec<'_>) -> String {
    if let Some(ty) = &spec.db.ty {
        return declared(ty);
    }
    let (declared, tag) = own_type(spec);
    match tag {
        Some(tag) => format!("{}:{tag}", declared.to_ascii_lowercase()),
        None => declared.to_owned(),
    }
}

/// A declared type in one spelling: upper case, single spaces, none around parentheses and commas.
pub fn declared(ty: &str) -> String {
    // Glaze's own, tag and all.
    if ty.contains(':') {
        return ty.to_ascii_lowercase();
    }
    let words: Vec<&str> = ty.split_whitespace().collect();
    words
        .join(" ")
        .replace(" (", "(")
        .replace("( ", "(")
        .replace(" )", ")")
        .replace(", ", ",")
        .replace(" ,", ",")
        .to_ascii_uppercase()
}

fn own_type(spec: &ColumnSpec<'_>) -> (&'static str, Option<String>) {
    let tagged = |declared, tag: &str| (declared, Some(tag.to_owned()));
    match spec.stored {
        Stored::Scalar(scalar) => match scalar {
            Scalar::I64 => ("INTEGER", None),
            Scalar::F64 => ("REAL", None),
            Scalar::Bytes => ("BLOB", None),
            Scalar::Text | Scalar::Email | Scalar::Url | Scalar::Slug | Scalar::Color => ("TEXT", None),
            Scalar::String => ("TEXT", max_length(spec).map(|max| format!("varchar({max})"))),
            Scalar::Decimal | Scalar::Money => {
                let (precision, scale) = precision(spec, scalar);
                ("INTEGER", Some(format!("decimal({precision},{scale})")))
            }
            Scalar::Bool => tagged("INTEGER", "bool"),
            Scalar::I16 => tagged("INTEGER", "i16"),
            Scalar::I32 => tagged("INTEGER", "i32"),
            Scalar::F32 => tagged("REAL", "f32"),
            Scalar::Duration => tagged("INTEGER", "duration"),
            Scalar::Uuid => tagged("TEXT", "uuid"),
            Scalar::Date => tagged("TEXT", "date"),
            Scalar::Time => tagged("TEXT", "time"),
            Scalar::DateTime => tagged("TEXT", "datetime"),
            Scalar::Json | Scalar::RichText => tagged("TEXT", "json"),
            Scalar::Point => tagged("TEXT", "point"),
        },
        Stored::List(scalar) => ("TEXT", Some(format!("list({})", list_tag(spec, scalar)))),
        Stored::Enum(_) | Stored::Custom => ("TEXT", None),
        Stored::EnumList(_) => tagged("TEXT", "list(text)"),
        Stored::JsonList => tagged("TEXT", "json"),
    }
}

fn list_tag(spec: &ColumnSpec<'_>, scalar: Scalar) -> String {
    match scalar {
        Scalar::Decimal | Scalar::Money => {
            let (precision, scale) = precision(spec, scalar);
            format!("decimal({precision},{scale})")
        }
        scalar if scalar.is_text() => "text".to_owned(),
        scalar => glaze_model::snake_case(scalar.name()).replace('_', ""),
    }
}

/// Precision and scale of a decimal.
pub fn precision(spec: &ColumnSpec<'_>, scalar: Scalar) -> (u32, u32) {
    let (precision, scale) = scalar.default_precision().unwrap_or((19, 4));
    (
        spec.constraints.precision.unwrap_or(precision),
        spec.constraints.scale.unwrap_or(scale),
    )
}

fn max_length(spec: &ColumnSpec<'_>) -> Option<i64> {
    whole(spec.constraints.max.as_ref())
}

fn whole(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::Int(value)) => Some(*value),
        Some(Value::Float(value)) if value.fract() == 0.0 => Some(*value as i64),
        _ => None,
    }
}

/// Reads a type as the catalog spells it.
pub fn parse(ty: &str) -> ColumnType {
    match ty.split_once(':') {
        Some((_, tag)) => parse_tag(tag),
        None => parse_declared(ty),
    }
}

fn parse_tag(tag: &str) -> ColumnType {
    let (name, arguments) = match tag.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')').unwrap_or(rest)),
        None => (tag, ""),
    };
    let mut numbers = arguments.split(',').filter_map(|part| part.trim().parse::<u32>().ok());
    match name {
        "bool" => ColumnType::Bool,
        "i16" => ColumnType::Integer(IntegerSize::Small),
        "i32" => ColumnType::Integer(IntegerSize::Medium),
        "f32" => ColumnType::Real,
        "uuid" => ColumnType::Uuid,
        "date" => ColumnType::Date,
        "time" => ColumnType::Time,
        "datetime" => ColumnType::DateTime,
        "duration" => ColumnType::Duration,
        "json" => ColumnType::Json,
        "point" => ColumnType::Point,
        "list" => ColumnType::List(arguments.to_owned()),
        "decimal" => ColumnType::Decimal(numbers.next().unwrap_or(19), numbers.next().unwrap_or(4)),
        _ => ColumnType::Text(numbers.next()),
    }
}

/// SQLite's own rules of affinity, with the names that mean more.
fn parse_declared(ty: &str) -> ColumnType {
    let base = ty.split('(').next().unwrap_or(ty).trim();
    match base {
        "DATE" => ColumnType::Date,
        "TIME" => ColumnType::Time,
        "DATETIME" | "TIMESTAMP" => ColumnType::DateTime,
        "BOOLEAN" | "BOOL" => ColumnType::Bool,
        _ if ty.contains("INT") => ColumnType::Integer(IntegerSize::Big),
        _ if ["CHAR", "CLOB", "TEXT"].iter().any(|part| ty.contains(part)) => ColumnType::Text(None),
        _ if ty.is_empty() || ty.contains("BLOB") => ColumnType::Blob,
        _ if ["REAL", "FLOA", "DOUB"].iter().any(|part| ty.contains(part)) => ColumnType::Real,
        _ => ColumnType::Numeric,
    }
}

/// Checks of a column: what its type would say elsewhere, then its limits.
pub fn checks(spec: &ColumnSpec<'_>) -> Vec<String> {
    let column = ddl::quote(&spec.column);
    let mut out = Vec::new();
    if spec.reference {
        return out;
    }
    if spec.db.ty.is_none() {
        out.extend(type_check(spec, &column));
        if let Stored::EnumList(item) = spec.stored {
            let values: Vec<String> = item.values.iter().map(|value| value.value.clone()).collect();
            out.extend(lists::check(&spec.column, &values));
        }
    }
    limits(spec, &column, &mut out);
    out
}

fn type_check(spec: &ColumnSpec<'_>, column: &str) -> Option<String> {
    let array = || Some(format!("json_valid({column}) AND json_type({column}) = 'array'"));
    match spec.stored {
        Stored::Scalar(scalar) => match scalar {
            Scalar::Bool => Some(format!("{column} IN (0, 1)")),
            Scalar::I16 => Some(format!("{column} BETWEEN -32768 AND 32767")),
            Scalar::I32 => Some(format!("{column} BETWEEN -2147483648 AND 2147483647")),
            Scalar::Json | Scalar::RichText | Scalar::Point => Some(format!("json_valid({column})")),
            Scalar::Decimal | Scalar::Money => {
                let (precision, _) = precision(spec, scalar);
                let most = 10i64.checked_pow(precision)? - 1;
                Some(format!("{column} BETWEEN -{most} AND {most}"))
            }
            _ => None,
        },
        Stored::List(_) | Stored::EnumList(_) | Stored::JsonList => array(),
        Stored::Enum(item) => {
            let values: Vec<String> = item.values.iter().map(|value| ddl::literal(&value.value)).collect();
            Some(format!("{column} IN ({})", values.join(", ")))
        }
        Stored::Custom => None,
    }
}

/// Whether the check is one that a column with this tag has in any case.
pub fn implied_check(column: &Column, check: &str) -> bool {
    let Some((_, tag)) = column.ty.split_once(':') else {
        return false;
    };
    let name = ddl::quote(&column.name);
    let array = format!("json_valid({name}) AND json_type({name}) = 'array'");
    let implied = match parse_tag(tag) {
        ColumnType::Bool => vec![format!("{name} IN (0, 1)")],
        ColumnType::Integer(IntegerSize::Small) => vec![format!("{name} BETWEEN -32768 AND 32767")],
        ColumnType::Integer(IntegerSize::Medium) => vec![format!("{name} BETWEEN -2147483648 AND 2147483647")],
        ColumnType::Decimal(precision, _) => {
            let most = 10i64.checked_pow(precision).map(|power| power - 1);
            most.map(|most| format!("{name} BETWEEN -{most} AND {most}")).into_iter().collect()
        }
        ColumnType::Json => vec![format!("json_valid({name})"), array],
        ColumnType::Point => vec![format!("json_valid({name})")],
        ColumnType::List(_) => vec![array],
        ColumnType::Text(Some(most)) => vec![format!("length({name}) <= {most}")],
        _ => Vec::new(),
    };
    implied.iter().any(|said| parse::same_tokens(said, check))
}

fn limits(spec: &ColumnSpec<'_>, column: &str, out: &mut Vec<String>) {
    let (min, max) = (&spec.constraints.min, &spec.constraints.max);
    let counted = match spec.stored {
        Stored::Scalar(scalar) if scalar.is_text() => Some("length"),
        Stored::List(_) | Stored::EnumList(_) | Stored::JsonList => Some("json_array_length"),
        _ => None,
    };
    for (operator, limit) in [(">=", min), ("<=", max)] {
        let Some(limit) = limit else { continue };
        match counted {
            Some(function) => {
                // The length of text is the type's business elsewhere.
                let of_type = spec.db.ty.is_some() && function == "length" && operator == "<=";
                if let Some(count) = whole(Some(limit)).filter(|_| !of_type) {
                    out.push(format!("{function}({column}) {operator} {count}"));
                }
            }
            None => {
                if let Some(literal) = literal(spec, limit) {
                    out.push(format!("{column} {operator} {literal}"));
                }
            }
        }
    }
}

/// A value as SQL, as this column stores it.
pub fn literal(spec: &ColumnSpec<'_>, value: &Value) -> Option<String> {
    let scaled = |scalar: Scalar| match scalar {
        Scalar::Decimal | Scalar::Money => Some(precision(spec, scalar).1),
        _ => None,
    };
    if let (Stored::Scalar(scalar), Value::Decimal(_) | Value::Int(_) | Value::Float(_), None) = (spec.stored, value, &spec.db.ty)
        && let Some(scale) = scaled(scalar)
    {
        return scaled_integer(value, scale);
    }
    Some(match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => i32::from(*value).to_string(),
        Value::Int(value) | Value::Duration(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Decimal(value) => value.to_string(),
        Value::Text(text) => ddl::literal(text),
        Value::Uuid(value) => ddl::literal(&value.to_string()),
        Value::Date(value) => ddl::literal(&value.to_string()),
        Value::Time(value) => ddl::literal(&value.strftime("%H:%M:%S.%6f").to_string()),
        Value::DateTime(value) => ddl::literal(&value.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()),
        Value::Bytes(bytes) => format!("X'{}'", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()),
        Value::Json(value) => ddl::literal(&canonical_json(value)),
        Value::Point { .. } | Value::List(_) => ddl::literal(&canonical_json(&value.to_json())),
    })
}

fn scaled_integer(value: &Value, scale: u32) -> Option<String> {
    use rust_decimal::Decimal;
    let decimal = match value {
        Value::Decimal(value) => *value,
        Value::Int(value) => Decimal::from(*value),
        Value::Float(value) => Decimal::try_from(*value).ok()?,
        _ => return None,
    };
    let factor = Decimal::from(10i64.checked_pow(scale)?);
    let scaled = decimal.checked_mul(factor)?.round();
    Some(scaled.normalize().to_string())
}

/// JSON without spaces, keys by length and then by bytes: the order in which `jsonb` keeps them.
pub fn canonical_json(value: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(canonical_json).collect::<Vec<_>>().join(",")),
        Json::Object(map) => {
            let mut entries: Vec<(&String, &Json)> = map.iter().collect();
            entries.sort_by(|(a, _), (b, _)| (a.len(), a.as_bytes()).cmp(&(b.len(), b.as_bytes())));
            let parts: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Json::from(key.as_str()), canonical_json(value)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        other => other.to_string(),
    }
}
