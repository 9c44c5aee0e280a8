//! Aggregates.

use glaze_expr::tree::FieldRef;

use super::Binder;
use crate::{
    actor::Actor,
    bound::{Aggregate, BoundAggregate},
    limits::Limits,
    query::{AggregateQuery, Computation, FieldPath, QueryError},
    schema::{EntityInfo, Schema},
};

/// Binds an aggregate. What is grouped or computed must be open to the actor in every row: a sum over values of which some count as
/// null would still tell of them by its changes.
///
/// # Errors
/// What the actor may not do.
pub fn bind_aggregate(schema: &Schema, actor: &Actor, query: &AggregateQuery, limits: &Limits) -> Result<BoundAggregate, QueryError> {
    let binder = Binder { schema, actor, limits };
    let entity = schema.entity(query.entity);
    let filter = binder.rows(entity, query.filter.as_ref(), query.search.as_deref())?;
    let mut group = Vec::with_capacity(query.group.len());
    for key in &query.group {
        group.push((key.json.clone(), binder.open(entity, &key.path)?, key.unit));
    }
    let mut values = Vec::with_capacity(query.values.len());
    for (json, computation, path) in &query.values {
        let field = path.as_ref().map(|path| binder.open(entity, path)).transpose()?;
        values.push((json.clone(), aggregate(*computation, field)));
    }
    let mut order = query.sort.clone();
    for (json, ..) in &group {
        if !order.iter().any(|(name, _)| name == json) {
            order.push((json.clone(), false));
        }
    }
    Ok(BoundAggregate {
        entity: query.entity,
        filter,
        group,
        values,
        order,
        limit: query.limit,
        offset: query.offset,
    })
}

fn aggregate(computation: Computation, field: Option<FieldRef>) -> Aggregate {
    match (computation, field) {
        (_, None) => Aggregate::Count,
        (Computation::Count, Some(field)) => Aggregate::CountOf(field),
        (Computation::CountDistinct, Some(field)) => Aggregate::CountDistinct(field),
        (Computation::Sum, Some(field)) => Aggregate::Sum(field),
        (Computation::Avg, Some(field)) => Aggregate::Avg(field),
        (Computation::Min, Some(field)) => Aggregate::Min(field),
        (Computation::Max, Some(field)) => Aggregate::Max(field),
    }
}

impl Binder<'_> {
    /// A field that may be read in every row.
    fn open(&self, entity: &EntityInfo, path: &FieldPath) -> Result<FieldRef, QueryError> {
        let (field, guard) = self.reached(entity, path)?;
        if guard.is_true() {
            return Ok(field);
        }
        let message = format!("`{}` may be read in some rows only, so it can't be aggregated", path.json);
        Err(QueryError::Forbidden {
            entity: entity.name.clone(),
            field: Some(path.json.clone()),
            message,
        })
    }
}
