//! Conditions put to the database.

use glaze_expr::tree::{EntityIx, Expr, FieldIx};

use crate::{
    Limits,
    actor::Actor,
    bind::{Binder, key_is},
    bound::{Args, BoundRead, Count, Output, Page, Selected},
    query::QueryError,
    schema::Schema,
    store::{Store, StoreError},
};

/// The key of one entry of which a condition holds; nothing else of it leaves the database.
fn question(schema: &Schema, entity: EntityIx, condition: Expr) -> Result<BoundRead, StoreError> {
    let limits = Limits::default();
    let binder = Binder {
        schema,
        actor: &Actor::System,
        limits: &limits,
    };
    let info = schema.entity(entity);
    let selected = |field: FieldIx| Selected {
        json: schema.field_info(entity, field).json.clone(),
        output: Output::Field(field),
        guard: None,
    };
    let order = binder
        .order(info, &[])
        .map_err(|error: QueryError| StoreError::Other(error.to_string()))?;
    Ok(BoundRead {
        entity,
        filter: condition,
        select: info.key.iter().map(|part| selected(part.field)).collect(),
        order,
        page: Page::Offset { limit: 1, offset: 0 },
        count: Count::None,
    })
}

/// The statement that a condition becomes: it reads the keys of the entries of which it holds. `None` where a store keeps its statements
/// to itself.
///
/// # Errors
/// When the store can't say the condition.
pub fn sql_of(schema: &Schema, store: &dyn Store, entity: EntityIx, condition: Expr) -> Result<Option<String>, StoreError> {
    let read = question(schema, entity, condition)?;
    Ok(store.sql(&store.prepare(&read)?))
}

/// Whether a condition holds for the entry with this key.
///
/// # Errors
/// By the database.
pub async fn holds_for(
    schema: &Schema,
    store: &dyn Store,
    actor: &Actor,
    entity: EntityIx,
    key: &[glaze_model::Value],
    condition: Expr,
) -> Result<bool, StoreError> {
    let condition = Expr::and([key_is(schema.entity(entity), key), condition]);
    let read = question(schema, entity, condition)?;
    let answer = store.read(&store.prepare(&read)?, &args(actor), Vec::new()).await?;
    Ok(answer.rows > 0)
}

fn args(actor: &Actor) -> Args {
    Args {
        me: actor.id(),
        now: jiff::Timestamp::now(),
        key: Vec::new(),
    }
}
