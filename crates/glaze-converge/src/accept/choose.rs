//! What is chosen, and what the chosen cannot do without.

use std::collections::BTreeSet;

use super::drift::{Drift, Item};
use super::key::ItemKey;
use super::{AcceptError, Along};
use crate::catalog::{Column, ForeignKey, Index, ObjectName};
use crate::diff::uses_column;
use crate::hints::Hints;
use crate::step::Step;
use crate::text;

/// The chosen items.
pub(super) struct Chosen {
    /// Their keys.
    pub keys: BTreeSet<ItemKey>,
    /// Those among them that were not chosen themselves.
    pub along: Vec<Along>,
}

/// The items of a choice, with all that they need.
pub(super) fn choose(items: &[Item], only: Option<&[ItemKey]>) -> Result<Chosen, AcceptError> {
    let Some(only) = only else {
        return Ok(Chosen {
            keys: items.iter().map(|item| item.key.clone()).collect(),
            along: Vec::new(),
        });
    };
    let mut keys = BTreeSet::new();
    for wanted in only {
        let found: Vec<ItemKey> = items
            .iter()
            .map(|item| &item.key)
            .filter(|key| wanted.covers(key))
            .cloned()
            .collect();
        if found.is_empty() {
            return Err(AcceptError::NoSuchItem(wanted.clone()));
        }
        keys.extend(found);
    }
    let mut along = Vec::new();
    let mut open: Vec<&Item> = items.iter().filter(|item| keys.contains(&item.key)).collect();
    while let Some(item) = open.pop() {
        for other in items {
            if !keys.contains(&other.key) && item_needs(item, other) {
                keys.insert(other.key.clone());
                along.push(Along {
                    key: other.key.clone(),
                    needed_by: item.key.clone(),
                });
                open.push(other);
            }
        }
    }
    Ok(Chosen { keys, along })
}

/// The renames that are chosen. The others stay what they look like without being known: something gone and something new.
pub(super) fn renames(drift: &Drift<'_>, chosen: &Chosen) -> Hints {
    let mut hints = drift.naming.drifted.clone();
    let is_chosen = |step: Step| chosen.keys.contains(&drift.naming.key(&step));
    hints.tables.retain(|from, to| {
        is_chosen(Step::TableRename {
            from: from.clone(),
            to: to.clone(),
        })
    });
    hints.columns.retain(|(table, from), to| {
        is_chosen(Step::ColumnRename {
            table: table.clone(),
            from: from.clone(),
            to: to.clone(),
        })
    });
    hints.enums.retain(|from, to| {
        is_chosen(Step::EnumRename {
            from: from.clone(),
            to: to.clone(),
        })
    });
    hints
}

fn item_needs(item: &Item, other: &Item) -> bool {
    item.steps.iter().any(|step| other.steps.iter().any(|of| needs(step, of)))
}

/// Whether `step` cannot be said in a schema that does not say `other` too.
fn needs(step: &Step, other: &Step) -> bool {
    match (step, other) {
        // What is gone takes along all that hangs on it.
        (Step::ColumnDrop { table, column }, _) => goes_with(other, table, column),
        (Step::TableDrop { table }, Step::FkDrop { key, .. }) => key.target == table.name,
        (Step::TableDrop { table }, Step::TableDrop { table: other }) => {
            other.name != table.name && other.foreign_keys.iter().any(|key| key.target == table.name)
        }
        (Step::EnumDrop { item }, Step::ColumnDrop { column, .. } | Step::ColumnType { from: column, .. }) => of_type(column, &item.name),
        (Step::EnumDrop { item }, Step::TableDrop { table }) => table.columns.iter().any(|column| of_type(column, &item.name)),
        // What is new needs what it speaks of.
        (_, Step::ColumnAdd { table, column, .. }) => speaks_of(step, table, &column.name),
        (_, Step::TableCreate { table }) => targets(step).iter().any(|key| key.target == table.name),
        (_, Step::UniqueAdd { table, key }) => targets(step)
            .iter()
            .any(|foreign| foreign.target == *table && foreign.target_columns == key.columns),
        (_, Step::TableRename { to, .. }) => step.table() == Some(to) || targets(step).iter().any(|key| key.target == *to),
        (_, Step::ColumnRename { table, to, .. }) => speaks_of(step, table, to),
        (Step::ColumnAdd { column, .. } | Step::ColumnType { to: column, .. }, Step::EnumCreate { item }) => of_type(column, &item.name),
        (Step::TableCreate { table }, Step::EnumCreate { item }) => table.columns.iter().any(|column| of_type(column, &item.name)),
        _ => false,
    }
}

fn of_type(column: &Column, name: &ObjectName) -> bool {
    text::mentions(&column.ty, &name.name)
}

/// Things of which the column was a part and which are gone as well.
fn goes_with(step: &Step, table: &ObjectName, column: &Column) -> bool {
    let name = &column.name;
    match step {
        Step::UniqueDrop { table: on, key } => on == table && key.columns.contains(name),
        Step::FkDrop { table: on, key } => {
            (on == table && key.columns.contains(name)) || (key.target == *table && key.target_columns.contains(name))
        }
        Step::CheckDrop { table: on, check } => on == table && text::mentions(&check.expr, name),
        Step::IndexDrop { table: on, index } => on == table && uses_column(index, name),
        Step::PrimaryKeySet {
            table: on,
            from: Some(key),
            ..
        } => on == table && key.columns.contains(name),
        _ => false,
    }
}

/// Foreign keys that a step brings.
fn targets(step: &Step) -> Vec<&ForeignKey> {
    match step {
        Step::FkAdd { key, .. } => vec![key],
        Step::TableCreate { table } => table.foreign_keys.iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether what a step brings speaks of this column.
fn speaks_of(step: &Step, table: &ObjectName, column: &str) -> bool {
    let of = |names: &[String]| names.iter().any(|name| name == column);
    let index_uses = |index: &Index| uses_column(index, column);
    match step {
        Step::UniqueAdd { table: on, key } => on == table && of(&key.columns),
        Step::PrimaryKeySet {
            table: on, to: Some(key), ..
        } => on == table && of(&key.columns),
        Step::CheckAdd { table: on, check } => on == table && text::mentions(&check.expr, column),
        Step::IndexCreate { table: on, index } => on == table && index_uses(index),
        _ => targets(step)
            .iter()
            .any(|key| (step.table() == Some(table) && of(&key.columns)) || (key.target == *table && of(&key.target_columns))),
    }
}

/// The items that need one of these, at one remove or more.
pub(super) fn needing(items: &[Item], held: &BTreeSet<ItemKey>) -> BTreeSet<ItemKey> {
    let mut out: BTreeSet<ItemKey> = BTreeSet::new();
    loop {
        let is_held = |item: &&Item| held.contains(&item.key) || out.contains(&item.key);
        let more: Vec<ItemKey> = items
            .iter()
            .filter(|item| !is_held(item))
            .filter(|item| items.iter().filter(|other| is_held(other)).any(|other| item_needs(item, other)))
            .map(|item| item.key.clone())
            .collect();
        if more.is_empty() {
            return out;
        }
        out.extend(more);
    }
}
