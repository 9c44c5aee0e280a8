//! The one writing thread: what waits is committed together, each piece of work under its own savepoint, so that a failure of one
//! does not touch the others and one `fsync` serves all.

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use glaze_data::store::StoreError;
use rusqlite::Connection;

use super::{checkpoint::Checkpointer, company::Company, deadline::Deadline, error::from_sqlite, pool::contained, session::Session};

/// A piece of work for the writing thread.
pub trait Work: Send {
    /// Does it, inside a savepoint. `false` rolls back what it did, and so does a panic. May be called again when the commit of a group fails.
    fn run(&mut self, session: &Session<'_>) -> bool;

    /// The end: committed (or rolled back as it asked), or the reason why the whole transaction failed. Answers whoever waits.
    fn done(self: Box<Self>, result: Result<(), StoreError>);
}

/// Sets write-ahead logging. Kept in the file.
///
/// # Errors
/// When somebody else uses the file.
pub fn use_wal(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
}

/// Until nobody can send any more.
pub fn run(mut connection: Connection, queue: &Receiver<Box<dyn Work>>, group: usize, limit: Duration, checkpointer: &Checkpointer) {
    let deadline = match Deadline::watch(&mut connection, limit) {
        Ok(deadline) => deadline,
        Err(error) => return tracing::error!(%error, "the writing connection could not be set up"),
    };
    let session = Session::new(&connection, deadline.clone());
    let mut company = Company::new(queue, group);
    let mut wal = false;
    while let Ok(first) = queue.recv() {
        if !wal {
            wal = use_wal(&connection).is_ok();
        }
        let mut works = vec![first];
        let outcome = transaction(&session, &deadline, &mut works, Some(&mut company));
        match outcome {
            Err(error) if works.len() > 1 && retry_alone(&error) => {
                for work in works {
                    let mut alone = vec![work];
                    let outcome = transaction(&session, &deadline, &mut alone, None);
                    finish(alone, outcome);
                }
            }
            outcome => finish(works, outcome),
        }
        checkpointer.after_commit(&connection);
    }
}

fn finish(works: Vec<Box<dyn Work>>, outcome: Result<(), StoreError>) {
    for work in works {
        work.done(outcome.clone());
    }
}

/// A constraint that is checked at the commit failed: one of the group is at fault, the others are not.
fn retry_alone(error: &StoreError) -> bool {
    !matches!(error, StoreError::Unavailable(_) | StoreError::Conflict | StoreError::Timeout)
}

/// Runs the works in one transaction, with those that come in meanwhile.
fn transaction(
    session: &Session<'_>,
    deadline: &Deadline,
    works: &mut Vec<Box<dyn Work>>,
    mut company: Option<&mut Company<'_>>,
) -> Result<(), StoreError> {
    let execute = |sql: &str| {
        let mut statement = session.conn.prepare_cached(sql).map_err(|error| from_sqlite(&error))?;
        statement.raw_execute().map(drop).map_err(|error| from_sqlite(&error))
    };
    let mut all = || {
        execute("BEGIN IMMEDIATE")?;
        let (mut at, mut waited) = (0, Duration::ZERO);
        loop {
            if at == works.len() {
                let next = company.as_ref().and_then(|company| company.next(at, &mut waited));
                match next {
                    Some(work) => works.push(work),
                    None => break,
                }
            }
            execute("SAVEPOINT work")?;
            deadline.start();
            let keep = contained("a write", || works[at].run(session)).unwrap_or(false);
            deadline.stop();
            if !keep {
                execute("ROLLBACK TO work")?;
            }
            execute("RELEASE work")?;
            at += 1;
        }
        let from = Instant::now();
        execute("COMMIT")?;
        if let Some(company) = &mut company {
            company.committed(at, from.elapsed());
        }
        Ok(())
    };
    let outcome = all();
    deadline.stop();
    if outcome.is_err() && !session.conn.is_autocommit() {
        let _ = execute("ROLLBACK");
    }
    outcome
}
