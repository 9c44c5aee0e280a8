//! What a database holds, structurally. One catalog type for all databases; text in it (types, expressions) is in the
//! database's own canonical spelling, as its introspection reports it.

use serde::{Deserialize, Serialize};

/// The structure of a database, as far as it is in scope.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    /// `postgres`, `sqlite`, …
    pub dialect: String,
    /// Schemas in scope that are there, where the database has schemas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schemas: Vec<String>,
    /// Extensions: reported, made when a catalog that is wanted as a whole has more, never dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
    /// Tables; partitions are not tables of their own.
    pub tables: Vec<Table>,
    /// Native enums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enums: Vec<EnumDef>,
    /// Domains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<DomainDef>,
    /// Sequences that belong to no column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<SequenceDef>,
    /// Views and materialized views.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<ViewDef>,
    /// Whatever else is there: reported, carried, counted as a dependency, never dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmodelled: Vec<Unmodelled>,
    /// Comments on everything but tables, their columns and enums, which hold their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<ObjectComment>,
}

/// A comment on something that has no field for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectComment {
    /// What it is on, as `COMMENT ON` names it: `INDEX public.posts_idx`, `CONSTRAINT a ON public.posts`.
    pub target: String,
    /// Its own name.
    pub name: String,
    /// The table or view it belongs to, or is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<ObjectName>,
    /// The comment.
    pub text: String,
}

/// Name of an object, with its schema where the database has schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectName {
    /// Schema; `None` where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Name.
    pub name: String,
}

impl std::fmt::Display for ObjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// Name.
    pub name: ObjectName,
    /// Columns in table order.
    pub columns: Vec<Column>,
    /// Primary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<Key>,
    /// Unique constraints (unique indexes that back no constraint are in `indexes`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<Key>,
    /// Foreign keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Indexes that back no constraint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// `PARTITION BY …` of a partitioned table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// Table options that have no field of their own (`STRICT`, `WITHOUT ROWID`, `UNLOGGED`, `WITH (…)`), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type in canonical spelling (`format_type` on PostgreSQL; on SQLite the declared type, with our type tag as `integer:decimal(12,2)`).
    pub ty: String,
    /// May be null.
    pub nullable: bool,
    /// Default expression in canonical spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Generated column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// Identity, serial, row id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<glaze_model::IdentityHint>,
    /// The sequence that an identity or serial column owns, where the database has sequences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<SequenceDef>,
    /// Collation when not the default of the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What a row without a value does where it is no plain failure (`ON CONFLICT IGNORE` of a `NOT NULL`), so carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_null: Option<String>,
}

/// How a column is generated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// Expression.
    pub expr: String,
    /// Stored, or computed when read.
    pub stored: bool,
}

/// A primary key or unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// Constraint name; `None` where the database has given none. Names don't take part in comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Columns in order.
    pub columns: Vec<String>,
    /// `NULLS NOT DISTINCT`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// `DEFERRABLE`, and whether initially deferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<Deferrable>,
    /// `INCLUDE (…)` and other options, in the database's spelling; makes it inexpressible in the model, so carried. What begins with
    /// a parenthesis says the columns too (`("a" COLLATE NOCASE)`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<String>,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// `DEFERRABLE INITIALLY IMMEDIATE`
    Immediate,
    /// `DEFERRABLE INITIALLY DEFERRED`
    Deferred,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForeignKey {
    /// Constraint name. Names don't take part in comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Columns here.
    pub columns: Vec<String>,
    /// Table referred to.
    pub target: ObjectName,
    /// Columns there.
    pub target_columns: Vec<String>,
    /// On deletion of the target.
    pub on_delete: glaze_model::OnDelete,
    /// On change of the target's key.
    pub on_update: glaze_model::OnDelete,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<Deferrable>,
    /// `NOT VALID`: rows from before have not been checked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// `MATCH FULL`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_full: bool,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Constraint name. Names don't take part in comparison.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Condition in canonical spelling, without the outer parentheses.
    pub expr: String,
    /// `NOT VALID`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
}

/// An index that backs no constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Name.
    pub name: String,
    /// Parts in order.
    pub parts: Vec<IndexPart>,
    /// Unique.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// Access method, `btree` where the database has only one.
    pub method: String,
    /// Condition of a partial index, canonical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// `INCLUDE` columns, operator classes, storage options: present only on indexes that the model cannot express; then the
    /// index is carried as it is, and this is its whole definition in SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exotic: Option<String>,
    /// A concurrent build failed: the index is there but not used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invalid: bool,
}

/// One part of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexPart {
    /// Column name, or an expression when `is_expr`.
    pub text: String,
    /// `text` is an expression.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_expr: bool,
    /// Descending.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub desc: bool,
}

/// A native enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumDef {
    /// Name.
    pub name: ObjectName,
    /// Values in order.
    pub values: Vec<String>,
    /// Comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainDef {
    /// Name.
    pub name: ObjectName,
    /// Base type.
    pub base: String,
    /// The rest of its definition (`NOT NULL DEFAULT … CHECK (…)`), canonical.
    pub definition: String,
    /// Default expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// `NOT NULL`
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_null: bool,
    /// Checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// A sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SequenceDef {
    /// Name.
    pub name: ObjectName,
    /// Its definition after the name, canonical (`AS bigint START WITH 1 …`).
    pub definition: String,
    /// The column it goes away with, where it is no default of that column (else it stands at the column).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Dependency>,
}

/// A view.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ViewDef {
    /// Name.
    pub name: ObjectName,
    /// Query text, canonical.
    pub definition: String,
    /// Materialized.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub materialized: bool,
    /// Its columns (`title text`), where the database tells them without running the view.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Storage and behaviour (`security_barrier=true`, `check_option=local`), sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Statements that give it again the owner and privileges it has, for when it must be made anew. Not compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// Tables and columns it reads: a step that would break it is refused and names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Dependency>,
}

/// Something that is there and that neither the model nor the catalog's own types express.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmodelled {
    /// `trigger`, `function`, `policy`, `exclusion`, `rule`, `statistics`, …
    pub kind: String,
    /// Name; for things on a table, `<schema>.<table>.<name>`.
    pub name: String,
    /// SQL that makes it again (needed to carry it through a table rebuild), where it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// Table it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<ObjectName>,
    /// What it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Dependency>,
}

/// A table or a column that something depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// The table.
    pub table: ObjectName,
    /// The column; `None` for the table as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Catalog {
    /// The table of this name.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        // Names first: that they are in one schema says little.
        self.tables
            .iter()
            .find(|table| table.name.name == name.name && table.name.schema == name.schema)
    }
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
