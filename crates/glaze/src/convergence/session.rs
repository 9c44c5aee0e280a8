//! A project with its database at hand, and the three states of it read at one moment.

use std::sync::Arc;

use glaze_converge::{
    dialect::CatalogDialect,
    hints::Answers,
    migrations::{Folder, History, Snapshot},
    port::Database,
    states::Compared,
};
use glaze_model::Model;
use glaze_source::SourceFile;

use crate::{
    Error, Project,
    backend::{Backend, Engine},
    migrate, model_of,
};

/// A project and its database.
#[derive(Clone)]
pub struct Session {
    pub(crate) project: Project,
    pub(crate) engine: Engine,
    pub(crate) database: Arc<dyn Database>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("project", &self.project).finish_non_exhaustive()
    }
}

impl Session {
    /// For looking: a database file that is not there yet is an empty database, and is not made.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn looking(project: &Project) -> Result<Session, Error> {
        let location = migrate::location(project)?;
        Ok(Session {
            project: project.clone(),
            engine: location.engine,
            database: location.existing_or_empty().await?,
        })
    }

    /// For changing: a database file that is not there yet is made.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn changing(project: &Project) -> Result<Session, Error> {
        let location = migrate::location(project)?;
        Ok(Session {
            project: project.clone(),
            engine: location.engine,
            database: location.database(true).await?,
        })
    }

    /// On a database that is open already.
    pub(crate) fn on(project: &Project, backend: &Backend) -> Session {
        Session {
            project: project.clone(),
            engine: backend.location.engine,
            database: backend.database.clone(),
        }
    }

    pub(crate) fn dialect(&self) -> &'static dyn CatalogDialect {
        self.engine.dialect()
    }
}

/// Code, migrations and database of a project, read at one moment.
pub(crate) struct Three {
    /// The schema files.
    pub(crate) files: Vec<SourceFile>,
    /// What they say.
    pub(crate) model: Model,
    pub(crate) folder: Folder,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) history: History,
    pub(crate) compared: Compared,
}

impl Three {
    /// Reads them.
    pub(crate) async fn read(session: &Session, answers: &Answers) -> Result<Three, Error> {
        let files = session.project.sources()?;
        let model = model_of(&files)?;
        Three::with(session, files, model, answers).await
    }

    /// The same with code that is not saved.
    pub(crate) async fn with(session: &Session, files: Vec<SourceFile>, model: Model, answers: &Answers) -> Result<Three, Error> {
        let folder = migrate::folder(&session.project, session.engine)?;
        let snapshot = folder.latest()?;
        let history = migrate::adopted(session, &folder).await?;
        let compared = migrate::compare_states(session, &model, snapshot.as_ref(), &history, answers).await?;
        Ok(Three {
            files,
            model,
            folder,
            snapshot,
            history,
            compared,
        })
    }
}
