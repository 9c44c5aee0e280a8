//! SQLite's errors as those of the port.

use glaze_data::store::StoreError;
use rusqlite::{Error, ErrorCode};

/// What a statement's failure means.
pub fn from_sqlite(error: &Error) -> StoreError {
    let Error::SqliteFailure(code, message) = error else {
        return StoreError::Other(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| code.to_string());
    match code.code {
        ErrorCode::OperationInterrupted => StoreError::Timeout,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Conflict,
        ErrorCode::CannotOpen | ErrorCode::DiskFull | ErrorCode::ReadOnly => StoreError::Unavailable(message),
        ErrorCode::ConstraintViolation => constraint(code.extended_code, &message),
        ErrorCode::TooBig => StoreError::Value(message),
        _ => StoreError::Other(message),
    }
}

fn constraint(extended: i32, message: &str) -> StoreError {
    use rusqlite::ffi;
    let detail = message.split_once(": ").map_or("", |(_, detail)| detail);
    let (table, columns) = named(detail);
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            StoreError::Unique { table, columns }
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => StoreError::NotNull {
            table,
            column: columns.into_iter().next().unwrap_or_default(),
        },
        // SQLite names neither table nor column.
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::ForeignKey {
            table: String::new(),
            columns: Vec::new(),
            referenced: false,
        },
        // `ON DELETE RESTRICT` refuses as a trigger would.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message.starts_with("FOREIGN KEY") => StoreError::ForeignKey {
            table: String::new(),
            columns: Vec::new(),
            referenced: true,
        },
        ffi::SQLITE_CONSTRAINT_CHECK => StoreError::Check {
            table: String::new(),
            name: detail.to_owned(),
        },
        ffi::SQLITE_CONSTRAINT_DATATYPE => StoreError::Value(message.to_owned()),
        _ => StoreError::Other(message.to_owned()),
    }
}

/// `posts.slug, posts.locale` (or `index 'name'`): the table and its columns.
fn named(detail: &str) -> (String, Vec<String>) {
    if let Some(index) = detail.strip_prefix("index '") {
        return (String::new(), vec![index.trim_end_matches('\'').to_owned()]);
    }
    let mut table = String::new();
    let columns = detail.split(", ").filter_map(|part| part.rsplit_once('.')).map(|(of, column)| {
        table = of.to_owned();
        column.to_owned()
    });
    let columns = columns.collect();
    (table, columns)
}
