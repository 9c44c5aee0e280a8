//! `glaze.toml`, the environment over it, and defaults under it.

use std::{net::IpAddr, path::Path};

use serde::Deserialize;

use crate::Error;

/// The whole of `glaze.toml`. Every key is optional; an unknown one is an error that lists those there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Name of the project, shown in the admin and in OpenAPI.
    pub name: Option<String>,
    /// `[schema]`
    pub schema: SchemaConfig,
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[server]`
    pub server: ServerConfig,
    /// `[api]`
    pub api: ApiConfig,
    /// `[auth]`
    pub auth: AuthConfig,
    /// `[mail]`
    pub mail: MailConfig,
}

/// `[schema]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchemaConfig {
    /// A file, or a folder whose `*.rs` files belong to one model.
    pub path: String,
    /// Folder of the migrations; one folder per dialect below it.
    pub migrations: String,
}

impl Default for SchemaConfig {
    fn default() -> Self {
        SchemaConfig {
            path: "schema.rs".into(),
            migrations: "migrations".into(),
        }
    }
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite:data/app.db` (relative to the project) or `postgres://…`. `DATABASE_URL` overrides.
    pub url: String,
    /// Dialects that migrations are written for; the one of `url` is always among them.
    pub dialects: Vec<String>,
    /// Schemas that are looked at, where the database has schemas.
    pub schemas: Vec<String>,
    /// Patterns of the tables that are ours (`cms_*`); empty: all in those schemas.
    pub owns: Vec<String>,
    /// Patterns of tables to leave out.
    pub ignore: Vec<String>,
    /// Connections for transactions (PostgreSQL) at the same time.
    pub pool: usize,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        DatabaseConfig {
            url: "sqlite:data/glaze.db".into(),
            dialects: vec![],
            schemas: vec![],
            owns: vec![],
            ignore: vec![],
            pool: 16,
        }
    }
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address to listen on; `--host` and `GLAZE_HOST` override.
    pub host: String,
    /// Port; `--port` and `GLAZE_PORT` override.
    pub port: u16,
    /// Origins that may call the API from a browser; `["*"]` for all (without cookies).
    pub cors: Vec<String>,
    /// Where people reach it (`https://example.org`, with a path where it is mounted at one); host and port unless said.
    pub public_url: Option<String>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        ServerConfig {
            host: "127.0.0.1".into(),
            port: 4000,
            cors: vec![],
            public_url: None,
            trusted_proxies: vec![],
        }
    }
}

/// `[api]`: limits on what one request may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiConfig {
    /// Entries on a page when not said (25).
    pub page_size: Option<u64>,
    /// Most entries on a page (100).
    pub page_size_max: Option<u64>,
    /// Depth of `include` (4).
    pub include_depth: Option<usize>,
    /// Depth of `filter` (8).
    pub filter_depth: Option<usize>,
    /// Bytes of a request body (2 MiB).
    pub body_limit: Option<usize>,
    /// Milliseconds a statement may take (10,000).
    pub statement_timeout_ms: Option<u64>,
}

/// `[auth]`: accounts of people.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthConfig {
    /// Who may make an account: `off`, `invite`, `open`.
    pub registration: RegistrationConfig,
    /// An address must be verified before its owner can log in with a password.
    pub require_verified: bool,
}

impl Default for AuthConfig {
    fn default() -> Self {
        AuthConfig {
            registration: RegistrationConfig::Off,
            require_verified: true,
        }
    }
}

/// Who may make an account for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationConfig {
    /// Nobody.
    Off,
    /// Who was invited.
    Invite,
    /// Everybody.
    Open,
}

/// `[mail]`: how mails are sent in production. In development they are caught.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// `smtps://user:password@host`, `smtp://host:587?tls=required`. `GLAZE_MAIL_URL` overrides.
    pub url: Option<String>,
    /// Sender: `Shop <shop@example.org>`.
    pub from: Option<String>,
}

impl Config {
    /// Where people reach the application, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        let ServerConfig {
            host, port, public_url, ..
        } = &self.server;
        match public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{host}:{port}"),
        }
    }

    /// Reads the file; a missing one gives the defaults. The environment is applied over it.
    ///
    /// # Errors
    /// When the file can't be read, or says something unknown: with line and column.
    pub fn load(file: &Path) -> Result<Config, Error> {
        let mut config = match std::fs::read_to_string(file) {
            Ok(text) => Config::parse(&text, &file.display().to_string())?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Config::default(),
            Err(error) => return Err(Error::io("read", file, error)),
        };
        let local = local_environment(file);
        let variable = |name: &str| {
            let local = || local.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            std::env::var(name).ok().or_else(local).filter(|value| !value.is_empty())
        };
        config.apply_environment(variable)?;
        Ok(config)
    }

    fn parse(text: &str, name: &str) -> Result<Config, Error> {
        toml::from_str(text).map_err(|error| Error::Config(format!("{name}: {}", error.to_string().trim_end())))
    }

    fn apply_environment(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        if let Some(url) = variable("DATABASE_URL") {
            self.database.url = url;
        }
        if let Some(url) = variable("GLAZE_MAIL_URL") {
            self.mail.url = Some(url);
        }
        if let Some(host) = variable("GLAZE_HOST") {
            self.server.host = host;
        }
        if let Some(port) = variable("GLAZE_PORT") {
            self.server.port = port
                .parse()
                .map_err(|_| Error::Config(format!("GLAZE_PORT must be a port number, not `{port}`")))?;
        }
        Ok(())
    }
}

/// `.env` beside the file: for secrets that stay out of version control. The real environment wins over it.
fn local_environment(file: &Path) -> Vec<(String, String)> {
    let place = file.with_file_name(".env");
    dotenvy::from_path_iter(place)
        .map(|items| items.filter_map(Result::ok).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let error = Config::parse("[server]\nprot = 80\n", "glaze.toml")
            .expect_err("unknown key")
            .to_string();
        assert!(
            error.contains("glaze.toml") && error.contains("line 2") && error.contains("prot") && error.contains("port"),
            "{error}"
        );
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut config = Config::parse("[database]\nurl = \"sqlite:a.db\"", "glaze.toml").expect("reads");
        config
            .apply_environment(|name| (name == "DATABASE_URL").then(|| "postgres://h/d".into()))
            .expect("applies");
        assert_eq!(config.database.url, "postgres://h/d");
        assert!(config.apply_environment(|name| (name == "GLAZE_PORT").then(|| "x".into())).is_err());
    }
}
