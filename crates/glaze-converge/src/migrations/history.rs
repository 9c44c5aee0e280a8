//! The folder against a database's journal: what was applied, what waits, and what does not fit.

use serde::{Deserialize, Serialize};

use super::apply::ApplyError;
use super::folder::{Entry, Folder, FolderError, hash};
use super::proof::prove;
use crate::dialect::CatalogDialect;
use crate::port::{AppliedMigration, Database, Scope};

/// Something wrong between the folder and the database's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryProblem {
    /// `edited`, `missing_file`, `missing_snapshot`, `unknown_applied`, `out_of_order`, `unfinished`, `unlisted`, `forked`
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
    /// What is wrong; with any of these, but `unfinished`, nothing is applied.
    pub problems: Vec<HistoryProblem>,
}

impl History {
    fn problem(&mut self, code: &str, migration: &str, message: String) {
        self.problems.push(HistoryProblem {
            code: code.to_owned(),
            migration: migration.to_owned(),
            message,
        });
    }

    fn entry(&mut self, folder: &Folder, entry: &Entry, row: Option<&AppliedMigration>) -> Result<(), FolderError> {
        let name = entry.full_name();
        if !folder.snapshot_path(entry).exists() {
            let message = format!("the snapshot of {name} (meta/{:04}.snapshot.json) is missing", entry.number);
            self.problem("missing_snapshot", &name, message);
        }
        let Some(sql) = folder.sql(entry)? else {
            let message = format!("the file of {name} is missing: bring it back from version control");
            self.problem("missing_file", &name, message);
            return Ok(());
        };
        match row {
            None => self.pending.push(entry.clone()),
            Some(row) if !row.finished => {
                let message = format!(
                    "{name} stopped after {} of {} statements: apply again to go on",
                    row.statements_done, row.statements
                );
                self.problem("unfinished", &name, message);
                self.pending.push(entry.clone());
            }
            Some(row) => {
                if row.hash != hash(sql.as_bytes()) {
                    let message =
                        format!("{name} was edited after it was applied: undo the edit, and write what you meant as a new migration");
                    self.problem("edited", &name, message);
                }
                if let Some(waiting) = self.pending.first().map(Entry::full_name) {
                    let message = format!("{name} was applied before {waiting}: another branch's migration came in between");
                    self.problem("out_of_order", &name, message);
                }
                self.applied.push(name);
            }
        }
        Ok(())
    }
}

/// Compares the folder with a database's journal.
///
/// # Errors
/// When a file cannot be read.
pub fn history(folder: &Folder, journal: &[AppliedMigration]) -> Result<History, FolderError> {
    let mut out = History::default();
    let mut parent = String::new();
    for entry in &folder.journal.entries {
        let name = entry.full_name();
        if entry.parent_hash != parent {
            let message =
                format!("{name} starts from another state than the migration before it leaves: two branches met; make the later one again");
            out.problem("forked", &name, message);
        }
        parent.clone_from(&entry.state_hash);
        out.entry(folder, entry, journal.iter().find(|row| row.name == name))?;
    }
    for row in journal {
        if !folder.journal.entries.iter().any(|entry| entry.full_name() == row.name) {
            let message = format!(
                "the database has {}, which is not in the migrations folder: another branch's; bring it in first",
                row.name
            );
            out.problem("unknown_applied", &row.name, message);
        }
    }
    for name in folder.unlisted()? {
        let message =
            format!("{name}.sql is in the folder and not in journal.json: take it away, or make it again with `glaze migrate generate`");
        out.problem("unlisted", &name, message);
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

/// Whether the database holds what the baseline says.
pub(super) async fn has(
    folder: &Folder,
    entry: &Entry,
    database: &dyn Database,
    dialect: &dyn CatalogDialect,
    scope: &Scope,
) -> Result<bool, ApplyError> {
    let snapshot = folder.snapshot(entry)?;
    Ok(prove(&snapshot.catalog, database, dialect, scope).await?.is_empty())
}
