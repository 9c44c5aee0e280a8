//! Where the database cannot alter in place: which tables are rebuilt, and what goes into the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::implied;
use crate::catalog::{Catalog, ObjectName, Table};
use crate::dialect::CatalogDialect;
use crate::diff::{checks_on, uses_column};
use crate::step::{Action, Rebuild, Step};
use crate::text;

/// Steps become actions: those the database can do by themselves, the rest of a table's in one rebuild.
pub(super) fn group(steps: Vec<Step>, from: &Catalog, to: &Catalog, dialect: &dyn CatalogDialect) -> Vec<Action> {
    let steps = fold_into_added(steps, from);
    let mut per_table: BTreeMap<ObjectName, Vec<Step>> = BTreeMap::new();
    for step in steps.iter().filter(|step| inside(step)) {
        if let Some(table) = step.table() {
            per_table.entry(table.clone()).or_default().push(step.clone());
        }
    }
    let needs = |table: &ObjectName, steps: &[Step]| {
        let whole = from.table(table).zip(to.table(table));
        whole.is_some_and(|(before, _)| !steps.iter().all(|step| by_itself(step, before, from, dialect)))
    };
    let rebuilt: Vec<ObjectName> = per_table
        .iter()
        .filter(|(table, steps)| needs(table, steps))
        .map(|(table, _)| table.clone())
        .collect();
    // Triggers that another step drops are another step's to make again.
    let handled: BTreeSet<String> = steps
        .iter()
        .filter_map(|step| match step {
            Step::UnmodelledDrop { item, .. } => Some(item.name.clone()),
            _ => None,
        })
        .collect();
    let mut done: Vec<ObjectName> = Vec::new();
    let mut out = Vec::new();
    for step in steps {
        let table = step.table().filter(|table| inside(&step) && rebuilt.contains(table)).cloned();
        let Some(table) = table else {
            out.push(Action::Alter(Box::new(step)));
            continue;
        };
        if !done.contains(&table)
            && let (Some(before), Some(after)) = (from.table(&table), to.table(&table))
        {
            let steps = unfold(per_table.remove(&table).unwrap_or_default());
            out.push(Action::Rebuild(Box::new(rebuild(before, after, steps, (from, &handled), dialect))));
            done.push(table);
        }
    }
    out
}

/// Steps that change a table that is there, other than its name and those of its columns.
fn inside(step: &Step) -> bool {
    !matches!(
        step,
        Step::TableCreate { .. } | Step::TableDrop { .. } | Step::TableRename { .. } | Step::ColumnRename { .. }
    )
}

/// Checks and foreign keys that are only about a new column stand in its `ADD COLUMN`.
fn fold_into_added(mut steps: Vec<Step>, from: &Catalog) -> Vec<Step> {
    let mut at = 0;
    while at < steps.len() {
        let Step::ColumnAdd { table, column, .. } = &steps[at] else {
            at += 1;
            continue;
        };
        let (table, column) = (table.clone(), column.clone());
        let others: Vec<String> = from
            .table(&table)
            .map(|table| table.columns.iter().map(|column| column.name.clone()).collect())
            .unwrap_or_default();
        let added: Vec<String> = steps
            .iter()
            .filter_map(|step| match step {
                Step::ColumnAdd { table: on, column, .. } if *on == table => Some(column.name.clone()),
                _ => None,
            })
            .filter(|name| *name != column.name)
            .collect();
        let mut checks = Vec::new();
        let mut foreign_key = None;
        steps.retain(|step| match step {
            Step::CheckAdd { table: on, check } if *on == table => {
                let own = text::mentions(&check.expr, &column.name)
                    && !others.iter().chain(&added).any(|other| text::mentions(&check.expr, other));
                if own {
                    checks.push(check.clone());
                }
                !own
            }
            Step::FkAdd { table: on, key } if *on == table && foreign_key.is_none() => {
                let own = key.columns == [column.name.clone()];
                if own {
                    foreign_key = Some(key.clone());
                }
                !own
            }
            _ => true,
        });
        // The retain may have moved things in front of this one; it stands where it stood among the adds.
        at = steps
            .iter()
            .position(|step| matches!(step, Step::ColumnAdd { table: on, column: item, .. } if *on == table && item.name == column.name))
            .unwrap_or(at);
        if let Step::ColumnAdd {
            checks: own,
            foreign_key: key,
            ..
        } = &mut steps[at]
        {
            *own = checks;
            *key = foreign_key;
        }
        at += 1;
    }
    steps
}

/// In a rebuild the new table says it all; the report names each thing.
fn unfold(steps: Vec<Step>) -> Vec<Step> {
    let mut out = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::ColumnAdd {
                table,
                column,
                fill,
                checks,
                foreign_key,
            } => {
                let (more_checks, more_keys) = (checks, foreign_key);
                out.push(Step::ColumnAdd {
                    table: table.clone(),
                    column,
                    fill,
                    checks: Vec::new(),
                    foreign_key: None,
                });
                out.extend(more_checks.into_iter().map(|check| Step::CheckAdd {
                    table: table.clone(),
                    check,
                }));
                out.extend(more_keys.into_iter().map(|key| Step::FkAdd { table: table.clone(), key }));
            }
            other => out.push(other),
        }
    }
    out
}

/// Whether the database does this step without a rebuild.
fn by_itself(step: &Step, table: &Table, from: &Catalog, dialect: &dyn CatalogDialect) -> bool {
    let unique_is_index = dialect.capabilities().unique_is_index;
    match step {
        Step::IndexCreate { .. } | Step::IndexDrop { .. } | Step::TableComment { .. } | Step::ColumnComment { .. } => true,
        Step::UniqueAdd { key, .. } => unique_is_index && key.name.is_some() && key.deferrable.is_none(),
        Step::UniqueDrop { key, .. } => unique_is_index && key.name.is_some(),
        Step::ColumnAdd {
            column, fill, foreign_key, ..
        } => {
            let plain_key = foreign_key.is_none() || (column.nullable && column.default.is_none());
            fill.is_none() && plain_key && dialect.can_add_column(table, column)
        }
        Step::ColumnDrop { column, .. } => !is_used(table, &column.name, from),
        _ => false,
    }
}

/// Something besides plain indexes that are dropped first holds the column.
fn is_used(table: &Table, column: &str, from: &Catalog) -> bool {
    let holds = |columns: &[String]| columns.iter().any(|name| name == column);
    let in_keys = table.primary_key.iter().any(|key| holds(&key.columns))
        || table.uniques.iter().any(|key| key.name.is_none() && holds(&key.columns));
    let in_expressions = checks_on(table, column).next().is_some()
        || table.columns.iter().any(|other| {
            other
                .generated
                .as_ref()
                .is_some_and(|generated| text::mentions(&generated.expr, column))
        })
        || table
            .indexes
            .iter()
            .any(|index| index.exotic.is_some() && uses_column(index, column));
    let in_unmodelled = from
        .unmodelled
        .iter()
        .any(|item| item.sql.as_ref().is_some_and(|sql| text::mentions(sql, column)))
        || from.views.iter().any(|view| text::mentions(&view.definition, column));
    in_keys || in_expressions || in_unmodelled || table.foreign_keys.iter().any(|key| holds(&key.columns))
}

fn rebuild(
    before: &Table,
    after: &Table,
    steps: Vec<Step>,
    (from, handled): (&Catalog, &BTreeSet<String>),
    dialect: &dyn CatalogDialect,
) -> Rebuild {
    let mut copy = Vec::new();
    for column in after.columns.iter().filter(|column| column.generated.is_none()) {
        let value = match before.column(&column.name) {
            Some(_) => Some(kept_value(&column.name, &steps, dialect)),
            None => steps.iter().find_map(|step| match step {
                Step::ColumnAdd { column: added, fill, .. } if added.name == column.name => fill.clone(),
                _ => None,
            }),
        };
        copy.extend(value.map(|value| (column.name.clone(), value)));
    }
    let recreate = from
        .unmodelled
        .iter()
        .filter(|item| {
            item.kind == "trigger" && item.table.as_ref() == Some(&after.name) && item.sql.is_some() && !handled.contains(&item.name)
        })
        .cloned()
        .collect();
    Rebuild {
        from: before.clone(),
        to: after.clone(),
        copy,
        recreate,
        steps: implied::left_out(steps, (before, after), dialect),
    }
}

/// The old value, with what the steps say of it: values renamed, type converted, nulls filled.
fn kept_value(name: &str, steps: &[Step], dialect: &dyn CatalogDialect) -> String {
    let quoted = dialect.quote(name);
    let mut value = quoted.clone();
    let mut lists = false;
    let cases: Vec<(String, String)> = steps
        .iter()
        .filter_map(|step| match step {
            Step::EnumRenameValue {
                from,
                to,
                column: Some(column),
                list,
                ..
            }
            | Step::EnumRemoveValue {
                value: from,
                to: Some(to),
                column: Some(column),
                list,
                ..
            } if column == name => {
                lists |= list;
                Some((from.clone(), to.clone()))
            }
            _ => None,
        })
        .collect();
    if !cases.is_empty() && lists {
        value = dialect.replaced_items(&value, &cases);
    } else if !cases.is_empty() {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let whens: String = cases
            .iter()
            .map(|(old, new)| format!(" WHEN {} THEN {}", literal(old), literal(new)))
            .collect();
        value = format!("CASE {value}{whens} ELSE {value} END");
    }
    for step in steps {
        match step {
            Step::ColumnType {
                to, using: Some(using), ..
            } if to.name == name => value.clone_from(using),
            Step::ColumnNullableDrop {
                column, fill: Some(fill), ..
            } if column == name => value = format!("coalesce({value}, {fill})"),
            _ => {}
        }
    }
    value
}
