//! Things that must give way while something they depend on changes, where tables are altered in place.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, ObjectName, Table};
use crate::diff::{checks_on, same_foreign_key, same_index, uses_column};
use crate::step::Step;
use crate::text;

/// Adds the steps that move dependents out of the way and back.
pub(super) fn add(mut steps: Vec<Step>, from: &Catalog, to: &Catalog) -> Vec<Step> {
    values_in_use(&mut steps, from, to);
    split_generated(&mut steps);
    let changing = changing(&steps);
    let mut more = Vec::new();
    for (table, column) in &changing.columns {
        let (Some(before), Some(after)) = (from.table(table), to.table(table)) else {
            continue;
        };
        expressions(
            before,
            after,
            column,
            changing.replaced.contains(&(table.clone(), column.clone())),
            &steps,
            &mut more,
        );
    }
    defaults(&steps, &mut more);
    let nothing = changing.columns.is_empty() && changing.keys.is_empty();
    for before in from.tables.iter().filter(|_| !nothing) {
        let Some(after) = to.table(&before.name) else { continue };
        for key in &before.foreign_keys {
            let moved = |table: &ObjectName, columns: &[String]| {
                columns
                    .iter()
                    .any(|column| changing.columns.contains(&(table.clone(), column.clone())))
            };
            let hit = moved(&before.name, &key.columns)
                || moved(&key.target, &key.target_columns)
                || changing.keys.contains(&(key.target.clone(), key.target_columns.clone()));
            let kept = after.foreign_keys.iter().find(|other| same_foreign_key(other, key));
            if let Some(kept) = kept.filter(|_| hit) {
                more.push(Step::FkDrop {
                    table: before.name.clone(),
                    key: key.clone(),
                });
                more.push(Step::FkAdd {
                    table: before.name.clone(),
                    key: kept.clone(),
                });
            }
        }
    }
    for step in more {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    cut_rings(&mut steps);
    steps
}

/// A generated column with another expression over a column whose type changes goes before and comes back after.
fn split_generated(steps: &mut Vec<Step>) {
    let typed: BTreeSet<(ObjectName, String)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::ColumnType { table, to, .. } | Step::ColumnCollation { table, to, .. } => Some((table.clone(), to.name.clone())),
            _ => None,
        })
        .collect();
    let mut out = Vec::with_capacity(steps.len());
    for step in std::mem::take(steps) {
        match step {
            Step::ColumnGenerated { table, from, to } if to.generated.is_some() => {
                let over = |expr: &str| typed.iter().any(|(on, column)| *on == table && text::mentions(expr, column));
                match from.generated.as_ref().is_some_and(|generated| over(&generated.expr)) {
                    true => {
                        out.push(Step::ColumnDrop {
                            table: table.clone(),
                            column: from,
                        });
                        out.push(Step::ColumnAdd {
                            table,
                            column: to,
                            fill: None,
                            checks: Vec::new(),
                            foreign_key: None,
                        });
                    }
                    false => out.push(Step::ColumnGenerated { table, from, to }),
                }
            }
            other => out.push(other),
        }
    }
    *steps = out;
}

#[derive(Default)]
struct Changing {
    /// Columns whose type changes.
    columns: BTreeSet<(ObjectName, String)>,
    /// Of these, those whose enum is replaced.
    replaced: BTreeSet<(ObjectName, String)>,
    /// Keys that are dropped or made anew.
    keys: BTreeSet<(ObjectName, Vec<String>)>,
}

fn changing(steps: &[Step]) -> Changing {
    let mut out = Changing::default();
    let dropped: BTreeSet<(&ObjectName, &String)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::ColumnDrop { table, column } => Some((table, &column.name)),
            _ => None,
        })
        .collect();
    for step in steps {
        match step {
            Step::ColumnType { table, to, .. } | Step::ColumnCollation { table, to, .. } | Step::ColumnGenerated { table, to, .. } => {
                out.columns.insert((table.clone(), to.name.clone()));
            }
            Step::ColumnAdd { table, column, .. } if dropped.contains(&(table, &column.name)) => {
                out.columns.insert((table.clone(), column.name.clone()));
            }
            Step::EnumReplace { uses, .. } => {
                for item in uses {
                    out.columns.insert((item.table.clone(), item.column.clone()));
                    out.replaced.insert((item.table.clone(), item.column.clone()));
                }
            }
            Step::DomainAlter { from, to, uses } if from.base != to.base => {
                for item in uses {
                    out.columns.insert((item.table.clone(), item.column.clone()));
                    out.replaced.insert((item.table.clone(), item.column.clone()));
                }
            }
            Step::IndexDrop { table, index } if index.unique && index.parts.iter().all(|part| !part.is_expr) => {
                let columns = index.parts.iter().map(|part| part.text.clone()).collect();
                out.keys.insert((table.clone(), columns));
            }
            Step::PrimaryKeySet {
                table, from: Some(key), ..
            }
            | Step::UniqueDrop { table, key } => {
                out.keys.insert((table.clone(), key.columns.clone()));
            }
            _ => {}
        }
    }
    out
}

/// Generated columns, checks and indexes whose expressions speak of the column.
fn expressions(before: &Table, after: &Table, column: &str, replaced: bool, steps: &[Step], more: &mut Vec<Step>) {
    let table = || before.name.clone();
    for other in &before.columns {
        let Some(generated) = &other.generated else { continue };
        let changed =
            |step: &Step| matches!(step, Step::ColumnGenerated { table, to, .. } if *table == before.name && to.name == other.name);
        if let Some(kept) = after
            .column(&other.name)
            .filter(|_| text::mentions(&generated.expr, column) && !steps.iter().any(changed))
        {
            more.push(Step::ColumnDrop {
                table: table(),
                column: other.clone(),
            });
            let (checks, foreign_key) = (Vec::new(), None);
            more.push(Step::ColumnAdd {
                table: table(),
                column: kept.clone(),
                fill: None,
                checks,
                foreign_key,
            });
        }
    }
    for check in checks_on(before, column) {
        if let Some(kept) = after.checks.iter().find(|other| other.expr == check.expr) {
            more.push(Step::CheckDrop {
                table: table(),
                check: check.clone(),
            });
            more.push(Step::CheckAdd {
                table: table(),
                check: kept.clone(),
            });
        }
    }
    // A generated column that is made anew takes all its indexes with it, any other only those with expressions.
    let made_anew = before.column(column).is_some_and(|column| column.generated.is_some())
        || after.column(column).is_some_and(|column| column.generated.is_some());
    for index in before.indexes.iter().filter(|index| uses_column(index, column)) {
        let says = index.filter.is_some() || index.exotic.is_some() || index.parts.iter().any(|part| part.is_expr);
        let kept = after.indexes.iter().find(|other| same_index(other, index));
        if let Some(kept) = kept.filter(|_| says || replaced || made_anew) {
            more.push(Step::IndexDrop {
                table: table(),
                index: index.clone(),
            });
            more.push(Step::IndexCreate {
                table: table(),
                index: kept.clone(),
            });
        }
    }
    for key in before
        .uniques
        .iter()
        .filter(|key| made_anew && key.columns.iter().any(|name| name == column))
    {
        if let Some(kept) = after.uniques.iter().find(|other| other.columns == key.columns) {
            more.push(Step::UniqueDrop {
                table: table(),
                key: key.clone(),
            });
            more.push(Step::UniqueAdd {
                table: table(),
                key: kept.clone(),
            });
        }
    }
}

/// A default that changes together with the type is dropped before.
fn defaults(steps: &[Step], more: &mut Vec<Step>) {
    for step in steps {
        let Step::ColumnType { table, from, to, .. } = step else { continue };
        let Some(default) = &from.default else { continue };
        if from.default != to.default || from.identity.is_some() {
            more.push(Step::ColumnDefaultDrop {
                table: table.clone(),
                column: to.name.clone(),
                from: default.clone(),
            });
        }
    }
}

/// A value added to an enum cannot be used in the same transaction. Where a default, a check or a fill of this plan says it, the type is
/// replaced as a whole instead.
fn values_in_use(steps: &mut Vec<Step>, from: &Catalog, to: &Catalog) {
    let texts: Vec<String> = steps.iter().flat_map(texts).collect();
    let used = |value: &str| {
        let literal = format!("'{}'", value.replace('\'', "''"));
        texts.iter().any(|text| text.contains(&literal))
    };
    let mut names: BTreeSet<ObjectName> = BTreeSet::new();
    for step in steps.iter() {
        if let Step::EnumAddValue {
            name, value, column: None, ..
        } = step
            && used(value)
        {
            names.insert(name.clone());
        }
    }
    for name in names {
        let find = |catalog: &Catalog| catalog.enums.iter().find(|item| item.name == name).cloned();
        let (Some(mut before), Some(after)) = (find(from), find(to)) else {
            continue;
        };
        for step in steps.iter() {
            if let Step::EnumRenameValue {
                name: on,
                from,
                to,
                column: None,
                ..
            } = step
                && *on == name
            {
                before
                    .values
                    .iter_mut()
                    .filter(|value| *value == from)
                    .for_each(|value| value.clone_from(to));
            }
        }
        steps.retain(|step| !matches!(step, Step::EnumAddValue { name: on, column: None, .. } if *on == name));
        let uses = crate::diff::enum_uses(from, to, &name);
        steps.push(Step::EnumReplace {
            from: before,
            to: after,
            map: Default::default(),
            uses,
        });
    }
    // The defaults of replaced columns are set again by the replacement.
    let replaced: Vec<(ObjectName, String)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::EnumReplace { uses, .. } => Some(uses),
            Step::DomainAlter { from, to, uses } if from.base != to.base => Some(uses),
            _ => None,
        })
        .flatten()
        .map(|item| (item.table.clone(), item.column.clone()))
        .collect();
    steps.retain(|step| match step {
        Step::ColumnDefaultSet { table, column, .. } | Step::ColumnDefaultDrop { table, column, .. } => {
            !replaced.contains(&(table.clone(), column.clone()))
        }
        _ => true,
    });
}

fn texts(step: &Step) -> Vec<String> {
    let index = |index: &crate::catalog::Index| {
        let expressions = index.parts.iter().filter(|part| part.is_expr).map(|part| part.text.clone());
        index
            .filter
            .iter()
            .chain(&index.exotic)
            .cloned()
            .chain(expressions)
            .collect::<Vec<_>>()
    };
    match step {
        Step::ViewCreate { view, .. } | Step::ViewReplace { to: view, .. } => vec![view.definition.clone()],
        // The body of a function is looked at when it is called.
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledReplace { to: item, .. }
            if !matches!(item.kind.as_str(), "function" | "procedure") =>
        {
            item.sql.iter().cloned().collect()
        }
        Step::ColumnDefaultSet { to, .. } => vec![to.clone()],
        Step::ColumnAdd { column, fill, .. } => column.default.iter().chain(fill).cloned().collect(),
        Step::ColumnType { using, to, .. } => using.iter().chain(&to.default).cloned().collect(),
        Step::ColumnNullableDrop { fill, .. } => fill.iter().cloned().collect(),
        Step::ColumnGenerated { to, .. } => to.generated.iter().map(|generated| generated.expr.clone()).collect(),
        Step::CheckAdd { check, .. } => vec![check.expr.clone()],
        Step::IndexCreate { index: item, .. } => index(item),
        Step::TableCreate { table } => {
            let defaults = table.columns.iter().filter_map(|column| column.default.clone());
            defaults
                .chain(table.checks.iter().map(|check| check.expr.clone()))
                .chain(table.indexes.iter().flat_map(index))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Foreign keys among new tables that refer to each other in a ring are added afterwards; among dropped ones, dropped before.
fn cut_rings(steps: &mut Vec<Step>) {
    let new: Vec<Table> = steps
        .iter()
        .filter_map(|step| {
            if let Step::TableCreate { table } = step {
                Some(table.clone())
            } else {
                None
            }
        })
        .collect();
    let order: BTreeMap<ObjectName, usize> = super::order::sorted(new)
        .into_iter()
        .enumerate()
        .map(|(at, table)| (table.name, at))
        .collect();
    // Keys that are made in the course of this plan are there only after the new tables.
    let unready: BTreeSet<ObjectName> = steps
        .iter()
        .filter_map(|step| match step {
            Step::UniqueAdd { table, .. }
            | Step::PrimaryKeySet { table, .. }
            | Step::ColumnAdd { table, .. }
            | Step::ColumnType { table, .. } => Some(table.clone()),
            Step::IndexCreate { table, index } if index.unique => Some(table.clone()),
            _ => None,
        })
        .collect();
    let mut later = Vec::new();
    for step in steps.iter_mut() {
        if let Step::TableCreate { table } = step {
            let place = |name: &ObjectName| order.get(name);
            let name = table.name.clone();
            let (now, after): (Vec<_>, Vec<_>) = std::mem::take(&mut table.foreign_keys)
                .into_iter()
                .partition(|key| place(&key.target) <= place(&name) && !unready.contains(&key.target));
            table.foreign_keys = now;
            later.extend(after.into_iter().map(|key| Step::FkAdd { table: name.clone(), key }));
        }
    }
    steps.extend(later);
    let gone: Vec<Table> = steps
        .iter()
        .filter_map(|step| {
            if let Step::TableDrop { table } = step {
                Some(table.clone())
            } else {
                None
            }
        })
        .collect();
    let order: Vec<Table> = super::order::sorted(gone);
    let places: BTreeMap<&ObjectName, usize> = order.iter().enumerate().map(|(at, table)| (&table.name, at)).collect();
    // The keys of tables that stay may go before the tables that refer to them do.
    let losing: BTreeSet<ObjectName> = steps
        .iter()
        .filter_map(|step| match step {
            Step::UniqueDrop { table, .. }
            | Step::PrimaryKeySet { table, .. }
            | Step::IndexDrop { table, .. }
            | Step::ColumnDrop { table, .. }
            | Step::ColumnType { table, .. } => Some(table.clone()),
            _ => None,
        })
        .collect();
    for (at, table) in order.iter().enumerate() {
        for key in &table.foreign_keys {
            let ring = places.get(&key.target).is_some_and(|target| *target > at);
            if ring || losing.contains(&key.target) {
                steps.push(Step::FkDrop {
                    table: table.name.clone(),
                    key: key.clone(),
                });
            }
        }
    }
}
