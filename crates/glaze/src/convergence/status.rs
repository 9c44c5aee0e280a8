//! `glaze convergence status`: how code, migrations and database agree, item by item.

use glaze_converge::{
    hints::Answers,
    migrations::Entry,
    states::{DiffReport, Status},
};
use serde::{Deserialize, Serialize};

use super::{
    items::{ItemReport, differences},
    session::{Session, Three},
};
use crate::Error;

/// How the three states agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConvergenceReport {
    /// The status, what would bring the database to the code, and what somebody else changed.
    #[serde(flatten)]
    pub report: DiffReport,
    /// Every difference, by its stable name.
    pub items: Vec<ItemReport>,
    /// Migrations that the database has not had yet.
    pub waiting: Vec<String>,
}

impl ConvergenceReport {
    /// Whether there is nothing to do.
    pub fn in_sync(&self) -> bool {
        self.report.status == Status::InSync
    }
}

/// Reads the three states and says how they agree. Changes nothing.
///
/// # Errors
/// When one of them can't be read.
pub async fn status(session: &Session, answers: &Answers) -> Result<ConvergenceReport, Error> {
    Ok(report(&Three::read(session, answers).await?, session, answers))
}

pub(super) fn report(three: &Three, session: &Session, answers: &Answers) -> ConvergenceReport {
    ConvergenceReport {
        report: three.compared.report.clone(),
        items: differences(three, answers, session.dialect()),
        waiting: three.history.pending.iter().map(Entry::full_name).collect(),
    }
}
