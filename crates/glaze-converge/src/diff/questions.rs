//! Likely renames. Never guessed into a drop: confirmed by an answer they become hints, denied they become drop and add,
//! unanswered they are questions and the plan is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::Question;
use super::likely::{self, Candidate};
use super::words;
use crate::catalog::{Catalog, Column, EnumDef, ObjectName, Table};
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::hints::{Answers, Hints};
use crate::rename::renamed;

/// Hints with the answers in them, and the questions that are left.
pub(super) fn settle(
    start: &Catalog,
    desired: &Desired,
    mut hints: Hints,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
) -> (Hints, Vec<Question>) {
    let mut questions = Vec::new();
    words::settle_cycles(start, &desired.catalog, &mut hints, answers, &mut questions);
    words::note_contradictions(start, &desired.catalog, &mut hints, answers);
    keep_possible(start, &desired.catalog, &mut hints);
    if dialect.capabilities().fold_case {
        case_only(start, &desired.catalog, &mut hints);
    }
    let mut open = Open {
        answers,
        questions: &mut questions,
    };
    tables(start, desired, &mut hints, &mut open, dialect);
    if dialect.capabilities().native_enums {
        enums(start, &desired.catalog, &mut hints, &mut open);
    }
    let between = renamed(start, &hints);
    columns(&between, &desired.catalog, &mut hints, &mut open, dialect);
    (hints, questions)
}

/// A hint holds as long as the old name is there and not wanted, and the new one is wanted and not there.
fn keep_possible(start: &Catalog, to: &Catalog, hints: &mut Hints) {
    let moved: BTreeSet<ObjectName> = hints.tables.keys().cloned().collect();
    hints.tables.retain(|from, into| {
        let free = start.table(into).is_none() || moved.contains(into);
        start.table(from).is_some() && to.table(into).is_some() && free
    });
    let tables = hints.tables.clone();
    let old_name = |new: &ObjectName| {
        tables
            .iter()
            .find(|(_, to)| *to == new)
            .map_or(new.clone(), |(from, _)| from.clone())
    };
    let moved: BTreeSet<(ObjectName, String)> = hints.columns.keys().cloned().collect();
    hints.columns.retain(|(table, from), into| {
        let Some(before) = start.table(&old_name(table)) else {
            return false;
        };
        let free = before.column(into).is_none() || moved.contains(&(table.clone(), into.clone()));
        before.column(from).is_some() && free && to.table(table).is_some_and(|table| table.column(into).is_some())
    });
    hints.enums.retain(|_, into| to.enums.iter().any(|item| item.name == *into));
}

/// Where case makes no difference, another case is the same name written otherwise.
fn case_only(start: &Catalog, to: &Catalog, hints: &mut Hints) {
    let names: BTreeMap<String, &Table> = to
        .tables
        .iter()
        .map(|table| (table.name.name.to_ascii_lowercase(), table))
        .collect();
    for table in &start.tables {
        let moved = hints.tables.get(&table.name).cloned();
        let wanted = match &moved {
            Some(name) => to.table(name),
            None => names.get(&table.name.name.to_ascii_lowercase()).copied(),
        };
        let Some(wanted) = wanted else { continue };
        if moved.is_none() && wanted.name != table.name {
            hints.tables.insert(table.name.clone(), wanted.name.clone());
        }
        for column in table.columns.iter().filter(|column| wanted.column(&column.name).is_none()) {
            let alike = |other: &&crate::catalog::Column| other.name.eq_ignore_ascii_case(&column.name);
            if let Some(other) = wanted.columns.iter().find(alike) {
                let place = (wanted.name.clone(), column.name.clone());
                hints.columns.entry(place).or_insert_with(|| other.name.clone());
            }
        }
    }
}

/// What is gone in one place and new in another, and what the answers say of it.
struct Open<'a> {
    answers: &'a Answers,
    questions: &'a mut Vec<Question>,
}

impl Open<'_> {
    /// The new name that somebody has given, `Some(None)` for none; nothing while nobody has said anything.
    fn answer(&self, from: &str) -> Option<Option<&String>> {
        Answers::find(&self.answers.renames, from).map(Option::as_ref)
    }

    fn ask(&mut self, from: String, to: String) {
        self.questions.push(Question {
            kind: "rename".to_owned(),
            from,
            to,
        });
    }
}

fn tables(start: &Catalog, desired: &Desired, hints: &mut Hints, open: &mut Open<'_>, dialect: &dyn CatalogDialect) {
    let to = &desired.catalog;
    let taken: BTreeSet<ObjectName> = hints.tables.values().cloned().collect();
    let (here, there) = (names(start), names(to));
    let mut gone: Vec<&Table> = start
        .tables
        .iter()
        .filter(|table| !there.contains(&table.name) && !hints.tables.contains_key(&table.name))
        .collect();
    let mut new: Vec<&Table> = to
        .tables
        .iter()
        .filter(|table| !here.contains(&table.name) && !taken.contains(&table.name))
        .collect();
    gone.retain(|old| {
        let Some(answer) = open.answer(&old.name.to_string()) else {
            return !desired.joins.contains(&old.name);
        };
        let called = |table: &&Table| answer.is_some_and(|answer| table.name.to_string() == *answer || table.name.name == *answer);
        if let Some(place) = new.iter().position(called) {
            hints.tables.insert(old.name.clone(), new.remove(place).name.clone());
        }
        false
    });
    let likeness = |a: usize, b: usize| likely::tables((start, gone[a]), (to, new[b]), dialect);
    for (a, b) in likely::best(gone.len(), new.len(), likeness) {
        open.ask(gone[a].name.to_string(), new[b].name.to_string());
    }
}

fn names(catalog: &Catalog) -> BTreeSet<&ObjectName> {
    catalog.tables.iter().map(|table| &table.name).collect()
}

fn columns(before: &Catalog, to: &Catalog, hints: &mut Hints, open: &mut Open<'_>, dialect: &dyn CatalogDialect) {
    let places: BTreeMap<&ObjectName, &Table> = before.tables.iter().map(|table| (&table.name, table)).collect();
    for table in &to.tables {
        let Some(there) = places.get(&table.name) else { continue };
        let names = |table: &Table| table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        if open.answers.renames.is_empty() && names(there) == names(table) {
            continue;
        }
        of_table((before, there), (to, table), hints, open, dialect);
    }
}

fn of_table(
    (before, there): (&Catalog, &Table),
    (to, table): (&Catalog, &Table),
    hints: &mut Hints,
    open: &mut Open<'_>,
    dialect: &dyn CatalogDialect,
) {
    let full = |name: &str| format!("{}.{name}", table.name);
    let freed = freed(there, table, hints, open.answers);
    let mut gone = candidates((before, to), there, dialect, |column| table.column(&column.name).is_none());
    let mut new = candidates((to, before), table, dialect, |column| {
        there.column(&column.name).is_none() || freed.contains(&column.name)
    });
    gone.retain(|old| {
        let Some(answer) = open.answer(&full(old.name())) else {
            return true;
        };
        let wanted = answer.map(|answer| answer.rsplit('.').next().unwrap_or(answer));
        if let Some(place) = new.iter().position(|column| Some(column.name()) == wanted) {
            let place = new.remove(place);
            hints
                .columns
                .insert((table.name.clone(), old.name().to_owned()), place.name().to_owned());
        }
        false
    });
    for (a, b) in likely::best(gone.len(), new.len(), |a, b| gone[a].likeness(&new[b])) {
        open.ask(full(gone[a].name()), full(new[b].name()));
    }
}

/// The columns of a table for which `keep` holds.
fn candidates<'a>(
    catalogs: (&Catalog, &Catalog),
    table: &'a Table,
    dialect: &dyn CatalogDialect,
    keep: impl Fn(&Column) -> bool,
) -> Vec<Candidate<'a>> {
    (0..table.columns.len())
        .filter(|at| keep(&table.columns[*at]))
        .map(|at| Candidate::new(catalogs, table, at, dialect))
        .collect()
}

/// Columns that are on both sides but not the same, as somebody said: they are moved out of the way, so that another can have the name.
fn freed(there: &Table, table: &Table, hints: &mut Hints, answers: &Answers) -> BTreeSet<String> {
    let full = |name: &str| format!("{}.{name}", table.name);
    let denied = |from: &str| Answers::find(&answers.renames, from).is_some_and(Option::is_none);
    let wanted_by_another = |name: &str| {
        there
            .columns
            .iter()
            .filter(|other| table.column(&other.name).is_none())
            .any(|other| {
                let answer = Answers::find(&answers.renames, &full(&other.name)).cloned().flatten();
                answer.is_some_and(|answer| answer.rsplit('.').next() == Some(name))
            })
    };
    let mut out = BTreeSet::new();
    for old in &there.columns {
        let Some(new) = table.column(&old.name) else { continue };
        let place = (table.name.clone(), old.name.clone());
        if denied(&full(&old.name)) && (old.ty != new.ty || wanted_by_another(&old.name)) && !hints.columns.contains_key(&place) {
            hints.columns.insert(place, format!("glaze_old_{}", old.name));
            out.insert(old.name.clone());
        }
    }
    out
}

/// A type that is gone and a new one with the same values, or most of them.
fn enums(before: &Catalog, to: &Catalog, hints: &mut Hints, open: &mut Open<'_>) {
    let missing = |name: &ObjectName, catalog: &Catalog| !catalog.enums.iter().any(|item| item.name == *name);
    let mut gone: Vec<&EnumDef> = before
        .enums
        .iter()
        .filter(|item| missing(&item.name, to) && !hints.enums.contains_key(&item.name))
        .collect();
    let mut new: Vec<&EnumDef> = to.enums.iter().filter(|item| missing(&item.name, before)).collect();
    new.retain(|item| !hints.enums.values().any(|name| *name == item.name));
    gone.retain(|old| {
        let Some(answer) = open.answer(&old.name.to_string()) else {
            return true;
        };
        let called = |item: &&EnumDef| answer.is_some_and(|answer| item.name.to_string() == *answer || item.name.name == *answer);
        if let Some(place) = new.iter().position(called) {
            hints.enums.insert(old.name.clone(), new.remove(place).name.clone());
        }
        false
    });
    for (a, b) in likely::best(gone.len(), new.len(), |a, b| likely::enums(&gone[a].values, &new[b].values)) {
        open.ask(gone[a].name.to_string(), new[b].name.to_string());
    }
}
