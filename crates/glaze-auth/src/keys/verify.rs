//! From a presented key to an actor, with a short memory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use glaze_data::{Actor, store::Store};
use glaze_model::Model;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use uuid::Uuid;

use super::store;
use crate::AuthError;

/// How long a verified key is believed without looking again: the longest a revocation on another node goes unnoticed.
const BELIEVED: Duration = Duration::from_secs(10);
/// How exact `last_used_at` is.
const TOUCH: SignedDuration = SignedDuration::from_mins(5);

#[derive(Clone)]
struct Known {
    actor: Arc<Actor>,
    expires_at: Option<Timestamp>,
}

/// Verifies keys and remembers those that held, by hash.
pub struct Verifier {
    known: Cache<[u8; 32], Known>,
    /// Grows with each revocation, so that a look-up begun before it is not remembered after it.
    revocations: AtomicU64,
}

impl Default for Verifier {
    fn default() -> Self {
        Verifier {
            known: Cache::builder().max_capacity(10_000).time_to_live(BELIEVED).build(),
            revocations: AtomicU64::new(0),
        }
    }
}

impl Verifier {
    /// The actor of a key that was verified a moment ago. Never asks the store.
    ///
    /// # Errors
    /// When the text can't be a key, or the key has expired meanwhile.
    pub fn remembered(&self, token: &str) -> Result<Option<Arc<Actor>>, AuthError> {
        let hash = super::hash(token).ok_or(AuthError::Invalid)?;
        match self.known.get(&hash) {
            Some(known) if known.expires_at.is_some_and(|end| end <= Timestamp::now()) => Err(AuthError::Invalid),
            known => Ok(known.map(|known| known.actor)),
        }
    }

    /// The actor of a key.
    ///
    /// # Errors
    /// [`AuthError::Invalid`] for everything that is not a key in force; or by the store.
    pub async fn verify(&self, model: &Model, store: &dyn Store, token: &str) -> Result<Arc<Actor>, AuthError> {
        if let Some(actor) = self.remembered(token)? {
            return Ok(actor);
        }
        let hash = super::hash(token).ok_or(AuthError::Invalid)?;
        let before = self.revocations.load(Ordering::SeqCst);
        // Found by its hash: what a comparison of hashes takes in time says nothing about the secret.
        let key = store::find(model, store, &hash).await?.ok_or(AuthError::Invalid)?;
        let now = Timestamp::now();
        if !key.enabled || key.expires_at.is_some_and(|end| end <= now) {
            return Err(AuthError::Invalid);
        }
        if key.last_used_at.is_none_or(|last| now.duration_since(last) > TOUCH) {
            // Good to know, not needed: a read-only replica must still let people in.
            let _ = store::touch(model, store, key.id).await;
        }
        let actor = Arc::new(Actor::Key {
            id: key.id,
            roles: key.roles,
        });
        if self.revocations.load(Ordering::SeqCst) == before {
            self.known.insert(
                hash,
                Known {
                    actor: actor.clone(),
                    expires_at: key.expires_at,
                },
            );
        }
        Ok(actor)
    }

    /// Forgets everything: after a revocation, nothing verified before it counts.
    pub fn forget(&self) {
        self.revocations.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate_all();
    }

    /// Ends a key: in the store and in memory.
    ///
    /// # Errors
    /// By the store.
    pub async fn revoke(&self, model: &Model, store: &dyn Store, id: Uuid) -> Result<bool, AuthError> {
        let revoked = store::revoke(model, store, id).await;
        self.forget();
        revoked
    }
}
