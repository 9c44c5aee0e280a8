//! Code and database have both changed: item by item, which of them is right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::drift::items;
use super::key::ItemKey;
use super::naming::Naming;
use super::{AcceptError, Accepted, Accepting, Left, edits};
use crate::desired::desired;
use crate::dialect::CatalogDialect;
use crate::diff::diff;
use crate::hints::hints;
use crate::plan::{Plan, plan};
use crate::rename::renamed;
use crate::step::Step;

/// One item that code and database have both changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// The item.
    pub key: ItemKey,
    /// What the code would do, from the snapshot.
    pub code: Vec<Step>,
    /// What was done to the database, from the snapshot.
    pub database: Vec<Step>,
    /// Both have done the same: there is nothing to decide, it needs only be recorded.
    pub same: bool,
}

/// Who is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The schema file: the database is changed.
    Code,
    /// The database: the schema file is changed.
    Database,
}

/// What a decision comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The edits for the items where the database is right.
    pub accepted: Accepted,
    /// What is left to be done in the database: the code's own changes, and those items where the code is right.
    pub plan: Plan,
}

/// The items that both have changed.
///
/// # Errors
/// When the code does not fit the database.
pub fn conflicts(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Result<Vec<Conflict>, AcceptError> {
    let drift = items(accepting, dialect);
    let pending = pending(accepting, dialect)?;
    let mut out = Vec::new();
    for item in drift {
        let Some(code) = pending.get(&item.key) else { continue };
        let only = [item.key.clone()];
        let alone = edits(
            &Accepting {
                only: Some(&only),
                ..*accepting
            },
            dialect,
        )?;
        out.push(Conflict {
            same: alone.edits.is_empty() && alone.left.is_empty(),
            code: code.clone(),
            database: item.steps,
            key: item.key,
        });
    }
    Ok(out)
}

/// What the code would do, item by item.
fn pending(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Result<BTreeMap<ItemKey, Vec<Step>>, AcceptError> {
    let wanted = desired(accepting.code, dialect)?;
    let origin = desired(accepting.origin, dialect)?.catalog;
    let known = hints(accepting.code, Some(accepting.origin), accepting.snapshot, dialect);
    let found = diff(accepting.snapshot, wanted, Some(&origin), known, accepting.answers, dialect);
    let naming = Naming::new(accepting, Default::default(), accepting.database, &found.from, dialect);
    let mut out: BTreeMap<ItemKey, Vec<Step>> = BTreeMap::new();
    for step in found.steps {
        out.entry(naming.key(&step)).or_default().push(step);
    }
    Ok(out)
}

/// Decides: items where the database is right become edits, where the code is right they become steps. Items that nobody decided on stay
/// as they are, and are named in [`Accepted::left`] when both have changed them.
///
/// # Errors
/// When the code does not fit the database, or a decision is about nothing that differs.
pub fn resolve(accepting: &Accepting<'_>, sides: &BTreeMap<ItemKey, Side>, dialect: &dyn CatalogDialect) -> Result<Resolved, AcceptError> {
    let chosen: Vec<ItemKey> = sides
        .iter()
        .filter(|(_, side)| **side == Side::Database)
        .map(|(key, _)| key.clone())
        .collect();
    let mut accepted = edits(
        &Accepting {
            only: Some(&chosen),
            ..*accepting
        },
        dialect,
    )?;
    for conflict in conflicts(accepting, dialect)? {
        let decided = sides.keys().any(|key| key.covers(&conflict.key));
        if !conflict.same && !decided {
            accepted.left.push(Left {
                key: conflict.key,
                reason: "code and database have both changed it: say which of them is right".to_owned(),
            });
        }
    }
    let plan = remaining(accepting, &accepted, dialect)?;
    Ok(Resolved { accepted, plan })
}

/// From the database as it is to what the edited code says. What the code says as it did before stays as it is in the database.
fn remaining(accepting: &Accepting<'_>, accepted: &Accepted, dialect: &dyn CatalogDialect) -> Result<Plan, AcceptError> {
    let wanted = desired(&accepted.model, dialect)?;
    let origin = desired(accepting.origin, dialect)?.catalog;
    let known = hints(&accepted.model, Some(accepting.origin), accepting.database, dialect);
    let drifted = super::drift::Drift::between(accepting, dialect).naming.drifted;
    let origin = renamed(&origin, &drifted);
    let found = diff(accepting.database, wanted, Some(&origin), known, accepting.answers, dialect);
    Ok(plan(found, accepting.answers, dialect))
}
