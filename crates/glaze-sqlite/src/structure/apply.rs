//! The `Database` port: one connection on a thread of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use crossbeam_channel::Sender;
use glaze_converge::catalog::Catalog;
use glaze_converge::port::{AppliedMigration, Content, Database, DatabaseError, Holder, Patience, Scope, Scratch};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::introspect::introspect;
use super::session::{BUSY, Session, refused};
use super::{journal, lock, probe, scratch};

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// A SQLite database whose structure is read and changed.
#[derive(Debug, Clone)]
pub struct SqliteDatabase {
    jobs: Sender<Job>,
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
        let mut session = Session::new(connection, path);
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

/// The rows of a query, as text.
pub(super) fn rows(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<Vec<Option<String>>>> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|at| Ok(text_of(row.get_ref(at)?))).collect())?;
    rows.collect()
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
        self.with(move |session| rows(&session.connection, &sql).map_err(|error| refused(&error, &sql)))
            .await
    }

    async fn probe(&self, sql: &str, within: Duration) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
        let sql = sql.to_owned();
        self.with(move |session| probe::probe(&mut session.connection, &sql, within)).await
    }

    async fn has_journal(&self) -> Result<bool, DatabaseError> {
        self.with(|session| journal::exists(&session.connection).map_err(|error| refused(&error, "read the journal")))
            .await
    }

    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError> {
        self.with(|session| journal::all(&session.connection).map_err(|error| refused(&error, "read the journal")))
            .await
    }

    async fn lock(&self, owner: &str, patience: &Patience) -> Result<(), DatabaseError> {
        let (owner, patience) = (owner.to_owned(), *patience);
        self.with(move |session| session.lock(&owner, &patience)).await
    }

    async fn unlock(&self) -> Result<(), DatabaseError> {
        self.with(Session::unlock).await
    }

    async fn holder(&self) -> Result<Option<Holder>, DatabaseError> {
        self.with(|session| Ok(lock::holder(&session.path))).await
    }

    fn exclusive(&self) -> bool {
        true
    }

    async fn begin(&self) -> Result<(), DatabaseError> {
        self.with(Session::begin).await
    }

    async fn commit(&self) -> Result<(), DatabaseError> {
        self.with(Session::commit).await
    }

    async fn rollback(&self) -> Result<(), DatabaseError> {
        self.with(Session::rollback).await
    }

    async fn step(&self, statement: &str) -> Result<u64, DatabaseError> {
        let statement = statement.to_owned();
        self.with(move |session| session.step(&statement)).await
    }

    async fn forget(&self, migration: &str) -> Result<(), DatabaseError> {
        let name = migration.to_owned();
        self.with(move |session| journal::forget(&session.connection, &name).map_err(|error| refused(&error, "write the journal")))
            .await
    }

    async fn scratch(&self, content: Content) -> Result<Scratch, DatabaseError> {
        self.with(move |session| scratch::make(&session.connection, content)).await
    }

    async fn discard(&self, scratch: Scratch) -> Result<(), DatabaseError> {
        drop(scratch.database);
        scratch::remove(&scratch.place)
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
