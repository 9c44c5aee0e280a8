//! Likely renames. Never guessed into a drop: confirmed by an answer they become hints, denied they become drop and add,
//! unanswered they are questions and the plan is refused.

use std::collections::BTreeSet;

use super::Question;
use crate::catalog::{Catalog, ObjectName, Table};
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
    keep_possible(start, &desired.catalog, &mut hints);
    let mut questions = Vec::new();
    let denied = |from: &str| Answers::find(&answers.renames, from).is_some_and(Option::is_none);
    tables(start, desired, &mut hints, answers, &denied, &mut questions);
    let between = renamed(start, &hints);
    columns(&between, &desired.catalog, &mut hints, answers, &denied, &mut questions);
    if dialect.capabilities().native_enums {
        enums(&between, &desired.catalog, &mut hints, &mut questions, answers);
    }
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

fn tables(
    start: &Catalog,
    desired: &Desired,
    hints: &mut Hints,
    answers: &Answers,
    denied: &impl Fn(&str) -> bool,
    questions: &mut Vec<Question>,
) {
    let to = &desired.catalog;
    let gone: Vec<&Table> = start
        .tables
        .iter()
        .filter(|table| to.table(&table.name).is_none() && !hints.tables.contains_key(&table.name))
        .collect();
    for old in gone {
        let taken: BTreeSet<ObjectName> = hints.tables.values().cloned().collect();
        let mut new: Vec<&Table> = to
            .tables
            .iter()
            .filter(|table| start.table(&table.name).is_none() && !taken.contains(&table.name))
            .collect();
        let from = old.name.to_string();
        if let Some(Some(answer)) = Answers::find(&answers.renames, &from) {
            if let Some(table) = new
                .iter()
                .find(|table| table.name.to_string() == *answer || table.name.name == *answer)
            {
                hints.tables.insert(old.name.clone(), table.name.clone());
            }
            continue;
        }
        if denied(&from) || desired.joins.contains(&old.name) {
            continue;
        }
        new.retain(|table| likeness(old, table) >= 0.6);
        new.sort_by(|a, b| likeness(old, b).total_cmp(&likeness(old, a)));
        if let Some(best) = new.first() {
            questions.push(Question {
                kind: "rename".to_owned(),
                from,
                to: best.name.to_string(),
            });
        }
    }
}

/// Share of columns that have the same name and type on both sides, without those that every table has.
fn likeness(a: &Table, b: &Table) -> f64 {
    let own = |table: &Table| {
        table
            .columns
            .iter()
            .filter(|column| !matches!(column.name.as_str(), "id" | "created_at" | "updated_at"))
            .count()
    };
    let same = a
        .columns
        .iter()
        .filter(|column| !matches!(column.name.as_str(), "id" | "created_at" | "updated_at"))
        .filter(|column| b.column(&column.name).is_some_and(|other| other.ty == column.ty))
        .count();
    match own(a).max(own(b)) {
        0 => 0.0,
        most => same as f64 / most as f64,
    }
}

fn columns(
    before: &Catalog,
    to: &Catalog,
    hints: &mut Hints,
    answers: &Answers,
    denied: &impl Fn(&str) -> bool,
    questions: &mut Vec<Question>,
) {
    for table in &to.tables {
        let Some(there) = before.table(&table.name) else { continue };
        let mut new: Vec<(usize, &crate::catalog::Column)> = table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| there.column(&column.name).is_none())
            .collect();
        for (at, old) in there
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| table.column(&column.name).is_none())
        {
            let from = format!("{}.{}", table.name, old.name);
            if let Some(Some(answer)) = Answers::find(&answers.renames, &from) {
                let wanted = answer.rsplit('.').next().unwrap_or(answer);
                if let Some(place) = new.iter().position(|(_, column)| column.name == wanted) {
                    let (_, column) = new.remove(place);
                    hints.columns.insert((table.name.clone(), old.name.clone()), column.name.clone());
                }
                continue;
            }
            if denied(&from) {
                continue;
            }
            let alike = |(place, column): &(usize, &crate::catalog::Column)| {
                let near = 1.0 / (1.0 + place.abs_diff(at) as f64);
                strsim::jaro_winkler(&old.name, &column.name) + near
            };
            let mut same: Vec<usize> = (0..new.len())
                .filter(|place| new[*place].1.ty == old.ty && new[*place].1.generated == old.generated)
                .collect();
            same.sort_by(|a, b| alike(&new[*b]).total_cmp(&alike(&new[*a])));
            if let Some(best) = same.first() {
                let (_, column) = new.remove(*best);
                questions.push(Question {
                    kind: "rename".to_owned(),
                    from,
                    to: format!("{}.{}", table.name, column.name),
                });
            }
        }
    }
}

/// A type that is gone and a new one with the same values.
fn enums(before: &Catalog, to: &Catalog, hints: &mut Hints, questions: &mut Vec<Question>, answers: &Answers) {
    for old in before
        .enums
        .iter()
        .filter(|item| !to.enums.iter().any(|other| other.name == item.name))
    {
        let new = to
            .enums
            .iter()
            .find(|item| item.values == old.values && !before.enums.iter().any(|other| other.name == item.name));
        let Some(new) = new else { continue };
        match Answers::find(&answers.renames, &old.name.to_string()) {
            Some(Some(_)) => {
                hints.enums.insert(old.name.clone(), new.name.clone());
            }
            Some(None) => {}
            None => questions.push(Question {
                kind: "rename".to_owned(),
                from: old.name.to_string(),
                to: new.name.to_string(),
            }),
        }
    }
}
