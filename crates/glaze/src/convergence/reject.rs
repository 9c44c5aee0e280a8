//! Undoing in the database what somebody else changed there; what that costs is counted before and needs consent.

use glaze_converge::{
    accept::{self, Along, ItemKey},
    assess::{StepReport, assess},
    hints::Answers,
    plan::Plan,
    states::{DiffReport, Status},
};
use serde::{Deserialize, Serialize};

use super::{
    consent::{Consent, Reason, nothing_lost, reasons},
    session::{Session, Three},
};
use crate::{Error, migrate};

/// What was undone, or would be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectReport {
    /// The items; empty when nothing was done.
    pub rejected: Vec<ItemKey>,
    /// Items that were not chosen and go back too, because something chosen needs them.
    pub along: Vec<Along>,
    /// The steps back, with what they cost.
    pub steps: Vec<StepReport>,
    /// Why nothing was done.
    pub refused: Vec<Reason>,
}

/// What rejecting would do and cost. Changes nothing.
///
/// # Errors
/// As [`reject`].
pub async fn rejectable(session: &Session, only: Option<&[ItemKey]>, answers: &Answers) -> Result<RejectReport, Error> {
    let three = Three::read(session, answers).await?;
    Ok(proposed(&three, session, only, answers, &Consent::All).await?.0)
}

/// Undoes what somebody else changed in the database: all of it, or the items named. What loses rows needs consent; without it nothing is
/// done, and the reasons are in the report.
///
/// # Errors
/// [`Error::Refused`] when an item is named that does not differ, or the history is not in order; otherwise when a statement fails.
pub async fn reject(session: &Session, only: Option<&[ItemKey]>, answers: &Answers, consent: &Consent) -> Result<RejectReport, Error> {
    let three = Three::read(session, answers).await?;
    if three.compared.report.status == Status::History {
        migrate::refuse_history(&three.compared.report.history)?;
    }
    let (mut report, plan) = proposed(&three, session, only, answers, consent).await?;
    if !report.refused.is_empty() {
        report.rejected.clear();
        return Ok(report);
    }
    let scope = migrate::scope(&session.project, session.engine, three.snapshot.as_ref(), Some(&three.model));
    let still = nothing_lost(&report.steps, answers, consent);
    migrate::run_plan(&*session.database, session.engine, scope, &plan, &three.compared.current, still).await?;
    Ok(report)
}

async fn proposed(
    three: &Three,
    session: &Session,
    only: Option<&[ItemKey]>,
    answers: &Answers,
    consent: &Consent,
) -> Result<(RejectReport, Plan), Error> {
    let dialect = session.dialect();
    let back = accept::reject(&three.accepting(&three.model, answers, only), dialect)?;
    let steps = assess(&back.plan, dialect, Some(&*session.database)).await?;
    let judged = DiffReport {
        status: Status::Drift,
        steps: steps.clone(),
        questions: back.plan.questions.clone(),
        refusals: back.plan.refusals.clone(),
        unmodelled: Vec::new(),
        drift: Vec::new(),
        history: Vec::new(),
    };
    let report = RejectReport {
        rejected: back.taken,
        along: back.along,
        refused: reasons(&judged, answers, consent),
        steps,
    };
    Ok((report, back.plan))
}
