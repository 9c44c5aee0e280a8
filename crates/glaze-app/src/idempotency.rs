//! `Idempotency-Key`: a repeated request is answered as the first time, for 24 hours. A request whose answer was lost (the node
//! died while it worked) is never done a second time: its key stays taken.

use std::{
    any::Any,
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
};

use futures_util::future::BoxFuture;
use glaze_data::{
    Actor,
    bound::{Args, Delete, Insert, Load, Update},
    store::{Job, JobError, JobOutput, StoreError, Tx},
};
use glaze_expr::tree::{Compare, EntityIx, Expr, FieldIx, FieldRef, Node, Part, Type};
use glaze_model::{Model, Scalar, Value};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{App, Problem, problem};

const ENTITY: &str = "Idempotency";
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Every so many requests the answers that nobody may ask for any more are removed.
const SWEEP: u64 = 256;

/// A request that may come again.
#[derive(Debug, Clone, Copy)]
pub struct Once<'a> {
    /// The client's key.
    pub key: &'a str,
    /// Who sends it: the keys of others are never found.
    pub actor: &'a Actor,
    /// Method, path and query.
    pub target: &'a str,
    /// What was sent.
    pub body: &'a [u8],
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Status.
    pub status: u16,
    /// Headers that belong to the answer (`location`, `etag`).
    pub headers: Vec<(String, String)>,
    /// Body.
    #[serde(skip)]
    pub body: Vec<u8>,
}

/// Does it, unless it was done: then the first answer comes again, with `true`. Failures are not kept: the key is free again.
///
/// # Errors
/// `idempotency_mismatch` when the key was used for another request, `idempotency_in_progress`, or those of the work itself.
pub async fn once(app: &App, request: Once<'_>, work: impl Future<Output = Result<Kept, Problem>>) -> Result<(Kept, bool), Problem> {
    if !(1..=255).contains(&request.key.len()) || !request.key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::new(
            &problem::INVALID_HEADER,
            "`Idempotency-Key` must be 1 to 255 visible ASCII characters.",
        ));
    }
    app.ensure_system().await?;
    let live = app.live();
    let place = Place::of(live.schema.model())?;
    let row = Row {
        key: request.key.to_owned(),
        actor: actor_name(request.actor),
        hash: hash(&request),
        place,
    };
    let run = async |step: Step| {
        let job = Arc::new(Work { row: row.clone(), step });
        live.store.transact(job).await
    };
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let sweep = COUNT.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP);
    match claimed(run(Step::Claim { sweep }).await)? {
        Claim::Mine => {}
        Claim::Done(kept) => return Ok((kept, true)),
        Claim::Other => return Err(Problem::new(&problem::IDEMPOTENCY_MISMATCH, "Use a new key for a new request.")),
        Claim::Begun => {
            let detail = "The first request with this key was not answered yet, or its answer was lost: look whether it was done before using a new key.";
            return Err(Problem::new(&problem::IDEMPOTENCY_IN_PROGRESS, detail));
        }
    }
    let outcome = work.await;
    let step = match &outcome {
        Ok(kept) => Step::Keep(kept.clone()),
        Err(_) => Step::Release,
    };
    if let Err(error) = run(step).await {
        tracing::error!(%error, "the answer to an idempotent request was not kept");
    }
    outcome.map(|kept| (kept, false))
}

fn claimed(outcome: Result<JobOutput, JobError>) -> Result<Claim, Problem> {
    match outcome {
        Ok(output) => output
            .downcast::<Claim>()
            .map(|claim| *claim)
            .map_err(|_| Problem::internal("a claim of another type")),
        // Another node was quicker by a moment.
        Err(JobError::Store(StoreError::Unique { .. })) => Ok(Claim::Begun),
        Err(JobError::Store(error)) => Err(error.into()),
        Err(JobError::Refused(_)) => Err(Problem::internal("a claim was refused")),
    }
}

fn actor_name(actor: &Actor) -> String {
    match actor {
        Actor::Anonymous => "anonymous".into(),
        Actor::User { id, .. } => format!("user:{id}"),
        Actor::Key { id, .. } => format!("key:{id}"),
        Actor::System => "system".into(),
    }
}

/// The same for the same request by the same actor with the same roles.
fn hash(request: &Once<'_>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [request.target.as_bytes(), request.actor.roles().join(",").as_bytes(), request.body] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().to_string()
}

enum Claim {
    /// Nobody has it: work.
    Mine,
    /// It was done.
    Done(Kept),
    /// Another request has the key.
    Other,
    /// Being done, or nobody knows.
    Begun,
}

#[derive(Clone)]
struct Row {
    key: String,
    actor: String,
    hash: String,
    place: Place,
}

enum Step {
    Claim { sweep: bool },
    Keep(Kept),
    Release,
}

struct Work {
    row: Row,
    step: Step,
}

impl Job for Work {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move {
            let output: Box<dyn Any + Send> = match &self.step {
                Step::Claim { sweep } => Box::new(self.row.claim(tx, *sweep).await?),
                Step::Keep(kept) => Box::new(self.row.keep(tx, kept).await?),
                Step::Release => Box::new(self.row.remove(tx).await?),
            };
            Ok(output)
        })
    }
}

impl Row {
    async fn claim(&self, tx: &mut dyn Tx, sweep: bool) -> Result<Claim, StoreError> {
        let (at, now) = (&self.place, now());
        if sweep {
            let filter = at.compare(Compare::Le, at.expires_at, Scalar::DateTime, Value::DateTime(now));
            tx.delete(&Delete { entity: at.entity, filter }, &args()).await?;
        }
        let fields = vec![at.request_hash, at.status, at.headers, at.body, at.expires_at];
        let load = Load {
            entity: at.entity,
            filter: self.is_this(),
            fields,
            lock: true,
            limit: Some(1),
        };
        match tx.load(&load, &args()).await?.pop().as_deref() {
            Some([_, _, _, _, Value::DateTime(end)]) if *end <= now => {
                self.remove(tx).await?;
            }
            Some([Value::Text(hash), ..]) if *hash != self.hash => return Ok(Claim::Other),
            Some([_, Value::Int(status), headers, body, _]) => return Ok(Claim::Done(kept(*status, headers, body))),
            Some(_) => return Ok(Claim::Begun),
            None => {}
        }
        let fields = vec![at.key, at.actor, at.request_hash, at.created_at, at.expires_at];
        let text = |text: &String| Value::Text(text.clone());
        let end = now.checked_add(KEPT).unwrap_or(now);
        let row = vec![
            text(&self.key),
            text(&self.actor),
            text(&self.hash),
            Value::DateTime(now),
            Value::DateTime(end),
        ];
        tx.insert(
            &Insert {
                entity: at.entity,
                fields,
                rows: vec![row],
                links: Vec::new(),
            },
            &args(),
        )
        .await?;
        Ok(Claim::Mine)
    }

    async fn keep(&self, tx: &mut dyn Tx, kept: &Kept) -> Result<u64, StoreError> {
        let at = &self.place;
        let headers = serde_json::to_value(&kept.headers).unwrap_or_default();
        let set = vec![
            (at.status, Value::Int(kept.status.into())),
            (at.headers, Value::Json(headers)),
            (at.body, Value::Bytes(kept.body.clone())),
        ];
        tx.update(
            &Update {
                entity: at.entity,
                filter: self.is_this(),
                set,
            },
            &args(),
        )
        .await
    }

    async fn remove(&self, tx: &mut dyn Tx) -> Result<u64, StoreError> {
        tx.delete(
            &Delete {
                entity: self.place.entity,
                filter: self.is_this(),
            },
            &args(),
        )
        .await
    }

    fn is_this(&self) -> Expr {
        let is = |field, text: &String| self.place.compare(Compare::Eq, field, Scalar::String, Value::Text(text.clone()));
        Expr::and([is(self.place.key, &self.key), is(self.place.actor, &self.actor)])
    }
}

fn kept(status: i64, headers: &Value, body: &Value) -> Kept {
    let headers = match headers {
        Value::Json(json) => serde_json::from_value(json.clone()).unwrap_or_default(),
        _ => Vec::new(),
    };
    let body = match body {
        Value::Bytes(bytes) => bytes.clone(),
        _ => Vec::new(),
    };
    Kept {
        status: u16::try_from(status).unwrap_or(200),
        headers,
        body,
    }
}

fn now() -> Timestamp {
    super::entries::now()
}

fn args() -> Args {
    Args {
        me: None,
        now: now(),
        key: Vec::new(),
    }
}

/// Where the answers are in the model.
#[derive(Clone, Copy)]
struct Place {
    entity: EntityIx,
    key: FieldIx,
    actor: FieldIx,
    request_hash: FieldIx,
    status: FieldIx,
    headers: FieldIx,
    body: FieldIx,
    created_at: FieldIx,
    expires_at: FieldIx,
}

impl Place {
    fn of(model: &Model) -> Result<Place, Problem> {
        let missing = || Problem::internal("the built-in entity Idempotency is missing from the schema");
        let entity = model.entities.iter().position(|entity| entity.name == ENTITY).ok_or_else(missing)?;
        let field = |name: &str| {
            let at = model.entities[entity].fields.iter().position(|field| field.name == name);
            at.map(|at| at as FieldIx).ok_or_else(missing)
        };
        Ok(Place {
            entity: entity as EntityIx,
            key: field("key")?,
            actor: field("actor")?,
            request_hash: field("request_hash")?,
            status: field("status")?,
            headers: field("headers")?,
            body: field("body")?,
            created_at: field("created_at")?,
            expires_at: field("expires_at")?,
        })
    }

    fn compare(&self, compare: Compare, field: FieldIx, scalar: Scalar, value: Value) -> Expr {
        let ty = || Type::Scalar(scalar);
        let field = FieldRef {
            var: 0,
            entity: self.entity,
            hops: Vec::new(),
            field,
            part: Part::Whole,
        };
        let (field, value) = (Expr::new(Node::Field(field), ty()), Expr::new(Node::Literal(value), ty()));
        Expr::new(Node::Compare(compare, Box::new(field), Box::new(value)), Type::BOOL)
    }
}
