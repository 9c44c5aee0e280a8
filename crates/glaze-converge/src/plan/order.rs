//! The order of steps.

use std::collections::BTreeSet;

use crate::catalog::{ObjectName, Table};
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
    let early = steps.iter().any(holds);
    steps.sort_by_key(|step| {
        if early && matches!(step, Step::TableDrop { .. }) {
            8
        } else {
            rank(step, &replaced)
        }
    });
    tables_in_order(steps)
}

fn rank(step: &Step, replaced: &[String]) -> u8 {
    let of_replaced = |ty: &str| replaced.iter().any(|name| text::mentions(ty, name));
    match step {
        Step::SchemaCreate { .. } => 0,
        Step::EnumRename { .. } | Step::TableRename { .. } | Step::ColumnRename { .. } => 1,
        Step::EnumRenameValue { column: None, .. } => 2,
        Step::FkDrop { .. } => 3,
        Step::IndexDrop { .. } | Step::UniqueDrop { .. } | Step::CheckDrop { .. } => 4,
        Step::PrimaryKeySet { to: None, .. } => 5,
        Step::EnumCreate { .. } | Step::EnumAddValue { column: None, .. } => 6,
        Step::ColumnDefaultDrop { .. } => 7,
        Step::ColumnDrop { column, .. } if column.generated.is_some() || of_replaced(&column.ty) => 8,
        Step::ColumnType { to, .. } if !of_replaced(&to.ty) => 9,
        Step::EnumReplace { .. } => 10,
        Step::ColumnType { .. } | Step::ColumnCollation { .. } => 11,
        Step::TableCreate { .. } => 12,
        Step::ColumnAdd { column, .. } if column.generated.is_none() => 13,
        Step::ColumnDefaultSet { .. } | Step::ColumnIdentity { .. } => 14,
        Step::ColumnNullableSet { .. } | Step::ColumnNullableDrop { .. } => 15,
        Step::ColumnAdd { .. } | Step::ColumnGenerated { .. } => 16,
        Step::EnumAddValue { .. } | Step::EnumRenameValue { .. } | Step::EnumRemoveValue { .. } => 17,
        Step::ColumnDrop { .. } => 18,
        Step::PrimaryKeySet { .. } => 19,
        Step::UniqueAdd { .. } | Step::CheckAdd { .. } | Step::IndexCreate { .. } => 20,
        Step::FkAdd { .. } => 21,
        Step::TableComment { .. } | Step::ColumnComment { .. } => 22,
        Step::TableDrop { .. } => 23,
        Step::EnumDrop { .. } => 24,
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
