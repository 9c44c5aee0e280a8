//! Who somebody is: [`users`] with [`passwords`], [`sessions`] of those who are logged in, [`keys`] for programs, and tokens that are
//! [mailed](verifications).
//!
//! What comes out is an [`Actor`](glaze_data::Actor), or an error: something that was presented and does not hold is never
//! treated as nobody.
//!
//! This crate must not know HTTP, nor SQL, nor any particular database.

mod error;
pub mod keys;
pub mod limits;
pub mod passwords;
mod roles;
mod secret;
pub mod sessions;
mod table;
pub mod users;
pub mod verifications;

pub use error::AuthError;
