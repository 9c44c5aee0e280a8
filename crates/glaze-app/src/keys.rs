//! API keys: create, list, revoke, and recognising who presents one.

use std::sync::Arc;

use glaze_auth::keys::{self, ApiKey, NewKey, NewKeyShown};
use glaze_data::Actor;
use uuid::Uuid;

use crate::{App, Problem};

/// Makes a key. Whoever calls this has been judged already: the command line acts as Glaze itself.
///
/// # Errors
/// For roles that can't be, an end in the past, or by the database.
pub async fn create(app: &App, new: NewKey) -> Result<NewKeyShown, Problem> {
    app.ensure_system().await?;
    let live = app.live();
    Ok(keys::create(live.schema.model(), &*live.store, new).await?)
}

/// Every key, without secrets.
///
/// # Errors
/// By the database.
pub async fn list(app: &App) -> Result<Vec<ApiKey>, Problem> {
    if !app.has_system().await? {
        return Ok(Vec::new());
    }
    let live = app.live();
    Ok(keys::list(live.schema.model(), &*live.store).await?)
}

/// Ends a key. Gives whether there was one.
///
/// # Errors
/// By the database.
pub async fn revoke(app: &App, id: Uuid) -> Result<bool, Problem> {
    if !app.has_system().await? {
        return Ok(false);
    }
    let live = app.live();
    Ok(app.verifier.revoke(live.schema.model(), &*live.store, id).await?)
}

/// Who presents this key. A key that does not hold is an error, never nobody.
///
/// # Errors
/// `unauthenticated`, or by the database.
pub async fn actor(app: &App, token: &str) -> Result<Arc<Actor>, Problem> {
    if let Some(actor) = app.verifier.remembered(token)? {
        return Ok(actor);
    }
    if !app.has_system().await? {
        return Err(glaze_auth::AuthError::Invalid.into());
    }
    let live = app.live();
    Ok(app.verifier.verify(live.schema.model(), &*live.store, token).await?)
}
