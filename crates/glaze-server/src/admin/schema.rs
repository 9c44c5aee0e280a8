//! `GET /api/admin/schema`: the canonical model, for holders of the role `admin`.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    response::Response,
};
use glaze_app::{App, Problem, problem};

use crate::{actor, answer, edge};

pub(super) async fn show(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let actor = actor::of(&app, request.headers()).await?;
    if !actor.is_unrestricted() {
        return Err(Problem::new(&problem::FORBIDDEN, "This needs the role `admin`."));
    }
    Ok(answer::content(
        StatusCode::OK,
        glaze_model::snapshot::to_json(app.live().schema.model()),
    ))
}
