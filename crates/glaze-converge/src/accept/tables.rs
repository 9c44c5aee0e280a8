//! Tables: entities that come and go, and the join tables of many-to-many relations.

use glaze_model::{Attribute, Edit, Entity, Field, FieldKind, Many, Model, Ownership, plural, snake_case};

use super::naming::{Owner, owner};
use super::work::Work;
use crate::catalog::ObjectName;
use crate::step::Step;

impl Work<'_> {
    /// A table that is called otherwise now.
    pub fn rename_table(&mut self, to: &ObjectName) -> Result<(), String> {
        let from = self.naming.code_table(to);
        let default_schema = self.dialect.object_name(None, "").schema;
        let schema = to.schema.clone().filter(|schema| Some(schema) != default_schema.as_ref());
        match owner(&self.model, &from, self.dialect) {
            None => Err(format!("no entity has the table `{from}`")),
            Some(Owner::Join(entity, field)) => {
                let (entity, field) = (entity.name.clone(), field.clone());
                let FieldKind::Many(many) = field.kind.clone() else { return Ok(()) };
                let many = Many {
                    table: to.name.clone(),
                    schema,
                    ..many
                };
                self.change(&entity, &field, FieldKind::Many(many))
            }
            Some(Owner::Entity(entity)) => {
                let entity = entity.clone();
                if from.schema != to.schema {
                    self.set_schema(&entity, schema)?;
                }
                self.rename_entity(&entity, to)
            }
        }
    }

    fn set_schema(&mut self, entity: &Entity, schema: Option<String>) -> Result<(), String> {
        let (entity, before) = (entity.name.clone(), self.model.clone());
        match schema {
            Some(schema) => self.edit(Edit::SetAttribute {
                entity,
                attribute: Attribute::Schema(schema),
            })?,
            None => self.edit(Edit::RemoveAttribute {
                entity,
                attribute: Attribute::Schema(String::new()),
            })?,
        }
        self.keep_joins(&before)
    }

    /// The entity takes the new name where its table follows from that, else it keeps its name and says the table.
    fn rename_entity(&mut self, entity: &Entity, to: &ObjectName) -> Result<(), String> {
        if entity.table == to.name {
            return Ok(());
        }
        let before = self.model.clone();
        if entity.table == plural(&snake_case(&entity.name))
            && let Some(Owner::Entity(pulled)) = owner(&self.pulled, to, self.dialect)
            && plural(&snake_case(&pulled.name)) == to.name
        {
            let (name, new) = (entity.name.clone(), pulled.name.clone());
            let renamed = self.undoing(|work| {
                work.edit(Edit::RenameEntity { entity: name, to: new })?;
                work.keep_joins(&before)
            });
            if renamed.is_ok() {
                return Ok(());
            }
        }
        self.edit(Edit::SetAttribute {
            entity: entity.name.clone(),
            attribute: Attribute::Table(to.name.clone()),
        })
    }

    /// Join tables whose names followed an entity's, though nobody has renamed them.
    fn keep_joins(&mut self, before: &Model) -> Result<(), String> {
        let mut kept: Vec<(String, Field, FieldKind)> = Vec::new();
        for (old, new) in before.entities.iter().zip(&self.model.entities) {
            for (was, now) in old.fields.iter().zip(&new.fields) {
                let (FieldKind::Many(was), FieldKind::Many(many)) = (&was.kind, &now.kind) else {
                    continue;
                };
                if many.owner
                    && (&was.table, &was.schema, &was.from_columns, &was.to_columns)
                        != (&many.table, &many.schema, &many.from_columns, &many.to_columns)
                {
                    let many = Many {
                        target: many.target.clone(),
                        ..was.clone()
                    };
                    kept.push((new.name.clone(), now.clone(), FieldKind::Many(many)));
                }
            }
        }
        kept.into_iter()
            .try_for_each(|(entity, field, kind)| self.change(&entity, &field, kind))
    }

    fn change(&mut self, entity: &str, field: &Field, kind: FieldKind) -> Result<(), String> {
        self.edit(Edit::ChangeField {
            entity: entity.to_owned(),
            field: field.name.clone(),
            to: Box::new(Field { kind, ..field.clone() }),
        })
    }

    /// A new table as a new entity.
    pub fn add_table(&mut self, table: &ObjectName) -> Result<(), String> {
        let here = self.table_name(table);
        if owner(&self.model, &here, self.dialect).is_some() {
            // The code has it as well: its columns are compared like others.
            return self.all_columns(&here);
        }
        let Some(Owner::Entity(pulled)) = owner(&self.pulled, &here, self.dialect) else {
            return Err(format!("`{here}` cannot be said in the schema"));
        };
        let pulled = pulled.clone();
        for target in self.unsaid_targets(&pulled) {
            self.add_table(&target)?;
        }
        if owner(&self.model, &here, self.dialect).is_some() {
            return Ok(());
        }
        let mut fields = Vec::new();
        for field in &pulled.fields {
            let said = match &field.kind {
                FieldKind::Inverse(_) => false,
                FieldKind::Many(many) => many.owner,
                _ => true,
            };
            if said {
                let field = self.in_code_names(field, None);
                fields.push(self.with_enum(field)?);
            }
        }
        let entity = Entity {
            name: self.naming.new_entity(table).unwrap_or(&pulled.name).to_owned(),
            fields,
            ..pulled
        };
        self.edit(Edit::AddEntity {
            entity: Box::new(entity),
            file: None,
        })
    }

    /// Tables that the entity refers to and that are new as well, so that what is referred to comes first. A ring is entered somewhere.
    fn unsaid_targets(&self, pulled: &Entity) -> Vec<ObjectName> {
        let mut out: Vec<ObjectName> = Vec::new();
        let mut open = vec![pulled];
        let mut seen = vec![pulled.name.as_str()];
        while let Some(entity) = open.pop() {
            for field in &entity.fields {
                let FieldKind::Ref(reference) = &field.kind else { continue };
                let Some(target) = self
                    .pulled
                    .entity(&reference.target)
                    .filter(|target| target.ownership == Ownership::Project)
                else {
                    continue;
                };
                if seen.contains(&target.name.as_str()) {
                    // In a ring nothing comes first.
                    continue;
                }
                seen.push(&target.name);
                let table = self.dialect.object_name(target.schema.as_deref(), &target.table);
                if owner(&self.model, &table, self.dialect).is_none() && !self.refers_to(target, &pulled.name) {
                    out.push(table);
                    open.push(target);
                }
            }
        }
        out.reverse();
        out
    }

    /// Whether one entity of the pulled model refers to another, directly or not.
    fn refers_to(&self, from: &Entity, to: &str) -> bool {
        let mut open = vec![from];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(entity) = open.pop() {
            for field in &entity.fields {
                if let FieldKind::Ref(reference) = &field.kind {
                    if reference.target == to {
                        return true;
                    }
                    if !seen.contains(&reference.target.as_str()) {
                        seen.push(&reference.target);
                        open.extend(self.pulled.entity(&reference.target));
                    }
                }
            }
        }
        false
    }

    /// The entity of a table that is gone, with whatever shows it from elsewhere.
    pub fn remove_table(&mut self, table: &ObjectName) -> Result<(), String> {
        let here = self.table_name(table);
        let Some(Owner::Entity(entity)) = owner(&self.model, &here, self.dialect) else {
            return Ok(());
        };
        let name = entity.name.clone();
        self.remove_inverses(&name, None)?;
        let mut gone: Vec<(String, String)> = Vec::new();
        let mut narrowed: Vec<(String, Field, FieldKind)> = Vec::new();
        for other in self
            .model
            .entities
            .iter()
            .filter(|other| other.name != name && other.ownership == Ownership::Project)
        {
            for field in &other.fields {
                match &field.kind {
                    FieldKind::Many(many) if many.target == name => gone.push((other.name.clone(), field.name.clone())),
                    FieldKind::Ref(reference) if reference.target == name => {
                        return Err(format!("`{}.{}` still refers to `{name}`", other.name, field.name));
                    }
                    FieldKind::AnyOf(any) if any.targets.contains(&name) => {
                        let mut any = any.clone();
                        any.targets.retain(|target| *target != name);
                        if any.targets.is_empty() {
                            return Err(format!("`{}.{}` can be nothing but `{name}`", other.name, field.name));
                        }
                        narrowed.push((other.name.clone(), field.clone(), FieldKind::AnyOf(any)));
                    }
                    _ => {}
                }
            }
        }
        for (entity, field) in gone {
            self.edit(Edit::RemoveField { entity, field })?;
        }
        for (entity, field, kind) in narrowed {
            self.change(&entity, &field, kind)?;
        }
        self.edit(Edit::RemoveEntity { entity: name })
    }

    /// What happened to a join table.
    pub fn joins(&mut self, steps: &[&Step]) -> Result<(), String> {
        let mut tables: Vec<&ObjectName> = steps.iter().filter_map(|step| step.table()).collect();
        tables.dedup();
        for table in tables {
            let here = self.table_name(table);
            let is_gone = self.goal.table(&here).is_none();
            let said = owner(&self.model, &here, self.dialect).map(|owner| match owner {
                Owner::Entity(entity) => (entity.name.clone(), None),
                Owner::Join(entity, field) => (entity.name.clone(), Some(field.name.clone())),
            });
            let joins = matches!(owner(&self.pulled, &here, self.dialect), Some(Owner::Join(..)));
            match (said, joins) {
                (Some((_, None)), _) => self.all_columns(&here)?,
                (Some((entity, Some(field))), _) if is_gone => self.remove_many(&entity, &field)?,
                (None, _) if is_gone => {}
                (None, true) => self.add_many(&here)?,
                (None, false) => self.add_table(table)?,
                (Some((entity, Some(field))), true) => self.rejoin(&here, &entity, &field)?,
                // More than a relation now: an entity of its own.
                (Some((entity, Some(field))), false) => {
                    self.remove_many(&entity, &field)?;
                    self.add_table(table)?;
                }
            }
        }
        Ok(())
    }

    /// Takes a many-to-many relation away, from both sides.
    fn remove_many(&mut self, entity: &str, field: &str) -> Result<(), String> {
        let found = self.model.entity(entity).and_then(|entity| entity.field(field));
        let Some(FieldKind::Many(many)) = found.map(|field| field.kind.clone()) else {
            return Ok(());
        };
        let second = self.model.entity(&many.target).and_then(|target| {
            target.fields.iter().find(|other| match &other.kind {
                FieldKind::Many(other) => !other.owner && other.target == entity && other.table == many.table,
                _ => false,
            })
        });
        if let Some(second) = second.map(|field| field.name.clone()) {
            self.edit(Edit::RemoveField {
                entity: many.target,
                field: second,
            })?;
        }
        self.edit(Edit::RemoveField {
            entity: entity.to_owned(),
            field: field.to_owned(),
        })
    }

    fn add_many(&mut self, table: &ObjectName) -> Result<(), String> {
        let Some(Owner::Join(entity, field)) = owner(&self.pulled, table, self.dialect) else {
            return Ok(());
        };
        let (entity, field) = (self.code_entity(&entity.name), self.in_code_names(field, None));
        self.add_field(&entity, field)
    }

    /// The same relation with other columns.
    fn rejoin(&mut self, table: &ObjectName, entity: &str, field: &str) -> Result<(), String> {
        let Some(Owner::Join(pulled, there)) = owner(&self.pulled, table, self.dialect) else {
            return Ok(());
        };
        let (from, there) = (self.code_entity(&pulled.name), self.in_code_names(there, None));
        let here = self.model.entity(entity).and_then(|entity| entity.field(field)).cloned();
        let (Some(here), FieldKind::Many(there)) = (here, &there.kind) else {
            return Ok(());
        };
        let FieldKind::Many(many) = &here.kind else { return Ok(()) };
        let (first, second) = match (from == entity, there.target == many.target) {
            (true, true) => (&there.from_columns, &there.to_columns),
            _ if there.target == entity && from == many.target => (&there.to_columns, &there.from_columns),
            _ => {
                self.remove_many(entity, field)?;
                return self.add_many(table);
            }
        };
        if *first == many.from_columns && *second == many.to_columns {
            return Ok(());
        }
        let kind = FieldKind::Many(Many {
            from_columns: first.clone(),
            to_columns: second.clone(),
            ..many.clone()
        });
        self.change(entity, &here, kind)
    }
}
