//! The sample databases beside the project (`../shared/data`): other people's data, used where they lie.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Postgres, TestDatabase};

/// A sample database for PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// A digital media store, 11 tables.
    Chinook,
    /// A trading company, 14 tables, natural keys.
    Northwind,
    /// A DVD rental store with many PostgreSQL features.
    Pagila,
}

impl Sample {
    /// All of them.
    pub const ALL: [Sample; 3] = [Sample::Chinook, Sample::Northwind, Sample::Pagila];

    /// Lower-case name, also that of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Sample::Chinook => "chinook",
            Sample::Northwind => "northwind",
            Sample::Pagila => "pagila",
        }
    }

    /// The files to load, in order.
    pub fn files(self) -> Vec<PathBuf> {
        let names: &[&str] = match self {
            Sample::Chinook => &["chinook_postgres.sql"],
            Sample::Northwind => &["northwind_postgres.sql"],
            Sample::Pagila => &["pagila-schema.sql", "pagila-data.sql"],
        };
        names.iter().map(|name| shared_data().join(self.name()).join(name)).collect()
    }

    /// A fresh copy of it on the shared server.
    pub fn database(self) -> TestDatabase {
        let server = Postgres::shared();
        server.clone_of(self.name(), |url| self.files().iter().for_each(|file| server.load(url, file)))
    }
}

/// Folder of the sample databases.
///
/// # Panics
/// When it is not beside the project; `GLAZE_SHARED_DATA` names another place.
pub fn shared_data() -> PathBuf {
    let place = std::env::var_os("GLAZE_SHARED_DATA").map_or_else(|| crate::repository().join("../shared/data"), PathBuf::from);
    assert!(
        place.is_dir(),
        "the sample databases are not in {}: set GLAZE_SHARED_DATA to the folder that holds chinook/, northwind/ and pagila/",
        place.display()
    );
    place
}

/// Makes a fresh SQLite copy of Chinook at `path`.
///
/// # Panics
/// When `sqlite3` (Debian package of the same name) is missing or fails.
pub fn sqlite_chinook(path: &Path) {
    let script = shared_data().join("chinook/chinook_sqlite.sql");
    let input = std::fs::File::open(&script).unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    // One transaction: the file has 15,000 single inserts.
    let output = Command::new("sqlite3")
        .args(["-cmd", "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"])
        .arg(path)
        .stdin(input)
        .output()
        .unwrap_or_else(|error| panic!("sqlite3 (Debian package sqlite3) cannot be started: {error}"));
    assert!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs SQL on the SQLite database at `path` through `sqlite3`, as one transaction unless it says otherwise.
///
/// # Panics
/// When `sqlite3` (Debian package of the same name) is missing, or refuses a statement.
pub fn sqlite_run(path: &Path, sql: &str) {
    use std::io::Write;
    let mut child = Command::new("sqlite3")
        .args(["-bail", "-cmd", "PRAGMA synchronous=OFF"])
        .arg(path)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("sqlite3 (Debian package sqlite3) cannot be started: {error}"));
    let mut input = child.stdin.take().expect("a pipe");
    // A refused statement closes the pipe: what sqlite3 says then is the better message.
    let _ = input.write_all(sql.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("sqlite3 ends");
    assert!(output.status.success(), "sqlite3: {}", String::from_utf8_lossy(&output.stderr));
}
