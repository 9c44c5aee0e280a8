//! What the server says, in the words of the port.

use glaze_converge::port::DatabaseError;

use crate::connect::{ConnectError, chain};

/// The driver's error as the port's.
pub(crate) fn refused(error: &tokio_postgres::Error, statement: &str) -> DatabaseError {
    let Some(db) = error.as_db_error() else {
        return DatabaseError::Unavailable(chain(error));
    };
    let mut message = db.message().to_owned();
    for (word, more) in [("", db.detail()), ("hint: ", db.hint())] {
        if let Some(more) = more {
            message = format!("{message}\n  {word}{more}");
        }
    }
    DatabaseError::Refused {
        message,
        code: db.code().code().to_owned(),
        statement: statement.trim().to_owned(),
    }
}

impl From<ConnectError> for DatabaseError {
    fn from(error: ConnectError) -> DatabaseError {
        DatabaseError::Unavailable(error.to_string())
    }
}
