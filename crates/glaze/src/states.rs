//! `glaze diff` in a project: its code, its migrations and its database. Any two states are compared by [`crate::convergence::diff`].

use glaze_converge::{hints::Answers, states::DiffReport};

use crate::{Error, Project, convergence::Session, migrate};

/// Code, migrations and database of a project. A database that is not there yet is empty, and is not made.
///
/// # Errors
/// When one of them can't be read.
pub async fn project_diff(project: &Project, answers: &Answers) -> Result<DiffReport, Error> {
    let session = Session::looking(project).await?;
    Ok(migrate::compared(&session, &project.model()?, answers).await?.report)
}
