//! `GET /api/{entity}/{id}`

use super::{DATA, Entry, Request, args, entity, key, plan};
use crate::{App, Problem, etag};

/// One entry. One that may not be read is one that is not there.
///
/// # Errors
/// `not_found`, `invalid_query`, `forbidden`, or by the database.
pub async fn one(app: &App, request: Request<'_>, id: &str) -> Result<Entry, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let read = plan::one(app, &live, request.actor, entity, request.query)?;
    let key = key(&live.schema, entity, id)?;
    let mut body = Vec::with_capacity(2048);
    body.extend_from_slice(DATA);
    let answer = live.store.read(&read, &args(request.actor, key), body).await?;
    let mut body = answer.body;
    if body.len() == DATA.len() {
        return Err(Problem::not_found());
    }
    let tag = etag(&body[DATA.len()..]);
    body.push(b'}');
    Ok(Entry { body, etag: tag })
}
