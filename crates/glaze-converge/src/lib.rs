//! Convergence: what tables there should be ([`catalog::Catalog`] from the model), what there are (introspection through the
//! [`port::Database`] port), what differs, in which steps to get there, and the record of it (migration files, snapshots, journal).
//!
//! Stages with plain data between them: model → desired catalog → normalise → diff → plan → assess → render → apply → prove.
//! Only introspection, data probes and apply touch a database.
//!
//! This crate must not know any particular database, nor HTTP.

pub mod accept;
pub mod assess;
mod beside;
pub mod carry;
pub mod catalog;
pub mod desired;
pub mod dialect;
pub mod diff;
pub mod external;
pub mod hints;
pub mod identity;
pub mod lint;
pub mod migrations;
pub mod names;
pub mod online;
pub mod plan;
pub mod port;
pub mod pull;
pub mod rename;
pub mod scope;
pub mod states;
pub mod step;
pub mod system;
pub mod text;
