//! Rules that look through references of a row which is not written yet: what they look at is fetched first, so that a rule is judged
//! before the database has anything to say of other rows (a taken name, a missing target).

use glaze_expr::tree::{Exists, Expr, FieldRef, Node, Type};
use glaze_model::Value;

use super::{
    Action, Change,
    engine::{Deferred, Engine, refuse},
    judge::{Row, State, Verdict, part_of},
    references::reference_is,
};
use crate::{bound::Load, schema::Relation, store::JobError};

impl Engine<'_> {
    /// Judges what can be judged once the rows behind references are known; the rest stays for after the write.
    pub(super) async fn resolve(
        &mut self,
        action: Action,
        change: &Change,
        state: State<'_>,
        deferred: Deferred,
    ) -> Result<Deferred, JobError> {
        let mut left = Deferred {
            rules: Vec::new(),
            ..deferred
        };
        for (rule, field) in deferred.rules {
            let rule = self.look_up(rule, state.row).await?;
            match self.ctx.judge(&rule, state) {
                Verdict::Yes => {}
                Verdict::No => return Err(refuse(self.forbidden(action, change.entity, field))),
                Verdict::Ask(rule) => left.rules.push((rule, field)),
            }
        }
        Ok(left)
    }

    /// The rule with everything behind references of the row put in.
    async fn look_up(&mut self, rule: Expr, row: &Row) -> Result<Expr, JobError> {
        let mut wanted = Vec::new();
        collect(&rule, &mut wanted);
        let mut found: Vec<(Node, Value)> = Vec::new();
        for node in wanted {
            let value = match &node {
                Node::Field(field) => self.follow(field, row).await?,
                Node::Exists(exists) => self.related(exists, row).await?,
                _ => None,
            };
            found.extend(value.map(|value| (node, value)));
        }
        Ok(glaze_expr::map(
            rule,
            &mut |node| match found.iter().find(|(known, _)| *known == node) {
                Some((_, value)) => Node::Literal(value.clone()),
                None => node,
            },
        ))
    }

    /// The value of a field behind references. `None`: it can't be loaded.
    async fn follow(&mut self, field: &FieldRef, row: &Row) -> Result<Option<Value>, JobError> {
        let Some(first) = field.hops.first() else { return Ok(None) };
        let Some(mut value) = row[*first as usize].clone() else {
            return Ok(None);
        };
        let mut entity = field.entity;
        for (at, hop) in field.hops.iter().enumerate() {
            let Some(Relation::Ref { target, parts }) = &self.ctx.schema.field_info(entity, *hop).relation else {
                return Ok(None);
            };
            if value.is_null() {
                return Ok(Some(Value::Null));
            }
            let next = field.hops.get(at + 1).copied().unwrap_or(field.field);
            if self.ctx.schema.field_info(*target, next).is_virtual {
                return Ok(None);
            }
            let filter = reference_is(*target, parts, &value);
            let load = Load {
                entity: *target,
                filter,
                fields: vec![next],
                lock: false,
                limit: Some(1),
            };
            let args = self.args();
            value = self
                .tx
                .load(&load, &args)
                .await?
                .into_iter()
                .flatten()
                .next()
                .unwrap_or(Value::Null);
            entity = *target;
        }
        Ok(Some(part_of(&value, &field.part)))
    }

    /// Whether rows related to the one behind the first reference satisfy. `None`: only the written row can tell.
    async fn related(&mut self, exists: &Exists, row: &Row) -> Result<Option<Value>, JobError> {
        let Some((first, rest)) = exists.hops.split_first() else {
            return Ok(None);
        };
        let Some(value) = row[*first as usize].clone() else {
            return Ok(None);
        };
        let Some(Relation::Ref { target, parts }) = &self.ctx.schema.field_info(exists.entity, *first).relation else {
            return Ok(None);
        };
        // Without a row there, the database decides as it does for every row: leave it to it.
        if value.is_null() || mentions_row(&exists.body) {
            return Ok(None);
        }
        let moved = Exists {
            entity: *target,
            hops: rest.to_vec(),
            ..exists.clone()
        };
        let filter = Expr::and([
            reference_is(*target, parts, &value),
            Expr::new(Node::Exists(Box::new(moved)), Type::BOOL),
        ]);
        Ok(Some(Value::Bool(self.count(*target, filter).await? > 0)))
    }
}

/// Nodes that look behind references of the row.
fn collect(expr: &Expr, wanted: &mut Vec<Node>) {
    match &expr.node {
        Node::Field(field) if field.var == 0 && !field.hops.is_empty() => wanted.push(expr.node.clone()),
        Node::Exists(exists) if exists.from == 0 && !exists.hops.is_empty() => wanted.push(expr.node.clone()),
        _ => {}
    }
    glaze_expr::children(expr).into_iter().for_each(|child| collect(child, wanted));
}

/// Whether the row itself is spoken of inside.
fn mentions_row(expr: &Expr) -> bool {
    let own = match &expr.node {
        Node::Field(field) | Node::Before(field) => field.var == 0,
        Node::Exists(exists) | Node::CountOf(exists) => exists.from == 0,
        Node::Search { fields, .. } => fields.iter().any(|field| field.var == 0),
        _ => false,
    };
    own || glaze_expr::children(expr).into_iter().any(mentions_row)
}
