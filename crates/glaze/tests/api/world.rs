//! The same project on both databases. Every request goes to both, and both must answer the same bytes.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use glaze::Glaze;
use glaze_app::App;
use glaze_auth::keys::NewKey;
use glaze_testkit::{Postgres, TestDatabase};
use serde_json::Value as Json;
use tempfile::TempDir;
use tower::ServiceExt;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    Editor,
    Admin,
}

pub use Who::*;

/// One project, two databases.
pub struct World {
    sides: [Side; 2],
    root: TempDir,
    database: TestDatabase,
}

struct Side {
    name: &'static str,
    router: Router,
    app: Arc<App>,
    editor: String,
    admin: String,
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The status, and the body with it when it is another.
    #[track_caller]
    pub fn is(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// A failure of this code.
    #[track_caller]
    pub fn fails(self, status: u16, code: &str) -> Reply {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.json()["code"], code, "{}", reply.text);
        assert_eq!(reply.json()["status"], status);
        reply
    }

    /// Exactly this body.
    #[track_caller]
    pub fn says(self, body: &str) -> Reply {
        assert_eq!(self.text, body);
        self
    }

    /// One member of each entry of a list.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<Json> {
        let json = self.json();
        let data = json["data"].as_array().unwrap_or_else(|| panic!("no list: {}", self.text));
        data.iter().map(|entry| entry[name].clone()).collect()
    }
}

impl World {
    pub async fn new(schema: &str) -> World {
        World::configured(schema, "").await
    }

    /// The same, with a `glaze.toml`.
    pub async fn configured(schema: &str, config: &str) -> World {
        let root = tempfile::tempdir().expect("a folder");
        std::fs::write(root.path().join("glaze.toml"), config).expect("the configuration is written");
        std::fs::write(root.path().join("schema.rs"), schema).expect("the schema is written");
        let database = Postgres::shared().database();
        let embedded = format!("sqlite:{}", root.path().join("test.db").display());
        let sides = [
            Side::new("sqlite", &root, &embedded).await,
            Side::new("postgres", &root, &database.url).await,
        ];
        World { sides, root, database }
    }

    /// Where the embedded database is.
    pub fn file(&self) -> std::path::PathBuf {
        self.root.path().join("test.db")
    }

    /// Where the database on the server is.
    pub fn url(&self) -> &str {
        &self.database.url
    }

    /// The applications underneath.
    pub fn apps(&self) -> impl Iterator<Item = &Arc<App>> {
        self.sides.iter().map(|side| &side.app)
    }

    pub async fn get(&self, who: Who, path: &str) -> Reply {
        self.send(who, "GET", path, &[], None).await
    }

    pub async fn post(&self, who: Who, path: &str, body: Json) -> Reply {
        self.send(who, "POST", path, &[], Some(body)).await
    }

    pub async fn patch(&self, who: Who, path: &str, body: Json) -> Reply {
        self.send(who, "PATCH", path, &[], Some(body)).await
    }

    pub async fn delete(&self, who: Who, path: &str) -> Reply {
        self.send(who, "DELETE", path, &[], None).await
    }

    /// Sends to both; the answers must be the same, but for what is random.
    pub async fn send(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Json>) -> Reply {
        let body = body.map(|body| body.to_string());
        let mut headers = headers.to_vec();
        if body.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            headers.push(("content-type", "application/json"));
        }
        self.raw(who, method, path, &headers, body.unwrap_or_default().as_bytes()).await
    }

    pub async fn raw(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let [one, other] = &self.sides;
        let first = one.send(who, method, path, headers, body).await;
        let second = other.send(who, method, path, headers, body).await;
        let told = format!("{who:?} {method} {path} on {} and {}", one.name, other.name);
        assert_eq!(first.text, second.text, "{told}");
        assert_eq!(first.status, second.status, "{told}");
        let kept = |reply: &Reply| {
            reply
                .headers
                .iter()
                .filter(|(name, _)| name != "x-request-id")
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(kept(&first), kept(&second), "{told}");
        first
    }

    /// Sends to each database something of its own: ids that the database's side made, cursors of different keys.
    pub async fn each(&self, mut run: impl AsyncFnMut(Caller<'_>)) {
        for side in &self.sides {
            run(Caller(side)).await;
        }
    }
}

/// One side alone.
#[derive(Clone, Copy)]
pub struct Caller<'w>(&'w Side);

impl Caller<'_> {
    pub async fn get(&self, who: Who, path: &str) -> Reply {
        self.0.send(who, "GET", path, &[], b"").await
    }

    pub async fn send(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        self.0.send(who, method, path, &headers, body.as_bytes()).await
    }

    pub fn app(&self) -> &Arc<App> {
        &self.0.app
    }
}

impl Side {
    async fn new(name: &'static str, root: &TempDir, url: &str) -> Side {
        let glaze = Glaze::builder()
            .root(root.path())
            .database(url)
            .development()
            .migrate()
            .build()
            .await;
        let glaze = glaze.unwrap_or_else(|error| panic!("{name}: {error}"));
        let key = async |role: &str| {
            let new = NewKey {
                name: role.into(),
                roles: vec![role.into()],
                expires_at: None,
            };
            glaze_app::keys::create(glaze.app(), new)
                .await
                .unwrap_or_else(|problem| panic!("{name}: {problem} {:?}", problem.cause))
                .key
        };
        Side {
            name,
            editor: key("editor").await,
            admin: key("admin").await,
            router: glaze.router(),
            app: glaze.app().clone(),
        }
    }

    async fn send(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        match who {
            Anonymous => {}
            Editor => request = request.header("authorization", format!("Bearer {}", self.editor)),
            Admin => request = request.header("x-api-key", &self.admin),
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect();
        headers.sort();
        let bytes = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Reply { status, headers, text }
    }
}
