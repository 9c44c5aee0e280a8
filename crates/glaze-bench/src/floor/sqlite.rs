//! Writes as most servers do them: one SQLite transaction for each request, on one connection behind a lock.

use std::{path::Path, sync::Arc};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use rusqlite::{Connection, params};
use tokio::sync::Mutex;

const SCHEMA: &str = "
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
CREATE TABLE IF NOT EXISTS authors (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tags (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, title TEXT NOT NULL, slug TEXT NOT NULL UNIQUE, body TEXT NOT NULL, views INTEGER NOT NULL,
  status TEXT NOT NULL, author_id TEXT NOT NULL REFERENCES authors, created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS posts_author ON posts (author_id);
CREATE TABLE IF NOT EXISTS post_tags (post_id TEXT NOT NULL REFERENCES posts, tag_id TEXT NOT NULL REFERENCES tags, PRIMARY KEY (post_id, tag_id)) STRICT;
INSERT OR IGNORE INTO authors VALUES ('a', 'Ann');
INSERT OR IGNORE INTO tags VALUES ('x', 'x'), ('y', 'y'), ('z', 'z');
";

/// Serves `POST /create` and `POST /update` until killed.
pub fn serve(port: u16, database: &Path) -> anyhow::Result<()> {
    let connection = Connection::open(database)?;
    connection.execute_batch(SCHEMA)?;
    let state = Arc::new(Mutex::new((connection, 0u64)));
    let app = Router::new()
        .route("/create", post(create))
        .route("/update", post(update))
        .with_state(state);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}

type Shared = State<Arc<Mutex<(Connection, u64)>>>;

async fn create(State(state): Shared, body: String) -> Result<StatusCode, StatusCode> {
    let mut guard = state.lock_owned().await;
    let work = move || -> rusqlite::Result<()> {
        let (connection, next) = &mut *guard;
        *next += 1;
        let id = format!("{next:036}");
        let transaction = connection.transaction()?;
        transaction
            .prepare_cached("INSERT INTO posts VALUES (?1, 'A title', ?1, ?2, 0, 'draft', 'a', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')")?
            .execute(params![id, body])?;
        for tag in ["x", "y", "z"] {
            transaction
                .prepare_cached("INSERT INTO post_tags VALUES (?1, ?2)")?
                .execute(params![id, tag])?;
        }
        transaction.commit()
    };
    blocking(work).await
}

async fn update(State(state): Shared) -> Result<StatusCode, StatusCode> {
    let mut guard = state.lock_owned().await;
    let work = move || -> rusqlite::Result<()> {
        let (connection, next) = &mut *guard;
        let transaction = connection.transaction()?;
        let id = format!("{:036}", *next / 2 + 1);
        transaction
            .prepare_cached("UPDATE posts SET views = views + 1, updated_at = '2026-01-01T00:00:00.000000Z' WHERE id = ?1")?
            .execute([id])?;
        transaction.commit()
    };
    blocking(work).await
}

async fn blocking(work: impl FnOnce() -> rusqlite::Result<()> + Send + 'static) -> Result<StatusCode, StatusCode> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(())) => Ok(StatusCode::CREATED),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
