//! The library people add to their application, and what the `glaze` binary is made of: configuration, project folder, builder,
//! development loop, commands. It chooses the adapter by URL and puts the layers together.
//!
//! It must not know SQL, syntax trees or HTTP details: those are the layers' own.
//!
//! ```no_run
//! # async fn example() -> Result<(), glaze::Error> {
//! let glaze = glaze::Glaze::builder().schema("schema.rs").database("sqlite:data/app.db").migrate().build().await?;
//! let app = axum::Router::new().nest("/cms", glaze.router());
//! # let _: axum::Router = app; Ok(()) }
//! ```

// The macros name this crate as applications do.
extern crate self as glaze;

pub mod access;
mod backend;
mod builder;
mod config;
pub mod convergence;
pub mod dev;
mod error;
pub mod keys;
pub mod migrate;
mod project;
pub mod pull;
pub mod schema;
pub mod seed;
pub mod serve;
mod smtp;
pub mod states;
pub mod template;
pub mod users;

pub use builder::{AfterFn, BeforeFn, Builder, Glaze};
pub use config::{ApiConfig, AuthConfig, Config, DatabaseConfig, MailConfig, RegistrationConfig, SchemaConfig, ServerConfig};
pub use error::Error;
pub use project::{Project, model_of, read_sources};

pub use futures_util::future::BoxFuture;
pub use glaze_app as app;
pub use glaze_converge as converge;
pub use glaze_data::{
    Actor,
    write::{Action, Hook, HookError, HookEvent},
};
pub use glaze_model as model;
pub use glaze_source as source;

/// The reference of expressions, in Markdown.
pub fn expressions_reference() -> String {
    glaze_expr::reference()
}
