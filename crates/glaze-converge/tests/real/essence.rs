//! What a model can say of a catalog, for comparing two databases that were made from one model in different ways.

use std::collections::{BTreeMap, BTreeSet};

use glaze_converge::catalog::{Catalog, ObjectName, Table};

/// Lines of all that a model can say of a table; what it cannot (names of constraints, exotic indexes, options) is left out.
/// Of a join table it says neither actions nor indexes.
fn table(table: &Table, comments: bool, joins: bool) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for column in &table.columns {
        let mut column = column.clone();
        column.sequence = None;
        column.on_null = None;
        if !comments {
            column.comment = None;
        }
        out.insert(format!("column {column:?}"));
    }
    out.extend(table.primary_key.iter().map(|key| format!("primary key {:?}", key.columns)));
    out.extend(table.uniques.iter().map(|key| format!("unique {:?}", key.columns)));
    for key in &table.foreign_keys {
        if joins {
            out.insert(format!("foreign key {:?} → {} {:?}", key.columns, key.target, key.target_columns));
            continue;
        }
        out.insert(format!(
            "foreign key {:?} → {} {:?} delete {:?} update {:?} {:?}",
            key.columns, key.target, key.target_columns, key.on_delete, key.on_update, key.deferrable
        ));
    }
    out.extend(table.checks.iter().map(|check| format!("check {}", check.expr)));
    let plain = table
        .indexes
        .iter()
        .filter(|index| index.exotic.is_none() && !index.invalid && !joins);
    out.extend(plain.map(|index| format!("index {:?} {} {} {:?}", index.parts, index.unique, index.method, index.filter)));
    out.extend(
        table
            .comment
            .iter()
            .filter(|_| comments)
            .map(|comment| format!("comment {comment}")),
    );
    out
}

fn tables(catalog: &Catalog, joins: &BTreeSet<ObjectName>) -> BTreeMap<String, BTreeSet<String>> {
    let comments = catalog.dialect == "postgres";
    let ours = catalog.tables.iter();
    ours.map(|item| (item.name.to_string(), table(item, comments, joins.contains(&item.name))))
        .collect()
}

/// Panics with every line that only one of them has.
pub fn same(name: &str, a: &Catalog, b: &Catalog, joins: &BTreeSet<ObjectName>) {
    let (left, right) = (tables(a, joins), tables(b, joins));
    let mut lines = Vec::new();
    for table in left.keys().chain(right.keys()).collect::<BTreeSet<_>>() {
        match (left.get(table), right.get(table)) {
            (Some(a), Some(b)) => {
                lines.extend(a.difference(b).map(|line| format!("  {table}: only pulled: {line}")));
                lines.extend(b.difference(a).map(|line| format!("  {table}: only elsewhere: {line}")));
            }
            (Some(_), None) => lines.push(format!("  {table}: only pulled")),
            (None, _) => lines.push(format!("  {table}: only elsewhere")),
        }
    }
    let enums = |catalog: &Catalog| -> BTreeMap<_, _> {
        let enums = catalog.enums.iter();
        enums.map(|item| (item.name.clone(), item.values.clone())).collect()
    };
    if enums(a) != enums(b) {
        lines.push(format!("  enums {:?} / {:?}", enums(a), enums(b)));
    }
    assert!(lines.is_empty(), "{name} elsewhere is another:\n{}", lines.join("\n"));
}
