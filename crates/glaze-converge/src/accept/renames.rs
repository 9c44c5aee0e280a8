//! Columns that are called otherwise now: the field takes the name where that says it all, else it says the column.

use glaze_model::{Edit, Entity, Field, FieldKind, Many};

use super::naming::{Owner, owner, path_of};
use super::work::Work;
use crate::catalog::ObjectName;

impl Work<'_> {
    /// A column that is called otherwise now.
    pub fn rename_column(&mut self, table: &ObjectName, to: &str) -> Result<(), String> {
        let from = self.naming.code_column(table, to);
        let here = self.table_name(table);
        match owner(&self.model, &here, self.dialect) {
            Some(Owner::Join(entity, field)) => {
                let (entity, field) = (entity.name.clone(), field.clone());
                self.rename_in_join(&entity, &field, &from, to)
            }
            Some(Owner::Entity(entity)) => {
                let entity = entity.clone();
                let path =
                    path_of(&self.model, &entity, &from).ok_or_else(|| format!("no field of `{}` has the column `{from}`", entity.name))?;
                self.rename_field(&entity, &path, &from, to)
            }
            None => Err(format!("no entity has the table `{table}`")),
        }
    }

    fn rename_field(&mut self, entity: &Entity, path: &[String], from: &str, to: &str) -> Result<(), String> {
        let (owner, name) = match path {
            [name] => (entity.name.clone(), name.clone()),
            [outer, inner] => match entity.field(outer).map(|field| &field.kind) {
                Some(FieldKind::Embedded(name)) => {
                    let outer = entity
                        .field(outer)
                        .cloned()
                        .ok_or_else(|| format!("no field has the column `{from}`"))?;
                    (self.own_struct(entity, &outer, &name.clone())?, inner.clone())
                }
                _ => return Err(format!("`{from}` is not inside an embedded struct")),
            },
            _ => return Err(format!("`{from}` is inside a struct that is embedded in another")),
        };
        let mut names = vec![to.to_owned(), to.strip_suffix("_id").unwrap_or(to).to_owned()];
        if path.len() > 1 {
            names.push(to.strip_prefix(&format!("{}_", path[0])).unwrap_or(to).to_owned());
        }
        // The new name where that says it all, else the old one with the new column.
        for new in names.into_iter().filter(|new| glaze_model::snake_case(new) == *new) {
            let renamed = self.undoing(|work| {
                work.edit(Edit::RenameField {
                    entity: owner.clone(),
                    field: name.clone(),
                    to: new.clone(),
                })?;
                let now = work.model.entity(&entity.name).ok_or("it is gone")?;
                let has = |column: &str| path_of(&work.model, now, column).is_some();
                if has(to) && !has(from) {
                    Ok(())
                } else {
                    Err("the column is said otherwise".to_owned())
                }
            });
            if renamed.is_ok() {
                return Ok(());
            }
        }
        let Some(mut field) = entity.field(&name).filter(|_| path.len() == 1).cloned() else {
            return Err(format!("`{from}` belongs to an embedded struct"));
        };
        for column in field.columns.iter_mut().filter(|column| *column == from) {
            *column = to.to_owned();
        }
        self.edit(Edit::ChangeField {
            entity: owner,
            field: name,
            to: Box::new(field),
        })
    }

    fn rename_in_join(&mut self, entity: &str, field: &Field, from: &str, to: &str) -> Result<(), String> {
        let FieldKind::Many(many) = &field.kind else {
            return Err(format!("`{entity}.{}` has no join table", field.name));
        };
        let named = |columns: &[String]| {
            columns
                .iter()
                .map(|column| if column == from { to.to_owned() } else { column.clone() })
                .collect()
        };
        let many = Many {
            from_columns: named(&many.from_columns),
            to_columns: named(&many.to_columns),
            ..many.clone()
        };
        self.edit(Edit::ChangeField {
            entity: entity.to_owned(),
            field: field.name.clone(),
            to: Box::new(Field {
                kind: FieldKind::Many(many),
                ..field.clone()
            }),
        })
    }
}
