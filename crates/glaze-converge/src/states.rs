//! The three states: what the migrations produce (snapshot), what the schema file says (code), what is there (database).

use glaze_model::Model;
use serde::{Deserialize, Serialize};

use crate::assess::{StepReport, assess};
use crate::beside;
use crate::catalog::Catalog;
use crate::desired::{Desired, DesiredError, desired};
use crate::dialect::CatalogDialect;
use crate::diff::{Question, compare_catalogs, diff};
use crate::hints::{Answers, hints};
use crate::migrations::{FolderError, HistoryProblem, Snapshot};
use crate::online::{OnlineOptions, choose};
use crate::plan::{Plan, Refusal, plan};
use crate::port::{Database, DatabaseError, Scope};
use crate::step::Step;

/// How the three agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All three say the same.
    InSync,
    /// The code is ahead.
    Pending,
    /// The database was changed by somebody else.
    Drift,
    /// Both.
    Conflict,
    /// Journal and migrations folder do not fit.
    History,
}

/// `glaze diff --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffReport {
    /// How the three agree.
    pub status: Status,
    /// What would bring the database to what the code says.
    pub steps: Vec<StepReport>,
    /// What has to be decided first.
    pub questions: Vec<Question>,
    /// What can't be done, with the reason.
    #[serde(default)]
    pub refusals: Vec<Refusal>,
    /// What is there and not managed: `trigger public.posts.t`.
    pub unmodelled: Vec<String>,
    /// What somebody else changed, as steps from the snapshot to the database.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<StepReport>,
    /// What is wrong with the history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryProblem>,
}

/// Why the states could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The model does not fit the database.
    #[error(transparent)]
    Desired(#[from] DesiredError),
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The migrations cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// A report together with the plan behind it.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The report.
    pub report: DiffReport,
    /// From the snapshot (without one: the database) to the code.
    pub plan: Plan,
    /// Where the plan starts: the snapshot as this database spells it; without one the database itself.
    pub start: Catalog,
    /// The database as it is, normalised.
    pub current: Catalog,
    /// What somebody else changed, from the snapshot to the database.
    pub drift: Vec<Step>,
}

/// Compares code, snapshot and database. `pending` says that migrations on disk have not been applied yet: then the database is
/// behind, which is no drift. Without a snapshot the database itself is where the plan starts.
///
/// # Errors
/// When the model does not fit or the database cannot be read.
#[allow(clippy::too_many_arguments)] // the three states and what is known of them
pub async fn compare(
    code: &Model,
    snapshot: Option<&Snapshot>,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
    answers: &Answers,
    history: Vec<HistoryProblem>,
    pending: bool,
) -> Result<Compared, StatusError> {
    let mut current = database.introspect(scope).await?;
    dialect.normalise(&mut current);
    let start = match snapshot {
        Some(snapshot) => database.canonicalise(&snapshot.catalog, &current).await?,
        None => current.clone(),
    };
    let wanted = desired(code, dialect)?;
    let wanted = Desired {
        catalog: database.canonicalise(&wanted.catalog, &current).await?,
        ..wanted
    };
    let origin = match snapshot {
        Some(snapshot) => Some(database.canonicalise(&desired(&snapshot.model, dialect)?.catalog, &current).await?),
        None => None,
    };
    // The plan knows what stands on the tables now, whatever the migrations knew of.
    let planned_from = match snapshot {
        Some(_) => beside::with_indexes(&start, &current),
        None => start.clone(),
    };
    let known = hints(code, snapshot.map(|snapshot| &snapshot.model), &planned_from, dialect);
    let mut plan = plan(
        diff(&planned_from, wanted, origin.as_ref(), known, answers, dialect),
        answers,
        dialect,
    );
    plan.refusals.extend(crate::external::mismatches(code, database, dialect).await?);
    choose(&mut plan, dialect, Some(database), &OnlineOptions::default()).await?;
    let drift = match snapshot {
        Some(_) if !pending => compare_catalogs(&start, &current, dialect),
        _ => Vec::new(),
    };
    let behind = !plan.is_empty() || pending;
    let status = match (behind, drift.is_empty()) {
        _ if !history.is_empty() => Status::History,
        (false, true) => Status::InSync,
        (true, true) => Status::Pending,
        (false, false) => Status::Drift,
        (true, false) => Status::Conflict,
    };
    // Probes fit the database only when it is where the plan starts.
    let probed = (drift.is_empty() && !pending).then_some(database);
    let report = DiffReport {
        status,
        steps: assess(&plan, dialect, probed).await?,
        questions: plan.questions.clone(),
        refusals: plan.refusals.clone(),
        unmodelled: listed(&start, &current),
        drift: drift.iter().map(described).collect(),
        history,
    };
    Ok(Compared {
        report,
        plan,
        start,
        current,
        drift,
    })
}

/// What is there and not managed, and what of it is not as the migrations knew it.
fn listed(start: &Catalog, current: &Catalog) -> Vec<String> {
    let mut out = unmodelled(current);
    out.extend(beside::changes(start, current));
    out
}

/// What is there and not managed, for people.
pub fn unmodelled(catalog: &Catalog) -> Vec<String> {
    let views = catalog
        .views
        .iter()
        .map(|view| format!("{} {}", if view.materialized { "materialized view" } else { "view" }, view.name));
    let exotic = catalog.tables.iter().flat_map(|table| {
        table
            .indexes
            .iter()
            .filter(|index| index.exotic.is_some())
            .map(|index| format!("index {}.{}", table.name, index.name))
    });
    let others = catalog.unmodelled.iter().map(|item| format!("{} {}", item.kind, item.name));
    views.chain(exotic).chain(others).collect()
}

/// A step that somebody else has taken already.
fn described(step: &Step) -> StepReport {
    StepReport {
        kind: step.kind().to_owned(),
        object: step.object(),
        ..StepReport::default()
    }
}
