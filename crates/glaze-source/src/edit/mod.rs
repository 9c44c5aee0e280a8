//! Edits of schema files. An edit names a change of the model, never text; it is applied as the smallest change of bytes, and
//! the result is read again: unless it gives exactly the intended model, nothing happens.

mod intend;
mod write;

use glaze_model::{Diagnostic, Entity, EnumType, EnumValue, Field, Index, Model, Rule, Validation};

pub use write::{WriteError, write_atomically};

use crate::{SourceFile, read, rust};

/// A change of the model. `entity` is the name of an entity or, for fields, of an embedded struct.
///
/// Where a [`Field`] is given, empty `columns` (and an empty join table of a `Many`) mean the implied ones.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
}

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditRefused {
    /// The files do not give a model as they are.
    #[error("the schema has errors of its own; mend them first")]
    DoesNotRead(Vec<Diagnostic>),
    /// What the edit speaks of is not there, or built in.
    #[error("there is no {0} in the schema files")]
    NotFound(String),
    /// What the edit adds is there already.
    #[error("there is a {0} already")]
    Exists(String),
    /// Something else depends on what would change, in a way that cannot follow by itself.
    #[error("{0}")]
    InUse(String),
    /// The edited files would not give a model.
    #[error("the schema would not read any more: {}", first(.0))]
    WouldNotRead(Vec<Diagnostic>),
    /// The edited files would give another model than the intended one.
    #[error("the schema would not say exactly what was meant: {0}")]
    NotExact(String),
}

fn first(diagnostics: &[Diagnostic]) -> &str {
    diagnostics.first().map_or("", |diagnostic| diagnostic.message.as_str())
}

/// Applies edits one after the other and gives the files that changed. All or nothing; a state in between may be one that
/// does not read.
///
/// # Errors
/// When an edit cannot be done exactly.
pub fn apply(files: &[SourceFile], edits: &[Edit]) -> Result<Vec<SourceFile>, EditRefused> {
    let reading = read(files);
    let Some(mut model) = reading.model else {
        return Err(EditRefused::DoesNotRead(reading.diagnostics));
    };
    let mut now = files.to_vec();
    for edit in edits {
        let after = intend::intend(&model, edit)?;
        now = rust::splice(&now, edit, &model, &after)?;
        model = after;
    }
    let again = read(&now);
    match again.model {
        None => Err(EditRefused::WouldNotRead(again.diagnostics)),
        Some(actual) if actual == model => Ok(now
            .into_iter()
            .zip(files)
            .filter(|(new, old)| new != *old)
            .map(|(new, _)| new)
            .collect()),
        Some(actual) => Err(EditRefused::NotExact(difference(&model, &actual))),
    }
}

/// Where two models differ first, for the message.
fn difference(intended: &Model, actual: &Model) -> String {
    for (one, other) in intended.entities.iter().zip(&actual.entities) {
        if one == other {
            continue;
        }
        let field = one.fields.iter().zip(&other.fields).find(|(one, other)| one != other);
        return match field {
            Some((field, _)) if one.name == other.name => format!("field `{}.{}` would be different", one.name, field.name),
            _ => format!("entity `{}` would be different", one.name),
        };
    }
    "a type would be different".to_owned()
}
