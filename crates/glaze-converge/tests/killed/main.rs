//! Migrators that die: in the middle of a statement, and after every single one.
#![allow(clippy::unwrap_used)]

mod dying;
mod everywhere;
mod midway;
#[path = "../support/mod.rs"]
mod support;
