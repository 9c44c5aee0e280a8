//! The history for people and the admin: every migration with its SQL, and who ran it when.

use serde::{Deserialize, Serialize};

use super::folder::{Folder, FolderError, hash};
use crate::port::AppliedMigration;

/// One migration of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// `0007_add_excerpt`
    pub name: String,
    /// Its file, relative to the folder; `None` when it is not there (any more).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// `applied`, `unfinished`, `pending`
    pub state: LogState,
    /// When it was applied, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<String>,
    /// Who ran it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Statements done, of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statements: Option<(u32, u32)>,
    /// What ran; of a pending one, what would run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// The file says something else by now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
}

/// Whether a migration was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogState {
    /// Yes.
    Applied,
    /// Begun and interrupted.
    Unfinished,
    /// Not yet.
    Pending,
}

/// The history: the folder's migrations in order, then those of the journal that the folder does not have.
///
/// # Errors
/// When a file cannot be read.
pub fn log(folder: &Folder, journal: &[AppliedMigration]) -> Result<Vec<LogEntry>, FolderError> {
    let mut out = Vec::new();
    for entry in &folder.journal.entries {
        let name = entry.full_name();
        let text = folder.sql(entry)?;
        let row = journal.iter().find(|row| row.name == name);
        out.push(line(&name, text, row));
    }
    let listed = |name: &str| folder.journal.entries.iter().any(|entry| entry.full_name() == name);
    out.extend(
        journal
            .iter()
            .filter(|row| !listed(&row.name))
            .map(|row| line(&row.name, None, Some(row))),
    );
    Ok(out)
}

fn line(name: &str, text: Option<String>, row: Option<&AppliedMigration>) -> LogEntry {
    let state = match row {
        Some(row) if row.finished => LogState::Applied,
        Some(_) => LogState::Unfinished,
        None => LogState::Pending,
    };
    let edited = text.as_ref().zip(row).is_some_and(|(text, row)| hash(text.as_bytes()) != row.hash);
    LogEntry {
        name: name.to_owned(),
        file: text.is_some().then(|| format!("{name}.sql")),
        state,
        applied_at: row.map(|row| row.started_at.clone()),
        by: row.map(|row| row.by.clone()),
        duration_ms: row.map(|row| row.duration_ms),
        statements: row.map(|row| (row.statements_done, row.statements)),
        // Who edited an applied file has not changed what ran.
        sql: row.and_then(|row| row.sql.clone()).or(text.filter(|_| !edited)),
        edited,
    }
}
