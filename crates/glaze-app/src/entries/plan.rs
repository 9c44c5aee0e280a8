//! From a query string to something a database can be asked, remembered for the next time.

use std::sync::Arc;

use glaze_data::{
    Actor, bind,
    bound::{BoundAggregate, Page},
    cursor::Scope,
    query::{self, Query, QueryError},
    schema::EntityInfo,
    store::{Prepared, StoreError},
    write::Action,
};
use glaze_expr::tree::Expr;

use super::{Params, params};
use crate::{
    App, Live, Problem,
    live::{Plan, PlanName},
};

/// A list that was parsed, bound and compiled.
pub(crate) struct ListPlan {
    pub(super) read: Prepared,
    /// For which question cursors are signed.
    pub(super) scope: Scope,
    /// The page began somewhere: at an offset or after a cursor.
    pub(super) continued: bool,
    /// Towards the front.
    pub(super) before: bool,
}

/// Why there is no plan.
pub(super) enum PlanError {
    Query(QueryError),
    Store(StoreError),
}

impl From<QueryError> for PlanError {
    fn from(error: QueryError) -> Self {
        PlanError::Query(error)
    }
}

impl From<StoreError> for PlanError {
    fn from(error: StoreError) -> Self {
        PlanError::Store(error)
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Query(error) => error.into(),
            PlanError::Store(error) => error.into(),
        }
    }
}

fn invalid(errors: Vec<query::ParamError>) -> QueryError {
    QueryError::Invalid(errors)
}

/// The read of one entry, whose key comes later.
pub(super) fn one(app: &App, live: &Live, actor: &Arc<Actor>, entity: &EntityInfo, query: &str) -> Result<Prepared, PlanError> {
    let name = PlanName {
        actor,
        entity: entity.ix,
        one: true,
        query,
    };
    let plan = live.plan(name, || -> Result<Plan, PlanError> {
        let limits = &app.settings.limits;
        let query = query::parse_one(&live.schema, entity, &params(query)?, limits).map_err(invalid)?;
        let bound = bind::bind_key(&live.schema, actor, &query, limits)?;
        Ok(Plan::One(live.store.prepare(&bound)?))
    })?;
    match plan {
        Plan::One(read) => Ok(read),
        Plan::List(_) => Err(StoreError::Other("a plan of another kind".into()).into()),
    }
}

/// The read of a list.
pub(super) fn list(app: &App, live: &Live, actor: &Arc<Actor>, entity: &EntityInfo, query: &str) -> Result<Arc<ListPlan>, PlanError> {
    let name = PlanName {
        actor,
        entity: entity.ix,
        one: false,
        query,
    };
    let make = || -> Result<Arc<ListPlan>, PlanError> {
        let limits = &app.settings.limits;
        let query = query::parse(&live.schema, entity, &params(query)?, limits).map_err(invalid)?;
        let bound = bind::bind(&live.schema, actor, &query, limits, &app.cursors)?;
        let (continued, before) = match &bound.page {
            Page::Offset { offset, .. } => (*offset > 0, false),
            Page::Seek { before, .. } => (true, *before),
            Page::Key | Page::PerParent { .. } => (false, false),
        };
        let scope = Scope::of(&live.schema, actor, &bound);
        Ok(Arc::new(ListPlan {
            read: live.store.prepare(&bound)?,
            scope,
            continued,
            before,
        }))
    };
    // A page by cursor is seldom asked for twice.
    if query.contains("after=") || query.contains("before=") {
        return make();
    }
    match live.plan(name, || make().map(Plan::List))? {
        Plan::List(plan) => Ok(plan),
        Plan::One(_) => Err(StoreError::Other("a plan of another kind".into()).into()),
    }
}

/// The rows a change or removal of many is about.
pub(super) fn bulk(
    app: &App,
    live: &Live,
    actor: &Actor,
    entity: &EntityInfo,
    action: Action,
    params: &Params<'_>,
) -> Result<Expr, QueryError> {
    let limits = &app.settings.limits;
    let query = query::parse_words(&live.schema, entity, params, query::BULK_WORDS, limits).map_err(invalid)?;
    let rows = bind::bind_filter(&live.schema, actor, entity.ix, action.name(), query.filter.as_ref())?;
    match query.search {
        None => Ok(rows),
        Some(search) => {
            let found = Query {
                search: Some(search),
                ..Query::all(entity.ix, limits)
            };
            Ok(Expr::and([
                rows,
                bind::bind(&live.schema, actor, &found, limits, &app.cursors)?.filter,
            ]))
        }
    }
}

/// Counts and sums.
pub(super) fn aggregate(
    app: &App,
    live: &Live,
    actor: &Actor,
    entity: &EntityInfo,
    params: &Params<'_>,
) -> Result<BoundAggregate, QueryError> {
    let limits = &app.settings.limits;
    let query = query::parse_aggregate(&live.schema, entity, params, limits).map_err(invalid)?;
    bind::bind_aggregate(&live.schema, actor, &query, limits)
}
