//! Reads, prints and edits schema files.
//!
//! The functions here speak of files, models and edits; each dialect (`rust`, later `typescript`) is a folder that does the
//! same for its syntax. Code outside a dialect's folder never sees a syntax tree.
//!
//! This crate must not know databases or HTTP, and touches the file system only in [`edit::write_atomically`].

mod builtin;
pub mod edit;
mod finding;
mod render;
pub mod rust;

use std::collections::BTreeMap;

use glaze_model::{Diagnostic, Model, Origin};

pub use builtin::{builtin_model, is_built_in};
pub use render::render;

/// One schema file: where it is (relative to the project) and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the project, as shown in diagnostics.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// What reading gave: a model when there was no error, and all findings either way.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The model, built-in entities last. `None` when there is any error.
    pub model: Option<Model>,
    /// Every finding of every file, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// Where declarations stand: `Post`, `Post.title`, `PostStatus.draft` (a value as it is written in the database).
    pub origins: BTreeMap<String, Origin>,
}

/// Reads the schema files of a project as one model.
pub fn read(files: &[SourceFile]) -> Reading {
    rust::read(files)
}

/// An idiomatic schema file for a model, without what is built in or there by itself. Reading it gives the same model.
pub fn print(model: &Model) -> String {
    rust::print(model)
}

/// The schema reference as Markdown, made from the reader's own tables.
pub fn reference() -> String {
    rust::reference()
}

/// Whether a project may give an entity, an enum or an embedded struct this name.
pub fn is_free_type_name(name: &str) -> bool {
    rust::is_free_type_name(name)
}

/// Whether a project may give a field this name.
pub fn is_free_field_name(name: &str) -> bool {
    rust::is_free_field_name(name)
}
