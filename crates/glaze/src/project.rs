//! A project folder: where its files are, and reading its schema.

use std::path::{Path, PathBuf};

use glaze_model::Model;
use glaze_source::{Reading, SourceFile};

use crate::{Config, Error, backend::Location};

/// A folder with `glaze.toml` and a schema.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Its configuration.
    pub config: Config,
}

impl Project {
    /// Opens the project in `root`.
    ///
    /// # Errors
    /// When `glaze.toml` has an error.
    pub fn open(root: &Path) -> Result<Project, Error> {
        Ok(Project {
            root: root.to_path_buf(),
            config: Config::load(&root.join("glaze.toml"))?,
        })
    }

    /// The schema file, or the folder of schema files.
    pub fn schema_path(&self) -> PathBuf {
        let path = self.root.join(&self.config.schema.path);
        // `schema/` is found without saying so.
        match path.exists() {
            true => path,
            false => Some(path.with_extension("")).filter(|folder| folder.is_dir()).unwrap_or(path),
        }
    }

    /// URL of the database, with a file's path as it is from the current folder.
    ///
    /// # Errors
    /// When it is no database that Glaze knows.
    pub fn database_url(&self) -> Result<String, Error> {
        Ok(Location::required(&self.config.database.url, &self.root)?.url())
    }

    /// Folder of the migrations.
    pub fn migrations_path(&self) -> PathBuf {
        self.root.join(&self.config.schema.migrations)
    }

    /// Name of the project: from the configuration, else that of the folder.
    pub fn name(&self) -> String {
        let folder = || {
            self.root
                .canonicalize()
                .ok()?
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
        };
        self.config.name.clone().or_else(folder).unwrap_or_else(|| "glaze".into())
    }

    /// The schema files, by path relative to the project, in order of their names.
    ///
    /// # Errors
    /// When there is none, or one can't be read.
    pub fn sources(&self) -> Result<Vec<SourceFile>, Error> {
        read_sources(&self.schema_path(), &self.root)
    }

    /// Reads the schema.
    ///
    /// # Errors
    /// [`Error::Schema`] with every diagnostic when it has errors.
    pub fn model(&self) -> Result<Model, Error> {
        model_of(&self.sources()?)
    }

    /// The secret that signs cursors: `GLAZE_SECRET`, else kept in `.glaze/secret`, made when missing.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn secret(&self) -> Result<Vec<u8>, Error> {
        if let Ok(secret) = std::env::var("GLAZE_SECRET") {
            if secret.len() < 16 {
                return Err(Error::Config("GLAZE_SECRET must have at least 16 characters".into()));
            }
            return Ok(secret.into_bytes());
        }
        let file = self.root.join(".glaze/secret");
        match std::fs::read(&file) {
            Ok(secret) if secret.len() >= 16 => Ok(secret),
            _ => {
                let secret = format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple());
                write_private(&file, secret.as_bytes())?;
                Ok(secret.into_bytes())
            }
        }
    }
}

/// The model of some files.
///
/// # Errors
/// [`Error::Schema`] with every diagnostic when there are errors.
pub fn model_of(files: &[SourceFile]) -> Result<Model, Error> {
    let Reading { model, diagnostics, .. } = glaze_source::read(files);
    model.ok_or_else(|| Error::Schema {
        rendered: glaze_source::render(&diagnostics, files, false),
        diagnostics,
    })
}

/// Schema files at a path, a file or a folder; names in them are relative to `base`.
///
/// # Errors
/// When there is none, or one can't be read.
pub fn read_sources(path: &Path, base: &Path) -> Result<Vec<SourceFile>, Error> {
    let mut paths = match path.is_dir() {
        false => vec![path.to_path_buf()],
        true => {
            let entries = std::fs::read_dir(path).map_err(|error| Error::io("read", path, error))?;
            entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
                .collect()
        }
    };
    paths.sort();
    if paths.is_empty() {
        return Err(Error::Config(format!("there is no .rs file in {}", path.display())));
    }
    paths
        .into_iter()
        .map(|path| match std::fs::read_to_string(&path) {
            Ok(text) => Ok(SourceFile {
                path: path.strip_prefix(base).unwrap_or(&path).display().to_string(),
                text,
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::Config(format!(
                "there is no schema at {}: run this in a project's folder, or make a project with `glaze new DIR` or `glaze pull URL`",
                path.display()
            ))),
            Err(error) => Err(Error::io("read", &path, error)),
        })
        .collect()
}

fn write_private(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .and_then(|mut open| open.write_all(bytes))
        .map_err(|error| Error::io("write", file, error))
}
