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
pub use print::print;
pub(crate) use print::is_implied;
pub use read::read;
pub use reference::reference;
pub(crate) use read::read_builtin;
