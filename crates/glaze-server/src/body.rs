//! Reading a JSON body within limits: type, size, time, nesting.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use glaze_app::{App, Problem, problem};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value as Json;

/// The body's bytes, which claim to be JSON.
pub(crate) async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    if !is_json(headers) {
        let problem = Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, "Send `content-type: application/json`.");
        return Err(problem);
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(
            &problem::UNSUPPORTED_MEDIA_TYPE,
            "Send the body without `content-encoding`.",
        ));
    }
    let limit = app.settings.body_limit;
    let too_large = || Problem::new(&problem::TOO_LARGE, format!("A body may have at most {limit} bytes.")).with("limit", limit);
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(app.settings.body_timeout, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::new(&problem::INVALID_BODY, "The body ended too early.")),
        Err(_) => Err(Problem::new(&problem::REQUEST_TIMEOUT, "The body was not sent in time.")),
    }
}

/// The JSON in a body.
pub(crate) fn parse(app: &App, bytes: &[u8]) -> Result<Json, Problem> {
    let refuse = |detail: String| Problem::new(&problem::INVALID_BODY, detail);
    if bytes.is_empty() {
        return Err(refuse("The body is empty: send JSON.".into()));
    }
    let limit = app.settings.json_depth;
    if depth(bytes) > limit {
        return Err(refuse(format!("The JSON is nested deeper than {limit} levels.")));
    }
    serde_json::from_slice(bytes).map_err(|error| refuse(format!("The body is not JSON: {error}.")))
}

/// `application/json`, or a type built on it. Parameters don't matter: JSON is UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is = |wanted: &str| kind.eq_ignore_ascii_case(wanted);
    let built_on = kind.len() > 17 && kind.to_ascii_lowercase().starts_with("application/") && kind.to_ascii_lowercase().ends_with("+json");
    is("application/json") || built_on
}

/// How deep arrays and objects nest, whether or not the rest is JSON.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut text, mut escaped) = (0usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            _ if text => {}
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn nesting_is_counted_outside_text() {
        assert_eq!(depth(br#"{"a": [1, {"b": "[[[\"{{"}]}"#), 3);
        assert_eq!(depth(b"]]]]["), 1);
    }

    #[test]
    fn only_json_is_json() {
        for (kind, json) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/json", false),
            ("application/x-www-form-urlencoded", false),
            ("application/+json", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            assert_eq!(is_json(&headers), json, "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
