//! Who somebody is. API keys today; passwords, sessions and providers come beside [`keys`] as modules of their own.
//!
//! What comes out is an [`Actor`](glaze_data::Actor), or an error: something that was presented and does not hold is never
//! treated as nobody.
//!
//! This crate must not know HTTP, nor SQL, nor any particular database.

mod error;
pub mod keys;

pub use error::AuthError;
