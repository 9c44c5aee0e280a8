//! The port to a database's structure: what introspection, probes and apply need. Content goes through `glaze_data::store`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::catalog::{Catalog, ObjectName};

/// What part of a database is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Schemas, where the database has them; empty means its default one (`public`).
    pub schemas: Vec<String>,
    /// Patterns (`cms_*`) of tables that are ours; empty means all in those schemas.
    pub owns: Vec<String>,
    /// Patterns of tables to leave out.
    pub ignore: Vec<String>,
    /// Tables whose structure somebody else owns (`#[entity(external)]`).
    pub external: Vec<ObjectName>,
    /// Whether tables in which migration tools keep their books count too: they do between two databases.
    pub tool_tables: bool,
}

/// Why the database did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DatabaseError {
    /// No connection.
    #[error("cannot reach the database: {0}")]
    Unavailable(String),
    /// It refused a statement; with its own words, and the statement.
    #[error("{message}\n  in: {statement}")]
    Refused {
        /// The database's message.
        message: String,
        /// SQLSTATE or the like.
        code: String,
        /// The statement.
        statement: String,
    },
    /// Another migrator holds the lock, and still did after the time we wait.
    #[error("another migration is running on this database{}; try again when it is done", held_by(.0.as_ref()))]
    Locked(Option<Holder>),
    /// Somebody else's transaction stood in the way of a statement. Nothing of it has happened; it can be tried again.
    #[error("{message}\n  in: {statement}")]
    Blocked {
        /// What stood in the way, as far as it can be seen.
        message: String,
        /// The statement.
        statement: String,
    },
    /// Something in the catalog that cannot be understood.
    #[error("cannot read the structure of the database: {0}")]
    Introspection(String),
}

/// Who holds the migration lock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Who (`user@host`), as they called themselves.
    pub by: String,
    /// Process on their machine, or of the server.
    pub process: u32,
    /// Since when, RFC 3339.
    pub since: String,
    /// Whether the process is still there; `None` when that cannot be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alive: Option<bool>,
}

fn held_by(holder: Option<&Holder>) -> String {
    holder.map_or_else(String::new, |holder| {
        format!(": {} (process {}, since {})", holder.by, holder.process, holder.since)
    })
}

/// How long to wait for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the migration lock.
    pub migrator: Duration,
    /// How long one statement may stand in line for a lock. Whoever comes after it waits too, so this is short.
    pub statement: Duration,
    /// How often a statement is tried again after that, with growing pauses.
    pub tries: u32,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            migrator: Duration::from_secs(10),
            statement: Duration::from_secs(4),
            tries: 5,
        }
    }
}

impl Patience {
    /// How long to pause after so many tries.
    pub fn pause(&self, tries: u32) -> Duration {
        Duration::from_millis(250) * 2u32.saturating_pow(tries.saturating_sub(1).min(5))
    }
}

/// What became of a statement of which it is not known whether it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// What it makes is there, what it takes away is gone.
    Done,
    /// It has not run, or running it again does no harm.
    NotDone,
    /// It ran halfway: run `undo` (outside a transaction), then the statement again.
    Half {
        /// Statement that takes away what was left.
        undo: String,
        /// What was found.
        found: String,
    },
    /// The database does not show it.
    Unknown,
}

/// What a scratch database begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// All of this database. [`DatabaseError::Blocked`] where it cannot be copied as a whole just now.
    Copy,
}

/// A database made for a rehearsal; given back with [`Database::discard`].
#[derive(Clone)]
pub struct Scratch {
    /// The database.
    pub database: Arc<dyn Database>,
    /// What [`Database::discard`] needs to find it again.
    pub place: String,
}

/// One row of `glaze.migrations`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedMigration {
    /// Number and name (`0007_add_excerpt`).
    pub name: String,
    /// SHA-256 of the file, hexadecimal.
    pub hash: String,
    /// Statements done so far.
    pub statements_done: u32,
    /// Statements in the file.
    pub statements: u32,
    /// Finished.
    pub finished: bool,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Who ran it (`user@host`, or the actor of the admin).
    pub by: String,
    /// The file as it was run; `None` in rows that an older Glaze has written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

/// A database whose structure Glaze reads and changes.
#[async_trait]
pub trait Database: Send + Sync {
    /// `postgres`, `sqlite`, …: name of the folder under `migrations/`.
    fn dialect(&self) -> &'static str;
    /// What is there.
    async fn introspect(&self, scope: &Scope) -> Result<Catalog, DatabaseError>;
    /// Expressions of `desired` (checks, defaults, generated columns, index conditions) as this database would give them back, where
    /// rules alone don't settle it. `current` is what introspection read: what it has already need not be asked again.
    async fn canonicalise(&self, desired: &Catalog, _current: &Catalog) -> Result<Catalog, DatabaseError> {
        Ok(desired.clone())
    }
    /// One query that gives rows of text, for probes (`count(*)`, sample values).
    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError>;
    /// As [`Database::query`], for a question about rows: stopped after a time (then there is no answer), and nothing that it does
    /// lasts.
    async fn probe(&self, sql: &str, within: Duration) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError>;
    /// Whether `glaze.migrations` is there.
    async fn has_journal(&self) -> Result<bool, DatabaseError>;
    /// Migrations that were applied, in order; empty when there is no journal yet. Creates nothing.
    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError>;
    /// Takes the migration lock for `owner` (`user@host`) until [`Database::unlock`] or the end of the process. Writes nothing.
    async fn lock(&self, owner: &str, patience: &Patience) -> Result<(), DatabaseError>;
    /// Gives the lock back.
    async fn unlock(&self) -> Result<(), DatabaseError>;
    /// Who holds the lock, or held it and died: asked by those who do not.
    async fn holder(&self) -> Result<Option<Holder>, DatabaseError>;
    /// While the lock is held nobody else can write.
    fn exclusive(&self) -> bool {
        false
    }
    /// Begins a transaction: reads, statements and journal rows are part of it until [`Database::commit`] or
    /// [`Database::rollback`].
    async fn begin(&self) -> Result<(), DatabaseError>;
    /// Makes it last. Whatever the database checks at the end is checked; when this fails, roll back.
    async fn commit(&self) -> Result<(), DatabaseError>;
    /// As if it had not been.
    async fn rollback(&self) -> Result<(), DatabaseError>;
    /// Keeps others from writing to these tables until the end of the transaction, where [`Database::exclusive`] does not.
    async fn hold(&self, _tables: &[ObjectName]) -> Result<(), DatabaseError> {
        Ok(())
    }
    /// Runs one statement, in the transaction when there is one; gives the number of rows it changed.
    async fn step(&self, statement: &str) -> Result<u64, DatabaseError>;
    /// What became of a statement that cannot be in a transaction.
    async fn effect(&self, _statement: &str) -> Result<Effect, DatabaseError> {
        Ok(Effect::Unknown)
    }
    /// Statements that take away what failed attempts have left (indexes whose concurrent building failed), each with what it is
    /// about.
    async fn leftovers(&self) -> Result<Vec<(String, String)>, DatabaseError> {
        Ok(Vec::new())
    }
    /// Takes a row out of the journal (repair).
    async fn forget(&self, migration: &str) -> Result<(), DatabaseError>;
    /// Makes a database of the same kind beside this one, for a rehearsal.
    async fn scratch(&self, content: Content) -> Result<Scratch, DatabaseError>;
    /// Takes a scratch database away.
    async fn discard(&self, scratch: Scratch) -> Result<(), DatabaseError>;
    /// Writes a journal row; makes the journal when it is not there.
    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError>;
    /// Runs statements outside any migration (system tables, scratch work), in one transaction where the database allows.
    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError>;
}
