//! The model prepared for use: names to positions, relations resolved, expressions compiled. Made once per model, shared by
//! everything that answers requests.

mod build;
mod expressions;
mod info;
mod key;

use std::{collections::HashMap, sync::Arc};

use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::{Entity, Field, Model, Value};

pub use build::is_searchable;
pub use info::{Actions, EntityInfo, FieldInfo, Inner, KeyPart, Relation, Validation};
pub use key::KeyError;

/// Why a model can't be used: every problem of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct SchemaError {
    /// What is wrong, in the order of the model.
    pub problems: Vec<SchemaProblem>,
}

/// One thing that is wrong with a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaProblem {
    /// Entity it is about.
    pub entity: String,
    /// Field it is about.
    pub field: Option<String>,
    /// Which part (`can(read)`, `computed`, `rule`, `relation`).
    pub part: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl std::fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.entity)?;
        if let Some(field) = &self.field {
            write!(f, ".{field}")?;
        }
        write!(f, ": {}: {}", self.part, self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// A model with everything looked up and compiled.
#[derive(Debug)]
pub struct Schema {
    model: Model,
    entities: Vec<EntityInfo>,
    by_name: HashMap<String, EntityIx>,
    by_path: HashMap<String, EntityIx>,
}

impl Schema {
    /// Prepares a model.
    ///
    /// # Errors
    /// When a relation points nowhere or an expression does not fit the model: all problems at once.
    pub fn new(model: Model) -> Result<Arc<Schema>, SchemaError> {
        build::schema(model).map(Arc::new)
    }

    /// The model it was made from.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Every entity, by position.
    pub fn entities(&self) -> &[EntityInfo] {
        &self.entities
    }

    /// The prepared entity at a position.
    pub fn entity(&self, ix: EntityIx) -> &EntityInfo {
        &self.entities[ix as usize]
    }

    /// The entity's declaration.
    pub fn declared(&self, ix: EntityIx) -> &Entity {
        &self.model.entities[ix as usize]
    }

    /// The declaration of a field.
    pub fn field(&self, entity: EntityIx, field: FieldIx) -> &Field {
        &self.model.entities[entity as usize].fields[field as usize]
    }

    /// The prepared field.
    pub fn field_info(&self, entity: EntityIx, field: FieldIx) -> &FieldInfo {
        &self.entity(entity).fields[field as usize]
    }

    /// Entity by type name (`BlogPost`).
    pub fn entity_by_name(&self, name: &str) -> Option<&EntityInfo> {
        self.by_name.get(name).map(|ix| self.entity(*ix))
    }

    /// Entity by path segment (`blog-posts`, `blog_posts`). Internal entities have none.
    pub fn entity_by_path(&self, path: &str) -> Option<&EntityInfo> {
        self.by_path.get(path).map(|ix| self.entity(*ix))
    }

    /// Entities that the content API shows, in order.
    pub fn public(&self) -> impl Iterator<Item = &EntityInfo> {
        self.entities.iter().filter(|entity| !entity.internal)
    }

    /// Reads a key as it stands in a path: parts joined by `,` in key order, each percent-encoded. Hand in the segment as it came,
    /// not decoded: an encoded comma belongs to its part.
    ///
    /// # Errors
    /// When the number of parts or the format of one is wrong. To a client that is the same as a row that is not there.
    pub fn parse_key(&self, entity: &EntityInfo, text: &str) -> Result<Vec<Value>, KeyError> {
        key::parse(entity, text)
    }

    /// A key as a path segment: what [`Schema::parse_key`] reads.
    pub fn format_key(&self, key: &[Value]) -> String {
        key::format(key)
    }
}
