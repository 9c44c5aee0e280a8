//! The life of a write: parse, validate, hooks before, one transaction in which policies judge the row as it was and as it will be,
//! hooks after.
//!
//! Nothing here knows a database: the same steps run over [`crate::store::Tx`] on all of them. What needs no judging inside a
//! transaction goes the short way, in one statement.

mod batch;
mod bulk;
mod change;
mod create;
mod delete;
mod engine;
mod error;
mod hook;
mod inner_references;
mod judge;
mod links;
mod mapping;
mod record;
mod references;
mod relation;
mod resolve;
mod slug;
mod update;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    Actor,
    bound::Args,
    schema::Schema,
    store::{Answer, Prepared, Store},
};

pub use bulk::{delete_many, update_many};
pub use change::{Assign, Change, Key, Mode, NewTarget, Partial, ToMany};
pub use create::{create_many, create_one};
pub use delete::delete_one;
pub use error::{Action, WriteError};
pub use hook::{Hook, HookError, HookEvent, Hooks};
pub use record::{Reading, read_change};
pub use slug::slugify;
pub use update::{replace_one, update_one};

/// What every write needs to know.
#[derive(Clone)]
pub struct WriteContext {
    /// The model, prepared.
    pub schema: Arc<Schema>,
    /// The database.
    pub store: Arc<dyn Store>,
    /// Who writes.
    pub actor: Actor,
    /// Time of the request, cut to microseconds: what `now`, `created_at` and `updated_at` are.
    pub now: Timestamp,
    /// Code of the application.
    pub hooks: Arc<Hooks>,
    /// Limits.
    pub limits: WriteLimits,
}

impl std::fmt::Debug for WriteContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteContext")
            .field("actor", &self.actor)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl WriteContext {
    /// Arguments of statements, for the entry of this key.
    pub fn args(&self, key: Key) -> Args {
        Args {
            me: self.actor.id(),
            now: self.now,
            key,
        }
    }
}

/// How much one write may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteLimits {
    /// Entries created by one request.
    pub entries: usize,
    /// Entries changed or removed by one request.
    pub rows: u64,
    /// Related entries named in one request.
    pub related: usize,
    /// Depth of entries created inside entries.
    pub nesting: usize,
}

impl Default for WriteLimits {
    fn default() -> WriteLimits {
        WriteLimits {
            entries: 1_000,
            rows: 10_000,
            related: 2_000,
            nesting: 4,
        }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its key.
    pub key: Key,
    /// The entry as the reader sees it; the body is empty when the actor may not read it (or did not ask).
    pub answer: Answer,
}

/// Judges the entry as the reader saw it: gets the JSON bytes of the entry and says whether the write may go on.
pub type IfMatch = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// A key as it is written in JSON: bare, or an object of its parts.
pub fn key_json(schema: &Schema, entity: glaze_expr::tree::EntityIx, key: &[glaze_model::Value]) -> serde_json::Value {
    match key {
        [single] => single.to_json(),
        parts => {
            let names = schema.entity(entity).key.iter().map(|part| part.json.clone());
            serde_json::Value::Object(names.zip(parts.iter().map(glaze_model::Value::to_json)).collect())
        }
    }
}

/// How a write is answered, and on which condition it happens.
#[derive(Clone, Default)]
pub struct Reply {
    /// The read of one entry by key, bound for the actor; `None` answers with the key alone.
    pub read: Option<Prepared>,
    /// `If-Match`, judged in the transaction on what `read` gives before the write; needs `read`.
    pub if_match: Option<IfMatch>,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("read", &self.read)
            .field("if_match", &self.if_match.is_some())
            .finish()
    }
}
