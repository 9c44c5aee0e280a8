//! What is known of entities and fields once a model is prepared.

use std::collections::HashMap;

use glaze_expr::tree::{EntityIx, Expr, FieldIx, FieldRef, Part, Type, Var};

/// An entity, prepared.
#[derive(Debug, Clone)]
pub struct EntityInfo {
    /// Its position.
    pub ix: EntityIx,
    /// Type name.
    pub name: String,
    /// `type` of a polymorphic reference to it (`blog_post`).
    pub type_name: String,
    /// Path segment (`blog-posts`).
    pub path: String,
    /// Not reachable through the content API.
    pub internal: bool,
    /// Fields, by position.
    pub fields: Vec<FieldInfo>,
    /// Parts of the key, one per key column, in key order. Empty when the table has no key: then it is read only.
    pub key: Vec<KeyPart>,
    /// Who may do what: one `#[can]` of the entity holds and no `#[cannot]` does. What no rule allows is `false`.
    pub can: Actions,
    /// `#[rule]`: must not be false for a row that is written.
    pub validations: Vec<Validation>,
    /// Fields that `search` looks into.
    pub searchable: Vec<FieldIx>,
    pub(super) by_json: HashMap<String, FieldIx>,
    pub(super) by_name: HashMap<String, FieldIx>,
}

impl EntityInfo {
    /// Field by its name in JSON.
    pub fn field_by_json(&self, json: &str) -> Option<&FieldInfo> {
        self.by_json.get(json).map(|ix| &self.fields[*ix as usize])
    }

    /// Field by its name in the source.
    pub fn field_by_name(&self, name: &str) -> Option<&FieldInfo> {
        self.by_name.get(name).map(|ix| &self.fields[*ix as usize])
    }

    /// The parts of the key as fields of a row.
    pub fn key_refs(&self, var: Var) -> impl Iterator<Item = FieldRef> + '_ {
        self.key.iter().map(move |part| part.of(var, self.ix, &[]))
    }
}

/// A field, prepared.
#[derive(Debug, Clone)]
pub struct FieldInfo {
    /// Its position.
    pub ix: FieldIx,
    /// Name in the source.
    pub name: String,
    /// Name in JSON.
    pub json: String,
    /// Type in expressions. To-many relations are lists of rows.
    pub ty: Type,
    /// May be null.
    pub nullable: bool,
    /// Unreachable through every API.
    pub private: bool,
    /// When it is a relation: to what.
    pub relation: Option<Relation>,
    /// Compiled expression of a computed field, over variable 0.
    pub computed: Option<Expr>,
    /// Computed when read, in no column.
    pub is_virtual: bool,
    /// `#[can(read)]` and `#[cannot(read)]` on the field; `None` when it has no such rule and the entity's rules decide alone.
    pub read: Option<Expr>,
    /// `#[can(create)]` on the field.
    pub create: Option<Expr>,
    /// `#[can(update)]` on the field.
    pub update: Option<Expr>,
    /// Fields of an embedded struct in place, by position.
    pub inner: Vec<Inner>,
    /// Values of an enum field, as written.
    pub values: Vec<String>,
}

/// A field of an embedded struct.
#[derive(Debug, Clone)]
pub struct Inner {
    /// Its position in the struct.
    pub ix: FieldIx,
    /// Name in the source.
    pub name: String,
    /// Name in JSON.
    pub json: String,
    /// Type.
    pub ty: Type,
    /// May be null: the inner or the embedded field is nullable.
    pub nullable: bool,
    /// Unreachable through every API.
    pub private: bool,
    /// Values of an enum field.
    pub values: Vec<String>,
}

/// A relation with its ends as positions.
#[derive(Debug, Clone)]
pub enum Relation {
    /// Many-to-one.
    Ref {
        /// Entity referred to.
        target: EntityIx,
        /// What the reference's columns hold, in column order: parts of the target's key, or the columns of `#[db(references)]`.
        parts: Vec<KeyPart>,
    },
    /// Many-to-many.
    Many {
        /// Entity of the related rows.
        target: EntityIx,
    },
    /// The other side of a reference.
    Inverse {
        /// Entity that holds the reference.
        target: EntityIx,
        /// The `Ref` or `AnyOf` field there.
        field: FieldIx,
        /// At most one.
        one: bool,
        /// The field there is an `AnyOf`.
        polymorphic: bool,
    },
    /// Polymorphic.
    AnyOf {
        /// Possible targets, as in the declaration.
        targets: Vec<EntityIx>,
    },
}

impl Relation {
    /// Many related rows.
    pub fn is_to_many(&self) -> bool {
        matches!(self, Relation::Many { .. } | Relation::Inverse { one: false, .. })
    }

    /// The one entity related (none for polymorphic references).
    pub fn target(&self) -> Option<EntityIx> {
        match self {
            Relation::Ref { target, .. } | Relation::Many { target } | Relation::Inverse { target, .. } => Some(*target),
            Relation::AnyOf { .. } => None,
        }
    }
}

/// One column of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPart {
    /// Field that has the column.
    pub field: FieldIx,
    /// The field as a whole, or one column of a reference to a compound key.
    pub part: Part,
    /// Column.
    pub column: String,
    /// Name in JSON objects for compound keys.
    pub json: String,
    /// Type of the value: a scalar or an enum.
    pub ty: Type,
    /// May be null (never so for keys, possible for `#[db(references)]`).
    pub nullable: bool,
}

impl KeyPart {
    /// The part as a field of a row, reached through `hops`.
    pub fn of(&self, var: Var, entity: EntityIx, hops: &[FieldIx]) -> FieldRef {
        FieldRef {
            var,
            entity,
            hops: hops.to_vec(),
            field: self.field,
            part: self.part.clone(),
        }
    }
}

/// Rules by action.
#[derive(Debug, Clone, Default)]
pub struct Actions {
    /// In the order first met.
    pub(super) rules: Vec<(String, Expr)>,
}

impl Actions {
    /// The condition for an action; `None` when no rule speaks of it: refused.
    pub fn get(&self, action: &str) -> Option<&Expr> {
        self.rules.iter().find(|(name, _)| name == action).map(|(_, expr)| expr)
    }

    /// Every action with its condition.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Expr)> {
        self.rules.iter().map(|(name, expr)| (name.as_str(), expr))
    }
}

/// `#[rule("holds", "message")]`
#[derive(Debug, Clone)]
pub struct Validation {
    /// Must not be false.
    pub holds: Expr,
    /// What a person is told.
    pub message: String,
    /// The field it speaks of, when it is one field only: where forms show the message.
    pub field: Option<FieldIx>,
}
