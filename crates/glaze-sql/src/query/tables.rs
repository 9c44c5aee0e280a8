//! The model as tables: which columns a field has, what a relation joins.

use glaze_data::store::StoreError;
use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_model::{Entity, Field, FieldKind, Model};

use super::{Cell, Kind, QueryDialect};

/// One stored column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name in the table.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
}

/// Expressions of computed fields, compiled.
pub trait ComputedFields {
    /// The expression of a computed field (variable 0 is its row).
    fn computed(&self, entity: EntityIx, field: FieldIx) -> Option<&Expr>;
}

impl ComputedFields for glaze_data::Schema {
    fn computed(&self, entity: EntityIx, field: FieldIx) -> Option<&Expr> {
        self.field_info(entity, field).computed.as_ref()
    }
}

/// For callers that have no computed fields at hand: references to virtual fields are then refused.
pub struct NoComputed;

impl ComputedFields for NoComputed {
    fn computed(&self, _: EntityIx, _: FieldIx) -> Option<&Expr> {
        None
    }
}

/// The model seen by one dialect.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// The model.
    pub model: &'a Model,
    /// The dialect.
    pub dialect: &'a dyn QueryDialect,
    /// Computed fields.
    pub computed: &'a dyn ComputedFields,
}

/// What a relation joins: rows of `from` (an alias to be filled in) with rows of `to`.
pub enum Join {
    /// Pairs of columns that are equal: this side, other side.
    Columns(Vec<(String, String)>),
    /// Through a join table: its qualified name, pairs (this side, join table) and (join table, other side).
    Table {
        /// Quoted name.
        table: String,
        /// This side's column and the join table's.
        here: Vec<(String, String)>,
        /// The join table's column and the other side's.
        there: Vec<(String, String)>,
    },
    /// Type and id columns here point to the key column there.
    Polymorphic {
        /// Column of the type.
        ty: String,
        /// Column of the id.
        id: String,
        /// The type's value.
        value: String,
        /// Key column of the other side.
        key: Column,
    },
    /// Type and id columns there point to the key column here.
    PolymorphicInverse {
        /// Column of the type, there.
        ty: String,
        /// Column of the id, there.
        id: String,
        /// The type's value.
        value: String,
        /// Key column here.
        key: Column,
    },
}

fn broken(what: impl Into<String>) -> StoreError {
    StoreError::Other(what.into())
}

impl<'a> Tables<'a> {
    /// The entity.
    pub fn entity(&self, entity: EntityIx) -> &'a Entity {
        &self.model.entities[entity as usize]
    }

    /// The field.
    pub fn field(&self, entity: EntityIx, field: FieldIx) -> &'a Field {
        &self.entity(entity).fields[field as usize]
    }

    /// Position of the entity of this name.
    pub fn index_of(&self, name: &str) -> Result<EntityIx, StoreError> {
        let at = self.model.entities.iter().position(|entity| entity.name == name);
        at.map(|at| at as EntityIx)
            .ok_or_else(|| broken(format!("the model has no entity {name}")))
    }

    /// Quoted, qualified name of the entity's table.
    pub fn table(&self, entity: EntityIx) -> String {
        let entity = self.entity(entity);
        self.dialect.table(entity.schema.as_deref(), &entity.table)
    }

    /// Stored columns of a field in order; an embedded struct gives those of its inner fields, one after the other.
    pub fn columns(&self, entity: EntityIx, field: FieldIx) -> Result<Vec<Column>, StoreError> {
        self.columns_of(self.field(entity, field), 8)
    }

    /// Stored columns of an inner field of an embedded struct.
    pub fn inner_columns(&self, outer: &Field, inner: FieldIx) -> Result<Vec<Column>, StoreError> {
        let FieldKind::Embedded(name) = &outer.kind else {
            return Err(broken(format!("`{}` is not an embedded struct", outer.name)));
        };
        let embedded = self
            .model
            .embedded_type(name)
            .ok_or_else(|| broken(format!("the model has no embedded struct {name}")))?;
        let field = embedded
            .fields
            .get(inner as usize)
            .ok_or_else(|| broken(format!("{name} has no such field")))?;
        let prefix = outer.columns.first().map_or(outer.name.as_str(), String::as_str);
        let columns = self.columns_of(field, 8)?;
        Ok(columns
            .into_iter()
            .map(|column| Column {
                name: format!("{prefix}_{}", column.name),
                nullable: column.nullable || outer.nullable,
                ..column
            })
            .collect())
    }

    /// Number of inner fields of an embedded struct.
    pub fn inner_count(&self, outer: &Field) -> usize {
        match &outer.kind {
            FieldKind::Embedded(name) => self.model.embedded_type(name).map_or(0, |embedded| embedded.fields.len()),
            _ => 0,
        }
    }

    fn columns_of(&self, field: &Field, depth: u8) -> Result<Vec<Column>, StoreError> {
        match &field.kind {
            FieldKind::Embedded(_) => {
                let mut all = Vec::new();
                for inner in 0..self.inner_count(field) {
                    all.extend(self.inner_columns(field, inner as FieldIx)?);
                }
                Ok(all)
            }
            FieldKind::Ref(reference) if depth > 0 => {
                let target = self.model.entity(&reference.target);
                let target = target.ok_or_else(|| broken(format!("the model has no entity {}", reference.target)))?;
                let referenced = self.model.referenced_columns(field);
                let mut columns = Vec::with_capacity(field.columns.len());
                for (name, there) in field.columns.iter().zip(&referenced) {
                    let mut kind = self.kind_of(target, there, depth - 1)?;
                    kind.foreign |= field.db.ty.is_some();
                    columns.push(Column {
                        name: name.clone(),
                        kind,
                        nullable: field.nullable,
                    });
                }
                Ok(columns)
            }
            _ => {
                let kind = Kind::of_field(field, self.dialect.scaled_decimals());
                Ok(field
                    .columns
                    .iter()
                    .map(|name| Column {
                        name: name.clone(),
                        kind,
                        nullable: field.nullable,
                    })
                    .collect())
            }
        }
    }

    /// What a column of an entity's table holds.
    pub fn column_kind(&self, entity: EntityIx, column: &str) -> Result<Kind, StoreError> {
        self.kind_of(self.entity(entity), column, 8)
    }

    fn kind_of(&self, entity: &Entity, column: &str, depth: u8) -> Result<Kind, StoreError> {
        for field in &entity.fields {
            if let Some(at) = field.columns.iter().position(|name| name == column) {
                let found = self.columns_of(field, depth)?;
                if let Some(column) = found.get(at) {
                    return Ok(column.kind);
                }
            }
        }
        Err(broken(format!("{} has no column {column}", entity.table)))
    }

    /// Columns of the key.
    pub fn key(&self, entity: EntityIx) -> Result<Vec<Column>, StoreError> {
        let entity = self.entity(entity);
        let mut columns = Vec::with_capacity(entity.key.len());
        for field in entity.key_fields() {
            columns.extend(self.columns_of(field, 8)?);
        }
        Ok(columns)
    }

    /// Entity at the other end of a relation with one target.
    pub fn target(&self, entity: EntityIx, field: FieldIx) -> Result<EntityIx, StoreError> {
        match &self.field(entity, field).kind {
            FieldKind::Ref(reference) => self.index_of(&reference.target),
            FieldKind::Many(many) => self.index_of(&many.target),
            FieldKind::Inverse(inverse) => self.index_of(&inverse.target),
            _ => Err(broken(format!(
                "`{}` is not a relation with one target",
                self.field(entity, field).name
            ))),
        }
    }

    /// What the relation joins. `target` matters for polymorphic references only.
    pub fn join(&self, entity: EntityIx, field: FieldIx, target: EntityIx) -> Result<Join, StoreError> {
        let relation = self.field(entity, field);
        match &relation.kind {
            FieldKind::Ref(_) => Ok(Join::Columns(
                relation
                    .columns
                    .iter()
                    .cloned()
                    .zip(self.model.referenced_columns(relation))
                    .collect(),
            )),
            FieldKind::Many(many) => {
                let names = |columns: Vec<Column>| columns.into_iter().map(|column| column.name);
                Ok(Join::Table {
                    table: self.dialect.table(many.schema.as_deref(), &many.table),
                    here: names(self.key(entity)?).zip(many.from_columns.iter().cloned()).collect(),
                    there: many.to_columns.iter().cloned().zip(names(self.key(target)?)).collect(),
                })
            }
            FieldKind::Inverse(inverse) => {
                let back = self.entity(target).field(&inverse.field);
                let back = back.ok_or_else(|| broken(format!("{} has no field {}", inverse.target, inverse.field)))?;
                match &back.kind {
                    FieldKind::AnyOf(_) => {
                        let (ty, id) = type_and_id(back)?;
                        let value = glaze_model::snake_case(&self.entity(entity).name);
                        Ok(Join::PolymorphicInverse {
                            ty,
                            id,
                            value,
                            key: self.single_key(entity)?,
                        })
                    }
                    _ => Ok(Join::Columns(
                        self.model
                            .referenced_columns(back)
                            .into_iter()
                            .zip(back.columns.iter().cloned())
                            .collect(),
                    )),
                }
            }
            FieldKind::AnyOf(_) => {
                let (ty, id) = type_and_id(relation)?;
                let value = glaze_model::snake_case(&self.entity(target).name);
                Ok(Join::Polymorphic {
                    ty,
                    id,
                    value,
                    key: self.single_key(target)?,
                })
            }
            _ => Err(broken(format!("`{}` is not a relation", relation.name))),
        }
    }

    fn single_key(&self, entity: EntityIx) -> Result<Column, StoreError> {
        let mut key = self.key(entity)?;
        match key.len() {
            1 => Ok(key.remove(0)),
            _ => Err(broken(format!("{} has no single-column key", self.entity(entity).name))),
        }
    }
}

fn type_and_id(field: &Field) -> Result<(String, String), StoreError> {
    match field.columns.as_slice() {
        [ty, id] => Ok((ty.clone(), id.clone())),
        _ => Err(broken(format!("`{}` has no type and id columns", field.name))),
    }
}

impl Column {
    /// Text columns of a polymorphic reference and the like.
    pub fn text(name: &str) -> Column {
        Column {
            name: name.to_owned(),
            kind: Cell::Text.into(),
            nullable: true,
        }
    }
}
