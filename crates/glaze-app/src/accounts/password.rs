//! Changing a password, and setting one without the old.

use std::sync::Arc;

use glaze_auth::{
    AuthError,
    passwords::{self, Verdict},
    users,
    verifications::{self, Purpose},
};
use serde::Deserialize;

use super::{Client, Later, LoggedIn, existing, invalid_token, later, letters, mailed};
use crate::{App, Problem};

/// The old password and the new.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequest {
    /// The one there is.
    pub current: String,
    /// The one there is to be.
    pub password: String,
}

/// Whose password is forgotten.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForgotRequest {
    /// E-mail address.
    pub email: String,
}

/// A token that was mailed, and the new password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// The token.
    pub token: String,
    /// The one there is to be.
    pub password: String,
}

/// Changes the password of who asks. Their other sessions end.
///
/// # Errors
/// `unauthenticated` when the old password is another, `validation`, `too_many_requests`, or by the database.
pub async fn change(app: &App, who: &LoggedIn, request: ChangeRequest, client: &Client) -> Result<(), Problem> {
    passwords::check(&request.password)?;
    app.accounts.attempts.count(client.class(), &who.user.to_string())?;
    let live = app.live();
    let (model, store) = (live.schema.model(), &*live.store);
    let hash = users::password(model, store, who.user).await?;
    if app.accounts.passwords.verify(&request.current, hash).await? == Verdict::Wrong {
        return Err(AuthError::Credentials.into());
    }
    let hash = app.accounts.passwords.hash(&request.password).await?;
    let done = users::set_password(model, store, who.user, &hash, Some(who.session), false).await;
    app.accounts.sessions.forget();
    done.map_err(Problem::from)
}

/// Mails a link to set a new password, to who has an account. The answer is the same for who has none.
///
/// # Errors
/// `too_many_requests`.
pub fn forgot(app: &Arc<App>, request: ForgotRequest, client: &Client) -> Result<Later, Problem> {
    let email = users::email(&request.email)?;
    app.accounts.attempts.count(client.class(), &email)?;
    let app = app.clone();
    Ok(later("mailing a reset", async move {
        let Some(live) = existing(&app).await? else { return Ok(()) };
        let (model, store) = (live.schema.model(), &*live.store);
        if let Some(user) = users::by_email(model, store, &email).await? {
            let token = verifications::issue(model, store, Purpose::Reset, &mailed::about(&user)).await?;
            letters::post(&app, &user.email, Purpose::Reset, &token).await?;
        }
        Ok(())
    }))
}

/// Sets the password of whom the token was mailed to. All their sessions end.
///
/// # Errors
/// `unauthenticated` for a token that does not hold, `validation`, `too_many_requests`, or by the database.
pub async fn reset(app: &App, request: ResetRequest, client: &Client) -> Result<(), Problem> {
    // Before the token is used up.
    passwords::check(&request.password)?;
    app.accounts.attempts.count_address(client.class())?;
    let live = existing(app).await?.ok_or_else(invalid_token)?;
    let (model, store) = (live.schema.model(), &*live.store);
    let hash = app.accounts.passwords.hash(&request.password).await?;
    let user = mailed::redeem(&live, Purpose::Reset, &request.token).await?;
    let done = users::set_password(model, store, user.id, &hash, None, true).await;
    app.accounts.sessions.forget();
    done.map_err(Problem::from)
}
