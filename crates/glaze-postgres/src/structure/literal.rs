//! Literal defaults as `pg_get_expr` gives them back.

use glaze_converge::dialect::{ColumnSpec, Stored};
use glaze_model::{Scalar, Value};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{ident::quote_ident, types::column_type};

/// A value as a default of the column.
pub(super) fn literal(spec: &ColumnSpec<'_>, value: &Value) -> Option<String> {
    let ty = label(&column_type(spec));
    match value {
        Value::Null => None,
        Value::Bool(value) if ty == "boolean" => Some(value.to_string()),
        Value::Int(value) if is_number(&ty) => Some(integer(*value)),
        Value::Float(value) if is_number(&ty) => Some(decimal(&value.to_string())),
        Value::Decimal(value) if is_number(&ty) => Some(decimal(&value.to_string())),
        Value::List(items) if ty.ends_with("[]") => Some(format!("{}::{ty}", quoted(&array(items)))),
        Value::List(_) if ty == "jsonb" => Some(format!("{}::jsonb", quoted(&jsonb(&value.to_json())))),
        value => Some(format!("{}::{ty}", quoted(&text(spec, value)))),
    }
}

/// Text in single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The type that a constant is labelled with: without length or precision.
fn label(ty: &str) -> String {
    let list = if ty.ends_with("[]") { "[]" } else { "" };
    let base = ty.trim_end_matches("[]");
    let bare = match (base.find('('), base.find(')')) {
        (Some(open), Some(close)) if open < close && !base.starts_with('"') => format!("{}{}", &base[..open], &base[close + 1..]),
        _ => base.to_owned(),
    };
    let bare = if bare == "character" { "bpchar".to_owned() } else { bare };
    format!("{bare}{list}")
}

fn is_number(ty: &str) -> bool {
    matches!(ty, "smallint" | "integer" | "bigint" | "real" | "double precision" | "numeric")
}

/// A whole number: bare when it is a positive 32-bit integer.
pub(super) fn integer(value: i64) -> String {
    match value {
        0..=2_147_483_647 => value.to_string(),
        -2_147_483_647..0 => format!("'{value}'::integer"),
        _ => format!("'{value}'::bigint"),
    }
}

/// A decimal number. Whole ones are read as integers; signs keep a constant in quotes.
pub(super) fn decimal(text: &str) -> String {
    match text.parse::<i64>() {
        Ok(value) => integer(value),
        Err(_) if text.starts_with('-') || !text.contains(['.', 'e', 'E']) => format!("'{text}'::numeric"),
        Err(_) => text.to_owned(),
    }
}

/// The value in the output form of its type.
fn text(spec: &ColumnSpec<'_>, value: &Value) -> String {
    let json = matches!(spec.stored, Stored::Scalar(Scalar::Json | Scalar::RichText) | Stored::JsonList);
    match value {
        Value::DateTime(at) => {
            let at = at.strftime("%Y-%m-%d %H:%M:%S%.f").to_string();
            let zone = if column_type(spec).ends_with("without time zone") {
                ""
            } else {
                "+00"
            };
            format!("{}{zone}", trim_fraction(&at))
        }
        Value::Time(at) => trim_fraction(&at.strftime("%H:%M:%S%.f").to_string()),
        Value::Duration(micros) => interval(*micros),
        Value::Bytes(bytes) => bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}")),
        Value::Point { lat, lng } => format!("({lng},{lat})"),
        Value::Json(json) => jsonb(json),
        other if json => jsonb(&other.to_json()),
        other => other.to_string(),
    }
}

fn trim_fraction(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// An interval of hours, minutes and seconds in the style `postgres`.
fn interval(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let total = micros.unsigned_abs();
    let (seconds, fraction) = (total / 1_000_000, total % 1_000_000);
    let text = format!(
        "{sign}{:02}:{:02}:{:02}.{fraction:06}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    trim_fraction(&text)
}

/// `{a,"b c"}`
fn array(items: &[Value]) -> String {
    let parts: Vec<String> = items.iter().map(|item| array_item(&item.to_string())).collect();
    format!("{{{}}}", parts.join(","))
}

fn array_item(text: &str) -> String {
    let special = |c: char| c.is_whitespace() || "{},\"\\".contains(c);
    if text.is_empty() || text.eq_ignore_ascii_case("null") || text.contains(special) {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    text.to_owned()
}

/// JSON as `jsonb` prints it: keys by length and then bytes, a space after `:` and `,`.
fn jsonb(json: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match json {
        Json::Object(map) => {
            let mut entries: Vec<(&String, &Json)> = map.iter().collect();
            entries.sort_by(|(a, _), (b, _)| (a.len(), a.as_bytes()).cmp(&(b.len(), b.as_bytes())));
            let parts: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", Json::from(key.as_str()), jsonb(value)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(jsonb).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// A value of an enum, as an expression.
pub(super) fn enum_value(value: &str, ty: &str) -> String {
    format!("{}::{ty}", quoted(value))
}

/// `a` as a column in an expression; a varchar is shown with a cast to text.
pub(super) fn column_as_text(column: &str, ty: &str) -> String {
    let name = quote_ident(column);
    if ty.starts_with("character varying") {
        format!("({name})::text")
    } else {
        name
    }
}

/// Whether two literals are the same number in a column of this type: `1.50` and `'1.5000'::numeric` are in one with digits after the
/// point of its own. Without those a number keeps the digits that it is written with.
pub(super) fn same_number(ty: &str, a: &str, b: &str) -> bool {
    let scale = ty
        .strip_prefix("numeric(")
        .and_then(|rest| rest.strip_suffix(')')?.split_once(',')?.1.trim().parse::<u32>().ok());
    let Some(scale) = scale else { return false };
    let stored = |text| number(text).map(|value| value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero));
    stored(a).zip(stored(b)).is_some_and(|(a, b)| a == b)
}

/// A number, perhaps quoted, cast or in parentheses.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let bare = |text: &str| text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).map(str::to_owned);
    if let Ok(value) = Decimal::from_str_exact(text) {
        return Some(value);
    }
    if let Some((inner, ty)) = text.rsplit_once("::") {
        return matches!(ty, "numeric" | "integer" | "bigint").then(|| number(inner)).flatten();
    }
    if let Some(inner) = bare(text) {
        return number(&inner);
    }
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    Decimal::from_str_exact(inner.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_when_the_column_stores_the_same() {
        for (ty, a, b, same) in [
            ("numeric(10,2)", "1.50", "1.5000", true),
            ("numeric(10,2)", "'1.5'::numeric", "(1.50)::numeric", true),
            ("numeric(10,2)", "'-1.50'::numeric", "'-1.5'::numeric", true),
            ("numeric(10,2)", "'-1'::integer", "'-1.00'::numeric", true),
            ("numeric(10,2)", "1.505", "1.51", true),
            ("numeric(10,3)", "1.505", "1.51", false),
            ("numeric(10,2)", "1.50", "1.60", false),
            ("numeric(10,2)", "random()", "1.60", false),
            ("numeric", "1.50", "1.5", false),
            ("text", "'1.50'::text", "'1.5'::text", false),
        ] {
            assert_eq!(same_number(ty, a, b), same, "{ty} {a} {b}");
        }
    }
}
