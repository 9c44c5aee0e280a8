//! Who is migrating: a small file beside the database, for the eyes of those who wait. It locks nothing: the lock is SQLite's own
//! and goes with the process, so that a file whose process is gone means nothing but that it died.

use std::path::{Path, PathBuf};

use glaze_converge::port::Holder;

fn place(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-glaze-lock");
    PathBuf::from(name)
}

/// Says who has the lock from now on.
pub(super) fn write(database: &Path, owner: &str) {
    let holder = Holder {
        by: owner.to_owned(),
        process: std::process::id(),
        since: jiff::Timestamp::now().to_string(),
        alive: None,
    };
    if let Ok(text) = serde_json::to_string(&holder)
        && let Err(error) = std::fs::write(place(database), text)
    {
        tracing::debug!(%error, "could not say who migrates");
    }
}

/// Takes it back.
pub(super) fn remove(database: &Path) {
    match std::fs::remove_file(place(database)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => tracing::debug!(%error, "could not take back who migrates"),
        _ => {}
    }
}

/// Who has it, or had it and died.
pub(super) fn holder(database: &Path) -> Option<Holder> {
    let text = std::fs::read_to_string(place(database)).ok()?;
    let mut holder: Holder = serde_json::from_str(&text).ok()?;
    // Only where processes can be looked up.
    let processes = Path::new("/proc/self");
    holder.alive = processes.exists().then(|| Path::new(&format!("/proc/{}", holder.process)).exists());
    Some(holder)
}
