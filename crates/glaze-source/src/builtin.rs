//! The entities that every project has: users, assets, and what Glaze keeps for itself.

use std::sync::OnceLock;

use glaze_model::Model;

use crate::{SourceFile, rust};

static BUILTIN: OnceLock<Model> = OnceLock::new();

/// Only the built-in entities: what the system tables are made from.
pub fn builtin_model() -> Model {
    builtin().clone()
}

/// Whether a declaration of a project cannot have this name because a built-in entity has it.
pub fn is_built_in(name: &str) -> bool {
    builtin().entity(name).is_some() || builtin().enum_type(name).is_some()
}

fn builtin() -> &'static Model {
    BUILTIN.get_or_init(|| {
        let file = SourceFile {
            path: "builtin/schema.rs".to_owned(),
            text: include_str!("builtin/schema.rs").to_owned(),
        };
        let reading = rust::read_builtin(&[file]);
        debug_assert!(reading.diagnostics.is_empty(), "{:#?}", reading.diagnostics);
        let mut model = reading.model.unwrap_or_default();
        for entity in &mut model.entities {
            entity.schema = Some("glaze".to_owned());
        }
        model
    })
}
