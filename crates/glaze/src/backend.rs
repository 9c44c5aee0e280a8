//! The one place that knows which adapters there are: a URL becomes a dialect, a database and a store.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use glaze_app::System;
use glaze_converge::{
    dialect::CatalogDialect,
    port::{Database, DatabaseError, Scope},
    system::{SystemError, ensure_system, system_statements},
};
use glaze_data::{
    Schema,
    store::{Store, StoreError},
};
use glaze_postgres::{PgPool, PgStore, PostgresDatabase, PostgresDialect};
use glaze_sqlite::{SqliteCatalog, SqliteDatabase, SqlitePool, SqliteStore};

use crate::{Error, config::DatabaseConfig};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    /// Name of its folder under `migrations/`.
    pub fn name(self) -> &'static str {
        self.dialect().name()
    }

    /// The engine of this name.
    pub fn from_name(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// The same, with an error that lists those there are.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn named(name: &str) -> Result<Engine, Error> {
        Engine::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Engine::ALL.iter().map(|engine| engine.name()).collect();
            Error::Config(format!("`{name}` is not a dialect; there are {}", known.join(", ")))
        })
    }

    /// Its structural rules.
    pub fn dialect(self) -> &'static dyn CatalogDialect {
        match self {
            Engine::Sqlite => &SqliteCatalog,
            Engine::Postgres => &PostgresDialect,
        }
    }
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// What it is.
    pub engine: Engine,
    /// A URL for servers, a path for files.
    pub address: String,
}

impl Location {
    /// Understands `sqlite:file.db` (relative to `base`), a path that ends in `.db`, `.sqlite` or `.sqlite3`, and `postgres://…`; `None` for
    /// anything else.
    pub fn parse(url: &str, base: &Path) -> Option<Location> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Location {
                engine: Engine::Postgres,
                address: url.to_owned(),
            });
        }
        let ending = Path::new(url).extension().and_then(|ending| ending.to_str()).unwrap_or("");
        let file = match url.strip_prefix("sqlite:") {
            Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
            None if !url.contains("://") && matches!(ending, "db" | "sqlite" | "sqlite3") => url,
            None => return None,
        };
        (!file.is_empty()).then(|| Location {
            engine: Engine::Sqlite,
            address: base.join(file).display().to_string(),
        })
    }

    /// The same, with an error that says what is understood.
    ///
    /// # Errors
    /// When it is none of the forms.
    pub fn required(url: &str, base: &Path) -> Result<Location, Error> {
        Location::parse(url, base).ok_or_else(|| {
            // The password is nobody's business in a log.
            let shown = url.split_once("://").map_or(url, |(scheme, _)| scheme);
            Error::Config(format!(
                "`{shown}` is not a database that Glaze knows: use sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME"
            ))
        })
    }

    /// It as a URL that is understood from the current folder.
    pub fn url(&self) -> String {
        match self.engine {
            Engine::Sqlite => format!("sqlite:{}", self.address),
            Engine::Postgres => self.address.clone(),
        }
    }

    /// Its structure. A SQLite file is made when `create` says so.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn database(&self, create: bool) -> Result<Arc<dyn Database>, Error> {
        Ok(match self.engine {
            Engine::Sqlite => {
                prepare_file(Path::new(&self.address), create)?;
                Arc::new(SqliteDatabase::open(&self.address)?)
            }
            Engine::Postgres => Arc::new(PostgresDatabase::connect(&self.address).await?),
        })
    }

    /// Its structure, for looking only: a SQLite file that is not there yet is an empty database, and is not made.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn existing_or_empty(&self) -> Result<Arc<dyn Database>, Error> {
        match self.engine {
            Engine::Sqlite if !Path::new(&self.address).exists() => Ok(Arc::new(SqliteDatabase::open(":memory:")?)),
            Engine::Sqlite => Ok(Arc::new(SqliteDatabase::open_existing(&self.address)?)),
            Engine::Postgres => self.database(false).await,
        }
    }
}

/// The file's folder is made; the file itself must be there unless it may be made.
fn prepare_file(file: &Path, create: bool) -> Result<(), Error> {
    if !create && !file.exists() {
        return Err(Error::Config(format!("there is no database file {}", file.display())));
    }
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|error| Error::io("make", folder, error)),
        None => Ok(()),
    }
}

/// A database that content is served from: one pool, whatever the schema.
#[derive(Clone)]
pub struct Backend {
    /// Where it is.
    pub location: Location,
    /// Its structure.
    pub database: Arc<dyn Database>,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Sqlite(Arc<SqlitePool>),
    Postgres(Arc<PgPool>),
}

impl Backend {
    /// Opens it; a SQLite file is made when missing.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn open(location: Location, config: &DatabaseConfig, statement_timeout: Duration) -> Result<Backend, Error> {
        let database = location.database(true).await?;
        let content = match location.engine {
            Engine::Sqlite => {
                let options = glaze_sqlite::PoolOptions {
                    statement_timeout,
                    ..Default::default()
                };
                Content::Sqlite(SqlitePool::open(&location.address, options)?)
            }
            Engine::Postgres => {
                let options = glaze_postgres::PoolOptions {
                    statement_timeout,
                    transactions: config.pool,
                    ..Default::default()
                };
                Content::Postgres(PgPool::connect(&location.address, options).await?)
            }
        };
        Ok(Backend {
            location,
            database,
            content,
        })
    }

    /// The content, as a schema sees it.
    pub fn store(&self, schema: Arc<Schema>) -> Arc<dyn Store> {
        match &self.content {
            Content::Sqlite(pool) => Arc::new(SqliteStore::new(pool.clone(), schema)),
            Content::Postgres(pool) => Arc::new(PgStore::new(pool.clone(), schema)),
        }
    }

    /// Structural rules of its kind.
    pub fn dialect(&self) -> &'static dyn CatalogDialect {
        self.location.engine.dialect()
    }
}

/// Glaze's own tables, made when something must be kept in them.
pub(crate) struct SystemTables(pub(crate) Backend);

#[async_trait]
impl System for SystemTables {
    async fn present(&self) -> Result<bool, StoreError> {
        let look = async {
            let there = self.0.database.introspect(&Scope::system()).await?;
            let all = system_statements(&glaze_source::builtin_model(), self.0.dialect(), &there)?;
            Ok::<_, SystemError>((there.tables.is_empty(), all.len() > self.0.dialect().journal_tables().len()))
        };
        match look.await.map_err(store_error)? {
            (_, false) => Ok(true),
            (true, true) => Ok(false),
            // An earlier version made them: what this one adds is made now, so that keys and sessions go on holding.
            (false, true) => match self.ensure().await {
                Ok(()) => Ok(true),
                Err(error) => {
                    tracing::warn!(%error, "the system tables of an earlier version could not be brought up to this one");
                    Ok(false)
                }
            },
        }
    }

    async fn ensure(&self) -> Result<(), StoreError> {
        ensure_system(&glaze_source::builtin_model(), &*self.0.database, self.0.dialect())
            .await
            .map_err(store_error)
    }
}

fn store_error(error: SystemError) -> StoreError {
    match error {
        SystemError::Database(DatabaseError::Unavailable(reason)) => StoreError::Unavailable(reason),
        other => StoreError::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_form_are_understood() {
        let base = Path::new("/srv/shop");
        let file = |url: &str| Location::parse(url, base).map(|location| location.address);
        assert_eq!(file("sqlite:data/shop.db").as_deref(), Some("/srv/shop/data/shop.db"));
        assert_eq!(file("sqlite:///tmp/x.db").as_deref(), Some("/tmp/x.db"));
        assert_eq!(file("music.sqlite3").as_deref(), Some("/srv/shop/music.sqlite3"));
        assert_eq!(
            Location::parse("postgresql://h/d", base).map(|location| location.engine),
            Some(Engine::Postgres)
        );
        let error = Location::required("mysql://root:secret@h/d", base)
            .expect_err("unknown")
            .to_string();
        assert!(error.contains("postgres://") && !error.contains("secret"), "{error}");
    }
}
