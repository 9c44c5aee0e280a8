//! Columns: fields that come, go and change.

use std::collections::BTreeSet;

use glaze_model::{Attribute, Edit, Entity, Field, FieldKind, Ownership};

use super::fit::{Fit, candidates, column_names};
use super::naming::{Owner, free, owner, path_of, table_of};
use super::work::Work;
use crate::catalog::{ObjectName, Table};
use crate::step::Step;

/// The times that Glaze keeps by itself.
const TIMES: [&str; 2] = ["created_at", "updated_at"];

impl Work<'_> {
    /// Everything that happened to the columns of one field.
    pub fn fields(&mut self, steps: &[&Step]) -> Result<(), String> {
        let mut touched: Vec<(ObjectName, String)> = Vec::new();
        for step in steps {
            let Some(table) = step.table() else { continue };
            for column in columns_of(step) {
                let place = (self.table_name(table), self.column_name(table, column));
                if !touched.contains(&place) {
                    touched.push(place);
                }
            }
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (table, column) in touched {
            let entity = self.entity(&table)?;
            match path_of(&self.model, &entity, &column) {
                Some(path) if !seen.insert(path.join(".")) => {}
                _ => self.changed_column(&table, &column)?,
            }
        }
        Ok(())
    }

    /// Every column of a table, when code and database have both made it.
    pub fn all_columns(&mut self, table: &ObjectName) -> Result<(), String> {
        let goal = self.goal_table(table)?;
        goal.columns.iter().try_for_each(|column| self.changed_column(table, &column.name))
    }

    /// One column, whatever happened to it.
    pub fn changed_column(&mut self, table: &ObjectName, column: &str) -> Result<(), String> {
        let entity = self.entity(table)?;
        match path_of(&self.model, &entity, column) {
            None => self.add_column(table, column),
            Some(path) if path.len() == 1 => self.change_field(table, &path[0]),
            Some(path) => self.change_inner(table, &path, column),
        }
    }

    /// The entity of a table.
    pub fn entity(&self, table: &ObjectName) -> Result<Entity, String> {
        match owner(&self.model, table, self.dialect) {
            Some(Owner::Entity(entity)) => Ok(entity.clone()),
            Some(Owner::Join(entity, field)) => Err(format!("`{table}` joins the relation `{}.{}`", entity.name, field.name)),
            None => Err(format!("no entity has the table `{table}`")),
        }
    }

    /// The table as it is to be.
    pub fn goal_table(&self, table: &ObjectName) -> Result<Table, String> {
        let found = self.goal.table(table).cloned();
        found.ok_or_else(|| format!("the table `{table}` is gone"))
    }

    /// The fields as pull would say them that have these columns, in the code's names.
    pub fn pulled_fields(&self, entity: &Entity, table: &ObjectName, columns: &[String]) -> Vec<Field> {
        let Some(Owner::Entity(pulled)) = owner(&self.pulled, table, self.dialect) else {
            return Vec::new();
        };
        let has = |field: &&Field| column_names(&self.pulled, field).iter().any(|column| columns.contains(column));
        let fields = pulled.fields.iter().filter(has);
        fields.map(|field| self.in_code_names(field, Some(entity))).collect()
    }

    fn add_column(&mut self, table: &ObjectName, column: &str) -> Result<(), String> {
        let goal = self.goal_table(table)?;
        if goal.column(column).is_none() {
            // The code has lost it as well.
            return Ok(());
        }
        let entity = self.entity(table)?;
        if TIMES.contains(&column) && self.keeps_times(&entity, table) {
            return self.edit(Edit::SetAttribute {
                entity: entity.name,
                attribute: Attribute::Timestamps(true),
            });
        }
        for field in self.pulled_fields(&entity, table, &[column.to_owned()]) {
            self.add_field(&entity.name, field)?;
        }
        Ok(())
    }

    /// Both times are as Glaze would keep them, and the entity has neither.
    fn keeps_times(&self, entity: &Entity, table: &ObjectName) -> bool {
        let Some(Owner::Entity(pulled)) = owner(&self.pulled, table, self.dialect) else {
            return false;
        };
        TIMES.iter().all(|name| {
            let there = pulled.field(name).is_some_and(|field| field.implicit && field.columns == [*name]);
            there && entity.field(name).is_none() && path_of(&self.model, entity, name).is_none()
        })
    }

    /// Adds a field that pull found, under a free name, with the enum that it may need.
    pub fn add_field(&mut self, entity: &str, field: Field) -> Result<(), String> {
        let field = self.with_enum(field)?;
        let Some(present) = self.model.entity(entity) else {
            return Err(format!("there is no entity `{entity}`"));
        };
        let name = free(&field.name, |name| present.field(name).is_some());
        self.edit(Edit::AddField {
            entity: entity.to_owned(),
            field: Box::new(Field {
                json: glaze_model::camel_case(&name),
                name,
                implicit: false,
                ..field
            }),
            after: None,
        })
    }

    /// A field whose columns changed: some gone, some different, or part of another relation.
    pub fn change_field(&mut self, table: &ObjectName, name: &str) -> Result<(), String> {
        let before = self.said_checks(table)?;
        self.change_columns(table, name)?;
        self.keep_checks(table, &before)
    }

    fn change_columns(&mut self, table: &ObjectName, name: &str) -> Result<(), String> {
        let entity = self.entity(table)?;
        let goal = self.goal_table(table)?;
        let Some(field) = entity.field(name).cloned() else {
            return Err(format!("there is no field `{}.{name}`", entity.name));
        };
        let columns = column_names(&self.model, &field);
        let left: Vec<String> = columns.iter().filter(|column| goal.column(column).is_some()).cloned().collect();
        if left.is_empty() {
            return self.remove(&entity, &field, table);
        }
        let pulled = self.pulled_fields(&entity, table, &columns);
        if left.len() < columns.len() || (pulled.len() > 1 && !matches!(field.kind, FieldKind::Embedded(_))) {
            return self.reshape(&entity, &field, pulled, &goal);
        }
        let Some(pulled) = pulled.into_iter().next() else {
            return Err(format!("`{table}` is read as a join table"));
        };
        self.refit(&entity, &field, pulled, &goal)
    }

    fn refit(&mut self, entity: &Entity, field: &Field, pulled: Field, goal: &Table) -> Result<(), String> {
        self.checked_values(field, &pulled, goal)?;
        let pulled = self.known_enum(self.described(field, pulled));
        let (model, pulled) = self.trial(pulled);
        let fit = Fit {
            model: &model,
            entity,
            goal,
            dialect: self.dialect,
        };
        let mut ways = candidates(field, &pulled, goal);
        if pulled.columns == field.columns {
            ways.push(Field {
                name: field.name.clone(),
                json: field.json.clone(),
                ..pulled
            });
        }
        // A reference to what is gone is none.
        ways.retain(|way| !self.is_dangling(way));
        let Some((best, distance)) = fit.nearest(ways) else {
            return Err(format!("`{}.{}` cannot be said in the schema", entity.name, field.name));
        };
        if distance.wrong > 0 && fit.distance(field).is_some_and(|now| now.wrong <= distance.wrong) {
            let columns = column_names(&self.model, field).join("`, `");
            return Err(format!("the schema has no word for what `{columns}` of `{}` is now", goal.name));
        }
        let best = self.with_enum(best)?;
        if best == *field {
            return Ok(());
        }
        let change = Edit::ChangeField {
            entity: entity.name.clone(),
            field: field.name.clone(),
            to: Box::new(best),
        };
        self.edit(change.clone())?;
        // Columns that were implied follow what a field becomes, as they do in the admin. Here they stay what they are.
        let now = self.model.entity(&entity.name).and_then(|entity| entity.field(&field.name));
        match now.is_some_and(|now| now.columns != field.columns) {
            true => self.edit(change),
            false => Ok(()),
        }
    }

    /// Where the database keeps no comments it has nothing to say of a description.
    pub fn described(&self, field: &Field, pulled: Field) -> Field {
        match self.dialect.capabilities().comments {
            true => pulled,
            false => Field {
                doc: field.doc.clone(),
                ..pulled
            },
        }
    }

    /// Whether it refers to an entity whose table is not there any more.
    fn is_dangling(&self, field: &Field) -> bool {
        let FieldKind::Ref(reference) = &field.kind else { return false };
        let target = self.model.entity(&reference.target);
        target.is_some_and(|target| target.ownership == Ownership::Project && table_of(&self.goal, target, self.dialect).is_none())
    }

    /// The field becomes several, or one of other columns.
    fn reshape(&mut self, entity: &Entity, field: &Field, pulled: Vec<Field>, goal: &Table) -> Result<(), String> {
        // One of the columns may have kept its reference; the field may say what it is all the same.
        let fit = Fit {
            model: &self.model,
            entity,
            goal,
            dialect: self.dialect,
        };
        if fit.distance(field).is_some_and(|distance| distance.wrong == 0) {
            return Ok(());
        }
        if entity.key.contains(&field.name) {
            return Err(format!("`{}` is part of the key of `{}`", field.name, entity.name));
        }
        let name = entity.name.clone();
        self.edit(Edit::RemoveField {
            entity: name.clone(),
            field: field.name.clone(),
        })?;
        pulled.into_iter().try_for_each(|field| self.add_field(&name, field))
    }

    /// Takes a field away whose columns are gone, with the other sides of it.
    pub fn remove(&mut self, entity: &Entity, field: &Field, table: &ObjectName) -> Result<(), String> {
        if field.implicit && TIMES.contains(&field.name.as_str()) {
            return self.stop_times(entity, table);
        }
        if entity.key.contains(&field.name) {
            let key: Vec<String> = entity.key.iter().filter(|name| **name != field.name).cloned().collect();
            self.edit(Edit::SetAttribute {
                entity: entity.name.clone(),
                attribute: Attribute::Key(key),
            })?;
            if self
                .model
                .entity(&entity.name)
                .is_some_and(|entity| entity.field(&field.name).is_none())
            {
                return Ok(());
            }
        }
        self.remove_inverses(&entity.name, Some(&field.name))?;
        self.edit(Edit::RemoveField {
            entity: entity.name.clone(),
            field: field.name.clone(),
        })
    }

    /// Glaze keeps no times any more; the one that is still there is a field like others.
    fn stop_times(&mut self, entity: &Entity, table: &ObjectName) -> Result<(), String> {
        self.edit(Edit::SetAttribute {
            entity: entity.name.clone(),
            attribute: Attribute::Timestamps(false),
        })?;
        let goal = self.goal_table(table)?;
        for name in TIMES {
            let Some(time) = entity.field(name) else { continue };
            let stays = time.columns.iter().all(|column| goal.column(column).is_some());
            let said = self.entity(table)?.field(name).is_some();
            match (stays, said) {
                (true, false) => {
                    self.add_field(&entity.name, time.clone())?;
                    self.change_field(table, name)?;
                }
                (false, true) => self.edit(Edit::RemoveField {
                    entity: entity.name.clone(),
                    field: name.to_owned(),
                })?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes away what shows a reference from the other side.
    pub fn remove_inverses(&mut self, source: &str, field: Option<&str>) -> Result<(), String> {
        let mut gone: Vec<(String, String)> = Vec::new();
        for entity in self.model.entities.iter().filter(|entity| entity.ownership == Ownership::Project) {
            for other in &entity.fields {
                if let FieldKind::Inverse(inverse) = &other.kind
                    && inverse.target == source
                    && field.is_none_or(|field| inverse.field == field)
                {
                    gone.push((entity.name.clone(), other.name.clone()));
                }
            }
        }
        gone.into_iter()
            .try_for_each(|(entity, field)| self.edit(Edit::RemoveField { entity, field }))
    }

    /// A field of the pulled model as the code says it: its targets and enums by the code's names.
    pub fn in_code_names(&self, field: &Field, entity: Option<&Entity>) -> Field {
        let mut field = field.clone();
        match &mut field.kind {
            FieldKind::Ref(reference) => reference.target = self.code_entity(&reference.target),
            FieldKind::Many(many) => many.target = self.code_entity(&many.target),
            _ => {}
        }
        // A column that nothing describes has no description; a mark is not one.
        if let Some(goal) = entity.and_then(|entity| table_of(&self.goal, entity, self.dialect))
            && let Some(column) = field.columns.first().and_then(|column| goal.column(column))
        {
            field.doc = column.comment.clone().unwrap_or_default();
        }
        field
    }

    /// What the code calls an entity of the pulled model.
    pub fn code_entity(&self, pulled: &str) -> String {
        let Some(entity) = self.pulled.entity(pulled) else {
            return pulled.to_owned();
        };
        if entity.ownership == Ownership::System {
            return pulled.to_owned();
        }
        let table = self.dialect.object_name(entity.schema.as_deref(), &entity.table);
        match owner(&self.model, &table, self.dialect) {
            Some(Owner::Entity(entity)) => entity.name.clone(),
            _ => self.naming.new_entity(&table).unwrap_or(pulled).to_owned(),
        }
    }
}

/// Columns that a step is about.
fn columns_of(step: &Step) -> Vec<&str> {
    match step {
        Step::ColumnAdd { column, .. } | Step::ColumnDrop { column, .. } => vec![&column.name],
        Step::ColumnType { to, .. }
        | Step::ColumnGenerated { to, .. }
        | Step::ColumnIdentity { to, .. }
        | Step::ColumnCollation { to, .. } => vec![&to.name],
        Step::ColumnNullableSet { column, .. }
        | Step::ColumnNullableDrop { column, .. }
        | Step::ColumnDefaultSet { column, .. }
        | Step::ColumnDefaultDrop { column, .. }
        | Step::ColumnComment { column, .. } => vec![column],
        Step::UniqueAdd { key, .. } | Step::UniqueDrop { key, .. } => key.columns.iter().map(String::as_str).collect(),
        Step::FkAdd { key, .. } | Step::FkDrop { key, .. } => key.columns.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}
