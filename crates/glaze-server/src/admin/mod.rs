//! `/api/admin/…`: what only development shows. In production these routes are not there at all, whoever asks.

mod schema;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    routing::any,
};
use glaze_app::App;

use crate::edge;

/// Routes of development.
pub(crate) fn development() -> Router<Arc<App>> {
    Router::new().route(
        "/api/admin/schema",
        any(|State(app): State<Arc<App>>, request: Request| edge::run(app, request, schema::show)),
    )
}
