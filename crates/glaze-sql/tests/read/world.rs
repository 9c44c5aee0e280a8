//! The same rows in memory, in SQLite and in PostgreSQL.

use std::{borrow::Cow, sync::Arc};

use glaze_converge::{catalog::Catalog, dialect::CatalogDialect, hints::Answers, plan::plan_model, port::Database};
use glaze_data::{
    Actor, Cursors, Limits, Schema, bind,
    bound::{Args, BoundRead, Record},
    memory::Memory,
    query::{self, QueryError},
    store::{Answer, Store},
};
use glaze_expr::tree::EntityIx;
use glaze_model::{FieldKind, Value};
use glaze_postgres::store::Bound;
use glaze_sql::query::{Form, Kind, NoComputed, QueryDialect, Tables};

use crate::rows::{self, LIBRARY};

/// What is asked, and by whom.
pub struct Asked {
    pub read: BoundRead,
    pub args: Args,
}

/// Two databases and the rows in them.
pub struct World {
    pub schema: Arc<Schema>,
    pub rows: Vec<(EntityIx, Record)>,
    pub links: Vec<(EntityIx, u32, Vec<Value>, Vec<Value>)>,
    pub sqlite: Arc<dyn Store>,
    pub postgres: Arc<dyn Store>,
    pub url: String,
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

pub fn now() -> jiff::Timestamp {
    "2026-11-21T06:52:00Z".parse().unwrap()
}

pub async fn create_tables(schema: &Schema, database: &dyn Database, dialect: &dyn CatalogDialect) {
    let plan = plan_model(&Catalog::default(), schema.model(), None, &Answers::default(), dialect).unwrap();
    let statements = plan.statements(dialect);
    database
        .execute(&statements)
        .await
        .unwrap_or_else(|error| panic!("{error}\n{}", statements.join(";\n")));
}

/// One row to insert: quoted table, columns and values.
struct Inserted {
    table: String,
    columns: Vec<(String, Kind)>,
    values: Vec<Value>,
}

fn inserted(schema: &Schema, dialect: &dyn QueryDialect, entity: EntityIx, record: &Record) -> Inserted {
    let tables = Tables {
        model: schema.model(),
        dialect,
        computed: &NoComputed,
    };
    let mut row = Inserted {
        table: tables.table(entity),
        columns: Vec::new(),
        values: Vec::new(),
    };
    for (at, value) in record.iter().enumerate() {
        let field = schema.field(entity, at as u32);
        if field.computed.is_some() {
            continue;
        }
        let columns = tables.columns(entity, at as u32).unwrap();
        let values = match value {
            Value::List(parts) if columns.len() > 1 || matches!(field.kind, FieldKind::Embedded(_) | FieldKind::AnyOf(_)) => parts.clone(),
            Value::Null => vec![Value::Null; columns.len()],
            value if columns.len() == 1 => vec![value.clone()],
            value => panic!("{value:?} for {}", field.name),
        };
        row.columns.extend(columns.into_iter().map(|column| (column.name, column.kind)));
        row.values.extend(values);
    }
    row
}

fn linked(schema: &Schema, dialect: &dyn QueryDialect, link: &(EntityIx, u32, Vec<Value>, Vec<Value>)) -> Inserted {
    let tables = Tables {
        model: schema.model(),
        dialect,
        computed: &NoComputed,
    };
    let (entity, field, from, to) = link;
    let FieldKind::Many(many) = &schema.field(*entity, *field).kind else {
        panic!("not a join table")
    };
    let target = tables.target(*entity, *field).unwrap();
    let ends = [(*entity, &many.from_columns), (target, &many.to_columns)];
    let columns = ends.iter().flat_map(|(entity, names)| {
        let key = tables.key(*entity).unwrap();
        names
            .iter()
            .cloned()
            .zip(key.into_iter().map(|column| column.kind))
            .collect::<Vec<_>>()
    });
    let table = dialect.table(many.schema.as_deref(), &many.table);
    Inserted {
        table,
        columns: columns.collect(),
        values: from.iter().chain(to).cloned().collect(),
    }
}

impl Inserted {
    fn sql(&self, mark: &str) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let marks: Vec<_> = (1..=columns.len()).map(|n| format!("{mark}{n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.table, columns.join(", "), marks.join(", "))
    }
}

impl World {
    /// The library with its rows.
    pub async fn library() -> World {
        World::with_reviews(60).await
    }

    /// The library with so many reviews.
    pub async fn with_reviews(reviews: u64) -> World {
        let schema = schema(LIBRARY);
        let (rows, links) = rows::all(&schema, reviews);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let structure = glaze_sqlite::SqliteDatabase::open(&path).unwrap();
        create_tables(&schema, &structure, &glaze_sqlite::SqliteCatalog).await;
        let url = glaze_testkit::Postgres::shared().database().url;
        let structure = glaze_postgres::PostgresDatabase::connect(&url).await.unwrap();
        create_tables(&schema, &structure, &glaze_postgres::PostgresDialect).await;
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch("BEGIN").unwrap();
        let pool = glaze_postgres::PgPool::connect(&url, glaze_postgres::PoolOptions::default())
            .await
            .unwrap();
        for at in 0..rows.len() + links.len() {
            let lite = one(&schema, &glaze_sqlite::store::SqliteQueries, &rows, &links, at);
            let values: Vec<_> = lite
                .values
                .iter()
                .zip(&lite.columns)
                .map(|(value, (_, kind))| glaze_sqlite::store::column(value, *kind).unwrap())
                .collect();
            connection
                .execute(&lite.sql("?"), rusqlite::params_from_iter(values))
                .unwrap_or_else(|error| panic!("{error}: {}", lite.sql("?")));
            let row = one(&schema, &glaze_postgres::store::PostgresQueries, &rows, &links, at);
            let shared = pool.shared().await.unwrap();
            let values = row
                .values
                .iter()
                .zip(&row.columns)
                .map(|(value, (_, kind))| Bound::Value(value, Form::Column(*kind)));
            let values: Vec<_> = values.collect();
            let outcome = shared.client.query_raw(&row.sql("$"), values).await;
            outcome.map(drop).unwrap_or_else(|error| panic!("{error:?}: {}", row.sql("$")));
        }
        connection.execute_batch("COMMIT").unwrap();
        let lite = glaze_sqlite::SqlitePool::open(&path, glaze_sqlite::PoolOptions::default()).unwrap();
        World {
            sqlite: Arc::new(glaze_sqlite::SqliteStore::new(lite, schema.clone())),
            postgres: Arc::new(glaze_postgres::PgStore::new(pool, schema.clone())),
            schema,
            rows,
            links,
            url,
            _folder: folder,
        }
    }

    pub fn memory(&self) -> Memory<'_> {
        let mut memory = Memory::new(&self.schema);
        for (entity, record) in &self.rows {
            memory.insert(*entity, record.clone());
        }
        for (entity, field, from, to) in &self.links {
            memory.link(*entity, *field, from.clone(), to.clone());
        }
        memory
    }

    /// `posts?filter…`, bound for an actor.
    pub fn ask(&self, actor: &Actor, question: &str) -> Result<Asked, QueryError> {
        ask(&self.schema, actor, question)
    }

    /// The answers of both databases, which must be the same; gives it.
    pub async fn answer(&self, asked: &Asked, what: &str) -> Answer {
        let sqlite = run(self.sqlite.as_ref(), asked, what).await;
        let postgres = run(self.postgres.as_ref(), asked, what).await;
        let text = |answer: &Answer| String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(text(&sqlite), text(&postgres), "{what}");
        assert_eq!(sqlite, postgres, "{what}");
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&sqlite.body[..]);
        assert!(parsed.is_ok() || sqlite.body.is_empty(), "{what}: {}", text(&sqlite));
        sqlite
    }
}

fn one(
    schema: &Schema,
    dialect: &dyn QueryDialect,
    rows: &[(EntityIx, Record)],
    links: &[(EntityIx, u32, Vec<Value>, Vec<Value>)],
    at: usize,
) -> Inserted {
    match rows.get(at) {
        Some((entity, record)) => inserted(schema, dialect, *entity, record),
        None => linked(schema, dialect, &links[at - rows.len()]),
    }
}

pub async fn run(store: &dyn Store, asked: &Asked, what: &str) -> Answer {
    let prepared = store.prepare(&asked.read).unwrap_or_else(|error| panic!("{what}: {error}"));
    store
        .read(&prepared, &asked.args, Vec::new())
        .await
        .unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The same without a database.
pub fn ask(schema: &Schema, actor: &Actor, question: &str) -> Result<Asked, QueryError> {
    let (path, raw) = question.split_once('?').unwrap_or((question, ""));
    let (path, key) = path.split_once('/').map_or((path, None), |(path, key)| (path, Some(key)));
    let entity = schema.entity_by_path(path).unwrap_or_else(|| panic!("no entity at {path}"));
    let params: Vec<(Cow<str>, Cow<str>)> = query::split(raw).unwrap();
    let limits = Limits::default();
    let mut args = Args {
        me: actor.id(),
        now: now(),
        key: Vec::new(),
    };
    let read = match key {
        Some(key) => {
            args.key = schema.parse_key(entity, key).unwrap();
            let asked = query::parse_one(schema, entity, &params, &limits).map_err(QueryError::Invalid)?;
            bind::bind_key(schema, actor, &asked, &limits)?
        }
        None => {
            let asked = query::parse(schema, entity, &params, &limits).map_err(QueryError::Invalid)?;
            bind::bind(schema, actor, &asked, &limits, &Cursors::new(b"a secret of the tests"))?
        }
    };
    Ok(Asked { read, args })
}
