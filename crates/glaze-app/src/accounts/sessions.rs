//! Sessions of somebody who is logged in.

use glaze_auth::{AuthError, sessions, users};
use glaze_data::Actor;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{LoggedIn, existing, invalid_token, shown};
use crate::{App, Problem, problem};

/// Who is logged in with this token. One that does not hold is an error, never nobody.
///
/// # Errors
/// `unauthenticated`, or by the database.
pub async fn logged_in(app: &App, token: &str) -> Result<LoggedIn, Problem> {
    if let Some(known) = app.accounts.sessions.remembered(token)? {
        return Ok(known);
    }
    let live = existing(app).await?.ok_or_else(invalid_token)?;
    Ok(app.accounts.sessions.verify(live.schema.model(), &*live.store, token).await?)
}

/// Ends the session.
///
/// # Errors
/// By the database.
pub async fn logout(app: &App, who: &LoggedIn) -> Result<(), Problem> {
    end(app, who, who.session).await
}

/// Who asks: `{"data":{"user":…,"session":…}}`, or `{"data":{"key":…}}`.
///
/// # Errors
/// `unauthenticated` for nobody, or by the database.
pub async fn me(app: &App, actor: &Actor, session: Option<Uuid>) -> Result<Json, Problem> {
    match actor {
        Actor::User { id, roles } => {
            let live = app.live();
            let user = users::by_id(live.schema.model(), &*live.store, *id)
                .await?
                .ok_or_else(invalid_token)?;
            Ok(json!({"data": {"user": shown(&user, roles), "session": session}}))
        }
        Actor::Key { id, roles } => Ok(json!({"data": {"key": {"id": id, "roles": roles}}})),
        Actor::Anonymous | Actor::System => Err(Problem::new(&problem::UNAUTHENTICATED, "Nobody is logged in.")),
    }
}

/// The sessions of who asks: `{"data":[…]}`; `current` is the one asked with.
///
/// # Errors
/// By the database.
pub async fn list(app: &App, who: &LoggedIn) -> Result<Json, Problem> {
    let live = app.live();
    let all = sessions::list(live.schema.model(), &*live.store, who.user).await?;
    let shown = all.iter().map(|session| {
        let mut shown = serde_json::to_value(session).unwrap_or_default();
        shown["current"] = json!(session.id == who.session);
        shown
    });
    Ok(json!({"data": shown.collect::<Vec<_>>()}))
}

/// Ends one session of who asks.
///
/// # Errors
/// `not_found` when it is not theirs, or by the database.
pub async fn end(app: &App, who: &LoggedIn, id: Uuid) -> Result<(), Problem> {
    let live = app.live();
    let ended = sessions::end(live.schema.model(), &*live.store, who.user, id).await;
    app.accounts.sessions.forget();
    match ended? {
        true => Ok(()),
        false => Err(Problem::new(&problem::NOT_FOUND, "There is no such session.")),
    }
}

/// Ends every session of who asks but this one.
///
/// # Errors
/// By the database.
pub async fn end_others(app: &App, who: &LoggedIn) -> Result<(), Problem> {
    let live = app.live();
    let ended = sessions::end_all(live.schema.model(), &*live.store, who.user, Some(who.session)).await;
    app.accounts.sessions.forget();
    ended.map_err(|error: AuthError| error.into())
}
