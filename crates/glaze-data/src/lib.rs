//! What may be asked of the data and what may be done to it: [`query`] and mutation in the words of `api.md`, binding them to
//! model and policy in one place, validation, the life of a write, and the [`store::Store`] port that adapters implement.
//!
//! Everything that wants rows (REST, GraphQL, realtime, jobs, export, admin) comes through here; there is no second way.
//!
//! This crate must not know any particular database, nor HTTP.

pub mod access;
pub mod actor;
pub mod bind;
pub mod bound;
pub mod cursor;
pub mod limits;
pub mod memory;
pub mod query;
pub mod schema;
pub mod store;
pub mod validate;
pub mod write;

pub use actor::Actor;
pub use cursor::Cursors;
pub use limits::Limits;
pub use schema::Schema;
