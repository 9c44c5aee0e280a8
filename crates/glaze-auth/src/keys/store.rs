//! Keys in the internal entity `ApiKey`. Read and written as Glaze itself, not through the content API, which does not reach it.

use glaze_data::store::Store;
use glaze_expr::tree::Expr;
use glaze_model::{Model, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::token::Token;
use crate::{
    AuthError, roles,
    secret::hex,
    table::{self, Table, Write, now, words},
};

const ENTITY: &str = "ApiKey";

/// What is known of a key. Never its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Its id; `me.id` of who uses it.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub roles: Vec<String>,
    /// `false` once revoked.
    pub enabled: bool,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was last seen, within some minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl ApiKey {
    /// Whether it works, in a word or two: `active`, `revoked`, `expired`.
    pub fn state(&self) -> &'static str {
        match self.expires_at {
            _ if !self.enabled => "revoked",
            Some(end) if end <= now() => "expired",
            _ => "active",
        }
    }
}

/// What a key is to be.
#[derive(Debug, Clone, Default)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// `me.roles` of who uses it.
    pub roles: Vec<String>,
    /// When it stops working; never, when not said.
    pub expires_at: Option<Timestamp>,
}

/// A key just made, the only time its text is seen.
#[derive(Clone)]
pub struct NewKeyShown {
    /// The whole key.
    pub key: String,
    /// What is kept.
    pub record: ApiKey,
}

impl std::fmt::Debug for NewKeyShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKeyShown").field("record", &self.record).finish_non_exhaustive()
    }
}

/// Makes a key.
///
/// # Errors
/// For a role that could not be written in a policy, an end in the past, or by the store.
pub async fn create(model: &Model, store: &dyn Store, new: NewKey) -> Result<NewKeyShown, AuthError> {
    let now = now();
    roles::check(&new.roles)?;
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(AuthError::Refused("the key would have expired already: give a time to come".into()));
    }
    let token = Token::generate();
    let hash = super::hash(token.reveal()).ok_or(AuthError::Invalid)?;
    let key = ApiKey {
        id: Uuid::now_v7(),
        name: new.name,
        prefix: token.prefix().to_owned(),
        roles: new.roles,
        enabled: true,
        expires_at: new.expires_at,
        last_used_at: None,
        created_at: now,
    };
    let insert = Table::of(model, ENTITY)?.insert(vec![
        ("id", Value::Uuid(key.id)),
        ("name", Value::Text(key.name.clone())),
        ("prefix", Value::Text(key.prefix.clone())),
        ("key_hash", Value::Text(hex(&hash))),
        ("roles", words(&key.roles)),
        ("enabled", Value::Bool(true)),
        ("expires_at", key.expires_at.map_or(Value::Null, Value::DateTime)),
        ("created_at", Value::DateTime(key.created_at)),
    ])?;
    table::write(store, vec![Write::Insert(insert)]).await?;
    Ok(NewKeyShown {
        key: token.reveal().to_owned(),
        record: key,
    })
}

/// Every key, oldest first.
///
/// # Errors
/// By the store.
pub async fn list(model: &Model, store: &dyn Store) -> Result<Vec<ApiKey>, AuthError> {
    read(model, store, Expr::bool(true), 10_000).await
}

/// Ends a key at once (on this node; others remember what they verified for some seconds). Gives whether there was one.
///
/// # Errors
/// By the store.
pub async fn revoke(model: &Model, store: &dyn Store, id: Uuid) -> Result<bool, AuthError> {
    let keys = Table::of(model, ENTITY)?;
    let update = keys.update(keys.is("id", id)?, vec![("enabled", Value::Bool(false))])?;
    Ok(table::write(store, vec![Write::Update(update)]).await? > 0)
}

/// The key of this hash.
pub(super) async fn find(model: &Model, store: &dyn Store, hash: &[u8; 32]) -> Result<Option<ApiKey>, AuthError> {
    let filter = Table::of(model, ENTITY)?.says("key_hash", &hex(hash))?;
    Ok(read(model, store, filter, 1).await?.pop())
}

/// Notes that a key was used.
pub(super) async fn touch(model: &Model, store: &dyn Store, id: Uuid) -> Result<(), AuthError> {
    let keys = Table::of(model, ENTITY)?;
    let update = keys.update(keys.is("id", id)?, vec![("last_used_at", Value::DateTime(now()))])?;
    table::write(store, vec![Write::Update(update)]).await?;
    Ok(())
}

async fn read(model: &Model, store: &dyn Store, filter: Expr, limit: u64) -> Result<Vec<ApiKey>, AuthError> {
    let names = [
        "id",
        "name",
        "prefix",
        "roles",
        "enabled",
        "expires_at",
        "last_used_at",
        "created_at",
    ];
    Table::of(model, ENTITY)?.read(store, filter, &names, limit).await
}
