//! Whether a browser sends a write because a page of ours asked it to. A write that is authenticated by the cookie must show that it is;
//! one about logging in must not show that it is not.

use axum::{
    extract::Request,
    http::{HeaderName, Method, header},
};
use glaze_app::{App, Problem, Settings, problem};

use super::cookie;
use crate::actor;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a write that another origin asked the browser for.
pub(crate) fn judge(app: &App, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let by_cookie = !actor::has_token(headers) && cookie::session(&app.settings, headers).is_some();
    let about_login = request.uri().path().starts_with("/api/auth/");
    let allowed = match same_origin(&app.settings, request) {
        Some(true) => true,
        Some(false) => !by_cookie && (!about_login || is_named(&app.settings, request)),
        None => !by_cookie,
    };
    match allowed {
        true => Ok(()),
        false => Err(Problem::new(
            &problem::CROSS_ORIGIN,
            "A write with the session's cookie must come from a page of this origin (`Origin` or `Sec-Fetch-Site` show it); other programs \
             send the token as `Authorization: Bearer`.",
        )),
    }
}

/// What the browser says; `None` when it says nothing.
fn same_origin(settings: &Settings, request: &Request) -> Option<bool> {
    if let Some(site) = request.headers().get(FETCH_SITE) {
        // `none`: the person themselves, not a page.
        return Some(matches!(site.as_bytes(), b"same-origin" | b"none"));
    }
    let origin = request.headers().get(header::ORIGIN)?;
    let Ok(origin) = origin.to_str() else { return Some(false) };
    let host = request
        .uri()
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| request.headers().get(header::HOST)?.to_str().ok());
    let theirs = origin.split_once("://").map(|(_, host)| host);
    let public = settings.accounts.public_url.as_str();
    let is_public = public
        .strip_prefix(origin)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    Some(is_public || (theirs.is_some() && theirs == host))
}

/// The operator lets pages of this origin call the API.
fn is_named(settings: &Settings, request: &Request) -> bool {
    let origin = request.headers().get(header::ORIGIN);
    origin.is_some_and(|origin| settings.cors.iter().any(|named| named.as_bytes() == origin.as_bytes()))
}
