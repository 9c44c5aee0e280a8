//! Databases with the schema of these tests, and short ways to write and read.

use std::sync::Arc;

use glaze_data::{
    Actor, Schema,
    bound::{Args, BoundRead, Count, Order, Output, Page, Selected},
    store::{Prepared, Store},
    write::{self, Hooks, Key, Reply, WriteContext, WriteError, WriteLimits},
};
use glaze_expr::tree::{EntityIx, Expr, FieldRef, Part};
use glaze_model::{FieldKind, Value};
use serde_json::Value as Json;

use crate::tables::ddl;

/// Open to everybody: what is tested with it is not who may write.
pub const BLOG: &str = r#"
use glaze::schema::*;

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Author {
    #[field(max = 20)]
    pub name: String,
    #[unique]
    pub email: Option<Email>,
    #[inverse(author)]
    pub posts: Many<Post>,
}

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Post {
    #[field(max = 40)]
    pub title: String,
    #[slug(from = title)]
    #[unique]
    #[field(max = 40)]
    pub slug: String,
    pub author: Ref<Author>,
    pub editor: Option<Ref<Author>>,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub comments: Many<Comment>,
    #[inverse(post)]
    pub summary: Option<Summary>,
    #[default(0)]
    #[field(min = 0)]
    pub views: i64,
    #[default(Draft)]
    pub status: Status,
    pub price: Option<Money>,
    pub seo: Option<Seo>,
    pub sections: Vec<Section>,
    pub words: Vec<String>,
    pub about: Option<AnyOf<(Author, Tag)>>,
    pub extra: Option<Json>,
    #[private]
    pub secret: Option<String>,
    #[default(now)]
    pub seen_at: DateTime,
}

pub enum Status { Draft, Published }

#[blocks]
pub enum Section {
    Hero { #[field(max = 5)] heading: String, price: Option<Money> },
    Quote { text: String },
}

#[embedded]
pub struct Seo {
    pub title: String,
    pub description: Option<String>,
}

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Tag {
    #[id]
    pub code: String,
    pub name: Option<String>,
}

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Comment {
    #[on_delete(cascade)]
    pub post: Option<Ref<Post>>,
    pub text: String,
}

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Summary {
    #[unique]
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    pub text: String,
}
"#;

/// A database with the tables of a schema.
pub struct World {
    pub name: &'static str,
    pub schema: Arc<Schema>,
    pub store: Arc<dyn Store>,
    pub actor: Actor,
    pub hooks: Arc<Hooks>,
    pub now: jiff::Timestamp,
    _folder: Option<tempfile::TempDir>,
}

/// The schema of a text.
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

/// Every database with the tables of the schema.
pub async fn worlds(text: &str) -> Vec<World> {
    altered(text, ("", ""), "").await
}

/// The same with tables that differ: a piece of SQLite's DDL replaced by another, and SQL run on PostgreSQL.
pub async fn altered(text: &str, sqlite_ddl: (&str, &str), postgres_sql: &str) -> Vec<World> {
    vec![sqlite(text, sqlite_ddl).await, postgres(text, postgres_sql).await]
}

async fn postgres(text: &str, more: &str) -> World {
    let server = glaze_testkit::Postgres::shared();
    let database = server.database();
    let schema = schema(text);
    server.psql(&database.url, &(ddl(&schema, &glaze_postgres::store::PostgresQueries) + more));
    let pool = glaze_postgres::PgPool::connect(&database.url, glaze_postgres::PoolOptions::default())
        .await
        .unwrap();
    let store = Arc::new(glaze_postgres::PgStore::new(pool, schema.clone()));
    World::new("postgres", schema, store, None)
}

async fn sqlite(text: &str, (from, to): (&str, &str)) -> World {
    let folder = tempfile::tempdir().unwrap();
    let pool = glaze_sqlite::SqlitePool::open(folder.path().join("test.db"), glaze_sqlite::PoolOptions::default()).unwrap();
    let schema = schema(text);
    let mut ddl = ddl(&schema, &glaze_sqlite::store::SqliteQueries);
    if !from.is_empty() {
        assert!(ddl.contains(from), "{ddl}");
        ddl = ddl.replace(from, to);
    }
    let setup = rusqlite::Connection::open(folder.path().join("test.db")).unwrap();
    setup.execute_batch(&ddl).unwrap_or_else(|error| panic!("{error}: {ddl}"));
    let store = Arc::new(glaze_sqlite::SqliteStore::new(pool, schema.clone()));
    World::new("sqlite", schema, store, Some(folder))
}

impl World {
    fn new(name: &'static str, schema: Arc<Schema>, store: Arc<dyn Store>, folder: Option<tempfile::TempDir>) -> World {
        let now = "2026-11-21T06:52:00Z".parse().unwrap();
        World {
            name,
            schema,
            store,
            actor: Actor::Anonymous,
            hooks: Arc::default(),
            now,
            _folder: folder,
        }
    }

    /// The same database for somebody else.
    pub fn acting(&self, actor: Actor) -> World {
        World {
            name: self.name,
            schema: self.schema.clone(),
            store: self.store.clone(),
            actor,
            hooks: self.hooks.clone(),
            now: self.now,
            _folder: None,
        }
    }

    pub fn ix(&self, entity: &str) -> EntityIx {
        self.schema.entity_by_name(entity).unwrap().ix
    }

    pub fn context(&self) -> WriteContext {
        WriteContext {
            schema: self.schema.clone(),
            store: self.store.clone(),
            actor: self.actor.clone(),
            now: self.now,
            hooks: self.hooks.clone(),
            limits: WriteLimits::default(),
        }
    }

    /// The read of one entry: every stored field, and the keys of to-many relations.
    pub fn read(&self, entity: &str) -> Prepared {
        self.store.prepare(&self.bound(self.ix(entity), true, Page::Key)).unwrap()
    }

    fn bound(&self, entity: EntityIx, relations: bool, page: Page) -> BoundRead {
        let info = self.schema.entity(entity);
        let declared = self.schema.declared(entity);
        let mut select = Vec::new();
        for (at, field) in declared
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.private && !field.is_virtual())
        {
            let at = at as u32;
            let output = match &field.kind {
                FieldKind::Many(_) | FieldKind::Inverse(_) if !relations => continue,
                FieldKind::Many(many) => Output::Many {
                    field: at,
                    read: Box::new(self.keys(&many.target)),
                },
                FieldKind::Inverse(inverse) if inverse.one => Output::One {
                    field: at,
                    read: Box::new(self.keys(&inverse.target)),
                },
                FieldKind::Inverse(inverse) => Output::Many {
                    field: at,
                    read: Box::new(self.keys(&inverse.target)),
                },
                FieldKind::Embedded(_) => {
                    let inner = info.fields[at as usize]
                        .inner
                        .iter()
                        .map(|inner| (inner.ix, inner.json.clone()))
                        .collect();
                    Output::Embedded { field: at, inner }
                }
                _ => Output::Field(at),
            };
            select.push(Selected {
                json: field.json.clone(),
                output,
                guard: None,
            });
        }
        let order = info
            .key_refs(0)
            .map(|by| Order {
                by,
                desc: false,
                guard: None,
                nullable: false,
            })
            .collect();
        BoundRead {
            entity,
            filter: Expr::bool(true),
            select,
            order,
            page,
            count: Count::None,
        }
    }

    fn keys(&self, entity: &str) -> BoundRead {
        let entity = self.ix(entity);
        let mut read = self.bound(entity, false, Page::PerParent { limit: None });
        let text = self.schema.entity(entity).field_by_name("text").map_or(0, |field| field.ix);
        read.select
            .retain(|selected| matches!(selected.output, Output::Field(at) if at == 0 || at == text));
        if text != 0 {
            let by = FieldRef {
                var: 0,
                entity,
                hops: Vec::new(),
                field: text,
                part: Part::Whole,
            };
            read.order.insert(
                0,
                Order {
                    by,
                    desc: false,
                    guard: None,
                    nullable: false,
                },
            );
            read.select
                .retain(|selected| matches!(selected.output, Output::Field(at) if at == text));
        }
        read
    }

    pub fn reply(&self, entity: &str) -> Reply {
        Reply {
            read: Some(self.read(entity)),
            if_match: None,
        }
    }

    pub async fn create(&self, entity: &str, body: Json) -> Result<(Key, Json), WriteError> {
        let written = write::create_one(&self.context(), self.ix(entity), &body, &self.reply(entity)).await?;
        Ok((written.key, serde_json::from_slice(&written.answer.body).unwrap()))
    }

    pub async fn update(&self, entity: &str, key: &Key, body: Json) -> Result<Json, WriteError> {
        let written = write::update_one(&self.context(), self.ix(entity), key, &body, &self.reply(entity)).await?;
        Ok(serde_json::from_slice(&written.answer.body).unwrap())
    }

    pub async fn replace(&self, entity: &str, key: &Key, body: Json) -> Result<Json, WriteError> {
        let written = write::replace_one(&self.context(), self.ix(entity), key, &body, &self.reply(entity)).await?;
        Ok(serde_json::from_slice(&written.answer.body).unwrap())
    }

    pub async fn delete(&self, entity: &str, key: &Key) -> Result<(), WriteError> {
        write::delete_one(&self.context(), self.ix(entity), key, &Reply::default()).await
    }

    pub async fn get(&self, entity: &str, key: &Key) -> Option<Json> {
        let args = Args {
            me: None,
            now: self.now,
            key: key.clone(),
        };
        let answer = self.store.read(&self.read(entity), &args, Vec::new()).await.unwrap();
        serde_json::from_slice(&answer.body).ok()
    }

    /// All entries, in the order of their keys.
    pub async fn list(&self, entity: &str) -> Vec<Json> {
        let read = self
            .store
            .prepare(&self.bound(self.ix(entity), true, Page::Offset { limit: 1000, offset: 0 }))
            .unwrap();
        let args = Args {
            me: None,
            now: self.now,
            key: Vec::new(),
        };
        let answer = self.store.read(&read, &args, Vec::new()).await.unwrap();
        serde_json::from_slice(&answer.body).unwrap()
    }

    pub async fn author(&self, name: &str) -> Key {
        self.create("Author", serde_json::json!({"name": name})).await.unwrap().0
    }

    pub async fn tags(&self, codes: &[&str]) {
        for code in codes {
            self.create("Tag", serde_json::json!({"code": code})).await.unwrap();
        }
    }
}

/// A key with one part, as JSON.
pub fn id(key: &Key) -> Json {
    key[0].to_json()
}

/// Path and code of every problem.
pub fn problems<T: std::fmt::Debug>(result: Result<T, WriteError>) -> Vec<(String, &'static str)> {
    match result {
        Err(WriteError::Validation(errors)) => errors.into_iter().map(|error| (error.path, error.code)).collect(),
        other => panic!("problems with the fields were expected, not {other:?}"),
    }
}

/// Members of an object.
pub fn pick(json: &Json, names: &[&str]) -> Json {
    Json::Object(names.iter().map(|name| ((*name).to_owned(), json[*name].clone())).collect())
}

/// A key that no entry has.
pub fn nobody() -> Key {
    vec![Value::Uuid("01900000-0000-7000-8000-000000000000".parse().unwrap())]
}
