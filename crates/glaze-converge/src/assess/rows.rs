//! The rows of a table as subqueries: under their new names as they are before the plan, and as they will be after it. So one
//! expression, written for the new table, can be asked of the old one.

use std::collections::BTreeSet;

use super::probe::Probe;
use crate::catalog::{Column, ObjectName, Table};
use crate::dialect::{CatalogDialect, ConversionKind};
use crate::plan::Plan;
use crate::step::Step;
use crate::text;

/// Most key columns that are shown of a row.
const KEY_COLUMNS: usize = 2;

#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) plan: &'a Plan,
    pub(super) dialect: &'a dyn CatalogDialect,
}

/// Rows as they will be.
pub(super) struct After {
    /// What comes after `FROM`.
    pub(super) from: String,
    /// Columns whose values are known.
    known: BTreeSet<String>,
    all: Vec<String>,
}

impl After {
    /// Every column that the expression speaks of has a known value.
    pub(super) fn knows(&self, expr: &str) -> bool {
        self.all
            .iter()
            .all(|column| self.known.contains(column) || !text::mentions(expr, column))
    }

    pub(super) fn has(&self, columns: &[String]) -> bool {
        columns.iter().all(|column| self.known.contains(column))
    }
}

impl Rows<'_> {
    /// The table's name before the plan runs.
    pub(super) fn old_name(&self, table: &ObjectName) -> ObjectName {
        let renames = &self.plan.hints.tables;
        renames.iter().find(|(_, new)| *new == table).map_or(table, |(old, _)| old).clone()
    }

    /// The rows that are there, columns under their new names; none for a table that is not there.
    pub(super) fn before(&self, table: &ObjectName) -> Option<String> {
        let there = self.plan.from.table(table)?;
        let name = self.dialect.quote_table(&self.old_name(table));
        let renamed: Vec<(&String, &String)> = self
            .plan
            .hints
            .columns
            .iter()
            .filter(|((on, _), _)| on == table)
            .map(|((_, old), new)| (old, new))
            .collect();
        if renamed.is_empty() {
            return Some(name);
        }
        let columns = there.columns.iter().map(|column| {
            let new = self.dialect.quote(&column.name);
            match renamed.iter().find(|(_, new)| **new == column.name) {
                Some((old, _)) => format!("{} AS {new}", self.dialect.quote(old)),
                None => new,
            }
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        Some(format!("(SELECT {columns} FROM {name}) AS {}", self.dialect.quote(&table.name)))
    }

    /// The rows as the plan's steps will have made them.
    pub(super) fn after(&self, table: &ObjectName) -> Option<After> {
        let (there, then) = (self.plan.from.table(table)?, self.plan.to.table(table)?);
        let before = self.before(table)?;
        let (mut values, mut computed) = (Vec::new(), Vec::new());
        let (mut changed, mut known) = (false, BTreeSet::new());
        for column in &then.columns {
            let quoted = self.dialect.quote(&column.name);
            let kept = there.column(&column.name).is_some();
            if let (Some(generated), false) = (&column.generated, kept) {
                computed.push((column, format!("{} AS {quoted}", generated.expr)));
                continue;
            }
            let Some(value) = self.value(table, there, column) else { continue };
            changed |= value != quoted;
            known.insert(column.name.clone());
            values.push(format!("{value} AS {quoted}"));
        }
        let alias = self.dialect.quote(&table.name);
        let mut from = before;
        if changed {
            from = format!("(SELECT {} FROM {from}) AS {alias}", values.join(", "));
        }
        let mut out = After {
            from,
            known,
            all: then.columns.iter().map(|column| column.name.clone()).collect(),
        };
        let computed: Vec<_> = computed.into_iter().filter(|(_, value)| out.knows(value)).collect();
        if !computed.is_empty() {
            let more: Vec<&str> = computed.iter().map(|(_, value)| value.as_str()).collect();
            out.from = format!("(SELECT *, {} FROM {}) AS {alias}", more.join(", "), out.from);
            out.known.extend(computed.iter().map(|(column, _)| column.name.clone()));
        }
        Some(out)
    }

    /// What the column will hold, over the columns that are there; none where that is null or made up by the database.
    fn value(&self, table: &ObjectName, there: &Table, column: &Column) -> Option<String> {
        let quoted = self.dialect.quote(&column.name);
        let mut value = there.column(&column.name).map(|_| quoted.clone());
        for step in self.plan.steps() {
            match step {
                Step::ColumnAdd {
                    table: on,
                    column: added,
                    fill,
                    ..
                } if on == table && added.name == column.name => {
                    let given = fill.clone().or_else(|| added.default.clone());
                    // Asking a sequence would move it.
                    value = given.filter(|given| added.identity.is_none() && !text::mentions(given, "nextval"));
                }
                Step::EnumRenameValue {
                    name,
                    from,
                    to,
                    column: Some(of),
                    list,
                }
                | Step::EnumRemoveValue {
                    name,
                    value: from,
                    to: Some(to),
                    column: Some(of),
                    list,
                } if name == table && *of == column.name => {
                    value = value.map(|value| match list {
                        true => self.dialect.replaced_items(&value, &[(from.clone(), to.clone())]),
                        false => format!("CASE {value} WHEN {} THEN {} ELSE {value} END", literal(from), literal(to)),
                    });
                }
                Step::EnumReplace { map, uses, .. } if !map.is_empty() => {
                    let used = uses
                        .iter()
                        .any(|item| item.table == *table && item.column == column.name && !item.list);
                    if used {
                        let whens: String = map
                            .iter()
                            .map(|(old, new)| format!(" WHEN {} THEN {}", literal(old), literal(new)))
                            .collect();
                        value = value.map(|value| format!("CASE CAST({value} AS text){whens} ELSE CAST({value} AS text) END"));
                    }
                }
                Step::ColumnType {
                    table: on,
                    to,
                    using: Some(using),
                    ..
                } if on == table && to.name == column.name => value = Some(using.clone()),
                Step::ColumnType {
                    table: on,
                    from,
                    to,
                    using: None,
                } if on == table && to.name == column.name && self.dialect.convert(from, to).kind == ConversionKind::Lossy => {
                    value = value.map(|value| format!("CAST({value} AS {})", to.ty));
                }
                Step::ColumnNullableDrop {
                    table: on,
                    column: of,
                    fill: Some(fill),
                } if on == table && *of == column.name => value = value.map(|value| format!("coalesce({value}, {fill})")),
                _ => {}
            }
        }
        value
    }

    /// Rows that are there and satisfy the condition, shown by their key and these columns.
    pub(super) fn found(&self, table: &ObjectName, condition: &str, columns: &[&str]) -> Option<Probe> {
        let from = self.before(table)?;
        Some(Probe::rows(format!("{from} WHERE {condition}"), self.shown(table, "", columns)))
    }

    /// Key and columns with their expressions, `prefix` before each name.
    pub(super) fn shown(&self, table: &ObjectName, prefix: &str, columns: &[&str]) -> Vec<(String, String)> {
        let there = self.plan.from.table(table);
        let key = there.and_then(|there| there.primary_key.as_ref());
        let mut names: Vec<&str> = Vec::new();
        names.extend(key.iter().flat_map(|key| key.columns.iter().map(String::as_str)).take(KEY_COLUMNS));
        for column in columns {
            if !names.contains(column) {
                names.push(column);
            }
        }
        let known = |name: &&str| there.is_some_and(|there| there.column(name).is_some()) || columns.contains(name);
        names
            .into_iter()
            .filter(known)
            .map(|name| (name.to_owned(), format!("{prefix}{}", self.dialect.quote(name))))
            .collect()
    }
}

/// Text as an SQL literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
