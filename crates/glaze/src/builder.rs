//! Glaze inside an application: `Glaze::builder()`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::Router;
use futures_util::future::BoxFuture;
use glaze_app::{
    App, Live, Settings,
    accounts::{AccountSettings, Registration},
};
use glaze_data::{
    Schema,
    write::{Action, Hook, HookError, HookEvent, Hooks},
};
use glaze_model::Model;
use serde_json::{Map, Value as Json};

use crate::{
    Config, Error, Project,
    backend::{Backend, Location, SystemTables},
    config::RegistrationConfig,
    convergence::{Admin, Turns},
    migrate,
    schema::Entity,
    smtp::Smtp,
};

/// A running Glaze: one schema on one database. Cheap to clone.
#[derive(Clone)]
pub struct Glaze {
    app: Arc<App>,
    backend: Backend,
    project: Project,
    routes: Router,
    turns: Arc<Turns>,
}

/// What [`Glaze::builder`] collects.
pub struct Builder {
    root: PathBuf,
    schema: Option<PathBuf>,
    database: Option<String>,
    hooks: Hooks,
    routes: Router,
    production: bool,
    migrate: bool,
}

impl Glaze {
    /// Begins to describe a Glaze for this application.
    pub fn builder() -> Builder {
        Builder {
            root: PathBuf::from("."),
            schema: None,
            database: None,
            hooks: Hooks::default(),
            routes: Router::new(),
            production: true,
            migrate: false,
        }
    }

    /// The project as it is, for commands: nothing is migrated.
    pub(crate) async fn open(project: &Project) -> Result<Glaze, Error> {
        assemble(project.clone(), Hooks::default(), Router::new(), true).await
    }

    /// The project with a database that has every table: pending safe migrations are written and applied, as `glaze dev` does.
    pub(crate) async fn ready(project: &Project) -> Result<Glaze, Error> {
        let glaze = assemble(project.clone(), Hooks::default(), Router::new(), true).await?;
        migrate::converge(project, &glaze.backend, glaze.app.live().schema.model()).await?;
        Ok(glaze)
    }

    /// Assembles for `glaze dev` and `glaze serve`.
    pub(crate) async fn of_project(project: &Project, production: bool) -> Result<Glaze, Error> {
        assemble(project.clone(), Hooks::default(), Router::new(), production).await
    }

    /// Everything Glaze serves, to be mounted at any path of an axum application; own routes of [`Builder::routes`] are among it.
    pub fn router(&self) -> Router {
        self.routes.clone().merge(glaze_server::router(self.app.clone()))
    }

    /// Serves on the address of the configuration until the process is told to stop (SIGINT, SIGTERM); running requests are finished.
    ///
    /// # Errors
    /// When the address can't be listened on.
    pub async fn serve(&self) -> Result<(), Error> {
        let listener = self.listen().await?;
        self.serve_on(listener).await
    }

    /// Listens on the address of the configuration.
    pub(crate) async fn listen(&self) -> Result<tokio::net::TcpListener, Error> {
        let server = &self.project.config.server;
        let address = format!("{}:{}", server.host, server.port);
        tokio::net::TcpListener::bind(&address).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Error::Config(format!(
                "{address} is in use: stop the other program, or choose another with --port"
            )),
            _ => Error::Config(format!("cannot listen on {address}: {error}")),
        })
    }

    pub(crate) async fn serve_on(&self, listener: tokio::net::TcpListener) -> Result<(), Error> {
        self.serve_until(listener, stop_signal()).await
    }

    /// Serves until `stop`, then lets the requests being worked on finish.
    pub(crate) async fn serve_until(&self, listener: tokio::net::TcpListener, stop: impl Future<Output = ()>) -> Result<(), Error> {
        glaze_server::serve(listener, self.router(), &self.app, stop)
            .await
            .map_err(|error| Error::Config(error.to_string()))
    }

    /// The application underneath: operations without HTTP.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The database underneath.
    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Whose turn it is to change schema and database.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Serves another model from now on.
    pub(crate) fn replace(&self, model: Model) -> Result<(), Error> {
        self.app.replace(live(model, &self.backend)?);
        Ok(())
    }
}

/// Ends when the process is told to stop.
pub(crate) async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

impl Builder {
    /// Folder of the project, where `glaze.toml` and relative paths are looked for; the current one unless said.
    pub fn root(mut self, root: impl Into<PathBuf>) -> Builder {
        self.root = root.into();
        self
    }

    /// The schema file or folder, relative to the root; `schema.rs` unless said.
    pub fn schema(mut self, path: impl Into<PathBuf>) -> Builder {
        self.schema = Some(path.into());
        self
    }

    /// The database (`sqlite:data/app.db`, `postgres://…`); that of `glaze.toml` or `DATABASE_URL` unless said.
    pub fn database(mut self, url: impl Into<String>) -> Builder {
        self.database = Some(url.into());
        self
    }

    /// Also development routes; the default is production.
    pub fn development(mut self) -> Builder {
        self.production = false;
        self
    }

    /// Makes the tables of the schema at start where that needs nobody's consent, as `glaze dev` does. Without it, [`Builder::build`] refuses
    /// while migrations are pending.
    pub fn migrate(mut self) -> Builder {
        self.migrate = true;
        self
    }

    /// Own routes, served beside the API by [`Glaze::router`].
    pub fn routes(mut self, routes: Router) -> Builder {
        self.routes = self.routes.merge(routes);
        self
    }

    /// A function before every `action` on `E`. It may change what is written, in the words of the API, or refuse.
    pub fn before<E: Entity>(self, action: Action, function: BeforeFn) -> Builder {
        self.hook::<E>(action, Arc::new(Before(function)))
    }

    /// A function after every `action` on `E` that was committed.
    pub fn after<E: Entity>(self, action: Action, function: AfterFn) -> Builder {
        self.hook::<E>(action, Arc::new(After(function)))
    }

    /// A hook around every `action` on `E`, with state of its own.
    pub fn hook<E: Entity>(mut self, action: Action, hook: Arc<dyn Hook>) -> Builder {
        self.hooks.add(E::NAME, Some(action), hook);
        self
    }

    /// Reads the schema, opens the database, compiles the policies.
    ///
    /// # Errors
    /// When the schema has errors, the database can't be reached, or migrations are pending.
    pub async fn build(self) -> Result<Glaze, Error> {
        let mut project = Project {
            config: Config::load(&self.root.join("glaze.toml"))?,
            root: self.root,
        };
        if let Some(schema) = self.schema {
            project.config.schema.path = schema.display().to_string();
        }
        if let Some(url) = self.database {
            project.config.database.url = url;
        }
        let glaze = assemble(project.clone(), self.hooks, self.routes, self.production).await?;
        if self.migrate {
            migrate::converge(&project, &glaze.backend, glaze.app.live().schema.model()).await?;
        } else {
            migrate::require_applied(&project, &glaze.backend).await?;
        }
        Ok(glaze)
    }
}

/// A function before a write.
pub type BeforeFn = for<'a> fn(&'a HookEvent<'a>, &'a mut Map<String, Json>) -> BoxFuture<'a, Result<(), HookError>>;
/// A function after a write.
pub type AfterFn = for<'a> fn(&'a HookEvent<'a>, &'a Map<String, Json>) -> BoxFuture<'a, ()>;

struct Before(BeforeFn);
struct After(AfterFn);

#[async_trait]
impl Hook for Before {
    async fn before(&self, event: &HookEvent<'_>, data: &mut Map<String, Json>) -> Result<(), HookError> {
        (self.0)(event, data).await
    }
}

#[async_trait]
impl Hook for After {
    async fn after(&self, event: &HookEvent<'_>, data: &Map<String, Json>) {
        (self.0)(event, data).await;
    }
}

async fn assemble(project: Project, hooks: Hooks, routes: Router, production: bool) -> Result<Glaze, Error> {
    let model = project.model()?;
    let location = Location::required(&project.config.database.url, &project.root)?;
    let settings = settings(&project, production)?;
    let backend = Backend::open(location, &project.config.database, statement_timeout(&project.config)).await?;
    let live = live(model, &backend)?;
    let app = App::new(settings, hooks, live, Arc::new(SystemTables(backend.clone())));
    match Smtp::of(&project.config.mail)? {
        Some(smtp) => app.mails_by(Arc::new(smtp)),
        None if production && project.config.auth.registration != RegistrationConfig::Off => {
            tracing::warn!("people can register, but no mail can be sent to them: `[mail]` is missing in glaze.toml");
        }
        None => {}
    }
    let turns = Arc::new(Turns::default());
    if !production {
        app.administered_by(Arc::new(Admin::new(project.clone(), backend.clone(), &app, turns.clone())));
    }
    Ok(Glaze {
        app,
        turns,
        backend,
        project,
        routes,
    })
}

/// A model on a database, ready to be served.
pub(crate) fn live(model: Model, backend: &Backend) -> Result<Live, Error> {
    let schema = Schema::new(model).map_err(|error| Error::Config(error.to_string()))?;
    let store = backend.store(schema.clone());
    Ok(Live::new(schema, store))
}

fn statement_timeout(config: &Config) -> Duration {
    Duration::from_millis(config.api.statement_timeout_ms.unwrap_or(10_000))
}

fn settings(project: &Project, production: bool) -> Result<Settings, Error> {
    let api = &project.config.api;
    let mut settings = Settings {
        name: project.name(),
        production,
        cursor_secret: project.secret()?,
        ..Settings::default()
    };
    settings.accounts = accounts(&project.config, production);
    settings.cors = project.config.server.cors.clone();
    settings.body_limit = api.body_limit.unwrap_or(settings.body_limit);
    let limits = &mut settings.limits;
    limits.page = api.page_size.unwrap_or(limits.page);
    limits.page_max = api.page_size_max.unwrap_or(limits.page_max);
    limits.include_depth = api.include_depth.unwrap_or(limits.include_depth);
    limits.filter_depth = api.filter_depth.unwrap_or(limits.filter_depth);
    Ok(settings)
}

fn accounts(config: &Config, production: bool) -> AccountSettings {
    AccountSettings {
        registration: match config.auth.registration {
            RegistrationConfig::Off => Registration::Off,
            RegistrationConfig::Invite => Registration::Invite,
            RegistrationConfig::Open => Registration::Open,
        },
        require_verified: config.auth.require_verified,
        public_url: config.public_url(),
        // Behind a proxy the address that is listened on says nothing: in production it is https unless somebody says otherwise.
        secure: config
            .server
            .public_url
            .as_ref()
            .map_or(production, |url| url.starts_with("https://")),
        trusted_proxies: config.server.trusted_proxies.clone(),
    }
}

/// Address that a listener got.
pub(crate) fn address(listener: &tokio::net::TcpListener) -> SocketAddr {
    listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)))
}
