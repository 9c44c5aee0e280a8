//! References must point to entries that are there and that the actor may read: of one it may not read it learns no more than of one
//! that does not exist.

use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_model::{Field, Value};

use super::{
    Assign, Change, Key, WriteContext,
    engine::Engine,
    judge::{Row, key_in, key_is, part_is},
    relation,
};
use crate::{
    bound::Load,
    schema::{KeyPart, Relation},
    store::JobError,
    validate::FieldError,
};

/// The code of a reference to nothing.
const NOT_FOUND: &str = "not_found_reference";

pub(super) fn not_found(path: &str) -> FieldError {
    FieldError::new(path, NOT_FOUND, "refers to an entry that is not there")
}

/// A reference to be looked for.
pub(super) struct Wanted {
    pub(super) path: String,
    pub(super) target: EntityIx,
    /// The condition that a row is the target.
    pub(super) is: Expr,
    /// The database itself refuses references to nothing.
    pub(super) guarded: bool,
}

impl WriteContext {
    /// Whether references of this change need no looking for: the actor may read every row of the targets, and the database sees to the rest.
    pub(super) fn references_are_free(&self, change: &Change) -> bool {
        self.wanted(change, None, true)
            .iter()
            .all(|wanted| wanted.guarded && self.read_rule(wanted.target).is_true())
    }

    fn wanted(&self, change: &Change, before: Option<&Row>, by_client: bool) -> Vec<Wanted> {
        let mut all = Vec::new();
        // Whoever may not see where a field points must not learn it from what goes through unchecked.
        let former = |field: FieldIx| {
            let row = before.filter(|row| self.sees(change.entity, field, row))?;
            row.get(field as usize)?.as_ref()
        };
        let changed = |assign: &&Assign| {
            let same = former(assign.field) == Some(&assign.value);
            (assign.by_client || !by_client) && change.parent != Some(assign.field) && !same
        };
        for assign in change.set.iter().filter(changed) {
            let field = self.schema.field(change.entity, assign.field);
            let begin = all.len();
            self.wanted_by(change, assign.field, field, &assign.value, &mut all);
            // What a document referred to before it may go on referring to.
            if let (Value::Json(_), Some(former)) = (&assign.value, former(assign.field)) {
                let mut known = Vec::new();
                self.wanted_by(change, assign.field, field, former, &mut known);
                let new = all.split_off(begin);
                let is_known = |wanted: &Wanted| known.iter().any(|known| known.target == wanted.target && known.is == wanted.is);
                all.extend(new.into_iter().filter(|wanted| !is_known(wanted)));
            }
        }
        all
    }

    fn wanted_by(&self, change: &Change, ix: FieldIx, field: &Field, value: &Value, all: &mut Vec<Wanted>) {
        let info = self.schema.field_info(change.entity, ix);
        match (&info.relation, value) {
            (_, Value::Null) => {}
            (Some(Relation::Ref { target, parts }), value) => {
                let is = reference_is(*target, parts, value);
                all.push(Wanted {
                    path: field.json.clone(),
                    target: *target,
                    is,
                    guarded: !field.db.no_fk,
                });
            }
            (Some(Relation::AnyOf { targets }), Value::List(parts)) => {
                let (Some(Value::Text(ty)), Some(Value::Text(id))) = (parts.first(), parts.get(1)) else {
                    return;
                };
                let target = targets.iter().find(|target| self.schema.entity(**target).type_name == *ty);
                if let Some(target) = target
                    && let Some(key) = self.any_key(*target, id)
                {
                    let is = key_is(self.schema.entity(*target), &key);
                    all.push(Wanted {
                        path: field.json.clone(),
                        target: *target,
                        is,
                        guarded: false,
                    });
                }
            }
            (None, value) => self.wanted_inside(field, value, all),
            _ => {}
        }
    }

    /// The key in a polymorphic reference, from its text.
    pub(super) fn any_key(&self, target: EntityIx, id: &str) -> Option<Key> {
        let [scalar] = relation::key_scalars(&self.schema.entity(target).key)[..] else {
            return None;
        };
        Value::parse(scalar, id).ok().map(|value| vec![value])
    }
}

/// The condition that a row is what a reference of this value points to.
pub(super) fn reference_is(target: EntityIx, parts: &[KeyPart], value: &Value) -> Expr {
    match value {
        Value::List(values) if parts.len() > 1 => {
            Expr::and(parts.iter().zip(values).map(|(part, value)| part_is(target, part, value.clone())))
        }
        single => parts
            .first()
            .map_or_else(|| Expr::bool(false), |part| part_is(target, part, single.clone())),
    }
}

impl Engine<'_> {
    /// Looks for the targets of references that the client set.
    pub(super) async fn check_references(&mut self, change: &Change, before: Option<&Row>) -> Result<Vec<FieldError>, JobError> {
        let mut errors = Vec::new();
        for wanted in self.ctx.wanted(change, before, true) {
            let readable = self.ctx.read_rule(wanted.target);
            if readable.is_true() && wanted.guarded {
                continue;
            }
            if readable.is_false() || self.count(wanted.target, Expr::and([wanted.is, readable])).await? == 0 {
                errors.push(not_found(&wanted.path).within(&change.path));
            }
        }
        Ok(errors)
    }

    /// Which references point to nothing, when the database only says that one does.
    pub(super) async fn missing_references(&mut self, change: &Change) -> Result<Vec<FieldError>, JobError> {
        let mut errors = Vec::new();
        for wanted in self.ctx.wanted(change, None, false) {
            if self.count(wanted.target, wanted.is).await? == 0 {
                errors.push(not_found(&wanted.path).within(&change.path));
            }
        }
        for relation in &change.relations {
            if let Some(Relation::Many { target }) = self.ctx.schema.field_info(change.entity, relation.field).relation {
                let keys: Vec<Key> = relation.set.iter().flatten().chain(&relation.connect).cloned().collect();
                if self.count_keys(target, &keys, Expr::bool(true)).await? < keys.len() as u64 {
                    errors.push(not_found(&relation.path));
                }
            }
        }
        Ok(errors)
    }

    async fn count_keys(&mut self, target: EntityIx, keys: &[Key], condition: Expr) -> Result<u64, JobError> {
        if keys.is_empty() {
            return Ok(0);
        }
        let filter = Expr::and([key_in(self.ctx.schema.entity(target), keys), condition]);
        self.count(target, filter).await
    }

    /// Looks for entries that a `Many` relation is to have. The keys are distinct.
    pub(super) async fn check_targets(&mut self, target: EntityIx, keys: &[Key], path: &str) -> Result<(), JobError> {
        let readable = self.ctx.read_rule(target);
        if keys.is_empty() || readable.is_true() {
            // The join table's own foreign key says when one is not there.
            return Ok(());
        }
        if readable.is_false() || self.count_keys(target, keys, readable).await? < keys.len() as u64 {
            return Err(super::engine::refuse(vec![not_found(path)]));
        }
        Ok(())
    }

    /// The value by which a reference field points to the entry of this key.
    pub(super) async fn pointing_to(&mut self, entity: EntityIx, field: FieldIx, key: &Key) -> Result<Value, JobError> {
        let (target, parts) = match &self.ctx.schema.field_info(entity, field).relation {
            Some(Relation::Ref { target, parts }) => (*target, parts),
            _ => return Ok(crate::validate::whole_key(key.clone())),
        };
        let info = self.ctx.schema.entity(target);
        if *parts == info.key {
            return Ok(crate::validate::whole_key(key.clone()));
        }
        let fields: Vec<FieldIx> = parts.iter().map(|part| part.field).collect();
        let load = Load {
            entity: target,
            filter: key_is(info, key),
            fields,
            lock: false,
            limit: Some(1),
        };
        let args = self.args();
        let rows = self.tx.load(&load, &args).await?;
        let row = rows.into_iter().next().unwrap_or_default();
        let values = parts
            .iter()
            .zip(&row)
            .map(|(part, value)| super::judge::part_of(value, &part.part))
            .collect();
        Ok(crate::validate::whole_key(values))
    }
}
