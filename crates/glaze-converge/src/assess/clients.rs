//! Programs find something else than before.

use super::Assessor;
use super::finding::Finding;
use crate::step::Step;

const EXPAND: &str = "expand and contract: keep both for a while, move clients over, take the old one away in a later migration";

pub(super) fn findings(assessor: &Assessor<'_>, step: &Step) -> Vec<Finding> {
    let message = match step {
        Step::TableRename { from, to } => format!("whoever uses {from} finds nothing there any more, it is {to} now; {EXPAND}"),
        Step::ColumnRename { table, from, to } => {
            format!("whoever uses {table}.{from} finds nothing there any more, it is {to} now; {EXPAND}")
        }
        Step::TableDrop { table } => format!("whoever uses {} finds nothing there any more; move clients away first", table.name),
        Step::ColumnDrop { table, column } if !comes_back(assessor, step) => {
            format!(
                "whoever uses {table}.{} finds nothing there any more; move clients away first",
                column.name
            )
        }
        Step::ViewDrop { view, again: false } => {
            format!("whoever uses {} finds nothing there any more; move clients away first", view.name)
        }
        Step::ColumnNullableDrop { table, column, .. } if !has_default(assessor, step) => {
            format!("whoever writes {table} without {column} is refused from now on; let clients give it first")
        }
        Step::ColumnAdd { table, column, .. }
            if !column.nullable
                && column.default.is_none()
                && column.generated.is_none()
                && column.identity.is_none()
                && assessor.plan.from.table(table).is_some() =>
        {
            format!(
                "whoever writes {table} without {} is refused from now on; add it optional, let clients give it, then require it",
                column.name
            )
        }
        Step::EnumRenameValue { from, to, .. } => format!("whoever sends or expects {from} has to say {to}; {EXPAND}"),
        _ => return Vec::new(),
    };
    vec![Finding::caution("breaks_clients", message)]
}

/// A column that gives way while something changes and is there again afterwards.
fn comes_back(assessor: &Assessor<'_>, step: &Step) -> bool {
    let Step::ColumnDrop { table, column } = step else { return false };
    assessor
        .plan
        .to
        .table(table)
        .is_some_and(|table| table.column(&column.name).is_some())
}

fn has_default(assessor: &Assessor<'_>, step: &Step) -> bool {
    let Step::ColumnNullableDrop { table, column, .. } = step else {
        return false;
    };
    let column = assessor.plan.to.table(table).and_then(|table| table.column(column));
    column.is_some_and(|column| column.default.is_some() || column.identity.is_some())
}
