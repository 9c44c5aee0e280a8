//! `glaze migrate`, and what `glaze dev` does by itself: the project's folder of migrations against its database.

use std::path::PathBuf;

use glaze_converge::{
    assess::{Risk, StepReport},
    hints::Answers,
    migrations::{self, ApplyError, ApplyOptions, Folder, FolderError, GenerateError, History, HistoryProblem},
    port::{Database, Scope},
    states::{Compared, StatusError, compare},
};
use glaze_model::Model;
use serde::Serialize;

use crate::{
    Error, Project,
    backend::{Backend, Engine, Location},
};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// Files, in the order they were written.
    pub files: Vec<PathBuf>,
    /// The steps in a few words.
    pub summary: String,
}

/// What `glaze dev` did to bring the database to the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Convergence {
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// What was applied, in a few words; empty when there was nothing to do.
    pub summary: String,
}

/// `glaze migrate status`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrateStatus {
    /// Every migration of the folder, in order.
    pub migrations: Vec<MigrationState>,
    /// What is wrong, and what to do.
    pub problems: Vec<String>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationState {
    /// `0007_add_excerpt`
    pub name: String,
    /// Whether the database has had it.
    pub applied: bool,
}

/// Writes the next migration for each dialect of the project; nothing where the migrations say what the schema says.
///
/// # Errors
/// When the schema has errors, something has to be decided first, or a file can't be written.
pub async fn generate(project: &Project, name: Option<&str>, answers: &Answers) -> Result<Generated, Error> {
    let mut model = project.model()?;
    let mut generated = Generated::default();
    let now = jiff::Timestamp::now().to_string();
    for engine in engines(project)? {
        let mut folder = folder(project, engine)?;
        let written = migrations::generate(&mut folder, &mut model, engine.dialect(), answers, name, &now).await?;
        if let Some(written) = written {
            generated.files.extend(written.files);
            generated.summary = summary(&written.steps);
        }
    }
    Ok(generated)
}

/// Runs what the database has not had yet; gives the names of what ran.
///
/// # Errors
/// When the history is not in order, or a statement fails.
pub async fn apply(project: &Project) -> Result<Vec<String>, Error> {
    let location = location(project)?;
    let database = location.database(true).await?;
    apply_on(project, location.engine, &*database).await
}

/// Lists the migrations.
///
/// # Errors
/// When the folder or the database can't be read.
pub async fn status(project: &Project) -> Result<MigrateStatus, Error> {
    let location = location(project)?;
    let database = location.database(true).await?;
    let folder = folder(project, location.engine)?;
    let history = adopted(project, &folder, location.engine, &*database).await?;
    let pending = |name: &str| history.pending.iter().any(|entry| entry.full_name() == name);
    let names = folder.journal.entries.iter().map(migrations::Entry::full_name);
    let migrations = names
        .map(|name| MigrationState {
            applied: !pending(&name),
            name,
        })
        .collect();
    Ok(MigrateStatus {
        migrations,
        problems: history.problems.into_iter().map(|problem| problem.message).collect(),
    })
}

/// Names of the migrations that wait.
pub(crate) async fn pending(project: &Project, backend: &Backend) -> Result<Vec<String>, Error> {
    let folder = folder(project, backend.location.engine)?;
    let history = adopted(project, &folder, backend.location.engine, &*backend.database).await?;
    Ok(history.pending.iter().map(migrations::Entry::full_name).collect())
}

/// Refuses unless the database has every migration and the migrations say what the schema says. Drift is only logged.
pub(crate) async fn require_applied(project: &Project, backend: &Backend) -> Result<(), Error> {
    let pending = pending(project, backend).await?;
    if !pending.is_empty() {
        return Err(Error::Refused(format!(
            "{} not applied yet: {}. Run `glaze migrate apply` first, or start with --allow-pending",
            if pending.len() == 1 { "a migration is" } else { "migrations are" },
            pending.join(", ")
        )));
    }
    let compared = compared(project, backend, &project.model()?, &Answers::default()).await?;
    if !compared.report.steps.is_empty() || !compared.report.questions.is_empty() {
        return Err(Error::Refused(format!(
            "the schema says more than the migrations: {}. Run `glaze migrate generate` and `glaze migrate apply` first, or start with --allow-pending",
            summary(&compared.report.steps)
        )));
    }
    for step in &compared.report.drift {
        tracing::warn!(kind = %step.kind, object = %step.object, "the database was changed by somebody else");
    }
    Ok(())
}

/// Brings the database to the schema where every step is safe: applies what waits, writes a migration and applies it.
///
/// # Errors
/// [`Error::Refused`] with the steps when one is not safe or needs an answer: then nothing was written or applied.
pub(crate) async fn converge(project: &Project, backend: &Backend, model: &Model) -> Result<Convergence, Error> {
    let mut done = Vec::new();
    if !pending(project, backend).await?.is_empty() {
        done = apply_on(project, backend.location.engine, &*backend.database).await?;
    }
    let compared = compared(project, backend, model, &Answers::default()).await?;
    let report = &compared.report;
    refuse_history(&report.history)?;
    if report.steps.is_empty() && report.questions.is_empty() {
        return Ok(Convergence {
            files: Vec::new(),
            summary: done.join(", "),
        });
    }
    refuse_unsafe(&compared)?;
    let generated = generate(project, None, &Answers::default()).await?;
    apply_on(project, backend.location.engine, &*backend.database).await?;
    Ok(Convergence {
        files: generated.files,
        summary: generated.summary,
    })
}

fn refuse_history(problems: &[HistoryProblem]) -> Result<(), Error> {
    match problems {
        [] => Ok(()),
        problems => Err(Error::Refused(
            problems
                .iter()
                .map(|problem| problem.message.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
        )),
    }
}

/// Only a plan of safe steps goes through; otherwise all of it is shown.
fn refuse_unsafe(compared: &Compared) -> Result<(), Error> {
    let report = &compared.report;
    let mut lines = Vec::new();
    for question in &report.questions {
        lines.push(format!(
            "  is {} the former {}? Say so with #[was(\"…\")] above it",
            question.to, question.from
        ));
    }
    lines.extend(compared.plan.refusals.iter().map(|refusal| format!("  {}", refusal.message)));
    for step in report
        .steps
        .iter()
        .filter(|step| step.risk == Risk::Destructive || step.hazards.iter().any(|hazard| hazard.blocks))
    {
        for hazard in &step.hazards {
            let rows = hazard.rows.map(|rows| format!(" ({rows} rows)")).unwrap_or_default();
            lines.push(format!("  {} {}: {}{rows}", step.kind, step.object, hazard.message));
        }
    }
    if !report.drift.is_empty() {
        let changes: Vec<String> = report.drift.iter().map(|step| format!("{} {}", step.kind, step.object)).collect();
        lines.push(format!("  somebody else has changed the database: {}", changes.join(", ")));
    }
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "the change needs your consent\n{}\n`glaze diff` shows the whole plan; `glaze migrate generate` writes it, `glaze migrate apply` runs it; then save the schema again",
        lines.join("\n")
    )))
}

pub(crate) async fn apply_on(project: &Project, engine: Engine, database: &dyn Database) -> Result<Vec<String>, Error> {
    let folder = folder(project, engine)?;
    let options = ApplyOptions {
        scope: scope(project),
        by: who(),
        now: jiff::Timestamp::now().to_string(),
    };
    Ok(
        migrations::apply(&folder, database, engine.dialect(), &glaze_source::builtin_model(), &options)
            .await?
            .ran,
    )
}

/// Code, snapshot and database of the project.
pub(crate) async fn compared(project: &Project, backend: &Backend, model: &Model, answers: &Answers) -> Result<Compared, Error> {
    compared_on(project, backend.location.engine, &*backend.database, model, answers).await
}

/// The same on any database of the project's.
pub(crate) async fn compared_on(
    project: &Project,
    engine: Engine,
    database: &dyn Database,
    model: &Model,
    answers: &Answers,
) -> Result<Compared, Error> {
    let folder = folder(project, engine)?;
    let history = adopted(project, &folder, engine, database).await?;
    let snapshot = folder.latest()?;
    let waits = !history.pending.is_empty();
    Ok(compare(
        model,
        snapshot.as_ref(),
        database,
        engine.dialect(),
        &scope(project),
        answers,
        history.problems,
        waits,
    )
    .await?)
}

/// The history, in which a baseline that the database is found to hold counts as applied.
async fn adopted(project: &Project, folder: &Folder, engine: Engine, database: &dyn Database) -> Result<History, Error> {
    let mut history = migrations::history(folder, &database.journal().await?)?;
    if let Some(first) = history.pending.first().filter(|entry| entry.baseline && history.applied.is_empty()) {
        let differences = migrations::prove(&folder.snapshot(first)?.catalog, database, engine.dialect(), &scope(project)).await?;
        if differences.is_empty() {
            let first = history.pending.remove(0);
            history.applied.push(first.full_name());
        }
    }
    Ok(history)
}

/// Dialects that migrations are written for: that of the database first.
fn engines(project: &Project) -> Result<Vec<Engine>, Error> {
    let mut engines = vec![location(project)?.engine];
    for name in &project.config.database.dialects {
        let engine = Engine::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Engine::ALL.iter().map(|engine| engine.name()).collect();
            Error::Config(format!(
                "database.dialects: `{name}` is not a dialect; there are {}",
                known.join(", ")
            ))
        })?;
        if !engines.contains(&engine) {
            engines.push(engine);
        }
    }
    Ok(engines)
}

/// Where the project's database is.
pub(crate) fn location(project: &Project) -> Result<Location, Error> {
    Location::required(&project.config.database.url, &project.root)
}

/// The project's migrations of one dialect.
pub(crate) fn folder(project: &Project, engine: Engine) -> Result<Folder, Error> {
    Ok(Folder::open(&project.migrations_path(), engine.name())?)
}

/// What part of the database is the project's.
pub(crate) fn scope(project: &Project) -> Scope {
    let database = &project.config.database;
    Scope {
        schemas: database.schemas.clone(),
        owns: database.owns.clone(),
        ignore: database.ignore.clone(),
    }
}

/// Steps in a few words: `column.add public.posts.excerpt and 2 more`.
fn summary(steps: &[StepReport]) -> String {
    let words: Vec<String> = steps.iter().take(3).map(|step| format!("{} {}", step.kind, step.object)).collect();
    match steps.len().saturating_sub(3) {
        0 => words.join(", "),
        more => format!("{} and {more} more", words.join(", ")),
    }
}

/// `user@host`, for the journal.
fn who() -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "unknown".into());
    let host = variable("HOSTNAME")
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .unwrap_or_default();
    match host.trim() {
        "" => user,
        host => format!("{user}@{host}"),
    }
}

impl From<FolderError> for Error {
    fn from(error: FolderError) -> Error {
        Error::Config(error.to_string())
    }
}

impl From<GenerateError> for Error {
    fn from(error: GenerateError) -> Error {
        match error {
            GenerateError::Questions(_) | GenerateError::Refused(_) => Error::Refused(error.to_string()),
            GenerateError::Database(error) => error.into(),
            other => Error::Config(other.to_string()),
        }
    }
}

impl From<ApplyError> for Error {
    fn from(error: ApplyError) -> Error {
        match error {
            ApplyError::Database(error) => error.into(),
            ApplyError::History(_) => Error::Refused(error.to_string()),
            other => Error::Config(other.to_string()),
        }
    }
}

impl From<StatusError> for Error {
    fn from(error: StatusError) -> Error {
        match error {
            StatusError::Database(error) => error.into(),
            other => Error::Config(other.to_string()),
        }
    }
}
