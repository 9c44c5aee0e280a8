//! Fails on rows that are there.

use super::Assessor;
use super::finding::Finding;
use super::probe::Probe;
use crate::catalog::{Check, Column, ForeignKey, Index, Key, ObjectName};
use crate::step::Step;
use crate::text;

pub(super) fn findings(assessor: &Assessor<'_>, step: &Step) -> Vec<Finding> {
    match step {
        Step::ColumnAdd { table, column, fill, .. } => added(assessor, table, column, fill.as_deref()).into_iter().collect(),
        Step::ColumnNullableDrop { table, column, fill } => vec![required(assessor, table, column, fill.as_deref())],
        Step::UniqueAdd { table, key } => unique(assessor, table, &key.columns).into_iter().collect(),
        Step::PrimaryKeySet { table, to: Some(key), .. } => primary_key(assessor, table, key),
        Step::IndexCreate { table, index } if index.unique && index.exotic.is_none() => {
            unique_index(assessor, table, index).into_iter().collect()
        }
        Step::FkAdd { table, key } if !key.not_valid => foreign_key(assessor, table, key).into_iter().collect(),
        Step::FkValidate { table, key } => foreign_key(assessor, table, key).into_iter().collect(),
        Step::CheckAdd { table, check } if !check.not_valid => violated(assessor, table, check).into_iter().collect(),
        Step::CheckValidate { table, check } => violated(assessor, table, check).into_iter().collect(),
        Step::ColumnType { table, to, .. } | Step::ColumnCollation { table, to, .. } => converted(assessor, table, &to.name),
        _ => Vec::new(),
    }
}

fn added(assessor: &Assessor<'_>, table: &ObjectName, column: &Column, fill: Option<&str>) -> Option<Finding> {
    let given = column.nullable || column.default.is_some() || column.generated.is_some() || column.identity.is_some();
    if given || fill.is_some() {
        return None;
    }
    let from = assessor.rows.before(table)?;
    let message = format!(
        "fails when {table} has rows: {} is required and has no default; give a value (backfill)",
        column.name
    );
    let shown = assessor.rows.shown(table, "", &[]);
    Some(Finding::fails("required_without_value", message, Some(Probe::rows(from, shown))))
}

fn required(assessor: &Assessor<'_>, table: &ObjectName, column: &str, fill: Option<&str>) -> Finding {
    let missing = format!("{} IS NULL", assessor.dialect.quote(column));
    match fill {
        Some(fill) => Finding {
            always: false,
            ..filled(assessor, table, &missing, format!("rows where {table}.{column} is null get {fill}"))
        },
        None => {
            let after = assessor.rows.after(table).filter(|after| after.has(&[column.to_owned()]));
            let probe = after.map(|after| Probe::rows(format!("{} WHERE {missing}", after.from), assessor.rows.shown(table, "", &[])));
            let message = format!("fails where {table}.{column} is null; give a value for those rows (backfill)");
            Finding::fails("not_null_over_nulls", message, probe)
        }
    }
}

fn filled(assessor: &Assessor<'_>, table: &ObjectName, missing: &str, message: String) -> Finding {
    Finding {
        probe: assessor.rows.found(table, missing, &[]),
        ..Finding::caution("nulls_filled", message)
    }
}

fn primary_key(assessor: &Assessor<'_>, table: &ObjectName, key: &Key) -> Vec<Finding> {
    let mut out: Vec<Finding> = unique(assessor, table, &key.columns).into_iter().collect();
    let there = assessor.plan.from.table(table);
    for column in &key.columns {
        let may_be_null = there.and_then(|there| there.column(column)).is_some_and(|column| column.nullable);
        let said = assessor
            .plan
            .steps()
            .any(|step| matches!(step, Step::ColumnNullableDrop { table: on, column: of, .. } if on == table && of == column));
        if may_be_null && !said {
            out.push(required(assessor, table, column, None));
        }
    }
    out
}

/// Values that are there twice, null aside. Counts the rows that have them.
fn duplicates(assessor: &Assessor<'_>, table: &ObjectName, parts: &[(String, String)], filter: Option<&str>) -> Option<Probe> {
    let after = assessor.rows.after(table)?;
    if !parts.iter().all(|(_, value)| after.knows(value)) || filter.is_some_and(|filter| !after.knows(filter)) {
        return None;
    }
    let mut conditions: Vec<String> = parts.iter().map(|(_, value)| format!("{value} IS NOT NULL")).collect();
    conditions.extend(filter.map(|filter| format!("({filter})")));
    let names: Vec<String> = (1..=parts.len()).map(|at| format!("part{at}")).collect();
    let values: Vec<String> = parts
        .iter()
        .zip(&names)
        .map(|((_, value), name)| format!("{value} AS {name}"))
        .collect();
    let groups: Vec<String> = (1..=parts.len()).map(|at| at.to_string()).collect();
    let shown = parts.iter().zip(names).map(|((label, _), name)| (label.clone(), name));
    Some(Probe {
        from: format!(
            "(SELECT {}, count(*) AS times FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1) AS duplicates",
            values.join(", "),
            after.from,
            conditions.join(" AND "),
            groups.join(", ")
        ),
        show: shown.chain([("times".to_owned(), "times".to_owned())]).collect(),
        count: "coalesce(sum(times), 0)",
    })
}

/// A column as a key compares it.
fn compared(assessor: &Assessor<'_>, table: &ObjectName, column: &str) -> (String, String) {
    let collation = assessor
        .plan
        .to
        .table(table)
        .and_then(|table| table.column(column))
        .and_then(|column| column.collation.as_ref());
    let collate = collation.map_or(String::new(), |name| format!(" COLLATE {}", assessor.dialect.quote(name)));
    (column.to_owned(), format!("{}{collate}", assessor.dialect.quote(column)))
}

fn unique(assessor: &Assessor<'_>, table: &ObjectName, columns: &[String]) -> Option<Finding> {
    assessor.plan.from.table(table)?;
    let parts: Vec<_> = columns.iter().map(|column| compared(assessor, table, column)).collect();
    Some(Finding::fails(
        "unique_over_duplicates",
        format!("fails where {table} has the same ({}) twice", columns.join(", ")),
        Some(duplicates(assessor, table, &parts, None)?),
    ))
}

fn unique_index(assessor: &Assessor<'_>, table: &ObjectName, index: &Index) -> Option<Finding> {
    let parts: Vec<_> = index
        .parts
        .iter()
        .map(|part| match part.is_expr {
            true => (part.text.clone(), format!("({})", part.text)),
            false => compared(assessor, table, &part.text),
        })
        .collect();
    let names: Vec<&str> = index.parts.iter().map(|part| part.text.as_str()).collect();
    Some(Finding::fails(
        "unique_over_duplicates",
        format!("fails where {table} has the same ({}) twice", names.join(", ")),
        Some(duplicates(assessor, table, &parts, index.filter.as_deref())?),
    ))
}

fn foreign_key(assessor: &Assessor<'_>, table: &ObjectName, key: &ForeignKey) -> Option<Finding> {
    let here = assessor.rows.after(table).filter(|after| after.has(&key.columns))?;
    let quote = |name: &String| assessor.dialect.quote(name);
    let held: Vec<String> = key
        .columns
        .iter()
        .map(|column| format!("here.{} IS NOT NULL", quote(column)))
        .collect();
    let held = held.join(" AND ");
    let condition = match assessor.plan.from.table(&key.target) {
        // A new table has no rows to refer to.
        None => held,
        Some(target) => {
            let there = assessor.rows.after(&key.target)?;
            let names = if key.target_columns.is_empty() {
                target.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default()
            } else {
                key.target_columns.clone()
            };
            if !there.has(&names) || names.is_empty() {
                return None;
            }
            let pairs: Vec<String> = key
                .columns
                .iter()
                .zip(&names)
                .map(|(here, there)| format!("there.{} = here.{}", quote(there), quote(here)))
                .collect();
            format!(
                "{held} AND NOT EXISTS (SELECT 1 FROM (SELECT * FROM {}) AS there WHERE {})",
                there.from,
                pairs.join(" AND ")
            )
        }
    };
    let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
    let probe = Probe::rows(
        format!("(SELECT * FROM {}) AS here WHERE {condition}", here.from),
        assessor.rows.shown(table, "here.", &columns),
    );
    Some(Finding::fails(
        "fk_over_orphans",
        format!("fails where {table} refers to rows of {} that are not there", key.target),
        Some(probe),
    ))
}

fn violated(assessor: &Assessor<'_>, table: &ObjectName, check: &Check) -> Option<Finding> {
    let after = assessor.rows.after(table).filter(|after| after.knows(&check.expr))?;
    let spoken: Vec<&str> = assessor
        .plan
        .to
        .table(table)
        .iter()
        .flat_map(|table| &table.columns)
        .filter(|column| text::mentions(&check.expr, &column.name))
        .map(|column| column.name.as_str())
        .collect();
    let probe = Probe::rows(
        format!("{} WHERE NOT ({})", after.from, check.expr),
        assessor.rows.shown(table, "", &spoken),
    );
    Some(Finding::fails(
        "check_over_violators",
        format!("fails where a row of {table} does not satisfy {}", check.expr),
        Some(probe),
    ))
}

/// Keys and checks that stay, over values that do not: `1.4` and `1.2` are both `1`, and `a` is `A` without case.
fn converted(assessor: &Assessor<'_>, table: &ObjectName, column: &str) -> Vec<Finding> {
    let (Some(from), Some(to)) = (assessor.plan.from.table(table), assessor.plan.to.table(table)) else {
        return Vec::new();
    };
    let mut keys: Vec<&Vec<String>> = Vec::new();
    let primary = |table: &'_ crate::catalog::Table| table.primary_key.as_ref().map(|key| key.columns.clone());
    if primary(from) == primary(to) {
        keys.extend(to.primary_key.iter().map(|key| &key.columns));
    }
    keys.extend(
        to.uniques
            .iter()
            .filter(|key| from.uniques.iter().any(|old| old.columns == key.columns))
            .map(|key| &key.columns),
    );
    let mut out: Vec<Finding> = keys
        .into_iter()
        .filter(|columns| columns.iter().any(|name| name == column))
        .filter_map(|columns| unique(assessor, table, columns))
        .collect();
    let stays = |check: &&Check| {
        let added = |step: &Step| matches!(step, Step::CheckAdd { table: on, check: item } if on == table && item.expr == check.expr);
        // What the type itself says, the conversion has been asked already.
        let of_type = to
            .column(column)
            .is_some_and(|column| assessor.dialect.implied_check(column, &check.expr));
        text::mentions(&check.expr, column) && !of_type && !assessor.plan.steps().any(added)
    };
    out.extend(to.checks.iter().filter(stays).filter_map(|check| violated(assessor, table, check)));
    out
}
