//! Keys in the internal entity `ApiKey`. Read and written as Glaze itself, not through the content API, which does not reach it.

use std::{any::Any, sync::Arc};

use glaze_data::{
    bound::{Args, BoundRead, Count, Insert, Order, Output, Page, Selected, Update},
    store::{Job, JobError, JobOutput, Store, StoreError, Tx},
};
use glaze_expr::tree::{Compare, EntityIx, Expr, FieldIx, FieldRef, Node, Part, Type};
use glaze_model::{Model, Scalar, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::token::{Token, hex};
use crate::AuthError;

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
    if let Some(role) = new.roles.iter().find(|role| !is_role(role)) {
        return Err(AuthError::Refused(format!(
            "`{role}` is not a role: use lower-case letters, digits, `_` and `-`"
        )));
    }
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
    let at = Place::of(model)?;
    let row = vec![
        Value::Uuid(key.id),
        Value::Text(key.name.clone()),
        Value::Text(key.prefix.clone()),
        Value::Text(hex(&hash)),
        Value::List(key.roles.iter().cloned().map(Value::Text).collect()),
        Value::Bool(true),
        key.expires_at.map_or(Value::Null, Value::DateTime),
        Value::DateTime(key.created_at),
    ];
    let names = ["id", "name", "prefix", "key_hash", "roles", "enabled", "expires_at", "created_at"];
    let fields = names.iter().map(|name| at.field(name)).collect::<Result<_, _>>()?;
    run(
        store,
        Write::Insert(Insert {
            entity: at.entity,
            fields,
            rows: vec![row],
            links: Vec::new(),
        }),
    )
    .await?;
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
    let at = Place::of(model)?;
    let filter = at.equals("id", Scalar::Uuid, Value::Uuid(id))?;
    let update = Update {
        entity: at.entity,
        filter,
        set: vec![(at.field("enabled")?, Value::Bool(false))],
    };
    Ok(run(store, Write::Update(update)).await? > 0)
}

/// The key of this hash.
pub(super) async fn find(model: &Model, store: &dyn Store, hash: &[u8; 32]) -> Result<Option<ApiKey>, AuthError> {
    let at = Place::of(model)?;
    let filter = at.equals("key_hash", Scalar::String, Value::Text(hex(hash)))?;
    Ok(read(model, store, filter, 1).await?.pop())
}

/// Notes that a key was used.
pub(super) async fn touch(model: &Model, store: &dyn Store, id: Uuid) -> Result<(), AuthError> {
    let at = Place::of(model)?;
    let filter = at.equals("id", Scalar::Uuid, Value::Uuid(id))?;
    run(
        store,
        Write::Update(Update {
            entity: at.entity,
            filter,
            set: vec![(at.field("last_used_at")?, Value::DateTime(now()))],
        }),
    )
    .await?;
    Ok(())
}

async fn read(model: &Model, store: &dyn Store, filter: Expr, limit: u64) -> Result<Vec<ApiKey>, AuthError> {
    let at = Place::of(model)?;
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
    let select = names
        .iter()
        .map(|name| {
            Ok(Selected {
                json: glaze_model::camel_case(name),
                output: Output::Field(at.field(name)?),
                guard: None,
            })
        })
        .collect::<Result<_, AuthError>>()?;
    let order = vec![Order {
        by: at.reference("id")?,
        desc: false,
        guard: None,
        nullable: false,
    }];
    let bound = BoundRead {
        entity: at.entity,
        filter,
        select,
        order,
        page: Page::Offset { limit, offset: 0 },
        count: Count::None,
    };
    let answer = store.read(&store.prepare(&bound)?, &args(), Vec::new()).await?;
    serde_json::from_slice(&answer.body).map_err(|error| StoreError::Other(format!("keys as they are stored: {error}")).into())
}

fn is_role(role: &str) -> bool {
    !role.is_empty()
        && role.len() <= 64
        && role
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}

/// Cut to microseconds, as databases keep it.
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

fn args() -> Args {
    Args {
        me: None,
        now: now(),
        key: Vec::new(),
    }
}

/// Where keys are in the model.
struct Place<'m> {
    model: &'m Model,
    entity: EntityIx,
}

impl<'m> Place<'m> {
    fn of(model: &'m Model) -> Result<Place<'m>, AuthError> {
        let entity = model
            .entities
            .iter()
            .position(|entity| entity.name == ENTITY)
            .ok_or(AuthError::Schema(ENTITY))?;
        Ok(Place {
            model,
            entity: entity as EntityIx,
        })
    }

    fn field(&self, name: &str) -> Result<FieldIx, AuthError> {
        let fields = &self.model.entities[self.entity as usize].fields;
        fields
            .iter()
            .position(|field| field.name == name)
            .map(|at| at as FieldIx)
            .ok_or(AuthError::Schema(ENTITY))
    }

    fn reference(&self, name: &str) -> Result<FieldRef, AuthError> {
        Ok(FieldRef {
            var: 0,
            entity: self.entity,
            hops: Vec::new(),
            field: self.field(name)?,
            part: Part::Whole,
        })
    }

    fn equals(&self, name: &str, scalar: Scalar, value: Value) -> Result<Expr, AuthError> {
        let ty = || Type::Scalar(scalar);
        let field = Expr::new(Node::Field(self.reference(name)?), ty());
        let literal = Expr::new(Node::Literal(value), ty());
        Ok(Expr::new(
            Node::Compare(Compare::Eq, Box::new(field), Box::new(literal)),
            Type::BOOL,
        ))
    }
}

enum Write {
    Insert(Insert),
    Update(Update),
}

impl Job for Write {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> futures_util::future::BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move {
            let changed = match self {
                Write::Insert(insert) => tx.insert(insert, &args()).await?.len() as u64,
                Write::Update(update) => tx.update(update, &args()).await?,
            };
            Ok(Box::new(changed) as Box<dyn Any + Send>)
        })
    }
}

async fn run(store: &dyn Store, write: Write) -> Result<u64, AuthError> {
    match store.transact(Arc::new(write)).await {
        Ok(output) => Ok(output.downcast::<u64>().map_or(0, |changed| *changed)),
        Err(JobError::Store(error)) => Err(error.into()),
        Err(JobError::Refused(_)) => Err(AuthError::Invalid),
    }
}
