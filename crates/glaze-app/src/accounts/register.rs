//! Making an account for oneself.

use std::sync::Arc;

use glaze_auth::{
    AuthError, passwords,
    sessions::{self, Proof},
    users::{self, NewUser},
    verifications::{self, Purpose},
};
use serde::{Deserialize, Serialize};

use super::{Client, Entered, Later, Registration, existing, invalid_token, later, letters, mailed, not_possible, prepared};
use crate::{App, Problem};

/// Who wants an account: with the token of an invitation, or with an address.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    /// Token of an invitation.
    pub token: Option<String>,
    /// Address; that of the invitation when there is one.
    pub email: Option<String>,
    /// What to call them.
    #[serde(default)]
    pub name: String,
    /// Password.
    pub password: String,
}

/// What came of it.
pub enum Registered {
    /// Who was invited is logged in.
    Entered(Box<Entered>),
    /// A mail is on its way: to a new user to verify the address, to one there is to say so.
    Mailed(Later),
}

/// What an invitation stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub email: String,
    pub roles: Vec<String>,
}

/// Makes an account. Whether an address has one is told to its owner only, by mail.
///
/// # Errors
/// `forbidden` when not everybody may; `validation`; `unauthenticated` for an invitation that does not hold; `too_many_requests`; or by
/// the database.
pub async fn register(app: &Arc<App>, request: RegisterRequest, client: &Client) -> Result<Registered, Problem> {
    let RegisterRequest {
        token,
        email,
        name,
        password,
    } = request;
    match (app.settings.accounts.registration, token) {
        (Registration::Off, _) => Err(not_possible("Nobody can register here.")),
        (Registration::Invite | Registration::Open, Some(token)) => {
            passwords::check(&password)?;
            app.accounts.attempts.count_address(client.class())?;
            let entered = invited(app, &token, name, &password, client).await?;
            Ok(Registered::Entered(Box::new(entered)))
        }
        (Registration::Invite, None) => Err(not_possible("Only who was invited can register here.")),
        (Registration::Open, None) => {
            passwords::check(&password)?;
            let email = users::email(&email.unwrap_or_default())?;
            app.accounts.attempts.count(client.class(), &email)?;
            let app = app.clone();
            let work = async move { open(&app, email, name, &password).await };
            Ok(Registered::Mailed(later("registering", work)))
        }
    }
}

async fn invited(app: &App, token: &str, name: String, password: &str, client: &Client) -> Result<Entered, Problem> {
    let live = existing(app).await?.ok_or_else(invalid_token)?;
    let (model, store) = (live.schema.model(), &*live.store);
    let hash = app.accounts.passwords.hash(password).await?;
    let about = verifications::redeem(model, store, Purpose::Invite, token).await?;
    let Invitation { email, roles } = serde_json::from_str(&about).map_err(Problem::internal)?;
    let new = NewUser {
        name,
        email,
        verified: true,
        roles,
        password: Some(hash.clone()),
    };
    let user = users::create(model, store, new).await?;
    let proof = Proof::Password { hash, replace: None };
    let session = sessions::begin(model, store, user.id, &client.device(), proof).await?;
    Ok(Entered { user, session })
}

async fn open(app: &App, email: String, name: String, password: &str) -> Result<(), Problem> {
    let live = prepared(app).await?;
    let (model, store) = (live.schema.model(), &*live.store);
    let hash = app.accounts.passwords.hash(password).await?;
    let new = NewUser {
        name,
        email: email.clone(),
        verified: false,
        roles: Vec::new(),
        password: Some(hash),
    };
    match users::create(model, store, new).await {
        Ok(user) => mailed::mail_verification(app, &live, &user).await,
        Err(AuthError::Taken) => match users::by_email(model, store, &email).await? {
            Some(user) => letters::known_already(app, &user).await,
            None => Ok(()),
        },
        Err(other) => Err(other.into()),
    }
}
