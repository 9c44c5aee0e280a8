//! `glaze convergence sync`: brings the three states together as far as it may, for scripts and for the admin.

use std::path::PathBuf;

use glaze_converge::{accept::ItemKey, hints::Answers, states::Status};
use serde::{Deserialize, Serialize};

use super::{
    accept::{AcceptReport, accept},
    consent::{Consent, Reason, drift_left},
    reject::{RejectReport, reject},
    session::Session,
    status::{ConvergenceReport, status},
};
use crate::{
    Error,
    migrate::{self, Converged},
};

/// Who is right where somebody else has changed the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// The database: the schema files follow it.
    Database,
    /// The code: the database goes back.
    Code,
}

/// How to bring the states together.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Answers to questions.
    pub answers: Answers,
    /// Which destructive steps may run.
    pub consent: Consent,
    /// Who is right about drift; without it drift is left, and said.
    pub right: Option<Right>,
    /// Only these items.
    pub only: Option<Vec<ItemKey>>,
}

/// What was done, and how the states agree now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// The states as they are now.
    #[serde(flatten)]
    pub now: ConvergenceReport,
    /// What was taken over from the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptReport>,
    /// What was undone in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<RejectReport>,
    /// Migration files that were written for what the code says.
    pub files: Vec<PathBuf>,
    /// What was applied, in a few words.
    pub applied: String,
    /// Why something was not done.
    pub refused: Vec<Reason>,
}

/// Brings the three states together.
///
/// # Errors
/// When a state can't be read, an item is named that does not differ, or a statement fails.
pub async fn sync(session: &Session, options: &SyncOptions) -> Result<SyncReport, Error> {
    let before = status(session, &options.answers).await?;
    let drifted = matches!(before.report.status, Status::Drift | Status::Conflict);
    let (mut accepted, mut rejected, mut refused) = (None, None, Vec::new());
    match options.right {
        Some(Right::Database) if drifted || before.report.status == Status::Pending && only_there(session)? => {
            let done = accept(session, options.only.as_deref(), &options.answers).await?;
            refused.extend(done.left.iter().map(|left| reason("not_acceptable", &left.key, &left.reason)));
            accepted = Some(done);
        }
        Some(Right::Code) if drifted => {
            let done = reject(session, options.only.as_deref(), &options.answers, &options.consent).await?;
            refused.extend(done.refused.iter().cloned());
            rejected = Some(done);
        }
        Some(Right::Database | Right::Code) | None => {}
    }
    let (mut files, mut applied) = (Vec::new(), String::new());
    // Where items were named, the rest is left alone.
    if options.only.is_none() && refused.is_empty() {
        let model = session.project.model()?;
        match migrate::try_converge(session, &model, &options.answers, &options.consent).await? {
            Converged::Done(done) => (files, applied) = (done.files, done.summary),
            Converged::Undecided(compared, reasons) => {
                refused.extend(reasons);
                refused.extend(drift_left(&compared.report));
            }
        }
    }
    Ok(SyncReport {
        now: status(session, &options.answers).await?,
        accepted,
        rejected,
        files,
        applied,
        refused,
    })
}

/// Before the first migration the code can follow a database as well.
fn only_there(session: &Session) -> Result<bool, Error> {
    Ok(migrate::folder(&session.project, session.engine)?.journal.entries.is_empty())
}

fn reason(code: &str, key: &ItemKey, message: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        object: key.to_string(),
        message: message.to_owned(),
    }
}
