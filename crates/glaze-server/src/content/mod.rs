//! The content API: `/api/{entity}`, `/api/{entity}/{id}`, `/api/{entity}/aggregate`.

mod collection;
mod entry;
mod once;

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header},
    response::Response,
};
use glaze_app::{App, Problem, entries, problem};

use crate::{actor, answer, edge};

pub(crate) use collection::collection;
pub(crate) use entry::entry;

/// Longest path and query.
const URI: usize = 32 * 1024;

/// `GET /api/{entity}/aggregate`
pub(crate) async fn aggregate(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    let place = Place::of(request.uri())?;
    let actor = actor::of(&app, request.headers()).await?;
    entries::exists(&app.live(), place.entity)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let body = entries::aggregate(&app, place.request(&actor)).await?;
    Ok(answer::content(StatusCode::OK, body))
}

/// Goes on with a write when the client goes away: what was begun is committed or refused as a whole, and hooks after it run.
pub(crate) async fn finish<T: Send + 'static>(work: impl Future<Output = Result<T, Problem>> + Send + 'static) -> Result<T, Problem> {
    tokio::spawn(work).await.map_err(Problem::internal)?
}

/// Where in the content a request goes. Segments are as they came: keys are decoded by who knows their parts.
#[derive(Clone, Copy)]
struct Place<'u> {
    entity: &'u str,
    id: &'u str,
    query: &'u str,
}

impl<'u> Place<'u> {
    fn of(uri: &'u Uri) -> Result<Place<'u>, Problem> {
        let query = uri.query().unwrap_or_default();
        if uri.path().len() + query.len() > URI {
            return Err(Problem::new(
                &problem::URI_TOO_LONG,
                format!("Path and query may have at most {URI} bytes."),
            ));
        }
        let mut segments = uri.path().strip_prefix("/api/").unwrap_or_default().splitn(2, '/');
        Ok(Place {
            entity: segments.next().unwrap_or_default(),
            id: segments.next().unwrap_or_default(),
            query,
        })
    }

    fn request<'a>(&self, actor: &'a Arc<glaze_data::Actor>) -> entries::Request<'a>
    where
        'u: 'a,
    {
        entries::Request {
            actor,
            entity: self.entity,
            query: self.query,
        }
    }
}

/// A list of tags in a header that may be there several times.
pub(crate) fn tags(headers: &HeaderMap, name: HeaderName) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all(&name).iter().peekable();
    if all.peek().is_none() {
        return Ok(None);
    }
    let unreadable = |_| Problem::new(&problem::INVALID_HEADER, format!("`{name}` must be a list of entity tags."));
    let all: Vec<&str> = all.map(|value| value.to_str()).collect::<Result<_, _>>().map_err(unreadable)?;
    Ok(Some(all.join(",")))
}

fn if_match(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    tags(headers, header::IF_MATCH)
}
