//! The HTTP surface: axum routes over the operations of `glaze-app`.
//!
//! Handlers take a request apart, learn who asks, call an operation and shape the answer; everything that every answer has is
//! added in one place around them. [`router`] may be mounted at any path of another application; [`serve`] listens.
//!
//! This crate must not know SQL, nor any particular database; what may be read or written is not decided here.

mod actor;
mod admin;
mod answer;
mod auth;
mod body;
mod content;
mod cors;
mod edge;
mod metrics;
mod node;
pub mod openapi;
mod pages;
mod router;
mod serve;

pub use admin::development_routes;
pub use router::{router, routes};
pub use serve::serve;
