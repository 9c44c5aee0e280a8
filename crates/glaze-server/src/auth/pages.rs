//! The page behind the links in mails: it asks for what is missing and sends the token back. Opening it changes nothing, because programs
//! open links in mails too.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use glaze_app::{Problem, problem};

use crate::answer;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page, or one of its files.
pub(super) fn show(uri: &Uri) -> Result<Response, Problem> {
    let file = uri.path().strip_prefix("/api/auth/page/");
    let (kind, text) = match file {
        None => ("text/html; charset=utf-8", page(uri.path())),
        Some("page.js") => ("text/javascript; charset=utf-8", include_str!("page.js").to_owned()),
        Some("page.css") => ("text/css; charset=utf-8", include_str!("page.css").to_owned()),
        Some(_) => return Err(Problem::new(&problem::NOT_FOUND, "There is nothing at this address.")),
    };
    let mut response = answer::bytes(StatusCode::OK, HeaderValue::from_static(kind), text);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    // The address has the token in it.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Its files are found from wherever the router is mounted.
fn page(path: &str) -> String {
    let below = path.strip_prefix("/api/auth/").unwrap_or_default().matches('/').count();
    include_str!("page.html").replace("{base}", &"../".repeat(below))
}
