//! What rows hold: of columns that a plan is not about, and of those that it is.

use std::collections::BTreeMap;

use glaze_converge::catalog::{Catalog, ObjectName, Table};
use glaze_converge::plan::Plan;
use glaze_converge::step::Step;

use super::support::Place;

/// Columns of a table that the plan is not about, as they are called before and after.
#[derive(Debug)]
pub struct Kept {
    pub before: ObjectName,
    pub after: ObjectName,
    pub columns: Vec<(String, String)>,
}

/// Every table that is there before and after.
pub fn kept(created: &Catalog, plan: &Plan) -> Vec<Kept> {
    let mut out = Vec::new();
    for table in &created.tables {
        let new = plan.hints.tables.get(&table.name).unwrap_or(&table.name);
        let Some(after) = plan.to.table(new) else { continue };
        let mut columns = Vec::new();
        for column in table.columns.iter().filter(|column| column.generated.is_none()) {
            let name = plan.hints.columns.get(&(new.clone(), column.name.clone())).unwrap_or(&column.name);
            if after.column(name).is_some_and(|column| column.generated.is_none()) && !touched(plan, new, name) {
                columns.push((column.name.clone(), name.clone()));
            }
        }
        out.push(Kept {
            before: table.name.clone(),
            after: new.clone(),
            columns,
        });
    }
    out
}

/// Whether a step may change what the column holds.
fn touched(plan: &Plan, table: &ObjectName, column: &str) -> bool {
    plan.steps().any(|step| match step {
        Step::ColumnType { table: on, to, .. } | Step::ColumnGenerated { table: on, to, .. } => on == table && to.name == column,
        Step::ColumnNullableDrop {
            table: on, column: name, ..
        } => on == table && name == column,
        Step::EnumRenameValue {
            column: Some(name),
            name: on,
            ..
        }
        | Step::EnumRemoveValue {
            column: Some(name),
            name: on,
            ..
        } => on == table && name == column,
        Step::EnumReplace { uses, .. } => uses.iter().any(|item| item.table == *table && item.column == column),
        Step::EnumRenameValue { column: None, name, .. } => plan
            .to
            .table(table)
            .and_then(|table| table.column(column))
            .is_some_and(|column| column.ty.contains(&name.name)),
        _ => false,
    })
}

/// The rows of the kept columns together, so that no value can change its row.
pub async fn values(place: &Place, kept: &[Kept], after: bool) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for item in kept {
        let table = if after { &item.after } else { &item.before };
        let columns: Vec<&String> = item.columns.iter().map(|(old, new)| if after { new } else { old }).collect();
        let order: Vec<String> = (1..=columns.len()).map(|at| at.to_string()).collect();
        let order = if order.is_empty() {
            String::new()
        } else {
            format!(" ORDER BY {}", order.join(", "))
        };
        out.push(select(place, table, &columns, &order).await);
    }
    out
}

/// Values of one column in the order of the key.
pub async fn column(place: &Place, table: &Table, column: &str) -> Vec<String> {
    let key: Vec<String> = table
        .primary_key
        .iter()
        .flat_map(|key| &key.columns)
        .map(|name| place.dialect.quote(name))
        .collect();
    let order = if key.is_empty() { "1".to_owned() } else { key.join(", ") };
    select(place, &table.name, &[&column.to_owned()], &format!(" ORDER BY {order}")).await
}

async fn select(place: &Place, table: &ObjectName, columns: &[&String], order: &str) -> Vec<String> {
    let cast = if place.dialect.name() == "postgres" { "::text" } else { "" };
    let mut list: Vec<String> = columns
        .iter()
        .map(|column| format!("{}{cast}", place.dialect.quote(column)))
        .collect();
    if list.is_empty() {
        list.push("1".to_owned());
    }
    let sql = format!("SELECT {} FROM {}{order}", list.join(", "), place.dialect.quote_table(table));
    let shown = |row: Vec<Option<String>>| {
        row.into_iter()
            .map(|cell| cell.unwrap_or_else(|| "NULL".to_owned()))
            .collect::<Vec<_>>()
            .join(" | ")
    };
    place.rows(&sql).await.into_iter().map(shown).collect()
}

/// Columns of tables that stay whose values the plan made, with the values; those that differ from run to run are left out.
pub async fn made(place: &Place, kept: &[Kept], plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let mut out = BTreeMap::new();
    for item in kept {
        let Some(table) = plan.to.table(&item.after) else { continue };
        for name in table.columns.iter().map(|column| &column.name) {
            if !item.columns.iter().any(|(_, after)| after == name) && !by_chance(plan, &item.after, name) {
                out.insert(format!("{}.{name}", table.name.name), column(place, table, name).await);
            }
        }
    }
    out
}

/// Filled with the time or something random.
fn by_chance(plan: &Plan, table: &ObjectName, column: &str) -> bool {
    let volatile = |sql: &str| {
        let sql = sql.to_ascii_lowercase();
        ["random", "now", "uuid(", "current_", "strftime"]
            .iter()
            .any(|word| sql.contains(word))
    };
    plan.steps().any(|step| match step {
        Step::ColumnAdd {
            table: on,
            column: to,
            fill,
            ..
        } => on == table && to.name == column && (fill.iter().chain(&to.default).any(|sql| volatile(sql))),
        Step::ColumnNullableDrop {
            table: on,
            column: name,
            fill,
        } => on == table && name == column && fill.iter().any(|sql| volatile(sql)),
        _ => false,
    })
}
