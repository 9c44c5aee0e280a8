//! The Rust dialect: `schema.rs`.

pub(crate) mod attributes;
pub mod compile;
mod edit;
pub(crate) mod literal;
pub(crate) mod names;
mod print;
pub(crate) mod raw;
mod read;
mod reference;
mod split;
mod tokens;

pub(crate) use edit::splice;
pub(crate) use print::is_implied;
pub use print::print;
pub(crate) use read::implicit::{id_field, time_fields};
pub use read::read;
pub(crate) use read::{is_free_field_name, is_free_type_name, read_builtin};
pub use reference::reference;
