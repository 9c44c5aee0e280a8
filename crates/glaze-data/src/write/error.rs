//! Why a write was not done.

use crate::{store::StoreError, validate::FieldError};

/// What a policy or a hook speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// A new entry.
    Create,
    /// A changed entry.
    Update,
    /// A removed entry.
    Delete,
}

impl Action {
    /// As written in `#[can(…)]`.
    pub fn name(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }
}

/// Why a write was not done. Nothing has changed then.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// Problems with what was sent, all of them.
    #[error("the entry is not valid")]
    Validation(Vec<FieldError>),
    /// A policy refuses.
    #[error("not allowed to {} {entity}", action.name())]
    Forbidden {
        /// What was tried.
        action: Action,
        /// Name of the entity.
        entity: String,
        /// JSON name of the field, when only that is refused.
        field: Option<String>,
    },
    /// There is no such entry, as far as the actor may know.
    #[error("there is no such entry")]
    NotFound,
    /// The entry is not as `If-Match` says.
    #[error("the entry has changed in the meantime")]
    PreconditionFailed,
    /// Rows still refer to the entry.
    #[error("other entries refer to this one")]
    Referenced {
        /// Name of the entity that refers to it, when the database says which and the actor may know it.
        by: Option<String>,
    },
    /// A change of many entries needs the number of entries confirmed.
    #[error("{actual} entries would change: confirm the number")]
    ConfirmCount {
        /// How many there are that the actor may change.
        actual: u64,
    },
    /// The entity cannot be written: it has no key, or its table belongs to Glaze.
    #[error("{entity} can only be read")]
    ReadOnly {
        /// Name of the entity.
        entity: String,
    },
    /// More than the limits allow.
    #[error("{message}")]
    TooMuch {
        /// What and how much is allowed.
        message: String,
        /// The limit.
        limit: u64,
    },
    /// A hook refused.
    #[error(transparent)]
    Hook(#[from] super::HookError),
    /// The database could not.
    #[error(transparent)]
    Store(StoreError),
}

impl From<Vec<FieldError>> for WriteError {
    fn from(errors: Vec<FieldError>) -> WriteError {
        WriteError::Validation(errors)
    }
}
