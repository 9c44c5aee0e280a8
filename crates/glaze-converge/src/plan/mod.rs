//! Steps in an order in which they work, grouped into what this database can do: altered in place, or a table rebuilt.

mod dependents;
mod order;
mod rebuild;

use serde::{Deserialize, Serialize};

use glaze_model::Model;

use crate::catalog::{Catalog, ObjectName};
use crate::desired::{DesiredError, desired};
use crate::dialect::{CatalogDialect, ConversionKind};
use crate::diff::{Diff, Question, diff};
use crate::hints::{Answers, Hints, hints};
use crate::step::{Action, Step};

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// In order.
    pub actions: Vec<Action>,
    /// What nobody has answered; a plan with questions is not run.
    pub questions: Vec<Question>,
    /// Why it can't be done at all, named things and what to do.
    pub refusals: Vec<Refusal>,
    /// What is there, after the renames.
    pub from: Catalog,
    /// What will be there.
    pub to: Catalog,
    /// The renames.
    pub hints: Hints,
}

/// Why a step can't be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Stable code (`has_dependents`).
    pub code: String,
    /// What it is about.
    pub object: String,
    /// Why, and what to do.
    pub message: String,
}

impl Plan {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// All steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.actions.iter().flat_map(Action::steps)
    }

    /// All statements, in order.
    pub fn statements(&self, dialect: &dyn CatalogDialect) -> Vec<String> {
        self.actions.iter().flat_map(|action| dialect.render(action)).collect()
    }
}

/// Makes the plan of a diff.
pub fn plan(diff: Diff, answers: &Answers, dialect: &dyn CatalogDialect) -> Plan {
    let Diff {
        steps,
        mut questions,
        from,
        to,
        hints,
    } = diff;
    conversions(&steps, answers, dialect, &mut questions);
    let refusals = refusals(&steps, &from, dialect.capabilities().alter_in_place);
    let actions = match dialect.capabilities().alter_in_place {
        true => order::in_place(dependents::add(steps, &from, &to))
            .into_iter()
            .map(|step| Action::Alter(Box::new(step)))
            .collect(),
        false => rebuild::group(order::in_place(steps), &from, &to, dialect),
    };
    questions.sort();
    questions.dedup();
    Plan {
        actions,
        questions,
        refusals,
        from,
        to,
        hints,
    }
}

/// Conversions that only a person can say.
fn conversions(steps: &[Step], answers: &Answers, dialect: &dyn CatalogDialect, questions: &mut Vec<Question>) {
    for step in steps {
        if let Step::ColumnType { from, to, .. } = step
            && dialect.convert(from, to).kind == ConversionKind::Impossible
            && Answers::find(&answers.using, &step.object()).is_none()
        {
            questions.push(Question {
                kind: "using".to_owned(),
                from: step.object(),
                to: to.ty.clone(),
            });
        }
    }
}

/// Views and the like that a step would break: named, never dropped.
fn refusals(steps: &[Step], from: &Catalog, in_place: bool) -> Vec<Refusal> {
    let mut out = Vec::new();
    for step in steps {
        let (table, column) = match step {
            Step::TableDrop { table } => (&table.name, None),
            Step::ColumnDrop { table, column } => (table, Some(column.name.as_str())),
            // A view's columns have types of their own; a rebuilt table is looked at anew.
            Step::ColumnType { table, to, .. } if in_place => (table, Some(to.name.as_str())),
            _ => continue,
        };
        let names = dependents(from, table, column);
        if !names.is_empty() {
            out.push(Refusal {
                code: "has_dependents".to_owned(),
                object: step.object(),
                message: format!("{} is used by {}; change or drop that first", step.object(), names.join(", ")),
            });
        }
    }
    out
}

/// Views and unmodelled things outside the table that use it or its column.
fn dependents(catalog: &Catalog, table: &ObjectName, column: Option<&str>) -> Vec<String> {
    let uses = |dependencies: &[crate::catalog::Dependency]| {
        dependencies
            .iter()
            .any(|item| item.table == *table && (column.is_none() || item.column.as_deref() == column))
    };
    let views = catalog
        .views
        .iter()
        .filter(|view| uses(&view.depends_on))
        .map(|view| format!("view {}", view.name));
    let on_itself = |item: &crate::catalog::Unmodelled| column.is_none() && item.table.as_ref() == Some(table);
    let others = catalog
        .unmodelled
        .iter()
        .filter(|item| uses(&item.depends_on) && !on_itself(item))
        .map(|item| format!("{} {}", item.kind, item.name));
    views.chain(others).collect()
}

/// From a catalog to what a model asks for: hints, desired catalog, diff and plan in one. `previous` is the model of the snapshot
/// that `from` belongs to; without one (a database compared with a schema file) only `#[was]` tells of renames.
///
/// # Errors
/// When the model cannot become tables in this database.
pub fn plan_model(
    from: &Catalog,
    next: &Model,
    previous: Option<&Model>,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
) -> Result<Plan, DesiredError> {
    let wanted = desired(next, dialect)?;
    let origin = previous.map(|previous| desired(previous, dialect)).transpose()?;
    let hints = hints(next, previous, from, dialect);
    let diff = diff(from, wanted, origin.as_ref().map(|origin| &origin.catalog), hints, answers, dialect);
    Ok(plan(diff, answers, dialect))
}
