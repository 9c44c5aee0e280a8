//! Sequences, and those that get an owner or lose it: the number they stand at is kept.

use crate::catalog::{Catalog, Column, Dependency, ObjectName, SequenceDef};
use crate::step::Step;
use crate::text;
use glaze_model::IdentityHint;

/// In `was` and `will` sequences that change hands look as if they stood by themselves on both sides, with an owner or without.
pub(super) fn settle(was: &mut Catalog, will: &mut Catalog) {
    let free = |catalog: &Catalog| catalog.sequences.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
    let (free_before, free_after) = (free(was), free(will));
    for table in &mut will.tables {
        let name = table.name.clone();
        for column in &mut table.columns {
            if let Some(mut item) = taken_over(column, &free_before) {
                item.owner = Some(owner(&name, &column.name));
                let default = default_of(was, &name, &column.name, &item.name);
                stand_alone(column, default);
                will.sequences.push(item);
            }
        }
    }
    let mut released = Vec::new();
    for table in &mut was.tables {
        let name = table.name.clone();
        for column in &mut table.columns {
            if let Some(mut item) = taken_over(column, &free_after) {
                item.owner = Some(owner(&name, &column.name));
                let default = default_of(will, &name, &column.name, &item.name);
                stand_alone(column, default);
                released.push(item);
            }
        }
    }
    was.sequences.extend(released);
}

fn owner(table: &ObjectName, column: &str) -> Dependency {
    Dependency {
        table: table.clone(),
        column: Some(column.to_owned()),
    }
}

/// The sequence of a serial column, when on the other side it belongs to nobody.
fn taken_over(column: &Column, free: &[ObjectName]) -> Option<SequenceDef> {
    let sequence = column.sequence.as_ref()?;
    (column.identity == Some(IdentityHint::Serial) && free.contains(&sequence.name)).then(|| sequence.clone())
}

/// The default as the other side writes it, if it draws from this sequence.
fn default_of(other: &Catalog, table: &ObjectName, column: &str, sequence: &ObjectName) -> String {
    let written = other
        .table(table)
        .and_then(|table| table.column(column)?.default.clone())
        .filter(|default| default.starts_with("nextval(") && default.contains(&sequence.name));
    written.unwrap_or_else(|| {
        let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\"").replace('\'', "''"));
        let schema = sequence
            .schema
            .as_ref()
            .map_or(String::new(), |schema| format!("{}.", quote(schema)));
        format!("nextval('{schema}{}'::regclass)", quote(&sequence.name))
    })
}

fn stand_alone(column: &mut Column, default: String) {
    column.identity = None;
    column.sequence = None;
    column.default = Some(default);
}

/// Steps for sequences that stand alone.
pub(super) fn compare(before: &Catalog, to: &Catalog, steps: &mut Vec<Step>) {
    let stays = |owner: &Dependency| {
        let column = owner.column.as_deref().unwrap_or_default();
        to.table(&owner.table).is_some_and(|table| table.column(column).is_some())
    };
    for item in &before.sequences {
        // With its column goes what belongs to it.
        let goes_along = item.owner.as_ref().is_some_and(|owner| !stays(owner));
        if !goes_along && !to.sequences.iter().any(|other| other.name == item.name) {
            steps.push(Step::SequenceDrop { item: item.clone() });
        }
    }
    for item in &to.sequences {
        let there = before.sequences.iter().find(|other| other.name == item.name);
        match there {
            None => steps.push(Step::SequenceCreate { item: item.clone() }),
            Some(there) if text::tidy(&there.definition) != text::tidy(&item.definition) => steps.push(Step::SequenceAlter {
                from: there.clone(),
                to: item.clone(),
            }),
            Some(_) => {}
        }
        owners(there.and_then(|there| there.owner.as_ref()), item, stays, steps);
    }
}

/// Another owner: the old one lets go before it may be dropped.
fn owners(from: Option<&Dependency>, item: &SequenceDef, stays: impl Fn(&Dependency) -> bool, steps: &mut Vec<Step>) {
    let to = item.owner.as_ref();
    let step = |owner: Option<(ObjectName, String)>| Step::SequenceOwner {
        name: item.name.clone(),
        owner,
    };
    if from == to {
        return;
    }
    if from.is_some_and(|from| to.is_none() || !stays(from)) {
        steps.push(step(None));
    }
    let place = to.and_then(|to| Some((to.table.clone(), to.column.clone()?)));
    steps.extend(place.map(|place| step(Some(place))));
}
