//! Related rows, kept as they were written until the file changes. Lists show the same authors and tags again and again; finding
//! them costs more than all else of a list.
//!
//! A reading connection asks SQLite for the version of the data when the rows it belongs to are being read, so that both are of the same
//! state of the file: nothing is shown that another look-up in that transaction would not show. A change by anyone changes the version.

use std::collections::HashMap;

use glaze_data::store::StoreError;
use glaze_sql::query::plan::Child;
use rusqlite::{Connection, Row, types::ValueRef};

use super::{error::from_sqlite, session::cell};

/// Rows longer than this are not kept.
const LONG: usize = 4096;
/// What an entry takes beside its bytes, about.
const ENTRY: usize = 96;

/// What one connection keeps.
pub(super) struct Related {
    rows: HashMap<Vec<u8>, Box<[u8]>>,
    /// Bytes taken.
    taken: usize,
    /// Most bytes.
    most: usize,
    /// Version of the data that the rows are of.
    version: i64,
    /// The version was asked for since the statement in hand began.
    sure: bool,
}

/// What a look-up is about: its statement and the values of the parent's row.
pub(super) fn key(child: &Child, row: &Row<'_>) -> Result<Vec<u8>, StoreError> {
    let mut key = Vec::with_capacity(64);
    key.extend_from_slice(&child.node.statement.id.to_le_bytes());
    for at in &child.parent {
        let (tag, bytes): (u8, &[u8]) = match cell(row, *at)? {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(number) => (1, &number.to_le_bytes()),
            ValueRef::Real(number) => (2, &number.to_bits().to_le_bytes()),
            ValueRef::Text(text) => (3, text),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        key.push(tag);
        key.extend_from_slice(&bytes.len().to_le_bytes());
        key.extend_from_slice(bytes);
    }
    Ok(key)
}

impl Related {
    pub(super) fn new(most: usize) -> Related {
        Related {
            rows: HashMap::new(),
            taken: 0,
            most,
            version: 0,
            sure: false,
        }
    }

    /// The file may have changed.
    pub(super) fn doubt(&mut self) {
        self.sure = false;
    }

    /// Writes what is kept. To be called while a statement is being read, which pins the state of the file.
    pub(super) fn write(&mut self, conn: &Connection, key: &[u8], out: &mut Vec<u8>) -> Result<bool, StoreError> {
        if !self.sure {
            let version = version(conn).map_err(|error| from_sqlite(&error))?;
            if version != self.version {
                self.clear();
                self.version = version;
            }
            self.sure = true;
        }
        let Some(kept) = self.rows.get(key) else { return Ok(false) };
        out.extend_from_slice(kept);
        Ok(true)
    }

    /// Keeps what a look-up wrote.
    pub(super) fn keep(&mut self, key: Vec<u8>, written: &[u8]) {
        let size = key.len() + written.len() + ENTRY;
        if written.len() > LONG || size > self.most {
            return;
        }
        // Those in use come back at once.
        if self.taken + size > self.most {
            self.clear();
        }
        self.taken += size;
        self.rows.insert(key, written.into());
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.taken = 0;
    }
}

fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
