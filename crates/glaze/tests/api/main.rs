//! The content API, told as stories. Each goes through the real router on both real databases, and both must answer the same bytes.

#![allow(clippy::unwrap_used)]

mod bulk;
mod journal;
mod keys;
mod listening;
mod lists;
mod node;
mod once;
mod policies;
mod problems;
mod reads;
mod relations;
mod settings;
mod tags;
mod world;
mod writes;
