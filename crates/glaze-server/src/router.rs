//! The whole surface at a glance.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    routing::any,
};
use glaze_app::{App, Problem, problem};
use tower_http::compression::{
    CompressionLayer,
    predicate::{NotForContentType, Predicate, SizeAbove},
};

use crate::{admin, auth, content, edge, node, openapi, pages};

/// A handler with everything around it.
macro_rules! at {
    ($handler:path) => {
        any(|State(app): State<Arc<App>>, request: Request| edge::run(app, request, $handler))
    };
}

/// Everything, with an answer to whatever else is asked below it. Can be nested at any path.
pub fn router(app: Arc<App>) -> Router {
    let fallback = app.clone();
    routes(app).fallback(move |request: Request| edge::run(fallback.clone(), request, elsewhere))
}

/// Everything without an answer to what is not there, to be merged into an application that has its own.
pub fn routes(app: Arc<App>) -> Router {
    let compression = app.settings.compression;
    let mut router = Router::new()
        .route("/api/{entity}", at!(content::collection))
        .route("/api/{entity}/{id}", at!(content::entry))
        .route("/api/{entity}/aggregate", at!(content::aggregate))
        .route("/api/openapi.json", at!(openapi::openapi))
        .route("/api/docs", at!(pages::docs))
        .route("/api/docs/{file}", at!(pages::file))
        .route("/healthz", at!(node::healthz))
        .route("/readyz", at!(node::readyz))
        .route("/metrics", at!(node::metrics))
        .merge(auth::routes());
    if !app.settings.production {
        router = router.merge(admin::development()).route("/api/admin/mails", at!(auth::mails));
    }
    let router = router.with_state(app);
    match compression {
        true => router.layer(CompressionLayer::new().compress_when(SizeAbove::new(1024).and(NotForContentType::IMAGES))),
        false => router,
    }
}

async fn elsewhere(_: Arc<App>, request: Request) -> Result<axum::response::Response, Problem> {
    match request.uri().path() {
        "/" | "" | "/api" | "/api/" => pages::home(&request),
        _ => Err(Problem::new(&problem::NOT_FOUND, "There is nothing at this address.")),
    }
}
