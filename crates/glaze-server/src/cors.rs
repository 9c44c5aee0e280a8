//! Who may call from a browser on another origin. Closed unless the settings name origins; never with cookies for `*`.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use glaze_app::Settings;

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, x-api-key, x-request-id, if-match, if-none-match, idempotency-key");
const EXPOSED: HeaderValue = HeaderValue::from_static("etag, location, x-request-id, idempotent-replayed");
const DAY: HeaderValue = HeaderValue::from_static("86400");

/// What `Access-Control-Allow-Origin` says, and whether the answer depends on the origin.
pub(crate) struct Origin {
    value: Option<HeaderValue>,
}

/// `None` when the settings open nothing at all.
pub(crate) fn allowed(settings: &Settings, headers: &HeaderMap) -> Option<Origin> {
    if settings.cors.is_empty() {
        return None;
    }
    if settings.cors.iter().any(|origin| origin == "*") {
        return Some(Origin {
            value: Some(HeaderValue::from_static("*")),
        });
    }
    let origin = headers.get(header::ORIGIN);
    Some(Origin {
        value: origin
            .filter(|origin| settings.cors.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()))
            .cloned(),
    })
}

/// The answer to a question a browser asks before the real request.
pub(crate) fn preflight(origin: Option<&Origin>, request: &Request) -> Option<Response> {
    let origin = origin?;
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Some(value) = &origin.value {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, DAY);
    }
    Some(response)
}

/// Adds to an answer what lets the browser show it to the page.
pub(crate) fn add(origin: Option<Origin>, headers: &mut HeaderMap) {
    let Some(origin) = origin else { return };
    if origin.value.as_ref().is_none_or(|value| value != "*") {
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    if let Some(value) = origin.value {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
}
