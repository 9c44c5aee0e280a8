//! Rules of the schema for one actor.

use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_model::Ownership;

use super::{Binder, fold::for_actor};
use crate::{
    actor::Actor,
    query::QueryError,
    schema::{EntityInfo, FieldInfo, Relation, Schema},
};

/// The condition under which the actor may do something to a row (variable 0): `read`, `create`, `update`, `delete` or the name of
/// an action. The constant `false` when no rule allows it, the constant `true` for those whom policies don't bind.
pub fn policy(schema: &Schema, actor: &Actor, entity: EntityIx, action: &str) -> Expr {
    // Users, assets and what Glaze keeps for itself are changed by operations of their own, which know all that belongs to them.
    if action != "read" && *actor != Actor::System && schema.declared(entity).ownership == Ownership::System {
        return Expr::bool(false);
    }
    if actor.is_unrestricted() {
        return Expr::bool(true);
    }
    match schema.entity(entity).can.get(action) {
        Some(rule) => for_actor(rule, actor),
        None => Expr::bool(false),
    }
}

/// The field's own condition for `read`, `create` or `update`, in addition to the entity's. The constant `true` when it has none.
/// A private field may be read by nobody and be written by the system only.
pub fn field_policy(schema: &Schema, actor: &Actor, entity: EntityIx, field: FieldIx, action: &str) -> Expr {
    let info = schema.field_info(entity, field);
    if info.private && (action == "read" || *actor != Actor::System) {
        return Expr::bool(false);
    }
    if actor.is_unrestricted() {
        return Expr::bool(true);
    }
    let rule = match action {
        "read" => info.read.as_ref(),
        "create" => info.create.as_ref(),
        "update" => info.update.as_ref(),
        _ => None,
    };
    rule.map_or_else(|| Expr::bool(true), |rule| for_actor(rule, actor))
}

impl Binder<'_> {
    /// See [`policy`].
    pub(super) fn policy(&self, entity: &EntityInfo, action: &str) -> Expr {
        policy(self.schema, self.actor, entity.ix, action)
    }

    /// The rows that may be read; refused when there can be none.
    pub(super) fn readable(&self, entity: &EntityInfo) -> Result<Expr, QueryError> {
        let policy = self.policy(entity, "read");
        if policy.is_false() {
            return Err(QueryError::Forbidden {
                entity: entity.name.clone(),
                field: None,
                message: format!("`{}` may not be read", entity.name),
            });
        }
        Ok(policy)
    }

    /// Rows behind a relation that may be read; refused, by the relation's name, when there can be none.
    pub(super) fn readable_through(&self, entity: &EntityInfo, field: &FieldInfo, target: &EntityInfo) -> Result<Expr, QueryError> {
        let reference = self.behind(field);
        if reference.is_false() {
            return Err(self.forbidden(entity, field, "may not be read"));
        }
        let policy = Expr::and([self.policy(target, "read"), reference]);
        if policy.is_false() {
            let message = format!("`{}` leads to `{}`, which may not be read", field.json, target.name);
            return Err(QueryError::Forbidden {
                entity: entity.name.clone(),
                field: Some(field.json.clone()),
                message,
            });
        }
        Ok(policy)
    }

    /// The other side of a reference tells what the reference does, so that it may be followed in rows only whose reference may be
    /// read. A condition on the rows over there.
    fn behind(&self, field: &FieldInfo) -> Expr {
        match field.relation {
            Some(Relation::Inverse { target, field, .. }) => field_policy(self.schema, self.actor, target, field, "read"),
            _ => Expr::bool(true),
        }
    }

    /// The condition under which the field may be read; refused when it can't hold.
    pub(super) fn readable_field(&self, entity: &EntityInfo, field: &FieldInfo) -> Result<Expr, QueryError> {
        let rule = self.field_rule(entity, field);
        if rule.is_false() {
            return Err(self.forbidden(entity, field, "may not be read"));
        }
        Ok(rule)
    }

    /// The condition under which the field may be read.
    pub(super) fn field_rule(&self, entity: &EntityInfo, field: &FieldInfo) -> Expr {
        field_policy(self.schema, self.actor, entity.ix, field.ix, "read")
    }

    /// A refusal that names the field.
    pub(super) fn forbidden(&self, entity: &EntityInfo, field: &FieldInfo, what: &str) -> QueryError {
        let message = format!("`{}` of `{}` {what}", field.json, entity.name);
        QueryError::Forbidden {
            entity: entity.name.clone(),
            field: Some(field.json.clone()),
            message,
        }
    }
}
