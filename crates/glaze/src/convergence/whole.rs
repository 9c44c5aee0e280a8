//! A change of schema files and migrations that is made as a whole: what it wrote is put back when the database does not follow.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use glaze_source::{
    SourceFile,
    edit::{WriteError, write_atomically},
};

use super::session::Session;
use crate::Error;

/// Files as they were before a change.
pub(crate) struct Whole {
    root: PathBuf,
    /// Schema files that were written: path, as it was, as it was written.
    written: Vec<(PathBuf, String, String)>,
    /// Every file below the folder of the migrations.
    migrations: BTreeSet<PathBuf>,
    folder: PathBuf,
    /// The lists of migrations, the only files there that are written again.
    lists: Vec<(PathBuf, String)>,
    /// Migrations that the database knew.
    known: BTreeSet<String>,
}

/// Name of the list of migrations in each dialect's folder.
const LIST: &str = "journal.json";

impl Whole {
    /// Remembers how things are.
    pub(crate) async fn begin(session: &Session) -> Result<Whole, Error> {
        let folder = session.project.migrations_path();
        let mut migrations = BTreeSet::new();
        below(&folder, &mut migrations)?;
        let lists = migrations.iter().filter(|path| path.file_name().is_some_and(|name| name == LIST));
        let lists = lists
            .map(|path| {
                Ok((
                    path.clone(),
                    std::fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?,
                ))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Whole {
            root: session.project.root.clone(),
            written: Vec::new(),
            migrations,
            folder,
            lists,
            known: known(session).await?,
        })
    }

    /// Writes schema files; when one can't be written those before it are put back.
    pub(crate) fn write(&mut self, before: &[SourceFile], changed: &[SourceFile]) -> Result<(), WriteError> {
        for file in changed {
            let path = self.root.join(&file.path);
            let old = before.iter().find(|old| old.path == file.path).map_or("", |old| old.text.as_str());
            if let Err(error) = write_atomically(&path, old, &file.text) {
                // What can't be put back either is said by the error that follows.
                let _ = self.restore_schema();
                return Err(error);
            }
            self.written.push((path, old.to_owned(), file.text.clone()));
        }
        Ok(())
    }

    /// The change failed, for this reason: puts the files back and gives the reason. Where the database has kept a part of it they stay, and
    /// the reason says so.
    pub(crate) async fn give_up(mut self, session: &Session, reason: Error) -> Error {
        match known(session).await {
            Ok(now) if now.is_subset(&self.known) => {}
            Ok(now) => {
                let kept: Vec<&str> = now.difference(&self.known).map(String::as_str).collect();
                return Error::Refused(format!(
                    "{reason}\nThe database has kept a part of {}: the files stay as well. Repair the migrations (`glaze migrate repair`)",
                    kept.join(", ")
                ));
            }
            Err(error) => {
                return Error::Refused(format!(
                    "{reason}\nThe database can't be asked what it has kept ({error}): the files stay. Look with `glaze migrate status`"
                ));
            }
        }
        match self.restore_schema().and(self.restore_migrations()) {
            Ok(()) => reason,
            Err(error) => Error::Refused(format!("{reason}\nNot every file could be put back: {error}")),
        }
    }

    fn restore_schema(&mut self) -> Result<(), Error> {
        let mut done = Ok(());
        for (path, before, after) in self.written.drain(..) {
            // What somebody else has written meanwhile is theirs.
            if let Err(error) = write_atomically(&path, &after, &before) {
                done = Err(Error::Refused(error.to_string()));
            }
        }
        done
    }

    fn restore_migrations(&self) -> Result<(), Error> {
        let mut now = BTreeSet::new();
        below(&self.folder, &mut now)?;
        for (path, text) in &self.lists {
            let present = std::fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
            if present != *text {
                write_atomically(path, &present, text).map_err(|error| Error::Refused(error.to_string()))?;
            }
        }
        for path in now.difference(&self.migrations) {
            std::fs::remove_file(path).map_err(|error| Error::io("remove", path, error))?;
        }
        Ok(())
    }
}

async fn known(session: &Session) -> Result<BTreeSet<String>, Error> {
    Ok(session.database.journal().await?.into_iter().map(|row| row.name).collect())
}

fn below(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", folder, error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| Error::io("read", folder, error))?.path();
        match path.is_dir() {
            true => below(&path, found)?,
            false => drop(found.insert(path)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use glaze_converge::port::AppliedMigration;

    use super::*;
    use crate::Project;

    const BEFORE: &str = "before";

    async fn written(root: &Path) -> (Session, Whole) {
        std::fs::write(root.join("glaze.toml"), "[database]\nurl = \"sqlite:test.db\"\n").unwrap();
        std::fs::write(root.join("schema.rs"), BEFORE).unwrap();
        let session = Session::changing(&Project::open(root).unwrap()).await.unwrap();
        let folder = root.join("migrations/sqlite");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(LIST), "[]").unwrap();
        let mut whole = Whole::begin(&session).await.unwrap();
        let file = |text: &str| SourceFile {
            path: "schema.rs".into(),
            text: text.into(),
        };
        whole.write(&[file(BEFORE)], &[file("after")]).unwrap();
        std::fs::write(folder.join(LIST), "[1]").unwrap();
        std::fs::write(folder.join("0001_init.sql"), "SELECT 1").unwrap();
        (session, whole)
    }

    fn texts(root: &Path) -> (String, String, bool) {
        let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
        (
            read("schema.rs"),
            read("migrations/sqlite/journal.json"),
            root.join("migrations/sqlite/0001_init.sql").exists(),
        )
    }

    #[tokio::test]
    async fn what_was_written_is_put_back() {
        let root = tempfile::tempdir().unwrap();
        let (session, whole) = written(root.path()).await;
        let error = whole.give_up(&session, Error::Refused("no".into())).await;
        assert_eq!(error.to_string(), "no");
        assert_eq!(texts(root.path()), (BEFORE.to_owned(), "[]".to_owned(), false));
    }

    #[tokio::test]
    async fn what_somebody_else_has_written_meanwhile_stays() {
        let root = tempfile::tempdir().unwrap();
        let (session, whole) = written(root.path()).await;
        std::fs::write(root.path().join("schema.rs"), "theirs").unwrap();
        let error = whole.give_up(&session, Error::Refused("no".into())).await.to_string();
        assert!(error.contains("Not every file") && error.contains("schema.rs"), "{error}");
        assert_eq!(texts(root.path()), ("theirs".to_owned(), "[]".to_owned(), false));
    }

    #[tokio::test]
    async fn what_the_database_has_kept_keeps_its_files() {
        let root = tempfile::tempdir().unwrap();
        let (session, whole) = written(root.path()).await;
        let row = AppliedMigration {
            name: "0001_init".into(),
            hash: String::new(),
            statements_done: 1,
            statements: 2,
            finished: false,
            started_at: "2026-11-21T12:00:00Z".into(),
            duration_ms: 0,
            by: "x".into(),
            sql: None,
        };
        session.database.record(&row).await.unwrap();
        let error = whole.give_up(&session, Error::Refused("no".into())).await.to_string();
        assert!(error.contains("0001_init") && error.contains("glaze migrate repair"), "{error}");
        assert_eq!(texts(root.path()), ("after".to_owned(), "[1]".to_owned(), true));
    }
}
