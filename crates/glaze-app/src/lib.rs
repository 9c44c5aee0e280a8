//! The operations: one function per thing a person can do, given an actor. REST, GraphQL, jobs and the command line share them.
//!
//! [`App`] is what all surfaces hold; [`Live`] is the schema being served, replaced as a whole when it changes; a failure is a
//! [`Problem`] from one table.
//!
//! This crate must not know HTTP (a problem carries the number of a status, nothing else), nor any particular database.

pub mod accounts;
mod app;
pub mod convergence;
pub mod entries;
mod etag;
pub mod health;
pub mod idempotency;
pub mod keys;
mod live;
pub mod mail;
pub mod problem;
mod settings;
mod system;

pub use app::App;
pub use etag::{ETag, etag};
pub use live::Live;
pub use problem::Problem;
pub use settings::Settings;
pub use system::{NoSystem, System};
