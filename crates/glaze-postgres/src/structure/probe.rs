//! Probes: questions about rows that may take only so long and leave nothing behind.

use std::time::Duration;

use glaze_converge::port::DatabaseError;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::refused;

/// Whether a text is a value of a type. There while a probe runs that mentions it.
pub(super) const FITS: &str = "pg_temp.glaze_fits";

/// `pg_input_is_valid` came with PostgreSQL 16 only.
const MAKE_FITS: &str = "CREATE FUNCTION pg_temp.glaze_fits(value text, type text) RETURNS boolean LANGUAGE plpgsql AS $glaze$ \
     BEGIN EXECUTE format('SELECT CAST(%L AS %s)', value, type); RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $glaze$;";

/// The statement was cancelled, here by its timeout.
const CANCELLED: &str = "57014";

/// The rows of a query; none when it took too long. `inside` says that a transaction is open, which must not be harmed.
pub(super) async fn probe(
    client: &Client,
    sql: &str,
    within: Duration,
    inside: bool,
) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
    let (begin, end) = match inside {
        true => (
            "SAVEPOINT glaze_probe",
            "ROLLBACK TO SAVEPOINT glaze_probe; RELEASE SAVEPOINT glaze_probe",
        ),
        false => ("BEGIN", "ROLLBACK"),
    };
    let fits = if sql.contains(FITS) { MAKE_FITS } else { "" };
    let timeout = within.as_millis().max(1);
    // The query is a message of its own: the timeout of a message is the one that was set when it came.
    let set = format!("{begin}; SET LOCAL statement_timeout = {timeout}; SET LOCAL lock_timeout = {timeout}; {fits}");
    let answer = match client.batch_execute(&set).await {
        Ok(()) => client.simple_query(sql).await,
        Err(error) => Err(error),
    };
    if !client.is_closed() {
        client.batch_execute(end).await.map_err(|error| refused(&error, end))?;
    }
    match answer {
        Ok(messages) => Ok(Some(rows(&messages))),
        Err(error) if error.code().is_some_and(|code| code.code() == CANCELLED) => Ok(None),
        Err(error) => Err(refused(&error, sql)),
    }
}

/// The rows among the messages, as text.
pub(super) fn rows(messages: &[SimpleQueryMessage]) -> Vec<Vec<Option<String>>> {
    messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        })
        .collect()
}
