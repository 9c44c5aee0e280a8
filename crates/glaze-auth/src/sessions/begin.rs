//! Beginning a session: in one transaction with a look at what could have changed since the password was verified.

use std::any::Any;

use futures_util::future::BoxFuture;
use glaze_data::{
    bound::{Insert, Load},
    store::{Job, JobError, JobOutput, Store, Tx},
};
use glaze_expr::tree::Expr;
use glaze_model::{Model, Value};
use jiff::Timestamp;
use uuid::Uuid;

use super::{LIFE, START, table::ENTITY};
use crate::{
    AuthError,
    secret::{self, hex},
    table::{self, Table, Write, args, now, words},
    users,
};

/// Where a session begins.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// Address, where it is known.
    pub address: Option<String>,
    /// `User-Agent`
    pub agent: Option<String>,
}

/// Why somebody may have a session.
#[derive(Debug, Clone)]
pub enum Proof {
    /// Their password has this hash. The other one is kept from now on, when the hash is old.
    Password {
        /// As it was when it was verified.
        hash: String,
        /// Instead of it.
        replace: Option<String>,
    },
    /// A token came back from their mail.
    Mail,
}

/// A session just begun, the only time its token is seen.
#[derive(Clone)]
pub struct Begun {
    /// The token.
    pub token: String,
    /// Id of the session.
    pub id: Uuid,
    /// `me.roles`
    pub roles: Vec<String>,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Begun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begun").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Begins a session of a user.
///
/// # Errors
/// [`AuthError::Suspended`]; [`AuthError::Credentials`] when the password was changed meanwhile; or by the store.
pub async fn begin(model: &Model, store: &dyn Store, user: Uuid, device: &Device, proof: Proof) -> Result<Begun, AuthError> {
    let token = secret::generate(START);
    let hash = secret::hash(&token, START).ok_or(AuthError::Invalid)?;
    let (id, now) = (Uuid::now_v7(), now());
    let expires_at = now.checked_add(LIFE).map_err(|_| AuthError::Invalid)?;
    let sessions = Table::of(model, ENTITY)?;
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let insert = sessions.insert(vec![
        ("id", Value::Uuid(id)),
        ("token", Value::Text(hex(&hash))),
        ("user", Value::Uuid(user)),
        ("expires_at", Value::DateTime(expires_at)),
        ("ip_address", text(&device.address)),
        ("user_agent", text(&device.agent)),
        ("created_at", Value::DateTime(now)),
        ("updated_at", Value::DateTime(now)),
        // The last: filled in when they are known.
        ("roles", Value::Null),
    ])?;
    let expired = Expr::and([sessions.is("user", user)?, sessions.past("expires_at")?]);
    let mut writes = vec![Write::Delete(sessions.delete(expired))];
    let mut unchanged = None;
    if let Proof::Password { hash, replace } = proof {
        if let Some(replace) = replace {
            writes.push(users::replace_password(model, user, Value::Text(replace))?);
        }
        unchanged = Some((users::lock_password(model, user)?, hash));
    }
    let job = Begin {
        profile: users::locked_profile(model, user)?,
        look: users::lock_profile(model, user)?,
        unchanged,
        writes,
        insert,
    };
    let roles = table::run(store, job).await?;
    Ok(Begun {
        token,
        id,
        roles,
        expires_at,
    })
}

struct Begin {
    profile: Write,
    look: Load,
    unchanged: Option<(Load, String)>,
    writes: Vec<Write>,
    insert: Insert,
}

impl Begin {
    async fn run(&self, tx: &mut dyn Tx) -> Result<Vec<String>, JobError> {
        let refuse = |error: AuthError| Err(JobError::Refused(Box::new(error)));
        self.profile.run(&mut *tx).await?;
        let roles = match tx.load(&self.look, &args()).await?.pop().as_deref() {
            Some([Value::List(roles), Value::Bool(false)]) => roles
                .iter()
                .filter_map(|role| match role {
                    Value::Text(role) => Some(role.clone()),
                    _ => None,
                })
                .collect::<Vec<String>>(),
            Some([_, Value::Bool(true)]) => return refuse(AuthError::Suspended),
            _ => return refuse(AuthError::Credentials),
        };
        if let Some((load, hash)) = &self.unchanged {
            match tx.load(load, &args()).await?.pop().as_deref() {
                Some([Value::Text(now)]) if now == hash => {}
                _ => return refuse(AuthError::Credentials),
            }
        }
        for write in &self.writes {
            write.run(&mut *tx).await?;
        }
        let mut insert = self.insert.clone();
        if let Some(last) = insert.rows.first_mut().and_then(|row| row.last_mut()) {
            *last = words(&roles);
        }
        tx.insert(&insert, &args()).await?;
        Ok(roles)
    }
}

impl Job for Begin {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move { Ok(Box::new(Begin::run(self, tx).await?) as Box<dyn Any + Send>) })
    }
}
