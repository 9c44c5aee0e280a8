//! A fresh database of either kind, and the way from a schema text to it.
#![allow(dead_code, clippy::unwrap_used)]

pub mod schemas;
pub mod seed;

use std::sync::Arc;

use glaze_converge::catalog::Catalog;
use glaze_converge::desired::{Desired, desired};
use glaze_converge::dialect::CatalogDialect;
use glaze_converge::diff::{compare_catalogs, diff};
use glaze_converge::hints::{Answers, hints};
use glaze_converge::plan::{Plan, plan};
use glaze_converge::port::{Database, Scope};
use glaze_converge::step::Step;
use glaze_model::Model;
use glaze_source::SourceFile;

/// One database with what it means structurally.
pub struct Place {
    pub database: Arc<dyn Database>,
    pub dialect: Arc<dyn CatalogDialect>,
    /// Path or URL.
    pub address: String,
    _keep: Box<dyn std::any::Any + Send>,
}

/// The kinds of database every case runs on.
pub const DIALECTS: [&str; 2] = ["sqlite", "postgres"];

/// A fresh, empty database, with Glaze's own tables in it.
pub async fn fresh(dialect: &str) -> Place {
    let place = empty(dialect).await;
    place.make_system_tables().await;
    place
}

/// As good as [`fresh`], from one that was used: making a database takes longer on PostgreSQL than emptying one.
pub async fn wiped(place: Place) -> Place {
    if place.dialect.name() == "sqlite" {
        return fresh("sqlite").await;
    }
    let statements = [
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA public",
        "DROP SCHEMA IF EXISTS glaze CASCADE",
        "DROP SCHEMA IF EXISTS extra CASCADE",
    ];
    place.database.execute(&statements.map(str::to_owned)).await.unwrap();
    place.make_system_tables().await;
    place
}

/// A fresh, empty database.
pub async fn empty(dialect: &str) -> Place {
    match dialect {
        "sqlite" => {
            let dir = tempfile::tempdir().unwrap();
            let address = dir.path().join("test.db").display().to_string();
            let database = glaze_sqlite::SqliteDatabase::open(&address).unwrap();
            Place {
                database: Arc::new(database),
                dialect: Arc::new(glaze_sqlite::SqliteCatalog),
                address,
                _keep: Box::new(dir),
            }
        }
        _ => {
            let server = glaze_testkit::Postgres::shared().database();
            let database = glaze_postgres::PostgresDatabase::connect(&server.url).await.unwrap();
            Place {
                database: Arc::new(database),
                dialect: Arc::new(glaze_postgres::PostgresDialect),
                address: server.url.clone(),
                _keep: Box::new(server),
            }
        }
    }
}

/// The model of a schema text.
pub fn model(text: &str) -> Model {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The model of a schema text, or what is wrong with it.
pub fn read(text: &str) -> Result<Model, String> {
    let files = [SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    }];
    let reading = glaze_source::read(&files);
    reading
        .model
        .ok_or_else(|| glaze_source::render(&reading.diagnostics, &files, false))
}

impl Place {
    async fn make_system_tables(&self) {
        let builtin = glaze_source::builtin_model();
        let statements = glaze_converge::system::system_statements(&builtin, &*self.dialect, &Catalog::default()).unwrap();
        self.database.execute(&statements).await.unwrap();
    }

    /// What is there, as it is compared, in the schemas that tests use.
    pub async fn catalog(&self) -> Catalog {
        let scope = Scope {
            schemas: vec!["public".to_owned(), "extra".to_owned()],
            ..Scope::default()
        };
        let mut catalog = self.database.introspect(&scope).await.unwrap();
        self.dialect.normalise(&mut catalog);
        catalog
    }

    /// What a model asks for, expressions spelled as the database spells them.
    async fn wanted(&self, model: &Model, current: &Catalog) -> Desired {
        let wanted = desired(model, &*self.dialect).unwrap();
        let catalog = self.database.canonicalise(&wanted.catalog, current).await.unwrap();
        Desired { catalog, ..wanted }
    }

    /// The plan from what is there to a model, as `glaze diff` makes it.
    pub async fn plan(&self, next: &Model, previous: Option<&Model>, answers: &Answers) -> Plan {
        let current = self.catalog().await;
        let wanted = self.wanted(next, &current).await;
        let origin = match previous {
            Some(previous) => Some(self.wanted(previous, &current).await.catalog),
            None => None,
        };
        let hints = hints(next, previous, &current, &*self.dialect);
        let diff = diff(&current, wanted, origin.as_ref(), hints, answers, &*self.dialect);
        plan(diff, answers, &*self.dialect)
    }

    /// Runs a plan.
    pub async fn run(&self, plan: &Plan) -> Result<(), String> {
        assert!(plan.questions.is_empty(), "unanswered: {:?}", plan.questions);
        let statements = plan.statements(&*self.dialect);
        self.database
            .execute(&statements)
            .await
            .map_err(|error| format!("{error}\n{}", statements.join(";\n")))
    }

    /// Makes a model's tables in an empty database.
    pub async fn create(&self, model: &Model) -> Result<(), String> {
        let plan = self.plan(model, None, &Answers::default()).await;
        self.run(&plan).await
    }

    /// What still differs between the database and a model.
    pub async fn difference(&self, model: &Model) -> Vec<Step> {
        let current = self.catalog().await;
        let mut carried = self.wanted(model, &current).await;
        glaze_converge::carry::carry(&mut carried, &current, None, &*self.dialect);
        compare_catalogs(&current, &carried.catalog, &*self.dialect)
    }

    /// Rows of one query.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.database.query(sql).await.unwrap()
    }
}

/// Blocks on a test's future; the Postgres driver needs the runtime's threads.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
