//! Around every request: its id, panics, writes that another origin asked for, the headers every answer has, cross-origin rules, counting, the log.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::Response,
};
use futures_util::FutureExt;
use glaze_app::{App, Problem, problem};

use crate::{answer, auth, cors, metrics};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Handles a request and gives the answer everything that every answer has.
pub(crate) async fn run<F, A>(app: Arc<App>, request: Request, handle: F) -> Response
where
    F: FnOnce(Arc<App>, Request) -> A,
    A: Future<Output = Result<Response, Problem>>,
{
    let begun = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let origin = cors::allowed(&app.settings, request.headers());
    if let Some(mut response) = cors::preflight(origin.as_ref(), &request) {
        response.headers_mut().insert(REQUEST_ID, id);
        return response;
    }
    let _counted = metrics::METRICS.begin();
    let path = tracing::enabled!(tracing::Level::DEBUG).then(|| request.uri().path().to_owned());
    let served = app.clone();
    let outcome = AssertUnwindSafe(async {
        auth::origin::judge(&app, &request)?;
        handle(app, request).await
    })
    .catch_unwind()
    .await;
    let mut response = match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) if problem.kind == &problem::SESSION_ENDED => auth::clear(&served.settings, refused(&problem, &id)),
        Ok(Err(problem)) => refused(&problem, &id),
        // The panic's message and place were printed by the panic hook already.
        Err(_) => refused(&Problem::internal("a panic"), &id),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    cors::add(origin, headers);
    let elapsed = begun.elapsed();
    metrics::METRICS.end(&method, response.status(), elapsed);
    if let Some(path) = path {
        tracing::debug!(id = ?id, %method, path, status = response.status().as_u16(), micros = elapsed.as_micros() as u64, "answered");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn refused(problem: &Problem, id: &HeaderValue) -> Response {
    if let Some(cause) = &problem.cause {
        tracing::error!(id = ?id, code = problem.code(), %cause, "a request failed");
    }
    answer::problem(problem)
}

/// The client's own id when it is harmless in a log, else one of ours.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    static NEXT: OnceLock<AtomicU64> = OnceLock::new();
    let plain = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=64).contains(&bytes.len())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if let Some(id) = headers.get(&REQUEST_ID).filter(plain) {
        return id.clone();
    }
    let next = NEXT.get_or_init(|| {
        // Different in each process, so that ids of two nodes do not collide.
        let seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id());
        AtomicU64::new(seed & 0x0fff_ffff_ffff_ffff)
    });
    let mut text = [0u8; 16];
    let mut number = next.fetch_add(1, Ordering::Relaxed);
    for digit in text.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number & 15) as usize];
        number >>= 4;
    }
    HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static("-"))
}

/// What a client may ask of a route, for `Allow`.
pub(crate) fn methods(method: &Method, allow: &'static str) -> Response {
    if method == Method::OPTIONS {
        answer::options(allow)
    } else {
        answer::method_not_allowed(allow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmless_id_is_kept_and_another_is_replaced() {
        let with = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(text));
            request_id(&headers)
        };
        assert_eq!(with("abc-1"), "abc-1");
        assert_eq!(with("a b").len(), 16);
        assert_ne!(with("a b"), with("a b"));
    }
}
