//! `/api/{entity}/{id}`

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    response::Response,
};
use glaze_app::{App, Problem, entries};

use super::{Place, finish, if_match, tags};
use crate::{actor, answer, body, edge};

const ALLOW: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";

/// One entry: read, replace, change, remove.
pub(crate) async fn entry(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let place = Place::of(&parts.uri)?;
    let actor = actor::of(&app, &parts.headers).await?;
    match parts.method {
        Method::GET | Method::HEAD => {
            let entry = entries::one(&app, place.request(&actor), place.id).await?;
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
            let work = async move {
                let place = Place::of(&parts.uri)?;
                match parts.method {
                    Method::PUT => entries::replace(&app, place.request(&actor), place.id, &change, condition).await,
                    _ => entries::update(&app, place.request(&actor), place.id, &change, condition).await,
                }
            };
            let entry = finish(work).await?;
            Ok(answer::tagged(StatusCode::OK, entry.body, &entry.etag))
        }
        Method::DELETE => {
            let condition = if_match(&parts.headers)?;
            let work = async move {
                let place = Place::of(&parts.uri)?;
                entries::delete(&app, place.request(&actor), place.id, condition).await
            };
            finish(work).await.map(|()| answer::no_content())
        }
        _ => {
            entries::exists(&app.live(), place.entity)?;
            Ok(edge::methods(&parts.method, ALLOW))
        }
    }
}
