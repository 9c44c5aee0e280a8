//! `glaze migrate`, and what `glaze dev` does by itself: the project's folder of migrations against its database.

mod upkeep;

use std::path::PathBuf;

use glaze_converge::{
    assess::StepReport,
    catalog::Catalog,
    hints::Answers,
    migrations::{
        self, ApplyError, ApplyOptions, AtHand, Folder, FolderError, GenerateError, History, HistoryProblem, NothingLost, Proof, Snapshot,
    },
    online::OnlineOptions,
    plan::Plan,
    port::{Database, Scope},
    states::{Compared, StatusError, compare},
};
use glaze_model::Model;
use serde::Serialize;

use crate::{
    Config, Error, Project,
    backend::{Backend, Engine, Location},
    convergence::{Consent, Reason, Session, place::widen, reasons},
};

pub use upkeep::{Chosen, Linted, RepairReport, choice, lint, log, repair, test, word};

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// Files, in the order they were written.
    pub files: Vec<PathBuf>,
    /// The steps in a few words.
    pub summary: String,
    /// The steps, of the last dialect that was written.
    #[serde(skip)]
    pub steps: Vec<StepReport>,
}

/// What `glaze dev` did to bring the database to the schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Convergence {
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// What was applied, in a few words; empty when there was nothing to do.
    pub summary: String,
    /// Words of the schema that have done their work: `#[was("body")] on Note.content`.
    pub renamed: Vec<String>,
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
    // To see how large its tables are and what stands on them: without it the plain forms are written, of what the migrations know.
    let session = Session::looking(project).await.ok();
    for engine in engines(project)? {
        let mut folder = folder(project, engine)?;
        let scope = scope(project, engine, folder.latest()?.as_ref(), Some(&model));
        let at_hand = session.as_ref().filter(|session| session.engine == engine).map(|session| AtHand {
            database: &*session.database,
            online: OnlineOptions::default(),
            scope: &scope,
        });
        let written = migrations::generate_for(&mut folder, &mut model, engine.dialect(), answers, name, &now, at_hand).await?;
        if let Some(written) = written {
            generated.files.extend(written.files);
            generated.summary = summary(&written.steps);
            generated.steps = written.steps;
        }
    }
    Ok(generated)
}

/// Runs what the database has not had yet; gives the names of what ran.
///
/// # Errors
/// When the history is not in order, or a statement fails.
pub async fn apply(project: &Project) -> Result<Vec<String>, Error> {
    apply_on(&Session::changing(project).await?).await
}

/// Lists the migrations.
///
/// # Errors
/// When the folder or the database can't be read.
pub async fn status(project: &Project) -> Result<MigrateStatus, Error> {
    let session = Session::looking(project).await?;
    let folder = folder(project, session.engine)?;
    let history = adopted(&session, &folder).await?;
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
pub(crate) async fn pending(session: &Session) -> Result<Vec<String>, Error> {
    let folder = folder(&session.project, session.engine)?;
    let history = adopted(session, &folder).await?;
    Ok(history.pending.iter().map(migrations::Entry::full_name).collect())
}

/// Refuses unless the database has every migration and the migrations say what the schema says. Drift is only logged.
pub(crate) async fn require_applied(project: &Project, backend: &Backend) -> Result<(), Error> {
    let session = Session::on(project, backend);
    let pending = pending(&session).await?;
    if !pending.is_empty() {
        return Err(Error::Refused(format!(
            "{} not applied yet: {}. Run `glaze migrate apply` first, or start with --allow-pending",
            if pending.len() == 1 { "a migration is" } else { "migrations are" },
            pending.join(", ")
        )));
    }
    let compared = compared(&session, &project.model()?, &Answers::default()).await?;
    if !compared.report.steps.is_empty() || !compared.report.questions.is_empty() {
        return Err(Error::Refused(format!(
            "the schema says more than the migrations: {}. Run `glaze migrate generate` and `glaze migrate apply` first, or start with --allow-pending",
            summary(&compared.report.steps)
        )));
    }
    if let Some(refusal) = compared.report.refusals.first() {
        return Err(Error::Refused(format!("{}: {}", refusal.object, refusal.message)));
    }
    for step in &compared.report.drift {
        tracing::warn!(kind = %step.kind, object = %step.object, "the database was changed by somebody else; `glaze convergence status` says more");
    }
    Ok(())
}

/// Brings the database to the schema where every step is safe: applies what waits, writes a migration and applies it.
///
/// # Errors
/// [`Error::Refused`] with the steps when one is not safe or needs an answer: then nothing was written or applied.
pub(crate) async fn converge(project: &Project, backend: &Backend, model: &Model) -> Result<Convergence, Error> {
    let session = Session::on(project, backend);
    match try_converge(&session, model, &Answers::default(), &Consent::None).await? {
        Converged::Done(done) => Ok(done),
        Converged::Undecided(compared, reasons) => Err(Error::Refused(undecided(&compared, &reasons))),
    }
}

/// What came of bringing the database to the schema.
pub(crate) enum Converged {
    /// It is there.
    Done(Convergence),
    /// Somebody has to decide; nothing was written.
    Undecided(Box<Compared>, Vec<Reason>),
}

/// Applies what waits, writes a migration and applies it, unless something stands in the way.
pub(crate) async fn try_converge(session: &Session, model: &Model, answers: &Answers, consent: &Consent) -> Result<Converged, Error> {
    let mut done = Vec::new();
    if !pending(session).await?.is_empty() {
        done = apply_on(session).await?;
    }
    let compared = compared(session, model, answers).await?;
    let report = &compared.report;
    refuse_history(&report.history)?;
    let reasons = reasons(report, answers, consent);
    if !reasons.is_empty() || !report.drift.is_empty() {
        return Ok(Converged::Undecided(Box::new(compared), reasons));
    }
    if report.steps.is_empty() {
        return Ok(Converged::Done(Convergence {
            files: Vec::new(),
            summary: done.join(", "),
            renamed: Vec::new(),
        }));
    }
    let generated = generate(&session.project, None, answers).await?;
    apply_on(session).await?;
    Ok(Converged::Done(Convergence {
        files: generated.files,
        summary: generated.summary,
        renamed: renamed(model, &generated.steps),
    }))
}

pub(crate) fn refuse_history(problems: &[HistoryProblem]) -> Result<(), Error> {
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

/// Why nothing was done, and what to do, for somebody who can't be asked.
pub(crate) fn undecided(compared: &Compared, reasons: &[Reason]) -> String {
    let mut lines: Vec<String> = reasons.iter().map(|reason| format!("  {}", reason.message)).collect();
    let drift = &compared.report.drift;
    if !drift.is_empty() {
        let changes: Vec<String> = drift.iter().map(|step| format!("{} {}", step.kind, step.object)).collect();
        lines.push(format!("  somebody else has changed the database: {}", changes.join(", ")));
    }
    format!(
        "the change needs your consent\n{}\n`glaze convergence diff` shows all of it; `glaze convergence sync` does it, with --yes for what is lost and --accept-database or \
         --accept-code for what somebody else has changed",
        lines.join("\n")
    )
}

/// Runs what waits; gives the names.
pub(crate) async fn apply_on(session: &Session) -> Result<Vec<String>, Error> {
    let (engine, folder) = (session.engine, folder(&session.project, session.engine)?);
    let options = apply_options(scope(&session.project, engine, folder.latest()?.as_ref(), None));
    let builtin = glaze_source::builtin_model();
    Ok(migrations::apply(&folder, &*session.database, engine.dialect(), &builtin, &options)
        .await?
        .ran)
}

/// Code, snapshot and database of the project.
pub(crate) async fn compared(session: &Session, model: &Model, answers: &Answers) -> Result<Compared, Error> {
    let folder = folder(&session.project, session.engine)?;
    let history = adopted(session, &folder).await?;
    let snapshot = folder.latest()?;
    compare_states(session, model, snapshot.as_ref(), &history, answers).await
}

/// The same with migrations that were read already.
pub(crate) async fn compare_states(
    session: &Session,
    model: &Model,
    snapshot: Option<&Snapshot>,
    history: &History,
    answers: &Answers,
) -> Result<Compared, Error> {
    Ok(compare(
        model,
        snapshot,
        &*session.database,
        session.dialect(),
        &scope(&session.project, session.engine, snapshot, Some(model)),
        answers,
        history.problems.clone(),
        !history.pending.is_empty(),
    )
    .await?)
}

/// The history, in which a baseline that the database is found to hold counts as applied.
pub(crate) async fn adopted(session: &Session, folder: &Folder) -> Result<History, Error> {
    let mut history = migrations::history(folder, &session.database.journal().await?)?;
    if let Some(first) = history.pending.first().filter(|entry| entry.baseline && history.applied.is_empty()) {
        let snapshot = folder.snapshot(first)?;
        let scope = scope(&session.project, session.engine, Some(&snapshot), None);
        let differences = migrations::prove(&snapshot.catalog, &*session.database, session.dialect(), &scope).await?;
        if differences.is_empty() {
            let first = history.pending.remove(0);
            history.applied.push(first.full_name());
        }
    }
    Ok(history)
}

/// Runs a plan that is no migration, and proves it. `planned_from` is the database as it was read for the plan; what is in `nothing_lost`
/// is counted again before anything is done.
pub(crate) async fn run_plan(
    database: &dyn Database,
    engine: Engine,
    scope: Scope,
    plan: &Plan,
    planned_from: &Catalog,
    nothing_lost: Vec<NothingLost>,
) -> Result<Proof, Error> {
    let options = ApplyOptions {
        nothing_lost,
        ..apply_options(scope)
    };
    Ok(migrations::run_plan(plan, Some(planned_from), database, engine.dialect(), &options).await?)
}

fn apply_options(scope: Scope) -> ApplyOptions {
    ApplyOptions {
        scope,
        by: who(),
        now: jiff::Timestamp::now().to_string(),
        ..ApplyOptions::default()
    }
}

/// Dialects that migrations are written for: that of the database first.
pub(crate) fn engines(project: &Project) -> Result<Vec<Engine>, Error> {
    let mut engines = vec![location(project)?.engine];
    for name in &project.config.database.dialects {
        let engine = Engine::named(name).map_err(|error| Error::Config(format!("database.dialects: {error}")))?;
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

/// What part of the database is the project's: what the configuration says, and every schema that migrations and model name.
pub(crate) fn scope(project: &Project, engine: Engine, snapshot: Option<&Snapshot>, model: Option<&Model>) -> Scope {
    let mut scope = scope_of(&project.config);
    if let Some(model) = model {
        widen(&mut scope, Some(model), None, engine);
    }
    if let Some(snapshot) = snapshot {
        widen(&mut scope, None, Some(&snapshot.catalog), engine);
    }
    scope
}

/// What the configuration says of it.
pub(crate) fn scope_of(config: &Config) -> Scope {
    let database = &config.database;
    Scope {
        schemas: database.schemas.clone(),
        owns: database.owns.clone(),
        ignore: database.ignore.clone(),
        ..Scope::default()
    }
}

/// The `#[was]` of what these steps have renamed.
fn renamed(model: &Model, steps: &[StepReport]) -> Vec<String> {
    let is_renamed = |kind: &str, name: &str| {
        steps
            .iter()
            .any(|step| step.kind == kind && (step.object == name || step.object.ends_with(&format!(".{name}"))))
    };
    let mut out = Vec::new();
    for entity in &model.entities {
        if let Some(was) = entity.was.as_ref().filter(|_| is_renamed("table.rename", &entity.table)) {
            out.push(format!("#[was(\"{was}\")] on {}", entity.name));
        }
        for field in &entity.fields {
            let column = |column: &String| is_renamed("column.rename", &format!("{}.{column}", entity.table));
            if let Some(was) = field.was.as_ref().filter(|_| field.columns.iter().any(column)) {
                out.push(format!("#[was(\"{was}\")] on {}.{}", entity.name, field.name));
            }
        }
    }
    out
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
pub(crate) fn who() -> String {
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
            ApplyError::Folder(error) => error.into(),
            ApplyError::History(_)
            | ApplyError::Drift(_)
            | ApplyError::Appeared { .. }
            | ApplyError::Transaction { .. }
            | ApplyError::Uncertain { .. } => Error::Refused(error.to_string()),
            ApplyError::System(_) | ApplyError::Failed { .. } | ApplyError::Partly { .. } | ApplyError::Unproven { .. } => {
                Error::Apply(Box::new(error))
            }
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
