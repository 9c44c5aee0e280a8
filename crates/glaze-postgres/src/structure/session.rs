//! The working connection: opened with settings that decide how PostgreSQL spells things, patient with locks but not for long,
//! and able to say who stood in the way.

use std::{
    sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering},
    time::Duration,
};

use glaze_converge::port::{DatabaseError, Patience};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{SESSION, refused};
use crate::connect::Target;

/// Who keeps a backend waiting, what it does and since when.
const BLOCKERS: &str = "SELECT 'process ' || a.pid || ' (' || coalesce(a.usename, '?') || coalesce(', ' || nullif(a.application_name, ''), '') \
     || ', ' || coalesce(a.state, '?') || coalesce(' for ' || extract(epoch FROM now() - a.state_change)::bigint || ' s', '') || '): ' \
     || coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 160), '') \
     FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids($1)) ORDER BY a.pid";

/// A connection that is made anew when it has ended, except inside a transaction.
pub(super) struct Session {
    target: Target,
    client: Mutex<Option<Client>>,
    /// The server's process of the connection.
    process: AtomicI32,
    open: AtomicBool,
    lock_timeout_ms: AtomicU64,
}

impl Session {
    pub(super) fn new(target: Target) -> Session {
        Session {
            target,
            client: Mutex::new(None),
            process: AtomicI32::new(0),
            open: AtomicBool::new(false),
            lock_timeout_ms: AtomicU64::new(millis(Patience::default().statement)),
        }
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Whether a transaction is open that [`Session::begin`] began.
    pub(super) fn in_transaction(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    pub(super) fn set_lock_timeout(&self, timeout: Duration) {
        self.lock_timeout_ms.store(millis(timeout), Ordering::SeqCst);
    }

    /// The connection, made anew when the last one ended.
    pub(super) async fn client(&self) -> Result<MappedMutexGuard<'_, Client>, DatabaseError> {
        let mut slot = self.client.lock().await;
        if slot.as_ref().is_none_or(Client::is_closed) {
            if self.in_transaction() {
                return Err(DatabaseError::Unavailable(
                    "the connection ended inside a transaction; nothing of it was kept".to_owned(),
                ));
            }
            *slot = Some(self.connect().await?);
        }
        MutexGuard::try_map(slot, Option::as_mut).map_err(|_| DatabaseError::Unavailable("the connection is gone".to_owned()))
    }

    /// Ends the connection; the next use makes another.
    pub(super) async fn close(&self) {
        self.client.lock().await.take();
    }

    async fn connect(&self) -> Result<Client, DatabaseError> {
        let client = self.target.connect().await?;
        batch(&client, &self.settings()).await?;
        const PROCESS: &str = "SELECT pg_backend_pid()";
        let rows = client.query_typed(PROCESS, &[]).await.map_err(|error| refused(&error, PROCESS))?;
        self.process.store(rows.first().map_or(0, |row| row.get(0)), Ordering::SeqCst);
        Ok(client)
    }

    fn settings(&self) -> String {
        format!("{SESSION}; SET lock_timeout = {}", self.lock_timeout_ms.load(Ordering::SeqCst))
    }

    /// Back to our settings, whatever a statement has set.
    pub(super) async fn reset(&self) -> Result<(), DatabaseError> {
        batch(&*self.client().await?, &self.settings()).await
    }

    pub(super) async fn begin(&self) -> Result<(), DatabaseError> {
        let client = self.client().await?;
        // A migration may set what it likes for itself, not for those that come after it.
        batch(&client, &self.settings()).await?;
        batch(&client, "BEGIN").await?;
        self.open.store(true, Ordering::SeqCst);
        Ok(())
    }

    pub(super) async fn commit(&self) -> Result<(), DatabaseError> {
        batch(&*self.client().await?, "COMMIT").await?;
        self.open.store(false, Ordering::SeqCst);
        Ok(())
    }

    pub(super) async fn rollback(&self) -> Result<(), DatabaseError> {
        // The server rolls back by itself when the connection has ended.
        let client = self.client().await;
        self.open.store(false, Ordering::SeqCst);
        match client {
            Ok(client) if !client.is_closed() => batch(&client, "ROLLBACK").await,
            _ => Ok(()),
        }
    }

    /// Runs a statement; gives the rows it changed. While it waits for a lock, it is found out for whom.
    pub(super) async fn step(&self, statement: &str) -> Result<u64, DatabaseError> {
        let client = self.client().await?;
        let timeout = Duration::from_millis(self.lock_timeout_ms.load(Ordering::SeqCst));
        let mut running = std::pin::pin!(client.simple_query(statement));
        let mut blockers = Vec::new();
        let done = tokio::select! {
            done = &mut running => done,
            () = tokio::time::sleep(timeout.mul_f32(0.7)) => {
                // Nobody to ask is no reason to stop.
                blockers = self.blockers().await.unwrap_or_default();
                running.await
            }
        };
        match done {
            Ok(messages) => Ok(changed(&messages)),
            Err(error) => Err(blocked(refused(&error, statement), timeout, &blockers)),
        }
    }

    async fn blockers(&self) -> Result<Vec<String>, DatabaseError> {
        let other = self.target.connect().await?;
        let process = self.process.load(Ordering::SeqCst);
        let rows = other
            .query_typed(BLOCKERS, &[(&process, tokio_postgres::types::Type::INT4)])
            .await
            .map_err(|error| refused(&error, BLOCKERS))?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }
}

/// Not granted in time, deadlock, could not serialise: nothing has happened, and it can be tried again.
fn blocked(error: DatabaseError, timeout: Duration, blockers: &[String]) -> DatabaseError {
    match error {
        DatabaseError::Refused { message, code, statement } if matches!(code.as_str(), "55P03" | "40P01" | "40001") => {
            let who = match blockers {
                [] => String::new(),
                some => format!("\n  in the way: {}", some.join("\n  in the way: ")),
            };
            let message = match code.as_str() {
                "55P03" => format!("the lock was not to be had within {} ms: {message}{who}", timeout.as_millis()),
                _ => format!("{message}{who}"),
            };
            DatabaseError::Blocked { message, statement }
        }
        other => other,
    }
}

fn changed(messages: &[SimpleQueryMessage]) -> u64 {
    let last = messages.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
        _ => None,
    });
    last.unwrap_or_default()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

pub(super) async fn batch(client: &Client, sql: &str) -> Result<(), DatabaseError> {
    client.batch_execute(sql).await.map_err(|error| refused(&error, sql))
}
