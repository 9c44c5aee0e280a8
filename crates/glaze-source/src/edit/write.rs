//! Replacing a file: at once, and only if it is still what was read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else has changed it meanwhile: read it again and retry.
    #[error("{0} has changed since it was read; read it again and retry")]
    Changed(PathBuf),
    /// The file system refused.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Replaces the file's text, if it is still `expected`. Readers see the old text or the new one, never a part.
///
/// # Errors
/// When the file is no longer what was read, or cannot be written.
pub fn write_atomically(path: &Path, expected: &str, new: &str) -> Result<(), WriteError> {
    let io = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    // A link stays a link: what it points at is replaced.
    let target = fs::canonicalize(path).map_err(io)?;
    let present = fs::read(&target).map_err(io)?;
    if present != expected.as_bytes() {
        return Err(WriteError::Changed(path.to_owned()));
    }
    let (temporary, file) = create_beside(&target).map_err(io)?;
    let written = fill(file, &target, new).and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        // The original is untouched; what is left of the attempt is of no use to anybody.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(io)?;
    sync_folder(&target);
    Ok(())
}

fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for attempt in 0..100u32 {
        let temporary = target.with_file_name(format!(".{name}.{}.{attempt}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many temporary files beside it"))
}

fn fill(mut file: File, target: &Path, new: &str) -> io::Result<()> {
    file.write_all(new.as_bytes())?;
    file.set_permissions(fs::metadata(target)?.permissions())?;
    file.sync_all()
}

/// The rename is on disk once its folder is. Not every system can do this; the file itself is safe either way.
fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}
