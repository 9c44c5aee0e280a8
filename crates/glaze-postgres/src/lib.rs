//! The PostgreSQL adapter: reads and changes structure ([`structure`]), reads and writes content.
//!
//! This crate must not know HTTP, nor any other database.

pub mod connect;
pub mod store;
pub mod structure;

pub use store::{PgPool, PgStore, PoolOptions};
pub use structure::{PostgresDatabase, PostgresDialect};
