//! Logging in with a password.

use glaze_auth::{
    AuthError,
    passwords::{LONGEST, Verdict},
    sessions::{self, Proof},
    users,
};
use serde::Deserialize;

use super::{Client, Entered, existing};
use crate::{App, Live, Problem};

/// An address and its password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Begins a session. An unknown address, another password and an address that is not verified are refused alike.
///
/// # Errors
/// `unauthenticated`; `suspended`, for who knows the password; `too_many_requests`; or by the database.
pub async fn login(app: &App, request: LoginRequest, client: &Client) -> Result<Entered, Problem> {
    // What can't be an address is one that nobody has.
    let email = users::email(&request.email).unwrap_or_default();
    app.accounts.attempts.count(client.class(), &email)?;
    if request.password.chars().count() > LONGEST {
        return Err(AuthError::Credentials.into());
    }
    let Some(live) = existing(app).await? else {
        app.accounts.passwords.verify(&request.password, None).await?;
        return Err(AuthError::Credentials.into());
    };
    let (user, hash) = account(&live, &email).await?;
    let verdict = app.accounts.passwords.verify(&request.password, hash.clone()).await?;
    match (user, hash, verdict) {
        (Some(user), Some(hash), Verdict::Right { replace }) if user.email_verified || !app.settings.accounts.require_verified => {
            let proof = Proof::Password { hash, replace };
            let session = sessions::begin(live.schema.model(), &*live.store, user.id, &client.device(), proof).await?;
            Ok(Entered { user, session })
        }
        _ => Err(AuthError::Credentials.into()),
    }
}

async fn account(live: &Live, email: &str) -> Result<(Option<users::User>, Option<String>), AuthError> {
    let (model, store) = (live.schema.model(), &*live.store);
    let user = users::by_email(model, store, email).await?;
    // Asked for nobody too: one read takes as long as the other.
    let id = user.as_ref().map_or(uuid::Uuid::nil(), |user| user.id);
    let hash = users::password(model, store, id).await?;
    Ok((user, hash))
}
