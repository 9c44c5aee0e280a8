//! Keeps others waiting, or writes a table anew. What a step does is the dialect's to say; here it is judged by the table's size.

use super::Assessor;
use super::finding::Finding;
use crate::catalog::ObjectName;
use crate::dialect::Blocking;
use crate::step::{Action, Step};

pub(super) fn findings(assessor: &Assessor<'_>, action: &Action, step: &Step) -> Vec<Finding> {
    let Some(blocking) = assessor.dialect.blocking(step).filter(|_| !refers_to_nothing(assessor, step)) else {
        return Vec::new();
    };
    tables(step)
        .into_iter()
        .filter(|table| assessor.plan.from.table(table).is_some())
        .filter(|table| !(assessor.plan.online.tables.contains(*table) && assessor.dialect.render_online(action, 1).is_some()))
        .filter_map(|table| finding(assessor, table, blocking))
        .collect()
}

/// A foreign key over columns that are new and null everywhere: there is nothing to look up.
fn refers_to_nothing(assessor: &Assessor<'_>, step: &Step) -> bool {
    let Step::FkAdd { table, key } = step else { return false };
    let empty = |name: &String| {
        assessor.plan.steps().any(|step| match step {
            Step::ColumnAdd {
                table: on, column, fill, ..
            } => on == table && column.name == *name && column.nullable && column.default.is_none() && fill.is_none(),
            _ => false,
        })
    };
    key.columns.iter().any(empty)
}

fn tables(step: &Step) -> Vec<&ObjectName> {
    match step {
        Step::EnumReplace { uses, .. } | Step::DomainAlter { uses, .. } => {
            let mut tables: Vec<&ObjectName> = uses.iter().map(|item| &item.table).collect();
            tables.dedup();
            tables
        }
        step => step.table().into_iter().collect(),
    }
}

/// What takes as long as the table is large is only said of tables that are, or of which nothing is known.
fn finding(assessor: &Assessor<'_>, table: &ObjectName, blocking: Blocking) -> Option<Finding> {
    let size = assessor.sizes.get(table);
    let small = size.is_some_and(|size| !assessor.options.online.is_large(size));
    let (code, message) = words(blocking, table);
    let rewrites = matches!(
        blocking,
        Blocking::Rewrite | Blocking::VolatileDefault | Blocking::Identity | Blocking::StoredGenerated
    );
    (rewrites || !small).then(|| Finding {
        rows: size.map(|size| size.rows),
        ..Finding::caution(code, message)
    })
}

fn words(blocking: Blocking, table: &ObjectName) -> (&'static str, String) {
    match blocking {
        Blocking::Rewrite => (
            "table_rewrite",
            format!("{table} is written anew under an exclusive lock; online: a new column, filled in batches, then swapped"),
        ),
        Blocking::VolatileDefault => (
            "volatile_default",
            format!(
                "the default differs from row to row, so {table} is written anew; online: add the column, then the default, then fill in batches"
            ),
        ),
        Blocking::Identity => (
            "identity_added",
            format!(
                "every row of {table} gets a number, so it is written anew; online: add a plain column, number it in batches, then make it an identity"
            ),
        ),
        Blocking::StoredGenerated => (
            "generated_stored_added",
            format!(
                "the value is computed for every row of {table} under an exclusive lock; online: a plain column kept by a trigger, filled in batches"
            ),
        ),
        Blocking::NotNullScan => (
            "set_not_null_scan",
            format!(
                "all rows of {table} are looked at under an exclusive lock; online: a check that is NOT VALID, validated, then SET NOT NULL"
            ),
        ),
        Blocking::CheckScan => (
            "check_validation",
            format!("all rows of {table} are looked at under an exclusive lock; online: NOT VALID first, then VALIDATE CONSTRAINT"),
        ),
        Blocking::ForeignKeyScan => (
            "fk_validation",
            format!(
                "{table} and the table it refers to cannot be written while rows are checked; online: NOT VALID first, then VALIDATE CONSTRAINT"
            ),
        ),
        Blocking::IndexBuild => (
            "index_blocks_writes",
            format!("{table} cannot be written while the index is built; online: CREATE INDEX CONCURRENTLY"),
        ),
        Blocking::UniqueBuild => (
            "unique_blocks_access",
            format!(
                "{table} cannot be read or written while the key is built; online: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX"
            ),
        ),
        Blocking::Backfill => (
            "backfill_at_once",
            format!("rows of {table} are written in one transaction and stay locked until its end; online: in batches"),
        ),
    }
}
