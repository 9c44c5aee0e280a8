//! Administering users. Whoever calls these has been judged already: the command line acts as Glaze itself.

use glaze_auth::{
    passwords,
    users::{self, NewUser, Profile, User},
    verifications::{self, Purpose},
};

use super::{Registration, existing, letters, prepared, register::Invitation};
use crate::{App, Problem, problem};

/// A user with what Glaze knows of them.
#[derive(Debug, Clone)]
pub struct ManagedUser {
    /// Who.
    pub user: User,
    /// Roles, and whether they may log in.
    pub profile: Profile,
}

/// Makes a user whose address counts as verified. Without a password they log in by mail.
///
/// # Errors
/// `email_taken`, `refused` for an address or a role that can't be, `validation` for the password, or by the database.
pub async fn create(app: &App, email: &str, name: &str, roles: &[String], password: Option<&str>) -> Result<User, Problem> {
    let password = match password {
        None => None,
        Some(password) => {
            passwords::check(password)?;
            Some(app.accounts.passwords.hash(password).await?)
        }
    };
    let live = prepared(app).await?;
    let new = NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        verified: true,
        roles: roles.to_vec(),
        password,
    };
    Ok(users::create(live.schema.model(), &*live.store, new).await?)
}

/// Every user, oldest first.
///
/// # Errors
/// By the database.
pub async fn list(app: &App) -> Result<Vec<ManagedUser>, Problem> {
    let Some(live) = existing(app).await? else { return Ok(Vec::new()) };
    let all = users::list(live.schema.model(), &*live.store).await?;
    Ok(all.into_iter().map(|(user, profile)| ManagedUser { user, profile }).collect())
}

/// The user with this address.
///
/// # Errors
/// `not_found`, or by the database.
pub async fn find(app: &App, email: &str) -> Result<ManagedUser, Problem> {
    let nobody = || {
        Problem::new(
            &problem::NOT_FOUND,
            format!("There is no user `{email}`: `glaze user list` shows those there are."),
        )
    };
    let live = existing(app).await?.ok_or_else(nobody)?;
    let (model, store) = (live.schema.model(), &*live.store);
    let user = users::by_email(model, store, &users::email(email)?).await?.ok_or_else(nobody)?;
    let profile = users::profile_of(model, store, user.id).await?;
    Ok(ManagedUser { user, profile })
}

/// Gives a user other roles, or suspends them. Their sessions end at once.
///
/// # Errors
/// `refused` for a role that can't be, or by the database.
pub async fn set_profile(app: &App, user: &User, to: &Profile) -> Result<(), Problem> {
    let live = app.live();
    let done = users::set_profile(live.schema.model(), &*live.store, user.id, to).await;
    app.accounts.sessions.forget();
    done.map_err(Problem::from)
}

/// Sets the password of a user. Their sessions end at once.
///
/// # Errors
/// `validation`, or by the database.
pub async fn set_password(app: &App, user: &User, password: &str) -> Result<(), Problem> {
    passwords::check(password)?;
    let hash = app.accounts.passwords.hash(password).await?;
    let live = app.live();
    let done = users::set_password(live.schema.model(), &*live.store, user.id, &hash, None, false).await;
    app.accounts.sessions.forget();
    done.map_err(Problem::from)
}

/// Invites somebody: gives the link. Nothing is mailed.
///
/// # Errors
/// `email_taken`, `refused` for an address that can't be, or by the database.
pub async fn invite(app: &App, email: &str, roles: &[String]) -> Result<String, Problem> {
    if app.settings.accounts.registration == Registration::Off {
        let detail = "nobody can register here: set `registration = \"invite\"` under `[auth]` in glaze.toml";
        return Err(Problem::new(&problem::REFUSED, detail));
    }
    let live = prepared(app).await?;
    let (model, store) = (live.schema.model(), &*live.store);
    let email = users::email(email)?;
    users::check_roles(roles)?;
    if users::by_email(model, store, &email).await?.is_some() {
        return Err(glaze_auth::AuthError::Taken.into());
    }
    let about = serde_json::to_string(&Invitation {
        email,
        roles: roles.to_vec(),
    })
    .map_err(Problem::internal)?;
    let token = verifications::issue(model, store, Purpose::Invite, &about).await?;
    Ok(letters::link(app, Purpose::Invite, &token))
}
