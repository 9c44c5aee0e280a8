//! The carry rule: what is there and what the model cannot express stays as it is.
//!
//! | thing | compared with the model | carried from what is there |
//! |---|---|---|
//! | tables, columns | by name; type, nullability, default, generated, identity, collation | column order, `ON CONFLICT` of `NOT NULL` |
//! | primary keys, uniques | columns | names, `extra`, `NULLS NOT DISTINCT`, `DEFERRABLE` of keys the model cannot say it of |
//! | foreign keys | columns, target, actions, `DEFERRABLE` | names, `NOT VALID`, `MATCH FULL` |
//! | checks | condition | names, `NOT VALID` |
//! | indexes | parts, unique, method, condition | names; exotic and invalid ones as a whole |
//! | comments | where the database keeps them | elsewhere all |
//! | join tables that exist | columns and their types, which tables they join | keys, actions, indexes |
//! | enums | name, values | comments |
//! | table options, partitioning | – | all |
//! | views, triggers, functions, domains, sequences, … | – | all, as long as their table is there |
//!
//! With an *origin* (what the snapshot's model asked for) more is known: whatever the model says the same about as before is
//! left as it is there, and what was there without the model knowing stays.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Column, Deferrable, ForeignKey, Index, Key, ObjectName, Table};
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::names;

/// Carries into `desired` what `base` has and the model cannot say. Both `base` and `origin` have been renamed.
pub fn carry(desired: &mut Desired, base: &Catalog, origin: Option<&Catalog>, dialect: &dyn CatalogDialect) {
    let comments = dialect.capabilities().comments;
    for table in &mut desired.catalog.tables {
        let Some(there) = base.table(&table.name) else { continue };
        let before = origin.and_then(|origin| origin.table(&table.name));
        if desired.joins.contains(&table.name) && same_join(table, there) {
            carry_join(table, there);
            continue;
        }
        carry_table(table, there, before, comments);
    }
    for item in &mut desired.catalog.enums {
        if let Some(there) = base.enums.iter().find(|there| there.name == item.name) {
            item.comment.clone_from(&there.comment);
        }
    }
    if let Some(origin) = origin {
        carry_unknown(&mut desired.catalog, base, origin);
    }
    carry_others(&mut desired.catalog, base);
    free_names(&mut desired.catalog, base, dialect.max_name());
}

/// Tables, enums and schemas that the snapshot's model knew nothing of.
fn carry_unknown(desired: &mut Catalog, base: &Catalog, origin: &Catalog) {
    for table in &base.tables {
        if origin.table(&table.name).is_none() && desired.table(&table.name).is_none() {
            desired.tables.push(table.clone());
        }
    }
    for item in &base.enums {
        let known = |catalog: &Catalog| catalog.enums.iter().any(|other| other.name == item.name);
        if !known(origin) && !known(desired) {
            desired.enums.push(item.clone());
        }
    }
}

fn carry_others(desired: &mut Catalog, base: &Catalog) {
    let tables: BTreeSet<ObjectName> = desired.tables.iter().map(|table| table.name.clone()).collect();
    // An enum without values cannot be said in a model.
    let empty = base.enums.iter().filter(|item| item.values.is_empty());
    desired.enums.extend(empty.cloned());
    desired.domains.clone_from(&base.domains);
    desired.sequences.clone_from(&base.sequences);
    desired.views.clone_from(&base.views);
    desired.extensions.clone_from(&base.extensions);
    desired.comments.clone_from(&base.comments);
    let stays = |table: &Option<ObjectName>| {
        table
            .as_ref()
            .is_none_or(|table| tables.contains(table) || base.table(table).is_none())
    };
    desired.unmodelled = base.unmodelled.iter().filter(|item| stays(&item.table)).cloned().collect();
    for schema in &base.schemas {
        if !desired.schemas.contains(schema) {
            desired.schemas.push(schema.clone());
        }
    }
    desired.schemas.sort();
}

fn carry_table(table: &mut Table, there: &Table, before: Option<&Table>, comments: bool) {
    table.options.clone_from(&there.options);
    table.partition_by.clone_from(&there.partition_by);
    if !comments || before.is_some_and(|before| before.comment == table.comment) {
        table.comment.clone_from(&there.comment);
    }
    for column in &mut table.columns {
        if let Some(old) = there.column(&column.name) {
            carry_column(column, old, before.and_then(|before| before.column(&column.name)), comments);
        }
    }
    if let Some(before) = before {
        for column in &there.columns {
            if before.column(&column.name).is_none() && table.column(&column.name).is_none() {
                table.columns.push(column.clone());
            }
        }
    }
    reorder(table, there);
    let unchanged = |same: fn(&Table, &Table) -> bool| before.is_some_and(|before| same(before, table));
    let (keys, uniques, foreign, checks, indexes) = (
        unchanged(|a, b| columns_of(a.primary_key.iter()) == columns_of(b.primary_key.iter())),
        unchanged(|a, b| said_of(&a.uniques) == said_of(&b.uniques)),
        unchanged(|a, b| a.foreign_keys == b.foreign_keys),
        unchanged(|a, b| a.checks == b.checks),
        unchanged(|a, b| a.indexes == b.indexes),
    );
    if keys {
        table.primary_key.clone_from(&there.primary_key);
    } else if let (Some(key), Some(old)) = (&mut table.primary_key, &there.primary_key) {
        carry_key(key, old);
    }
    match uniques {
        true => table.uniques.clone_from(&there.uniques),
        false => carry_uniques(table, there),
    }
    match foreign {
        true => table.foreign_keys.clone_from(&there.foreign_keys),
        false => carry_foreign_keys(&mut table.foreign_keys, &there.foreign_keys),
    }
    match checks {
        true => table.checks.clone_from(&there.checks),
        false => {
            for check in &mut table.checks {
                if let Some(old) = there.checks.iter().find(|old| old.expr == check.expr) {
                    *check = old.clone();
                }
            }
        }
    }
    match indexes {
        true => table.indexes.clone_from(&there.indexes),
        false => carry_indexes(table, there),
    }
}

fn columns_of<'a>(keys: impl Iterator<Item = &'a Key>) -> BTreeSet<Vec<String>> {
    keys.map(|key| key.columns.clone()).collect()
}

fn carry_column(column: &mut Column, old: &Column, before: Option<&Column>, comments: bool) {
    if column.identity == old.identity {
        column.sequence.clone_from(&old.sequence);
    }
    if !column.nullable {
        column.on_null.clone_from(&old.on_null);
    }
    if let Some(before) = before {
        if before.ty == column.ty {
            column.ty.clone_from(&old.ty);
        }
        if before.nullable == column.nullable {
            column.nullable = old.nullable;
            column.on_null.clone_from(&old.on_null);
        }
        if before.default == column.default {
            column.default.clone_from(&old.default);
        }
        if before.generated == column.generated {
            column.generated.clone_from(&old.generated);
        }
        if before.identity == column.identity {
            column.identity = old.identity;
            column.sequence.clone_from(&old.sequence);
        }
        if before.collation == column.collation {
            column.collation.clone_from(&old.collation);
        }
    }
    if !comments || before.is_some_and(|before| before.comment == column.comment) {
        column.comment.clone_from(&old.comment);
    }
}

/// What a model can say of unique keys.
fn said_of(keys: &[Key]) -> BTreeSet<(&[String], Option<bool>)> {
    let deferred = |key: &Key| key.deferrable.map(|when| when == Deferrable::Deferred);
    keys.iter().map(|key| (key.columns.as_slice(), deferred(key))).collect()
}

/// Columns that are there first, in their order; then the new ones.
fn reorder(table: &mut Table, there: &Table) {
    let place = |column: &Column| there.columns.iter().position(|old| old.name == column.name).unwrap_or(usize::MAX);
    table.columns.sort_by_key(place);
}

fn carry_key(key: &mut Key, old: &Key) {
    if key.columns == old.columns {
        key.name.clone_from(&old.name);
        key.extra.clone_from(&old.extra);
        key.nulls_not_distinct = old.nulls_not_distinct;
        key.deferrable = key.deferrable.or(old.deferrable);
    }
}

fn carry_uniques(table: &mut Table, there: &Table) {
    let references: Vec<Vec<String>> = table.foreign_keys.iter().map(|key| key.columns.clone()).collect();
    for key in &mut table.uniques {
        // Of several with these columns the plainest is meant.
        let same = there.uniques.iter().filter(|old| old.columns == key.columns);
        if let Some(old) = same.min_by_key(|old| old.extra.is_some()) {
            let said = key.deferrable;
            carry_key(key, old);
            // Of a field by itself the model says it; a reference says it of its foreign key.
            if key.columns.len() == 1 && !references.contains(&key.columns) {
                key.deferrable = said;
            }
        }
    }
    for old in there.uniques.iter().filter(|old| old.extra.is_some()) {
        let missing = !table.uniques.iter().any(|key| key.columns == old.columns && key.extra == old.extra);
        if missing && old.columns.iter().all(|column| table.column(column).is_some()) {
            table.uniques.push(old.clone());
        }
    }
}

fn carry_foreign_keys(keys: &mut [ForeignKey], there: &[ForeignKey]) {
    for key in keys {
        let same = |old: &&ForeignKey| old.columns == key.columns && old.target == key.target && old.target_columns == key.target_columns;
        if let Some(old) = there.iter().find(same) {
            key.name.clone_from(&old.name);
            key.not_valid = old.not_valid;
            key.match_full = old.match_full;
        }
    }
}

fn carry_indexes(table: &mut Table, there: &Table) {
    let mut left: Vec<&Index> = there.indexes.iter().collect();
    for index in &mut table.indexes {
        if let Some(at) = left.iter().position(|old| crate::diff::same_index(old, index)) {
            *index = left.remove(at).clone();
        }
    }
    for old in left.into_iter().filter(|old| old.exotic.is_some() || old.invalid) {
        let whole = old
            .parts
            .iter()
            .filter(|part| !part.is_expr)
            .all(|part| table.column(&part.text).is_some());
        if whole {
            table.indexes.push(old.clone());
        }
    }
}

/// Whether the table that is there joins the same tables by the same columns.
fn same_join(table: &Table, there: &Table) -> bool {
    let joins = |key: &ForeignKey| {
        let same = |other: &ForeignKey| other.columns == key.columns && other.target == key.target;
        there.foreign_keys.iter().any(same)
    };
    there.columns.len() == table.columns.len()
        && table.columns.iter().all(|column| there.column(&column.name).is_some())
        && table.foreign_keys.iter().all(joins)
}

fn carry_join(table: &mut Table, there: &Table) {
    let mut carried = there.clone();
    for column in &mut carried.columns {
        if let Some(wanted) = table.column(&column.name) {
            column.ty.clone_from(&wanted.ty);
        }
    }
    *table = carried;
}

/// New indexes and unique keys must not take a name that something else still has.
fn free_names(desired: &mut Catalog, base: &Catalog, max: usize) {
    let mut taken = BTreeSet::new();
    for table in &base.tables {
        let schema = &table.name.schema;
        taken.insert((schema.clone(), table.name.name.clone()));
        let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.clone());
        taken.extend(
            keys.chain(table.indexes.iter().map(|index| index.name.clone()))
                .map(|name| (schema.clone(), name)),
        );
    }
    for table in &mut desired.tables {
        let schema = table.name.schema.clone();
        let there = base.table(&table.name);
        let mut own: BTreeSet<String> = BTreeSet::new();
        if let Some(there) = there {
            own.extend(there.primary_key.iter().chain(&there.uniques).filter_map(|key| key.name.clone()));
            own.extend(there.indexes.iter().map(|index| index.name.clone()));
        }
        let kept_key = |key: &Key| there.is_some_and(|there| there.primary_key.iter().chain(&there.uniques).any(|old| old == key));
        for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
            if !kept_key(key)
                && let Some(name) = &mut key.name
            {
                *name = names::free(name, max, |candidate| {
                    taken.contains(&(schema.clone(), candidate.to_owned())) && !own.contains(candidate)
                });
                taken.insert((schema.clone(), name.clone()));
            }
        }
        for index in &mut table.indexes {
            let kept = there.is_some_and(|there| there.indexes.contains(index));
            if !kept {
                let is_taken = |candidate: &str| taken.contains(&(schema.clone(), candidate.to_owned()));
                index.name = names::free(&index.name, max, is_taken);
                taken.insert((schema.clone(), index.name.clone()));
            }
        }
    }
}
