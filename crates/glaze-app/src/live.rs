//! The schema being served, with everything that was prepared for it.

use std::{
    hash::{Hash, Hasher},
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use equivalent::Equivalent;
use glaze_data::{
    Actor, Schema,
    store::{Prepared, Store},
};
use glaze_expr::tree::EntityIx;
use moka::sync::Cache;
use uuid::Uuid;

use crate::entries::ListPlan;

/// Longest query string that is worth remembering.
const REMEMBERED_QUERY: usize = 1024;

/// The schema being served. Never changed, only replaced as a whole: see [`crate::App::replace`].
pub struct Live {
    /// The model, prepared.
    pub schema: Arc<Schema>,
    /// The database, as this schema sees it.
    pub store: Arc<dyn Store>,
    /// Names the model: the same model has the same.
    pub hash: String,
    /// The OpenAPI document of this model and where it was asked for, made by the surface that shows it.
    pub openapi: OnceLock<(String, Bytes)>,
    plans: Cache<PlanKey, Plan>,
}

/// A read that was parsed, bound and compiled.
#[derive(Clone)]
pub(crate) enum Plan {
    One(Prepared),
    List(Arc<ListPlan>),
}

/// Bound trees depend on the actor's roles and on whether there is somebody, not on who it is (see `glaze_data::bind`); the cursors of
/// a list are those of one actor.
struct PlanKey {
    actor: Arc<Actor>,
    entity: EntityIx,
    one: bool,
    query: Box<str>,
}

/// The same, borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PlanView<'a> {
    somebody: bool,
    id: Option<Uuid>,
    system: bool,
    roles: &'a [String],
    entity: EntityIx,
    one: bool,
    query: &'a str,
}

/// Which plan.
#[derive(Clone, Copy)]
pub(crate) struct PlanName<'a> {
    pub actor: &'a Arc<Actor>,
    pub entity: EntityIx,
    pub one: bool,
    pub query: &'a str,
}

impl<'a> PlanView<'a> {
    fn new(actor: &'a Actor, entity: EntityIx, one: bool, query: &'a str) -> Self {
        let id = actor.id();
        PlanView {
            somebody: id.is_some(),
            id: id.filter(|_| !one),
            system: *actor == Actor::System,
            roles: actor.roles(),
            entity,
            one,
            query,
        }
    }
}

impl PlanKey {
    fn view(&self) -> PlanView<'_> {
        PlanView::new(&self.actor, self.entity, self.one, &self.query)
    }
}

impl PartialEq for PlanKey {
    fn eq(&self, other: &Self) -> bool {
        self.view() == other.view()
    }
}

impl Eq for PlanKey {}

impl Hash for PlanKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.view().hash(state);
    }
}

impl Equivalent<PlanKey> for PlanView<'_> {
    fn equivalent(&self, key: &PlanKey) -> bool {
        *self == key.view()
    }
}

impl Live {
    /// Serves `schema` from `store`.
    pub fn new(schema: Arc<Schema>, store: Arc<dyn Store>) -> Live {
        let hash = blake3::hash(glaze_model::snapshot::to_json(schema.model()).as_bytes())
            .to_hex()
            .to_string();
        Live {
            schema,
            store,
            hash,
            openapi: OnceLock::new(),
            plans: Cache::builder().max_capacity(1024).build(),
        }
    }

    /// The plan of a query that was asked before by the same actor, or the one that `make` makes now.
    pub(crate) fn plan<E>(&self, name: PlanName<'_>, make: impl FnOnce() -> Result<Plan, E>) -> Result<Plan, E> {
        if name.query.len() > REMEMBERED_QUERY {
            return make();
        }
        if let Some(plan) = self.plans.get(&PlanView::new(name.actor, name.entity, name.one, name.query)) {
            return Ok(plan);
        }
        let plan = make()?;
        let key = PlanKey {
            actor: name.actor.clone(),
            entity: name.entity,
            one: name.one,
            query: name.query.into(),
        };
        self.plans.insert(key, plan.clone());
        Ok(plan)
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("hash", &self.hash).finish_non_exhaustive()
    }
}
