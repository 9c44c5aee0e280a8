//! Real services for tests: a PostgreSQL server of our own on a free loopback port, databases cloned from templates, and the
//! sample databases that lie beside the project. Everything is synchronous and panics with a clear message: a missing service
//! is a failed test, never a skipped one.
//!
//! This crate must not know anything of Glaze: it is what tests stand on.

pub mod http;
pub mod postgres;
pub mod samples;

pub use postgres::{Postgres, TestDatabase};
pub use samples::{Sample, shared_data, sqlite_chinook};

use std::path::{Path, PathBuf};

/// Root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// A number that no other test of this machine has: process id and a counter.
pub(crate) fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
