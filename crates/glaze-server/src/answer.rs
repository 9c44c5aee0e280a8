//! Answers: bytes with the headers they need.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use glaze_app::{ETag, Problem, problem};

/// JSON.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
/// Answers depend on who asks and change at any time: keep them, but ask again.
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Who asks is told by these.
const VARY: HeaderValue = HeaderValue::from_static("authorization, cookie, x-api-key");
const NOTHING: HeaderValue = HeaderValue::from_static("0");

/// Bytes with their type.
pub(crate) fn bytes(status: StatusCode, kind: HeaderValue, body: impl Into<Bytes>) -> Response {
    let body: Bytes = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_LENGTH, length);
    response
}

/// Content: JSON that depends on who asks.
pub(crate) fn content(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut response = bytes(status, JSON, body);
    response.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
    response.headers_mut().insert(header::VARY, VARY);
    response
}

/// Content with its tag.
pub(crate) fn tagged(status: StatusCode, body: impl Into<Bytes>, tag: &ETag) -> Response {
    let mut response = content(status, body);
    set(&mut response, header::ETAG, tag.as_bytes());
    response
}

/// The reader has it already.
pub(crate) fn not_modified(tag: &ETag) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
    response.headers_mut().insert(header::VARY, VARY);
    set(&mut response, header::ETAG, tag.as_bytes());
    response
}

/// Done, nothing to show.
pub(crate) fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// What may be done at an address.
pub(crate) fn options(allow: &'static str) -> Response {
    let mut response = no_content();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// Something else was asked at an address.
pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    let mut response = problem(&Problem::new(&problem::METHOD_NOT_ALLOWED, format!("Allowed here: {allow}.")));
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// A failure.
pub(crate) fn problem(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = bytes(status, PROBLEM, problem.body());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match status {
        StatusCode::UNAUTHORIZED => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        StatusCode::TOO_MANY_REQUESTS => {
            if let Some(seconds) = problem.extra.get("retryAfter").and_then(serde_json::Value::as_u64) {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
        }
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT => {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}

/// Somewhere else. Relative, so that it is right wherever the router is mounted.
pub(crate) fn see(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(header::CONTENT_LENGTH, NOTHING);
    set(&mut response, header::LOCATION, location.as_bytes());
    response
}

/// Sets a header from bytes that may not be one; then it is left out.
pub(crate) fn set(response: &mut Response, name: HeaderName, value: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(value) {
        response.headers_mut().insert(name, value);
    }
}
