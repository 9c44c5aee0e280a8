//! The one place where policies are bound: what a client asks becomes what a database may be asked.
//!
//! Nothing that the actor may not see can change an answer. So:
//! - rows: the read policy is joined to every filter, and stands inside every look through a relation;
//! - a field that the actor may never read is refused by name wherever it is used (403);
//! - a field that the actor may read in some rows only counts as null in the others: in answers, filters and orders alike;
//! - an entity of which the actor may read nothing at all is refused (403), a single row that may not be read is not there (404).
//!
//! The trees depend on the actor's roles and on whether somebody is logged in, never on who it is: `me.id` stays in them and is
//! bound when the statement runs. They may be kept for all actors with the same roles.

mod aggregate;
mod filter;
mod fold;
mod include;
mod order;
mod policy;
mod select;

use glaze_expr::tree::{EntityIx, Expr, FieldRef, Node, Part, Type};

pub use aggregate::bind_aggregate;
pub use fold::for_actor;
pub use policy::{field_policy, policy};

use crate::{
    actor::Actor,
    bound::{BoundRead, Page},
    cursor::{Cursors, Scope},
    limits::Limits,
    query::{self, Filter, ParamError, Query, QueryError},
    schema::{EntityInfo, Schema},
};

/// What binding needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Binder<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) actor: &'a Actor,
    pub(crate) limits: &'a Limits,
}

/// Binds a list.
///
/// # Errors
/// What the actor may not do, and cursors that are not of this question.
pub fn bind(schema: &Schema, actor: &Actor, query: &Query, limits: &Limits, cursors: &Cursors) -> Result<BoundRead, QueryError> {
    let binder = Binder { schema, actor, limits };
    let entity = schema.entity(query.entity);
    let filter = binder.rows(entity, query.filter.as_ref(), query.search.as_deref())?;
    let order = binder.order(entity, &query.sort)?;
    let select = binder.select(entity, &query.selection)?;
    let mut read = BoundRead {
        entity: query.entity,
        filter,
        select,
        order,
        page: Page::Offset {
            limit: limits.page,
            offset: 0,
        },
        count: query.count,
    };
    read.page = match &query.page {
        query::Page::Offset { limit, offset } => Page::Offset {
            limit: *limit,
            offset: *offset,
        },
        query::Page::Cursor { limit, cursor, before } => {
            let scope = Scope::of(schema, actor, &read);
            let from = cursors.decode(&scope, cursor, *before).map_err(|error| {
                let param = if *before { "before" } else { "after" };
                QueryError::Invalid(vec![ParamError::new(param, "invalid_cursor", error.to_string())])
            })?;
            Page::Seek {
                limit: *limit,
                from,
                before: *before,
            }
        }
    };
    Ok(read)
}

/// Binds the read of one entry, whose key comes with the arguments.
///
/// # Errors
/// What the actor may not do.
pub fn bind_key(schema: &Schema, actor: &Actor, query: &Query, limits: &Limits) -> Result<BoundRead, QueryError> {
    let binder = Binder { schema, actor, limits };
    let entity = schema.entity(query.entity);
    let filter = binder.rows(entity, None, None)?;
    let select = binder.select(entity, &query.selection)?;
    Ok(BoundRead {
        entity: query.entity,
        filter,
        select,
        order: binder.order(entity, &[])?,
        page: Page::Key,
        count: crate::bound::Count::None,
    })
}

/// The rows that an action (`update`, `delete`, the name of an action) of this actor may be about: those that it may read, that the
/// action's policy allows as they are now, and that the filter means.
///
/// # Errors
/// What the actor may not do.
pub fn bind_filter(schema: &Schema, actor: &Actor, entity: EntityIx, action: &str, filter: Option<&Filter>) -> Result<Expr, QueryError> {
    let limits = Limits::default();
    let binder = Binder {
        schema,
        actor,
        limits: &limits,
    };
    let entity = schema.entity(entity);
    let rows = binder.rows(entity, filter, None)?;
    if action == "read" {
        return Ok(rows);
    }
    let allowed = binder.policy(entity, action);
    if allowed.is_false() {
        return Err(QueryError::Forbidden {
            entity: entity.name.clone(),
            field: None,
            message: format!("{} of `{}` is not allowed", action, entity.name),
        });
    }
    // The row as it was is the row as it is: nothing has been changed yet.
    let allowed = glaze_expr::map(allowed, &mut |node| match node {
        Node::Before(field) => Node::Field(field),
        other => other,
    });
    Ok(Expr::and([rows, allowed]))
}

/// The entry with this key, as a condition.
pub fn key_is(entity: &EntityInfo, key: &[glaze_model::Value]) -> Expr {
    let parts = entity.key.iter().zip(key).map(|(part, value)| {
        let field = Expr::new(Node::Field(part.of(0, entity.ix, &[])), part.ty.clone());
        compare(glaze_expr::tree::Compare::Eq, field, value.clone())
    });
    Expr::and(parts)
}

/// A comparison with a literal of the same type.
pub(crate) fn compare(op: glaze_expr::tree::Compare, left: Expr, right: glaze_model::Value) -> Expr {
    let ty = left.ty.clone();
    Expr::new(
        Node::Compare(op, Box::new(left), Box::new(Expr::new(Node::Literal(right), ty))),
        Type::BOOL,
    )
}

/// A field of the row `var` itself.
pub(crate) fn own(var: u16, entity: EntityIx, field: u32, part: Part) -> FieldRef {
    FieldRef {
        var,
        entity,
        hops: Vec::new(),
        field,
        part,
    }
}
