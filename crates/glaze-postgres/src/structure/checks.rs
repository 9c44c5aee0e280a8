//! Checks that types and limits need, in the spelling of `pg_get_constraintdef`.

use glaze_converge::dialect::{CheckValues, ColumnSpec, Stored};
use glaze_model::{EnumType, Scalar, Value};

use super::{
    ident::quote_ident,
    literal::{column_as_text, decimal, enum_value, integer, quoted},
    types::column_type,
};

/// All checks of a column.
pub(super) fn checks(spec: &ColumnSpec<'_>) -> Vec<String> {
    // What a reference holds is limited where it points.
    if spec.reference {
        return Vec::new();
    }
    let column = quote_ident(&spec.column);
    let ty = column_type(spec);
    let own = spec.db.ty.is_none();
    let mut out = Vec::new();
    match spec.stored {
        Stored::Scalar(scalar) if scalar.is_text() && own => text_checks(spec, scalar, &ty, &mut out),
        Stored::Scalar(scalar) if scalar.is_numeric() => limits(spec, &mut out, |value| Some((column.clone(), number(value, scalar)?))),
        Stored::List(_) | Stored::EnumList(_) if own => {
            limits(spec, &mut out, |value| Some((format!("cardinality({column})"), count(value)?)));
        }
        Stored::JsonList if own => limits(spec, &mut out, |value| {
            Some((format!("jsonb_array_length({column})"), count(value)?))
        }),
        _ => {}
    }
    match spec.stored {
        Stored::Enum(item) if own && !item.native => out.push(one_of(&column, item)),
        Stored::EnumList(item) if own && !item.native => out.push(format!("{column} <@ {}", values(item))),
        _ => {}
    }
    out
}

fn limits(spec: &ColumnSpec<'_>, out: &mut Vec<String>, side: impl Fn(&Value) -> Option<(String, String)>) {
    for (limit, operator) in [(&spec.constraints.min, ">="), (&spec.constraints.max, "<=")] {
        if let Some((left, right)) = limit.as_ref().and_then(&side) {
            out.push(format!("{left} {operator} {right}"));
        }
    }
}

fn text_checks(spec: &ColumnSpec<'_>, scalar: Scalar, ty: &str, out: &mut Vec<String>) {
    let text = column_as_text(&spec.column, ty);
    let mut counted = spec.clone();
    if scalar == Scalar::String && ty != "text" {
        counted.constraints.max = None;
    }
    limits(&counted, out, |value| Some((format!("char_length({text})"), count(value)?)));
    if let Some(pattern) = spec.constraints.pattern.as_deref().filter(|pattern| is_common(pattern)) {
        out.push(format!("{text} ~ {}::text", quoted(&format!("^(?:{pattern})$"))));
    }
}

fn count(value: &Value) -> Option<String> {
    match value {
        Value::Int(count) => Some(integer(*count)),
        _ => None,
    }
}

/// A limit of a number. Constants of another type than the column's come back with a cast.
fn number(value: &Value, scalar: Scalar) -> Option<String> {
    let text = match value {
        Value::Int(value) => integer(*value),
        Value::Float(value) => decimal(&value.to_string()),
        Value::Decimal(value) => decimal(&value.to_string()),
        _ => return None,
    };
    let whole = value.to_string().parse::<i64>().is_ok();
    Some(match scalar {
        Scalar::F32 | Scalar::F64 => format!("({text})::double precision"),
        Scalar::Decimal | Scalar::Money if whole => format!("({text})::numeric"),
        _ => text,
    })
}

fn one_of(column: &str, item: &EnumType) -> String {
    match item.values.as_slice() {
        [only] => format!("{column} = {}", enum_value(&only.value, "text")),
        _ => format!("{column} = ANY ({})", values(item)),
    }
}

fn values(item: &EnumType) -> String {
    let values: Vec<String> = item.values.iter().map(|value| enum_value(&value.value, "text")).collect();
    format!("ARRAY[{}]", values.join(", "))
}

/// Whether a pattern means the same to PostgreSQL as to us. Classes by letter (`\d`, `\w`) do not: ours count every script's
/// digits and letters, PostgreSQL's depend on the collation. Such patterns are judged by the API alone.
fn is_common(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    let mut class = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match c {
            _ if !c.is_ascii_graphic() && c != ' ' => return false,
            '\\' if class || next.is_none_or(|next| next.is_ascii_alphanumeric()) => return false,
            '\\' => drop(chars.next()),
            '[' if class => return false,
            '[' => class = true,
            ']' => class = false,
            '&' | '~' if class && next == Some(c) => return false,
            '(' if !class && next == Some('?') => {
                chars.next();
                if chars.next() != Some(':') {
                    return false;
                }
            }
            '{' if !class => return false,
            _ => {}
        }
    }
    true
}

/// Column and values of `column = ANY (ARRAY[…])`, or of `column <@ ARRAY[…]` for lists, in the ways PostgreSQL spells it.
pub(super) fn check_values(check: &str) -> Option<CheckValues> {
    let found = |column, values, list| CheckValues { column, values, list };
    if let Some((column, right)) = check.split_once(" <@ ") {
        return Some(found(unquoted(column.trim())?, list_values(right)?, true));
    }
    let (left, right) = check.split_once(" = ")?;
    let column = left
        .trim()
        .strip_suffix("::text")
        .map_or(left.trim(), |inner| inner.trim_start_matches('(').trim_end_matches(')'));
    let column = unquoted(column)?;
    let list = match right.strip_prefix("ANY (") {
        Some(list) => list.strip_suffix(')')?.trim_start_matches('('),
        None => return Some(found(column, vec![constant(right)?.0], false)),
    };
    Some(found(column, list_values(list)?, false))
}

/// The texts of `ARRAY['a'::text, …]`.
fn list_values(list: &str) -> Option<Vec<String>> {
    let mut rest = list.strip_prefix("ARRAY[")?;
    let mut values = Vec::new();
    loop {
        let (value, after) = constant(rest)?;
        values.push(value);
        match after.strip_prefix(", ") {
            Some(after) => rest = after,
            None => {
                let tail = after.strip_prefix(']')?;
                return matches!(tail, "" | ")::text[]" | "::text[]").then_some(values);
            }
        }
    }
}

/// `'it''s'::text` → `it's` and what comes after the cast.
fn constant(text: &str) -> Option<(String, &str)> {
    let body = text.strip_prefix('\'')?;
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
        } else if body[at + 1..].starts_with('\'') {
            value.push('\'');
            chars.next();
        } else {
            let rest = body[at + 1..].strip_prefix("::")?;
            let rest = ["text", "character varying", "bpchar"]
                .iter()
                .find_map(|ty| rest.strip_prefix(ty))?;
            return Some((value, rest));
        }
    }
    None
}

/// A column name from an expression.
fn unquoted(name: &str) -> Option<String> {
    match name.strip_prefix('"') {
        Some(inner) => Some(inner.strip_suffix('"')?.replace("\"\"", "\"")),
        None => name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_values_are_recognised() {
        let values = |check: &str| check_values(check).map(|found| (found.column, found.values.join("|"), found.list));
        let found = |column: &str, values: &str| Some((column.to_owned(), values.to_owned(), false));
        assert_eq!(values("status = ANY (ARRAY['a'::text, 'it''s'::text])"), found("status", "a|it's"));
        assert_eq!(
            values("(status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])"),
            found("status", "a|b")
        );
        assert_eq!(values("\"Status\" = 'a'::text"), found("Status", "a"));
        let list = Some(("states".to_owned(), "a|b".to_owned(), true));
        assert_eq!(values("states <@ ARRAY['a'::text, 'b'::text]"), list);
        assert_eq!(values("a = b"), None);
        assert_eq!(values("lower(a) = 'x'::text"), None);
    }

    #[test]
    fn patterns_are_checks_when_they_mean_the_same() {
        assert!(is_common("[A-Z]+-[0-9]+"));
        assert!(is_common("a\\.b|(?:c)"));
        for pattern in ["\\d+", "(?i)a", "\\p{L}", "[a&&b]", "é", "a{1,1000}"] {
            assert!(!is_common(pattern), "{pattern}");
        }
    }
}
