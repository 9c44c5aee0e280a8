//! What a migration does to tables as a whole, so that it can be said beforehand how many rows there will be where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, ObjectName};
use crate::plan::Plan;
use crate::step::Step;

/// Tables that change their name and tables that go. All others keep their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Effects {
    /// From, to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<(ObjectName, ObjectName)>,
    /// As they were called after the renames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<ObjectName>,
    /// Columns that go, each with its table as it was called after the renames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped_columns: Vec<(ObjectName, String)>,
}

impl Effects {
    /// What a plan does.
    pub fn of(plan: &Plan) -> Effects {
        let mut out = Effects::default();
        for step in plan.steps() {
            match step {
                Step::TableRename { from, to } => match out.renamed.iter_mut().find(|(_, now)| now == from) {
                    // By way of a name in between.
                    Some((_, now)) => now.clone_from(to),
                    None => out.renamed.push((from.clone(), to.clone())),
                },
                Step::TableDrop { table } => out.dropped.push(table.name.clone()),
                Step::ColumnDrop { table, column } => out.dropped_columns.push((table.clone(), column.name.clone())),
                _ => {}
            }
        }
        out
    }

    /// What can be said of a migration from its two states alone: a table whose name is gone may have been renamed, so nothing is
    /// said of its rows.
    pub fn between(before: &Catalog, after: &Catalog) -> Effects {
        let gone = before.tables.iter().filter(|table| after.table(&table.name).is_none());
        let kept = before.tables.iter().filter_map(|table| Some((table, after.table(&table.name)?)));
        let columns = kept.flat_map(|(old, new)| {
            let gone = old.columns.iter().filter(|column| new.column(&column.name).is_none());
            gone.map(|column| (old.name.clone(), column.name.clone()))
        });
        Effects {
            dropped: gone.map(|table| table.name.clone()).collect(),
            dropped_columns: columns.collect(),
            ..Effects::default()
        }
    }

    /// What a table is called afterwards; `None` when it goes.
    pub fn after<'a>(&'a self, table: &'a ObjectName) -> Option<&'a ObjectName> {
        let renamed: BTreeMap<&ObjectName, &ObjectName> = self.renamed.iter().map(|(from, to)| (from, to)).collect();
        let now = renamed.get(table).copied().unwrap_or(table);
        (!self.dropped.contains(now)).then_some(now)
    }
}
