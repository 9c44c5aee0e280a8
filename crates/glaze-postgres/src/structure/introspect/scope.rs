//! What is ours and what is not.

use glaze_converge::{catalog::ObjectName, port::Scope, scope::Belongs};

/// A scope with the schemas that it means, ready to judge names.
pub(super) struct Filter {
    pub schemas: Vec<String>,
    pub scope: Scope,
}

impl Filter {
    pub fn new(scope: &Scope) -> Filter {
        let schemas = if scope.schemas.is_empty() {
            vec![super::super::DEFAULT_SCHEMA.to_owned()]
        } else {
            scope.schemas.clone()
        };
        Filter {
            schemas,
            scope: scope.clone(),
        }
    }

    /// Whose an object of this name is.
    pub fn belongs(&self, name: &ObjectName) -> Belongs {
        match self.schemas.iter().any(|known| Some(known) == name.schema.as_ref()) {
            true => self.scope.belongs(name),
            false => Belongs::Others,
        }
    }

    /// Whether an object of this name is ours.
    pub fn owns(&self, name: &ObjectName) -> bool {
        self.belongs(name) == Belongs::Us
    }
}
