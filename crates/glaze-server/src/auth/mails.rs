//! `GET /api/admin/mails`: what was caught in development.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    response::Response,
};
use glaze_app::{App, Problem, problem};
use glaze_data::Actor;
use serde_json::json;

use crate::{actor, answer, edge};

/// The last mails, newest first, for holders of the role `admin`.
pub(crate) async fn mails(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let actor = actor::of(&app, request.headers()).await?;
    match &*actor {
        actor if actor.is_unrestricted() => {}
        Actor::Anonymous => return Err(Problem::new(&problem::UNAUTHENTICATED, "This needs the role `admin`.")),
        _ => return Err(Problem::new(&problem::FORBIDDEN, "This needs the role `admin`.")),
    }
    Ok(answer::content(StatusCode::OK, json!({"data": app.mailbox.all()}).to_string()))
}
