//! Users from the command line, which acts as Glaze itself.

use glaze_app::accounts::{self, ManagedUser};
use glaze_auth::users::Profile;

use crate::{Error, Glaze, Project};

pub use glaze_auth::users::User;

/// Makes a user whose address counts as verified. Without a password they log in by mail.
///
/// # Errors
/// When the address is taken or can't be one, a role or the password can't be, or the database can't keep it.
pub async fn create(project: &Project, email: &str, name: &str, roles: &[String], password: Option<&str>) -> Result<User, Error> {
    let glaze = Glaze::open(project).await?;
    Ok(accounts::create(glaze.app(), email, name, roles, password).await?)
}

/// Every user, oldest first.
///
/// # Errors
/// When the database can't be read.
pub async fn list(project: &Project) -> Result<Vec<ManagedUser>, Error> {
    Ok(accounts::list(Glaze::open(project).await?.app()).await?)
}

/// Invites somebody; gives the link, which holds for a week, once.
///
/// # Errors
/// When nobody can register, the address is taken, or the database can't keep it.
pub async fn invite(project: &Project, email: &str, roles: &[String]) -> Result<String, Error> {
    Ok(accounts::invite(Glaze::open(project).await?.app(), email, roles).await?)
}

/// Gives a user exactly these roles. Their sessions end.
///
/// # Errors
/// When there is no such user, a role can't be, or the database can't keep it.
pub async fn set_roles(project: &Project, email: &str, roles: &[String]) -> Result<(), Error> {
    let roles = roles.to_vec();
    change(project, email, |profile| Profile { roles, ..profile }).await
}

/// Suspends a user, or lets them log in again. Their sessions end.
///
/// # Errors
/// When there is no such user, or the database can't keep it.
pub async fn set_suspended(project: &Project, email: &str, suspended: bool) -> Result<(), Error> {
    change(project, email, |profile| Profile { suspended, ..profile }).await
}

/// Sets the password of a user. Their sessions end.
///
/// # Errors
/// When there is no such user, the password can't be, or the database can't keep it.
pub async fn set_password(project: &Project, email: &str, password: &str) -> Result<(), Error> {
    let glaze = Glaze::open(project).await?;
    let found = accounts::find(glaze.app(), email).await?;
    Ok(accounts::set_password(glaze.app(), &found.user, password).await?)
}

async fn change(project: &Project, email: &str, to: impl FnOnce(Profile) -> Profile) -> Result<(), Error> {
    let glaze = Glaze::open(project).await?;
    let ManagedUser { user, profile } = accounts::find(glaze.app(), email).await?;
    Ok(accounts::set_profile(glaze.app(), &user, &to(profile)).await?)
}
