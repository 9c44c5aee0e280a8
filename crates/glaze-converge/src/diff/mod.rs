//! What differs between two catalogs: both are indexed by name once, then created, dropped and paired things are compared.
//! Knows no database; names of constraints and indexes take no part.

mod enums;
mod questions;
mod table;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, Index, ObjectName};
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
    let (hints, questions) = questions::settle(&start, &desired, hints, answers, dialect);
    let before = renamed(&start, &hints);
    let origin = origin.map(|origin| renamed(origin, &hints));
    crate::carry::carry(&mut desired, &before, origin.as_ref(), dialect);
    let mut steps = rename_steps(&start, &hints);
    enums::compare(&before, &desired, &hints, answers, &mut steps);
    compare(&before, &desired, answers, dialect, &mut steps);
    enums::checks_as_values(&desired, &hints, answers, dialect, &mut steps);
    Diff {
        steps,
        questions,
        from: before,
        to: desired.catalog,
        hints,
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
    enums::compare(&from, &desired, &hints, &answers, &mut steps);
    compare(&from, &desired, &answers, dialect, &mut steps);
    steps
}

fn rename_steps(start: &Catalog, hints: &Hints) -> Vec<Step> {
    let mut steps = Vec::new();
    for (from, to) in &hints.enums {
        steps.push(Step::EnumRename {
            from: from.clone(),
            to: to.clone(),
        });
    }
    let taken = |name: &ObjectName| start.table(name).is_some();
    let tables: Vec<_> = hints.tables.iter().map(|(from, to)| (from.clone(), to.clone())).collect();
    let working = |name: &ObjectName| ObjectName {
        schema: name.schema.clone(),
        name: format!("glaze_tmp_{}", name.name),
    };
    for (from, to) in in_order(tables, taken, working) {
        steps.push(Step::TableRename { from, to });
    }
    for table in &start.tables {
        let name = hints.tables.get(&table.name).unwrap_or(&table.name);
        let columns: Vec<_> = hints
            .columns
            .iter()
            .filter(|((on, _), _)| on == name)
            .map(|((_, from), to)| (from.clone(), to.clone()))
            .collect();
        let taken = |column: &String| table.column(column).is_some();
        for (from, to) in in_order(columns, taken, |name| format!("glaze_tmp_{name}")) {
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
fn in_order<T: Clone + PartialEq>(mut renames: Vec<(T, T)>, taken: impl Fn(&T) -> bool, working: impl Fn(&T) -> T) -> Vec<(T, T)> {
    let mut out: Vec<(T, T)> = Vec::new();
    while !renames.is_empty() {
        let gone = |name: &T, out: &[(T, T)]| out.iter().any(|(from, _)| from == name);
        let free = renames.iter().position(|(_, to)| {
            let moves_later = renames.iter().any(|(from, _)| from == to);
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

fn compare(before: &Catalog, desired: &Desired, answers: &Answers, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    let to = &desired.catalog;
    for schema in &to.schemas {
        if !before.schemas.contains(schema) && schema != "public" {
            steps.push(Step::SchemaCreate { name: schema.clone() });
        }
    }
    for table in &before.tables {
        if to.table(&table.name).is_none() {
            steps.push(Step::TableDrop { table: table.clone() });
        }
    }
    for table in &to.tables {
        match before.table(&table.name) {
            None => steps.push(Step::TableCreate { table: table.clone() }),
            Some(there) => table::compare(there, table, desired, answers, dialect, steps),
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
