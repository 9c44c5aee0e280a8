//! Glaze inside an axum application: one process, one pool, no port of its own. Glaze is mounted at `/cms`; the application keeps its own
//! pages, adds a route to Glaze's, and has a say before and after greetings are written.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{Json, Router, routing::get};
use glaze::{Action, BoxFuture, Glaze, HookError, HookEvent};
use serde_json::{Map, Value, json};

/// The same file as Rust types.
pub mod schema {
    glaze::schema::schema!("schema.rs");
}

use schema::Greeting;

static GREETINGS: AtomicU64 = AtomicU64::new(0);

/// The whole application on a database.
///
/// # Errors
/// When the schema has errors, or the database can't be reached.
pub async fn application(database: &str) -> Result<Router, glaze::Error> {
    let glaze = Glaze::builder()
        .root(Path::new(env!("CARGO_MANIFEST_DIR")))
        .schema("schema.rs")
        .database(database)
        .migrate()
        .before::<Greeting>(Action::Create, no_shouting)
        .after::<Greeting>(Action::Create, count)
        .routes(Router::new().route("/api/mood-of-the-day", get(mood_of_the_day)))
        .build()
        .await?;
    Ok(Router::new()
        .route("/", get(|| async { "My own page" }))
        .nest("/cms", glaze.router()))
}

/// Before a greeting is written: its words may be changed, or refused.
fn no_shouting<'a>(_event: &'a HookEvent<'a>, greeting: &'a mut Map<String, Value>) -> BoxFuture<'a, Result<(), HookError>> {
    Box::pin(async move {
        let Some(words) = greeting.get("words").and_then(Value::as_str) else {
            return Ok(());
        };
        if words.len() > 10 && words == words.to_uppercase() {
            return Err(HookError::new("shouting", "Please do not shout.").at("words"));
        }
        let trimmed = words.trim().to_owned();
        greeting.insert("words".into(), trimmed.into());
        Ok(())
    })
}

/// After a greeting was committed.
fn count<'a>(_event: &'a HookEvent<'a>, _greeting: &'a Map<String, Value>) -> BoxFuture<'a, ()> {
    Box::pin(async {
        GREETINGS.fetch_add(1, Ordering::Relaxed);
    })
}

/// A route of the application's own beside Glaze's. The types of the schema are ordinary types.
async fn mood_of_the_day() -> Json<Value> {
    Json(json!({"mood": schema::Mood::VeryHappy, "greetings": GREETINGS.load(Ordering::Relaxed)}))
}
