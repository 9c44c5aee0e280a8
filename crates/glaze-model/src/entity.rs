//! The model's root and its declarations.

use serde::{Deserialize, Serialize};

use crate::{DbForeignKey, Field, FieldKind};

/// A whole domain: every declaration of a project's schema files, and the built-in ones (`User`, `Asset`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// Entities in the order of declaration; built-in ones come last.
    pub entities: Vec<Entity>,
    /// Enums without data.
    pub enums: Vec<EnumType>,
    /// `#[blocks]` enums.
    pub blocks: Vec<BlockSet>,
    /// `#[embedded]` structs.
    pub embedded: Vec<Embedded>,
}

/// Who decides on the structure of an entity's table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// The project's schema file.
    #[default]
    Project,
    /// Glaze itself; the table is in the `glaze` schema (or has the prefix `glaze_`) and no project migration touches it.
    System,
    /// Somebody else (`#[entity(external)]`): the content is ours to manage, the structure is not.
    External,
}

/// One entity: one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entity {
    /// Stable id, kept in the snapshot; `None` until a snapshot assigns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Type name as written, `UpperCamelCase`.
    pub name: String,
    /// Database schema (`#[db(schema = "…")]`), `None` for the default one. System entities have `glaze`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Table name, without the schema.
    pub table: String,
    /// Description from the doc comment, Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Name of the field that stands for an entry in lists and pickers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Icon name for the admin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Who owns the table's structure.
    #[serde(default)]
    pub ownership: Ownership,
    /// Not reachable through the content API at all (sessions, keys, idempotency records).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Names of the fields that form the key, in order. Never empty unless the table has no key (then it is read only).
    pub key: Vec<String>,
    /// All fields: the implicit `id`, `created_at`, `updated_at` too (see [`Field::implicit`]), in table order:
    /// `id` first, times last.
    pub fields: Vec<Field>,
    /// Plain and unique indexes declared with `#[index]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// `#[unique(a, b)]` on the struct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<UniqueSet>,
    /// `#[can(action, "…")]`, of which several for one action add up (or), and `#[cannot(action, "…")]`, which wins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// `#[rule("expr", "message")]`: must hold for every row written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validations: Vec<Validation>,
    /// Checks that only the database judges, in its own SQL (`#[db(check = "…")]`), mostly from `glaze pull`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub db_checks: Vec<String>,
    /// Columns of a primary key that cannot name entries in a path (`#[db(key = "…")]`): the entity itself has no key then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub db_key: Vec<String>,
    /// Foreign keys that are no relation (`#[db(foreign_key = "…")]`), mostly from `glaze pull`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub db_foreign_keys: Vec<DbForeignKey>,
    /// Built-in entity that this one adds fields to (`#[extends(User)]`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Former name (`#[was("…")]`): the former type name or the former table name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

impl Entity {
    /// The field of this name (as in the source), if there is one.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Fields that form the key, in key order.
    pub fn key_fields(&self) -> impl Iterator<Item = &Field> {
        self.key.iter().filter_map(|name| self.field(name))
    }

    /// Path segment under `/api/`: plural of the name in kebab case (`blog-posts`).
    pub fn path(&self) -> String {
        crate::plural(&crate::snake_case(&self.name)).replace('_', "-")
    }
}

/// An enum without data: a closed set of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumType {
    /// Stable id, kept in the snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Type name as written.
    pub name: String,
    /// Database schema of the native type, where the database has native enums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Name of the native type (`snake_case` of the name unless `#[db(type = "…")]`).
    pub db_name: String,
    /// `false` when values are stored as text with a check even where native enums exist (`#[db(native = false)]`).
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub native: bool,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Values in order.
    pub values: Vec<EnumValue>,
    /// Former name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

fn yes() -> bool {
    true
}

/// One value of an [`EnumType`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumValue {
    /// Name as written, `UpperCamelCase`.
    pub name: String,
    /// How it is written in the database, in JSON and in expressions (`in_review`).
    pub value: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Former name (as written) or former value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

/// A `#[blocks]` enum: kinds of building blocks an editor picks and orders. Stored as one JSON column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockSet {
    /// Type name as written.
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// The kinds.
    pub kinds: Vec<BlockKind>,
}

/// One kind of block. In JSON: `{"type": "<value>", …fields}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockKind {
    /// Name as written.
    pub name: String,
    /// `type` in JSON, `snake_case`.
    pub value: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Fields of the block (`Many`, `Inverse` and nested entities are not allowed here).
    pub fields: Vec<Field>,
}

/// An `#[embedded]` struct. A field of this type becomes columns `<field>_<inner>`; `Vec<…>` becomes one JSON column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Embedded {
    /// Type name as written.
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Inner fields (scalars, lists, enums, references).
    pub fields: Vec<Field>,
}

/// An index over parts of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Name, when one was given (`name = "…"`); else `<table>_<columns>_idx`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is indexed, in order.
    pub parts: Vec<IndexPart>,
    /// `unique`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Access method (`gin`, `gist`, `hash`, …); `None` is the database's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Partial index: CEL expression over the entity (`where = "…"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
    /// Partial index in the database's own SQL (`db_where = "…"`), from `glaze pull` when CEL cannot say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub db_filter: Option<String>,
}

/// One part of an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum IndexPart {
    /// A field.
    #[serde(rename_all = "camelCase")]
    Field {
        /// Name as in the source.
        name: String,
        /// Descending.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        desc: bool,
    },
    /// An expression in SQL (`expr = "lower(email)"`).
    #[serde(rename_all = "camelCase")]
    Expr {
        /// The SQL text.
        sql: String,
        /// Descending.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        desc: bool,
    },
}

/// Several fields that are unique together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UniqueSet {
    /// Field names as in the source.
    pub fields: Vec<String>,
}

/// CEL source text. Checked and compiled by `glaze-expr`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expression(pub String);

/// What a [`Rule`] does where its condition holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// `#[can]`
    #[default]
    Allow,
    /// `#[cannot]`: wins over every `#[can]`, and a condition that is null forbids too.
    Deny,
}

impl Effect {
    /// The attribute that says it.
    pub fn attribute(self) -> &'static str {
        match self {
            Effect::Allow => "can",
            Effect::Deny => "cannot",
        }
    }

    fn is_allow(&self) -> bool {
        *self == Effect::Allow
    }
}

/// `#[can(action, "when")]`, `#[cannot(action, "when")]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// `read`, `create`, `update`, `delete`, or the name of an action.
    pub action: String,
    /// Allows or forbids.
    #[serde(default, skip_serializing_if = "Effect::is_allow")]
    pub effect: Effect,
    /// Condition; `None` is about everyone, anonymous included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expression>,
}

/// `#[rule("holds", "message")]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// Must be true (null counts as true: nothing to complain about).
    pub holds: Expression,
    /// What a person is told when it is not.
    pub message: String,
}

/// `#[computed("expr")]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Computed {
    /// Value over the row's own fields.
    pub expr: Expression,
    /// Kept in the table as a generated column (`#[computed("…", stored)]`) instead of computed when read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stored: bool,
}

/// Where a declaration stands: for diagnostics and the inspector. Not part of the model's identity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// File name relative to the project.
    pub file: String,
    /// 1-based line.
    pub line: u32,
}

impl Model {
    /// Whether any entity has a field of a kind for which `test` holds.
    pub fn any_field(&self, test: impl Fn(&FieldKind) -> bool) -> bool {
        self.entities
            .iter()
            .flat_map(|entity| &entity.fields)
            .any(|field| test(&field.kind))
    }
}
