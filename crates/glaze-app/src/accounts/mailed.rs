//! What is mailed to somebody and comes back: that an address is theirs, and logging in without a password.

use std::sync::Arc;

use glaze_auth::{
    sessions::{self, Proof},
    users::{self, User},
    verifications::{self, Purpose},
};
use serde::Deserialize;

use super::{Client, Entered, Later, LoggedIn, existing, invalid_token, later, letters};
use crate::{App, Live, Problem};

/// Who wants a link to log in.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// E-mail address.
    pub email: String,
}

/// A token that was mailed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The token.
    pub token: String,
}

/// Mails a link to log in, to who has an account. The answer is the same for who has none.
///
/// # Errors
/// `too_many_requests`.
pub fn link(app: &Arc<App>, request: LinkRequest, client: &Client) -> Result<Later, Problem> {
    let email = users::email(&request.email)?;
    app.accounts.attempts.count(client.class(), &email)?;
    let app = app.clone();
    Ok(later("mailing a magic link", async move {
        let Some(live) = existing(&app).await? else { return Ok(()) };
        let (model, store) = (live.schema.model(), &*live.store);
        if let Some(user) = users::by_email(model, store, &email).await? {
            let token = verifications::issue(model, store, Purpose::MagicLink, &about(&user)).await?;
            letters::post(&app, &user.email, Purpose::MagicLink, &token).await?;
        }
        Ok(())
    }))
}

/// Begins a session of whom the link was mailed to. Where nobody had shown before that the address is theirs, the password and the
/// sessions there are end: whoever made them may be somebody else.
///
/// # Errors
/// `unauthenticated` for a token that does not hold, `suspended`, `too_many_requests`, or by the database.
pub async fn link_login(app: &App, request: TokenRequest, client: &Client) -> Result<Entered, Problem> {
    app.accounts.attempts.count_address(client.class())?;
    let live = existing(app).await?.ok_or_else(invalid_token)?;
    let (model, store) = (live.schema.model(), &*live.store);
    let mut user = redeem(&live, Purpose::MagicLink, &request.token).await?;
    if !user.email_verified {
        let claimed = users::claim(model, store, user.id).await;
        app.accounts.sessions.forget();
        claimed?;
        user.email_verified = true;
    }
    let session = sessions::begin(model, store, user.id, &client.device(), Proof::Mail).await?;
    Ok(Entered { user, session })
}

/// Notes that an address is theirs.
///
/// # Errors
/// `unauthenticated` for a token that does not hold, `too_many_requests`, or by the database.
pub async fn verify(app: &App, request: TokenRequest, client: &Client) -> Result<(), Problem> {
    app.accounts.attempts.count_address(client.class())?;
    let live = existing(app).await?.ok_or_else(invalid_token)?;
    let user = redeem(&live, Purpose::Verify, &request.token).await?;
    match users::set_verified(live.schema.model(), &*live.store, user.id, &user.email).await? {
        true => Ok(()),
        false => Err(invalid_token()),
    }
}

/// Mails a link by which who asks shows that their address is theirs.
///
/// # Errors
/// `too_many_requests`, or by the database.
pub async fn send_verification(app: &App, who: &LoggedIn, client: &Client) -> Result<(), Problem> {
    app.accounts.attempts.count(client.class(), &who.user.to_string())?;
    let live = app.live();
    let (model, store) = (live.schema.model(), &*live.store);
    let user = users::by_id(model, store, who.user).await?.ok_or_else(invalid_token)?;
    match user.email_verified {
        true => Ok(()),
        false => mail_verification(app, &live, &user).await,
    }
}

pub(super) async fn mail_verification(app: &App, live: &Live, user: &User) -> Result<(), Problem> {
    let token = verifications::issue(live.schema.model(), &*live.store, Purpose::Verify, &about(user)).await?;
    letters::post(app, &user.email, Purpose::Verify, &token).await
}

/// What a token stands for: a user at an address. When they have another by then, it does not hold.
pub(super) fn about(user: &User) -> String {
    format!("{} {}", user.id, user.email)
}

/// The user a token was mailed to.
pub(super) async fn redeem(live: &Live, purpose: Purpose, token: &str) -> Result<User, Problem> {
    let (model, store) = (live.schema.model(), &*live.store);
    let about = verifications::redeem(model, store, purpose, token).await?;
    let (id, email) = about.split_once(' ').ok_or_else(invalid_token)?;
    let id = id.parse().map_err(|_| invalid_token())?;
    let user = users::by_id(model, store, id).await?;
    user.filter(|user| user.email == email).ok_or_else(invalid_token)
}
