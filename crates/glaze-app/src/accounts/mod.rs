//! People: registering, logging in and out, sessions, passwords, what is mailed, and administering users.
//!
//! What is presented and does not hold is refused in the same words and in the same time as what is unknown. Work that would tell by its
//! length whether an address is known is handed back as [`Later`], to be done after the answer.

mod letters;
mod login;
mod mailed;
mod manage;
mod password;
mod register;
mod sessions;

use std::{net::IpAddr, sync::Arc};

use futures_util::future::BoxFuture;
use glaze_auth::{
    AuthError,
    limits::{AddressClass, Attempts},
    passwords::Passwords,
    sessions::{Begun, Device, Sessions},
    users::User,
};
use serde_json::{Value as Json, json};

use crate::{App, Live, Problem, problem};

pub use glaze_auth::sessions::{LoggedIn, START as TOKEN_START};
pub use login::{LoginRequest, login};
pub use mailed::{LinkRequest, TokenRequest, link, link_login, send_verification, verify};
pub use manage::{ManagedUser, create, find, invite, list, set_password, set_profile};
pub use password::{ChangeRequest, ForgotRequest, ResetRequest, change, forgot, reset};
pub use register::{RegisterRequest, Registered, register};
pub use sessions::{end, end_others, list as list_sessions, logged_in, logout, me};

/// Who may make an account for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Registration {
    /// Nobody.
    #[default]
    Off,
    /// Who was invited.
    Invite,
    /// Everybody.
    Open,
}

/// What the operator decides about accounts.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// Who may make an account for themselves.
    pub registration: Registration,
    /// An address must be verified before its owner can log in with a password.
    pub require_verified: bool,
    /// Where people reach this application, without a slash at the end: links in mails begin with it.
    pub public_url: String,
    /// The session's cookie is for https only.
    pub secure: bool,
    /// Proxies whose word about the client's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for AccountSettings {
    fn default() -> Self {
        AccountSettings {
            registration: Registration::Off,
            require_verified: true,
            public_url: "http://127.0.0.1:4000".into(),
            secure: true,
            trusted_proxies: Vec::new(),
        }
    }
}

/// What is kept in memory about people.
#[derive(Default)]
pub(crate) struct Accounts {
    pub passwords: Passwords,
    pub sessions: Sessions,
    pub attempts: Attempts,
}

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Address, where it is known.
    pub address: Option<IpAddr>,
    /// `User-Agent`
    pub agent: Option<String>,
}

impl Client {
    fn class(&self) -> AddressClass {
        AddressClass::of(self.address)
    }

    fn device(&self) -> Device {
        Device {
            address: self.address.map(|address| address.to_canonical().to_string()),
            agent: self.agent.as_ref().map(|agent| agent.chars().take(500).collect()),
        }
    }
}

/// Somebody who has just logged in.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Who.
    pub user: User,
    /// Their session, with its token.
    pub session: Begun,
}

impl Entered {
    /// `{"data":{"user":{…},"token":"…","expiresAt":"…"}}`
    pub fn body(&self) -> Json {
        json!({"data": {
            "user": shown(&self.user, &self.session.roles),
            "token": self.session.token,
            "expiresAt": self.session.expires_at,
        }})
    }
}

/// Work to be done after the answer.
pub type Later = BoxFuture<'static, ()>;

/// A user with their roles.
fn shown(user: &User, roles: &[String]) -> Json {
    let mut shown = serde_json::to_value(user).unwrap_or_default();
    shown["roles"] = json!(roles);
    shown
}

/// What is served, with tables to look for people in.
async fn prepared(app: &App) -> Result<Arc<Live>, Problem> {
    app.ensure_system().await?;
    Ok(app.live())
}

/// The same, for who only looks: where there are no tables there is nobody.
async fn existing(app: &App) -> Result<Option<Arc<Live>>, Problem> {
    Ok(app.has_system().await?.then(|| app.live()))
}

/// Work whose failure nobody is told but the log.
fn later(what: &'static str, work: impl Future<Output = Result<(), Problem>> + Send + 'static) -> Later {
    Box::pin(async move {
        if let Err(problem) = work.await {
            tracing::error!(%problem, cause = problem.cause.as_deref().unwrap_or_default(), "{what} failed");
        }
    })
}

fn invalid_token() -> Problem {
    AuthError::Invalid.into()
}

fn not_possible(detail: &str) -> Problem {
    Problem::new(&problem::FORBIDDEN, detail)
}
