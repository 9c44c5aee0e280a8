//! The time limit of statements, watched by SQLite's progress handler.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

/// Operations of SQLite's virtual machine between two looks at the clock (some tenths of a millisecond).
const OPERATIONS: i32 = 20_000;

/// When the work of a connection must be done.
#[derive(Clone)]
pub struct Deadline {
    begun: Instant,
    limit: Duration,
    /// Milliseconds after `begun`; 0 is never.
    at: Arc<AtomicU64>,
}

impl Deadline {
    /// Watches over a connection.
    ///
    /// # Errors
    /// When the handler can't be installed.
    pub fn watch(conn: &mut Connection, limit: Duration) -> rusqlite::Result<Deadline> {
        let deadline = Deadline {
            begun: Instant::now(),
            limit,
            at: Arc::new(AtomicU64::new(0)),
        };
        let watched = deadline.clone();
        conn.progress_handler(OPERATIONS, Some(move || watched.is_over()))?;
        Ok(deadline)
    }

    /// The limit begins now.
    pub fn start(&self) {
        if !self.limit.is_zero() {
            self.at
                .store((self.begun.elapsed() + self.limit).as_millis() as u64, Ordering::Relaxed);
        }
    }

    /// No limit until the next start (commits must not be cut off).
    pub fn stop(&self) {
        self.at.store(0, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        let at = self.at.load(Ordering::Relaxed);
        at != 0 && self.begun.elapsed().as_millis() as u64 > at
    }
}
