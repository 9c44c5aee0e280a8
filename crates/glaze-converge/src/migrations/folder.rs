//! Reading and writing the folder.

use std::path::{Path, PathBuf};

use glaze_model::Model;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::effects::Effects;
use crate::catalog::Catalog;
use crate::names::hex;

/// Version of the snapshot and journal formats.
pub const VERSION: u32 = 1;

/// The state that a migration leads to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Format version.
    pub version: u32,
    /// Hash of model and catalog.
    pub hash: String,
    /// Hash of the snapshot before, empty for the first.
    pub parent_hash: String,
    /// The model, with stable ids.
    pub model: Model,
    /// The catalog as the migrations make it.
    pub catalog: Catalog,
    /// What the migration does to tables as a whole; `None` in snapshots of an older Glaze.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Effects>,
}

impl Snapshot {
    /// A snapshot of this state.
    pub fn new(model: Model, catalog: Catalog, parent_hash: &str) -> Snapshot {
        let text = serde_json::to_string(&(&model, &catalog)).unwrap_or_default();
        Snapshot {
            version: VERSION,
            hash: hash(text.as_bytes()),
            parent_hash: parent_hash.to_owned(),
            model,
            catalog,
            effects: None,
        }
    }

    /// With what the migration does to tables.
    #[must_use]
    pub fn with_effects(mut self, effects: Effects) -> Snapshot {
        self.effects = Some(effects);
        self
    }
}

/// `journal.json`: the migrations in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    /// Format version.
    pub version: u32,
    /// Entries in order.
    pub entries: Vec<Entry>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Number, from 0.
    pub number: u32,
    /// Name without the number.
    pub name: String,
    /// SHA-256 of the file as it was generated.
    pub file_hash: String,
    /// Hash of the state it starts from.
    pub parent_hash: String,
    /// Hash of the state it leads to.
    pub state_hash: String,
    /// When it was generated, RFC 3339.
    pub created_at: String,
    /// The database had all this already when the project began; a database that looks like it counts as having it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub baseline: bool,
}

impl Entry {
    /// `0007_add_excerpt`
    pub fn full_name(&self) -> String {
        format!("{:04}_{}", self.number, self.name)
    }
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {reason}")]
    Format {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
}

/// The migrations of one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// `migrations/<dialect>`
    pub path: PathBuf,
    /// What is in it; empty when there is no folder yet.
    pub journal: Journal,
}

impl Folder {
    /// Opens `root/<dialect>`; a folder that is not there yet is empty.
    ///
    /// # Errors
    /// When the journal is there and cannot be read.
    pub fn open(root: &Path, dialect: &str) -> Result<Folder, FolderError> {
        let path = root.join(dialect);
        let journal = match read_optional(&path.join("journal.json"))? {
            Some(text) => parse(&path.join("journal.json"), &text)?,
            None => Journal {
                version: VERSION,
                entries: Vec::new(),
            },
        };
        Ok(Folder { path, journal })
    }

    /// The last snapshot; `None` when there are no migrations.
    ///
    /// # Errors
    /// When it is missing or broken.
    pub fn latest(&self) -> Result<Option<Snapshot>, FolderError> {
        self.journal.entries.last().map(|entry| self.snapshot(entry)).transpose()
    }

    /// The snapshot of an entry.
    ///
    /// # Errors
    /// When it is missing or broken.
    pub fn snapshot(&self, entry: &Entry) -> Result<Snapshot, FolderError> {
        let path = self.snapshot_path(entry);
        let text = std::fs::read_to_string(&path).map_err(|source| io(&path, source))?;
        parse(&path, &text)
    }

    /// The SQL text of an entry; `None` when the file is missing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sql(&self, entry: &Entry) -> Result<Option<String>, FolderError> {
        read_optional(&self.sql_path(entry))
    }

    /// Place of an entry's SQL file.
    pub fn sql_path(&self, entry: &Entry) -> PathBuf {
        self.path.join(format!("{}.sql", entry.full_name()))
    }

    /// Place of an entry's snapshot.
    pub fn snapshot_path(&self, entry: &Entry) -> PathBuf {
        self.path.join("meta").join(format!("{:04}.snapshot.json", entry.number))
    }

    /// SQL files in the folder that the journal does not list: another branch's, or lost entries.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn unlisted(&self) -> Result<Vec<String>, FolderError> {
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(io(&self.path, source)),
        };
        let mut out = Vec::new();
        for entry in entries {
            let name = entry
                .map_err(|source| io(&self.path, source))?
                .file_name()
                .to_string_lossy()
                .into_owned();
            if let Some(name) = name.strip_suffix(".sql")
                && !self.journal.entries.iter().any(|entry| entry.full_name() == name)
            {
                out.push(name.to_owned());
            }
        }
        out.sort();
        Ok(out)
    }

    /// Adds a migration: its SQL, its snapshot, and last the journal, so that a crash leaves no entry without its files.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn add(&mut self, entry: Entry, sql: &str, snapshot: &Snapshot) -> Result<Vec<PathBuf>, FolderError> {
        let meta = self.path.join("meta");
        std::fs::create_dir_all(&meta).map_err(|source| io(&meta, source))?;
        let (sql_path, snapshot_path, journal_path) = (self.sql_path(&entry), self.snapshot_path(&entry), self.path.join("journal.json"));
        let mut journal = self.journal.clone();
        journal.version = VERSION;
        journal.entries.push(entry);
        write(&snapshot_path, &json(&snapshot_path, snapshot)?)?;
        write(&sql_path, sql)?;
        write(&journal_path, &json(&journal_path, &journal)?)?;
        self.journal = journal;
        Ok(vec![sql_path, snapshot_path, journal_path])
    }

    /// Writes the journal with the hashes of the files as they are now (repair after editing by hand).
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn rehash(&mut self) -> Result<(), FolderError> {
        let mut journal = self.journal.clone();
        for entry in &mut journal.entries {
            if let Some(sql) = self.sql(entry)? {
                entry.file_hash = hash(sql.as_bytes());
            }
        }
        self.journal = journal;
        self.save().map(drop)
    }

    /// Writes `journal.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> Result<PathBuf, FolderError> {
        let path = self.path.join("journal.json");
        write(&path, &json(&path, &self.journal)?)?;
        Ok(path)
    }
}

/// What the journal keeps of a file's text.
pub fn file_hash(sql: &str) -> String {
    hash(sql.as_bytes())
}

/// SHA-256, hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn io(path: &Path, source: std::io::Error) -> FolderError {
    FolderError::Io {
        path: path.display().to_string(),
        source,
    }
}

pub(super) fn read_optional(path: &Path) -> Result<Option<String>, FolderError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io(path, source)),
    }
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, FolderError> {
    serde_json::from_str(text).map_err(|error| FolderError::Format {
        path: path.display().to_string(),
        reason: error.to_string(),
    })
}

pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<String, FolderError> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| FolderError::Format {
        path: path.display().to_string(),
        reason: error.to_string(),
    })?;
    Ok(text + "\n")
}

/// Beside it first, then in its place: a reader sees the old file or the new one.
pub(super) fn write(path: &Path, text: &str) -> Result<(), FolderError> {
    let beside = path.with_extension("tmp");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|source| io(path, source))
}
