//! What is said of an entity as a whole: its key, indexes, unique sets, checks and description.

use glaze_model::{Attribute, Edit, Entity, Index as ModelIndex, IndexPart, UniqueSet};

use super::fit::column_names;
use super::naming::{Owner, owner, path_of};
use super::work::Work;
use crate::catalog::{Index, Key, ObjectName, Table};
use crate::desired::desired_table;
use crate::diff::same_index;
use crate::text;

impl Work<'_> {
    fn set(&mut self, entity: &Entity, attribute: Attribute) -> Result<(), String> {
        self.edit(Edit::SetAttribute {
            entity: entity.name.clone(),
            attribute,
        })
    }

    fn unset(&mut self, entity: &Entity, attribute: Attribute) -> Result<(), String> {
        self.edit(Edit::RemoveAttribute {
            entity: entity.name.clone(),
            attribute,
        })
    }

    /// The table that an entity asks for.
    fn asked(&self, entity: &Entity) -> Result<Table, String> {
        desired_table(&self.model, entity, self.dialect).map_err(|error| error.to_string())
    }

    /// The description of a table.
    pub fn describe(&mut self, table: &ObjectName, comment: Option<&str>) -> Result<(), String> {
        let entity = self.entity(&self.table_name(table))?;
        match comment.unwrap_or_default() {
            doc if doc == entity.doc => Ok(()),
            "" => self.unset(&entity, Attribute::Doc(String::new())),
            doc => self.set(&entity, Attribute::Doc(doc.to_owned())),
        }
    }

    pub fn remove_index(&mut self, table: &ObjectName, index: &Index) -> Result<(), String> {
        let entity = self.entity(&self.table_name(table))?;
        let whole = self.asked(&entity)?;
        let mut alike = None;
        for said in &entity.indexes {
            let without = Entity {
                indexes: entity.indexes.iter().filter(|other| *other != said).cloned().collect(),
                ..entity.clone()
            };
            let without = self.asked(&without)?;
            let own: Vec<&Index> = whole.indexes.iter().filter(|index| !without.indexes.contains(index)).collect();
            if own.iter().any(|own| same_index(own, index)) {
                return self.unset(&entity, Attribute::Index(said.clone()));
            }
            // Its condition may be spelled otherwise.
            if own
                .iter()
                .any(|own| own.parts == index.parts && own.unique == index.unique && own.method == index.method)
            {
                alike = Some(said.clone());
            }
        }
        match alike {
            Some(said) => self.unset(&entity, Attribute::Index(said)),
            None => Ok(()),
        }
    }

    pub fn add_index(&mut self, table: &ObjectName, index: &Index) -> Result<(), String> {
        let here = self.table_name(table);
        let entity = self.entity(&here)?;
        // What the schema has no word for is carried: it needs only be recorded.
        let carried = index.exotic.is_some() || index.invalid;
        if carried || self.asked(&entity)?.indexes.iter().any(|said| same_index(said, index)) {
            return Ok(());
        }
        let Some(Owner::Entity(pulled)) = owner(&self.pulled, &here, self.dialect) else {
            return Err(format!("`{here}` is read as a join table"));
        };
        let pulled = pulled.clone();
        for said in &pulled.indexes {
            let alone = Entity {
                indexes: vec![said.clone()],
                ..pulled.clone()
            };
            let table = desired_table(&self.pulled, &alone, self.dialect).map_err(|error| error.to_string())?;
            if table.indexes.iter().any(|own| same_index(own, index)) {
                let said = self.index_in_code(&entity, &pulled, said);
                return self.set(&entity, Attribute::Index(said));
            }
        }
        Err(format!("the schema has no word for the index `{}`", index.name))
    }

    /// An index of the pulled model over the code's fields.
    fn index_in_code(&self, entity: &Entity, pulled: &Entity, index: &ModelIndex) -> ModelIndex {
        let mut parts = Vec::new();
        for part in &index.parts {
            match part {
                IndexPart::Expr { .. } => parts.push(part.clone()),
                IndexPart::Field { name, desc } => {
                    let columns = pulled
                        .field(name)
                        .map(|field| column_names(&self.pulled, field))
                        .unwrap_or_default();
                    match self.field_names(entity, &columns) {
                        Some(names) => parts.extend(names.into_iter().map(|name| IndexPart::Field { name, desc: *desc })),
                        None => parts.extend(columns.into_iter().map(|sql| IndexPart::Expr { sql, desc: *desc })),
                    }
                }
            }
        }
        ModelIndex { parts, ..index.clone() }
    }

    /// The fields of an entity that have just these columns, in order.
    fn field_names(&self, entity: &Entity, columns: &[String]) -> Option<Vec<String>> {
        let mut names: Vec<String> = Vec::new();
        let mut rest = columns;
        while let Some(column) = rest.first() {
            let path = path_of(&self.model, entity, column)?;
            let field = entity.field(&path[0])?;
            rest = match path.len() {
                1 => rest.strip_prefix(column_names(&self.model, field).as_slice())?,
                _ => &rest[1..],
            };
            names.push(path.join("."));
        }
        Some(names)
    }

    pub fn remove_unique(&mut self, table: &ObjectName, key: &Key) -> Result<(), String> {
        let here = self.table_name(table);
        let entity = self.entity(&here)?;
        let columns = self.columns_in_code(table, &key.columns);
        let Some(names) = self.field_names(&entity, &columns) else {
            return Ok(());
        };
        if let [name] = names.as_slice()
            && entity.field(name).is_some_and(|field| field.unique)
        {
            return self.change_field(&here, name);
        }
        let set = UniqueSet { fields: names };
        match entity.uniques.contains(&set) {
            true => self.unset(&entity, Attribute::Unique(set.fields)),
            false => Ok(()),
        }
    }

    pub fn add_unique(&mut self, table: &ObjectName, key: &Key) -> Result<(), String> {
        let here = self.table_name(table);
        let entity = self.entity(&here)?;
        let columns = self.columns_in_code(table, &key.columns);
        if self.asked(&entity)?.uniques.iter().any(|said| said.columns == columns) {
            return Ok(());
        }
        match self.field_names(&entity, &columns) {
            Some(names) if names.len() == 1 => self.change_field(&here, &names[0]),
            Some(names) => self.set(&entity, Attribute::Unique(names)),
            None => Err(format!("`{}` takes a field apart", columns.join(", "))),
        }
    }

    fn columns_in_code(&self, table: &ObjectName, columns: &[String]) -> Vec<String> {
        columns.iter().map(|column| self.column_name(table, column)).collect()
    }

    /// A check that is gone: one in the database's words, or a limit of the field.
    pub fn remove_check(&mut self, table: &ObjectName, expr: &str) -> Result<(), String> {
        let here = self.table_name(table);
        let entity = self.entity(&here)?;
        let whole = self.asked(&entity)?;
        for said in &entity.db_checks {
            let without = self.asked(&without_check(&entity, said))?;
            let own = whole
                .checks
                .iter()
                .filter(|check| !without.checks.iter().any(|other| other.expr == check.expr));
            if own.clone().any(|check| check.expr == expr) {
                return self.unset(&entity, Attribute::DbCheck(said.clone()));
            }
        }
        if let Some(column) = self.only_column(&here, expr)? {
            self.changed_column(&here, &column)?;
        }
        let entity = self.entity(&here)?;
        match self.respelled(&entity, &here, expr)? {
            Some(said) => self.unset(&entity, Attribute::DbCheck(said)),
            None => Ok(()),
        }
    }

    /// The check of the code that is this one in other words: it speaks of the same columns and none in the goal is as it says.
    fn respelled(&self, entity: &Entity, table: &ObjectName, expr: &str) -> Result<Option<String>, String> {
        let goal = self.goal_table(table)?;
        let spoken = |expr: &str| {
            let names = goal.columns.iter().filter(|column| text::mentions(expr, &column.name));
            names.map(|column| column.name.clone()).collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        for said in &entity.db_checks {
            let there = goal.checks.iter().any(|check| check.expr == *said);
            if !there && !spoken(said).is_empty() && spoken(said) == spoken(expr) {
                found.push(said.clone());
            }
        }
        let still = goal.checks.iter().any(|check| spoken(&check.expr) == spoken(expr));
        Ok(match found.as_slice() {
            [said] if !still => Some(said.clone()),
            _ => None,
        })
    }

    /// A check that is new: a limit of the field where that says exactly this, else in the database's words.
    pub fn add_check(&mut self, table: &ObjectName, expr: &str) -> Result<(), String> {
        let here = self.table_name(table);
        let there = |work: &Self| -> Result<bool, String> {
            let entity = work.entity(&here)?;
            Ok(work.asked(&entity)?.checks.iter().any(|check| check.expr == expr))
        };
        if there(self)? {
            return Ok(());
        }
        if let Some(column) = self.only_column(&here, expr)? {
            self.changed_column(&here, &column)?;
        }
        if there(self)? {
            return Ok(());
        }
        let entity = self.entity(&here)?;
        self.set(&entity, Attribute::DbCheck(expr.to_owned()))
    }

    /// The column that a check speaks of, when it is the only one.
    fn only_column(&self, table: &ObjectName, expr: &str) -> Result<Option<String>, String> {
        let goal = self.goal_table(table)?;
        let mut spoken = goal.columns.iter().filter(|column| text::mentions(expr, &column.name));
        Ok(match (spoken.next(), spoken.next()) {
            (Some(column), None) => Some(column.name.clone()),
            _ => None,
        })
    }

    /// The checks that the code asks for on a table.
    pub fn said_checks(&self, table: &ObjectName) -> Result<Vec<String>, String> {
        let entity = self.entity(table)?;
        Ok(self.asked(&entity)?.checks.into_iter().map(|check| check.expr).collect())
    }

    /// A check that a field made by itself and makes no longer, though it is still there, is said in the database's words; one that was
    /// said so and is made by a field now is said no more.
    pub fn keep_checks(&mut self, table: &ObjectName, before: &[String]) -> Result<(), String> {
        let goal = self.goal_table(table)?;
        let now = self.said_checks(table)?;
        let entity = self.entity(table)?;
        for check in goal
            .checks
            .iter()
            .filter(|check| before.contains(&check.expr) && !now.contains(&check.expr))
        {
            self.set(&entity, Attribute::DbCheck(check.expr.clone()))?;
        }
        for said in &entity.db_checks {
            let twice = now.iter().filter(|other| *other == said).count() > 1;
            if twice && goal.checks.iter().filter(|check| check.expr == *said).count() < 2 {
                self.unset(&entity, Attribute::DbCheck(said.clone()))?;
            }
        }
        Ok(())
    }

    /// Another primary key.
    pub fn set_key(&mut self, table: &ObjectName, key: Option<&Key>) -> Result<(), String> {
        let here = self.table_name(table);
        let entity = self.entity(&here)?;
        let columns = key.map(|key| self.columns_in_code(table, &key.columns)).unwrap_or_default();
        let Some(names) = self.field_names(&entity, &columns) else {
            return Err(format!("the key `{}` takes a field apart", columns.join(", ")));
        };
        match names == entity.key {
            true => Ok(()),
            false => self.set(&entity, Attribute::Key(names)),
        }
    }
}

fn without_check(entity: &Entity, said: &str) -> Entity {
    Entity {
        db_checks: entity.db_checks.iter().filter(|other| *other != said).cloned().collect(),
        ..entity.clone()
    }
}
