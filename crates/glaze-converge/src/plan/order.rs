//! The order of steps.

use std::collections::BTreeSet;

use super::needs::after_what_they_name;
use crate::catalog::{ObjectName, Table, Unmodelled};
use crate::step::Step;
use crate::text;

/// Renames first, then what gives way, then types, tables and columns, then keys and checks, foreign keys, and last what goes.
pub(super) fn in_place(steps: Vec<Step>) -> Vec<Step> {
    let replaced: Vec<String> = steps
        .iter()
        .filter_map(|step| {
            if let Step::EnumReplace { to, .. } = step {
                Some(to.name.name.clone())
            } else {
                None
            }
        })
        .collect();
    let mut steps = split_keys(steps);
    // A type cannot be replaced while a table has it that is about to go.
    let holds = |step: &Step| match step {
        Step::TableDrop { table } => table
            .columns
            .iter()
            .any(|column| replaced.iter().any(|name| text::mentions(&column.ty, name))),
        _ => false,
    };
    let early = steps.iter().any(holds) || names_are_wanted(&steps);
    let created: BTreeSet<ObjectName> = steps.iter().filter_map(makes_rows).collect();
    let rank = |step: &Step| match step {
        Step::TableDrop { .. } if early => EARLY_DROP,
        step => rank(step, &replaced, &created),
    };
    steps.sort_by_key(rank);
    let steps = tables_in_order(steps);
    let mut out = Vec::with_capacity(steps.len());
    for group in steps.chunk_by(|a, b| rank(a) == rank(b)) {
        let place = group.first().map(rank).unwrap_or_default();
        match place {
            VIEWS_DROPPED | OTHERS_DROPPED => out.extend(after_what_they_name(group.to_vec()).into_iter().rev()),
            TYPES | PARTITIONS | LATE => out.extend(after_what_they_name(group.to_vec())),
            _ => out.extend_from_slice(group),
        }
    }
    out
}

/// Whether something new is called as an index or key of a table that goes: then that goes first.
fn names_are_wanted(steps: &[Step]) -> bool {
    let relations = |table: &Table| {
        let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.clone());
        keys.chain(table.indexes.iter().map(|index| index.name.clone())).collect::<Vec<_>>()
    };
    let (mut going, mut coming) = (BTreeSet::new(), BTreeSet::new());
    for step in steps {
        match step {
            Step::TableDrop { table } => {
                going.extend(relations(table));
                going.insert(table.name.name.clone());
            }
            Step::TableCreate { table } => coming.extend(relations(table)),
            Step::IndexCreate { index, .. } => drop(coming.insert(index.name.clone())),
            Step::UniqueAdd { key, .. } | Step::PrimaryKeySet { to: Some(key), .. } => coming.extend(key.name.clone()),
            Step::ViewCreate { view, .. } => drop(coming.insert(view.name.name.clone())),
            Step::SequenceCreate { item } => drop(coming.insert(item.name.name.clone())),
            _ => {}
        }
    }
    !going.is_disjoint(&coming)
}

const VIEWS_DROPPED: u8 = 1;
const OTHERS_DROPPED: u8 = 3;
const TYPES: u8 = 8;
const PARTITIONS: u8 = 15;
const LATE: u8 = 32;

fn rank(step: &Step, replaced: &[String], created: &BTreeSet<ObjectName>) -> u8 {
    let of_replaced = |ty: &str| replaced.iter().any(|name| text::mentions(ty, name));
    match step {
        Step::ExtensionCreate { .. } | Step::SchemaCreate { .. } => 0,
        Step::ViewDrop { .. } => VIEWS_DROPPED,
        Step::EnumRename { .. } | Step::TableRename { .. } | Step::ColumnRename { .. } => 2,
        Step::UnmodelledDrop { item, .. } if item.kind != "partition" => OTHERS_DROPPED,
        Step::EnumRenameValue { column: None, .. } => 4,
        Step::FkDrop { .. } => 5,
        Step::IndexDrop { .. } | Step::UniqueDrop { .. } | Step::CheckDrop { .. } => 6,
        Step::PrimaryKeySet { to: None, .. } => 7,
        Step::EnumCreate { .. } | Step::DomainCreate { .. } | Step::SequenceCreate { .. } | Step::EnumAddValue { column: None, .. } => {
            TYPES
        }
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledReplace { to: item, .. } if is_early(item, created) => TYPES,
        Step::SequenceOwner { owner: None, .. } => 9,
        // Before a type: with it the values may become null.
        Step::ColumnDefaultDrop { .. } | Step::ColumnNullableSet { .. } => 9,
        Step::ColumnDrop { column, .. } if column.generated.is_some() || of_replaced(&column.ty) => EARLY_DROP,
        Step::ColumnGenerated { to, .. } if to.generated.is_none() => EARLY_DROP,
        Step::ColumnType { to, .. } if !of_replaced(&to.ty) => 11,
        Step::EnumReplace { .. } | Step::DomainAlter { .. } => 12,
        Step::ColumnType { .. } | Step::ColumnCollation { .. } => 13,
        Step::TableCreate { .. } => 14,
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledReplace { to: item, .. } if item.kind == "partition" => PARTITIONS,
        Step::ColumnAdd { column, .. } if column.generated.is_none() => 16,
        Step::ColumnDefaultSet { .. } | Step::ColumnIdentity { .. } | Step::ColumnSequence { .. } | Step::SequenceAlter { .. } => 17,
        Step::ColumnNullableDrop { .. } => 18,
        Step::ColumnAdd { .. } | Step::ColumnGenerated { .. } => 19,
        Step::EnumAddValue { .. } | Step::EnumRenameValue { .. } | Step::EnumRemoveValue { .. } => 20,
        Step::ColumnDrop { .. } => 21,
        Step::PrimaryKeySet { .. } => 22,
        Step::UniqueAdd { .. } | Step::CheckAdd { .. } | Step::IndexCreate { .. } => 23,
        Step::FkAdd { .. } => 24,
        Step::FkValidate { .. } | Step::CheckValidate { .. } => 25,
        Step::TableOptions { .. } | Step::TablePartitioning { .. } | Step::SequenceOwner { .. } => 26,
        Step::TableComment { .. } | Step::ColumnComment { .. } | Step::EnumComment { .. } => 27,
        Step::UnmodelledDrop { .. } => 28,
        Step::TableDrop { .. } => 29,
        Step::DomainDrop { .. } => 30,
        Step::EnumDrop { .. } | Step::SequenceDrop { .. } => 31,
        Step::ViewCreate { .. } | Step::ViewReplace { .. } | Step::UnmodelledCreate { .. } | Step::UnmodelledReplace { .. } => LATE,
        Step::CommentSet { .. } => 33,
        Step::SchemaDrop { .. } => 34,
    }
}

/// Where a table or column goes that something else waits for.
const EARLY_DROP: u8 = 10;

/// The table or view whose rows have a type from then on.
fn makes_rows(step: &Step) -> Option<ObjectName> {
    match step {
        Step::TableCreate { table } => Some(table.name.clone()),
        Step::ViewCreate { view, .. } => Some(view.name.clone()),
        _ => None,
    }
}

/// Types, and functions that need no table that is new.
fn is_early(item: &Unmodelled, created: &BTreeSet<ObjectName>) -> bool {
    match item.kind.as_str() {
        "collation" | "composite type" | "range type" => true,
        "function" | "procedure" | "aggregate" => !item.depends_on.iter().any(|needs| created.contains(&needs.table)),
        _ => false,
    }
}

/// A primary key that changes is dropped early and set late.
fn split_keys(steps: Vec<Step>) -> Vec<Step> {
    let mut out = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::PrimaryKeySet {
                table,
                from: Some(from),
                to: Some(to),
            } if from.name.is_some() => {
                out.push(Step::PrimaryKeySet {
                    table: table.clone(),
                    from: Some(from),
                    to: None,
                });
                out.push(Step::PrimaryKeySet {
                    table,
                    from: None,
                    to: Some(to),
                });
            }
            other => out.push(other),
        }
    }
    out
}

/// New tables after those they refer to, dropped ones before those.
fn tables_in_order(steps: Vec<Step>) -> Vec<Step> {
    let created: Vec<Table> = steps
        .iter()
        .filter_map(|step| {
            if let Step::TableCreate { table } = step {
                Some(table.clone())
            } else {
                None
            }
        })
        .collect();
    let dropped: Vec<Table> = steps
        .iter()
        .filter_map(|step| {
            if let Step::TableDrop { table } = step {
                Some(table.clone())
            } else {
                None
            }
        })
        .collect();
    let mut created = sorted(created).into_iter();
    let mut dropped = sorted(dropped).into_iter().rev();
    steps
        .into_iter()
        .filter_map(|step| match step {
            Step::TableCreate { .. } => created.next().map(|table| Step::TableCreate { table }),
            Step::TableDrop { .. } => dropped.next().map(|table| Step::TableDrop { table }),
            other => Some(other),
        })
        .collect()
}

/// Tables after those they refer to; where they refer to each other in a ring, the ring is cut where it comes first.
pub(super) fn sorted(mut tables: Vec<Table>) -> Vec<Table> {
    let mut out: Vec<Table> = Vec::with_capacity(tables.len());
    let mut waiting: BTreeSet<ObjectName> = tables.iter().map(|table| table.name.clone()).collect();
    while !tables.is_empty() {
        let ready = |table: &Table| {
            table
                .foreign_keys
                .iter()
                .all(|key| key.target == table.name || !waiting.contains(&key.target))
        };
        let at = tables.iter().position(ready).unwrap_or(0);
        let table = tables.remove(at);
        waiting.remove(&table.name);
        out.push(table);
    }
    out
}
