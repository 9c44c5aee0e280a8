//! The rest of `glaze migrate`: rehearsing, linting, repairing, and the history with its SQL.

use std::path::PathBuf;

use glaze_converge::{
    hints::Answers,
    lint::LintFinding,
    migrations::{self, Choice, LogEntry, Problem, Rehearsal, RepairError, Repaired, Site},
};
use serde::Serialize;

use super::{apply_options, compared, engines, folder, scope};
use crate::{Error, Project, convergence::Session};

/// What a repair has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepairReport {
    /// What was repaired, in order.
    pub repaired: Vec<Repaired>,
    /// What is still wrong, with the ways back.
    pub problems: Vec<Problem>,
}

/// A way back that somebody has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The way.
    pub choice: Choice,
    /// For this migration only; without it for the first problem that offers the way.
    pub migration: Option<String>,
}

/// What one migration file is to be looked at again for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Linted {
    /// The file.
    pub file: PathBuf,
    /// `sqlite`, `postgres`
    pub dialect: String,
    /// The findings.
    pub findings: Vec<LintFinding>,
}

/// The whole history on an empty scratch database, then what waits and what the code says beyond it on a copy of the real one. Leaves
/// nothing behind; a migration that fails is no error but the answer.
///
/// # Errors
/// When no scratch database can be made, or the migrations can't be read.
pub async fn test(project: &Project) -> Result<Rehearsal, Error> {
    let session = Session::looking(project).await?;
    let folder = folder(project, session.engine)?;
    let snapshot = folder.latest()?;
    let model = project.model()?;
    let compared = compared(&session, &model, &Answers::default()).await?;
    let runs = !compared.plan.is_empty() && compared.plan.questions.is_empty() && compared.plan.refusals.is_empty();
    let options = apply_options(scope(project, session.engine, snapshot.as_ref(), Some(&model)));
    let plan = runs.then_some(&compared.plan);
    let builtin = glaze_source::builtin_model();
    Ok(migrations::rehearse(&folder, &*session.database, session.dialect(), &builtin, plan, &options).await?)
}

/// Looks through the SQL of every migration, of every dialect of the project.
///
/// # Errors
/// When a file can't be read.
pub fn lint(project: &Project) -> Result<Vec<Linted>, Error> {
    let mut out = Vec::new();
    for engine in engines(project)? {
        let folder = folder(project, engine)?;
        for entry in &folder.journal.entries {
            let Some(sql) = folder.sql(entry)? else { continue };
            let findings = engine.dialect().lint(&sql);
            if !findings.is_empty() {
                out.push(Linted {
                    file: folder.sql_path(entry),
                    dialect: engine.name().to_owned(),
                    findings,
                });
            }
        }
    }
    Ok(out)
}

/// Every migration with its SQL, and who ran it when.
///
/// # Errors
/// When the folder or the database can't be read.
pub async fn log(project: &Project) -> Result<Vec<LogEntry>, Error> {
    let session = Session::looking(project).await?;
    let journal = session.database.journal().await?;
    Ok(migrations::log(&folder(project, session.engine)?, &journal)?)
}

/// A repair brings up another problem at most once for each migration; this is far beyond.
const ROUNDS: usize = 200;

/// Repairs what is wrong between the migrations and the database: what loses and guesses nothing by itself, anything else only when it was
/// chosen. `only_look` repairs nothing.
///
/// # Errors
/// When a repair can't be made; those before it stay.
pub async fn repair(project: &Project, chosen: Option<&Chosen>, only_look: bool) -> Result<RepairReport, Error> {
    let session = match only_look {
        true => Session::looking(project).await?,
        false => Session::changing(project).await?,
    };
    // Not with a scope of the last snapshot: it may be what is damaged.
    let options = apply_options(super::scope_of(&project.config));
    let (root, builtin) = (project.migrations_path(), glaze_source::builtin_model());
    let site = Site {
        root: &root,
        database: &*session.database,
        dialect: session.dialect(),
        builtin: &builtin,
        options: &options,
    };
    let (mut report, mut chosen) = (RepairReport::default(), chosen);
    for _ in 0..ROUNDS {
        report.problems = migrations::problems(site).await?;
        let next = report.problems.iter().find_map(|problem| Some((problem, way(problem, chosen)?)));
        let Some((problem, choice)) = next.filter(|_| !only_look) else {
            break;
        };
        if chosen.is_some_and(|chosen| chosen.choice == choice) {
            // Chosen for one problem, not for whatever comes after it.
            chosen = None;
        }
        report.repaired.push(migrations::repair(site, problem, choice).await?);
    }
    match chosen.filter(|_| !only_look) {
        Some(Chosen { choice, .. }) => Err(Error::Refused(format!(
            "no problem offers the repair `{}`; `glaze migrate repair --dry-run` lists what there is",
            word(*choice)
        ))),
        None => Ok(report),
    }
}

/// The way that is taken: the chosen one where it is offered, else the only one that loses and guesses nothing.
fn way(problem: &Problem, chosen: Option<&Chosen>) -> Option<Choice> {
    let offered = |choice: Choice| problem.repairs.iter().any(|repair| repair.choice == choice);
    let wanted = chosen.filter(|chosen| chosen.migration.as_ref().is_none_or(|name| *name == problem.migration));
    if let Some(chosen) = wanted.filter(|chosen| offered(chosen.choice)) {
        return Some(chosen.choice);
    }
    let mut safe = problem.repairs.iter().filter(|repair| repair.safe);
    match (safe.next(), safe.next()) {
        (Some(repair), None) => Some(repair.choice),
        _ => None,
    }
}

/// A choice as it is written: `restore_file`.
pub fn word(choice: Choice) -> String {
    let json = serde_json::to_value(choice).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// The choice of this name.
///
/// # Errors
/// When there is none.
pub fn choice(name: &str) -> Result<Choice, Error> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .map_err(|error| Error::Config(format!("`{name}` is no repair: {error}")))
}

impl From<RepairError> for Error {
    fn from(error: RepairError) -> Error {
        match error {
            RepairError::Folder(error) => error.into(),
            RepairError::Database(error) => error.into(),
            RepairError::Apply(error) => error.into(),
            RepairError::Generate(error) => error.into(),
            RepairError::Impossible(reason) => Error::Refused(reason),
        }
    }
}
