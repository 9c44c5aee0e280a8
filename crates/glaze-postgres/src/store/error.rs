//! PostgreSQL's errors as those of the port.

use glaze_data::store::StoreError;
use tokio_postgres::{Error, error::DbError};

use crate::connect::chain;

/// What a statement's failure means.
pub fn from_postgres(error: &Error) -> StoreError {
    match error.as_db_error() {
        Some(db) => from_server(db),
        None if error.is_closed() => StoreError::Unavailable("the connection was closed".to_owned()),
        None => match error.source_text() {
            Some(text) => StoreError::Value(text),
            None => StoreError::Unavailable(chain(error)),
        },
    }
}

trait SourceText {
    fn source_text(&self) -> Option<String>;
}

impl SourceText for Error {
    /// The reason why a parameter could not be written: ours, see [`super::params`].
    fn source_text(&self) -> Option<String> {
        use std::error::Error as _;
        let source = self.source()?;
        source.downcast_ref::<super::params::Unfit>().map(ToString::to_string)
    }
}

/// Whether a statement prepared earlier no longer fits the tables: preparing it anew helps.
pub fn is_stale(error: &Error) -> bool {
    error
        .as_db_error()
        .is_some_and(|db| db.code().code() == "0A000" && db.message().contains("cached plan"))
}

fn from_server(db: &DbError) -> StoreError {
    let table = || db.table().unwrap_or_default().to_owned();
    match db.code().code() {
        "23505" => StoreError::Unique {
            table: table(),
            columns: key_columns(db).unwrap_or_else(|| named(db)),
        },
        "23503" => StoreError::ForeignKey {
            table: table(),
            columns: key_columns(db).unwrap_or_default(),
            referenced: db.detail().is_some_and(|detail| detail.contains("still referenced")),
        },
        "23001" => StoreError::ForeignKey {
            table: table(),
            columns: Vec::new(),
            referenced: true,
        },
        "23514" => StoreError::Check {
            table: table(),
            name: db.constraint().unwrap_or_default().to_owned(),
        },
        "23502" => StoreError::NotNull {
            table: table(),
            column: db.column().unwrap_or_default().to_owned(),
        },
        "23P01" => StoreError::Unique {
            table: table(),
            columns: named(db),
        },
        "57014" => StoreError::Timeout,
        "55P03" | "40001" | "40P01" => StoreError::Conflict,
        code if code.starts_with("22") => StoreError::Value(db.message().to_owned()),
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => {
            StoreError::Unavailable(db.message().to_owned())
        }
        code => StoreError::Other(format!("{} ({code})", db.message())),
    }
}

fn named(db: &DbError) -> Vec<String> {
    db.constraint().map(str::to_owned).into_iter().collect()
}

/// The columns of `Key (slug, locale)=(a, b) already exists.`; none when it is over expressions.
fn key_columns(db: &DbError) -> Option<Vec<String>> {
    let (_, rest) = db.detail()?.split_once("Key (")?;
    let (columns, _) = rest.split_once(")=(")?;
    if columns.contains('(') {
        return None;
    }
    Some(columns.split(", ").map(|column| column.trim_matches('"').to_owned()).collect())
}
