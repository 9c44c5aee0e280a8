//! Native enums.

use std::collections::BTreeMap;

use glaze_converge::catalog::{EnumDef, ObjectName};
use glaze_converge::step::{EnumUse, Step};

use super::{DdlDialect, literal};

pub(super) fn alter(dialect: &(impl DdlDialect + ?Sized), step: &Step) -> Vec<String> {
    match step {
        Step::EnumCreate { item } => create(dialect, &item.name, item),
        Step::EnumDrop { item } => vec![format!("DROP TYPE {}", dialect.object(&item.name))],
        Step::EnumRename { from, to } => vec![format!("ALTER TYPE {} RENAME TO {}", dialect.object(from), dialect.quote(&to.name))],
        Step::EnumAddValue {
            name,
            value,
            before,
            column: None,
        } => {
            let place = before
                .as_ref()
                .map_or(String::new(), |before| format!(" BEFORE {}", literal(before)));
            vec![format!("ALTER TYPE {} ADD VALUE {}{place}", dialect.object(name), literal(value))]
        }
        Step::EnumRenameValue {
            name,
            from,
            to,
            column: None,
            ..
        } => {
            vec![format!(
                "ALTER TYPE {} RENAME VALUE {} TO {}",
                dialect.object(name),
                literal(from),
                literal(to)
            )]
        }
        Step::EnumReplace { from, to, map, uses } => replace_enum(dialect, from, to, map, uses),
        // Enums that are checks: the check is dropped before and added after.
        Step::EnumRenameValue {
            name,
            from,
            to,
            column: Some(column),
            list,
        }
        | Step::EnumRemoveValue {
            name,
            value: from,
            to: Some(to),
            column: Some(column),
            list,
        } => {
            let (table, column) = (dialect.object(name), dialect.quote(column));
            let (from_text, to_text) = (literal(from), literal(to));
            vec![match list {
                true => format!(
                    "UPDATE {table} SET {column} = array_replace({column}, {from_text}, {to_text}) WHERE {from_text} = ANY ({column})"
                ),
                false => format!("UPDATE {table} SET {column} = {to_text} WHERE {column} = {from_text}"),
            }]
        }
        _ => Vec::new(),
    }
}

fn create(dialect: &(impl DdlDialect + ?Sized), name: &ObjectName, item: &EnumDef) -> Vec<String> {
    let values: Vec<String> = item.values.iter().map(|value| literal(value)).collect();
    let mut out = vec![format!("CREATE TYPE {} AS ENUM ({})", dialect.object(name), values.join(", "))];
    if let Some(comment) = item.comment.as_ref().filter(|_| dialect.comments()) {
        out.push(format!("COMMENT ON TYPE {} IS {}", dialect.object(name), literal(comment)));
    }
    out
}

/// A new type under a working name, every column moved over, the old type dropped, the new one renamed.
pub fn replace_enum(
    dialect: &(impl DdlDialect + ?Sized),
    from: &EnumDef,
    to: &EnumDef,
    map: &BTreeMap<String, String>,
    uses: &[EnumUse],
) -> Vec<String> {
    let working = ObjectName {
        schema: to.name.schema.clone(),
        name: format!("{}_glaze_new", to.name.name),
    };
    let (new, mut out) = (dialect.object(&working), create(dialect, &working, to));
    for item in uses {
        let (table, column) = (dialect.object(&item.table), dialect.quote(&item.column));
        if item.default.0.is_some() {
            out.push(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"));
        }
        let using = match item.list {
            false => format!("({})::{new}", mapped(&format!("{column}::text"), map)),
            true => {
                map.iter().fold(format!("{column}::text[]"), |text, (old, new)| {
                    format!("array_replace({text}, {}, {})", literal(old), literal(new))
                }) + &format!("::{new}[]")
            }
        };
        let list = if item.list { "[]" } else { "" };
        out.push(format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {new}{list} USING {using}"));
    }
    out.push(format!("DROP TYPE {}", dialect.object(&from.name)));
    out.push(format!("ALTER TYPE {new} RENAME TO {}", dialect.quote(&to.name.name)));
    for item in uses {
        if let Some(default) = &item.default.1 {
            let (table, column) = (dialect.object(&item.table), dialect.quote(&item.column));
            out.push(format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"));
        }
    }
    out
}

fn mapped(text: &str, map: &BTreeMap<String, String>) -> String {
    if map.is_empty() {
        return text.to_owned();
    }
    let cases: String = map
        .iter()
        .map(|(old, new)| format!(" WHEN {} THEN {}", literal(old), literal(new)))
        .collect();
    format!("CASE {text}{cases} ELSE {text} END")
}
