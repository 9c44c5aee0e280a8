//! `glaze diff --from STATE --to STATE`: the plan that leads from one state to another.

use std::sync::Arc;

use glaze_converge::{
    assess::assess,
    catalog::Catalog,
    desired::desired,
    diff::{diff as difference, diff_catalogs},
    hints::{Answers, Hints, hints},
    plan::{Plan, plan},
    port::{Database, Scope},
    states::{DiffReport, Status, unmodelled},
};
use glaze_model::Model;

use super::place::{Place, Said, scope};
use crate::{Config, Error, Project, backend::Engine};

/// How two states are compared.
#[derive(Debug, Clone, Default)]
pub struct StateOptions {
    /// Answers to questions.
    pub answers: Answers,
    /// The dialect, where neither state says it (two schema files): `sqlite` unless given.
    pub dialect: Option<String>,
    /// Schemas to look at, instead of those of the configuration.
    pub schemas: Vec<String>,
    /// The project that a state was taken from; its configuration says what part of the database counts. Without one `glaze.toml` beside
    /// the schema file does.
    pub project: Option<Project>,
}

/// Two states and what leads from one to the other.
pub(crate) struct Between {
    pub(crate) engine: Engine,
    pub(crate) scope: Scope,
    pub(crate) plan: Plan,
    /// What the plan starts from, as it was read.
    pub(crate) start: Catalog,
    pub(crate) report: DiffReport,
}

/// What leads from one state to another. Nothing is changed, and no file is made.
///
/// # Errors
/// When a state can't be read, or the two are of different databases.
pub async fn diff(from: &str, to: &str, options: &StateOptions) -> Result<DiffReport, Error> {
    Ok(between(&Place::of(from)?, &Place::of(to)?, options).await?.report)
}

/// Reads both states and plans.
pub(crate) async fn between(from: &Place, to: &Place, options: &StateOptions) -> Result<Between, Error> {
    let engine = engine(from, to, options)?;
    let said = [from.said(engine)?, to.said(engine)?];
    let beside = match &options.project {
        Some(project) => Some(project.config.clone()),
        None => beside(from, to)?,
    };
    let scope = scope(beside.as_ref(), &options.schemas, [&said[0], &said[1]], engine);
    let [from_said, to_said] = said;
    let from = State::read(from, from_said, engine, &scope).await?;
    let to = State::read(to, to_said, engine, &scope).await?;
    let mut plan = plan_between(&from, &to, &options.answers, engine).await?;
    if let (Some(database), Some(model), true) = (&from.database, &to.model, to.is_code) {
        let wrong = glaze_converge::external::mismatches(model, &**database, engine.dialect()).await?;
        plan.refusals.extend(wrong);
    }
    glaze_converge::online::choose(&mut plan, engine.dialect(), from.database.as_deref(), &Default::default()).await?;
    let report = report_of(&plan, &from, engine).await?;
    Ok(Between {
        engine,
        scope,
        plan,
        start: from.catalog,
        report,
    })
}

/// The report of a plan that starts from a state.
async fn report_of(plan: &Plan, from: &State, engine: Engine) -> Result<DiffReport, Error> {
    let steps = assess(plan, engine.dialect(), from.database.as_deref()).await?;
    let same = steps.is_empty() && plan.questions.is_empty() && plan.refusals.is_empty();
    Ok(DiffReport {
        status: if same { Status::InSync } else { Status::Pending },
        steps,
        questions: plan.questions.clone(),
        refusals: plan.refusals.clone(),
        unmodelled: unmodelled(&from.catalog),
        drift: Vec::new(),
        history: Vec::new(),
    })
}

/// The dialect in which the two are compared.
fn engine(from: &Place, to: &Place, options: &StateOptions) -> Result<Engine, Error> {
    let asked = options.dialect.as_deref().map(Engine::named).transpose()?;
    let known = asked.or(from.engine()).or(to.engine()).unwrap_or(Engine::Sqlite);
    match [from, to].iter().all(|place| place.speaks(known)) {
        true => Ok(known),
        false => Err(Error::Config(format!(
            "the two states are not both of {}: only states of one kind of database can be compared",
            known.name()
        ))),
    }
}

fn beside(from: &Place, to: &Place) -> Result<Option<Config>, Error> {
    match to.config()? {
        Some(config) => Ok(Some(config)),
        None => from.config(),
    }
}

/// A state that was read.
struct State {
    catalog: Catalog,
    /// Of schema files and migrations.
    model: Option<Model>,
    /// Only a model: what it can't say belongs to whoever made it.
    is_code: bool,
    database: Option<Arc<dyn Database>>,
}

impl State {
    async fn read(place: &Place, said: Said, engine: Engine, scope: &Scope) -> Result<State, Error> {
        let dialect = engine.dialect();
        let database = place.database().await?;
        let mut catalog = match (&database, said.catalog, &said.model) {
            (Some(database), ..) => database.introspect(scope).await?,
            (None, Some(catalog), _) => catalog,
            (None, None, Some(model)) => desired(model, dialect).map_err(Error::unfit)?.catalog,
            (None, None, None) => Catalog::default(),
        };
        dialect.normalise(&mut catalog);
        Ok(State {
            catalog,
            model: said.model,
            is_code: matches!(place, Place::Schema(_)),
            database,
        })
    }
}

async fn plan_between(from: &State, to: &State, answers: &Answers, engine: Engine) -> Result<Plan, Error> {
    let dialect = engine.dialect();
    // Whichever side is a database knows how expressions are spelled in it.
    let database = from.database.as_ref().or(to.database.as_ref());
    let spelled = async |catalog: &Catalog| match database {
        Some(database) => database.canonicalise(catalog, &from.catalog).await,
        None => Ok(catalog.clone()),
    };
    let (Some(next), true) = (&to.model, to.is_code) else {
        // Both are databases, or what migrations make of one: nothing is carried from one to the other.
        let known = match &to.model {
            Some(next) => told(answers, &hints(next, from.model.as_ref(), &from.catalog, dialect)),
            None => answers.clone(),
        };
        let wanted = spelled(&to.catalog).await?;
        return Ok(plan(diff_catalogs(&from.catalog, &wanted, &known, dialect), &known, dialect));
    };
    let mut wanted = desired(next, dialect).map_err(Error::unfit)?;
    wanted.catalog = spelled(&wanted.catalog).await?;
    let origin = match &from.model {
        Some(previous) => Some(spelled(&desired(previous, dialect).map_err(Error::unfit)?.catalog).await?),
        None => None,
    };
    let known = hints(next, from.model.as_ref(), &from.catalog, dialect);
    let diff = difference(&from.catalog, wanted, origin.as_ref(), known, answers, dialect);
    Ok(plan(diff, answers, dialect))
}

/// The answers, with renames that are known without them.
pub(crate) fn told(answers: &Answers, known: &Hints) -> Answers {
    let mut out = answers.clone();
    for (from, to) in known.tables.iter().chain(&known.enums) {
        out.renames.entry(from.to_string()).or_insert_with(|| Some(to.to_string()));
    }
    for ((table, from), to) in &known.columns {
        // An answer names the column as it is called now, on the table as it is called now.
        let before = known.tables.iter().find(|(_, new)| *new == table).map_or(table, |(old, _)| old);
        out.renames
            .entry(format!("{before}.{from}"))
            .or_insert_with(|| Some(format!("{table}.{to}")));
    }
    out
}
