//! Tokens that are mailed and come back once. Kept is their hash, with what they stand for.

use std::any::Any;

use futures_util::future::BoxFuture;
use glaze_data::{
    bound::{Delete, Load},
    store::{Job, JobError, JobOutput, Store, Tx},
};
use glaze_model::{Model, Value};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    AuthError,
    secret::{self, hex},
    table::{self, Table, Write, args, now},
};

const ENTITY: &str = "LoginVerification";
const START: &str = "glv_";

/// What a token is for. One for another purpose does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The e-mail address is theirs.
    Verify,
    /// A new password, without the old one.
    Reset,
    /// Logging in without a password.
    MagicLink,
    /// Making an account where not everybody may.
    Invite,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Verify => "verify-email",
            Purpose::Reset => "reset-password",
            Purpose::MagicLink => "magic-link",
            Purpose::Invite => "invite",
        }
    }

    /// How long a token holds.
    pub fn holds(self) -> SignedDuration {
        match self {
            Purpose::MagicLink => SignedDuration::from_mins(15),
            Purpose::Reset => SignedDuration::from_hours(1),
            Purpose::Verify => SignedDuration::from_hours(24),
            Purpose::Invite => SignedDuration::from_hours(7 * 24),
        }
    }
}

/// Makes a token that stands for `value`. Those that have expired are cleared away.
///
/// # Errors
/// By the store.
pub async fn issue(model: &Model, store: &dyn Store, purpose: Purpose, value: &str) -> Result<String, AuthError> {
    let table = Table::of(model, ENTITY)?;
    let token = secret::generate(START);
    let hash = secret::hash(&token, START).ok_or(AuthError::Invalid)?;
    let now = now();
    let expires_at = now.checked_add(purpose.holds()).map_err(|_| AuthError::Invalid)?;
    let insert = table.insert(vec![
        ("id", Value::Uuid(Uuid::now_v7())),
        ("identifier", Value::Text(identifier(purpose, &hash))),
        ("value", Value::Text(value.to_owned())),
        ("expires_at", Value::DateTime(expires_at)),
        ("created_at", Value::DateTime(now)),
        ("updated_at", Value::DateTime(now)),
    ])?;
    let expired = table.delete(table.past("expires_at")?);
    table::write(store, vec![Write::Delete(expired), Write::Insert(insert)]).await?;
    Ok(token)
}

/// What a token stands for. It holds this once.
///
/// # Errors
/// [`AuthError::Invalid`] when it is not one, not for this purpose, used or expired; or by the store.
pub async fn redeem(model: &Model, store: &dyn Store, purpose: Purpose, token: &str) -> Result<String, AuthError> {
    let hash = secret::hash(token, START).ok_or(AuthError::Invalid)?;
    let table = Table::of(model, ENTITY)?;
    let filter = table.says("identifier", &identifier(purpose, &hash))?;
    table::run(
        store,
        Redeem {
            load: table.lock(filter.clone(), &["value", "expires_at"])?,
            delete: table.delete(filter),
        },
    )
    .await
}

fn identifier(purpose: Purpose, hash: &[u8; 32]) -> String {
    format!("{}:{}", purpose.name(), hex(hash))
}

struct Redeem {
    load: Load,
    delete: Delete,
}

impl Job for Redeem {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move {
            let found = tx.load(&self.load, &args()).await?.pop();
            // Whoever removes it has it: of two at the same time only one does.
            let removed = tx.delete(&self.delete, &args()).await?;
            match found.as_deref() {
                Some([Value::Text(value), Value::DateTime(end)]) if removed == 1 && *end > Timestamp::now() => {
                    Ok(Box::new(value.clone()) as Box<dyn Any + Send>)
                }
                _ => Err(JobError::Refused(Box::new(AuthError::Invalid))),
            }
        })
    }
}
