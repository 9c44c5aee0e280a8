//! `Idempotency-Key` on `POST`.

use std::sync::Arc;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue},
    response::Response,
};
use bytes::Bytes;
use glaze_app::{
    App, Problem,
    idempotency::{self, Once},
    problem,
};
use glaze_data::Actor;

use super::{
    collection::{Create, answered},
    finish,
};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The client's key.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all(&KEY).iter();
    let Some(key) = all.next() else { return Ok(None) };
    match (key.to_str(), all.next()) {
        (Ok(key), None) => Ok(Some(key.to_owned())),
        _ => Err(Problem::new(
            &problem::INVALID_HEADER,
            "Send one `Idempotency-Key` of visible ASCII characters.",
        )),
    }
}

/// Does it once. A repetition finds the answer even when the client went away meanwhile.
pub(super) async fn once(app: Arc<App>, actor: Arc<Actor>, key: String, work: Create, body: Bytes) -> Result<Response, Problem> {
    let work = async move {
        let target = format!("POST {}", work.original);
        let request = Once {
            key: &key,
            actor: &actor,
            target: &target,
            body: &body,
        };
        idempotency::once(&app, request, work.run()).await
    };
    let (kept, again) = finish(work).await?;
    let mut response = answered(kept);
    if again {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
