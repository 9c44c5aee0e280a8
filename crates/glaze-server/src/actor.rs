//! Who asks: `Authorization: Bearer` (an API key, or a session's token), `x-api-key`, or the session's cookie. What is presented and does
//! not hold is a 401, never nobody.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use glaze_app::{
    App, Problem,
    accounts::{self, LoggedIn, TOKEN_START},
    keys, problem,
};
use glaze_data::Actor;

use crate::auth;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The actor of a request.
pub(crate) async fn of(app: &App, headers: &HeaderMap) -> Result<Arc<Actor>, Problem> {
    match presented(app, headers)? {
        Presented::Nothing => Ok(app.anonymous.clone()),
        Presented::Key(token) => keys::actor(app, token).await,
        Presented::Session(token) => Ok(accounts::logged_in(app, token).await?.actor),
        Presented::Cookie(token) => Ok(by_cookie(app, token).await?.actor),
    }
}

/// The actor of a request, with the id of the session there is.
pub(crate) async fn with_session(app: &App, headers: &HeaderMap) -> Result<(Arc<Actor>, Option<uuid::Uuid>), Problem> {
    let who = match presented(app, headers)? {
        Presented::Session(token) => accounts::logged_in(app, token).await?,
        Presented::Cookie(token) => by_cookie(app, token).await?,
        Presented::Nothing | Presented::Key(_) => return Ok((of(app, headers).await?, None)),
    };
    Ok((who.actor, Some(who.session)))
}

/// Somebody with a session.
pub(crate) async fn logged_in(app: &App, headers: &HeaderMap) -> Result<LoggedIn, Problem> {
    match presented(app, headers)? {
        Presented::Session(token) => accounts::logged_in(app, token).await,
        Presented::Cookie(token) => by_cookie(app, token).await,
        Presented::Nothing => Err(Problem::new(&problem::UNAUTHENTICATED, "Nobody is logged in.")),
        Presented::Key(token) => {
            keys::actor(app, token).await?;
            Err(Problem::new(&problem::FORBIDDEN, "This is for users, not for API keys."))
        }
    }
}

/// Whether a request says by a header who asks: then its cookie counts for nothing.
pub(crate) fn has_token(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION) || headers.contains_key(API_KEY)
}

enum Presented<'h> {
    Nothing,
    Key(&'h str),
    Session(&'h str),
    Cookie(&'h str),
}

fn presented<'h>(app: &App, headers: &'h HeaderMap) -> Result<Presented<'h>, Problem> {
    Ok(match token(headers)? {
        Some(token) if token.starts_with(TOKEN_START) && headers.contains_key(header::AUTHORIZATION) => Presented::Session(token),
        Some(token) => Presented::Key(token),
        None => auth::session(&app.settings, headers).map_or(Presented::Nothing, Presented::Cookie),
    })
}

/// Said in words of its own, so that the browser is told to forget the cookie.
async fn by_cookie(app: &App, token: &str) -> Result<LoggedIn, Problem> {
    accounts::logged_in(app, token).await.map_err(|problem| match problem.status() {
        401 => Problem::new(&problem::SESSION_ENDED, "Log in again, or repeat the request as nobody."),
        _ => problem,
    })
}

fn token(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let refuse = |detail: &str| Err(Problem::new(&problem::UNAUTHENTICATED, detail));
    let mut presented = headers.get_all(header::AUTHORIZATION).iter().map(|value| (true, value));
    let mut keys = headers.get_all(API_KEY).iter().map(|value| (false, value));
    let (bearer, value) = match (presented.next(), keys.next()) {
        (None, None) => return Ok(None),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(_), Some(_)) => return refuse("Send either `Authorization` or `x-api-key`, not both."),
    };
    if presented.next().is_some() || keys.next().is_some() {
        return refuse("Send one token, not several.");
    }
    let Ok(text) = value.to_str() else {
        return refuse("The token is malformed.");
    };
    if !bearer {
        return Ok(Some(text.trim()));
    }
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => refuse("`Authorization` must be `Bearer <token>`."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_token_is_found_in_either_place() {
        assert_eq!(token(&headers(&[])).expect("nobody"), None);
        assert_eq!(
            token(&headers(&[(header::AUTHORIZATION, "bearer abc")])).expect("a token"),
            Some("abc")
        );
        assert_eq!(token(&headers(&[(API_KEY, "abc")])).expect("a token"), Some("abc"));
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for pairs in [
            &[(header::AUTHORIZATION, "Basic abc")][..],
            &[(header::AUTHORIZATION, "abc")],
            &[(header::AUTHORIZATION, "Bearer abc"), (API_KEY, "abc")],
            &[(API_KEY, "abc"), (API_KEY, "def")],
        ] {
            assert_eq!(token(&headers(pairs)).expect_err("refused").status(), 401);
        }
    }
}
