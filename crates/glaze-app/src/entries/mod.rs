//! Entries: list, one, create, change, remove, aggregate.
//!
//! An operation takes the application, the actor, the entity as it stands in a path and the query string as it came, and gives the
//! bytes of the answer. What may be read and written is decided below, when the query is bound and in the life of a write.

mod aggregate;
mod bulk;
mod create;
mod delete;
mod list;
mod one;
mod plan;
mod update;

use std::{borrow::Cow, sync::Arc};

use glaze_data::{
    Actor, Schema,
    bound::Args,
    query::{ParamError, QueryError},
    schema::EntityInfo,
    validate::FieldError,
    write::{Reply, WriteContext},
};
use glaze_model::Value;
use jiff::Timestamp;

use crate::{App, ETag, Live, Problem, etag, problem};

pub use aggregate::aggregate;
pub use bulk::{Counted, delete_many, update_many};
pub use create::{Created, create};
pub use delete::delete;
pub use list::list;
pub use one::one;
pub(crate) use plan::ListPlan;
pub use update::{replace, update};

/// What an operation is about.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub actor: &'a Arc<Actor>,
    /// The entity, as it stands in a path (`blog-posts`).
    pub entity: &'a str,
    /// The query string as it came.
    pub query: &'a str,
}

/// One entry as an answer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `{"data":{…}}`
    pub body: Vec<u8>,
    /// Tag of the entry.
    pub etag: ETag,
}

/// A condition on the tag of an entry (`If-Match`).
pub type Condition = Option<String>;

const DATA: &[u8] = b"{\"data\":";

/// Whether there is such an entity for the content API.
///
/// # Errors
/// `not_found`
pub fn exists(live: &Live, path: &str) -> Result<(), Problem> {
    entity(&live.schema, path).map(|_| ())
}

pub(crate) fn entity<'s>(schema: &'s Schema, path: &str) -> Result<&'s EntityInfo, Problem> {
    schema.entity_by_path(path).ok_or_else(|| {
        let shown: String = path.chars().take(60).collect();
        let meant = glaze_data::query::nearest(&shown, schema.public().map(|entity| entity.path.as_str()));
        let detail = match meant {
            Some(meant) => format!("There is no `{shown}`: did you mean `{meant}`?"),
            None => format!("There is no `{shown}`."),
        };
        Problem::new(&problem::NOT_FOUND, detail)
    })
}

/// A key that can't be one is that of an entry that is not there.
fn key(schema: &Schema, entity: &EntityInfo, text: &str) -> Result<Vec<Value>, Problem> {
    schema
        .parse_key(entity, text)
        .map_err(|error| Problem::new(&problem::NOT_FOUND, format!("There is no such entry: {error}.")))
}

/// The time of a request, cut to microseconds as databases keep it.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

fn args(actor: &Actor, key: Vec<Value>) -> Args {
    Args {
        me: actor.id(),
        now: now(),
        key,
    }
}

fn context(app: &App, live: &Live, actor: &Actor) -> WriteContext {
    WriteContext {
        schema: live.schema.clone(),
        store: live.store.clone(),
        actor: actor.clone(),
        now: now(),
        hooks: app.hooks.clone(),
        limits: app.settings.write_limits.clone(),
    }
}

/// How a write of one entry is answered: as the same query would show it.
fn reply(app: &App, live: &Live, request: &Request<'_>, entity: &EntityInfo, condition: Condition) -> Result<Reply, Problem> {
    let read = match plan::one(app, live, request.actor, entity, request.query) {
        Ok(read) => Some(read),
        // Who may write but not read is told the key and nothing else.
        Err(plan::PlanError::Query(QueryError::Forbidden { field: None, .. })) => None,
        Err(error) => return Err(error.into()),
    };
    let if_match = condition.map(|tags| -> glaze_data::write::IfMatch { Arc::new(move |body: &[u8]| etag(body).is_in(&tags, false)) });
    Ok(Reply { read, if_match })
}

/// `{"data":…}` around an entry; the key alone when the entry may not be seen.
fn enveloped(entity: &EntityInfo, key: &[Value], body: Vec<u8>) -> Entry {
    let body = if body.is_empty() { key_object(entity, key) } else { body };
    let tag = etag(&body);
    let mut whole = Vec::with_capacity(DATA.len() + body.len() + 1);
    whole.extend_from_slice(DATA);
    whole.extend_from_slice(&body);
    whole.push(b'}');
    Entry { body: whole, etag: tag }
}

fn key_object(entity: &EntityInfo, key: &[Value]) -> Vec<u8> {
    let members: serde_json::Map<_, _> = entity
        .key
        .iter()
        .zip(key)
        .map(|(part, value)| (part.json.clone(), value.to_json()))
        .collect();
    serde_json::to_vec(&members).unwrap_or_default()
}

type Params<'q> = Vec<(Cow<'q, str>, Cow<'q, str>)>;

fn params(query: &str) -> Result<Params<'_>, QueryError> {
    glaze_data::query::split(query).map_err(|error| QueryError::Invalid(vec![error]))
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Problem {
        match error {
            QueryError::Invalid(errors) => {
                let detail = match errors.as_slice() {
                    [one] => one.to_string(),
                    many => format!("There are {} problems.", many.len()),
                };
                Problem::new(&problem::INVALID_QUERY, detail).errors(errors.into_iter().map(param_error).collect())
            }
            QueryError::Forbidden { field, message, .. } => {
                let problem = Problem::new(&problem::FORBIDDEN, message.clone());
                match field {
                    Some(field) => problem.errors(vec![FieldError::new(field, "forbidden", message)]),
                    None => problem,
                }
            }
        }
    }
}

fn param_error(error: ParamError) -> FieldError {
    FieldError::new(error.param, error.code, error.message)
}
