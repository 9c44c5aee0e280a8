//! `GET /api/{entity}/aggregate`

use super::{DATA, Request, args, entity, params, plan};
use crate::{App, Problem};

/// Counts and sums: `{"data":[…]}`.
///
/// # Errors
/// `not_found` for the entity, `invalid_query`, `forbidden`, or by the database.
pub async fn aggregate(app: &App, request: Request<'_>) -> Result<Vec<u8>, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let bound = plan::aggregate(app, &live, request.actor, entity, &params(request.query)?)?;
    let rows = live.store.aggregate(&bound, &args(request.actor, Vec::new())).await?;
    let mut body = Vec::with_capacity(DATA.len() + rows.len() + 1);
    body.extend_from_slice(DATA);
    body.extend_from_slice(&rows);
    body.push(b'}');
    Ok(body)
}
