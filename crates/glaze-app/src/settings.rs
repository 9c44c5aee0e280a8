//! What the operator decides. Filled from `glaze.toml` and the environment by whoever starts the application.

use std::time::Duration;

use glaze_data::{limits::Limits, write::WriteLimits};

use crate::accounts::AccountSettings;

/// What the operator decides.
#[derive(Clone)]
pub struct Settings {
    /// Name of the project, shown in OpenAPI and on pages.
    pub name: String,
    /// Development-only routes do not exist, and errors say less.
    pub production: bool,
    /// Limits on what one request may ask for.
    pub limits: Limits,
    /// Limits on what one write may do.
    pub write_limits: WriteLimits,
    /// Signs cursors. The same on every node, and kept secret.
    pub cursor_secret: Vec<u8>,
    /// What the operator decides about accounts.
    pub accounts: AccountSettings,
    /// Origins that may call the API from a browser; `*` for all.
    pub cors: Vec<String>,
    /// Bytes of a request body.
    pub body_limit: usize,
    /// Nesting of JSON in a request body.
    pub json_depth: usize,
    /// Answers over 1 KB are compressed for who accepts it.
    pub compression: bool,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// Connections at the same time.
    pub connections: usize,
    /// How long requests being worked on may go on when the server stops.
    pub shutdown_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            name: "glaze".into(),
            production: true,
            limits: Limits::default(),
            write_limits: WriteLimits::default(),
            cursor_secret: random_secret(),
            accounts: AccountSettings::default(),
            cors: Vec::new(),
            body_limit: 2 * 1024 * 1024,
            json_depth: 32,
            compression: false,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            connections: 10_000,
            shutdown_grace: Duration::from_secs(10),
        }
    }
}

impl std::fmt::Debug for Settings {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("production", &self.production)
            .field("limits", &self.limits)
            .field("cors", &self.cors)
            .finish_non_exhaustive()
    }
}

/// Cursors then last as long as the process; a project keeps its own secret.
fn random_secret() -> Vec<u8> {
    let mut secret = uuid::Uuid::new_v4().as_bytes().to_vec();
    secret.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    secret
}
