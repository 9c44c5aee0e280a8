//! Steps of a rebuild that nobody has asked for: a check that stands for a type, or for the values of an enum, comes and goes with the
//! step that changes the type or the values. Elsewhere there is no such check, and the report says the same on every database.

use crate::catalog::{Check, Table};
use crate::dialect::CatalogDialect;
use crate::step::Step;

/// The steps without those that only follow from another one.
pub(super) fn left_out(steps: Vec<Step>, (before, after): (&Table, &Table), dialect: &dyn CatalogDialect) -> Vec<Step> {
    let typed: Vec<String> = steps.iter().filter_map(typed).collect();
    let valued: Vec<String> = steps.iter().filter_map(valued).collect();
    let follows = |table: &Table, check: &Check| {
        let changed = |name: &String| typed.contains(name) || valued.contains(name);
        let of_values = || dialect.check_values(&check.expr).is_some_and(|found| changed(&found.column));
        let of_type = || {
            let columns = table.columns.iter().filter(|column| typed.contains(&column.name));
            columns.into_iter().any(|column| dialect.implied_check(column, &check.expr))
        };
        of_values() || of_type()
    };
    steps
        .into_iter()
        .filter(|step| match step {
            Step::CheckDrop { check, .. } => !follows(before, check),
            Step::CheckAdd { check, .. } => !follows(after, check),
            _ => true,
        })
        .collect()
}

/// The column that gets another type, comes or goes.
fn typed(step: &Step) -> Option<String> {
    match step {
        Step::ColumnType { to, .. } => Some(to.name.clone()),
        Step::ColumnAdd { column, .. } | Step::ColumnDrop { column, .. } => Some(column.name.clone()),
        _ => None,
    }
}

/// The column whose values change.
fn valued(step: &Step) -> Option<String> {
    match step {
        Step::EnumAddValue { column, .. } | Step::EnumRemoveValue { column, .. } | Step::EnumRenameValue { column, .. } => column.clone(),
        _ => None,
    }
}
