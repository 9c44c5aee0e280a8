//! To-many relations: join tables, and references of other entries that point here.

use glaze_expr::tree::{Compare, EntityIx, Expr, FieldIx, FieldRef, Node, Part, Type};
use glaze_model::Value;

use super::{
    Assign, Change, Key, Mode, ToMany,
    engine::{Engine, refuse},
    judge::{Row, key_is, key_of},
    mapping,
    references::not_found,
};
use crate::{
    bound::Link,
    schema::Relation,
    store::JobError,
    validate::{FieldError, whole_key},
};

/// Relations of a new entry, sorted by how they are written.
pub(super) struct Linked {
    /// Rows of join tables, written with the entry.
    pub(super) links: Vec<(FieldIx, Vec<Key>)>,
    /// Positions in [`Change::relations`] of those that change other entries, once this one is there.
    pub(super) inverse: Vec<usize>,
}

/// Keys to be linked to a new entry, each once.
pub(super) fn wanted_keys(relation: &ToMany) -> Vec<Key> {
    distinct(relation.set.iter().flatten().chain(&relation.connect).cloned())
}

fn distinct(keys: impl Iterator<Item = Key>) -> Vec<Key> {
    let mut all: Vec<Key> = Vec::new();
    for key in keys {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    all
}

/// How a relation's rows are reached.
enum Side {
    Join {
        target: EntityIx,
    },
    Inverse {
        target: EntityIx,
        field: FieldIx,
        polymorphic: bool,
    },
}

impl Engine<'_> {
    fn side(&self, entity: EntityIx, relation: &ToMany) -> Option<Side> {
        match self.ctx.schema.field_info(entity, relation.field).relation {
            Some(Relation::Many { target }) => Some(Side::Join { target }),
            Some(Relation::Inverse {
                target,
                field,
                polymorphic,
                ..
            }) => Some(Side::Inverse {
                target,
                field,
                polymorphic,
            }),
            _ => None,
        }
    }

    /// What a new entry is linked to. Entries made inside a `Many` are made here: they don't depend on the new one.
    pub(super) async fn create_links(&mut self, change: &Change) -> Result<Linked, JobError> {
        let mut linked = Linked {
            links: Vec::new(),
            inverse: Vec::new(),
        };
        for (at, relation) in change.relations.iter().enumerate() {
            match self.side(change.entity, relation) {
                Some(Side::Join { target }) => {
                    let mut keys = wanted_keys(relation);
                    self.check_targets(target, &keys, &relation.path).await?;
                    for create in &relation.create {
                        keys.push(self.create(create).await?);
                    }
                    linked.links.push((relation.field, keys));
                }
                Some(Side::Inverse { .. }) => linked.inverse.push(at),
                None => {}
            }
        }
        Ok(linked)
    }

    /// Changes the relations of an entry that is there.
    pub(super) async fn change_relations(&mut self, change: &Change, key: &Key) -> Result<(), JobError> {
        for relation in &change.relations {
            match self.side(change.entity, relation) {
                Some(Side::Join { target }) => self.change_join(change, key, relation, target).await?,
                Some(Side::Inverse { .. }) => self.change_inverse(change.entity, key, relation).await?,
                None => {}
            }
        }
        Ok(())
    }

    async fn change_join(&mut self, change: &Change, key: &Key, relation: &ToMany, target: EntityIx) -> Result<(), JobError> {
        let mut wanted = wanted_keys(relation);
        self.check_targets(target, &wanted, &relation.path).await?;
        for create in &relation.create {
            wanted.push(self.create(create).await?);
        }
        let link = |to: Vec<Key>| Link {
            entity: change.entity,
            field: relation.field,
            from: key.clone(),
            to,
        };
        let done = if relation.set.is_some() {
            self.tx.relink(&link(wanted)).await
        } else if wanted.is_empty() {
            Ok(())
        } else {
            self.tx.link(&link(wanted)).await
        };
        if let Err(error) = done {
            return Err(self.link_refused(error, change, relation).await);
        }
        if !relation.disconnect.is_empty() {
            self.tx.unlink(&link(relation.disconnect.clone())).await?;
        }
        Ok(())
    }

    async fn link_refused(&mut self, error: crate::store::StoreError, change: &Change, relation: &ToMany) -> JobError {
        match error {
            crate::store::StoreError::ForeignKey { referenced: false, .. } => refuse(vec![not_found(&relation.path)]),
            other => mapping::refusal(self.ctx, other, change),
        }
    }

    /// Changes which other entries point here. Each of them is an update (or a creation) of its own, judged as such.
    pub(super) async fn change_inverse(&mut self, entity: EntityIx, key: &Key, relation: &ToMany) -> Result<(), JobError> {
        let Some(Side::Inverse {
            target,
            field,
            polymorphic,
        }) = self.side(entity, relation)
        else {
            return Ok(());
        };
        let here = if polymorphic {
            let ty = Value::Text(self.ctx.schema.entity(entity).type_name.clone());
            Value::List(vec![ty, Value::Text(whole_key(key.clone()).to_string())])
        } else {
            self.pointing_to(target, field, key).await?
        };
        let mut connect = wanted_keys(relation);
        let mut disconnect = distinct(relation.disconnect.iter().cloned());
        if relation.set.is_some() {
            for row in self.pointing_here(target, field, &here).await? {
                let Some(child) = key_of(&self.ctx.schema, target, &row) else {
                    continue;
                };
                match connect.iter().position(|key| *key == child) {
                    Some(at) => drop(connect.remove(at)),
                    None => disconnect.push(child),
                }
            }
        }
        for child in disconnect {
            self.disconnect(target, field, &child, &here, relation).await?;
        }
        for child in connect {
            self.point(target, field, &child, here.clone(), relation).await?;
        }
        for create in &relation.create {
            let mut create = create.clone();
            create.set.push(Assign {
                field,
                value: here.clone(),
                by_client: relation.by_client,
            });
            self.create(&create).await?;
        }
        Ok(())
    }

    /// Entries that point here, of those that the actor may read: of the others it knows nothing and changes nothing.
    async fn pointing_here(&mut self, target: EntityIx, field: FieldIx, here: &Value) -> Result<Vec<Row>, JobError> {
        let filter = Expr::and([self.points_to(target, field, here), self.known_to_point(target, field)]);
        let limit = self.ctx.limits.rows;
        let rows = self.rows(target, filter, Some(limit + 1)).await?;
        if rows.len() as u64 > limit {
            let message = format!("at most {limit} entries can be changed by one request");
            return Err(refuse(super::WriteError::TooMuch { message, limit }));
        }
        Ok(rows)
    }

    /// Entries of which the actor may know where they point: others are to it as if they pointed nowhere.
    fn known_to_point(&self, target: EntityIx, field: FieldIx) -> Expr {
        Expr::and([self.ctx.read_rule(target), self.ctx.sight(target, field)])
    }

    fn points_to(&self, target: EntityIx, field: FieldIx, here: &Value) -> Expr {
        let is = |part: Part, value: &Value, ty: Type| {
            let own = FieldRef {
                var: 0,
                entity: target,
                hops: Vec::new(),
                field,
                part,
            };
            let (own, value) = (Expr::new(Node::Field(own), ty.clone()), Expr::new(Node::Literal(value.clone()), ty));
            Expr::new(Node::Compare(Compare::Eq, Box::new(own), Box::new(value)), Type::BOOL)
        };
        let text = Type::Scalar(glaze_model::Scalar::String);
        match (&self.ctx.schema.field_info(target, field).relation, here) {
            (Some(Relation::AnyOf { .. }), Value::List(parts)) if parts.len() == 2 => {
                Expr::and([is(Part::AnyType, &parts[0], text.clone()), is(Part::AnyId, &parts[1], text)])
            }
            (Some(Relation::Ref { parts, .. }), Value::List(values)) => {
                let pairs = parts.iter().zip(values).enumerate();
                Expr::and(pairs.map(|(at, (part, value))| is(Part::Key(at as u32), value, part.ty.clone())))
            }
            (Some(Relation::Ref { parts, .. }), single) => {
                let ty = parts.first().map_or(text, |part| part.ty.clone());
                is(Part::Whole, single, ty)
            }
            _ => Expr::bool(false),
        }
    }

    async fn disconnect(&mut self, target: EntityIx, field: FieldIx, child: &Key, here: &Value, relation: &ToMany) -> Result<(), JobError> {
        let declared = self.ctx.schema.field(target, field);
        if !declared.nullable {
            let name = &self.ctx.schema.entity(target).name;
            let message = format!(
                "an entry of {name} can't be without `{}`: remove it or connect it elsewhere",
                declared.json
            );
            return Err(refuse(vec![FieldError::new(&relation.path, "required_reference", message)]));
        }
        let known = self.known_to_point(target, field);
        let filter = Expr::and([
            self.points_to(target, field, here),
            key_is(self.ctx.schema.entity(target), child),
            known,
        ]);
        if self.count(target, filter).await? == 0 {
            return Ok(());
        }
        self.point(target, field, child, Value::Null, relation).await
    }

    /// Lets another entry point here (or nowhere): an update of that entry.
    async fn point(&mut self, target: EntityIx, field: FieldIx, child: &Key, value: Value, relation: &ToMany) -> Result<(), JobError> {
        let declared = self.ctx.schema.declared(target);
        let updated_at = declared
            .fields
            .iter()
            .position(|field| field.implicit && field.name == "updated_at");
        let mut set = vec![Assign {
            field,
            value,
            by_client: relation.by_client,
        }];
        if let Some(at) = updated_at {
            set.push(Assign {
                field: at as FieldIx,
                value: Value::DateTime(self.ctx.now),
                by_client: false,
            });
        }
        let change = Change {
            entity: target,
            mode: Mode::Patch,
            path: relation.path.clone(),
            set,
            partial: Vec::new(),
            slugs: Vec::new(),
            targets: Vec::new(),
            relations: Vec::new(),
            parent: Some(field),
        };
        let filter = Expr::and([key_is(self.ctx.schema.entity(target), child), self.ctx.read_rule(target)]);
        match self.rows(target, filter, Some(1)).await?.pop() {
            Some(before) => self.update_row(&change, child, &before).await,
            None => Err(refuse(vec![not_found(&relation.path)])),
        }
    }
}
