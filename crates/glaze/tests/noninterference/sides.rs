//! Two databases of one project, and who asks them.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use futures_util::future::BoxFuture;
use glaze::Glaze;
use glaze_app::App;
use glaze_auth::keys::NewKey;
use glaze_data::{
    Actor,
    bound::{Args, Insert, Load, Record},
    store::{Job, JobError, JobOutput, Tx},
    write::{self, Hooks, Reply, WriteContext, WriteLimits},
};
use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_testkit::{Postgres, TestDatabase};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use crate::content::Rows;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    Reader,
    Admin,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub who: Who,
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<String>,
}

/// All of an answer that a client could compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// The same project on two databases of one kind.
pub struct Sides {
    sides: Vec<Side>,
    reader: String,
    admin: String,
    _root: TempDir,
    _databases: Vec<TestDatabase>,
}

struct Side {
    router: Router,
    app: Arc<App>,
}

impl Sides {
    /// Empty databases with the same keys; also gives who the reader is.
    pub async fn new(engine: Engine, source: &str) -> (Sides, Uuid) {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(root.path().join("schema.rs"), source).expect("the schema is written");
        let (mut sides, mut databases) = (Vec::new(), Vec::new());
        for name in ["one", "two"] {
            let url = match engine {
                Engine::Sqlite => format!("sqlite:{}", root.path().join(name).with_extension("db").display()),
                Engine::Postgres => {
                    databases.push(Postgres::shared().database());
                    databases[databases.len() - 1].url.clone()
                }
            };
            sides.push(Side::new(&root, &url).await);
        }
        let (reader, admin) = (sides[0].key("reader").await, sides[0].key("admin").await);
        let known = glaze_app::keys::list(&sides[0].app).await.expect("keys");
        let id = known.iter().find(|key| key.name == "reader").expect("the reader's key").id;
        sides[1].take_keys(&sides[0]).await;
        let sides = Sides {
            sides,
            reader,
            admin,
            _root: root,
            _databases: databases,
        };
        (sides, id)
    }

    /// Puts rows in, as Glaze itself: private fields too.
    pub async fn fill(&self, rows: &[Rows; 2]) {
        for (side, rows) in self.sides.iter().zip(rows) {
            side.fill(rows).await;
        }
    }

    /// The same request to both.
    pub async fn send(&self, asked: &Asked) -> [Answered; 2] {
        let token = match asked.who {
            Who::Anonymous => None,
            Who::Reader => Some(&self.reader),
            Who::Admin => Some(&self.admin),
        };
        let one = self.sides[0].send(asked, token).await;
        [one, self.sides[1].send(asked, token).await]
    }
}

impl Side {
    async fn new(root: &TempDir, url: &str) -> Side {
        let built = Glaze::builder()
            .root(root.path())
            .database(url)
            .development()
            .migrate()
            .build()
            .await;
        let glaze = built.unwrap_or_else(|error| panic!("{error}"));
        Side {
            router: glaze.router(),
            app: glaze.app().clone(),
        }
    }

    async fn key(&self, role: &str) -> String {
        let new = NewKey {
            name: role.into(),
            roles: vec![role.into()],
            expires_at: None,
        };
        glaze_app::keys::create(&self.app, new).await.expect("a key").key
    }

    /// The keys of another database: who asks is the same in both, down to the id.
    async fn take_keys(&self, other: &Side) {
        self.app.ensure_system().await.expect("system tables");
        let live = other.app.live();
        let entity = live
            .schema
            .model()
            .entities
            .iter()
            .position(|entity| entity.name == "ApiKey")
            .expect("keys are built in") as EntityIx;
        let fields: Vec<FieldIx> = (0..live.schema.declared(entity).fields.len() as FieldIx).collect();
        let place = Keys {
            entity,
            fields,
            rows: None,
        };
        let rows = live.store.transact(Arc::new(place.clone())).await.expect("the keys are read");
        let rows = *rows.downcast::<Vec<Record>>().expect("rows");
        let place = Keys { rows: Some(rows), ..place };
        let written = self.app.live().store.transact(Arc::new(place)).await;
        written.expect("the keys are written");
    }

    async fn fill(&self, rows: &Rows) {
        let live = self.app.live();
        let context = WriteContext {
            schema: live.schema.clone(),
            store: live.store.clone(),
            actor: Actor::System,
            now: "2026-11-21T06:52:00Z".parse().expect("a time"),
            hooks: Arc::new(Hooks::default()),
            limits: WriteLimits::default(),
        };
        for (name, rows) in crate::content::NAMES.iter().zip(rows).filter(|(_, rows)| !rows.is_empty()) {
            let entity = live.schema.entities().iter().find(|entity| entity.type_name == *name);
            let entity = entity.unwrap_or_else(|| panic!("no {name}")).ix;
            let made = write::create_many(&context, entity, rows, &Reply::default()).await;
            made.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
    }

    async fn send(&self, asked: &Asked, token: Option<&String>) -> Answered {
        let mut request = Request::builder().method(asked.method).uri(&asked.target);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        if asked.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = Body::from(asked.body.clone().unwrap_or_default());
        let request = request.body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        let kept = |name: &str| !matches!(name, "x-request-id" | "date");
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .filter(|(name, _)| kept(name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect();
        headers.sort();
        let bytes = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answered { status, headers, body }
    }
}

/// Reads the keys, or writes them.
#[derive(Clone)]
struct Keys {
    entity: EntityIx,
    fields: Vec<FieldIx>,
    rows: Option<Vec<Record>>,
}

impl Job for Keys {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move {
            let args = Args {
                me: None,
                now: jiff::Timestamp::now(),
                key: Vec::new(),
            };
            let (entity, fields) = (self.entity, self.fields.clone());
            let output: Box<dyn Any + Send> = match &self.rows {
                None => {
                    let load = Load {
                        entity,
                        filter: Expr::bool(true),
                        fields,
                        lock: false,
                        limit: None,
                    };
                    Box::new(tx.load(&load, &args).await?)
                }
                Some(rows) => {
                    let insert = Insert {
                        entity,
                        fields,
                        rows: rows.clone(),
                        links: Vec::new(),
                    };
                    Box::new(tx.insert(&insert, &args).await?)
                }
            };
            Ok(output)
        })
    }
}
