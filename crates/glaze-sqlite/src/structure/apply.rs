//! The `Database` port: one connection on a thread of its own.
//!
//! The lock is the database's own: from `lock` to `unlock` there is one `BEGIN IMMEDIATE` transaction, and each migration is a
//! savepoint in it. A process that dies leaves neither a lock nor a half-applied migration behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use crossbeam_channel::Sender;
use glaze_converge::catalog::Catalog;
use glaze_converge::port::{AppliedMigration, Database, DatabaseError, Scope};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::{introspect::introspect, journal};

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// How long to wait for whoever is writing.
const BUSY: Duration = Duration::from_secs(10);

/// A SQLite database whose structure is read and changed.
#[derive(Debug, Clone)]
pub struct SqliteDatabase {
    jobs: Sender<Job>,
}

struct Session {
    connection: Connection,
    path: PathBuf,
    locked: bool,
}

impl SqliteDatabase {
    /// Opens the database, making the file when it is not there. Takes a path or a URL (`sqlite:data.db`, `file:data.db`).
    ///
    /// # Errors
    /// When the file cannot be opened or is not a database.
    pub fn open(place: impl AsRef<Path>) -> Result<SqliteDatabase, DatabaseError> {
        Self::open_with(place.as_ref(), OpenFlags::default())
    }

    /// Opens a database that is there.
    ///
    /// # Errors
    /// When there is no such file, or it is not a database.
    pub fn open_existing(place: impl AsRef<Path>) -> Result<SqliteDatabase, DatabaseError> {
        Self::open_with(place.as_ref(), OpenFlags::default() & !OpenFlags::SQLITE_OPEN_CREATE)
    }

    fn open_with(place: &Path, flags: OpenFlags) -> Result<SqliteDatabase, DatabaseError> {
        let path = path_of(place);
        let unavailable = |error: rusqlite::Error| DatabaseError::Unavailable(format!("{}: {error}", path.display()));
        let connection = Connection::open_with_flags(&path, flags).map_err(unavailable)?;
        connection.busy_timeout(BUSY).map_err(unavailable)?;
        connection
            .execute_batch("PRAGMA foreign_keys = ON; SELECT count(*) FROM sqlite_schema;")
            .map_err(unavailable)?;
        crate::store::functions::register(&connection).map_err(unavailable)?;
        let (jobs, queue) = crossbeam_channel::unbounded::<Job>();
        let mut session = Session {
            connection,
            path,
            locked: false,
        };
        std::thread::Builder::new()
            .name("glaze-sqlite-structure".to_owned())
            .spawn(move || {
                for job in queue {
                    job(&mut session);
                }
            })
            .map_err(|error| DatabaseError::Unavailable(error.to_string()))?;
        Ok(SqliteDatabase { jobs })
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |session| {
            // Nobody waits any longer when this fails.
            let _ = reply.send(work(session));
        });
        let gone = || DatabaseError::Unavailable("the connection's thread has ended".to_owned());
        self.jobs.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// `sqlite:data.db`, `sqlite://data.db`, `sqlite:///var/data.db`, `file:data.db` and plain paths.
fn path_of(place: &Path) -> PathBuf {
    let text = place.to_string_lossy();
    let rest = ["sqlite://", "sqlite:", "file://", "file:"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix));
    match rest {
        Some(rest) => PathBuf::from(rest.split('?').next().unwrap_or(rest)),
        None => place.to_path_buf(),
    }
}

fn refused(error: &rusqlite::Error, statement: &str) -> DatabaseError {
    let code = error
        .sqlite_error()
        .map(|error| error.extended_code.to_string())
        .unwrap_or_default();
    if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) {
        return DatabaseError::Locked;
    }
    DatabaseError::Refused {
        message: error.to_string(),
        code,
        statement: statement.to_owned(),
    }
}

impl Session {
    fn batch(&self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.execute_batch(sql).map_err(|error| refused(&error, sql))
    }

    /// Runs `work` so that all of it happens or nothing, with foreign keys not enforced meanwhile but checked at the end.
    fn atomically<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T, DatabaseError>) -> Result<T, DatabaseError> {
        let own = !self.locked;
        if own {
            self.lock()?;
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
            self.unlock()?;
        }
        done
    }

    fn lock(&mut self) -> Result<(), DatabaseError> {
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

    fn unlock(&mut self) -> Result<(), DatabaseError> {
        if !self.locked {
            return Ok(());
        }
        self.locked = false;
        let done = self.batch("COMMIT");
        if done.is_err() {
            self.batch("ROLLBACK")?;
        }
        self.batch("PRAGMA foreign_keys = ON")?;
        done
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

fn text_of(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

#[async_trait]
impl Database for SqliteDatabase {
    fn dialect(&self) -> &'static str {
        "sqlite"
    }

    async fn introspect(&self, scope: &Scope) -> Result<Catalog, DatabaseError> {
        let scope = scope.clone();
        self.with(move |session| introspect(&session.connection, &scope).map_err(|error| DatabaseError::Introspection(error.to_string())))
            .await
    }

    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let sql = sql.to_owned();
        self.with(move |session| {
            let read = || -> rusqlite::Result<_> {
                let mut statement = session.connection.prepare(&sql)?;
                let width = statement.column_count();
                let rows = statement.query_map([], |row| (0..width).map(|at| Ok(text_of(row.get_ref(at)?))).collect())?;
                rows.collect()
            };
            read().map_err(|error| refused(&error, &sql))
        })
        .await
    }

    async fn has_journal(&self) -> Result<bool, DatabaseError> {
        self.with(|session| journal::exists(&session.connection).map_err(|error| refused(&error, "read the journal")))
            .await
    }

    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError> {
        self.with(|session| journal::all(&session.connection).map_err(|error| refused(&error, "read the journal")))
            .await
    }

    async fn lock(&self) -> Result<(), DatabaseError> {
        self.with(Session::lock).await
    }

    async fn unlock(&self) -> Result<(), DatabaseError> {
        self.with(Session::unlock).await
    }

    async fn run(&self, migration: &AppliedMigration, statements: &[String], _transactional: bool) -> Result<(), DatabaseError> {
        let (mut migration, statements) = (migration.clone(), statements.to_vec());
        self.with(move |session| {
            session.atomically(|session| {
                let start = Instant::now();
                for statement in statements.iter().skip(migration.statements_done as usize) {
                    session.batch(statement)?;
                }
                migration.statements_done = migration.statements;
                migration.finished = true;
                migration.duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
                journal::write(&session.connection, &migration).map_err(|error| refused(&error, "write the journal"))
            })
        })
        .await
    }

    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError> {
        let migration = migration.clone();
        self.with(move |session| journal::write(&session.connection, &migration).map_err(|error| refused(&error, "write the journal")))
            .await
    }

    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError> {
        let statements = statements.to_vec();
        self.with(move |session| session.atomically(|session| statements.iter().try_for_each(|statement| session.batch(statement))))
            .await
    }
}
