//! Who asks: `Authorization: Bearer` or `x-api-key`. What is presented and does not hold is a 401, never nobody.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use glaze_app::{App, Problem, keys, problem};
use glaze_data::Actor;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The actor of a request.
pub(crate) async fn of(app: &App, headers: &HeaderMap) -> Result<Arc<Actor>, Problem> {
    match token(headers)? {
        None => Ok(app.anonymous.clone()),
        Some(token) => keys::actor(app, token).await,
    }
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
