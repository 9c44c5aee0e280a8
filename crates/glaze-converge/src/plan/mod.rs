//! Steps in an order in which they work, grouped into what this database can do: altered in place, or a table rebuilt.

mod above;
mod dependents;
mod implied;
mod needs;
mod order;
mod rebuild;

use serde::{Deserialize, Serialize};

use glaze_model::Model;

use crate::catalog::Catalog;
use crate::desired::{DesiredError, desired};
use crate::dialect::{CatalogDialect, ConversionKind};
use crate::diff::{Diff, Question, diff};
use crate::hints::{Answers, Claim, Hints, hints};
use crate::online::Online;
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
    /// The tables whose steps take the online form ([`crate::online::choose`]).
    pub online: Online,
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
        self.actions.iter().flat_map(|action| self.render(action, dialect)).collect()
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
        whole,
    } = diff;
    conversions(&steps, answers, dialect, &mut questions);
    let can = dialect.capabilities();
    let mut refusals = refusals(&steps);
    refusals.extend(hints.contradictions.iter().map(contradicted));
    let steps = match can.alter_in_place {
        true => dependents::add(steps, &from, &to),
        false => steps,
    };
    let (steps, held) = above::add(steps, &from, &to, whole, can);
    refusals.extend(held);
    let steps = order::in_place(steps);
    let actions = match can.alter_in_place {
        true => steps.into_iter().map(|step| Action::Alter(Box::new(step))).collect(),
        false => rebuild::group(steps, &from, &to, dialect),
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
        online: Online::default(),
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

/// `#[was]` that cannot be true.
fn contradicted(claim: &Claim) -> Refusal {
    let Claim { from, to } = claim;
    Refusal {
        code: "rename_contradicted".to_owned(),
        object: from.clone(),
        message: format!(
            "#[was] says that {to} was called {from} before, but both are there: take the #[was] away, and answer \"renames\": {{\"{from}\": null}} when {from} is to be dropped; or {{\"{to}\": null, \"{from}\": \"{to}\"}} when it takes the place of {to}, which is then dropped"
        ),
    }
}

/// What no database does.
fn refusals(steps: &[Step]) -> Vec<Refusal> {
    let mut out = Vec::new();
    for step in steps {
        if let Step::TablePartitioning { from, to } = step {
            let said = |table: &crate::catalog::Table| {
                table
                    .partition_by
                    .as_ref()
                    .map_or("not partitioned".to_owned(), |by| format!("partitioned by {by}"))
            };
            out.push(Refusal {
                code: "repartitioned".to_owned(),
                object: step.object(),
                message: format!(
                    "{} is {} and would be {}: make a new table, move the rows over, and rename",
                    to.name,
                    said(from),
                    said(to)
                ),
            });
        }
    }
    out
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
