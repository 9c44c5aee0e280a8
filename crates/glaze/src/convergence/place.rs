//! A state: a database, schema files, or a folder of migrations; found by its text and read.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use glaze_converge::{
    catalog::Catalog,
    migrations::Folder,
    port::{Database, Scope},
};
use glaze_model::{Model, Ownership};

use crate::{
    Config, Error,
    backend::{Engine, Location},
    migrate, model_of, read_sources,
};

/// Where a state is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A database.
    Database(Location),
    /// A schema file or folder.
    Schema(PathBuf),
    /// A folder of migrations, with the dialects that are in it.
    Migrations(PathBuf, Vec<Engine>),
}

/// What schema files or migrations say; a database is read later, when it is known what part of it counts.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// The model, of schema files or of the last snapshot.
    pub(crate) model: Option<Model>,
    /// The catalog of the last snapshot.
    pub(crate) catalog: Option<Catalog>,
}

impl Place {
    /// The place that a text names; relative to the current folder.
    pub(crate) fn of(text: &str) -> Result<Place, Error> {
        if let Some(location) = Location::parse(text, Path::new("")) {
            return Ok(Place::Database(location));
        }
        let path = PathBuf::from(text);
        if let Some((root, engines)) = migrations_at(&path)? {
            return Ok(Place::Migrations(root, engines));
        }
        match path.exists() {
            true => Ok(Place::Schema(path)),
            // A password must not come back in a message.
            false => Err(Error::Config(format!(
                "`{}` is not a state: give a database URL, a schema file or folder, or a folder of migrations",
                text.split_once("://").map_or(text, |(scheme, _)| scheme)
            ))),
        }
    }

    /// The dialect, where the place has exactly one.
    pub(crate) fn engine(&self) -> Option<Engine> {
        match self {
            Place::Database(location) => Some(location.engine),
            Place::Migrations(_, engines) => match engines.as_slice() {
                [engine] => Some(*engine),
                _ => None,
            },
            Place::Schema(_) => None,
        }
    }

    /// Whether the place can be read in this dialect.
    pub(crate) fn speaks(&self, engine: Engine) -> bool {
        match self {
            Place::Database(location) => location.engine == engine,
            Place::Migrations(_, engines) => engines.contains(&engine),
            Place::Schema(_) => true,
        }
    }

    /// `glaze.toml` beside it, where there is one.
    pub(crate) fn config(&self) -> Result<Option<Config>, Error> {
        let folder = match self {
            Place::Database(_) => return Ok(None),
            Place::Schema(path) | Place::Migrations(path, _) => folder_of(path),
        };
        let file = folder.join("glaze.toml");
        file.is_file().then(|| Config::load(&file)).transpose()
    }

    /// What it says; nothing for a database.
    pub(crate) fn said(&self, engine: Engine) -> Result<Said, Error> {
        match self {
            Place::Database(_) => Ok(Said::default()),
            Place::Schema(path) => Ok(Said {
                model: Some(model_of(&read_sources(path, &folder_of(path))?)?),
                catalog: None,
            }),
            Place::Migrations(root, _) => {
                let snapshot = Folder::open(root, engine.name())?.latest()?;
                let empty = Catalog {
                    dialect: engine.name().to_owned(),
                    ..Catalog::default()
                };
                Ok(match snapshot {
                    Some(snapshot) => Said {
                        model: Some(snapshot.model),
                        catalog: Some(snapshot.catalog),
                    },
                    None => Said {
                        model: None,
                        catalog: Some(empty),
                    },
                })
            }
        }
    }

    /// The database; one that is not there yet is an empty one, and is not made by being looked at.
    pub(crate) async fn database(&self) -> Result<Option<Arc<dyn Database>>, Error> {
        match self {
            Place::Database(location) => location.existing_or_empty().await.map(Some),
            Place::Schema(_) | Place::Migrations(..) => Ok(None),
        }
    }
}

/// The folder of migrations at a path: that of one dialect, or the one with a folder for each dialect.
fn migrations_at(path: &Path) -> Result<Option<(PathBuf, Vec<Engine>)>, Error> {
    if path.join("journal.json").is_file() {
        let whole = path.canonicalize().map_err(|error| Error::io("read", path, error))?;
        let engine = whole
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(Engine::from_name)
            .ok_or_else(|| {
                Error::Config(format!(
                    "{}: the folder of migrations must be named after its dialect (sqlite, postgres)",
                    path.display()
                ))
            })?;
        let root = whole.parent().map(Path::to_path_buf).unwrap_or_default();
        return Ok(Some((root, vec![engine])));
    }
    let engines: Vec<Engine> = Engine::ALL
        .into_iter()
        .filter(|engine| path.join(engine.name()).join("journal.json").is_file())
        .collect();
    Ok((!engines.is_empty()).then(|| (path.to_path_buf(), engines)))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// What part of a database counts: what the configuration says, and every schema that one of the states names. `schemas` are asked for
/// by the caller and stand in for those of the configuration.
pub(crate) fn scope(config: Option<&Config>, schemas: &[String], said: [&Said; 2], engine: Engine) -> Scope {
    let mut scope = config.map(migrate::scope_of).unwrap_or_default();
    if !schemas.is_empty() {
        scope.schemas = schemas.to_vec();
    }
    // Between two databases the books of migration tools are tables like others.
    scope.tool_tables = said.iter().all(|said| said.model.is_none());
    for said in said {
        widen(&mut scope, said.model.as_ref(), said.catalog.as_ref(), engine);
    }
    scope
}

/// Adds the schemas that a model or a snapshot names. The default one stays in sight unless others were asked for.
pub(crate) fn widen(scope: &mut Scope, model: Option<&Model>, catalog: Option<&Catalog>, engine: Engine) {
    let default = engine.dialect().object_name(None, "").schema;
    if let Some(model) = model {
        scope.external.extend(glaze_converge::external::tables(model, engine.dialect()));
    }
    let Some(default) = default else { return };
    let mut named: Vec<String> = Vec::new();
    if let Some(model) = model {
        // A schema in which we only use somebody's tables is not ours.
        let own = |ownership| ownership == Ownership::Project;
        let entities = model.entities.iter().filter(|entity| own(entity.ownership));
        named.extend(entities.map(|entity| entity.schema.clone().unwrap_or_else(|| default.clone())));
        named.extend(model.enums.iter().filter_map(|item| item.schema.clone()));
    }
    if let Some(catalog) = catalog {
        named.extend(catalog.tables.iter().filter_map(|table| table.name.schema.clone()));
    }
    for schema in named {
        // Glaze's own schema is looked at by those who ask for it.
        if schema == glaze_converge::system::SCHEMA || scope.schemas.contains(&schema) {
            continue;
        }
        if scope.schemas.is_empty() {
            if schema == default {
                continue;
            }
            scope.schemas.push(default.clone());
        }
        scope.schemas.push(schema);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> Said {
        let files = [glaze_source::SourceFile {
            path: "schema.rs".into(),
            text: source.into(),
        }];
        Said {
            model: Some(model_of(&files).expect("reads")),
            catalog: None,
        }
    }

    #[test]
    fn schemas_that_the_model_names_are_looked_at_too() {
        let empty = Said::default();
        let two =
            said("#[entity]\n#[db(schema = \"app\")]\npub struct A { pub name: String }\n#[entity]\npub struct B { pub name: String }\n");
        let schemas = |asked: &[&str], said: &Said| {
            let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
            scope(None, &asked, [said, &empty], Engine::Postgres).schemas
        };
        assert_eq!(schemas(&[], &two), ["public", "app"]);
        assert_eq!(
            schemas(&["app"], &two),
            ["app", "public"],
            "a table of the model is never out of sight"
        );
        let plain = said("#[entity]\npub struct B { pub name: String }\n");
        assert!(schemas(&[], &plain).is_empty(), "the default one needs no naming");
        assert!(scope(None, &[], [&two, &empty], Engine::Sqlite).schemas.is_empty());
    }
}
