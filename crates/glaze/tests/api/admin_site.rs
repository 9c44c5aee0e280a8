//! One project for each database, administered over HTTP: files and database of a project follow each other, so the two don't share a folder.

use std::path::PathBuf;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use glaze::{Glaze, converge::port::Database};
use glaze_auth::keys::NewKey;
use glaze_postgres::PostgresDatabase;
use glaze_sqlite::SqliteDatabase;
use glaze_testkit::{Postgres, TestDatabase};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::world::{Reply, Who};

pub const SCHEMA: &str = r#"use glaze::schema::*;

/// What people read.
#[entity(label = title, timestamps = false)]
#[can(read, "true")]
#[can(create, "true")]
pub struct Post {
    // The heading.
    #[field(max = 40)]
    pub title: String,
    pub note: Option<String>,
}
"#;

pub struct Site {
    pub name: &'static str,
    pub root: TempDir,
    router: Router,
    editor: String,
    admin: String,
    url: String,
    /// Lives as long as the site.
    _database: Option<TestDatabase>,
}

/// Runs a story on each database.
pub async fn each(story: impl AsyncFn(&Site)) {
    let database = Postgres::shared().database();
    story(&Site::new("sqlite", None, true).await).await;
    story(&Site::new("postgres", Some(database), true).await).await;
}

impl Site {
    pub async fn new(name: &'static str, database: Option<TestDatabase>, development: bool) -> Site {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("schema.rs"), SCHEMA).unwrap();
        let url = match &database {
            Some(database) => database.url.clone(),
            None => format!("sqlite:{}", root.path().join("test.db").display()),
        };
        let builder = Glaze::builder().root(root.path()).database(&url).migrate();
        let builder = if development { builder.development() } else { builder };
        let glaze = builder.build().await.unwrap();
        let key = async |role: &str| {
            let new = NewKey {
                name: role.into(),
                roles: vec![role.into()],
                expires_at: None,
            };
            glaze_app::keys::create(glaze.app(), new).await.unwrap().key
        };
        Site {
            name,
            editor: key("editor").await,
            admin: key("admin").await,
            router: glaze.router(),
            root,
            url,
            _database: database,
        }
    }

    pub async fn send(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        request = match who {
            Who::Anonymous => request,
            Who::Editor => request.header("x-api-key", &self.editor),
            Who::Admin => request.header("x-api-key", &self.admin),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(Json::to_string).unwrap_or_default();
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let headers = response.headers().iter();
        Reply {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
                .collect(),
            text: String::from_utf8(to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()).unwrap(),
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Who::Admin, "GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Json) -> Reply {
        self.send(Who::Admin, "POST", path, &[], Some(&body)).await
    }

    /// An entry of its own making.
    pub async fn write_post(&self, title: &str) {
        self.post("/api/posts", json!({"title": title, "note": "kept"})).await.is(201);
    }

    pub fn schema(&self) -> String {
        std::fs::read_to_string(self.root.path().join("schema.rs")).unwrap()
    }

    /// Every file below the folder but the database and what is Glaze's own, with its text.
    pub fn files(&self) -> Vec<(PathBuf, String)> {
        let (mut out, mut open) = (Vec::new(), vec![self.root.path().to_path_buf()]);
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                match path.is_dir() {
                    _ if name == ".glaze" || name.starts_with("test.db") => {}
                    true => open.push(path),
                    false => out.push((path.clone(), std::fs::read_to_string(&path).unwrap())),
                }
            }
        }
        out.sort();
        out
    }

    /// What somebody else does in the database.
    pub async fn sql(&self, statement: &str) {
        self.database().await.execute(&[statement.to_owned()]).await.unwrap();
    }

    async fn database(&self) -> Box<dyn Database> {
        match self.url.strip_prefix("sqlite:") {
            Some(file) => Box::new(SqliteDatabase::open(file).unwrap()),
            None => Box::new(PostgresDatabase::connect(&self.url).await.unwrap()),
        }
    }

    /// Names of the migrations that the database has had.
    pub async fn journal(&self) -> Vec<String> {
        let rows = self.database().await.journal().await.unwrap();
        rows.into_iter().map(|row| row.name).collect()
    }

    pub async fn status(&self) -> String {
        self.get("/api/admin/convergence").await.is(200).json()["status"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// A field of `Post` as an edit has it.
pub fn field(name: &str, scalar: &str, nullable: bool) -> Json {
    json!({"name": name, "json": name, "kind": {"kind": "scalar", "of": scalar}, "nullable": nullable})
}

/// `Post` gets a field.
pub fn add(name: &str, scalar: &str, nullable: bool) -> Json {
    json!({"edits": [{"edit": "add_field", "entity": "Post", "field": field(name, scalar, nullable)}]})
}
