//! What a node says about itself, to whoever runs it.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use glaze_app::{App, Problem, health};

use crate::{answer, edge, metrics::METRICS};

const READ: &str = "GET, HEAD, OPTIONS";

/// The process is alive: it could answer this.
pub(crate) async fn healthz(_: Arc<App>, request: Request) -> Result<Response, Problem> {
    if let Some(other) = other(request.method()) {
        return Ok(other);
    }
    Ok(fresh(answer::bytes(StatusCode::OK, answer::JSON, &b"{\"status\":\"ok\"}"[..])))
}

/// The node can do its work: the database answers and nothing is pending.
pub(crate) async fn readyz(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if let Some(other) = other(request.method()) {
        return Ok(other);
    }
    let health = health::check(&app).await;
    let status = if health.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = serde_json::to_vec(&health).map_err(Problem::internal)?;
    Ok(fresh(answer::bytes(status, answer::JSON, body)))
}

/// Counters, in the text format of Prometheus.
pub(crate) async fn metrics(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if let Some(other) = other(request.method()) {
        return Ok(other);
    }
    let ready = app.pending_migrations().is_empty() && !app.is_stopping();
    Ok(fresh(answer::bytes(
        StatusCode::OK,
        HeaderValue::from_static("text/plain; version=0.0.4"),
        METRICS.text(ready),
    )))
}

fn other(method: &Method) -> Option<Response> {
    (!matches!(*method, Method::GET | Method::HEAD)).then(|| edge::methods(method, READ))
}

fn fresh(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
