//! The work of accepting: items in the order in which they can be said, each undone when it cannot.

use std::collections::BTreeSet;

use glaze_model::{Edit, Model};

use super::choose::{Chosen, choose, renames};
use super::drift::{Drift, Item};
use super::goal::goal;
use super::key::ItemKey;
use super::naming::{Naming, Owner, builtin, owner};
use super::{AcceptError, Accepted, Accepting, Left};
use crate::carry::carry;
use crate::catalog::{Catalog, ObjectName};
use crate::desired::desired;
use crate::dialect::CatalogDialect;
use crate::diff::{Question, compare_catalogs};
use crate::hints::Hints;
use crate::pull::pull_beside;
use crate::rename::renamed;
use crate::step::Step;

/// The code as it is being edited, and where it is to get.
pub(super) struct Work<'a> {
    pub accepting: Accepting<'a>,
    pub dialect: &'a dyn CatalogDialect,
    pub naming: &'a Naming<'a>,
    /// What the code renames and no migration has renamed yet, without what was renamed otherwise in the database.
    pub pending: Hints,
    /// The catalog to be asked for, in the code's names.
    pub goal: Catalog,
    /// The goal as a model of its own: how pull would say it.
    pub pulled: Model,
    /// The code so far.
    pub model: Model,
    pub edits: Vec<Edit>,
}

/// When a step is taken: nothing may speak of what is not there yet, or not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Renames,
    EnumsNew,
    TablesNew,
    PartsGone,
    Fields,
    PartsNew,
    Joins,
    TablesGone,
    EnumsGone,
}

const PHASES: [Phase; 9] = [
    Phase::Renames,
    Phase::EnumsNew,
    Phase::TablesNew,
    Phase::PartsGone,
    Phase::Fields,
    Phase::PartsNew,
    Phase::Joins,
    Phase::TablesGone,
    Phase::EnumsGone,
];

/// See [`super::edits`].
pub(super) fn accept(accepting: &Accepting<'_>, dialect: &dyn CatalogDialect) -> Result<Accepted, AcceptError> {
    let (drift, chosen) = chosen_drift(accepting, dialect)?;
    let (keys, mut left, questions) = hold_back(&drift, &chosen, accepting);
    let mut work = Work::new(accepting, &drift, &keys, dialect);
    let items: Vec<&Item> = drift.items.iter().filter(|item| keys.contains(&item.key)).collect();
    for phase in PHASES {
        for item in &items {
            if left.iter().any(|left| left.key == item.key) {
                continue;
            }
            if let Err(reason) = work.undoing(|work| work.take(phase, item)) {
                left.push(Left {
                    key: item.key.clone(),
                    reason,
                });
            }
        }
    }
    work.judge(&drift, &keys, &mut left)?;
    let stays: BTreeSet<&ItemKey> = left.iter().map(|left| &left.key).collect();
    let taken: BTreeSet<ItemKey> = keys.iter().filter(|key| !stays.contains(key)).cloned().collect();
    Ok(Accepted {
        edits: work.edits,
        model: work.model,
        catalog: goal(&drift.before, &drift.database, &drift.items, &taken),
        taken: taken.into_iter().collect(),
        along: chosen.along,
        left,
        questions,
    })
}

/// The drift in which only chosen renames are renames.
fn chosen_drift<'a>(accepting: &Accepting<'a>, dialect: &'a dyn CatalogDialect) -> Result<(Drift<'a>, Chosen), AcceptError> {
    let drift = Drift::between(accepting, dialect);
    let chosen = choose(&drift.items, accepting.only)?;
    let hints = renames(&drift, &chosen);
    if hints == drift.naming.drifted {
        return Ok((drift, chosen));
    }
    let questions = drift.questions.clone();
    let drift = Drift::with(accepting, hints, questions, dialect);
    let known: Option<Vec<ItemKey>> = accepting.only.map(|only| {
        let there = |wanted: &&ItemKey| drift.items.iter().any(|item| wanted.covers(&item.key));
        only.iter().filter(there).cloned().collect()
    });
    let chosen = choose(&drift.items, known.as_deref())?;
    Ok((drift, chosen))
}

/// What may be a rename waits for the answer, and so does what needs it.
fn hold_back(drift: &Drift<'_>, chosen: &Chosen, accepting: &Accepting<'_>) -> (BTreeSet<ItemKey>, Vec<Left>, Vec<Question>) {
    let mut keys = chosen.keys.clone();
    let mut left = Vec::new();
    let mut questions = Vec::new();
    let mut asked: Vec<(Question, BTreeSet<ItemKey>)> = drift
        .questions
        .iter()
        .map(|question| {
            let speaks = |step: &Step| [&question.from, &question.to].contains(&&step.object());
            let items = drift.items.iter().filter(|item| item.steps.iter().any(speaks));
            (question.clone(), items.map(|item| item.key.clone()).collect())
        })
        .collect();
    for (question, key) in super::enums::questions(drift, accepting.answers) {
        match asked.iter_mut().find(|(other, _)| *other == question) {
            Some((_, keys)) => drop(keys.insert(key)),
            None => asked.push((question, BTreeSet::from([key]))),
        }
    }
    for (question, held) in asked {
        if held.is_disjoint(&chosen.keys) {
            continue;
        }
        let reason = format!("`{}` may have been renamed to `{}`: say whether it was", question.from, question.to);
        let needing = super::choose::needing(&drift.items, &held);
        for key in held.union(&needing).filter(|key| chosen.keys.contains(key)) {
            if keys.remove(key) {
                left.push(Left {
                    key: key.clone(),
                    reason: reason.clone(),
                });
            }
        }
        questions.push(question);
    }
    (keys, left, questions)
}

impl<'a> Work<'a> {
    fn new(accepting: &Accepting<'a>, drift: &'a Drift<'a>, keys: &BTreeSet<ItemKey>, dialect: &'a dyn CatalogDialect) -> Work<'a> {
        let pending = undrifted(&drift.naming);
        let goal = goal(&drift.before, &drift.database, &drift.items, keys);
        let mut goal = renamed(&goal, &pending);
        dialect.normalise(&mut goal);
        let mut work = Work {
            accepting: *accepting,
            dialect,
            naming: &drift.naming,
            pending,
            pulled: Model::default(),
            goal,
            model: accepting.code.clone(),
            edits: Vec::new(),
        };
        work.pulled = pull_beside(&work.kept_entities(&drift.naming), dialect, &builtin(accepting.code)).model;
        work
    }

    /// The goal in which no table that is an entity in the code looks like a join table: something hangs on it.
    fn kept_entities(&self, naming: &Naming<'_>) -> Catalog {
        let mut goal = self.goal.clone();
        for table in &mut goal.tables {
            let known = owner(self.accepting.code, &table.name, self.dialect).or_else(|| naming.owner(&table.name));
            if matches!(known, Some(Owner::Entity(_))) && table.comment.is_none() {
                table.comment = Some(String::new());
            }
        }
        goal
    }

    /// What the code calls a table of the database.
    pub fn table_name(&self, table: &ObjectName) -> ObjectName {
        self.pending.tables.get(table).unwrap_or(table).clone()
    }

    /// What the code calls a column of the database.
    pub fn column_name(&self, table: &ObjectName, column: &str) -> String {
        let key = (self.table_name(table), column.to_owned());
        self.pending.columns.get(&key).cloned().unwrap_or(key.1)
    }

    /// Makes an edit.
    pub fn edit(&mut self, edit: Edit) -> Result<(), String> {
        self.model = (self.accepting.intend)(&self.model, &edit)?;
        self.edits.push(edit);
        Ok(())
    }

    /// Does it wholly or not at all.
    pub fn undoing(&mut self, work: impl FnOnce(&mut Self) -> Result<(), String>) -> Result<(), String> {
        let (model, count) = (self.model.clone(), self.edits.len());
        let done = work(self);
        if done.is_err() {
            self.model = model;
            self.edits.truncate(count);
        }
        done
    }

    fn take(&mut self, phase: Phase, item: &Item) -> Result<(), String> {
        let steps: Vec<&Step> = item.steps.iter().filter(|step| self.phase(step) == Some(phase)).collect();
        if steps.is_empty() {
            return Ok(());
        }
        match phase {
            Phase::Fields => self.fields(&steps),
            Phase::Joins => self.joins(&steps),
            _ => steps.into_iter().try_for_each(|step| self.step(step)),
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::TableRename { to, .. } => self.rename_table(to),
            Step::ColumnRename { table, to, .. } => self.rename_column(table, to),
            Step::EnumRename { to, .. } => self.rename_enum(to),
            Step::EnumCreate { item } => self.add_enum(&item.name),
            Step::EnumDrop { item } => self.remove_enum(&item.name),
            Step::EnumReplace { to: item, .. } => self.enum_values(&item.name),
            Step::EnumAddValue { name, .. } | Step::EnumRemoveValue { name, .. } | Step::EnumRenameValue { name, .. } => {
                self.enum_values(name)
            }
            Step::TableCreate { table } => self.add_table(&table.name),
            Step::TableDrop { table } => self.remove_table(&table.name),
            Step::TableComment { table, comment } => self.describe(table, comment.as_deref()),
            Step::IndexDrop { table, index } => self.remove_index(table, index),
            Step::IndexCreate { table, index } => self.add_index(table, index),
            Step::UniqueDrop { table, key } => self.remove_unique(table, key),
            Step::UniqueAdd { table, key } => self.add_unique(table, key),
            Step::CheckDrop { table, check } => self.remove_check(table, &check.expr),
            Step::CheckAdd { table, check } => self.add_check(table, &check.expr),
            Step::PrimaryKeySet { table, to, .. } => self.set_key(table, to.as_ref()),
            _ => Ok(()),
        }
    }

    /// When a step is taken; `None` for what the schema file has no word for.
    fn phase(&self, step: &Step) -> Option<Phase> {
        let join = |table: &ObjectName| {
            matches!(self.naming.owner(table), Some(Owner::Join(..)))
                || matches!(owner(&self.pulled, table, self.dialect), Some(Owner::Join(..)))
        };
        match step {
            Step::TableRename { .. } | Step::ColumnRename { .. } | Step::EnumRename { .. } => return Some(Phase::Renames),
            _ => {}
        }
        if step.table().is_some_and(join) {
            return Some(Phase::Joins);
        }
        Some(match step {
            Step::EnumCreate { .. } => Phase::EnumsNew,
            Step::EnumReplace { .. }
            | Step::EnumAddValue { column: None, .. }
            | Step::EnumRemoveValue { column: None, .. }
            | Step::EnumRenameValue { column: None, .. } => Phase::EnumsNew,
            Step::TableCreate { .. } => Phase::TablesNew,
            Step::IndexDrop { .. } | Step::CheckDrop { .. } => Phase::PartsGone,
            Step::UniqueDrop { key, .. } if key.columns.len() > 1 => Phase::PartsGone,
            Step::UniqueAdd { key, .. } if key.columns.len() > 1 => Phase::PartsNew,
            Step::IndexCreate { .. } | Step::CheckAdd { .. } | Step::TableComment { .. } | Step::PrimaryKeySet { .. } => Phase::PartsNew,
            Step::TableDrop { .. } => Phase::TablesGone,
            Step::EnumDrop { .. } => Phase::EnumsGone,
            Step::ColumnAdd { .. }
            | Step::ColumnDrop { .. }
            | Step::ColumnType { .. }
            | Step::ColumnNullableSet { .. }
            | Step::ColumnNullableDrop { .. }
            | Step::ColumnDefaultSet { .. }
            | Step::ColumnDefaultDrop { .. }
            | Step::ColumnGenerated { .. }
            | Step::ColumnIdentity { .. }
            | Step::ColumnCollation { .. }
            | Step::ColumnComment { .. }
            | Step::UniqueAdd { .. }
            | Step::UniqueDrop { .. }
            | Step::FkAdd { .. }
            | Step::FkDrop { .. } => Phase::Fields,
            _ => return None,
        })
    }

    /// Compares what the edited code asks for with the goal: what was chosen and still differs is named.
    fn judge(&self, drift: &Drift<'_>, keys: &BTreeSet<ItemKey>, left: &mut Vec<Left>) -> Result<(), AcceptError> {
        let mut wanted = desired(&self.model, self.dialect)?;
        carry(&mut wanted, &self.goal, None, self.dialect);
        for step in compare_catalogs(&wanted.catalog, &self.goal, self.dialect) {
            let key = self.key_of(drift, &step);
            if let Some(key) = key.filter(|key| keys.contains(key))
                && !left.iter().any(|left| left.key == key)
            {
                let reason = format!("the schema file cannot say it: {} {}", step.kind(), step.object());
                left.push(Left { key, reason });
            }
        }
        Ok(())
    }

    /// The item of a step that is called as the code calls it.
    fn key_of(&self, drift: &Drift<'_>, step: &Step) -> Option<ItemKey> {
        let same = |other: &Step| other.kind() == step.kind() && other.object() == step.object();
        let known = drift.items.iter().find(|item| item.steps.iter().any(same));
        Some(known.map_or_else(|| self.naming.key(step), |item| item.key.clone()))
    }
}

/// Renames that the code still has to make: not of what was renamed in the database as well.
fn undrifted(naming: &Naming<'_>) -> Hints {
    let mut out = naming.pending.clone();
    out.tables.retain(|old, _| !naming.drifted.tables.contains_key(old));
    out.enums.retain(|old, _| !naming.drifted.enums.contains_key(old));
    let drifted: BTreeSet<(ObjectName, String)> = naming
        .drifted
        .columns
        .keys()
        .map(|(table, old)| (naming.code_table(table), old.clone()))
        .collect();
    let columns = std::mem::take(&mut out.columns);
    for ((table, old), new) in columns {
        if drifted.contains(&(table.clone(), old.clone())) {
            continue;
        }
        // The table may be called otherwise in the database, and will be so in the code.
        let there = naming.drifted.tables.values().find(|there| naming.code_table(there) == table);
        out.columns.insert((there.cloned().unwrap_or(table), old), new);
    }
    out
}
