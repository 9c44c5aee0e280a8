//! Why somebody could not be told.

use glaze_data::store::StoreError;

/// Why a token does not give an actor, or a key could not be kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AuthError {
    /// Malformed, unknown, revoked or expired. Which of them is not said.
    #[error("the token is not valid")]
    Invalid,
    /// A request to make a key that can't be.
    #[error("{0}")]
    Refused(String),
    /// The store's reason.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The schema has no entity for keys, or one of another shape.
    #[error("the built-in entity {0} is missing from the schema")]
    Schema(&'static str),
}
