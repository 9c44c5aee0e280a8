//! Users: `user` with the columns of Better Auth, `account` with the password, `user_profile` with what else Glaze knows.

use glaze_data::{
    bound::{Insert, Load},
    store::{Store, StoreError},
};
use glaze_expr::tree::Expr;
use glaze_model::{Model, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    AuthError, roles,
    sessions::table as sessions,
    table::{self, Table, Write, now, words},
};

const USER: &str = "User";
const PROFILE: &str = "LoginProfile";
const ACCOUNT: &str = "LoginAccount";
/// Better Auth's name for accounts with a password.
const CREDENTIAL: &str = "credential";
/// Longest e-mail address there is.
const LONGEST_EMAIL: usize = 254;

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// `me.id`
    pub id: Uuid,
    /// What to call them.
    pub name: String,
    /// In lower case.
    pub email: String,
    /// They have shown that the address is theirs.
    pub email_verified: bool,
    /// Address of a picture.
    pub image: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

/// What Glaze knows beyond that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// `me.roles`
    pub roles: Vec<String>,
    /// May not log in.
    pub suspended: bool,
}

/// A user to be made.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// What to call them; the part of the address before the `@` when empty.
    pub name: String,
    /// Address.
    pub email: String,
    /// The address is known to be theirs.
    pub verified: bool,
    /// What they may do.
    pub roles: Vec<String>,
    /// Hash of the password; without one they log in by mail.
    pub password: Option<String>,
}

/// An e-mail address as it is kept and looked for.
///
/// # Errors
/// When it can't be one.
pub fn email(text: &str) -> Result<String, AuthError> {
    let email = text.trim().to_lowercase();
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | '"'))
    };
    let is_one = match email.rsplit_once('@') {
        Some((local, domain)) => {
            plain(local) && !local.contains('@') && plain(domain) && !domain.starts_with('.') && !domain.ends_with('.')
        }
        None => false,
    };
    match is_one && email.len() <= LONGEST_EMAIL {
        true => Ok(email),
        false => Err(AuthError::Refused("that is not an e-mail address".into())),
    }
}

/// Refuses what could not be written as a role in a policy.
///
/// # Errors
/// [`AuthError::Refused`] with the first.
pub fn check_roles(all: &[String]) -> Result<(), AuthError> {
    roles::check(all)
}

/// Makes a user.
///
/// # Errors
/// [`AuthError::Taken`]; for a role or an address that can't be; or by the store.
pub async fn create(model: &Model, store: &dyn Store, new: NewUser) -> Result<User, AuthError> {
    roles::check(&new.roles)?;
    let (now, email) = (now(), email(&new.email)?);
    let name = match new.name.trim() {
        "" => email.split('@').next().unwrap_or_default().to_owned(),
        name => name.chars().filter(|c| !c.is_control()).take(200).collect(),
    };
    let user = User {
        id: Uuid::now_v7(),
        name,
        email,
        email_verified: new.verified,
        image: None,
        created_at: now,
    };
    let insert = Table::of(model, USER)?.insert(vec![
        ("id", Value::Uuid(user.id)),
        ("name", Value::Text(user.name.clone())),
        ("email", Value::Text(user.email.clone())),
        ("email_verified", Value::Bool(user.email_verified)),
        ("created_at", Value::DateTime(now)),
        ("updated_at", Value::DateTime(now)),
    ])?;
    let mut writes = vec![Write::Insert(insert), Write::Insert(profile(model, user.id, &new.roles)?)];
    if let Some(hash) = &new.password {
        writes.push(Write::Insert(credential(model, user.id, hash)?));
    }
    match table::write(store, writes).await {
        Err(AuthError::Store(StoreError::Unique { .. })) => Err(AuthError::Taken),
        done => done.map(|_| user),
    }
}

/// Every user, oldest first.
///
/// # Errors
/// By the store.
pub async fn list(model: &Model, store: &dyn Store) -> Result<Vec<(User, Profile)>, AuthError> {
    #[derive(Deserialize)]
    struct Row {
        user: Uuid,
        #[serde(flatten)]
        profile: Profile,
    }
    let all = read(model, store, Expr::bool(true), 10_000).await?;
    let rows: Vec<Row> = Table::of(model, PROFILE)?
        .read(store, Expr::bool(true), &["user", "roles", "suspended"], 10_000)
        .await?;
    let mut profiles: std::collections::HashMap<Uuid, Profile> = rows.into_iter().map(|row| (row.user, row.profile)).collect();
    Ok(all
        .into_iter()
        .map(|user| {
            let profile = profiles.remove(&user.id).unwrap_or_default();
            (user, profile)
        })
        .collect())
}

/// The user with this address, as [`email`] gives it.
///
/// # Errors
/// By the store.
pub async fn by_email(model: &Model, store: &dyn Store, email: &str) -> Result<Option<User>, AuthError> {
    let filter = Table::of(model, USER)?.says("email", email)?;
    Ok(read(model, store, filter, 1).await?.pop())
}

/// The user with this id.
///
/// # Errors
/// By the store.
pub async fn by_id(model: &Model, store: &dyn Store, id: Uuid) -> Result<Option<User>, AuthError> {
    let filter = Table::of(model, USER)?.is("id", id)?;
    Ok(read(model, store, filter, 1).await?.pop())
}

/// Hash of the password, where there is one.
///
/// # Errors
/// By the store.
pub async fn password(model: &Model, store: &dyn Store, user: Uuid) -> Result<Option<String>, AuthError> {
    #[derive(Deserialize)]
    struct Row {
        password: Option<String>,
    }
    let row: Option<Row> = Table::of(model, ACCOUNT)?
        .read(store, with_password(model, user)?, &["password"], 1)
        .await?
        .pop();
    Ok(row.and_then(|row| row.password))
}

/// Another password. Every session ends but `keep`; `verified` notes that the address is theirs.
///
/// # Errors
/// By the store.
pub async fn set_password(
    model: &Model,
    store: &dyn Store,
    user: Uuid,
    hash: &str,
    keep: Option<Uuid>,
    verified: bool,
) -> Result<(), AuthError> {
    let mut writes = vec![
        locked_profile(model, user)?,
        Write::Ensure(
            Table::of(model, ACCOUNT)?.lock(with_password(model, user)?, &["id"])?,
            credential(model, user, hash)?,
        ),
        replace_password(model, user, Value::Text(hash.to_owned()))?,
        Write::Delete(sessions::of_user(model, user, keep)?),
    ];
    if verified {
        writes.push(verify(model, user)?);
    }
    table::write(store, writes).await.map(drop)
}

/// Notes that the address of a user is theirs, while it still is that one. Gives whether it was.
///
/// # Errors
/// By the store.
pub async fn set_verified(model: &Model, store: &dyn Store, user: Uuid, email: &str) -> Result<bool, AuthError> {
    let users = Table::of(model, USER)?;
    let filter = Expr::and([users.is("id", user)?, users.says("email", email)?]);
    let update = users.update(
        filter,
        vec![("email_verified", Value::Bool(true)), ("updated_at", Value::DateTime(now()))],
    )?;
    Ok(table::write(store, vec![Write::Update(update)]).await? > 0)
}

/// Somebody showed by mail that the address is theirs, which nobody had shown before: a password that was set by then may be
/// somebody else's, and so may sessions.
///
/// # Errors
/// By the store.
pub async fn claim(model: &Model, store: &dyn Store, user: Uuid) -> Result<(), AuthError> {
    let writes = vec![
        locked_profile(model, user)?,
        replace_password(model, user, Value::Null)?,
        Write::Delete(sessions::of_user(model, user, None)?),
        verify(model, user)?,
    ];
    table::write(store, writes).await.map(drop)
}

/// Other roles, and whether somebody may log in. Sessions end at once.
///
/// # Errors
/// For a role that can't be, or by the store.
pub async fn set_profile(model: &Model, store: &dyn Store, user: Uuid, to: &Profile) -> Result<(), AuthError> {
    roles::check(&to.roles)?;
    let profiles = Table::of(model, PROFILE)?;
    let set = vec![
        ("roles", words(&to.roles)),
        ("suspended", Value::Bool(to.suspended)),
        ("updated_at", Value::DateTime(now())),
    ];
    let writes = vec![
        locked_profile(model, user)?,
        Write::Update(profiles.update(profiles.is("user", user)?, set)?),
        Write::Delete(sessions::of_user(model, user, None)?),
    ];
    table::write(store, writes).await.map(drop)
}

/// What Glaze knows of a user beyond what Better Auth does.
///
/// # Errors
/// By the store.
pub async fn profile_of(model: &Model, store: &dyn Store, user: Uuid) -> Result<Profile, AuthError> {
    let profiles = Table::of(model, PROFILE)?;
    let mut found = profiles.read(store, profiles.is("user", user)?, &["roles", "suspended"], 1).await?;
    Ok(found.pop().unwrap_or_default())
}

/// The row that everything about a user's sessions waits for, made where Better Auth made the user.
pub(crate) fn locked_profile(model: &Model, user: Uuid) -> Result<Write, AuthError> {
    Ok(Write::Ensure(lock_profile(model, user)?, profile(model, user, &[])?))
}

pub(crate) fn lock_profile(model: &Model, user: Uuid) -> Result<Load, AuthError> {
    let profiles = Table::of(model, PROFILE)?;
    profiles.lock(profiles.is("user", user)?, &["roles", "suspended"])
}

pub(crate) fn lock_password(model: &Model, user: Uuid) -> Result<Load, AuthError> {
    Table::of(model, ACCOUNT)?.lock(with_password(model, user)?, &["password"])
}

pub(crate) fn replace_password(model: &Model, user: Uuid, hash: Value) -> Result<Write, AuthError> {
    let set = vec![("password", hash), ("updated_at", Value::DateTime(now()))];
    Ok(Write::Update(Table::of(model, ACCOUNT)?.update(with_password(model, user)?, set)?))
}

fn verify(model: &Model, user: Uuid) -> Result<Write, AuthError> {
    let users = Table::of(model, USER)?;
    let set = vec![("email_verified", Value::Bool(true)), ("updated_at", Value::DateTime(now()))];
    Ok(Write::Update(users.update(users.is("id", user)?, set)?))
}

fn with_password(model: &Model, user: Uuid) -> Result<Expr, AuthError> {
    let accounts = Table::of(model, ACCOUNT)?;
    Ok(Expr::and([accounts.is("user", user)?, accounts.says("provider_id", CREDENTIAL)?]))
}

fn profile(model: &Model, user: Uuid, roles: &[String]) -> Result<Insert, AuthError> {
    let now = now();
    Table::of(model, PROFILE)?.insert(vec![
        ("id", Value::Uuid(Uuid::now_v7())),
        ("user", Value::Uuid(user)),
        ("roles", words(roles)),
        ("suspended", Value::Bool(false)),
        ("created_at", Value::DateTime(now)),
        ("updated_at", Value::DateTime(now)),
    ])
}

fn credential(model: &Model, user: Uuid, hash: &str) -> Result<Insert, AuthError> {
    let now = now();
    Table::of(model, ACCOUNT)?.insert(vec![
        ("id", Value::Uuid(Uuid::now_v7())),
        ("account_id", Value::Text(user.to_string())),
        ("provider_id", Value::Text(CREDENTIAL.into())),
        ("user", Value::Uuid(user)),
        ("password", Value::Text(hash.to_owned())),
        ("created_at", Value::DateTime(now)),
        ("updated_at", Value::DateTime(now)),
    ])
}

async fn read(model: &Model, store: &dyn Store, filter: Expr, limit: u64) -> Result<Vec<User>, AuthError> {
    let names = ["id", "name", "email", "email_verified", "image", "created_at"];
    Table::of(model, USER)?.read(store, filter, &names, limit).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_one_form() {
        assert_eq!(email(" Ann.Lee@Example.ORG ").expect("an address"), "ann.lee@example.org");
        for text in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "a b@example.org",
            "ann@ex\nample.org",
            "a@b@c",
            "<ann@example.org>",
            "a@.org",
        ] {
            assert!(email(text).is_err(), "{text}");
        }
    }
}
