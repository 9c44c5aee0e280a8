//! Migrations on both databases: their life, the guard before, the proof after, the ways back, the rehearsal.
#![allow(clippy::unwrap_used)]

mod beside;
mod guard;
mod life;
mod project;
mod rehearsal;
mod repair;
mod statements;
#[path = "../support/mod.rs"]
mod support;
mod waiting;
