//! Finding declarations by name.

use crate::{BlockSet, Embedded, Entity, EnumType, Field, FieldKind, Model, Scalar};

impl Model {
    /// The entity of this name.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.name == name)
    }

    /// The enum of this name.
    pub fn enum_type(&self, name: &str) -> Option<&EnumType> {
        self.enums.iter().find(|item| item.name == name)
    }

    /// The `#[blocks]` enum of this name.
    pub fn block_set(&self, name: &str) -> Option<&BlockSet> {
        self.blocks.iter().find(|item| item.name == name)
    }

    /// The `#[embedded]` struct of this name.
    pub fn embedded_type(&self, name: &str) -> Option<&Embedded> {
        self.embedded.iter().find(|item| item.name == name)
    }

    /// Types of the key of `entity`, in key order. A key field that is itself a reference counts with its target's key.
    pub fn key_scalars(&self, entity: &Entity) -> Vec<Scalar> {
        self.key_scalars_within(entity, 8)
    }

    fn key_scalars_within(&self, entity: &Entity, depth: u8) -> Vec<Scalar> {
        entity.key_fields().flat_map(|field| self.stored_scalars(field, depth)).collect()
    }

    /// Scalars of the columns of a key field.
    fn stored_scalars(&self, field: &Field, depth: u8) -> Vec<Scalar> {
        match &field.kind {
            FieldKind::Scalar(scalar) => vec![*scalar],
            FieldKind::Ref(reference) if depth > 0 => match self.entity(&reference.target) {
                Some(target) => self.key_scalars_within(target, depth - 1),
                None => Vec::new(),
            },
            _ => vec![Scalar::String],
        }
    }

    /// Columns of the key of `entity`, in key order.
    pub fn key_columns<'a>(&self, entity: &'a Entity) -> Vec<&'a str> {
        entity
            .key_fields()
            .flat_map(|field| field.columns.iter().map(String::as_str))
            .collect()
    }

    /// Columns of the target that a reference field points at: its key, unless `#[db(references)]` says otherwise.
    pub fn referenced_columns(&self, field: &Field) -> Vec<String> {
        if !field.db.references.is_empty() {
            return field.db.references.clone();
        }
        match &field.kind {
            FieldKind::Ref(reference) => self
                .entity(&reference.target)
                .map(|target| self.key_columns(target).into_iter().map(str::to_owned).collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}
