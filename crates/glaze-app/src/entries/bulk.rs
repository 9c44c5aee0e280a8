//! `PATCH` and `DELETE /api/{entity}?filter…&confirm=<count>`

use glaze_data::{
    query::{ParamError, QueryError},
    write::{self, Action},
};
use serde_json::Value as Json;

use super::{Params, Request, context, entity, params, plan};
use crate::{App, Problem, problem};

/// How many entries were changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted(pub u64);

impl Counted {
    /// `{"data":{"count":…}}`
    pub fn body(self) -> Vec<u8> {
        format!("{{\"data\":{{\"count\":{}}}}}", self.0).into_bytes()
    }
}

/// Changes every entry of a filter that the actor may change.
///
/// # Errors
/// `confirm_count` when the number confirmed is another; else as for one entry. All or nothing.
pub async fn update_many(app: &App, request: Request<'_>, body: &Json) -> Result<Counted, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    if !body.is_object() {
        return Err(Problem::new(
            &problem::INVALID_BODY,
            "Send one object with the fields that every entry gets.",
        ));
    }
    let (params, confirm) = confirmed(params(request.query)?)?;
    let filter = plan::bulk(app, &live, request.actor, entity, Action::Update, &params)?;
    Ok(Counted(
        write::update_many(&context(app, &live, request.actor), entity.ix, filter, body, confirm).await?,
    ))
}

/// Removes every entry of a filter that the actor may remove.
///
/// # Errors
/// As [`update_many`].
pub async fn delete_many(app: &App, request: Request<'_>) -> Result<Counted, Problem> {
    let live = app.live();
    let entity = entity(&live.schema, request.entity)?;
    let (params, confirm) = confirmed(params(request.query)?)?;
    let filter = plan::bulk(app, &live, request.actor, entity, Action::Delete, &params)?;
    Ok(Counted(
        write::delete_many(&context(app, &live, request.actor), entity.ix, filter, confirm).await?,
    ))
}

/// Takes `confirm` out of the parameters. Without it the answer tells the number.
fn confirmed(mut params: Params<'_>) -> Result<(Params<'_>, Option<u64>), QueryError> {
    let mut confirm = None;
    let mut wrong = None;
    params.retain(|(name, value)| {
        if name != "confirm" {
            return true;
        }
        match value.parse() {
            Ok(count) if confirm.is_none() => confirm = Some(count),
            Ok(_) => wrong = Some(ParamError::new("confirm", "twice", "`confirm` is there twice")),
            Err(_) => wrong = Some(ParamError::new("confirm", "invalid_value", "expected the number of entries")),
        }
        false
    });
    match wrong {
        Some(error) => Err(QueryError::Invalid(vec![error])),
        None => Ok((params, confirm)),
    }
}
