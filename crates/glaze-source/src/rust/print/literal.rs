//! Literals and names in Rust syntax.

use glaze_model::Value;

/// A name, raw where the plain one is a keyword.
pub(crate) fn ident(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("r#{name}"),
    }
}

/// Whether a text has characters that are not seen: control characters and those of direction and width.
pub(super) fn is_awkward(text: &str) -> bool {
    let unseen = |c: char| c.is_control() || ('\u{200b}'..='\u{200f}').contains(&c) || ('\u{202a}'..='\u{202e}').contains(&c);
    text.chars().any(unseen)
}

/// A text in quotes; raw when that saves escapes.
pub(crate) fn text_literal(text: &str) -> String {
    if is_awkward(text) || !text.contains(['"', '\\']) {
        return escaped(text);
    }
    let mut hashes = if text.contains('"') { 1 } else { 0 };
    while text.contains(&format!("\"{}", "#".repeat(hashes.max(1)))) && hashes > 0 {
        hashes += 1;
    }
    let hashes = "#".repeat(hashes);
    format!("r{hashes}\"{text}\"{hashes}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\'' => out.push('\''),
            c => out.extend(c.escape_debug()),
        }
    }
    out.push('"');
    out
}

/// A word where it can be one, else a text.
pub(crate) fn word_or_text(word: &str) -> String {
    match syn::parse_str::<syn::Ident>(word) {
        Ok(_) => word.to_owned(),
        Err(_) => text_literal(word),
    }
}

/// A value as it stands in `#[default(…)]` and `#[field(max = …)]`; not for enum values, which are names.
pub(crate) fn value_text(value: &Value) -> String {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Decimal(_) => value.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(value_text).collect::<Vec<_>>().join(", ")),
        other => text_literal(&other.to_string()),
    }
}
