//! The search index: the same answers with it and without, on both databases, whatever happens to the rows and the tables.

#![allow(clippy::unwrap_used, missing_docs)]

mod answers;
mod changes;
mod structure;
mod texts;
mod world;
