//! `/api/admin/…`: what only development shows. In production these routes are not there at all, whoever asks.

mod openapi;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::Response,
    routing::any,
};
use glaze_app::{
    App, Problem,
    convergence::{self, SchemaAdmin, Told},
    problem,
};
use serde_json::Value as Json;

use crate::{actor, answer, body, content, edge};

pub(crate) use openapi::describe;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Schema,
    Preview,
    Edit,
    Undo,
    Status,
    Differences,
    Accept,
    Reject,
    Apply,
    Migrations,
    Repair,
}

impl Operation {
    const ALL: [Operation; 11] = [
        Operation::Schema,
        Operation::Preview,
        Operation::Edit,
        Operation::Undo,
        Operation::Status,
        Operation::Differences,
        Operation::Accept,
        Operation::Reject,
        Operation::Apply,
        Operation::Migrations,
        Operation::Repair,
    ];

    const fn path(self) -> &'static str {
        match self {
            Operation::Schema => "/api/admin/schema",
            Operation::Preview => "/api/admin/schema/preview",
            Operation::Edit => "/api/admin/schema/edits",
            Operation::Undo => "/api/admin/schema/undo",
            Operation::Status => "/api/admin/convergence",
            Operation::Differences => "/api/admin/convergence/diff",
            Operation::Accept => "/api/admin/convergence/accept",
            Operation::Reject => "/api/admin/convergence/reject",
            Operation::Apply => "/api/admin/convergence/apply",
            Operation::Migrations => "/api/admin/convergence/migrations",
            Operation::Repair => "/api/admin/convergence/migrations/repair",
        }
    }

    const fn reads(self) -> bool {
        matches!(
            self,
            Operation::Schema | Operation::Status | Operation::Differences | Operation::Migrations
        )
    }

    const fn allow(self) -> &'static str {
        if self.reads() { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" }
    }

    fn takes(self, method: &Method) -> bool {
        match self.reads() {
            true => matches!(*method, Method::GET | Method::HEAD),
            false => *method == Method::POST,
        }
    }
}

/// Routes of development.
pub(crate) fn development() -> Router<Arc<App>> {
    Operation::ALL.into_iter().fold(Router::new(), |router, operation| {
        let handle = move |app: Arc<App>, request: Request| answered(operation, app, request);
        router.route(
            operation.path(),
            any(move |State(app): State<Arc<App>>, request: Request| edge::run(app, request, handle)),
        )
    })
}

/// The routes that are there in development only: method and path.
pub fn development_routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    Operation::ALL
        .into_iter()
        .map(|operation| (if operation.reads() { "GET" } else { "POST" }, operation.path()))
}

async fn answered(operation: Operation, app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if !operation.takes(request.method()) {
        return Ok(edge::methods(request.method(), operation.allow()));
    }
    let (parts, body) = request.into_parts();
    let actor = actor::of(&app, &parts.headers).await?;
    let admin = convergence::admin(&app, &actor)?;
    let asked = match operation.reads() {
        true => Json::Null,
        false => body::parse(&app, &body::read(&app, &parts.headers, body).await?)?,
    };
    let asked = Asked {
        body: asked,
        if_match: content::tags(&parts.headers, header::IF_MATCH)?,
        only: only(&parts.uri)?,
    };
    // What was begun is finished when the client goes away.
    let told = content::finish(async move { asked.of(operation, &*admin).await }).await?;
    shown(told, &parts.headers)
}

/// What a request says.
struct Asked {
    body: Json,
    if_match: Option<String>,
    only: Option<Vec<String>>,
}

impl Asked {
    async fn of(self, operation: Operation, admin: &dyn SchemaAdmin) -> Result<Told, Problem> {
        match operation {
            Operation::Schema => admin.schema().await,
            Operation::Preview => admin.preview(convergence::edits(self.body)?).await,
            Operation::Edit => admin.edit(convergence::edits(self.body)?, self.if_match).await,
            Operation::Undo => admin.undo(convergence::request(self.body)?, self.if_match).await,
            Operation::Status => admin.status().await,
            Operation::Differences => admin.differences(self.only).await,
            Operation::Accept => admin.accept(convergence::request(self.body)?).await,
            Operation::Reject => admin.reject(convergence::request(self.body)?).await,
            Operation::Apply => admin.apply(convergence::request(self.body)?).await,
            Operation::Migrations => admin.migrations().await,
            Operation::Repair => admin.repair(convergence::request(self.body)?).await,
        }
    }
}

fn shown(told: Told, headers: &HeaderMap) -> Result<Response, Problem> {
    let body = serde_json::to_vec(&told.body).map_err(Problem::internal)?;
    let Some(tag) = told.tag else {
        return Ok(answer::content(StatusCode::OK, body));
    };
    let known = content::tags(headers, header::IF_NONE_MATCH)?;
    Ok(match known.is_some_and(|known| tag.is_in(&known, true)) {
        true => answer::not_modified(&tag),
        false => answer::tagged(StatusCode::OK, body, &tag),
    })
}

/// `?only=KEY`, as often as there are keys: keys have commas of their own.
fn only(uri: &Uri) -> Result<Option<Vec<String>>, Problem> {
    let refuse = |detail: String| Problem::new(&problem::INVALID_QUERY, detail);
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|error| refuse(error.to_string()))?
        .0;
    if let Some((name, _)) = pairs.iter().find(|(name, _)| name != "only") {
        return Err(refuse(format!("There is no parameter `{name}` here.")));
    }
    let keys: Vec<String> = pairs.into_iter().map(|(_, key)| key).collect();
    Ok((!keys.is_empty()).then_some(keys))
}
