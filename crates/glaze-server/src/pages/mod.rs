//! The page that shows the API and lets people try it. Everything it needs comes from here: no other origin, nothing inline.

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use glaze_app::{App, Problem, problem};

use crate::{answer, edge};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// `/api/docs`
pub(crate) async fn docs(_: Arc<App>, request: Request) -> Result<Response, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let mut response = answer::bytes(StatusCode::OK, HTML, &include_bytes!("docs.html")[..]);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What the page is made of.
pub(crate) async fn file(_: Arc<App>, request: Request) -> Result<Response, Problem> {
    let (kind, bytes): (_, &'static [u8]) = match request.uri().path().rsplit('/').next() {
        Some("docs.js") => ("text/javascript; charset=utf-8", include_bytes!("docs.js")),
        Some("docs.css") => ("text/css; charset=utf-8", include_bytes!("docs.css")),
        _ => return Err(Problem::new(&problem::NOT_FOUND, "There is nothing at this address.")),
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let mut response = answer::bytes(StatusCode::OK, HeaderValue::from_static(kind), bytes);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Whoever comes to the door is shown the API.
pub(crate) fn home(request: &Request) -> Result<Response, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let original = request
        .extensions()
        .get::<OriginalUri>()
        .map_or(request.uri().path(), |original| original.path());
    let inner = request.uri().path();
    let mount = original.strip_suffix(inner).unwrap_or(original).trim_end_matches('/');
    // A path of two slashes would be another host to a browser.
    let mount = if mount.starts_with("//") { "" } else { mount };
    Ok(answer::see(&format!("{mount}/api/docs")))
}
