//! `glaze diff`: how two states differ. A state is a database URL, a schema file or folder, or a folder of migrations.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use glaze_converge::{
    assess::assess,
    catalog::Catalog,
    desired::{Desired, desired},
    diff::diff as difference,
    hints::{Answers, hints},
    migrations::Folder,
    plan::{Plan, plan},
    port::{Database, Scope},
    states::{DiffReport, Status, unmodelled},
};
use glaze_model::Model;

use crate::{
    Error, Project,
    backend::{Engine, Location},
    migrate, model_of, read_sources,
};

/// Code, migrations and database of a project.
///
/// # Errors
/// When one of them can't be read.
pub async fn project_diff(project: &Project, answers: &Answers) -> Result<DiffReport, Error> {
    let location = migrate::location(project)?;
    let database = location.database(true).await?;
    let model = project.model()?;
    Ok(migrate::compared_on(project, location.engine, &*database, &model, answers)
        .await?
        .report)
}

/// What leads from one state to another.
///
/// # Errors
/// When a state can't be read, or the two are of different databases.
pub async fn diff(from: &str, to: &str, answers: &Answers) -> Result<DiffReport, Error> {
    let (from, to) = (Place::of(from)?, Place::of(to)?);
    let engine = match (from.engine(), to.engine()) {
        (Some(a), Some(b)) if a != b => {
            return Err(Error::Config(format!(
                "a state of {} can't be compared with one of {}",
                a.name(),
                b.name()
            )));
        }
        (Some(engine), _) | (None, Some(engine)) => engine,
        (None, None) => Engine::Sqlite,
    };
    let (from, to) = (from.state(engine).await?, to.state(engine).await?);
    let plan = plan_between(&from, to, answers, engine).await?;
    let steps = assess(&plan, engine.dialect(), from.database.as_deref()).await?;
    let same = steps.is_empty() && plan.questions.is_empty();
    Ok(DiffReport {
        status: if same { Status::InSync } else { Status::Pending },
        steps,
        questions: plan.questions,
        unmodelled: unmodelled(&from.catalog),
        drift: Vec::new(),
        history: Vec::new(),
    })
}

async fn plan_between(from: &State, to: State, answers: &Answers, engine: Engine) -> Result<Plan, Error> {
    let dialect = engine.dialect();
    let known = match &to.model {
        Some(next) => hints(next, from.model.as_ref(), &from.catalog, dialect),
        None => Default::default(),
    };
    let origin = match (&to.model, &from.model) {
        (Some(_), Some(previous)) => Some(
            desired(previous, dialect)
                .map_err(|error| Error::Config(error.to_string()))?
                .catalog,
        ),
        _ => None,
    };
    let mut wanted = to.wanted;
    // Whichever side is a database knows how expressions are spelled in it.
    if let Some(database) = from.database.as_ref().or(to.database.as_ref()) {
        wanted.catalog = database.canonicalise(&wanted.catalog, &from.catalog).await?;
    }
    Ok(plan(
        difference(&from.catalog, wanted, origin.as_ref(), known, answers, dialect),
        answers,
        dialect,
    ))
}

/// Where a state is.
enum Place {
    Database(Location),
    Schema(PathBuf),
    Migrations(PathBuf, Engine),
}

/// A state that was read.
struct State {
    catalog: Catalog,
    wanted: Desired,
    model: Option<Model>,
    database: Option<Arc<dyn Database>>,
}

impl Place {
    fn of(text: &str) -> Result<Place, Error> {
        if let Some(location) = Location::parse(text, Path::new("")) {
            return Ok(Place::Database(location));
        }
        let path = PathBuf::from(text);
        if path.is_dir() {
            if path.join("journal.json").is_file() {
                let name = path
                    .canonicalize()
                    .ok()
                    .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
                let engine = name.as_deref().and_then(Engine::from_name);
                let engine =
                    engine.ok_or_else(|| Error::Config(format!("{text}: the folder of migrations must be named after its dialect")))?;
                let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
                return Ok(Place::Migrations(root, engine));
            }
            if let Some(engine) = Engine::ALL
                .into_iter()
                .find(|engine| path.join(engine.name()).join("journal.json").is_file())
            {
                return Ok(Place::Migrations(path, engine));
            }
        }
        match path.exists() {
            true => Ok(Place::Schema(path)),
            false => Err(Error::Config(format!(
                "`{text}` is not a state: give a database URL, a schema file or folder, or a folder of migrations"
            ))),
        }
    }

    fn engine(&self) -> Option<Engine> {
        match self {
            Place::Database(location) => Some(location.engine),
            Place::Migrations(_, engine) => Some(*engine),
            Place::Schema(_) => None,
        }
    }

    async fn state(self, engine: Engine) -> Result<State, Error> {
        let dialect = engine.dialect();
        match self {
            Place::Database(location) => {
                let database = location.database(false).await?;
                let mut catalog = database.introspect(&Scope::default()).await?;
                dialect.normalise(&mut catalog);
                let wanted = Desired {
                    catalog: catalog.clone(),
                    ..Desired::default()
                };
                Ok(State {
                    catalog,
                    wanted,
                    model: None,
                    database: Some(database),
                })
            }
            Place::Schema(path) => {
                let base = path.parent().unwrap_or(Path::new(""));
                let model = model_of(&read_sources(&path, base)?)?;
                let wanted = desired(&model, dialect).map_err(|error| Error::Config(error.to_string()))?;
                Ok(State {
                    catalog: wanted.catalog.clone(),
                    wanted,
                    model: Some(model),
                    database: None,
                })
            }
            Place::Migrations(root, engine) => {
                let folder = Folder::open(&root, engine.name())?;
                let snapshot = folder.latest()?;
                let model = snapshot.as_ref().map(|snapshot| snapshot.model.clone());
                let empty = Catalog {
                    dialect: engine.name().to_owned(),
                    ..Catalog::default()
                };
                let catalog = snapshot.map_or(empty, |snapshot| snapshot.catalog);
                let wanted = Desired {
                    catalog: catalog.clone(),
                    ..Desired::default()
                };
                Ok(State {
                    catalog,
                    wanted,
                    model,
                    database: None,
                })
            }
        }
    }
}
