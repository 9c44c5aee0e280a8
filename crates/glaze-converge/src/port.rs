//! The port to a database's structure: what introspection, probes and apply need. Content goes through `glaze_data::store`.

use async_trait::async_trait;

use crate::catalog::Catalog;

/// What part of a database is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Schemas, where the database has them; empty means its default one (`public`).
    pub schemas: Vec<String>,
    /// Patterns (`cms_*`) of tables that are ours; empty means all in those schemas.
    pub owns: Vec<String>,
    /// Patterns of tables to leave out.
    pub ignore: Vec<String>,
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
    /// Another migrator holds the lock.
    #[error("another migration is running on this database; try again when it is done")]
    Locked,
    /// Something in the catalog that cannot be understood.
    #[error("cannot read the structure of the database: {0}")]
    Introspection(String),
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
    /// Whether `glaze.migrations` is there.
    async fn has_journal(&self) -> Result<bool, DatabaseError>;
    /// Migrations that were applied, in order; empty when there is no journal yet. Creates nothing.
    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError>;
    /// Takes the migration lock (made when missing, together with the system tables) until [`Database::unlock`] or the connection ends.
    async fn lock(&self) -> Result<(), DatabaseError>;
    /// Gives the lock back.
    async fn unlock(&self) -> Result<(), DatabaseError>;
    /// Runs a migration's statements from `migration.statements_done` on, with progress in the journal: in one transaction where the
    /// database allows and the file does not say otherwise, else statement by statement. Holds the lock.
    async fn run(&self, migration: &AppliedMigration, statements: &[String], transactional: bool) -> Result<(), DatabaseError>;
    /// Writes journal rows without running anything (baseline, repair).
    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError>;
    /// Runs statements outside any migration (system tables, scratch work), in one transaction where the database allows.
    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError>;
}
