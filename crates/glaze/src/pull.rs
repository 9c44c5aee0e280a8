//! `glaze pull`: a project from a database that is there already. Nothing in the database is changed.

use std::path::{Path, PathBuf};

use serde::Serialize;

use glaze_converge::{hints::Answers, migrations, pull::pull_beside};

use crate::{Config, Error, Project, backend::Location, convergence::Session, migrate, model_of, template};

/// What was pulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pulled {
    /// Entities.
    pub entities: usize,
    /// Fields of all of them.
    pub fields: usize,
    /// Files that were written.
    pub files: Vec<PathBuf>,
    /// What a person should know about choices that were made.
    pub notes: Vec<String>,
    /// What is in the database and not in the schema, and stays there.
    pub unmodelled: Vec<String>,
}

/// Writes a project in `into` from the database at `url` (files relative to the current folder). `schemas` are looked at instead of those
/// of the configuration, and kept in it.
///
/// # Errors
/// When the database can't be read, or `into` holds a schema and `force` is not said.
pub async fn run(url: &str, into: &Path, schemas: &[String], force: bool) -> Result<Pulled, Error> {
    let here = std::env::current_dir().map_err(|error| Error::io("read", Path::new("."), error))?;
    let location = Location::required(url, &here)?;
    let mut project = Project {
        root: into.to_path_buf(),
        config: Config::load(&into.join("glaze.toml"))?,
    };
    if !schemas.is_empty() {
        project.config.database.schemas = schemas.to_vec();
    }
    let schema = project.schema_path();
    if schema.exists() && !force {
        return Err(Error::Refused(format!(
            "{} is there already: pull into another folder, or overwrite it with --force",
            schema.display()
        )));
    }
    let dialect = location.engine.dialect();
    let database = location.database(false).await?;
    let mut catalog = database.introspect(&migrate::scope_of(&project.config)).await?;
    dialect.normalise(&mut catalog);
    if catalog.tables.is_empty() {
        return Err(Error::Refused(
            "the database has no tables (in the schemas that are looked at): begin with `glaze new`".into(),
        ));
    }
    let pulled = pull_beside(&catalog, dialect, &glaze_source::builtin_model());
    let text = glaze_source::print(&pulled.model);
    let mut model = model_of(&[glaze_source::SourceFile {
        path: "schema.rs".into(),
        text: text.clone(),
    }])?;

    let mut files = project_files(&mut project, &location)?;
    let name = project.config.schema.path.clone();
    template::write(into, &name, &text)?;
    files.insert(0, into.join(name));
    let mut notes = pulled.notes;
    if !schemas.is_empty() && Config::load(&into.join("glaze.toml"))?.database.schemas != schemas {
        notes.push(format!(
            "glaze.toml was there already: put `schemas = {:?}` under [database] in it, so that the same part of the database is looked at",
            schemas
        ));
    }
    let mut folder = migrate::folder(&project, location.engine)?;
    if folder.journal.entries.is_empty() {
        let now = jiff::Timestamp::now().to_string();
        files.extend(migrations::baseline(&mut folder, &mut model, &catalog, dialect, &now)?.files);
    } else {
        notes.push("there are migrations already, so no baseline was written: `glaze diff` shows what the pull changed".into());
    }
    let session = Session {
        project: project.clone(),
        engine: location.engine,
        database: database.clone(),
    };
    let compared = migrate::compared(&session, &model, &Answers::default()).await?;
    for step in &compared.report.steps {
        notes.push(format!(
            "not understood exactly, and shown as a difference by `glaze diff`: {} {}",
            step.kind, step.object
        ));
    }
    let own = || {
        pulled
            .model
            .entities
            .iter()
            .filter(|entity| entity.ownership == glaze_model::Ownership::Project)
    };
    let entities = own().count();
    let fields = own().map(|entity| entity.fields.len()).sum();
    Ok(Pulled {
        entities,
        fields,
        files,
        notes,
        unmodelled: pulled.unmodelled,
    })
}

/// `glaze.toml`, `.gitignore` and, for an address with a password, `.env`; what is there already stays.
fn project_files(project: &mut Project, location: &Location) -> Result<Vec<PathBuf>, Error> {
    let root = project.root.clone();
    let url = location.url();
    let secret = url::Url::parse(&url).is_ok_and(|url| url.password().is_some());
    let shown = if secret { without_password(&url) } else { url.clone() };
    let name = root
        .file_name()
        .map_or_else(|| "glaze".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut texts = vec![
        ("glaze.toml", template::config_text(&name, &shown, &project.config.database.schemas)),
        (".gitignore", template::GITIGNORE.to_owned()),
    ];
    if secret {
        texts.push((
            ".env",
            format!("# Not for version control: it holds a password.\nDATABASE_URL={url}\n"),
        ));
    }
    let mut files = Vec::new();
    for (file, text) in texts {
        if !root.join(file).exists() {
            template::write(&root, file, &text)?;
            files.push(root.join(file));
        }
    }
    project.config.database.url = url;
    Ok(files)
}

fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut parsed) => {
            let _ = parsed.set_password(None);
            parsed.to_string()
        }
        Err(_) => url.to_owned(),
    }
}
