//! Peculiarities of one database.

use super::Assessor;
use super::finding::Finding;
use crate::catalog::ObjectName;
use crate::dialect::ConversionNote;
use crate::step::{Action, Step};

pub(super) fn findings(assessor: &Assessor<'_>, step: &Step) -> Vec<Finding> {
    match step {
        Step::ColumnType { table, from, to, using } => {
            let conversion = assessor.dialect.convert(from, to);
            let zone = conversion.note == ConversionNote::SessionZone && conversion.using == *using;
            let mut out: Vec<Finding> = under_views(assessor, table, &to.name).into_iter().collect();
            out.extend(zone.then(|| {
                Finding::caution(
                    "session_time_zone",
                    format!("{table}.{} is converted as UTC, whatever the session's time zone; answer with an expression (using) if it was kept in another", to.name),
                )
            }));
            out
        }
        Step::ColumnDrop { table, column } => under_views(assessor, table, &column.name).into_iter().collect(),
        Step::ColumnGenerated { table, to, .. } => under_views(assessor, table, &to.name).into_iter().collect(),
        Step::EnumAddValue {
            name, value, column: None, ..
        } => vec![Finding::note(
            "enum_value_in_transaction",
            format!("{value} of {name} cannot be used before the statement is committed, so the migration runs statement by statement"),
        )],
        Step::EnumReplace { from, to, .. } if to.values.iter().any(|value| !from.values.contains(value)) => vec![Finding::caution(
            "enum_value_in_transaction",
            format!(
                "a new value of {} is used by this plan, which its transaction does not allow: the type is made anew instead",
                to.name
            ),
        )],
        _ => Vec::new(),
    }
}

/// A table that others refer to, made anew.
pub(super) fn of_action(assessor: &Assessor<'_>, action: &Action) -> Option<Finding> {
    let Action::Rebuild(rebuild) = action else { return None };
    let name = &rebuild.from.name;
    let children: Vec<String> = assessor
        .plan
        .from
        .tables
        .iter()
        .filter(|table| table.foreign_keys.iter().any(|key| key.target == *name))
        .map(|table| table.name.to_string())
        .collect();
    (!children.is_empty()).then(|| {
        Finding::note(
            "rebuild_under_foreign_keys",
            format!(
                "{name} is rebuilt while {} refer to it: foreign keys are off meanwhile and checked before the commit; run by hand, the file needs \
                 PRAGMA foreign_keys = OFF before its transaction, or those rows go with the old table",
                children.join(", ")
            ),
        )
    })
}

fn under_views(assessor: &Assessor<'_>, table: &ObjectName, column: &str) -> Option<Finding> {
    let views: Vec<String> = assessor
        .plan
        .from
        .views
        .iter()
        .filter(|view| {
            view.depends_on
                .iter()
                .any(|item| item.table == *table && item.column.as_deref() == Some(column))
        })
        .map(|view| view.name.to_string())
        .collect();
    (!views.is_empty()).then(|| {
        Finding::caution(
            "column_under_view",
            format!(
                "{table}.{column} is read by {}: the view stands in the way or has to be made again",
                views.join(", ")
            ),
        )
    })
}
