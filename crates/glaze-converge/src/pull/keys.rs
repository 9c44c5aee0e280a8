//! Unique keys and indexes, in terms of fields.

use glaze_model::{Entity, FieldKind, Index, IndexPart, UniqueSet};

use super::Pull;
use super::references::deferrable_word;
use crate::catalog::{Index as CatalogIndex, IndexPart as CatalogPart, Key, Table};

impl Pull<'_> {
    pub(super) fn keys(&mut self, table: &Table) {
        for key in &table.uniques {
            let Some(entity) = self.entity(&table.name) else { return };
            match field_names(entity, &key.columns) {
                Some(names) => unique(entity, names, key),
                None if key.extra.is_some() => {}
                None => {
                    let note = format!(
                        "the unique key {} ({}) is not in the schema: it takes a reference apart",
                        table.name,
                        key.columns.join(", ")
                    );
                    self.notes.push(note);
                }
            }
        }
    }

    pub(super) fn indexes(&mut self, table: &Table) {
        for index in table.indexes.iter().filter(|index| index.exotic.is_none() && !index.invalid) {
            let Some(entity) = self.entity(&table.name) else { return };
            entity.indexes.push(Index {
                name: None,
                parts: parts(entity, index),
                unique: index.unique,
                method: (index.method != "btree").then(|| index.method.clone()),
                filter: None,
                db_filter: index.filter.clone(),
            });
        }
    }
}

fn unique(entity: &mut Entity, names: Vec<String>, key: &Key) {
    let deferrable = key.deferrable.map(deferrable_word);
    let by_field = |kind: &FieldKind| {
        matches!(
            kind,
            FieldKind::Scalar(_) | FieldKind::Ref(_) | FieldKind::Enum(_) | FieldKind::Custom
        )
    };
    if let [name] = names.as_slice()
        && let Some(field) = entity.fields.iter_mut().find(|field| field.name == *name && by_field(&field.kind))
    {
        // On a reference the word speaks of the foreign key; that of the unique key is carried.
        if !field.is_relation() {
            field.db.deferrable = deferrable;
        }
        field.unique = true;
        return;
    }
    entity.uniques.push(UniqueSet { fields: names });
}

/// The fields whose columns these are, all of them and in order.
fn field_names(entity: &Entity, columns: &[String]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = columns;
    while let Some(column) = rest.first() {
        let field = entity.fields.iter().find(|field| field.columns.first() == Some(column))?;
        rest = rest.strip_prefix(field.columns.as_slice())?;
        names.push(field.name.clone());
    }
    Some(names)
}

/// Parts of an index; a column that is only a part of a reference stands as an expression.
fn parts(entity: &Entity, index: &CatalogIndex) -> Vec<IndexPart> {
    let mut out = Vec::new();
    let mut rest = index.parts.as_slice();
    while let Some(part) = rest.first() {
        let whole = entity
            .fields
            .iter()
            .find(|field| !part.is_expr && field.columns.first() == Some(&part.text))
            .filter(|field| {
                let same =
                    |(covered, column): (&CatalogPart, &String)| !covered.is_expr && covered.text == *column && covered.desc == part.desc;
                rest.len() >= field.columns.len() && rest.iter().zip(&field.columns).all(same)
            });
        match whole {
            Some(field) => {
                out.push(IndexPart::Field {
                    name: field.name.clone(),
                    desc: part.desc,
                });
                rest = &rest[field.columns.len()..];
            }
            None => {
                out.push(IndexPart::Expr {
                    sql: part.text.clone(),
                    desc: part.desc,
                });
                rest = &rest[1..];
            }
        }
    }
    out
}
