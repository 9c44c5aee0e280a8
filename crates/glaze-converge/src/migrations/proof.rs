//! The proof of a run: the structure is what was promised, rows are as many as predicted, and what the model does not know of
//! (triggers, views and the like) is still there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::effects::Effects;
use super::statements::{self, Named, Rows};
use crate::catalog::{Catalog, Dependency, ObjectName};
use crate::dialect::CatalogDialect;
use crate::diff::compare_catalogs;
use crate::port::{Database, DatabaseError, Scope};
use crate::text;

/// Tables with more rows than this are not counted.
pub const COUNTED: u64 = 1_000_000;

/// What was proven of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// All of it happened in one transaction.
    pub atomic: bool,
    /// Statements that ran.
    pub statements: usize,
    /// Tables whose rows were counted.
    pub tables: Vec<TableRows>,
    /// What is not as it should be, but was so before or is not ours to judge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Rows of a table before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableRows {
    /// As it was called before.
    pub table: String,
    /// Before; `None` when there were too many to count.
    pub before: Option<u64>,
    /// After; `None` when it was not counted or is gone.
    pub after: Option<u64>,
    /// It is gone, as was planned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
}

/// Something between a catalog and the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// `column.add public.posts.note`
    pub(super) text: String,
    /// The table it is on.
    pub(super) table: Option<ObjectName>,
}

/// Differences that are no fault of the run.
#[derive(Debug, Clone)]
pub(super) enum Tolerated {
    /// Those that were there before.
    These(BTreeSet<String>),
    /// Those on other tables than these: what was before is not known.
    NotOn(Vec<Named>),
}

impl Tolerated {
    fn allows(&self, difference: &Difference) -> bool {
        match self {
            Tolerated::These(known) => known.contains(&difference.text),
            Tolerated::NotOn(tables) => difference
                .table
                .as_ref()
                .is_some_and(|table| !tables.iter().any(|named| named.is(table))),
        }
    }
}

/// What a run is expected to leave.
pub(super) struct Expected<'a> {
    pub(super) promised: &'a Catalog,
    pub(super) effects: &'a Effects,
    pub(super) tolerated: Tolerated,
    /// Statements written by hand may do with rows what they say; those of a plan keep them.
    pub(super) by_hand: bool,
    pub(super) limit: u64,
}

/// What is there before a run, as far as it is compared afterwards.
pub(super) struct Before {
    counts: BTreeMap<ObjectName, Option<u64>>,
    things: Vec<Thing>,
}

/// Something that is carried: only whether it is there counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) sql: Option<String>,
    pub(super) on: Option<ObjectName>,
    pub(super) needs: Vec<Dependency>,
}

impl Thing {
    /// Its own name, without those of schema and table.
    fn last(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// Whether this is the same thing, perhaps on a table that is called otherwise now.
    pub(super) fn is(&self, other: &Thing) -> bool {
        self.kind == other.kind && self.last() == other.last()
    }

    /// Whether the two say the same.
    pub(super) fn says(&self, other: &Thing) -> bool {
        let tidy = |thing: &Thing| thing.sql.as_deref().map(text::tidy);
        self.is(other) && tidy(self) == tidy(other)
    }
}

/// Views and what is not modelled.
pub(super) fn things(catalog: &Catalog) -> Vec<Thing> {
    let views = catalog.views.iter().map(|view| Thing {
        kind: "view".to_owned(),
        name: view.name.to_string(),
        sql: Some(view.definition.clone()),
        on: None,
        needs: view.depends_on.clone(),
    });
    let others = catalog.unmodelled.iter().map(|item| Thing {
        kind: item.kind.clone(),
        name: item.name.clone(),
        sql: item.sql.clone(),
        on: item.table.clone(),
        needs: item.depends_on.clone(),
    });
    views.chain(others).collect()
}

/// What is different in the database from a catalog, as `kind object`; empty when they say the same.
///
/// # Errors
/// When the database cannot be read.
pub async fn prove(
    catalog: &Catalog,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
) -> Result<Vec<String>, DatabaseError> {
    let current = current(database, dialect, scope).await?;
    let found = differences(catalog, &current, database, dialect).await?;
    Ok(found.into_iter().map(|difference| difference.text).collect())
}

/// The database as it is, as it is compared.
pub(super) async fn current(database: &dyn Database, dialect: &dyn CatalogDialect, scope: &Scope) -> Result<Catalog, DatabaseError> {
    let mut current = database.introspect(scope).await?;
    dialect.normalise(&mut current);
    Ok(current)
}

pub(super) async fn differences(
    promised: &Catalog,
    current: &Catalog,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
) -> Result<Vec<Difference>, DatabaseError> {
    let promised = database.canonicalise(promised, current).await?;
    let steps = compare_catalogs(&promised, current, dialect);
    Ok(steps
        .iter()
        .map(|step| Difference {
            text: format!("{} {}", step.kind(), step.object()),
            table: step.table().cloned(),
        })
        .collect())
}

/// Counts and lists what there is. Where others may write meanwhile, only the tables that the statements change are counted, and
/// held until the end of the transaction when there is one.
pub(super) async fn before(
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    current: &Catalog,
    sql: &[String],
    limit: u64,
    hold: bool,
) -> Result<Before, DatabaseError> {
    let named: Vec<Named> = sql.iter().flat_map(|statement| statements::altered(statement)).collect();
    let mut tables: Vec<ObjectName> = current.tables.iter().map(|table| table.name.clone()).collect();
    if !database.exclusive() {
        tables.retain(|table| named.iter().any(|named| named.is(table)));
        tables.sort();
        if hold {
            database.hold(&tables).await?;
        }
    }
    let mut counts = BTreeMap::new();
    for table in tables {
        let rows = count(database, dialect, &table, limit).await?;
        counts.insert(table, rows);
    }
    Ok(Before {
        counts,
        things: things(current),
    })
}

/// Rows of a table; `None` when there are more than `limit`.
pub(super) async fn count(
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    table: &ObjectName,
    limit: u64,
) -> Result<Option<u64>, DatabaseError> {
    let name = dialect.quote_table(table);
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 AS x FROM {name} LIMIT {}) AS counted",
        limit.saturating_add(1).min(i64::MAX.unsigned_abs())
    );
    let rows = database.query(&sql).await?;
    let found = rows.first().and_then(|row| row.first().cloned().flatten());
    Ok(found.and_then(|text| text.parse::<u64>().ok()).filter(|rows| *rows <= limit))
}

/// Compares what is there now with what was expected: the proof, and what speaks against it.
pub(super) async fn after(
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
    sql: &[String],
    before: &Before,
    expected: &Expected<'_>,
) -> Result<(Proof, Vec<String>), DatabaseError> {
    let current = current(database, dialect, scope).await?;
    let mut proof = Proof::default();
    let mut wrong = Vec::new();
    for difference in differences(expected.promised, &current, database, dialect).await? {
        match expected.tolerated.allows(&difference) {
            true => proof.warnings.push(difference.text),
            false => wrong.push(difference.text),
        }
    }
    wrong.extend(lost(before, &current, sql, expected));
    for (table, rows) in &before.counts {
        let mut entry = TableRows {
            table: table.to_string(),
            before: *rows,
            after: None,
            dropped: false,
        };
        match expected.effects.after(table) {
            None => entry.dropped = current.table(table).is_none(),
            Some(now) if current.table(now).is_some() => {
                entry.after = count(database, dialect, now, expected.limit).await?;
                if rows.is_some() && entry.after != *rows && !may_change(now, table, sql, expected.by_hand) {
                    wrong.push(format!("rows of {now}: {} before, {} after", shown(*rows), shown(entry.after)));
                }
            }
            // Said by the structure already.
            Some(_) => {}
        }
        proof.tables.push(entry);
    }
    Ok((proof, wrong))
}

fn shown(rows: Option<u64>) -> String {
    rows.map_or_else(|| "many".to_owned(), |rows| rows.to_string())
}

/// Whether statements written by hand say that rows of this table come or go.
fn may_change(now: &ObjectName, before: &ObjectName, sql: &[String], by_hand: bool) -> bool {
    by_hand
        && sql.iter().any(|statement| match statements::rows(statement) {
            Rows::Same => false,
            Rows::Of(named) => named.is(now) || named.is(before),
            Rows::Unknown => true,
        })
}

/// What was there, is there no longer, and was not said to go.
fn lost(before: &Before, current: &Catalog, sql: &[String], expected: &Expected<'_>) -> Vec<String> {
    let there = things(current);
    let promised = things(expected.promised);
    let removed: Vec<String> = sql.iter().flat_map(|statement| statements::removed(statement)).collect();
    let gone = |table: &ObjectName| expected.effects.after(table).is_none();
    let mut out = Vec::new();
    for thing in &before.things {
        let said = removed.iter().any(|name| name.eq_ignore_ascii_case(thing.last())) && !promised.iter().any(|other| other.is(thing));
        let with_table = thing.on.as_ref().is_some_and(gone) || thing.needs.iter().any(|needed| gone(&needed.table));
        if said || with_table || there.iter().any(|other| other.is(thing)) || with_column(thing, expected.effects) {
            continue;
        }
        out.push(format!("{} {} is gone", thing.kind, thing.name));
    }
    out
}

/// Whether it is about a column that goes.
fn with_column(thing: &Thing, effects: &Effects) -> bool {
    effects.dropped_columns.iter().any(|(table, column)| {
        let on = thing.on.as_ref().is_some_and(|on| effects.after(on) == Some(table));
        let needs = thing
            .needs
            .iter()
            .any(|needed| needed.column.as_deref() == Some(column) && effects.after(&needed.table) == Some(table));
        needs || (on && thing.sql.as_ref().is_some_and(|sql| text::mentions(sql, column)))
    })
}
