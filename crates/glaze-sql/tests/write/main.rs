//! The life of a write on real databases: the same cases on both, the same answers.

#![allow(clippy::unwrap_used, missing_docs)]

mod bulk;
mod concurrency;
mod create;
mod golden;
mod hooks;
mod inner;
mod keys;
mod native;
mod policies;
mod random;
mod refused;
mod relations;
mod tables;
mod update;
mod world;
