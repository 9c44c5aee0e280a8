//! The connection and its transactions.
//!
//! The lock is the database's own: from `lock` to `unlock` there is one `BEGIN IMMEDIATE` transaction, and each migration is a
//! savepoint in it. A process that dies leaves neither a lock nor a half-applied migration behind.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use glaze_converge::port::{DatabaseError, Patience};
use rusqlite::Connection;

use super::lock;

/// How long to wait for whoever is writing.
pub(super) const BUSY: Duration = Duration::from_secs(10);

pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    /// The transaction of the migration lock is open.
    locked: bool,
    /// A transaction was begun; whether it took the lock for itself.
    work: Option<bool>,
}

pub(super) fn refused(error: &rusqlite::Error, statement: &str) -> DatabaseError {
    let code = error
        .sqlite_error()
        .map(|error| error.extended_code.to_string())
        .unwrap_or_default();
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) {
        return DatabaseError::Blocked {
            message: format!(
                "another process writes to this database and has not ended within {} s",
                BUSY.as_secs()
            ),
            statement: statement.to_owned(),
        };
    }
    DatabaseError::Refused {
        message: error.to_string(),
        code,
        statement: statement.to_owned(),
    }
}

impl Session {
    pub(super) fn new(connection: Connection, path: PathBuf) -> Session {
        Session {
            connection,
            path,
            locked: false,
            work: None,
        }
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.execute_batch(sql).map_err(|error| refused(&error, sql))
    }

    /// Runs `work` so that all of it happens or nothing, with foreign keys not enforced meanwhile but checked at the end.
    pub(super) fn atomically<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T, DatabaseError>) -> Result<T, DatabaseError> {
        let own = !self.locked;
        if own {
            self.seize()?;
        }
        let done = self.batch("SAVEPOINT glaze_step").and_then(|()| {
            let done = work(self).and_then(|done| self.check_keys().map(|()| done));
            match &done {
                Ok(_) => self.batch("RELEASE glaze_step")?,
                Err(_) => self.batch("PRAGMA legacy_alter_table = OFF; ROLLBACK TO glaze_step; RELEASE glaze_step")?,
            }
            done
        });
        if own {
            self.release()?;
        }
        done
    }

    /// Takes SQLite's own lock for writing: it goes with the process.
    pub(super) fn lock(&mut self, owner: &str, patience: &Patience) -> Result<(), DatabaseError> {
        let waited = self
            .connection
            .busy_timeout(patience.migrator)
            .map_err(|error| refused(&error, "busy_timeout"))
            .and_then(|()| self.seize());
        self.connection
            .busy_timeout(BUSY)
            .map_err(|error| refused(&error, "busy_timeout"))?;
        match waited {
            Err(DatabaseError::Blocked { .. }) => Err(DatabaseError::Locked(lock::holder(&self.path))),
            Err(error) => Err(error),
            Ok(()) => {
                lock::write(&self.path, owner);
                Ok(())
            }
        }
    }

    fn seize(&mut self) -> Result<(), DatabaseError> {
        if self.locked {
            return Ok(());
        }
        // Has no effect inside a transaction, hence before it.
        self.batch("PRAGMA foreign_keys = OFF")?;
        if let Err(error) = self.batch("BEGIN IMMEDIATE") {
            self.batch("PRAGMA foreign_keys = ON")?;
            return Err(error);
        }
        self.locked = true;
        Ok(())
    }

    pub(super) fn unlock(&mut self) -> Result<(), DatabaseError> {
        if !self.locked {
            return Ok(());
        }
        lock::remove(&self.path);
        self.release()
    }

    fn release(&mut self) -> Result<(), DatabaseError> {
        self.locked = false;
        let mut done = Ok(());
        if !self.connection.is_autocommit() {
            done = self.batch("COMMIT");
            if done.is_err() {
                self.batch("ROLLBACK")?;
            }
        }
        self.batch("PRAGMA foreign_keys = ON")?;
        done
    }

    /// A savepoint in the lock's transaction; in one of its own when nobody holds the lock.
    pub(super) fn begin(&mut self) -> Result<(), DatabaseError> {
        let own = !self.locked;
        self.seize()?;
        if let Err(error) = self.batch("SAVEPOINT glaze_work") {
            if own {
                self.release()?;
            }
            return Err(error);
        }
        self.work = Some(own);
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<(), DatabaseError> {
        self.check_keys()?;
        self.batch("RELEASE glaze_work")?;
        match self.work.take() {
            Some(true) => self.release(),
            _ => Ok(()),
        }
    }

    pub(super) fn rollback(&mut self) -> Result<(), DatabaseError> {
        let own = self.work.take();
        if self.connection.is_autocommit() {
            // SQLite has rolled back everything by itself, the lock included (disk full and the like).
            lock::remove(&self.path);
            return self.release();
        }
        self.batch("PRAGMA legacy_alter_table = OFF; ROLLBACK TO glaze_work; RELEASE glaze_work")?;
        match own {
            Some(true) => self.release(),
            _ => Ok(()),
        }
    }

    /// Runs a statement; gives the rows it changed.
    pub(super) fn step(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        let before = self.connection.total_changes();
        self.batch(statement)?;
        Ok(self.connection.total_changes().saturating_sub(before))
    }

    /// No row may point at nothing that did not do so before.
    fn check_keys(&self) -> Result<(), DatabaseError> {
        let broken = violations(&self.connection)?;
        if broken.is_empty() {
            return Ok(());
        }
        // Another connection still sees the state before the transaction.
        let before = Connection::open(&self.path)
            .map_err(|error| refused(&error, "open"))
            .and_then(|other| {
                other.busy_timeout(BUSY).map_err(|error| refused(&error, "busy_timeout"))?;
                violations(&other)
            })?;
        let worse = broken
            .iter()
            .find(|(place, count)| before.get(*place).is_none_or(|known| known < *count));
        match worse {
            None => Ok(()),
            Some(((table, parent), count)) => Err(DatabaseError::Refused {
                message: format!("{count} row(s) of {table} refer to rows of {parent} that are not there"),
                code: "foreign_key_check".to_owned(),
                statement: "PRAGMA foreign_key_check".to_owned(),
            }),
        }
    }
}

fn violations(connection: &Connection) -> Result<BTreeMap<(String, String), u64>, DatabaseError> {
    const SQL: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2";
    let read = || -> rusqlite::Result<_> {
        let mut statement = connection.prepare(SQL)?;
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs())))?;
        rows.collect()
    };
    // A key whose parent table or unique index is missing makes the pragma itself fail: that was so before, or a later
    // statement of the database complains in its own words.
    match read() {
        Ok(found) => Ok(found),
        Err(error) if error.to_string().contains("foreign key mismatch") => Ok(BTreeMap::new()),
        Err(error) => Err(refused(&error, SQL)),
    }
}
