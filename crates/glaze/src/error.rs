//! What can go wrong between a project folder and a running server.

use std::path::Path;

use glaze_converge::{migrations::ApplyError, port::DatabaseError};
use glaze_data::store::StoreError;
use glaze_model::Diagnostic;

/// An error of the library. Its text says what, where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something in `glaze.toml`, the environment or an argument.
    #[error("{0}")]
    Config(String),
    /// A file that can't be read or written.
    #[error("cannot {what} {path}: {source}")]
    Io {
        /// `read`, `write`, …
        what: &'static str,
        /// The file.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The schema files have errors.
    #[error("{}", rendered.trim_end())]
    Schema {
        /// All of them.
        diagnostics: Vec<Diagnostic>,
        /// As a terminal shows them, without colour.
        rendered: String,
    },
    /// The database's structure could not be read or changed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The database's content could not be read or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A migration or a plan that failed, or did not do what it promises.
    #[error(transparent)]
    Apply(Box<ApplyError>),
    /// A refusal with its reason: pending migrations, a destructive change without consent, a label that is not there.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// A schema that can't become tables in this database.
    pub(crate) fn unfit(error: glaze_converge::desired::DesiredError) -> Error {
        Error::Config(error.to_string())
    }

    /// Stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Config(_) => "config",
            Error::Io { .. } => "io",
            Error::Schema { .. } => "schema",
            Error::Database(DatabaseError::Unavailable(_)) | Error::Store(StoreError::Unavailable(_)) => "database_unavailable",
            Error::Database(DatabaseError::Refused { .. }) => "database_refused",
            Error::Database(DatabaseError::Locked(_)) => "database_locked",
            Error::Database(DatabaseError::Blocked { .. }) => "database_blocked",
            Error::Apply(error) => match **error {
                ApplyError::Unproven { .. } => "unproven",
                ApplyError::Partly { .. } => "partly_applied",
                _ => "apply_failed",
            },
            Error::Database(DatabaseError::Introspection(_)) => "introspection",
            Error::Store(_) => "store",
            Error::Refused(_) => "refused",
        }
    }

    /// An I/O error with its file.
    pub fn io(what: &'static str, path: &Path, source: std::io::Error) -> Error {
        Error::Io {
            what,
            path: path.display().to_string(),
            source,
        }
    }
}

impl From<glaze_app::Problem> for Error {
    /// An operation's failure, with its cause: this goes to the operator, not to a client.
    fn from(problem: glaze_app::Problem) -> Error {
        let mut text = problem.detail.clone();
        for error in &problem.errors {
            text += &format!("; {}: {}", error.path, error.message);
        }
        if let Some(cause) = &problem.cause {
            text += &format!(" ({cause})");
        }
        match problem.status() {
            400..500 => Error::Refused(text),
            _ => Error::Config(text),
        }
    }
}
