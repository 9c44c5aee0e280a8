//! Databases for rehearsals: files in a folder of their own, empty or a copy.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use glaze_converge::port::{Content, DatabaseError, Scratch};
use rusqlite::Connection;

use super::SqliteDatabase;
use super::session::refused;

pub(super) fn make(connection: &Connection, content: Content) -> Result<Scratch, DatabaseError> {
    let folder = folder()?;
    let file = folder.join("scratch.db");
    match content {
        Content::Empty => {}
        Content::Copy => connection
            .backup("main", &file, None::<fn(rusqlite::backup::Progress)>)
            .map_err(|error| refused(&error, "copy the database"))?,
    }
    Ok(Scratch {
        database: Arc::new(SqliteDatabase::open(&file)?),
        place: folder.display().to_string(),
    })
}

/// A new folder that is nobody else's.
fn folder() -> Result<std::path::PathBuf, DatabaseError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let unavailable = |error: std::io::Error| DatabaseError::Unavailable(format!("no room for a rehearsal: {error}"));
    loop {
        let name = format!("glaze-scratch-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unavailable(error)),
        }
    }
}

/// Removes what [`make`] has made.
pub(super) fn remove(place: &str) -> Result<(), DatabaseError> {
    std::fs::remove_dir_all(Path::new(place)).map_err(|error| DatabaseError::Unavailable(format!("{place}: {error}")))
}
