//! Bringing the log into the file beside the writing instead of in it. A thread of its own copies most of the pages while writes go on;
//! what came meanwhile, a few pages, the writing thread adds, so that the log can begin anew: one that is always written to never ends
//! otherwise. Nothing here touches durability: a write is acknowledged once the log is on the disk, whoever copies it later.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use glaze_data::store::StoreError;
use rusqlite::Connection;

/// Pages in the log from which on they are brought into the file (16 MB). A small entry changes a dozen pages, mostly the same ones as
/// its neighbours: the longer it waits, the less is written twice.
const MANY: i64 = 4000;
/// Pages from which on writes wait for it (128 MB).
const TOO_MANY: i64 = 8 * MANY;

const IDLE: u8 = 0;
const RUNNING: u8 = 1;
const DONE: u8 = 2;

/// What the writing thread knows of it.
pub struct Checkpointer {
    wake: Sender<()>,
    state: Arc<AtomicU8>,
}

/// Of the pages in the log: all, and those that are in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Log {
    pages: i64,
    copied: i64,
}

impl Checkpointer {
    /// Starts the thread. `connect` opens its connection when it is first needed.
    ///
    /// # Errors
    /// When there can be no more threads.
    pub fn start(connect: impl Fn() -> Result<Connection, StoreError> + Send + 'static) -> Result<Checkpointer, StoreError> {
        let (wake, woken) = bounded(1);
        let state = Arc::new(AtomicU8::new(IDLE));
        let shared = state.clone();
        let run = move || run(&connect, &woken, &shared);
        let spawned = thread::Builder::new().name("glaze-checkpoint".to_owned()).spawn(run);
        spawned
            .map(|_| Checkpointer { wake, state })
            .map_err(|error| StoreError::Unavailable(format!("a thread could not be started: {error}")))
    }

    /// Called by the writing thread when everybody has been answered.
    pub fn after_commit(&self, writing: &Connection) {
        let Ok(log) = look(writing) else { return };
        let waiting = log.pages - log.copied;
        match self.state.load(Ordering::Acquire) {
            DONE => {
                self.state.store(IDLE, Ordering::Relaxed);
                copy(writing);
            }
            RUNNING if waiting < TOO_MANY => {}
            IDLE if waiting < MANY => {}
            IDLE if waiting < TOO_MANY => {
                self.state.store(RUNNING, Ordering::Relaxed);
                if self.wake.try_send(()).is_err() {
                    self.state.store(DONE, Ordering::Relaxed);
                }
            }
            _ => copy(writing),
        }
    }
}

fn run(connect: &dyn Fn() -> Result<Connection, StoreError>, woken: &Receiver<()>, state: &AtomicU8) {
    let mut connection = None;
    while woken.recv().is_ok() {
        if connection.is_none() {
            connection = connect()
                .map_err(|error| tracing::warn!(%error, "the log is brought into the file by the writing thread alone"))
                .ok();
        }
        if let Some(connection) = &connection {
            copy(connection);
        }
        state.store(DONE, Ordering::Release);
    }
}

fn look(connection: &Connection) -> rusqlite::Result<Log> {
    let mut statement = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?;
    statement.query_row([], |row| {
        Ok(Log {
            pages: row.get(1)?,
            copied: row.get(2)?,
        })
    })
}

/// As much as can be copied without anybody waiting. What fails now is done the next time.
fn copy(connection: &Connection) {
    let copied = connection
        .prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")
        .and_then(|mut statement| statement.query_row([], |_| Ok(())));
    if let Err(error) = copied {
        tracing::warn!(%error, "the log was not brought into the file");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn open(path: &std::path::Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0")
            .unwrap();
        connection
    }

    #[test]
    fn the_log_stays_small_under_writes_that_never_pause() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let writing = open(&path);
        writing.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, text BLOB)").unwrap();
        let other = path.clone();
        let checkpointer = Checkpointer::start(move || Ok(open(&other))).unwrap();
        let (mut most, mut restarts, mut last) = (0, 0, 0);
        let begun = Instant::now();
        while restarts < 2 {
            writing.execute("INSERT INTO t (text) VALUES (zeroblob(400000))", []).unwrap();
            writing.execute("DELETE FROM t", []).unwrap();
            let log = look(&writing).unwrap();
            restarts += i32::from(log.pages < last);
            (last, most) = (log.pages, most.max(log.pages));
            checkpointer.after_commit(&writing);
            assert!(begun.elapsed() < Duration::from_secs(60), "the log never began anew: {log:?}");
        }
        assert!(most < TOO_MANY + MANY, "{most} pages");
    }

    #[test]
    fn looking_copies_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let writing = open(&folder.path().join("test.db"));
        writing.execute_batch("CREATE TABLE t (a INTEGER)").unwrap();
        let log = look(&writing).unwrap();
        assert!(log.pages > 0 && log.copied == 0, "{log:?}");
        assert_eq!(look(&writing).unwrap(), log);
    }
}
