//! Edits of schema files. An edit names a change of the model, never text; it is applied as the smallest change of bytes, and
//! the result is read again: unless it gives exactly the intended model, nothing happens.

mod intend;
mod write;

use glaze_model::{Diagnostic, Model};

pub use glaze_model::{Attribute, Edit};

pub use write::{WriteError, write_atomically};

use crate::{SourceFile, read, rust};

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

/// What an edit means for the model, without any file: the model as it would be read after it.
///
/// # Errors
/// When what it speaks of is not there, is there already, or is in use.
pub fn intended(model: &Model, edit: &Edit) -> Result<Model, EditRefused> {
    intend::intend(model, edit)
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
