//! `glaze serve`: production. No schema changes; pending migrations are refused, drift is reported.

use std::net::SocketAddr;

use crate::{Error, Glaze, Project, builder, convergence::Session, migrate};

/// Serves the project until the process is told to stop. `announce` gets the address once connections are accepted.
///
/// # Errors
/// When the schema has errors, the database can't be reached, migrations are pending (unless allowed), or the address is taken.
pub async fn run(project: Project, allow_pending: bool, announce: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let glaze = Glaze::of_project(&project, true).await?;
    if allow_pending {
        glaze
            .app()
            .set_pending_migrations(migrate::pending(&Session::on(&project, glaze.backend())).await?);
    } else {
        migrate::require_applied(&project, glaze.backend()).await?;
    }
    let listener = glaze.listen().await?;
    announce(builder::address(&listener));
    glaze.serve_on(listener).await
}
