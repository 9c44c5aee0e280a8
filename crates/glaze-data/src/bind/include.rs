//! Related rows in the answer.

use glaze_expr::tree::Expr;

use super::Binder;
use crate::{
    bound::{BoundRead, Count, Output, Page},
    query::{Include, Nested, QueryError},
    schema::{EntityInfo, FieldInfo, Relation},
};

impl Binder<'_> {
    pub(super) fn included(&self, entity: &EntityInfo, field: &FieldInfo, include: &Include) -> Result<Output, QueryError> {
        if let Some(Relation::AnyOf { .. }) = &field.relation {
            return self.any_of(entity, field, include);
        }
        let many = field.relation.as_ref().is_some_and(Relation::is_to_many);
        let Some((_, nested)) = include.nested.first() else {
            return Err(self.forbidden(entity, field, "can't be included"));
        };
        let policy = self.readable_through(entity, field, self.schema.entity(nested.entity))?;
        let read = Box::new(self.nested(nested, policy, many)?);
        Ok(if many {
            Output::Many { field: field.ix, read }
        } else {
            Output::One { field: field.ix, read }
        })
    }

    /// Targets of which nothing may be read give null, as rows do that may not be read; when that is so for all, it is refused.
    fn any_of(&self, entity: &EntityInfo, field: &FieldInfo, include: &Include) -> Result<Output, QueryError> {
        let mut reads = Vec::with_capacity(include.nested.len());
        for (at, nested) in &include.nested {
            let policy = self.policy(self.schema.entity(nested.entity), "read");
            if !policy.is_false() {
                reads.push((*at, self.nested(nested, policy, false)?));
            }
        }
        if reads.is_empty() {
            return Err(self.forbidden(entity, field, "leads to nothing that may be read"));
        }
        Ok(Output::AnyOne { field: field.ix, reads })
    }

    fn nested(&self, nested: &Nested, policy: Expr, many: bool) -> Result<BoundRead, QueryError> {
        let entity = self.schema.entity(nested.entity);
        let filter = match &nested.filter {
            Some(filter) => Expr::and([policy, self.filter(entity, 0, filter)?]),
            None => policy,
        };
        Ok(BoundRead {
            entity: nested.entity,
            filter,
            select: self.select(entity, &nested.selection)?,
            order: self.order(entity, &nested.sort)?,
            page: Page::PerParent {
                limit: many.then(|| nested.limit.unwrap_or(self.limits.include_rows)),
            },
            count: Count::None,
        })
    }
}
