//! `/api/{entity}/{id}`

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    response::Response,
};
use glaze_app::{App, Problem, entries};

use super::{Place, if_match, tags};
use crate::{actor, answer, body, edge};

const ALLOW: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";

/// One entry: read, replace, change, remove.
pub(crate) async fn entry(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let place = Place::of(&parts.uri)?;
    let actor = actor::of(&app, &parts.headers).await?;
    let request = place.request(&actor);
    match parts.method {
        Method::GET | Method::HEAD => {
            let entry = entries::one(&app, request, place.id).await?;
            match tags(&parts.headers, header::IF_NONE_MATCH)? {
                Some(tags) if entry.etag.is_in(&tags, true) => Ok(answer::not_modified(&entry.etag)),
                _ => Ok(answer::tagged(StatusCode::OK, entry.body, &entry.etag)),
            }
        }
        Method::PATCH | Method::PUT => {
            entries::exists(&app.live(), place.entity)?;
            let bytes = body::read(&app, &parts.headers, body).await?;
            let change = body::parse(&app, &bytes)?;
            let condition = if_match(&parts.headers)?;
            let entry = match parts.method {
                Method::PUT => entries::replace(&app, request, place.id, &change, condition).await?,
                _ => entries::update(&app, request, place.id, &change, condition).await?,
            };
            Ok(answer::tagged(StatusCode::OK, entry.body, &entry.etag))
        }
        Method::DELETE => {
            entries::delete(&app, request, place.id, if_match(&parts.headers)?).await?;
            Ok(answer::no_content())
        }
        _ => {
            entries::exists(&app.live(), place.entity)?;
            Ok(edge::methods(&parts.method, ALLOW))
        }
    }
}
