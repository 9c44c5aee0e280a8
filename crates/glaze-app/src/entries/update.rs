//! `PATCH` and `PUT /api/{entity}/{id}`

use glaze_data::write;
use serde_json::Value as Json;

use super::{Condition, Entry, Request, context, entity, enveloped, key, reply};
use crate::{App, Problem, problem};

/// Changes what is named.
///
/// # Errors
/// `not_found`, `precondition_failed`, `validation`, `forbidden`, and so on. Nothing has changed then.
pub async fn update(app: &App, request: Request<'_>, id: &str, body: &Json, condition: Condition) -> Result<Entry, Problem> {
    change(app, request, id, body, condition, false).await
}

/// Replaces an entry: what is not named takes its default.
///
/// # Errors
/// As [`update`].
pub async fn replace(app: &App, request: Request<'_>, id: &str, body: &Json, condition: Condition) -> Result<Entry, Problem> {
    change(app, request, id, body, condition, true).await
}

async fn change(app: &App, request: Request<'_>, id: &str, body: &Json, condition: Condition, whole: bool) -> Result<Entry, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    if !body.is_object() {
        return Err(Problem::new(&problem::INVALID_BODY, "Send an object with the fields."));
    }
    let key = key(&live.schema, entity, id)?;
    let reply = reply(app, &live, &request, entity, condition)?;
    let ctx = context(app, &live, request.actor);
    let written = match whole {
        true => write::replace_one(&ctx, entity.ix, &key, body, &reply).await?,
        false => write::update_one(&ctx, entity.ix, &key, body, &reply).await?,
    };
    Ok(enveloped(entity, &written.key, written.answer.body))
}
