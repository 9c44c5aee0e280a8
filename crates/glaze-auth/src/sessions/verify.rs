//! From a presented token to an actor, with a short memory: most requests of a session ask the store nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use glaze_data::{Actor, store::Store};
use glaze_model::Model;
use jiff::Timestamp;
use moka::sync::Cache;
use uuid::Uuid;

use super::{RENEWED, START, table};
use crate::{AuthError, secret};

/// How long a session is believed without looking again: the longest its end on another node, or by the command line, goes unnoticed.
const BELIEVED: Duration = Duration::from_secs(5);

/// Somebody with a session.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// As whom they act.
    pub actor: Arc<Actor>,
    /// Their id.
    pub user: Uuid,
    /// The session's.
    pub session: Uuid,
    expires_at: Timestamp,
}

/// Verifies tokens and remembers those that held, by hash.
pub struct Sessions {
    known: Cache<[u8; 32], LoggedIn>,
    /// Grows with each end, so that a look-up begun before it is not remembered after it.
    ends: AtomicU64,
}

impl Default for Sessions {
    fn default() -> Self {
        Sessions {
            known: Cache::builder().max_capacity(50_000).time_to_live(BELIEVED).build(),
            ends: AtomicU64::new(0),
        }
    }
}

impl Sessions {
    /// Who was logged in with a token a moment ago. Never asks the store.
    ///
    /// # Errors
    /// When the text can't be a token, or the session has expired meanwhile.
    pub fn remembered(&self, token: &str) -> Result<Option<LoggedIn>, AuthError> {
        let hash = secret::hash(token, START).ok_or(AuthError::Invalid)?;
        match self.known.get(&hash) {
            Some(known) if known.expires_at <= Timestamp::now() => Err(AuthError::Invalid),
            known => Ok(known),
        }
    }

    /// Who is logged in with a token.
    ///
    /// # Errors
    /// [`AuthError::Invalid`] for everything that is not a session; or by the store.
    pub async fn verify(&self, model: &Model, store: &dyn Store, token: &str) -> Result<LoggedIn, AuthError> {
        if let Some(known) = self.remembered(token)? {
            return Ok(known);
        }
        let hash = secret::hash(token, START).ok_or(AuthError::Invalid)?;
        let before = self.ends.load(Ordering::SeqCst);
        // Found by its hash: what a comparison of hashes takes in time says nothing about the token.
        let session = table::find(model, store, &hash).await?.ok_or(AuthError::Invalid)?;
        let now = Timestamp::now();
        if session.expires_at <= now {
            return Err(AuthError::Invalid);
        }
        if now.duration_since(session.updated_at) > RENEWED {
            // Good to note, not needed: a read-only replica must still let people in.
            let _ = table::renew(model, store, session.id).await;
        }
        let known = LoggedIn {
            actor: Arc::new(Actor::User {
                id: session.user,
                roles: session.roles,
            }),
            user: session.user,
            session: session.id,
            expires_at: session.expires_at,
        };
        if self.ends.load(Ordering::SeqCst) == before {
            self.known.insert(hash, known.clone());
        }
        Ok(known)
    }

    /// Forgets everything: after an end, nothing verified before it counts.
    pub fn forget(&self) {
        self.ends.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
    }
}
