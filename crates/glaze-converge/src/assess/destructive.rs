//! Data is lost.

use super::finding::Finding;
use super::rows::literal;
use super::{Assessor, Risk, conversion};
use crate::catalog::{Column, EnumDef, ObjectName};
use crate::step::{EnumUse, Step};

pub(super) fn findings(assessor: &Assessor<'_>, step: &Step) -> Vec<Finding> {
    let rows = &assessor.rows;
    match step {
        Step::TableDrop { table } => vec![Finding::lost(
            "table_dropped",
            format!("all rows of {} are lost", table.name),
            rows.found(&table.name, "1 = 1", &first_columns(&table.columns)),
        )],
        Step::ColumnDrop { table, column } if column.generated.is_none() && !made_again(assessor, table, column) => {
            let held = format!("{} IS NOT NULL", assessor.dialect.quote(&column.name));
            vec![Finding::lost(
                "column_dropped",
                format!("the values of {table}.{} are lost", column.name),
                rows.found(table, &held, &[&column.name]),
            )]
        }
        Step::ColumnGenerated { table, to, .. } => generated(assessor, table, to),
        Step::ColumnType { table, from, to, using } => conversion::findings(assessor, table, from, to, using.as_deref()),
        Step::DomainAlter { from, to, uses } if from.base != to.base => uses
            .iter()
            .flat_map(|item| {
                let column = |ty: &str| Column {
                    name: item.column.clone(),
                    ty: ty.to_owned(),
                    ..Column::default()
                };
                conversion::findings(assessor, &item.table, &column(&from.base), &column(&to.base), None)
            })
            .collect(),
        Step::EnumRemoveValue {
            name,
            value,
            to,
            column: Some(column),
            list,
        } => vec![value_removed(assessor, (name, column, *list), value, to.as_deref())],
        Step::EnumRemoveValue {
            value, to, column: None, ..
        } => {
            vec![Finding::lost("enum_value_removed", removed_message(value, to.as_deref()), None)]
        }
        Step::EnumReplace { from, to, map, uses } => enum_replaced(assessor, (from, to), map, uses),
        // Nothing is in it, or the database refuses.
        Step::SchemaDrop { name } => vec![Finding {
            rows: Some(0),
            ..Finding::lost(
                "schema_dropped",
                format!("schema {name} goes; the database refuses while something is in it"),
                None,
            )
        }],
        Step::SequenceDrop { item } => vec![Finding::caution(
            "sequence_dropped",
            format!("{} goes, and with it how far it has counted", item.name),
        )],
        Step::UnmodelledDrop { item, again: false } if item.kind == "partition" => vec![Finding::lost(
            "table_dropped",
            format!("all rows of partition {} are lost", item.name),
            None,
        )],
        _ => Vec::new(),
    }
}

/// A few columns to tell a row by, where it has no key.
fn first_columns(columns: &[Column]) -> Vec<&str> {
    columns.iter().take(2).map(|column| column.name.as_str()).collect()
}

/// A generated column that has to give way and comes back is computed again.
fn made_again(assessor: &Assessor<'_>, table: &ObjectName, column: &Column) -> bool {
    column.generated.is_some()
        && assessor
            .plan
            .steps()
            .any(|step| matches!(step, Step::ColumnAdd { table: on, column: added, .. } if on == table && added.name == column.name))
}

fn generated(assessor: &Assessor<'_>, table: &ObjectName, to: &Column) -> Vec<Finding> {
    let Some(generated) = &to.generated else { return Vec::new() };
    let (column, expr) = (assessor.dialect.quote(&to.name), &generated.expr);
    let same = format!("coalesce(({column}) = ({expr}), ({column}) IS NULL AND ({expr}) IS NULL)");
    vec![Finding::lost(
        "generated_changed",
        format!("{table}.{} is computed anew; values that are there and differ are lost", to.name),
        assessor.rows.found(table, &format!("NOT {same}"), &[&to.name]),
    )]
}

fn enum_replaced(
    assessor: &Assessor<'_>,
    (from, to): (&EnumDef, &EnumDef),
    map: &std::collections::BTreeMap<String, String>,
    uses: &[EnumUse],
) -> Vec<Finding> {
    let gone = from.values.iter().filter(|value| !to.values.contains(value));
    gone.flat_map(|value| {
        let to = map.get(value).map(String::as_str);
        let of_use = move |item: &EnumUse| value_removed(assessor, (&item.table, &item.column, item.list), value, to);
        let mut found: Vec<Finding> = uses.iter().map(of_use).collect();
        if found.is_empty() {
            // No column has the type: no row has the value.
            found.push(Finding {
                rows: Some(0),
                ..Finding::lost("enum_value_removed", removed_message(value, to), None)
            });
        }
        found
    })
    .collect()
}

fn removed_message(value: &str, to: Option<&str>) -> String {
    match to {
        Some(to) => format!("rows with the value {value} become {to}"),
        None => format!("rows with the value {value} stand in the way; say what they become (enum_value_map)"),
    }
}

fn value_removed(assessor: &Assessor<'_>, (table, column, list): (&ObjectName, &str, bool), value: &str, to: Option<&str>) -> Finding {
    let quoted = assessor.dialect.quote(column);
    let condition = match (list, assessor.dialect.capabilities().native_enums) {
        (true, _) => assessor.dialect.has_item(&quoted, value),
        (false, true) => format!("CAST({quoted} AS text) = {}", literal(value)),
        (false, false) => format!("{quoted} = {}", literal(value)),
    };
    let probe = assessor.rows.found(table, &condition, &[column]);
    let message = removed_message(value, to);
    match to {
        Some(_) => Finding::lost("enum_value_removed", message, probe),
        None => Finding {
            risk: Risk::Destructive,
            always: true,
            ..Finding::fails("enum_value_removed", message, probe)
        },
    }
}
