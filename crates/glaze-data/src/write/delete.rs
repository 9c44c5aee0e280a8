//! Removal of an entry.

use futures_util::{FutureExt, future::BoxFuture};
use glaze_expr::tree::EntityIx;
use serde_json::{Map, Value as Json};

use super::{
    Action, HookEvent, Key, Reply, WriteContext, WriteError,
    engine::{Engine, Work, boxed, refuse},
    judge::key_is,
    mapping,
};
use crate::{
    bound::Delete,
    store::{JobError, JobOutput, StoreError},
};

/// Removes one entry. Of the reply only the condition counts.
///
/// # Errors
/// A refusal; [`WriteError::NotFound`] for an entry that the actor may not read; [`WriteError::Referenced`].
pub async fn delete_one(ctx: &WriteContext, entity: EntityIx, key: &Key, reply: &Reply) -> Result<(), WriteError> {
    allowed_at_all(ctx, entity)?;
    before(ctx, entity, Some(key)).await?;
    let (own, condition) = (key.clone(), reply.clone());
    let work = Work::new(ctx, move |engine| delete_in(engine, entity, own.clone(), condition.clone()));
    ctx.run::<()>(work).await?;
    after(ctx, entity, Some(key)).await;
    Ok(())
}

/// Refuses before anything else is done when no entry of the entity may be removed.
pub(super) fn allowed_at_all(ctx: &WriteContext, entity: EntityIx) -> Result<(), WriteError> {
    let info = ctx.schema.entity(entity);
    if info.key.is_empty() {
        return Err(WriteError::ReadOnly { entity: info.name.clone() });
    }
    if ctx.read_rule(entity).is_false() || ctx.rule(entity, Action::Delete).is_false() {
        return Err(ctx.forbidden(Action::Delete, entity, None));
    }
    Ok(())
}

pub(super) async fn before(ctx: &WriteContext, entity: EntityIx, key: Option<&Key>) -> Result<(), WriteError> {
    let info = ctx.schema.entity(entity);
    if ctx.hooks.is_empty(&info.name, Action::Delete) {
        return Ok(());
    }
    let key: Option<Json> = key.map(|key| super::key_json(&ctx.schema, entity, key));
    let event = HookEvent {
        actor: &ctx.actor,
        entity: &info.name,
        action: Action::Delete,
        key: key.as_ref(),
    };
    Ok(ctx.hooks.before(&event, &mut Map::new()).await?)
}

pub(super) async fn after(ctx: &WriteContext, entity: EntityIx, key: Option<&Key>) {
    let info = ctx.schema.entity(entity);
    if ctx.hooks.is_empty(&info.name, Action::Delete) {
        return;
    }
    let key: Option<Json> = key.map(|key| super::key_json(&ctx.schema, entity, key));
    let event = HookEvent {
        actor: &ctx.actor,
        entity: &info.name,
        action: Action::Delete,
        key: key.as_ref(),
    };
    ctx.hooks.after(&event, &Map::new()).await;
}

fn delete_in(mut engine: Engine<'_>, entity: EntityIx, key: Key, reply: Reply) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let free = engine.ctx.rule(entity, Action::Delete).is_true() && engine.ctx.read_rule(entity).is_true();
        if !free || reply.if_match.is_some() {
            let row = engine.entry(entity, &key).await?;
            engine.check_match(&key, &reply).await?;
            engine.permit_before(Action::Delete, entity, &key, &row).await?;
        }
        let delete = Delete {
            entity,
            filter: key_is(engine.ctx.schema.entity(entity), &key),
        };
        match engine.remove(&delete).await? {
            0 => Err(refuse(WriteError::NotFound)),
            _ => Ok(()),
        }
    })
    .boxed()
}

impl Engine<'_> {
    /// Removes rows; when others refer to them that is said in the words of the API.
    pub(super) async fn remove(&mut self, delete: &Delete) -> Result<u64, JobError> {
        let args = self.args();
        match self.tx.delete(delete, &args).await {
            Ok(count) => Ok(count),
            // Whatever foreign key refuses a deletion does so because of rows that refer to it.
            Err(StoreError::ForeignKey { table, columns, .. }) => {
                let error = StoreError::ForeignKey {
                    table,
                    columns,
                    referenced: true,
                };
                Err(refuse(mapping::removal(self.ctx, &error)))
            }
            Err(error) => Err(JobError::Store(error)),
        }
    }
}
