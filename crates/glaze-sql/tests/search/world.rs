//! One schema on both databases, each looked at by a store that may use the index and by one that may not.

use std::{borrow::Cow, path::PathBuf, sync::Arc};

use glaze_converge::{
    catalog::Catalog,
    dialect::CatalogDialect,
    hints::Answers,
    plan::plan_model,
    port::{Database, Scope},
};
use glaze_data::{
    Actor, Cursors, Limits, Schema, bind,
    bound::Args,
    query,
    store::{Answer, Prepared, Store},
};
use glaze_expr::tree::EntityIx;
use glaze_postgres::{PgPool, PgStore, PostgresDatabase, PostgresDialect};
use glaze_sql::query::PreparedRead;
use glaze_sqlite::{SqliteCatalog, SqliteDatabase, SqlitePool, SqliteStore};
use glaze_testkit::Postgres;

pub const NOTES: &str = r#"use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Note {
    #[id]
    pub id: i64,
    pub title: String,
    pub body: Option<Text>,
    pub doc: Option<RichText>,
    #[field(search = false)]
    pub hidden: Option<String>,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Slip {
    #[id]
    pub shelf: i32,
    #[id]
    #[field(max = 20)]
    pub place: String,
    pub words: String,
}
"#;

pub struct World {
    pub schema: Arc<Schema>,
    pub file: PathBuf,
    pub url: String,
    pub sqlite: SqliteStore,
    pub postgres: PgStore,
    _folder: tempfile::TempDir,
}

pub fn schema(text: &str) -> Arc<Schema> {
    let file = glaze_source::SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    };
    let reading = glaze_source::read(&[file]);
    let model = reading
        .model
        .unwrap_or_else(|| panic!("the schema has errors: {:#?}", reading.diagnostics));
    Schema::new(model).unwrap()
}

async fn create_tables(schema: &Schema, database: &dyn Database, dialect: &dyn CatalogDialect) {
    let plan = plan_model(&Catalog::default(), schema.model(), None, &Answers::default(), dialect).unwrap();
    database.execute(&plan.statements(dialect)).await.unwrap();
}

impl World {
    /// The tables of the notes in databases that Glaze has migrated.
    pub async fn notes() -> World {
        let world = World::foreign(NOTES).await;
        world.both(
            "CREATE TABLE glaze_migrations (finished boolean)",
            "CREATE SCHEMA glaze; CREATE TABLE glaze.migrations (finished boolean)",
        );
        world.both(
            "INSERT INTO glaze_migrations VALUES (TRUE)",
            "INSERT INTO glaze.migrations VALUES (TRUE)",
        );
        world
    }

    /// The same without a journal: Glaze has changed nothing there.
    pub async fn foreign(text: &str) -> World {
        let schema = schema(text);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        create_tables(&schema, &SqliteDatabase::open(&file).unwrap(), &SqliteCatalog).await;
        let url = Postgres::shared().database().url;
        create_tables(&schema, &PostgresDatabase::connect(&url).await.unwrap(), &PostgresDialect).await;
        // No index comes by itself: what is tested says when.
        let options = glaze_sqlite::PoolOptions {
            search_rows: u64::MAX,
            ..Default::default()
        };
        let lite = SqlitePool::open(&file, options).unwrap();
        let options = glaze_postgres::PoolOptions {
            search_rows: u64::MAX,
            ..Default::default()
        };
        let pg = PgPool::connect(&url, options).await.unwrap();
        World {
            sqlite: SqliteStore::new(lite, schema.clone()),
            postgres: PgStore::new(pg, schema.clone()),
            schema,
            file,
            url,
            _folder: folder,
        }
    }

    /// The stores under another schema.
    pub fn under(&mut self, text: &str) {
        self.schema = schema(text);
        self.sqlite = SqliteStore::new(self.sqlite.pool().clone(), self.schema.clone());
        self.postgres = PgStore::new(self.postgres.pool().clone(), self.schema.clone());
    }

    pub fn entity(&self, path: &str) -> EntityIx {
        self.schema.entity_by_path(path).unwrap().ix
    }

    /// Makes or completes the indexes; whether they are there.
    pub async fn index(&self, path: &str) -> (bool, bool) {
        let entity = self.entity(path);
        (
            self.sqlite.index_search(entity).await.unwrap(),
            self.postgres.index_search(entity).await.unwrap(),
        )
    }

    pub fn lite(&self, sql: &str) {
        let connection = rusqlite::Connection::open(&self.file).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        connection
            .execute_batch(sql)
            .unwrap_or_else(|error| panic!("{error}: {}", sql.chars().take(300).collect::<String>()));
    }

    pub fn pg(&self, sql: &str) -> String {
        Postgres::shared().psql(&self.url, sql)
    }

    /// The same on both databases.
    pub fn both(&self, lite: &str, pg: &str) {
        self.lite(lite);
        self.pg(pg);
    }

    /// The structure as everybody else sees it.
    pub async fn structures(&self) -> (Catalog, Catalog) {
        let scope = Scope::default();
        (
            SqliteDatabase::open(&self.file).unwrap().introspect(&scope).await.unwrap(),
            PostgresDatabase::connect(&self.url)
                .await
                .unwrap()
                .introspect(&scope)
                .await
                .unwrap(),
        )
    }

    /// What a search finds: the same with the index and without, and on both databases; gives it.
    pub async fn search(&self, path: &str, text: &str) -> Answer {
        // How a document is written is the writers' affair, and these write to the databases directly.
        let fields = if path == "slips" { "shelf,place" } else { "id,title" };
        let asked = format!("search={}&fields={fields}&limit=100&count=exact", escaped(text));
        let mut answers = Vec::new();
        for store in [&self.sqlite as &dyn Store, &self.postgres] {
            let (prepared, args) = self.prepared(store, path, &asked);
            for read in [plain(&prepared), prepared] {
                answers.push(
                    store
                        .read(&read, &args, Vec::new())
                        .await
                        .unwrap_or_else(|error| panic!("{error}: {text:?}")),
                );
            }
        }
        let first = answers.remove(0);
        for (answer, which) in answers
            .into_iter()
            .zip(["SQLite with it", "PostgreSQL without", "PostgreSQL with it"])
        {
            assert_eq!(
                String::from_utf8_lossy(&first.body),
                String::from_utf8_lossy(&answer.body),
                "{text:?}: SQLite without the index and {which}"
            );
            assert_eq!(first, answer, "{text:?}: {which}");
        }
        first
    }

    pub fn prepared(&self, store: &dyn Store, path: &str, asked: &str) -> (Prepared, Args) {
        let entity = self.schema.entity_by_path(path).unwrap();
        let params: Vec<(Cow<str>, Cow<str>)> = query::split(asked).unwrap();
        let limits = Limits::default();
        let asked = query::parse(&self.schema, entity, &params, &limits).unwrap_or_else(|error| panic!("{error:?}"));
        let cursors = Cursors::new(b"a secret of the tests");
        let read = bind::bind(&self.schema, &Actor::System, &asked, &limits, &cursors).unwrap_or_else(|error| panic!("{error:?}"));
        let args = Args {
            me: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            key: Vec::new(),
        };
        (store.prepare(&read).unwrap(), args)
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The same read with the index taken out of it.
fn plain(prepared: &Prepared) -> Prepared {
    let read = prepared.0.clone().downcast::<PreparedRead>().unwrap();
    Prepared(Arc::new(PreparedRead {
        plan: read.plan.clone(),
        literals: read.literals.clone(),
        offset: read.offset,
        searched: None,
    }))
}

/// Text as a constant of SQL, for either database.
pub fn constant(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
