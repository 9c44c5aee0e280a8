//! Whether this node can do its work.

use serde::Serialize;

use crate::App;

/// What is known of the node's readiness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Everything below is well.
    pub ready: bool,
    /// The database answers.
    pub database: bool,
    /// Migrations that are not applied: number and name.
    pub pending_migrations: Vec<String>,
}

/// Asks the database, and tells what is pending.
pub async fn check(app: &App) -> Health {
    let database = match app.live().store.ping().await {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            false
        }
    };
    let pending_migrations = app.pending_migrations();
    Health {
        ready: database && pending_migrations.is_empty() && !app.is_stopping(),
        database,
        pending_migrations,
    }
}
