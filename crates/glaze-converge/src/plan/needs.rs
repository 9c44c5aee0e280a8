//! Things that name each other, in an order in which each finds what it needs.

use std::collections::{BTreeMap, BTreeSet};

use crate::step::Step;
use crate::text;

/// Steps after those that make what they name; where they name each other in a ring, as they came.
pub(super) fn after_what_they_name(steps: Vec<Step>) -> Vec<Step> {
    let names: BTreeMap<String, usize> = steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| Some((name(step)?.to_lowercase(), at)))
        .collect();
    if names.len() < 2 {
        return steps;
    }
    let mut waits: Vec<BTreeSet<usize>> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let words = text::names(said(step)).into_iter();
            words
                .filter_map(|word| names.get(&word.to_lowercase()).copied())
                .filter(|other| *other != at)
                .collect()
        })
        .collect();
    let mut left: Vec<usize> = (0..steps.len()).collect();
    let mut order = Vec::with_capacity(steps.len());
    while !left.is_empty() {
        let place = left.iter().position(|at| waits[*at].is_empty()).unwrap_or(0);
        let at = left.remove(place);
        for other in &left {
            waits[*other].remove(&at);
        }
        order.push(at);
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| steps[at].take()).collect()
}

/// The bare name of what a step makes or drops.
fn name(step: &Step) -> Option<&str> {
    match step {
        Step::EnumCreate { item } => Some(&item.name.name),
        Step::DomainCreate { item } => Some(&item.name.name),
        Step::SequenceCreate { item } => Some(&item.name.name),
        Step::ViewCreate { view, .. } | Step::ViewReplace { to: view, .. } | Step::ViewDrop { view, .. } => Some(&view.name.name),
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledReplace { to: item, .. } | Step::UnmodelledDrop { item, .. } => {
            let name = item.name.split('(').next().unwrap_or_default();
            name.rsplit('.').next()
        }
        _ => None,
    }
}

/// What its statement says.
fn said(step: &Step) -> &str {
    match step {
        Step::DomainCreate { item } if item.definition.is_empty() => &item.base,
        Step::DomainCreate { item } => &item.definition,
        Step::ViewCreate { view, .. } | Step::ViewReplace { to: view, .. } | Step::ViewDrop { view, .. } => &view.definition,
        Step::UnmodelledCreate { item, .. } | Step::UnmodelledReplace { to: item, .. } | Step::UnmodelledDrop { item, .. } => {
            item.sql.as_deref().unwrap_or_default()
        }
        _ => "",
    }
}
