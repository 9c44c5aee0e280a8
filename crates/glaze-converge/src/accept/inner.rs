//! Columns of embedded structs.

use glaze_model::{Edit, Embedded, Entity, Field, FieldKind, Model};

use super::fit::{Fit, candidates, column_names};
use super::naming::{free, type_names};
use super::work::Work;
use crate::catalog::ObjectName;

impl Work<'_> {
    /// A column of an embedded struct: the struct changes where it is embedded once only.
    pub fn change_inner(&mut self, table: &ObjectName, path: &[String], column: &str) -> Result<(), String> {
        let entity = self.entity(table)?;
        let goal = self.goal_table(table)?;
        let (Some(outer), [_, inner]) = (entity.field(&path[0]), path) else {
            return Err(format!("`{column}` is inside a struct that is embedded in another"));
        };
        let FieldKind::Embedded(name) = &outer.kind else {
            return Err(format!("`{column}` is not inside an embedded struct"));
        };
        let gone = column_names(&self.model, outer).iter().all(|column| goal.column(column).is_none());
        if gone {
            let outer = outer.clone();
            return self.remove(&entity, &outer, table);
        }
        let name = &self.own_struct(&entity, &outer.clone(), &name.clone())?;
        let entity = self.entity(table)?;
        let Some(outer) = entity.field(&path[0]) else {
            return Err(format!("there is no field `{}.{}`", entity.name, path[0]));
        };
        let found = self
            .model
            .embedded_type(name)
            .and_then(|item| item.fields.iter().find(|field| field.name == *inner));
        let Some(field) = found.cloned() else {
            return Err(format!("there is no field `{name}.{inner}`"));
        };
        if goal.column(column).is_none() {
            return self.edit(Edit::RemoveField {
                entity: name.clone(),
                field: inner.clone(),
            });
        }
        let Some(pulled) = self.pulled_fields(&entity, table, &[column.to_owned()]).into_iter().next() else {
            return Err(format!("`{table}` is read as a join table"));
        };
        let pulled = self.described(&field, pulled);
        // Judged as if it stood in the entity itself, under the names that it has there.
        let outside = Field {
            columns: vec![column.to_owned()],
            nullable: field.nullable || outer.nullable,
            ..field.clone()
        };
        let fit = Fit {
            model: &self.model,
            entity: &entity,
            goal: &goal,
            dialect: self.dialect,
        };
        let best = fit
            .nearest(candidates(&outside, &pulled, &goal))
            .filter(|(_, distance)| distance.wrong == 0);
        let Some((best, _)) = best else {
            return Err(format!("the schema has no word for what `{column}` of `{table}` is now"));
        };
        let to = Field {
            columns: field.columns.clone(),
            nullable: if outer.nullable { field.nullable } else { best.nullable },
            ..best
        };
        self.edit(Edit::ChangeField {
            entity: name.clone(),
            field: inner.clone(),
            to: Box::new(to),
        })
    }

    /// The embedded struct of a field, for the field alone: where others embed it too, a copy of its own.
    pub fn own_struct(&mut self, entity: &Entity, outer: &Field, name: &str) -> Result<String, String> {
        if uses_of(&self.model, name) == 1 {
            return Ok(name.to_owned());
        }
        let Some(item) = self.model.embedded_type(name).cloned() else {
            return Err(format!("there is no embedded struct `{name}`"));
        };
        let taken = type_names(&self.model);
        let own = free(&format!("{}{name}", entity.name), |name| taken.contains(name));
        self.edit(Edit::AddEmbedded {
            item: Embedded { name: own.clone(), ..item },
            file: None,
        })?;
        self.edit(Edit::ChangeField {
            entity: entity.name.clone(),
            field: outer.name.clone(),
            to: Box::new(Field {
                kind: FieldKind::Embedded(own.clone()),
                ..outer.clone()
            }),
        })?;
        Ok(own)
    }
}

/// How often a struct is embedded.
fn uses_of(model: &Model, name: &str) -> usize {
    let fields = model.entities.iter().flat_map(|entity| &entity.fields);
    let fields = fields.chain(model.embedded.iter().flat_map(|item| &item.fields));
    let fields = fields.chain(model.blocks.iter().flat_map(|set| &set.kinds).flat_map(|kind| &kind.fields));
    fields
        .filter(|field| matches!(&field.kind, FieldKind::Embedded(used) | FieldKind::EmbeddedList(used) if used == name))
        .count()
}
