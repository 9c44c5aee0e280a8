//! The structure of SQLite databases: how fields are stored, what is there, and how it is changed.

mod apply;
mod convert;
mod dialect;
mod expression;
mod introspect;
mod journal;
mod lint;
mod lists;
mod lock;
mod normalise;
mod parse;
mod probe;
mod render;
mod scratch;
mod session;
mod types;

pub use apply::SqliteDatabase;
pub use dialect::SqliteCatalog;
pub use types::{ColumnType, canonical_json, column_type};
