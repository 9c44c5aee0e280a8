//! The life of a write on real databases: the same cases on both, the same answers.

#![allow(clippy::unwrap_used, missing_docs)]

mod bulk;
mod concurrency;
mod create;
mod hooks;
mod policies;
mod keys;
mod relations;
mod tables;
mod update;
mod world;
