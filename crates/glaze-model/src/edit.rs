//! Edits: changes of a model as plain data. The admin, the command line and the acceptance of drift all make them; the readers of schema
//! files (`glaze-source`) carry them out, byte for byte.

use serde::{Deserialize, Serialize};

use crate::{BlockKind, BlockSet, Embedded, Entity, EnumType, EnumValue, Field, Index, Rule, Validation};

/// A change of the model. `entity` is the name of an entity or, for fields, of an embedded struct or a kind of block (`Section.Hero`).
///
/// Where a [`Field`] is given, empty `columns` (and an empty join table of a `Many`) mean the implied ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Edit {
    /// A new entity, at the end of the file (the last one when none is named).
    AddEntity {
        /// All of it, without the fields that are there by themselves.
        entity: Box<Entity>,
        /// Path of one of the files.
        file: Option<String>,
    },
    /// The entity goes.
    RemoveEntity {
        /// Name of the entity.
        entity: String,
    },
    /// The entity is called differently; what refers to it follows.
    RenameEntity {
        /// Present name.
        entity: String,
        /// New name.
        to: String,
    },
    /// A new field.
    AddField {
        /// Where.
        entity: String,
        /// What.
        field: Box<Field>,
        /// Name of the field it comes after; `None` is the end.
        after: Option<String>,
    },
    /// The field goes; as a label or the source of a slug it is forgotten.
    RemoveField {
        /// Where.
        entity: String,
        /// Name of the field.
        field: String,
    },
    /// The field is called differently; what speaks of it follows.
    RenameField {
        /// Where.
        entity: String,
        /// Present name.
        field: String,
        /// New name.
        to: String,
    },
    /// The field becomes this. Its name stays (see [`Edit::RenameField`]).
    ChangeField {
        /// Where.
        entity: String,
        /// Name of the field.
        field: String,
        /// What it becomes.
        to: Box<Field>,
    },
    /// A new enum, at the end of the file (the last one when none is named).
    AddEnum {
        /// All of it.
        item: EnumType,
        /// Path of one of the files.
        file: Option<String>,
    },
    /// The enum goes.
    RemoveEnum {
        /// Name of the enum.
        name: String,
    },
    /// The enum is called differently; what refers to it follows.
    RenameEnum {
        /// Present name.
        name: String,
        /// New name.
        to: String,
    },
    /// A new value.
    AddEnumValue {
        /// Name of the enum.
        name: String,
        /// The value.
        value: EnumValue,
        /// Name of the value it comes after; `None` is the end.
        after: Option<String>,
    },
    /// A value goes.
    RemoveEnumValue {
        /// Name of the enum.
        name: String,
        /// Name of the value, as in the source.
        value: String,
    },
    /// A value is called differently; defaults follow.
    RenameEnumValue {
        /// Name of the enum.
        name: String,
        /// Present name of the value, as in the source.
        value: String,
        /// New name.
        to: String,
    },
    /// A value changes place.
    MoveEnumValue {
        /// Name of the enum.
        name: String,
        /// Name of the value, as in the source.
        value: String,
        /// Name of the value it comes after; `None` is the beginning.
        after: Option<String>,
    },
    /// A value becomes this: how it is written, its description. Its name stays (see [`Edit::RenameEnumValue`]); defaults follow.
    ChangeEnumValue {
        /// Name of the enum.
        name: String,
        /// Name of the value, as in the source.
        value: String,
        /// What it becomes.
        to: EnumValue,
    },
    /// The enum is described or stored otherwise. Its name and its values stay.
    ChangeEnum {
        /// Name of the enum.
        name: String,
        /// What it becomes.
        to: EnumType,
    },
    /// A new embedded struct, at the end of the file (the last one when none is named).
    AddEmbedded {
        /// All of it.
        item: Embedded,
        /// Path of one of the files.
        file: Option<String>,
    },
    /// The embedded struct goes.
    RemoveEmbedded {
        /// Its name.
        name: String,
    },
    /// The embedded struct is called differently; what embeds it follows.
    RenameEmbedded {
        /// Present name.
        name: String,
        /// New name.
        to: String,
    },
    /// A new set of blocks, at the end of the file (the last one when none is named).
    AddBlocks {
        /// All of it.
        item: BlockSet,
        /// Path of one of the files.
        file: Option<String>,
    },
    /// The set of blocks goes.
    RemoveBlocks {
        /// Its name.
        name: String,
    },
    /// The set of blocks is called differently; fields that hold it follow.
    RenameBlocks {
        /// Present name.
        name: String,
        /// New name.
        to: String,
    },
    /// A new kind of block. The fields of a kind are edited like those of an entity, under the name `Section.Hero`.
    AddBlockKind {
        /// Name of the set.
        name: String,
        /// All of it.
        kind: BlockKind,
        /// Name of the kind it comes after; `None` is the end.
        after: Option<String>,
    },
    /// A kind of block goes.
    RemoveBlockKind {
        /// Name of the set.
        name: String,
        /// Name of the kind, as in the source.
        kind: String,
    },
    /// A kind of block is called differently. `type` in content that is there stays what it was.
    RenameBlockKind {
        /// Name of the set.
        name: String,
        /// Present name of the kind, as in the source.
        kind: String,
        /// New name.
        to: String,
    },
    /// `#[was]` has done its work: the rename is in a migration.
    RemoveWas {
        /// `Post`, `Post.title`, `PostStatus`, `PostStatus.Draft`.
        of: String,
    },
    /// The entity has this attribute from now on; where there can be one only, it replaces the present one.
    SetAttribute {
        /// Name of the entity.
        entity: String,
        /// What.
        attribute: Attribute,
    },
    /// The entity has this attribute no longer.
    RemoveAttribute {
        /// Name of the entity.
        entity: String,
        /// What; where there can be one only, its value does not matter.
        attribute: Attribute,
    },
}

/// What can be said of an entity as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Attribute {
    /// Field that stands for an entry.
    Label(String),
    /// Icon in the admin.
    Icon(String),
    /// Description.
    Doc(String),
    /// Name of the table.
    Table(String),
    /// Database schema of the table.
    Schema(String),
    /// Former name.
    Was(String),
    /// `#[can(…)]`.
    Rule(Rule),
    /// `#[rule(…)]`.
    Validation(Validation),
    /// `#[index(…)]`.
    Index(Index),
    /// `#[unique(…)]`.
    Unique(Vec<String>),
    /// `#[db(check = "…")]`.
    DbCheck(String),
    /// Whether Glaze keeps the times `created_at` and `updated_at`. Without it those that are not written in the file are gone.
    Timestamps(bool),
    /// Names of the fields that form the key, in order; none for a table without a key.
    Key(Vec<String>),
}
