//! `glaze convergence diff`: the differences in full, as schema source and as SQL, in both directions.

use glaze_converge::{hints::Answers, states::Status};
use serde::{Deserialize, Serialize};

use super::{
    accept::{AcceptReport, acceptable},
    decide::pending_source,
    reject::{RejectReport, rejectable},
    session::{Session, Three},
    source::SourceDiff,
    status::{self, ConvergenceReport},
};
use crate::Error;

/// The differences in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Differences {
    /// How the three states agree; the steps with their SQL and hazards.
    #[serde(flatten)]
    pub status: ConvergenceReport,
    /// What the code has changed since the last migration, in the words of the schema language.
    pub source: Vec<SourceDiff>,
    /// What accepting the database would do to the code; where somebody else has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepting: Option<AcceptReport>,
    /// What rejecting its changes would do to the database, and cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejecting: Option<RejectReport>,
}

/// Reads the three states and shows how they differ. Changes nothing.
///
/// # Errors
/// When one of them can't be read.
pub async fn differences(session: &Session, answers: &Answers) -> Result<Differences, Error> {
    let three = Three::read(session, answers).await?;
    let drifted = matches!(three.compared.report.status, Status::Drift | Status::Conflict);
    let (accepting, rejecting) = match drifted {
        true => (
            Some(acceptable(session, None, answers).await?),
            Some(rejectable(session, None, answers).await?),
        ),
        false => (None, None),
    };
    Ok(Differences {
        source: pending_source(&three),
        status: status::report(&three, session, answers),
        accepting,
        rejecting,
    })
}
