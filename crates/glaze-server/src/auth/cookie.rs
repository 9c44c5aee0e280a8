//! The session's cookie. It outlives the session: when that ends is for the server to say.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use glaze_app::{App, Settings};

/// As long as browsers keep one, in seconds.
const KEPT: u32 = 400 * 24 * 60 * 60;

/// With the prefix, only this host can have set it.
fn name(settings: &Settings) -> &'static str {
    if settings.accounts.secure {
        "__Host-glaze_session"
    } else {
        "glaze_session"
    }
}

/// The token in the request's cookie.
pub(crate) fn session<'h>(settings: &Settings, headers: &'h HeaderMap) -> Option<&'h str> {
    let name = name(settings);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name && !value.is_empty()).then_some(value))
}

/// An answer that gives the browser a session.
pub(super) fn with(app: &App, response: Response, token: &str) -> Response {
    set(&app.settings, response, token, KEPT)
}

/// An answer that takes it away.
pub(super) fn without(app: &App, response: Response) -> Response {
    clear(&app.settings, response)
}

/// An answer that takes the session's cookie away.
pub(crate) fn clear(settings: &Settings, response: Response) -> Response {
    set(settings, response, "", 0)
}

fn set(settings: &Settings, mut response: Response, value: &str, age: u32) -> Response {
    let secure = if settings.accounts.secure { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}", name(settings));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut settings = Settings::default();
        settings.accounts.secure = false;
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; glaze_session=gls_x; c=d"));
        assert_eq!(session(&settings, &headers), Some("gls_x"));
        headers.insert(header::COOKIE, HeaderValue::from_static("x_glaze_session=gls_x; glaze_session="));
        assert_eq!(session(&settings, &headers), None);
    }

    #[test]
    fn over_https_only_this_host_can_set_it() {
        let settings = Settings::default();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("glaze_session=gls_x"));
        assert_eq!(session(&settings, &headers), None);
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-glaze_session=gls_x"));
        assert_eq!(session(&settings, &headers), Some("gls_x"));
    }
}
