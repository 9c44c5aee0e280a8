//! Code of the application before and after a write.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use serde_json::{Map, Value as Json};

use super::Action;
use crate::Actor;

/// Why a hook refuses a write.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct HookError {
    /// HTTP-like status from 400 to 499; anything else is taken as 422.
    pub status: u16,
    /// Stable code for programs.
    pub code: String,
    /// What a person is told.
    pub message: String,
    /// Field it is about, as a path in the sent JSON.
    pub path: Option<String>,
}

impl HookError {
    /// Refuses with status 422.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> HookError {
        HookError {
            status: 422,
            code: code.into(),
            message: message.into(),
            path: None,
        }
    }

    /// The same, about a field.
    pub fn at(mut self, path: impl Into<String>) -> HookError {
        self.path = Some(path.into());
        self
    }
}

/// What a hook is told.
#[derive(Debug)]
pub struct HookEvent<'a> {
    /// Who writes.
    pub actor: &'a Actor,
    /// Name of the entity.
    pub entity: &'a str,
    /// What is done.
    pub action: Action,
    /// Key of the entry in JSON; `None` before a create and for changes of many entries.
    pub key: Option<&'a Json>,
}

/// A hook. Runs outside the transaction: before it, and after it was committed.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Before a write. May change what is written (in the words of the API; for a deletion the map is empty) or refuse. What a hook writes
    /// is judged as everything else, but rules on single fields do not bind it, and it may set private fields.
    async fn before(&self, _event: &HookEvent<'_>, _data: &mut Map<String, Json>) -> Result<(), HookError> {
        Ok(())
    }

    /// After the write has been committed, with what was written.
    async fn after(&self, _event: &HookEvent<'_>, _data: &Map<String, Json>) {}
}

/// A hook with the only action it is for, if so.
type Registered = (Option<Action>, Arc<dyn Hook>);

/// The hooks of an application, by entity.
#[derive(Clone, Default)]
pub struct Hooks {
    by_entity: HashMap<String, Vec<Registered>>,
}

impl std::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_entity.keys()).finish()
    }
}

impl Hooks {
    /// Adds a hook for an entity (by its name in the schema) and an action, or all actions.
    pub fn add(&mut self, entity: impl Into<String>, action: Option<Action>, hook: Arc<dyn Hook>) {
        self.by_entity.entry(entity.into()).or_default().push((action, hook));
    }

    /// Whether there is none at all for this entity and action.
    pub fn is_empty(&self, entity: &str, action: Action) -> bool {
        self.of(entity, action).next().is_none()
    }

    fn of(&self, entity: &str, action: Action) -> impl Iterator<Item = &Arc<dyn Hook>> {
        let all = self.by_entity.get(entity).map(Vec::as_slice).unwrap_or_default();
        all.iter()
            .filter(move |(only, _)| only.is_none_or(|only| only == action))
            .map(|(_, hook)| hook)
    }

    /// Runs the hooks before a write, in the order they were added.
    ///
    /// # Errors
    /// The first refusal.
    pub async fn before(&self, event: &HookEvent<'_>, data: &mut Map<String, Json>) -> Result<(), HookError> {
        for hook in self.of(event.entity, event.action) {
            hook.before(event, data).await?;
        }
        Ok(())
    }

    /// Runs the hooks after a write.
    pub async fn after(&self, event: &HookEvent<'_>, data: &Map<String, Json>) {
        for hook in self.of(event.entity, event.action) {
            hook.after(event, data).await;
        }
    }
}
