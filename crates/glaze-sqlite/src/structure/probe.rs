//! Probes: questions about rows that may take only so long.

use std::time::{Duration, Instant};

use glaze_converge::port::DatabaseError;
use rusqlite::{Connection, ErrorCode};

use super::session::refused;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: i32 = 10_000;

/// The rows of a query; none when it took too long.
pub(super) fn probe(connection: &mut Connection, sql: &str, within: Duration) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
    let end = Instant::now() + within;
    connection
        .progress_handler(STEPS, Some(move || Instant::now() >= end))
        .map_err(|error| refused(&error, sql))?;
    let answer = super::apply::rows(connection, sql);
    connection
        .progress_handler(0, None::<fn() -> bool>)
        .map_err(|error| refused(&error, sql))?;
    match answer {
        Ok(rows) => Ok(Some(rows)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(None),
        Err(error) => Err(refused(&error, sql)),
    }
}
