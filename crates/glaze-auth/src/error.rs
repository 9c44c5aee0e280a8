//! Why somebody could not be told.

use glaze_data::store::StoreError;

/// Why a token does not give an actor, or a key, user or session could not be kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AuthError {
    /// Malformed, unknown, revoked or expired. Which of them is not said.
    #[error("the token is not valid")]
    Invalid,
    /// No such account, another password, or an address that is not verified. Which of them is not said.
    #[error("the address or the password is not right")]
    Credentials,
    /// The user may not log in at present.
    #[error("the account is suspended")]
    Suspended,
    /// Somebody has this e-mail address.
    #[error("there is a user with this e-mail address")]
    Taken,
    /// A password that breaks a rule: the code, and the limit.
    #[error("a password has 8 to 256 characters")]
    Password(&'static str, usize),
    /// More attempts than are allowed.
    #[error("too many attempts: try again in {0} seconds")]
    Limited(u64),
    /// Too many passwords wait to be hashed.
    #[error("too many log in at the same time")]
    Busy,
    /// A request for something that can't be.
    #[error("{0}")]
    Refused(String),
    /// The store's reason.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The schema lacks an entity of Glaze's own, or has one of another shape.
    #[error("the built-in entity {0} is missing from the schema")]
    Schema(&'static str),
}
