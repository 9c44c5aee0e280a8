//! Taking over what somebody else changed in the database: edits of the schema files, and a migration that counts as applied here and that
//! other environments run.

use std::path::PathBuf;

use glaze_converge::{
    accept::{self, AcceptError, Accepted, Along, ItemKey, Left},
    diff::Question,
    hints::Answers,
    migrations::{self, Folder},
    port::AppliedMigration,
    states::Status,
};
use glaze_source::SourceFile;
use serde::{Deserialize, Serialize};

use super::{
    session::{Session, Three},
    source::SourceDiff,
    whole::Whole,
};
use crate::{Error, migrate};

/// What was taken over, or would be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptReport {
    /// The items.
    pub accepted: Vec<ItemKey>,
    /// Items that were not chosen and are taken along, because something chosen needs them.
    pub along: Vec<Along>,
    /// What can't be taken over, with the reason.
    pub left: Vec<Left>,
    /// Likely renames that have to be confirmed or denied first.
    pub questions: Vec<Question>,
    /// Lines of the schema files that change.
    pub source: Vec<SourceDiff>,
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// The migration that says the same; it counts as applied in this database.
    pub migration: Option<String>,
}

/// What accepting would do. Changes nothing.
///
/// # Errors
/// As [`accept`].
pub async fn acceptable(session: &Session, only: Option<&[ItemKey]>, answers: &Answers) -> Result<AcceptReport, Error> {
    let three = Three::read(session, answers).await?;
    Ok(proposed(&three, session, only, answers)?.0)
}

/// Takes over what somebody else changed in the database: all of it, or the items named. Where something has to be answered first nothing is
/// written, and the questions are in the report.
///
/// # Errors
/// [`Error::Refused`] when there is nothing to take over, or the history is not in order; otherwise when a file can't be written.
pub async fn accept(session: &Session, only: Option<&[ItemKey]>, answers: &Answers) -> Result<AcceptReport, Error> {
    let three = Three::read(session, answers).await?;
    let (mut report, accepted, changed) = proposed(&three, session, only, answers)?;
    if !report.questions.is_empty() || report.accepted.is_empty() {
        return Ok(report);
    }
    let mut whole = Whole::begin(session).await?;
    whole
        .write(&three.files, &changed)
        .map_err(|error| Error::Refused(error.to_string()))?;
    report.files = changed.iter().map(|file| session.project.root.join(&file.path)).collect();
    let recorded = match record(session, &three, &accepted, only, answers).await {
        Ok(recorded) => recorded,
        Err(error) => return Err(whole.give_up(session, error).await),
    };
    report.files.extend(recorded.1);
    report.migration = recorded.0;
    Ok(report)
}

/// The edits and what the files would say.
fn proposed(
    three: &Three,
    session: &Session,
    only: Option<&[ItemKey]>,
    answers: &Answers,
) -> Result<(AcceptReport, Accepted, Vec<SourceFile>), Error> {
    may_accept(three)?;
    let accepted = accept::edits(&three.accepting(&three.model, answers, only), session.dialect())?;
    let changed = glaze_source::edit::apply(&three.files, &accepted.edits).map_err(|refused| Error::Refused(refused.to_string()))?;
    let report = AcceptReport {
        accepted: accepted.taken.clone(),
        along: accepted.along.clone(),
        left: accepted.left.clone(),
        questions: accepted.questions.clone(),
        source: SourceDiff::of_files(&three.files, &changed),
        ..AcceptReport::default()
    };
    Ok((report, accepted, changed))
}

fn may_accept(three: &Three) -> Result<(), Error> {
    let refused = |reason: &str| Err(Error::Refused(reason.to_owned()));
    if three.compared.report.status == Status::History {
        migrate::refuse_history(&three.compared.report.history)?;
    }
    if !three.history.pending.is_empty() {
        return refused(
            "migrations wait to be applied: run `glaze migrate apply` first, then what is left is what somebody else has changed",
        );
    }
    if three.snapshot.is_none() && three.compared.current.tables.is_empty() {
        return refused("the database is empty: there is nothing to take over from it");
    }
    Ok(())
}

/// Writes the migration, for every dialect of the project, and records it as applied in this database.
async fn record(
    session: &Session,
    three: &Three,
    accepted: &Accepted,
    only: Option<&[ItemKey]>,
    answers: &Answers,
) -> Result<(Option<String>, Vec<PathBuf>), Error> {
    let now = jiff::Timestamp::now().to_string();
    let Some(snapshot) = &three.snapshot else {
        // The first migration is what is there.
        let (mut folder, mut model) = (three.folder.clone(), accepted.model.clone());
        let written = migrations::baseline(&mut folder, &mut model, &three.compared.current, session.dialect(), &now)?;
        return Ok((Some(written.name), written.files));
    };
    // What the code says beyond the migrations stays out of this one: the same is taken over into the model of the migrations.
    let mut model = accept::edits(&three.accepting(&snapshot.model, answers, only), session.dialect())?.model;
    let (mut files, mut name) = (Vec::new(), None);
    for engine in migrate::engines(&session.project)? {
        let mut folder = migrate::folder(&session.project, engine)?;
        let written = migrations::generate(&mut folder, &mut model, engine.dialect(), answers, Some("accept_database"), &now).await?;
        let Some(written) = written else { continue };
        files.extend(written.files);
        if engine == session.engine {
            mark_applied(session, &folder, &now).await?;
            name = Some(written.name);
        }
    }
    Ok((name, files))
}

/// Writes into the journal of this database that it has every migration of the folder.
async fn mark_applied(session: &Session, folder: &Folder, now: &str) -> Result<(), Error> {
    let journal = session.database.journal().await?;
    for entry in &folder.journal.entries {
        let name = entry.full_name();
        if journal.iter().any(|row| row.name == name) {
            continue;
        }
        let sql = folder.sql(entry)?.unwrap_or_default();
        let statements = u32::try_from(session.dialect().split(&sql).len()).unwrap_or(u32::MAX);
        let row = AppliedMigration {
            name,
            hash: entry.file_hash.clone(),
            statements_done: statements,
            statements,
            finished: true,
            started_at: now.to_owned(),
            duration_ms: 0,
            by: migrate::who(),
            sql: Some(sql),
        };
        session.database.record(&row).await?;
    }
    Ok(())
}

impl From<AcceptError> for Error {
    fn from(error: AcceptError) -> Error {
        match error {
            AcceptError::NoSuchItem(_) => Error::Refused(error.to_string()),
            AcceptError::Desired(error) => Error::unfit(error),
        }
    }
}
