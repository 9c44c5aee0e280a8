//! What administers the schema of an application in development: the port of `glaze-app`, done with schema files, migrations and database.
//!
//! Every change is whole or not at all, one at a time, and is served at once.

mod change;
mod problems;
mod shown;
mod turns;

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use glaze_app::{
    App, Problem,
    convergence::{ApplyRequest, ChoiceRequest, EditRequest, RepairRequest, SchemaAdmin, Told, UndoRequest},
    problem as kinds,
};
use glaze_converge::accept::ItemKey;
use glaze_converge::hints::Answers;
use parking_lot::Mutex;
use serde_json::{Map, Value as Json, json};

use super::{
    AcceptReport, RejectReport, accept, acceptable,
    consent::drift_left,
    differences, reasons, reject, rejectable,
    session::{Session, Three},
    status,
    whole::Whole,
};
use crate::{
    Project,
    backend::Backend,
    builder,
    migrate::{self, Chosen, Converged},
};
use change::Change;
use problems::{answers, consent, keys, problem, undecided};

pub(crate) use turns::Turns;

/// Administers one project on its database.
pub(crate) struct Admin {
    project: Project,
    backend: Backend,
    /// The application holds this; it outlives no request.
    app: Weak<App>,
    turns: Arc<Turns>,
    /// Changes that were made here, the last at the end.
    done: Mutex<Vec<Change>>,
}

impl Admin {
    pub(crate) fn new(project: Project, backend: Backend, app: &Arc<App>, turns: Arc<Turns>) -> Admin {
        Admin {
            project,
            backend,
            app: Arc::downgrade(app),
            turns,
            done: Mutex::default(),
        }
    }

    fn session(&self) -> Session {
        Session::on(&self.project, &self.backend)
    }

    /// Serves what the files say by now, and takes note that it does.
    fn follow(&self, turn: &mut turns::Turn<'_>) -> Result<(), Problem> {
        let files = self.project.sources().map_err(problem)?;
        let model = crate::model_of(&files).map_err(problem)?;
        if let Some(app) = self.app.upgrade() {
            app.replace(builder::live(model, &self.backend).map_err(problem)?);
        }
        turn.served(files);
        Ok(())
    }

    fn accepted(&self, report: &AcceptReport) -> Result<Map<String, Json>, Problem> {
        let mut members = shown::members(report)?;
        members.insert("source".into(), shown::source(&report.source));
        members.insert("files".into(), shown::files(&self.project, &report.files));
        Ok(members)
    }

    async fn pending(&self, session: &Session, answers: &Answers, consent: &super::Consent) -> Result<Map<String, Json>, Problem> {
        let three = Three::read(session, answers).await.map_err(problem)?;
        let report = super::status::report(&three, session, answers);
        let mut left = reasons(&report.report, answers, consent);
        left.extend(drift_left(&report.report));
        let mut members = shown::members(&report)?;
        members.insert("reasons".into(), serde_json::to_value(left).map_err(Problem::internal)?);
        Ok(members)
    }
}

/// What is answered when the report of something not done says why.
fn refused(report: Map<String, Json>, detail: &str) -> Problem {
    undecided(detail, &report).unwrap_or_else(|problem| problem)
}

fn told(members: Map<String, Json>) -> Told {
    Told::of(Json::Object(members))
}

#[async_trait]
impl SchemaAdmin for Admin {
    async fn schema(&self) -> Result<Told, Problem> {
        let (body, files) = shown::schema(&self.project).map_err(problem)?;
        Ok(Told {
            body,
            tag: Some(shown::tag(&files)),
        })
    }

    async fn preview(&self, request: EditRequest) -> Result<Told, Problem> {
        self.look(request).await
    }

    async fn edit(&self, request: EditRequest, if_match: Option<String>) -> Result<Told, Problem> {
        self.make(request, if_match).await
    }

    async fn undo(&self, request: UndoRequest, if_match: Option<String>) -> Result<Told, Problem> {
        self.take_back(request, if_match).await
    }

    async fn status(&self) -> Result<Told, Problem> {
        let report = status(&self.session(), &Answers::default()).await.map_err(problem)?;
        Ok(told(shown::members(&report)?))
    }

    async fn differences(&self, only: Option<Vec<String>>) -> Result<Told, Problem> {
        let (session, answers) = (self.session(), Answers::default());
        let only = keys(only)?;
        let mut report = differences(&session, &answers).await.map_err(problem)?;
        if let Some(keys) = &only {
            let chosen = |key: &ItemKey| keys.iter().any(|chosen| chosen.covers(key));
            report.status.items.retain(|item| chosen(&item.key));
            if report.accepting.is_some() {
                report.accepting = Some(acceptable(&session, Some(keys), &answers).await.map_err(problem)?);
                report.rejecting = Some(rejectable(&session, Some(keys), &answers).await.map_err(problem)?);
            }
        }
        let mut members = shown::members(&report)?;
        members.insert("source".into(), shown::source(&report.source));
        if let Some(accepting) = &report.accepting {
            members.insert("accepting".into(), Json::Object(self.accepted(accepting)?));
        }
        Ok(told(members))
    }

    async fn accept(&self, request: ChoiceRequest) -> Result<Told, Problem> {
        let (only, answers) = (keys(request.only)?, answers(request.answers)?);
        let session = self.session();
        if request.dry_run {
            let report = acceptable(&session, only.as_deref(), &answers).await.map_err(problem)?;
            return Ok(told(self.accepted(&report)?));
        }
        let mut turn = self.turns.soon().await?;
        let report = accept(&session, only.as_deref(), &answers).await.map_err(problem)?;
        let members = self.accepted(&report)?;
        if !report.questions.is_empty() {
            return Err(refused(members, "A likely rename has to be confirmed or denied first."));
        }
        if report.accepted.is_empty() && !report.left.is_empty() {
            return Err(refused(
                members,
                "Nothing of this can be taken over into the schema; `left` says why.",
            ));
        }
        self.follow(&mut turn)?;
        Ok(told(members))
    }

    async fn reject(&self, request: ChoiceRequest) -> Result<Told, Problem> {
        let (only, answers, consent) = (keys(request.only)?, answers(request.answers)?, consent(request.consent));
        let session = self.session();
        if request.dry_run {
            let report = rejectable(&session, only.as_deref(), &answers).await.map_err(problem)?;
            return Ok(told(shown::members(&report)?));
        }
        let _turn = self.turns.soon().await?;
        let report: RejectReport = reject(&session, only.as_deref(), &answers, &consent).await.map_err(problem)?;
        let members = shown::members(&report)?;
        match report.refused.is_empty() {
            true => Ok(told(members)),
            false => Err(refused(
                members,
                "Undoing this would lose something, or can't be done; `refused` says what.",
            )),
        }
    }

    async fn apply(&self, request: ApplyRequest) -> Result<Told, Problem> {
        let (answers, consent) = (answers(request.answers)?, consent(request.consent));
        let session = self.session();
        if request.dry_run {
            return Ok(told(self.pending(&session, &answers, &consent).await?));
        }
        let mut turn = self.turns.soon().await?;
        let model = self.project.model().map_err(problem)?;
        let whole = Whole::begin(&session).await.map_err(problem)?;
        let done = match migrate::try_converge(&session, &model, &answers, &consent).await {
            Ok(Converged::Done(done)) => done,
            Ok(Converged::Undecided(..)) => {
                let report = self.pending(&session, &answers, &consent).await?;
                return Err(refused(
                    report,
                    "The pending changes need consent or an answer; `reasons` says which.",
                ));
            }
            Err(error) => return Err(problem(whole.give_up(&session, error).await)),
        };
        self.follow(&mut turn)?;
        let mut members = self.pending(&session, &Answers::default(), &super::Consent::None).await?;
        members.insert("files".into(), shown::files(&self.project, &done.files));
        members.insert("applied".into(), done.summary.into());
        Ok(told(members))
    }

    async fn migrations(&self) -> Result<Told, Problem> {
        let session = self.session();
        let log = migrate::log(&self.project).await.map_err(problem)?;
        let folder = self.project.migrations_path().join(session.engine.name());
        let mut migrations = Vec::with_capacity(log.len());
        for entry in &log {
            let mut members = shown::members(entry)?;
            if let Some(file) = &entry.file {
                members.insert("file".into(), shown::relative(&self.project, &folder.join(file)).into());
            }
            migrations.push(Json::Object(members));
        }
        let problems = migrate::repair(&self.project, None, true).await.map_err(problem)?.problems;
        Ok(Told::of(json!({"migrations": migrations, "problems": problems})))
    }

    async fn repair(&self, request: RepairRequest) -> Result<Told, Problem> {
        let chosen = match &request.choice {
            None => None,
            Some(name) => Some(Chosen {
                choice: migrate::choice(name).map_err(|error| Problem::new(&kinds::INVALID_BODY, error.to_string()))?,
                migration: request.migration.clone(),
            }),
        };
        let _turn = self.turns.soon().await?;
        let report = migrate::repair(&self.project, chosen.as_ref(), request.dry_run)
            .await
            .map_err(problem)?;
        Ok(told(shown::members(&report)?))
    }
}
