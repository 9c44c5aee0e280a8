//! `/api/{entity}`

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{OriginalUri, Request},
    http::{HeaderMap, Method, StatusCode, Uri, header, request::Parts},
    response::Response,
};
use glaze_app::{App, Problem, entries, idempotency::Kept};
use glaze_data::Actor;

use super::{Place, finish, once};
use crate::{actor, answer, body, edge};

const ALLOW: &str = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

/// All entries of an entity: list, create, change many, remove many.
pub(crate) async fn collection(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let place = Place::of(&parts.uri)?;
    let actor = actor::of(&app, &parts.headers).await?;
    match parts.method {
        Method::GET | Method::HEAD => {
            let page = entries::list(&app, place.request(&actor)).await?;
            Ok(answer::content(StatusCode::OK, page))
        }
        Method::POST => create(app, actor, parts, body).await,
        Method::PATCH => {
            entries::exists(&app.live(), place.entity)?;
            let bytes = body::read(&app, &parts.headers, body).await?;
            let change = body::parse(&app, &bytes)?;
            let work = async move { entries::update_many(&app, Place::of(&parts.uri)?.request(&actor), &change).await };
            Ok(answer::content(StatusCode::OK, finish(work).await?.body()))
        }
        Method::DELETE => {
            let work = async move { entries::delete_many(&app, Place::of(&parts.uri)?.request(&actor)).await };
            Ok(answer::content(StatusCode::OK, finish(work).await?.body()))
        }
        _ => {
            entries::exists(&app.live(), place.entity)?;
            Ok(edge::methods(&parts.method, ALLOW))
        }
    }
}

async fn create(app: Arc<App>, actor: Arc<Actor>, parts: Parts, body: Body) -> Result<Response, Problem> {
    entries::exists(&app.live(), Place::of(&parts.uri)?.entity)?;
    let bytes = body::read(&app, &parts.headers, body).await?;
    let given = body::parse(&app, &bytes)?;
    let original = parts
        .extensions
        .get::<OriginalUri>()
        .map_or_else(|| parts.uri.clone(), |original| original.0.clone());
    let work = Create {
        app: app.clone(),
        actor: actor.clone(),
        uri: parts.uri,
        original,
        given,
    };
    match once::key(&parts.headers)? {
        None => Ok(answered(finish(work.run()).await?)),
        Some(key) => once::once(app, actor, key, work, bytes).await,
    }
}

/// A creation, whole, so that it can go on when the client goes away.
pub(super) struct Create {
    app: Arc<App>,
    actor: Arc<Actor>,
    uri: Uri,
    pub(super) original: Uri,
    given: serde_json::Value,
}

impl Create {
    pub(super) async fn run(self) -> Result<Kept, Problem> {
        let created = entries::create(&self.app, Place::of(&self.uri)?.request(&self.actor), &self.given).await?;
        let mut headers = Vec::new();
        if let Some(key) = created.key {
            headers.push((header::LOCATION.as_str().to_owned(), format!("{}/{key}", self.original.path())));
        }
        if let Some(tag) = created.etag {
            headers.push((header::ETAG.as_str().to_owned(), tag.as_str().to_owned()));
        }
        Ok(Kept {
            status: 201,
            headers,
            body: created.body,
        })
    }
}

/// An answer that was, or could be, kept.
pub(super) fn answered(kept: Kept) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::CREATED);
    let mut response = answer::content(status, kept.body);
    let mut headers = HeaderMap::new();
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<header::HeaderName>(), value.parse()) {
            headers.insert(name, value);
        }
    }
    response.headers_mut().extend(headers);
    response
}
