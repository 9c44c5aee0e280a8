//! One spelling for what SQLite does not tell apart.

use glaze_converge::catalog::{Catalog, Key, Table};
use glaze_converge::text::tidy;
use glaze_model::IdentityHint;

use super::render::is_strict_type;

/// Brings a catalog into the spelling in which it is compared.
pub fn normalise(catalog: &mut Catalog) {
    catalog.enums.clear();
    catalog.schemas.clear();
    for table in &mut catalog.tables {
        normalise_table(table);
    }
}

fn normalise_table(table: &mut Table) {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    // A rename leaves the names of columns quoted that were bare.
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_keyword(name)).collect();
    let tidy = |sql: &str| glaze_converge::text::quote_names(&tidy(sql), &names);
    let key: Vec<String> = table.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    // A table is made STRICT only when all its types are such as STRICT tables take.
    if !table.columns.iter().all(|column| is_strict_type(&column.ty)) {
        table.options.retain(|option| option != "STRICT");
    }
    table.options.sort();
    let without_rowid = table.options.iter().any(|option| option == "WITHOUT ROWID");
    for column in &mut table.columns {
        if key.contains(&column.name) {
            column.nullable = false;
        }
        let declared = column.ty.split(':').next().unwrap_or_default();
        let row_id = key == [column.name.clone()] && declared.eq_ignore_ascii_case("INTEGER") && !without_rowid;
        column.identity = match column.identity {
            Some(IdentityHint::AutoIncrement) if row_id => Some(IdentityHint::AutoIncrement),
            _ => row_id.then_some(IdentityHint::RowId),
        };
        column.default = column
            .default
            .take()
            .map(|default| tidy(&default))
            .filter(|default| !default.eq_ignore_ascii_case("NULL"));
        if let Some(generated) = &mut column.generated {
            generated.expr = tidy(&generated.expr);
        }
        if column
            .collation
            .as_deref()
            .is_some_and(|collation| collation.eq_ignore_ascii_case("BINARY"))
        {
            column.collation = None;
        }
    }
    if let Some(key) = &mut table.primary_key {
        key.name = None;
    }
    for check in &mut table.checks {
        check.expr = tidy(&check.expr);
    }
    for key in &mut table.foreign_keys {
        key.match_full = false;
    }
    for key in &mut table.uniques {
        (key.deferrable, key.nulls_not_distinct) = (None, false);
    }
    plain_unique_indexes(table);
    for index in &mut table.indexes {
        index.method = "btree".to_owned();
        index.filter = index.filter.take().map(|filter| tidy(&filter));
        for part in index.parts.iter_mut().filter(|part| part.is_expr) {
            part.text = tidy(&part.text);
        }
    }
}

/// Words that mean something else where they are not quoted.
fn is_keyword(name: &str) -> bool {
    KEYWORDS.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// The words of SQLite's grammar that can stand in an expression.
const KEYWORDS: [&str; 47] = [
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COLLATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FILTER",
    "FROM",
    "GLOB",
    "GROUP",
    "HAVING",
    "IN",
    "INTERSECT",
    "IS",
    "ISNULL",
    "JOIN",
    "LIKE",
    "LIMIT",
    "MATCH",
    "NOT",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OVER",
    "RAISE",
    "REGEXP",
    "SELECT",
    "THEN",
    "TRUE",
    "UNION",
];

/// A unique index over plain columns is a unique key.
fn plain_unique_indexes(table: &mut Table) {
    let plain = |index: &glaze_converge::catalog::Index| {
        index.unique && index.filter.is_none() && index.exotic.is_none() && index.parts.iter().all(|part| !part.is_expr && !part.desc)
    };
    let (unique, others): (Vec<_>, Vec<_>) = std::mem::take(&mut table.indexes).into_iter().partition(plain);
    table.indexes = others;
    for index in unique {
        let columns = index.parts.into_iter().map(|part| part.text).collect();
        table.uniques.push(Key {
            name: Some(index.name),
            columns,
            ..Key::default()
        });
    }
}
