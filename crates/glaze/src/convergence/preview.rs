//! What an edit that is not made yet would do: to the schema files, to the tables, to the rows. What the admin shows before it saves.

use glaze_converge::{
    hints::Answers,
    states::{DiffReport, Status},
};
use glaze_model::{Diagnostic, Edit};
use glaze_source::{SourceFile, edit::EditRefused};
use serde::{Deserialize, Serialize};

use super::{
    consent::{Consent, Reason, drift_left, reasons},
    session::{Session, Three},
    source::SourceDiff,
};
use crate::Error;

/// What would happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The plan from the migrations to the edited code, with hazards, row counts and SQL.
    #[serde(flatten)]
    pub report: DiffReport,
    /// Lines of the schema files that change.
    pub source: Vec<SourceDiff>,
    /// Why it would not run without an answer or consent; empty when saving is safe.
    pub reasons: Vec<Reason>,
    /// Warnings about the edited schema.
    pub diagnostics: Vec<Diagnostic>,
}

/// Plans edits without making them. Neither a file nor the database is changed.
///
/// # Errors
/// [`Error::Refused`] when an edit can't be made, [`Error::Schema`] when the schema has errors, or would have; otherwise when a state can't
/// be read.
pub async fn preview(session: &Session, edits: &[Edit], answers: &Answers) -> Result<Preview, Error> {
    let files = session.project.sources()?;
    let changed = glaze_source::edit::apply(&files, edits).map_err(refused)?;
    Ok(Proposal::of(session, files, changed, answers)
        .await?
        .preview(answers, &Consent::None))
}

/// Files that are to be changed, and what that means.
pub(crate) struct Proposal {
    /// The files as they are.
    pub(crate) before: Vec<SourceFile>,
    /// Those that change, as they will be.
    pub(crate) changed: Vec<SourceFile>,
    /// The three states with the changed code.
    pub(crate) three: Three,
    diagnostics: Vec<Diagnostic>,
}

impl Proposal {
    pub(crate) async fn of(
        session: &Session,
        before: Vec<SourceFile>,
        changed: Vec<SourceFile>,
        answers: &Answers,
    ) -> Result<Proposal, Error> {
        let edited: Vec<SourceFile> = before
            .iter()
            .map(|file| changed.iter().find(|new| new.path == file.path).unwrap_or(file).clone())
            .collect();
        let reading = glaze_source::read(&edited);
        let Some(model) = reading.model else {
            return Err(Error::Schema {
                rendered: glaze_source::render(&reading.diagnostics, &edited, false),
                diagnostics: reading.diagnostics,
            });
        };
        Ok(Proposal {
            before,
            changed,
            three: Three::with(session, edited, model, answers).await?,
            diagnostics: reading.diagnostics,
        })
    }

    /// Everything about it; the reasons are those that are left with this consent.
    pub(crate) fn preview(&self, answers: &Answers, consent: &Consent) -> Preview {
        let report = self.three.compared.report.clone();
        Preview {
            source: SourceDiff::of_files(&self.before, &self.changed),
            reasons: self.reasons(answers, consent),
            diagnostics: self.diagnostics.clone(),
            report,
        }
    }

    /// Why it may not be done.
    fn reasons(&self, answers: &Answers, consent: &Consent) -> Vec<Reason> {
        let report = &self.three.compared.report;
        if report.status == Status::History {
            return report
                .history
                .iter()
                .map(|problem| Reason {
                    code: problem.code.clone(),
                    object: problem.migration.clone(),
                    message: problem.message.clone(),
                })
                .collect();
        }
        let mut out = reasons(report, answers, consent);
        // What changes no table can be saved whatever else is going on.
        if !self.three.compared.plan.is_empty() {
            out.extend(self.three.history.pending.iter().map(|entry| Reason {
                code: "migration_pending".to_owned(),
                object: entry.full_name(),
                message: format!("{} waits to be applied: that comes first", entry.full_name()),
            }));
            out.extend(drift_left(report));
        }
        out
    }
}

fn refused(refused: EditRefused) -> Error {
    let rendered = refused.to_string();
    match refused {
        EditRefused::DoesNotRead(diagnostics) | EditRefused::WouldNotRead(diagnostics) => Error::Schema { diagnostics, rendered },
        EditRefused::NotFound(_) | EditRefused::Exists(_) | EditRefused::InUse(_) | EditRefused::NotExact(_) => Error::Refused(rendered),
    }
}
