//! What differs between two catalogs: both are indexed by name once, then created, dropped and paired things are compared.
//! Knows no database; names of constraints and indexes take no part.

mod enums;
mod likely;
mod names;
mod objects;
mod pairs;
mod questions;
mod sequences;
mod table;
mod words;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Index, ObjectName, Table};
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::hints::{Answers, Hints};
use crate::rename::renamed;
use crate::step::Step;

pub(crate) use enums::uses as enum_uses;
pub(crate) use table::checks_on;
pub use table::{same_foreign_key, same_index};

/// Something a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// `rename`
    pub kind: String,
    /// What is gone.
    pub from: String,
    /// What is new, and looks like it.
    pub to: String,
}

/// What differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diff {
    /// Steps, in no particular order except that renames come first.
    pub steps: Vec<Step>,
    /// Likely renames that nobody has confirmed or denied.
    pub questions: Vec<Question>,
    /// `from` after the renames among the steps.
    pub from: Catalog,
    /// What is wanted, with what was carried.
    pub to: Catalog,
    /// The renames, given and confirmed.
    pub hints: Hints,
    /// `to` says everything: what it does not have is not wanted, rather than unknown to it.
    pub whole: bool,
}

/// How much the catalog that is wanted says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What a model can say; the rest was carried.
    Modelled,
    /// Everything.
    Whole,
}

/// Compares what is there with what a model asks for. `origin` is what the model of `from`'s snapshot asked for, where there is one.
pub fn diff(
    from: &Catalog,
    mut desired: Desired,
    origin: Option<&Catalog>,
    hints: Hints,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
) -> Diff {
    let mut start = from.clone();
    dialect.normalise(&mut start);
    dialect.normalise(&mut desired.catalog);
    let (hints, mut questions) = questions::settle(&start, &desired, hints, answers, dialect);
    let before = renamed(&start, &hints);
    let origin = origin.map(|origin| renamed(origin, &hints));
    crate::carry::carry(&mut desired, &before, origin.as_ref(), dialect);
    let mut steps = rename_steps(&start, &hints, dialect);
    enums::compare(&before, &desired, &hints, answers, &mut steps, &mut questions);
    compare(&before, &desired, answers, dialect, Depth::Modelled, &mut steps);
    enums::checks_as_values(&desired, &hints, answers, dialect, &mut steps, &mut questions);
    Diff {
        steps,
        questions,
        from: before,
        to: desired.catalog,
        hints,
        whole: false,
    }
}

/// Compares two databases, the second of which is wanted as it is: nothing is carried. Views, domains, sequences and options are compared
/// too; what no type of the catalog expresses (triggers, functions, policies) is made and replaced, never dropped.
pub fn diff_catalogs(from: &Catalog, to: &Catalog, answers: &Answers, dialect: &dyn CatalogDialect) -> Diff {
    let (mut start, mut wanted) = (from.clone(), to.clone());
    dialect.normalise(&mut start);
    dialect.normalise(&mut wanted);
    let mut desired = Desired {
        catalog: wanted,
        ..Desired::default()
    };
    let (hints, mut questions) = questions::settle(&start, &desired, Hints::default(), answers, dialect);
    let before = renamed(&start, &hints);
    names::settle(&before, &mut desired.catalog, dialect.max_name());
    let mut steps = rename_steps(&start, &hints, dialect);
    enums::compare(&before, &desired, &hints, answers, &mut steps, &mut questions);
    // Who owns a sequence is a step by itself: to the tables it is there before and after.
    let (mut was, mut will) = (before.clone(), desired.clone());
    sequences::settle(&mut was, &mut will.catalog);
    compare(&was, &will, answers, dialect, Depth::Whole, &mut steps);
    objects::compare(&was, &will.catalog, &hints, dialect, &mut steps);
    enums::checks_as_values(&desired, &hints, answers, dialect, &mut steps, &mut questions);
    objects::comments(&before, &desired.catalog, dialect, &mut steps);
    Diff {
        steps,
        questions,
        from: before,
        to: desired.catalog,
        hints,
        whole: true,
    }
}

/// Compares two catalogs as they are: is the database what the snapshot says, does the plan end where it should. Nothing is
/// carried except what belongs to nobody.
pub fn compare_catalogs(from: &Catalog, to: &Catalog, dialect: &dyn CatalogDialect) -> Vec<Step> {
    let (mut from, mut to) = (from.clone(), to.clone());
    dialect.normalise(&mut from);
    dialect.normalise(&mut to);
    let desired = Desired {
        catalog: to,
        ..Desired::default()
    };
    let (hints, answers, mut steps) = (Hints::default(), Answers::default(), Vec::new());
    enums::compare(&from, &desired, &hints, &answers, &mut steps, &mut Vec::new());
    compare(&from, &desired, &answers, dialect, Depth::Modelled, &mut steps);
    steps
}

fn rename_steps(start: &Catalog, hints: &Hints, dialect: &dyn CatalogDialect) -> Vec<Step> {
    let fold = dialect.capabilities().fold_case;
    let alike = |a: &str, b: &str| a == b || (fold && a.eq_ignore_ascii_case(b));
    let same = |a: &ObjectName, b: &ObjectName| a.schema == b.schema && alike(&a.name, &b.name);
    let mut steps = Vec::new();
    for (from, to) in &hints.enums {
        steps.push(Step::EnumRename {
            from: from.clone(),
            to: to.clone(),
        });
    }
    let taken = |name: &ObjectName| start.tables.iter().any(|table| same(&table.name, name));
    let tables: Vec<_> = hints.tables.iter().map(|(from, to)| (from.clone(), to.clone())).collect();
    let working = |name: &ObjectName| ObjectName {
        schema: name.schema.clone(),
        name: format!("glaze_tmp_{}", name.name),
    };
    for (from, to) in in_order(tables, taken, working, same) {
        steps.push(Step::TableRename { from, to });
    }
    for table in &start.tables {
        let name = hints.tables.get(&table.name).unwrap_or(&table.name);
        if hints.columns.is_empty() {
            break;
        }
        let columns: Vec<_> = hints
            .columns
            .iter()
            .filter(|((on, _), _)| on == name)
            .map(|((_, from), to)| (from.clone(), to.clone()))
            .collect();
        let same = |a: &String, b: &String| alike(a, b);
        let taken = |name: &String| table.columns.iter().any(|column| same(&column.name, name));
        for (from, to) in in_order(columns, taken, |name| format!("glaze_tmp_{name}"), same) {
            steps.push(Step::ColumnRename {
                table: name.clone(),
                from,
                to,
            });
        }
    }
    steps
}

/// Renames in an order in which no name is taken twice; names that change places go through a working name.
fn in_order<T: Clone>(
    mut renames: Vec<(T, T)>,
    taken: impl Fn(&T) -> bool,
    working: impl Fn(&T) -> T,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(T, T)> {
    let mut out: Vec<(T, T)> = Vec::new();
    while !renames.is_empty() {
        let gone = |name: &T, out: &[(T, T)]| out.iter().any(|(from, _)| same(from, name));
        let free = renames.iter().position(|(_, to)| {
            let moves_later = renames.iter().any(|(from, _)| same(from, to));
            !moves_later && (!taken(to) || gone(to, &out))
        });
        match free {
            Some(at) => out.push(renames.remove(at)),
            None => {
                let (from, to) = renames.remove(0);
                let between = working(&from);
                out.push((from, between.clone()));
                renames.push((between, to));
            }
        }
    }
    out
}

fn compare(before: &Catalog, desired: &Desired, answers: &Answers, dialect: &dyn CatalogDialect, depth: Depth, steps: &mut Vec<Step>) {
    let to = &desired.catalog;
    for schema in &to.schemas {
        if !before.schemas.contains(schema) && schema != "public" {
            steps.push(Step::SchemaCreate { name: schema.clone() });
        }
    }
    let by_name = |catalog: &'_ Catalog| -> HashMap<ObjectName, usize> {
        let places = catalog.tables.iter().enumerate();
        places.map(|(at, table)| (table.name.clone(), at)).collect()
    };
    let (old, new) = (by_name(before), by_name(to));
    for table in &before.tables {
        if !new.contains_key(&table.name) {
            steps.push(Step::TableDrop { table: table.clone() });
        }
    }
    for table in &to.tables {
        let there: Option<&Table> = old.get(&table.name).map(|at| &before.tables[*at]);
        match there {
            None => steps.push(Step::TableCreate { table: table.clone() }),
            Some(there) if there == table => {}
            Some(there) => table::compare(there, table, desired, answers, dialect, depth, steps),
        }
    }
}

/// Used by the planner too.
pub(crate) fn uses_column(index: &Index, column: &str) -> bool {
    index.parts.iter().any(|part| match part.is_expr {
        true => crate::text::mentions(&part.text, column),
        false => part.text == column,
    }) || index.filter.as_ref().is_some_and(|filter| crate::text::mentions(filter, column))
        || index.exotic.as_ref().is_some_and(|sql| crate::text::mentions(sql, column))
}
