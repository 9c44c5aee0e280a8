//! `DELETE /api/{entity}/{id}`

use glaze_data::write;

use super::{Condition, Request, context, entity, key, reply};
use crate::{App, Problem};

/// Removes an entry.
///
/// # Errors
/// `not_found`, `precondition_failed`, `referenced`, `forbidden`, and so on. Nothing has changed then.
pub async fn delete(app: &App, request: Request<'_>, id: &str, condition: Condition) -> Result<(), Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let key = key(&live.schema, entity, id)?;
    let reply = reply(app, &live, &request, entity, condition)?;
    Ok(write::delete_one(&context(app, &live, request.actor), entity.ix, &key, &reply).await?)
}
