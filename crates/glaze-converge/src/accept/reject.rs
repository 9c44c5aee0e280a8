//! Rejecting drift: the steps that take the database back to the snapshot, for the chosen items.

use std::collections::BTreeSet;

use super::choose::choose;
use super::drift::{Drift, Item};
use super::goal::goal;
use super::key::ItemKey;
use super::{AcceptError, Accepting, Along};
use crate::assess::{StepReport, assess};
use crate::dialect::CatalogDialect;
use crate::diff::{compare_catalogs, diff_catalogs};
use crate::hints::{Answers, Hints};
use crate::plan::{Plan, plan};
use crate::port::{Database, DatabaseError};
use crate::rename::renamed;
use crate::step::Step;

/// What rejecting comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rejected {
    /// What takes the database back. Conversions that nobody can guess are among its questions.
    pub plan: Plan,
    /// What is rejected.
    pub taken: Vec<ItemKey>,
    /// What is rejected along with it, because it hangs on it.
    pub along: Vec<Along>,
}

impl Rejected {
    /// What it costs: each step with its statements, its hazards, and the rows that they concern.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn costs(&self, dialect: &dyn CatalogDialect, database: &dyn Database) -> Result<Vec<StepReport>, DatabaseError> {
        assess(&self.plan, dialect, Some(database)).await
    }
}

/// The plan that undoes drift.
///
/// # Errors
/// When something is chosen that does not differ.
pub fn reject(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Result<Rejected, AcceptError> {
    let drift = Drift::between(accepting, dialect);
    let items = backwards(&drift, dialect);
    let chosen = choose(&items, accepting.only)?;
    let back = renames_back(&drift, &chosen.keys);
    let target = goal(&drift.database, &drift.before, &items, &chosen.keys);
    let target = renamed(&target, &back);
    let answers = answers(accepting.answers, &items, &chosen.keys, &back);
    let plan = plan(diff_catalogs(&drift.database, &target, &answers, dialect), &answers, dialect);
    Ok(Rejected {
        plan,
        taken: chosen.keys.into_iter().collect(),
        along: chosen.along,
    })
}

/// The items with the steps from the database to the snapshot.
fn backwards(drift: &Drift<'_>, dialect: &dyn CatalogDialect) -> Vec<Item> {
    let mut items: Vec<Item> = drift
        .items
        .iter()
        .map(|item| Item {
            key: item.key.clone(),
            steps: Vec::new(),
        })
        .collect();
    for step in compare_catalogs(&drift.database, &drift.before, dialect) {
        let key = drift.naming.key(&step);
        match items.iter_mut().find(|item| item.key == key) {
            Some(item) => item.steps.push(step),
            None => items.push(Item { key, steps: vec![step] }),
        }
    }
    items
}

/// The chosen renames, the other way round.
fn renames_back(drift: &Drift<'_>, chosen: &BTreeSet<ItemKey>) -> Hints {
    let mut back = Hints::default();
    let drifted = &drift.naming.drifted;
    for item in drift.items.iter().filter(|item| chosen.contains(&item.key)) {
        for step in &item.steps {
            match step {
                Step::TableRename { from, to } => drop(back.tables.insert(to.clone(), from.clone())),
                Step::EnumRename { from, to } => drop(back.enums.insert(to.clone(), from.clone())),
                _ => {}
            }
        }
    }
    for item in drift.items.iter().filter(|item| chosen.contains(&item.key)) {
        for step in &item.steps {
            if let Step::ColumnRename { table, from, to } = step {
                let old = drifted.tables.iter().find(|(_, new)| *new == table).map_or(table, |(old, _)| old);
                let table = if back.tables.contains_key(table) { old } else { table };
                back.columns.insert((table.clone(), to.clone()), from.clone());
            }
        }
    }
    back
}

/// Nothing is asked that is known: what goes back to its old name, and that all else is no rename.
fn answers(given: &Answers, items: &[Item], chosen: &BTreeSet<ItemKey>, back: &Hints) -> Answers {
    let mut answers = Answers {
        renames: Default::default(),
        ..given.clone()
    };
    for step in items.iter().filter(|item| chosen.contains(&item.key)).flat_map(|item| &item.steps) {
        if matches!(step, Step::TableDrop { .. } | Step::ColumnDrop { .. } | Step::EnumDrop { .. }) {
            answers.renames.insert(step.object(), None);
        }
    }
    for (from, to) in &back.tables {
        answers.renames.insert(from.to_string(), Some(to.to_string()));
    }
    for (from, to) in &back.enums {
        answers.renames.insert(from.to_string(), Some(to.to_string()));
    }
    for ((table, from), to) in &back.columns {
        answers.renames.insert(format!("{table}.{from}"), Some(format!("{table}.{to}")));
    }
    // Values that were renamed get their old names back.
    for (from, to) in &given.renames {
        if let Some(to) = to
            && !answers.renames.contains_key(to)
        {
            answers.renames.insert(to.clone(), Some(from.clone()));
        }
    }
    answers
}
