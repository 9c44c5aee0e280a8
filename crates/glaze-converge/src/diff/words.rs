//! `#[was]` without an earlier model behind it, and `#[was]` that cannot be true: what is not certain is asked, what contradicts itself is
//! said, and nothing is dropped for it.

use std::collections::BTreeMap;

use super::Question;
use crate::catalog::{Catalog, ObjectName, Table};
use crate::hints::{Answers, Claim, Hints};

/// Two or more names that change places look the same before and after: without an earlier model only their types can tell, or a person.
pub(super) fn settle_cycles(start: &Catalog, to: &Catalog, hints: &mut Hints, answers: &Answers, questions: &mut Vec<Question>) {
    if !hints.by_words {
        return;
    }
    for cycle in cycles(&hints.tables) {
        let names: Vec<(String, String)> = cycle.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect();
        let columns = |table: Option<&Table>| {
            let columns = table.into_iter().flat_map(|table| &table.columns);
            columns.map(|column| (column.name.clone(), column.ty.clone())).collect::<Vec<_>>()
        };
        let found = |at: &ObjectName, now: &ObjectName| columns(start.table(at)) == columns(to.table(now));
        if !has_to_move(&cycle, found, &names, answers, questions) {
            hints.tables.retain(|from, _| !cycle.iter().any(|(name, _)| name == from));
        }
    }
    let places: Vec<ObjectName> = hints.columns.keys().map(|(table, _)| table.clone()).collect();
    for place in places {
        let old_name = hints.tables.iter().find(|(_, new)| **new == place).map_or(&place, |(old, _)| old);
        let (Some(there), Some(wanted)) = (start.table(old_name), to.table(&place)) else {
            continue;
        };
        let renames: BTreeMap<String, String> = hints
            .columns
            .iter()
            .filter(|((table, _), _)| *table == place)
            .map(|((_, from), to)| (from.clone(), to.clone()))
            .collect();
        for cycle in cycles(&renames) {
            let full = |name: &String| format!("{place}.{name}");
            let names: Vec<(String, String)> = cycle.iter().map(|(from, to)| (full(from), full(to))).collect();
            let found = |at: &String, now: &String| {
                let types = there.column(at).zip(wanted.column(now));
                types.is_some_and(|(there, wanted)| there.ty == wanted.ty)
            };
            if !has_to_move(&cycle, found, &names, answers, questions) {
                hints
                    .columns
                    .retain(|(table, from), _| *table != place || !cycle.iter().any(|(name, _)| name == from));
            }
        }
    }
}

/// Whether the things of a cycle have not changed places yet. `found(at, now)` says that what is called `at` fits what is wanted as `now`.
fn has_to_move<T>(
    cycle: &[(T, T)],
    found: impl Fn(&T, &T) -> bool,
    names: &[(String, String)],
    answers: &Answers,
    questions: &mut Vec<Question>,
) -> bool {
    let answered: Vec<Option<&Option<String>>> = names.iter().map(|(from, _)| Answers::find(&answers.renames, from)).collect();
    if answered.iter().any(|answer| matches!(answer, Some(None))) {
        return false;
    }
    if answered.iter().all(Option::is_some) {
        return true;
    }
    let stays = cycle.iter().all(|(from, _)| found(from, from));
    let moves = cycle.iter().all(|(from, to)| found(from, to));
    if stays == moves {
        questions.extend(
            names
                .iter()
                .zip(&answered)
                .filter(|(_, answer)| answer.is_none())
                .map(|((from, to), _)| Question {
                    kind: "rename".to_owned(),
                    from: from.clone(),
                    to: to.clone(),
                }),
        );
    }
    moves && !stays
}

/// Renames that lead back to where they began.
fn cycles<T: Ord + Clone>(renames: &BTreeMap<T, T>) -> Vec<Vec<(T, T)>> {
    let mut out: Vec<Vec<(T, T)>> = Vec::new();
    for first in renames.keys() {
        if out.iter().flatten().any(|(from, _)| from == first) {
            continue;
        }
        let (mut cycle, mut at) = (Vec::new(), first);
        while let Some(next) = renames.get(at) {
            cycle.push((at.clone(), next.clone()));
            at = next;
            if at == first || cycle.len() > renames.len() {
                break;
            }
        }
        if at == first && cycle.len() > 1 {
            out.push(cycle);
        }
    }
    out
}

/// Notes what `#[was]` says and cannot be: the new name is there already, and what had the old one would go.
pub(super) fn note_contradictions(start: &Catalog, to: &Catalog, hints: &mut Hints, answers: &Answers) {
    let mut out: Vec<Claim> = Vec::new();
    let mut note = |from: String, to: String| {
        if Answers::find(&answers.renames, &from).is_none() {
            out.push(Claim { from, to });
        }
    };
    for (from, into) in hints.tables.iter().chain(&hints.claimed_tables) {
        let both = start.table(from).is_some() && start.table(into).is_some() && !hints.tables.contains_key(into);
        if both && to.table(from).is_none() && to.table(into).is_some() {
            note(from.to_string(), into.to_string());
        }
    }
    for ((table, from), into) in hints.columns.iter().chain(&hints.claimed_columns) {
        let old_name = hints.tables.iter().find(|(_, new)| *new == table).map_or(table, |(old, _)| old);
        let (Some(there), Some(wanted)) = (start.table(old_name), to.table(table)) else {
            continue;
        };
        let moved = hints.columns.contains_key(&(table.clone(), into.clone()));
        let both = there.column(from).is_some() && there.column(into).is_some() && !moved;
        if both && wanted.column(from).is_none() && wanted.column(into).is_some() {
            note(format!("{table}.{from}"), format!("{table}.{into}"));
        }
    }
    out.sort();
    out.dedup();
    hints.contradictions = out;
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn only_what_leads_back_is_a_cycle() {
        let renames = |pairs: &[(&'static str, &'static str)]| cycles(&pairs.iter().copied().collect());
        assert!(renames(&[("a", "b"), ("b", "c")]).is_empty());
        assert_eq!(renames(&[("a", "b"), ("b", "a"), ("c", "d")]), [vec![("a", "b"), ("b", "a")]]);
        assert_eq!(renames(&[("a", "b"), ("b", "c"), ("c", "a")]).len(), 1);
        assert!(renames(&[("x", "a"), ("y", "x")]).is_empty());
    }
}
