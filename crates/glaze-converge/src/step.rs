//! Steps: the closed set of structural changes. The differ makes them, the planner orders and groups them into [`Action`]s, the
//! dialects render those. The kinds are named in the convergence design and are part of `glaze diff --json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Check, Column, DomainDef, EnumDef, ForeignKey, Index, Key, ObjectName, SequenceDef, Table, Unmodelled, ViewDef};

/// One change. Tables and columns are named as they are called at that moment: renames come before everything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
#[allow(missing_docs)] // the fields say the same in every variant: `table`, the thing as it was (`from`), as it will be (`to`)
pub enum Step {
    /// `extension.create`
    ExtensionCreate { name: String },
    /// `schema.create`
    SchemaCreate { name: String },
    /// `schema.drop`; refused by the database while something is in it.
    SchemaDrop { name: String },
    /// `domain.create`
    DomainCreate { item: DomainDef },
    /// `domain.alter`: default, nullability, checks; with another base type it is made anew and its columns (`uses`) move over.
    DomainAlter {
        from: DomainDef,
        to: DomainDef,
        uses: Vec<EnumUse>,
    },
    /// `domain.drop`
    DomainDrop { item: DomainDef },
    /// `sequence.create`
    SequenceCreate { item: SequenceDef },
    /// `sequence.alter`
    SequenceAlter { from: SequenceDef, to: SequenceDef },
    /// `sequence.alter`: which column it goes away with, none from now on when empty.
    SequenceOwner {
        name: ObjectName,
        owner: Option<(ObjectName, String)>,
    },
    /// `sequence.drop`
    SequenceDrop { item: SequenceDef },
    /// `view.create`; `view.replace` when it is there and was dropped before (`again`).
    ViewCreate { view: ViewDef, again: bool },
    /// `view.replace` where it stands.
    ViewReplace { from: ViewDef, to: ViewDef },
    /// `view.drop`; `view.replace` when it is made again after.
    ViewDrop { view: ViewDef, again: bool },
    /// `trigger.create`, `function.create` and so on, by the item's kind.
    UnmodelledCreate { item: Unmodelled, again: bool },
    /// `function.replace` and so on, where it stands.
    UnmodelledReplace { from: Unmodelled, to: Unmodelled },
    /// `trigger.drop` and so on; `trigger.replace` when it is made again after.
    UnmodelledDrop { item: Unmodelled, again: bool },
    /// `enum.create`
    EnumCreate { item: EnumDef },
    /// `enum.drop`
    EnumDrop { item: EnumDef },
    /// `enum.rename`
    EnumRename { from: ObjectName, to: ObjectName },
    /// `enum.add_value`; `before` is the value it goes in front of, `None` at the end. Where enums are checks, `column` says whose.
    EnumAddValue {
        name: ObjectName,
        value: String,
        before: Option<String>,
        column: Option<String>,
    },
    /// `enum.rename_value`; `list` says that the column holds lists of values.
    EnumRenameValue {
        name: ObjectName,
        from: String,
        to: String,
        column: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        list: bool,
    },
    /// `enum.remove_value`: `to` is null when the rows that have it must be none.
    EnumRemoveValue {
        name: ObjectName,
        value: String,
        to: Option<String>,
        column: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        list: bool,
    },
    /// `enum.replace`: the type is made anew and every column moved over, because values go or change places.
    EnumReplace {
        from: EnumDef,
        to: EnumDef,
        map: BTreeMap<String, String>,
        uses: Vec<EnumUse>,
    },
    /// `table.create`; with its keys, checks, indexes and those foreign keys that are left on it.
    TableCreate { table: Table },
    /// `table.drop`
    TableDrop { table: Table },
    /// `table.rename`
    TableRename { from: ObjectName, to: ObjectName },
    /// `table.options`: how it is stored.
    TableOptions {
        table: ObjectName,
        from: Vec<String>,
        to: Vec<String>,
    },
    /// `table.partitioning`: no database changes how a table is partitioned; always refused.
    TablePartitioning { from: Table, to: Table },
    /// `comment.set` on anything else, named as `COMMENT ON` names it.
    CommentSet { target: String, comment: Option<String> },
    /// `comment.set` on an enum
    EnumComment { name: ObjectName, comment: Option<String> },
    /// `comment.set` on a table
    TableComment { table: ObjectName, comment: Option<String> },
    /// `column.add`; `fill` is the value for rows that are there. `checks` and `foreign_key` only where they cannot be added later.
    ColumnAdd {
        table: ObjectName,
        column: Column,
        fill: Option<String>,
        checks: Vec<Check>,
        foreign_key: Option<ForeignKey>,
    },
    /// `column.drop`
    ColumnDrop { table: ObjectName, column: Column },
    /// `column.rename`
    ColumnRename { table: ObjectName, from: String, to: String },
    /// `column.type`
    ColumnType {
        table: ObjectName,
        from: Column,
        to: Column,
        using: Option<String>,
    },
    /// `column.nullable.set`: may be null from now on.
    ColumnNullableSet { table: ObjectName, column: String },
    /// `column.nullable.drop`: may no longer be null; `fill` is the value for rows where it is.
    ColumnNullableDrop {
        table: ObjectName,
        column: String,
        fill: Option<String>,
    },
    /// `column.default.set`
    ColumnDefaultSet {
        table: ObjectName,
        column: String,
        from: Option<String>,
        to: String,
    },
    /// `column.default.drop`
    ColumnDefaultDrop { table: ObjectName, column: String, from: String },
    /// `column.generated`: another expression, or generated no longer. (Becoming generated is a drop and an add of the column.)
    ColumnGenerated { table: ObjectName, from: Column, to: Column },
    /// `column.identity`
    ColumnIdentity { table: ObjectName, from: Column, to: Column },
    /// `column.identity`: the parameters of its sequence.
    ColumnSequence {
        table: ObjectName,
        column: String,
        from: SequenceDef,
        to: SequenceDef,
    },
    /// `column.collation`
    ColumnCollation { table: ObjectName, from: Column, to: Column },
    /// `comment.set` on a column
    ColumnComment {
        table: ObjectName,
        column: String,
        comment: Option<String>,
    },
    /// `pk.set`, `pk.drop` when `to` is none
    PrimaryKeySet {
        table: ObjectName,
        from: Option<Key>,
        to: Option<Key>,
    },
    /// `unique.add`
    UniqueAdd { table: ObjectName, key: Key },
    /// `unique.drop`
    UniqueDrop { table: ObjectName, key: Key },
    /// `fk.add`
    FkAdd { table: ObjectName, key: ForeignKey },
    /// `fk.drop`
    FkDrop { table: ObjectName, key: ForeignKey },
    /// `fk.validate`
    FkValidate { table: ObjectName, key: ForeignKey },
    /// `check.validate`
    CheckValidate { table: ObjectName, check: Check },
    /// `check.add`
    CheckAdd { table: ObjectName, check: Check },
    /// `check.drop`
    CheckDrop { table: ObjectName, check: Check },
    /// `index.create`
    IndexCreate { table: ObjectName, index: Index },
    /// `index.drop`
    IndexDrop { table: ObjectName, index: Index },
}

/// A column of an enum type that is replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumUse {
    /// Table.
    pub table: ObjectName,
    /// Column.
    pub column: String,
    /// The column holds a list of values.
    pub list: bool,
    /// Its default as it is and as it will be.
    pub default: (Option<String>, Option<String>),
}

/// What is done at once: a step by itself, or the steps that one rebuild of a table fulfils.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A step by itself.
    Alter(Box<Step>),
    /// A table made anew: only planned where the database cannot alter in place.
    Rebuild(Box<Rebuild>),
}

/// A table made anew with its rows: new table, copy, drop, rename, then indexes, triggers and views again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuild {
    /// The table as it is.
    pub from: Table,
    /// As it will be, under the same name.
    pub to: Table,
    /// What goes into each column of `to` that is not generated: column, expression over the columns of `from`.
    pub copy: Vec<(String, String)>,
    /// Triggers and views that the database drops with the table, or that would break meanwhile: dropped first, made again after.
    pub recreate: Vec<Unmodelled>,
    /// What it is done for.
    pub steps: Vec<Step>,
}

impl Action {
    /// The steps it fulfils.
    pub fn steps(&self) -> &[Step] {
        match self {
            Action::Alter(step) => std::slice::from_ref(&**step),
            Action::Rebuild(rebuild) => &rebuild.steps,
        }
    }
}

impl Step {
    /// Kind as `glaze diff --json` names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Step::ExtensionCreate { .. } => "extension.create",
            Step::SchemaCreate { .. } => "schema.create",
            Step::SchemaDrop { .. } => "schema.drop",
            Step::DomainCreate { .. } => "domain.create",
            Step::DomainAlter { .. } => "domain.alter",
            Step::DomainDrop { .. } => "domain.drop",
            Step::SequenceCreate { .. } => "sequence.create",
            Step::SequenceAlter { .. } | Step::SequenceOwner { .. } => "sequence.alter",
            Step::SequenceDrop { .. } => "sequence.drop",
            Step::ViewCreate { again: false, .. } => "view.create",
            Step::ViewDrop { again: false, .. } => "view.drop",
            Step::ViewCreate { .. } | Step::ViewReplace { .. } | Step::ViewDrop { .. } => "view.replace",
            Step::UnmodelledCreate { item, again: false } => unmodelled_kinds(&item.kind).0,
            Step::UnmodelledDrop { item, again: false } => unmodelled_kinds(&item.kind).2,
            Step::UnmodelledCreate { item, .. } | Step::UnmodelledDrop { item, .. } => unmodelled_kinds(&item.kind).1,
            Step::UnmodelledReplace { to, .. } => unmodelled_kinds(&to.kind).1,
            Step::EnumCreate { .. } => "enum.create",
            Step::EnumDrop { .. } => "enum.drop",
            Step::EnumRename { .. } => "enum.rename",
            Step::EnumAddValue { .. } => "enum.add_value",
            Step::EnumRenameValue { .. } => "enum.rename_value",
            Step::EnumRemoveValue { .. } => "enum.remove_value",
            Step::EnumReplace { from, to, .. } if from.values.iter().any(|value| !to.values.contains(value)) => "enum.remove_value",
            Step::EnumReplace { from, to, .. } if to.values.iter().any(|value| !from.values.contains(value)) => "enum.add_value",
            Step::EnumReplace { .. } => "enum.reorder",
            Step::TableCreate { .. } => "table.create",
            Step::TableDrop { .. } => "table.drop",
            Step::TableRename { .. } => "table.rename",
            Step::TableOptions { .. } => "table.options",
            Step::TablePartitioning { .. } => "table.partitioning",
            Step::CommentSet { .. } | Step::EnumComment { .. } | Step::TableComment { .. } | Step::ColumnComment { .. } => "comment.set",
            Step::ColumnAdd { .. } => "column.add",
            Step::ColumnDrop { .. } => "column.drop",
            Step::ColumnRename { .. } => "column.rename",
            Step::ColumnType { .. } => "column.type",
            Step::ColumnNullableSet { .. } => "column.nullable.set",
            Step::ColumnNullableDrop { .. } => "column.nullable.drop",
            Step::ColumnDefaultSet { .. } => "column.default.set",
            Step::ColumnDefaultDrop { .. } => "column.default.drop",
            Step::ColumnGenerated { .. } => "column.generated",
            Step::ColumnIdentity { .. } | Step::ColumnSequence { .. } => "column.identity",
            Step::ColumnCollation { .. } => "column.collation",
            Step::PrimaryKeySet { to: None, .. } => "pk.drop",
            Step::PrimaryKeySet { .. } => "pk.set",
            Step::UniqueAdd { .. } => "unique.add",
            Step::UniqueDrop { .. } => "unique.drop",
            Step::FkAdd { .. } => "fk.add",
            Step::FkDrop { .. } => "fk.drop",
            Step::FkValidate { .. } => "fk.validate",
            Step::CheckValidate { .. } => "check.validate",
            Step::CheckAdd { .. } => "check.add",
            Step::CheckDrop { .. } => "check.drop",
            Step::IndexCreate { .. } => "index.create",
            Step::IndexDrop { .. } => "index.drop",
        }
    }

    /// What it is about: `public.posts.excerpt`.
    pub fn object(&self) -> String {
        let columns = |table: &ObjectName, columns: &[String]| format!("{table}.{}", columns.join("+"));
        match self {
            Step::ExtensionCreate { name } | Step::SchemaCreate { name } | Step::SchemaDrop { name } => name.clone(),
            Step::DomainCreate { item } | Step::DomainDrop { item } | Step::DomainAlter { to: item, .. } => item.name.to_string(),
            Step::SequenceCreate { item } | Step::SequenceDrop { item } | Step::SequenceAlter { to: item, .. } => item.name.to_string(),
            Step::SequenceOwner { name, .. } => name.to_string(),
            Step::ViewCreate { view, .. } | Step::ViewDrop { view, .. } | Step::ViewReplace { to: view, .. } => view.name.to_string(),
            Step::UnmodelledCreate { item, .. } | Step::UnmodelledDrop { item, .. } | Step::UnmodelledReplace { to: item, .. } => {
                item.name.clone()
            }
            Step::CommentSet { target, .. } => target.clone(),
            Step::EnumComment { name, .. } => name.to_string(),
            Step::TableOptions { table, .. } => table.to_string(),
            Step::TablePartitioning { to, .. } => to.name.to_string(),
            Step::EnumCreate { item } | Step::EnumDrop { item } => item.name.to_string(),
            Step::EnumRename { to, .. } => to.to_string(),
            Step::EnumReplace { to, .. } => to.name.to_string(),
            Step::EnumAddValue { name, value, column, .. }
            | Step::EnumRemoveValue { name, value, column, .. }
            | Step::EnumRenameValue {
                name, to: value, column, ..
            } => match column {
                Some(column) => format!("{name}.{column}.{value}"),
                None => format!("{name}.{value}"),
            },
            Step::TableCreate { table } | Step::TableDrop { table } => table.name.to_string(),
            Step::TableRename { to, .. } => to.to_string(),
            Step::TableComment { table, .. } => table.to_string(),
            Step::ColumnAdd { table, column, .. } | Step::ColumnDrop { table, column } => format!("{table}.{}", column.name),
            Step::ColumnRename { table, to, .. } => format!("{table}.{to}"),
            Step::ColumnType { table, to, .. }
            | Step::ColumnGenerated { table, to, .. }
            | Step::ColumnIdentity { table, to, .. }
            | Step::ColumnCollation { table, to, .. } => format!("{table}.{}", to.name),
            Step::ColumnNullableSet { table, column }
            | Step::ColumnNullableDrop { table, column, .. }
            | Step::ColumnDefaultSet { table, column, .. }
            | Step::ColumnDefaultDrop { table, column, .. }
            | Step::ColumnSequence { table, column, .. }
            | Step::ColumnComment { table, column, .. } => format!("{table}.{column}"),
            Step::PrimaryKeySet { table, .. } => table.to_string(),
            Step::UniqueAdd { table, key } | Step::UniqueDrop { table, key } => columns(table, &key.columns),
            Step::FkAdd { table, key } | Step::FkDrop { table, key } | Step::FkValidate { table, key } => columns(table, &key.columns),
            Step::CheckAdd { table, check } | Step::CheckDrop { table, check } | Step::CheckValidate { table, check } => {
                match &check.name {
                    Some(name) => format!("{table}.{name}"),
                    None => format!("{table} ({})", check.expr),
                }
            }
            Step::IndexCreate { table, index } | Step::IndexDrop { table, index } => format!("{table}.{}", index.name),
        }
    }

    /// The table it changes, as it is called then.
    pub fn table(&self) -> Option<&ObjectName> {
        match self {
            Step::ExtensionCreate { .. }
            | Step::SchemaCreate { .. }
            | Step::SchemaDrop { .. }
            | Step::DomainCreate { .. }
            | Step::DomainAlter { .. }
            | Step::DomainDrop { .. }
            | Step::SequenceCreate { .. }
            | Step::SequenceAlter { .. }
            | Step::SequenceOwner { .. }
            | Step::SequenceDrop { .. }
            | Step::ViewCreate { .. }
            | Step::ViewReplace { .. }
            | Step::ViewDrop { .. }
            | Step::UnmodelledCreate { .. }
            | Step::UnmodelledReplace { .. }
            | Step::UnmodelledDrop { .. }
            | Step::CommentSet { .. }
            | Step::EnumComment { .. }
            | Step::EnumCreate { .. }
            | Step::EnumDrop { .. }
            | Step::EnumRename { .. }
            | Step::EnumReplace { .. } => None,
            Step::EnumAddValue { name, column, .. }
            | Step::EnumRemoveValue { name, column, .. }
            | Step::EnumRenameValue { name, column, .. } => column.is_some().then_some(name),
            Step::TableCreate { table } | Step::TableDrop { table } => Some(&table.name),
            Step::TableRename { to, .. } => Some(to),
            Step::TablePartitioning { to, .. } => Some(&to.name),
            Step::TableOptions { table, .. }
            | Step::FkValidate { table, .. }
            | Step::CheckValidate { table, .. }
            | Step::ColumnSequence { table, .. }
            | Step::TableComment { table, .. }
            | Step::ColumnAdd { table, .. }
            | Step::ColumnDrop { table, .. }
            | Step::ColumnRename { table, .. }
            | Step::ColumnType { table, .. }
            | Step::ColumnNullableSet { table, .. }
            | Step::ColumnNullableDrop { table, .. }
            | Step::ColumnDefaultSet { table, .. }
            | Step::ColumnDefaultDrop { table, .. }
            | Step::ColumnGenerated { table, .. }
            | Step::ColumnIdentity { table, .. }
            | Step::ColumnCollation { table, .. }
            | Step::ColumnComment { table, .. }
            | Step::PrimaryKeySet { table, .. }
            | Step::UniqueAdd { table, .. }
            | Step::UniqueDrop { table, .. }
            | Step::FkAdd { table, .. }
            | Step::FkDrop { table, .. }
            | Step::CheckAdd { table, .. }
            | Step::CheckDrop { table, .. }
            | Step::IndexCreate { table, .. }
            | Step::IndexDrop { table, .. } => Some(table),
        }
    }
}

/// Create, replace and drop of a kind of unmodelled thing. The kinds that introspection reports have names of their own.
fn unmodelled_kinds(kind: &str) -> (&'static str, &'static str, &'static str) {
    macro_rules! kinds {
        ($($kind:literal => $name:literal),* $(,)?) => {
            match kind {
                $($kind => (concat!($name, ".create"), concat!($name, ".replace"), concat!($name, ".drop")),)*
                _ => ("unmodelled.create", "unmodelled.replace", "unmodelled.drop"),
            }
        };
    }
    kinds! {
        "trigger" => "trigger",
        "function" => "function",
        "procedure" => "procedure",
        "aggregate" => "aggregate",
        "policy" => "policy",
        "row security" => "row_security",
        "rule" => "rule",
        "statistics" => "statistics",
        "index" => "index",
        "exclusion" => "exclusion",
        "check" => "check",
        "unique" => "unique",
        "foreign key" => "fk",
        "partition" => "partition",
        "inheritance" => "inheritance",
        "composite type" => "type",
        "range type" => "type",
        "collation" => "collation",
        "virtual table" => "virtual_table",
        "foreign table" => "foreign_table",
    }
}
