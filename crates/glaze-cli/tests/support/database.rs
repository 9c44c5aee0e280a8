//! A database of each kind, spoken to by its own client.

use std::{path::PathBuf, process::Command};

use glaze_testkit::{Postgres, TestDatabase};

use super::{Project, text};

/// A database of a test's own.
pub enum Database {
    /// A file in the folder around the project; not there until somebody makes it.
    Sqlite(PathBuf),
    /// A database of the shared server.
    Postgres(TestDatabase),
}

impl Database {
    /// One of each kind, beside a project.
    pub fn both(project: &Project) -> [Database; 2] {
        [
            Database::Sqlite(project.outside().join("test.db")),
            Database::Postgres(Postgres::shared().database()),
        ]
    }

    /// As `glaze` is given it.
    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(database) => database.url.clone(),
        }
    }

    /// Its kind.
    pub fn dialect(&self) -> &'static str {
        match self {
            Database::Sqlite(_) => "sqlite",
            Database::Postgres(_) => "postgres",
        }
    }

    /// Name of a table or column as reports have it.
    pub fn object(&self, name: &str) -> String {
        match self {
            Database::Sqlite(_) => name.to_owned(),
            Database::Postgres(_) => format!("public.{name}"),
        }
    }

    /// Runs SQL, or asks for values: rows by line, columns by `|`.
    pub fn sql(&self, sql: &str) -> String {
        match self {
            Database::Postgres(database) => Postgres::shared().psql(&database.url, sql).trim().to_owned(),
            Database::Sqlite(file) => {
                let output = Command::new("sqlite3")
                    .args(["-bail"])
                    .arg(file)
                    .arg(sql)
                    .output()
                    .expect("sqlite3 starts");
                assert!(output.status.success(), "sqlite3: {}\n  in: {sql}", text(&output.stderr));
                text(&output.stdout).trim().to_owned()
            }
        }
    }
}
