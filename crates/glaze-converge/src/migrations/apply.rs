//! Running migrations, and what can be wrong with their history.

use glaze_model::Model;
use serde::{Deserialize, Serialize};

use super::folder::{Entry, Folder, FolderError, hash};
use crate::catalog::Catalog;
use crate::dialect::CatalogDialect;
use crate::diff::compare_catalogs;
use crate::port::{AppliedMigration, Database, DatabaseError, Scope};
use crate::system::{SystemError, ensure_system};

/// Something wrong between the folder and the database's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryProblem {
    /// `edited`, `missing_file`, `unknown_applied`, `out_of_order`, `unfinished`, `unlisted`, `forked`
    pub code: String,
    /// The migration.
    pub migration: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Where a database stands in the folder's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Applied, in order.
    pub applied: Vec<String>,
    /// Still to be applied, in order.
    pub pending: Vec<Entry>,
    /// What is wrong; with any of these nothing is applied.
    pub problems: Vec<HistoryProblem>,
}

/// Why applying stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The system's tables could not be made.
    #[error(transparent)]
    System(#[from] SystemError),
    /// The history is not in order.
    #[error("{}", .0.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n"))]
    History(Vec<HistoryProblem>),
    /// A migration failed; what came before it is applied.
    #[error("{migration} failed: {error}")]
    Failed {
        /// Which.
        migration: String,
        /// Why.
        error: DatabaseError,
    },
    /// It ran, and the database is not what it should be.
    #[error("after {migration} the database is not what the migration promises: {}", .differences.join(", "))]
    Unproven {
        /// Which.
        migration: String,
        /// `kind object`, as seen from the database.
        differences: Vec<String>,
    },
}

/// How to apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// What part of the database is ours.
    pub scope: Scope,
    /// Who does it (`user@host`).
    pub by: String,
    /// The time, RFC 3339.
    pub now: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Migrations that ran.
    pub ran: Vec<String>,
    /// The baseline that the database was found to have already.
    pub adopted: Option<String>,
}

/// Compares the folder with a database's journal.
///
/// # Errors
/// When a file cannot be read.
pub fn history(folder: &Folder, journal: &[AppliedMigration]) -> Result<History, FolderError> {
    let mut out = History::default();
    let problem = |code: &str, migration: &str, message: String| HistoryProblem {
        code: code.to_owned(),
        migration: migration.to_owned(),
        message,
    };
    let mut parent = String::new();
    for entry in &folder.journal.entries {
        let name = entry.full_name();
        if entry.parent_hash != parent {
            let message =
                format!("{name} starts from another state than the migration before it leaves: two branches met; make the later one again");
            out.problems.push(problem("forked", &name, message));
        }
        parent.clone_from(&entry.state_hash);
        let sql = folder.sql(entry)?;
        match (journal.iter().find(|row| row.name == name), sql) {
            (_, None) => {
                let message = format!("the file of {name} is missing: bring it back from version control");
                out.problems.push(problem("missing_file", &name, message));
            }
            (Some(row), Some(_)) if !row.finished => {
                let message = format!(
                    "{name} stopped after {} of {} statements: apply again to go on",
                    row.statements_done, row.statements
                );
                out.problems.push(problem("unfinished", &name, message));
                out.pending.push(entry.clone());
            }
            (Some(row), Some(sql)) => {
                if row.hash != hash(sql.as_bytes()) {
                    let message =
                        format!("{name} was edited after it was applied: undo the edit, and write what you meant as a new migration");
                    out.problems.push(problem("edited", &name, message));
                }
                if !out.pending.is_empty() {
                    let message = format!(
                        "{name} was applied before {}: another branch's migration came in between",
                        out.pending[0].full_name()
                    );
                    out.problems.push(problem("out_of_order", &name, message));
                }
                out.applied.push(name);
            }
            (None, Some(_)) => out.pending.push(entry.clone()),
        }
    }
    for row in journal {
        if !folder.journal.entries.iter().any(|entry| entry.full_name() == row.name) {
            let message = format!(
                "the database has {}, which is not in the migrations folder: another branch's; bring it in first",
                row.name
            );
            out.problems.push(problem("unknown_applied", &row.name, message));
        }
    }
    for name in folder.unlisted()? {
        let message =
            format!("{name}.sql is in the folder and not in journal.json: take it away, or make it again with `glaze migrate generate`");
        out.problems.push(problem("unlisted", &name, message));
    }
    Ok(out)
}

/// The history of a database. A database that holds what the baseline says counts as having it, without a journal and without
/// anything being written.
///
/// # Errors
/// When the folder or the database cannot be read.
pub async fn history_of(
    folder: &Folder,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
) -> Result<History, ApplyError> {
    let mut out = history(folder, &database.journal().await?)?;
    if let Some(first) = out.pending.first().filter(|entry| entry.baseline && out.applied.is_empty())
        && out.problems.is_empty()
        && has(folder, first, database, dialect, scope).await?
    {
        out.applied.push(out.pending.remove(0).full_name());
    }
    Ok(out)
}

/// Applies what is pending: under the lock, with the hashes checked before and the result proven after.
///
/// # Errors
/// When the history is not in order, a statement fails, or the result is not what was promised.
pub async fn apply(
    folder: &Folder,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    builtin: &Model,
    options: &ApplyOptions,
) -> Result<Applied, ApplyError> {
    let before = history_of(folder, database, dialect, &options.scope).await?;
    check(&before)?;
    if before.pending.is_empty() {
        return Ok(Applied::default());
    }
    database.lock().await?;
    let done = locked(folder, database, dialect, builtin, options).await;
    let unlocked = database.unlock().await;
    let done = done?;
    unlocked?;
    Ok(done)
}

fn check(history: &History) -> Result<(), ApplyError> {
    let problems: Vec<HistoryProblem> = history
        .problems
        .iter()
        .filter(|problem| problem.code != "unfinished")
        .cloned()
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::History(problems))
    }
}

async fn locked(
    folder: &Folder,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    builtin: &Model,
    options: &ApplyOptions,
) -> Result<Applied, ApplyError> {
    ensure_system(builtin, database, dialect).await?;
    let journal = database.journal().await?;
    let state = history(folder, &journal)?;
    check(&state)?;
    let mut out = Applied::default();
    let mut last = None;
    for entry in &state.pending {
        let (name, sql) = (entry.full_name(), folder.sql(entry)?.unwrap_or_default());
        let statements = dialect.split(&sql);
        let known = journal.iter().find(|row| row.name == name);
        let count = u32::try_from(statements.len()).unwrap_or(u32::MAX);
        let mut migration = AppliedMigration {
            name: name.clone(),
            hash: hash(sql.as_bytes()),
            statements_done: known.map_or(0, |row| row.statements_done),
            statements: count,
            finished: false,
            started_at: options.now.clone(),
            duration_ms: 0,
            by: options.by.clone(),
        };
        if entry.baseline && state.applied.is_empty() && known.is_none() && has(folder, entry, database, dialect, &options.scope).await? {
            migration.statements_done = count;
            migration.finished = true;
            database.record(&migration).await?;
            out.adopted = Some(name);
            continue;
        }
        let transactional = !statements.iter().any(|statement| dialect.outside_transaction(statement));
        let ran = database.run(&migration, &statements, transactional).await;
        ran.map_err(|error| ApplyError::Failed {
            migration: name.clone(),
            error,
        })?;
        out.ran.push(name);
        last = Some(entry);
    }
    if let Some(entry) = last {
        let differences = prove(&folder.snapshot(entry)?.catalog, database, dialect, &options.scope).await?;
        if !differences.is_empty() {
            return Err(ApplyError::Unproven {
                migration: entry.full_name(),
                differences,
            });
        }
    }
    Ok(out)
}

/// What is different in the database from a catalog, as `kind object`; empty when they say the same.
///
/// # Errors
/// When the database cannot be read.
pub async fn prove(
    catalog: &Catalog,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
) -> Result<Vec<String>, DatabaseError> {
    let mut current = database.introspect(scope).await?;
    dialect.normalise(&mut current);
    let promised = database.canonicalise(catalog, &current).await?;
    let steps = compare_catalogs(&promised, &current, dialect);
    Ok(steps.iter().map(|step| format!("{} {}", step.kind(), step.object())).collect())
}

/// Whether the database holds what the baseline says.
async fn has(
    folder: &Folder,
    entry: &Entry,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
) -> Result<bool, ApplyError> {
    let snapshot = folder.snapshot(entry)?;
    Ok(prove(&snapshot.catalog, database, dialect, scope).await?.is_empty())
}
