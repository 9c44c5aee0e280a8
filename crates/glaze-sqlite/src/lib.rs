//! The SQLite adapter.

pub mod store;
pub mod structure;

pub use store::{PoolOptions, SqlitePool, SqliteStore};
pub use structure::{SqliteCatalog, SqliteDatabase};
