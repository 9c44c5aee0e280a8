//! The catalog that the schema is to ask for: the snapshot's, with the chosen part of the drift.

use std::collections::BTreeSet;

use super::drift::Item;
use super::key::ItemKey;
use crate::catalog::{Catalog, ObjectName, Table};
use crate::diff::{same_foreign_key, same_index};
use crate::step::Step;

/// `before` with the steps of the chosen items taken.
pub(super) fn goal(before: &Catalog, database: &Catalog, items: &[Item], chosen: &BTreeSet<ItemKey>) -> Catalog {
    let mut goal = before.clone();
    for step in items.iter().filter(|item| chosen.contains(&item.key)).flat_map(|item| &item.steps) {
        take(&mut goal, database, step);
    }
    goal
}

fn take(goal: &mut Catalog, database: &Catalog, step: &Step) {
    match step {
        Step::SchemaCreate { name } => goal.schemas.push(name.clone()),
        Step::TableCreate { table } => goal.tables.push(table.clone()),
        Step::TableDrop { table } => goal.tables.retain(|other| other.name != table.name),
        Step::EnumCreate { item } | Step::EnumReplace { to: item, .. } => take_enum(goal, database, &item.name),
        Step::EnumDrop { item } => goal.enums.retain(|other| other.name != item.name),
        Step::EnumAddValue { name, column: None, .. }
        | Step::EnumRemoveValue { name, column: None, .. }
        | Step::EnumRenameValue { name, column: None, .. } => take_enum(goal, database, name),
        _ => {
            let Some(name) = step.table() else { return };
            let Some(table) = goal.tables.iter_mut().find(|table| table.name == *name) else {
                return;
            };
            if let Some(there) = database.table(name) {
                take_in_table(table, there, step);
            }
        }
    }
}

fn take_enum(goal: &mut Catalog, database: &Catalog, name: &ObjectName) {
    goal.enums.retain(|item| item.name != *name);
    goal.enums.extend(database.enums.iter().find(|item| item.name == *name).cloned());
}

fn take_in_table(table: &mut Table, there: &Table, step: &Step) {
    match step {
        Step::TableComment { .. } => table.comment.clone_from(&there.comment),
        Step::PrimaryKeySet { to, .. } => table.primary_key.clone_from(to),
        Step::UniqueAdd { key, .. } => table.uniques.push(key.clone()),
        Step::UniqueDrop { key, .. } => remove_one(&mut table.uniques, |other| other == key),
        Step::FkAdd { key, .. } => table.foreign_keys.push(key.clone()),
        Step::FkDrop { key, .. } => remove_one(&mut table.foreign_keys, |other| same_foreign_key(other, key)),
        Step::CheckAdd { check, .. } => table.checks.push(check.clone()),
        Step::CheckDrop { check, .. } => remove_one(&mut table.checks, |other| other.expr == check.expr),
        Step::IndexCreate { index, .. } => table.indexes.push(index.clone()),
        Step::IndexDrop { index, .. } => remove_one(&mut table.indexes, |other| same_index(other, index)),
        Step::ColumnAdd { column, .. } | Step::ColumnDrop { column, .. } => take_column(table, there, &column.name),
        Step::ColumnType { to, .. }
        | Step::ColumnGenerated { to, .. }
        | Step::ColumnIdentity { to, .. }
        | Step::ColumnCollation { to, .. } => take_column(table, there, &to.name),
        Step::ColumnNullableSet { column, .. }
        | Step::ColumnNullableDrop { column, .. }
        | Step::ColumnDefaultSet { column, .. }
        | Step::ColumnDefaultDrop { column, .. }
        | Step::ColumnComment { column, .. } => take_column(table, there, column),
        _ => {}
    }
}

fn remove_one<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool) {
    if let Some(at) = list.iter().position(is) {
        list.remove(at);
    }
}

/// The column as it is there, or not at all.
fn take_column(table: &mut Table, there: &Table, name: &str) {
    let at = table.columns.iter().position(|column| column.name == name);
    match (at, there.column(name)) {
        (Some(at), Some(column)) => table.columns[at] = column.clone(),
        (Some(at), None) => drop(table.columns.remove(at)),
        (None, Some(column)) => table.columns.push(column.clone()),
        (None, None) => {}
    }
}
