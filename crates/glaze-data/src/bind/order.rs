//! Orders.

use glaze_expr::tree::{EntityIx, Expr, FieldRef, Part};

use super::{Binder, own};
use crate::{
    bound::Order,
    query::{FieldPath, QueryError, Sort},
    schema::{EntityInfo, Relation},
};

impl Binder<'_> {
    /// The order asked for, made total by the key. A table without a key is ordered by all it has.
    pub(crate) fn order(&self, entity: &EntityInfo, sort: &[Sort]) -> Result<Vec<Order>, QueryError> {
        let mut order = Vec::with_capacity(sort.len() + entity.key.len());
        for key in sort {
            let (by, guard) = self.reached(entity, &key.path)?;
            let guard = (!guard.is_true()).then_some(guard);
            order.push(Order {
                by,
                desc: key.desc,
                nullable: key.path.at.nullable || guard.is_some(),
                guard,
            });
        }
        let rest: Vec<(FieldRef, bool)> = match entity.key.is_empty() {
            false => entity.key_refs(0).map(|by| (by, false)).collect(),
            true => self.every_ordered(entity),
        };
        for (by, nullable) in rest {
            if !order.iter().any(|order| order.by == by && order.guard.is_none()) {
                order.push(Order {
                    by,
                    desc: false,
                    guard: None,
                    nullable,
                });
            }
        }
        Ok(order)
    }

    fn every_ordered(&self, entity: &EntityInfo) -> Vec<(FieldRef, bool)> {
        let ordered = entity.fields.iter().filter(|field| match &field.ty {
            glaze_expr::tree::Type::Scalar(scalar) => scalar.is_ordered() && !field.is_virtual && self.field_rule(entity, field).is_true(),
            glaze_expr::tree::Type::Enum(_) => self.field_rule(entity, field).is_true(),
            _ => false,
        });
        ordered
            .map(|field| (own(0, entity.ix, field.ix, Part::Whole), field.nullable))
            .collect()
    }

    /// A field reached through references, and the condition on the row reached under which it may be read.
    ///
    /// The condition can speak of the last row only. So what lies before it must be open to the actor as a whole: else the
    /// path is refused.
    pub(super) fn reached(&self, entity: &EntityInfo, path: &FieldPath) -> Result<(FieldRef, Expr), QueryError> {
        let (mut at, mut reached) = (entity, Expr::bool(true));
        for (step, hop) in path.hops.iter().enumerate() {
            let field = &at.fields[*hop as usize];
            let rule = self.readable_field(at, field)?;
            let target = self.schema.entity(target_of(field.relation.as_ref()).unwrap_or(at.ix));
            let rows = self.readable_through(at, field, target)?;
            let last = step + 1 == path.hops.len();
            if !rule.is_true() || (!last && !rows.is_true()) {
                return Err(self.forbidden(at, field, "may be read in some rows only, so it can't be followed here"));
            }
            (at, reached) = (target, rows);
        }
        let field = &at.fields[path.at.field as usize];
        let rule = self.readable_field(at, field)?;
        let by = FieldRef {
            var: 0,
            entity: entity.ix,
            hops: path.hops.clone(),
            field: path.at.field,
            part: path.at.part.clone(),
        };
        Ok((by, Expr::and([reached, rule])))
    }
}

fn target_of(relation: Option<&Relation>) -> Option<EntityIx> {
    relation.and_then(Relation::target)
}
