//! Sessions in the internal entity `LoginSession`.

use glaze_data::{bound::Delete, store::Store};
use glaze_expr::tree::Expr;
use glaze_model::{Model, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LIFE;
use crate::{
    AuthError,
    secret::hex,
    table::{self, Table, Write, now},
};

pub(super) const ENTITY: &str = "LoginSession";

/// What is known of a session. Never its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    #[serde(skip_serializing)]
    pub user: Uuid,
    /// `me.roles`
    #[serde(skip_serializing)]
    pub roles: Vec<String>,
    /// From where it began.
    pub ip_address: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last seen, within a day.
    pub updated_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

/// The sessions of a user that have not expired, oldest first.
///
/// # Errors
/// By the store.
pub async fn list(model: &Model, store: &dyn Store, user: Uuid) -> Result<Vec<Session>, AuthError> {
    let sessions = Table::of(model, ENTITY)?;
    let all = read(sessions, store, sessions.is("user", user)?, 1_000).await?;
    let now = now();
    Ok(all.into_iter().filter(|session| session.expires_at > now).collect())
}

/// Ends one session of a user. Gives whether there was one.
///
/// # Errors
/// By the store.
pub async fn end(model: &Model, store: &dyn Store, user: Uuid, id: Uuid) -> Result<bool, AuthError> {
    let sessions = Table::of(model, ENTITY)?;
    let one = sessions.delete(Expr::and([sessions.is("id", id)?, sessions.is("user", user)?]));
    Ok(table::write(store, vec![Write::Delete(one)]).await? > 0)
}

/// Ends the sessions of a user but `keep`.
///
/// # Errors
/// By the store.
pub async fn end_all(model: &Model, store: &dyn Store, user: Uuid, keep: Option<Uuid>) -> Result<(), AuthError> {
    let all = of_user(model, user, keep)?;
    table::write(store, vec![Write::Delete(all)]).await.map(drop)
}

/// The removal of a user's sessions but `keep`.
pub(crate) fn of_user(model: &Model, user: Uuid, keep: Option<Uuid>) -> Result<Delete, AuthError> {
    let sessions = Table::of(model, ENTITY)?;
    let mut filter = vec![sessions.is("user", user)?];
    if let Some(id) = keep {
        filter.push(sessions.is_not("id", id)?);
    }
    Ok(sessions.delete(Expr::and(filter)))
}

/// The session of this hash.
pub(super) async fn find(model: &Model, store: &dyn Store, hash: &[u8; 32]) -> Result<Option<Session>, AuthError> {
    let sessions = Table::of(model, ENTITY)?;
    Ok(read(sessions, store, sessions.says("token", &hex(hash))?, 1).await?.pop())
}

/// Notes that a session is used: it lives on.
pub(super) async fn renew(model: &Model, store: &dyn Store, id: Uuid) -> Result<(), AuthError> {
    let sessions = Table::of(model, ENTITY)?;
    let now = now();
    let end = now.checked_add(LIFE).map_err(|_| AuthError::Invalid)?;
    let set = vec![("updated_at", Value::DateTime(now)), ("expires_at", Value::DateTime(end))];
    let update = sessions.update(sessions.is("id", id)?, set)?;
    table::write(store, vec![Write::Update(update)]).await.map(drop)
}

async fn read(sessions: Table<'_>, store: &dyn Store, filter: Expr, limit: u64) -> Result<Vec<Session>, AuthError> {
    let names = [
        "id",
        "user",
        "roles",
        "ip_address",
        "user_agent",
        "created_at",
        "updated_at",
        "expires_at",
    ];
    sessions.read(store, filter, &names, limit).await
}
