//! The port that data adapters implement. Synchronous databases run a [`Job`] on their writer thread, asynchronous ones on a
//! connection of the pool: the life of a write is written once, over [`Tx`].

use std::{any::Any, sync::Arc};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use glaze_model::Value;

use crate::bound::{Args, BoundAggregate, BoundRead, Delete, Insert, Link, Load, Record, Update};

/// A read compiled for this store: statements and row plans. Opaque to everybody else; made once per shape of query and kept.
#[derive(Clone)]
pub struct Prepared(pub Arc<dyn Any + Send + Sync>);

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prepared")
    }
}

/// Rows as JSON bytes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// A JSON array for lists, an object for one entry, empty when the one entry is not there. What was in the buffer handed to
    /// [`Store::read`] stands before it.
    pub body: Vec<u8>,
    /// Rows in the body.
    pub rows: usize,
    /// Order values of the first and the last row, when the page can be continued from them.
    pub edges: Option<(Vec<Value>, Vec<Value>)>,
    /// There are more rows beyond the page in its direction.
    pub more: bool,
    /// All matching rows, when counting was asked for.
    pub total: Option<u64>,
}

/// Why a store could not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique key has that value already.
    #[error("a unique constraint of table {table} is violated on ({})", columns.join(", "))]
    Unique {
        /// Table.
        table: String,
        /// Columns of the key; for an index over expressions, its name.
        columns: Vec<String>,
    },
    /// The row referred to is not there, or rows still refer to this one.
    #[error("a foreign key of table {table} is violated on ({})", columns.join(", "))]
    ForeignKey {
        /// Table that has the key.
        table: String,
        /// Its columns (may be empty when the database does not say which).
        columns: Vec<String>,
        /// Whether rows still refer to the one removed or changed (else: the target is missing).
        referenced: bool,
    },
    /// A check of the database refused a value.
    #[error("check {name} of table {table} refused the values")]
    Check {
        /// Table.
        table: String,
        /// Name of the check, or its text.
        name: String,
    },
    /// A column without a value.
    #[error("column {column} of table {table} needs a value")]
    NotNull {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// A value the database can't store in that column (out of range, too long, bad format of a native type).
    #[error("a value does not fit its column: {0}")]
    Value(String),
    /// The statement took longer than allowed.
    #[error("the statement took longer than the limit")]
    Timeout,
    /// Somebody else changed the same rows at the same time; a repetition may succeed.
    #[error("another transaction got in the way")]
    Conflict,
    /// No connection, or too busy.
    #[error("the database is not reachable: {0}")]
    Unavailable(String),
    /// The store can't say this (a function or operator it lacks).
    #[error("not supported by this database: {0}")]
    Unsupported(String),
    /// Anything else, with the database's own words. For the log, never for a client.
    #[error("the database refused: {0}")]
    Other(String),
}

/// What runs inside one transaction: all of it happens, or nothing. May run again after [`StoreError::Conflict`].
/// It must only await the [`Tx`] it is given: the embedded database runs it on its one writer thread.
pub trait Job: Send + Sync {
    /// Does it. An error rolls everything back.
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>>;
}

/// What a job gives back.
pub type JobOutput = Box<dyn Any + Send>;

/// Why a job gave up: the store's reasons, or its own (a refused policy, a failed validation), which is handed through as it is.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database's reason.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The job's own reason.
    #[error("the job refused")]
    Refused(Box<dyn Any + Send>),
}

/// A transaction that is open.
#[async_trait]
pub trait Tx: Send {
    /// Rows as values.
    async fn load(&mut self, load: &Load, args: &Args) -> Result<Vec<Record>, StoreError>;
    /// Number of rows that match.
    async fn count(&mut self, load: &Load, args: &Args) -> Result<u64, StoreError>;
    /// New rows; gives their keys in order.
    async fn insert(&mut self, insert: &Insert, args: &Args) -> Result<Vec<Vec<Value>>, StoreError>;
    /// Number of rows changed.
    async fn update(&mut self, update: &Update, args: &Args) -> Result<u64, StoreError>;
    /// Number of rows removed.
    async fn delete(&mut self, delete: &Delete, args: &Args) -> Result<u64, StoreError>;
    /// Adds rows to a join table; pairs that are there already stay.
    async fn link(&mut self, link: &Link) -> Result<(), StoreError>;
    /// Adds rows to join tables, for many rows at once where the database can.
    async fn link_all(&mut self, links: &[Link]) -> Result<(), StoreError> {
        for link in links {
            self.link(link).await?;
        }
        Ok(())
    }
    /// Removes rows from a join table.
    async fn unlink(&mut self, link: &Link) -> Result<(), StoreError>;
    /// Makes the join table hold exactly these targets for the row.
    async fn relink(&mut self, link: &Link) -> Result<(), StoreError>;
    /// Rows as JSON, as they are inside the transaction.
    async fn read(&mut self, read: &Prepared, args: &Args) -> Result<Answer, StoreError>;
    /// The same for several arguments, at once where the database can.
    async fn read_all(&mut self, read: &Prepared, args: &[Args]) -> Result<Vec<Answer>, StoreError> {
        let mut all = Vec::with_capacity(args.len());
        for args in args {
            all.push(self.read(read, args).await?);
        }
        Ok(all)
    }
}

/// A database that holds content.
#[async_trait]
pub trait Store: Send + Sync {
    /// Compiles a read. Cheap enough to call per request on a cache hit by shape; callers keep what they use often.
    fn prepare(&self, read: &BoundRead) -> Result<Prepared, StoreError>;
    /// The statement that finds the rows of a compiled read, for people; `None` where a store has none to show.
    fn sql(&self, _read: &Prepared) -> Option<String> {
        None
    }
    /// Runs a compiled read. `body` may hold the beginning of the answer; the rows are appended to it.
    async fn read(&self, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError>;
    /// Aggregates, as a JSON array of objects.
    async fn aggregate(&self, aggregate: &BoundAggregate, args: &Args) -> Result<Vec<u8>, StoreError>;
    /// Runs a job in one transaction.
    async fn transact(&self, job: Arc<dyn Job>) -> Result<JobOutput, JobError>;
    /// One insert with its links, answered by `read` for the new row's key (put into `Args::key`): one statement where the database can.
    /// Only for inserts that need no judging inside the transaction.
    async fn insert_one(&self, insert: &Insert, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError>;
    /// One update of one row by key, answered by `read`; an empty body when no row matched. One statement where the database can.
    async fn update_one(&self, update: &Update, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
