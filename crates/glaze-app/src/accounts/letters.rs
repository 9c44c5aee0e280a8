//! What is mailed, in words, and handing it to whoever sends it.

use glaze_auth::{users::User, verifications::Purpose};

use crate::{App, Problem, mail::Mail};

/// Mails a token as a link.
pub(super) async fn post(app: &App, to: &str, purpose: Purpose, token: &str) -> Result<(), Problem> {
    let site = &app.settings.name;
    let link = link(app, purpose, token);
    let (subject, before, after) = match purpose {
        Purpose::Verify => (
            format!("Confirm your e-mail address for {site}"),
            "Confirm that this address is yours:",
            "The link holds for 24 hours. If you did not make an account, do nothing.",
        ),
        Purpose::Reset => (
            format!("A new password for {site}"),
            "Choose a new password here:",
            "The link holds for one hour, once. If you did not ask for it, do nothing: your password stays as it is.",
        ),
        Purpose::MagicLink => (
            format!("Log in to {site}"),
            "Log in here:",
            "The link holds for 15 minutes, once. If you did not ask for it, do nothing.",
        ),
        Purpose::Invite => (
            format!("You are invited to {site}"),
            "Make your account here:",
            "The link holds for seven days, once.",
        ),
    };
    let mail = Mail {
        to: to.to_owned(),
        subject,
        text: format!("{before}\n\n{link}\n\n{after}\n"),
    };
    app.send(mail).await
}

/// Tells the owner of an address that somebody wanted to register with it.
pub(super) async fn known_already(app: &App, user: &User) -> Result<(), Problem> {
    let site = &app.settings.name;
    app.send(Mail {
        to: user.email.clone(),
        subject: format!("You have an account at {site}"),
        text: format!(
            "Somebody, perhaps you, wanted to make an account at {site} with this address. There is one already: log in, or ask for a new \
             password.\n\nIf it was not you, do nothing.\n"
        ),
    })
    .await
}

/// Where the token is redeemed: a page of ours.
pub(super) fn link(app: &App, purpose: Purpose, token: &str) -> String {
    let path = match purpose {
        Purpose::Verify => "verify",
        Purpose::Reset => "password/reset",
        Purpose::MagicLink => "magic-link/login",
        Purpose::Invite => "register",
    };
    format!("{}/api/auth/{path}?token={token}", app.settings.accounts.public_url)
}
