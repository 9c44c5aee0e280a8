//! Changes and removals of many entries at once. The number of entries must be confirmed.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use glaze_expr::tree::{EntityIx, Expr};
use serde_json::Value as Json;

use super::{
    Action, Change, Key, Mode, WriteContext, WriteError, delete,
    engine::{Engine, Work, boxed, refuse},
    judge::{Row, key_in, key_of},
    update,
};
use crate::{
    bound::Delete,
    store::{JobError, JobOutput},
};

/// Keys compared in one statement.
const CHUNK: usize = 500;

/// Changes every entry of a filter. `filter` comes from `bind_filter` for the action `update`: the client's filter joined with what the
/// actor may read and change. Gives the number of entries changed.
///
/// # Errors
/// [`WriteError::ConfirmCount`] when `confirm` is not the number of entries; else as [`super::update_one`]. All or nothing.
pub async fn update_many(ctx: &WriteContext, entity: EntityIx, filter: Expr, body: &Json, confirm: Option<u64>) -> Result<u64, WriteError> {
    let (change, data) = update::prepare(ctx, entity, None, Mode::Patch, body).await?;
    let change = Arc::new(change);
    let work = Work::new(ctx, move |engine| update_all(engine, change.clone(), filter.clone(), confirm));
    let count = ctx.run::<u64>(work).await?;
    update::after(ctx, entity, None, data).await;
    Ok(count)
}

/// Removes every entry of a filter, which comes from `bind_filter` for the action `delete`. Gives the number of entries removed.
///
/// # Errors
/// [`WriteError::ConfirmCount`] when `confirm` is not the number of entries; else as [`super::delete_one`]. All or nothing.
pub async fn delete_many(ctx: &WriteContext, entity: EntityIx, filter: Expr, confirm: Option<u64>) -> Result<u64, WriteError> {
    delete::allowed_at_all(ctx, entity)?;
    delete::before(ctx, entity, None).await?;
    let work = Work::new(ctx, move |engine| delete_all(engine, entity, filter.clone(), confirm));
    let count = ctx.run::<u64>(work).await?;
    delete::after(ctx, entity, None).await;
    Ok(count)
}

fn update_all(
    mut engine: Engine<'_>,
    change: Arc<Change>,
    filter: Expr,
    confirm: Option<u64>,
) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let rows = engine.confirmed(change.entity, filter, confirm).await?;
        for (key, row) in &rows {
            engine.update_row(&change, key, row).await?;
        }
        Ok(rows.len() as u64)
    })
    .boxed()
}

fn delete_all(mut engine: Engine<'_>, entity: EntityIx, filter: Expr, confirm: Option<u64>) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let rows = engine.confirmed(entity, filter, confirm).await?;
        for (key, row) in &rows {
            engine.permit_before(Action::Delete, entity, key, row).await?;
        }
        let keys: Vec<Key> = rows.into_iter().map(|(key, _)| key).collect();
        for chunk in keys.chunks(CHUNK) {
            let filter = key_in(engine.ctx.schema.entity(entity), chunk);
            engine.remove(&Delete { entity, filter }).await?;
        }
        Ok(keys.len() as u64)
    })
    .boxed()
}

impl Engine<'_> {
    /// The rows of a filter, locked, when there are as many as was confirmed.
    async fn confirmed(&mut self, entity: EntityIx, filter: Expr, confirm: Option<u64>) -> Result<Vec<(Key, Row)>, JobError> {
        let limit = self.ctx.limits.rows;
        let actual = self.count(entity, filter.clone()).await?;
        if confirm != Some(actual) {
            return Err(refuse(WriteError::ConfirmCount { actual }));
        }
        if actual > limit {
            let message = format!("at most {limit} entries can be changed by one request");
            return Err(refuse(WriteError::TooMuch { message, limit }));
        }
        let rows = self.rows(entity, filter, Some(limit + 1)).await?;
        // Somebody else may have been in between.
        if rows.len() as u64 != actual {
            return Err(refuse(WriteError::ConfirmCount { actual: rows.len() as u64 }));
        }
        let keyed = |row: Row| key_of(&self.ctx.schema, entity, &row).map(|key| (key, row));
        Ok(rows.into_iter().filter_map(keyed).collect())
    }
}
