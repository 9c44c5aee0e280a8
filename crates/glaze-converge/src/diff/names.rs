//! Names of constraints and indexes take no part in the comparison, so what is new may be called as something that stays is: it then
//! gets another name.

use std::collections::BTreeSet;

use super::pairs::pairs;
use super::table::{same_foreign_key, same_index, same_key};
use crate::catalog::{Catalog, Key, Table};
use crate::names::free;

type Names = BTreeSet<(Option<String>, String)>;

/// Gives new things in `to` names that are free when they are made.
pub(super) fn settle(before: &Catalog, to: &mut Catalog, max: usize) {
    let mut taken: Names = BTreeSet::new();
    for table in &to.tables {
        if let Some(there) = before.table(&table.name) {
            let schema = &table.name.schema;
            taken.extend(staying_relations(there, table).into_iter().map(|name| (schema.clone(), name)));
        }
    }
    for table in &mut to.tables {
        let there = before.table(&table.name);
        let staying = there.map(|there| staying_constraints(there, table)).unwrap_or_default();
        rename_new(table, there, &taken, &staying, max);
    }
}

fn keys(table: &Table) -> Vec<Key> {
    table.primary_key.iter().chain(&table.uniques).cloned().collect()
}

/// Names in the space of tables that stay: those of keys and indexes.
fn staying_relations(there: &Table, table: &Table) -> Vec<String> {
    let (old, new) = (keys(there), keys(table));
    let kept_keys = pairs(&old, &new, same_key).0;
    let kept_indexes = pairs(&there.indexes, &table.indexes, same_index).0;
    let names = kept_keys.into_iter().filter_map(|(at, _)| old[at].name.clone());
    names
        .chain(kept_indexes.into_iter().map(|(at, _)| there.indexes[at].name.clone()))
        .collect()
}

/// Names of the table's own constraints that stay.
fn staying_constraints(there: &Table, table: &Table) -> BTreeSet<String> {
    let foreign = pairs(&there.foreign_keys, &table.foreign_keys, same_foreign_key).0;
    let checks = pairs(&there.checks, &table.checks, |a, b| a.expr == b.expr).0;
    let foreign = foreign.into_iter().filter_map(|(at, _)| there.foreign_keys[at].name.clone());
    foreign
        .chain(checks.into_iter().filter_map(|(at, _)| there.checks[at].name.clone()))
        .collect()
}

fn rename_new(table: &mut Table, there: Option<&Table>, taken: &Names, staying: &BTreeSet<String>, max: usize) {
    let none = Table::default();
    let there = there.unwrap_or(&none);
    let schema = table.name.schema.clone();
    let is_taken = |name: &str| taken.contains(&(schema.clone(), name.to_owned())) || staying.contains(name);
    let new_indexes = pairs(&there.indexes, &table.indexes, same_index).1;
    for at in new_indexes {
        let name = free(&table.indexes[at].name, max, is_taken);
        let old = std::mem::replace(&mut table.indexes[at].name, name.clone());
        if let Some(sql) = table.indexes[at].exotic.as_mut().filter(|_| old != name) {
            *sql = crate::text::rename(sql, &old, &name);
        }
    }
    let new_keys = pairs(&keys(there), &keys(table), same_key).1;
    let all = table.primary_key.iter_mut().chain(&mut table.uniques).enumerate();
    for (_, key) in all.filter(|(at, _)| new_keys.contains(at)) {
        key.name = key.name.take().map(|name| free(&name, max, is_taken));
    }
    for at in pairs(&there.foreign_keys, &table.foreign_keys, same_foreign_key).1 {
        let key = &mut table.foreign_keys[at];
        key.name = key.name.take().map(|name| free(&name, max, |name| staying.contains(name)));
    }
    for at in pairs(&there.checks, &table.checks, |a, b| a.expr == b.expr).1 {
        let check = &mut table.checks[at];
        check.name = check.name.take().map(|name| free(&name, max, |name| staying.contains(name)));
    }
}
