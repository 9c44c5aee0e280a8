//! Before a migration runs: has somebody changed the very tables that it drops, rebuilds or alters?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::proof::{Difference, Thing, differences, things};
use super::statements::{self, Named};
use crate::catalog::{Catalog, ObjectName};
use crate::dialect::CatalogDialect;
use crate::port::{Database, DatabaseError};
use crate::text;

/// Something that no migration has made, where a migration is about to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// `column.add public.posts.note`, `trigger public.posts.audit`
    pub object: String,
    /// The table that the migration works on.
    pub table: String,
}

/// What was found.
pub(super) struct Guarded {
    /// In the way.
    pub(super) in_the_way: Vec<Drift>,
    /// All structural differences: none of the migration's doing.
    pub(super) known: BTreeSet<String>,
    /// Those elsewhere, for people.
    pub(super) elsewhere: Vec<String>,
}

/// Compares the database with the state that the statements start from.
pub(super) async fn guard(
    start: &Catalog,
    current: &Catalog,
    sql: &[String],
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
) -> Result<Guarded, DatabaseError> {
    let altered: Vec<Named> = sql.iter().flat_map(|statement| statements::altered(statement)).collect();
    let dropped: Vec<Named> = sql.iter().flat_map(|statement| statements::dropped(statement)).collect();
    let found = differences(start, current, database, dialect).await?;
    let mut out = Guarded {
        in_the_way: Vec::new(),
        known: found.iter().map(|difference| difference.text.clone()).collect(),
        elsewhere: Vec::new(),
    };
    for Difference { text, table } in found {
        match table.filter(|table| altered.iter().any(|named| named.is(table))) {
            Some(table) => out.in_the_way.push(drift(&text, &table)),
            None => out.elsewhere.push(text),
        }
    }
    out.in_the_way.extend(carried(start, current, &dropped, sql));
    Ok(out)
}

/// Triggers and the like on a table that is dropped or made anew: the migration makes again only what it knows of.
fn carried(start: &Catalog, current: &Catalog, dropped: &[Named], sql: &[String]) -> Vec<Drift> {
    let known = things(start);
    let made: Vec<String> = sql.iter().map(|statement| text::tidy(statement)).collect();
    let made_again = |thing: &Thing| {
        let said = thing.sql.as_deref().map(text::tidy);
        said.is_some_and(|said| made.iter().any(|statement| statement.ends_with(&said)))
    };
    let mut out = Vec::new();
    for thing in things(current) {
        let Some(table) = thing.on.as_ref().filter(|table| dropped.iter().any(|named| named.is(table))) else {
            continue;
        };
        if !known.iter().any(|other| other.says(&thing)) && !made_again(&thing) {
            out.push(drift(&said(&thing), table));
        }
    }
    out
}

fn said(thing: &Thing) -> String {
    format!("{} {}", thing.kind, thing.name)
}

fn drift(object: &str, table: &ObjectName) -> Drift {
    Drift {
        object: object.to_owned(),
        table: table.to_string(),
    }
}
