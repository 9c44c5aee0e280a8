//! Content in PostgreSQL: the [`Store`] port.

mod cells;
pub(crate) mod dialect;
mod error;
mod params;
mod pool;
mod read;
mod search;
mod write;
mod write_tx;

use std::sync::Arc;

use async_trait::async_trait;
use glaze_data::{
    Schema,
    bound::{Args, BoundAggregate, BoundRead, Insert, Update},
    store::{Answer, Job, JobError, JobOutput, Prepared, Store, StoreError},
};
use glaze_expr::tree::EntityIx;
use glaze_sql::{
    query::{self, AggregatePlan, PlanCache, PreparedRead, ReadPlan, Searches, Shape, Tables, compile_aggregate},
    write::Plans,
};

pub use cells::{Raw, Writer};
pub use dialect::PostgresQueries;
pub use error::from_postgres;
pub use params::{Bound, encode};
pub use pool::{InUse, Kept, PgPool, PoolOptions, Shared};
pub use read::{Connection, Inputs};

use search::Search;

/// Plans kept.
const PLANS: usize = 1000;

/// The content of one database under one schema. A new schema makes a new store over the same pool.
pub struct PgStore {
    pool: Arc<PgPool>,
    schema: Arc<Schema>,
    reads: PlanCache<ReadPlan>,
    sieved: PlanCache<ReadPlan>,
    searches: Searches<Search>,
    aggregates: PlanCache<AggregatePlan>,
    writes: Arc<Plans>,
}

/// Runs `f` with the schema as tables of PostgreSQL.
pub fn with_tables<T>(schema: &Schema, f: impl FnOnce(Tables<'_>) -> T) -> T {
    f(Tables {
        model: schema.model(),
        dialect: &PostgresQueries,
        computed: schema,
    })
}

impl PgStore {
    /// Over a pool.
    pub fn new(pool: Arc<PgPool>, schema: Arc<Schema>) -> PgStore {
        let writes = Plans::new(schema.clone(), &PostgresQueries);
        PgStore {
            pool,
            schema,
            reads: PlanCache::new(PLANS),
            sieved: PlanCache::new(PLANS),
            searches: Searches::default(),
            aggregates: PlanCache::new(PLANS),
            writes,
        }
    }

    /// The pool.
    pub fn pool(&self) -> &Arc<PgPool> {
        &self.pool
    }

    fn search_of(&self, entity: EntityIx) -> Result<Option<Arc<Search>>, StoreError> {
        with_tables(&self.schema, |tables| self.searches.get(tables, entity, Search::new))
    }

    /// Makes the search index of an entity, which otherwise comes by itself. Whether it is there then: not in a database that Glaze has
    /// not migrated.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn index_search(&self, entity: EntityIx) -> Result<bool, StoreError> {
        match self.search_of(entity)? {
            Some(search) => search.ensure(&self.pool, 0).await,
            None => Ok(false),
        }
    }

    /// Runs a read with one of its plans, a second time when the tables changed or the connection was lost.
    async fn read_plan(&self, plan: &ReadPlan, prepared: &PreparedRead, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        let begin = body.clone();
        let shared = self.pool.shared().await?;
        let error = match read::read_plan(Connection::Shared(&shared), plan, prepared, args, body).await {
            Ok(answer) => return Ok(answer),
            Err(error) if may_repeat(&error, &shared) => error,
            Err(error) => return Err(from_postgres(&error)),
        };
        tracing::debug!(%error, "a read is repeated");
        drop(shared);
        let shared = self.pool.shared().await?;
        read::read_plan(Connection::Shared(&shared), plan, prepared, args, begin)
            .await
            .map_err(|error| from_postgres(&error))
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }
}

/// The read that [`PgStore::prepare`] made.
///
/// # Errors
/// When it was made by another kind of store.
pub fn prepared_read(prepared: &Prepared) -> Result<&PreparedRead, StoreError> {
    let read = prepared.0.downcast_ref::<PreparedRead>();
    read.ok_or_else(|| StoreError::Other("a read prepared by another kind of store".to_owned()))
}

/// Whether the same read on another connection, or prepared anew, may succeed.
fn may_repeat(error: &tokio_postgres::Error, shared: &Shared) -> bool {
    if error::is_stale(error) {
        shared.forget();
        return true;
    }
    error.is_closed() || shared.client.is_closed()
}

#[async_trait]
impl Store for PgStore {
    fn prepare(&self, read: &BoundRead) -> Result<Prepared, StoreError> {
        let prepared = with_tables(&self.schema, |tables| query::prepare(tables, read, &self.reads, &self.sieved))?;
        Ok(Prepared(Arc::new(prepared)))
    }

    fn sql(&self, read: &Prepared) -> Option<String> {
        prepared_read(read).ok().map(|read| read.plan.root.statement.sql.clone())
    }

    async fn read(&self, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        let read = prepared_read(read)?;
        let Some(searched) = &read.searched else {
            return self.read_plan(&read.plan, read, args, body).await;
        };
        let Some(search) = self.search_of(searched.entity)? else {
            return self.read_plan(&read.plan, read, args, body).await;
        };
        if search.is_there() {
            match self.read_plan(&searched.plan, read, args, body.clone()).await {
                Err(error @ StoreError::Other(_)) => search.failed(&error),
                outcome => return outcome,
            }
        }
        let answer = self.read_plan(&read.plan, read, args, body).await?;
        search::see_to(&self.pool, &search);
        Ok(answer)
    }

    async fn aggregate(&self, aggregate: &BoundAggregate, args: &Args) -> Result<Vec<u8>, StoreError> {
        let shape = Shape::of_aggregate(aggregate);
        let plan = self.aggregates.get(&shape.bytes, || {
            with_tables(&self.schema, |tables| compile_aggregate(tables, aggregate, &shape))
        })?;
        let literals = shape.values();
        let inputs = Inputs {
            literals: &literals,
            offset: aggregate.offset,
            args,
        };
        let shared = self.pool.shared().await?;
        match read::aggregate(Connection::Shared(&shared), &plan, inputs).await {
            Ok(body) => return Ok(body),
            Err(error) if may_repeat(&error, &shared) => {}
            Err(error) => return Err(from_postgres(&error)),
        }
        drop(shared);
        let shared = self.pool.shared().await?;
        read::aggregate(Connection::Shared(&shared), &plan, inputs)
            .await
            .map_err(|error| from_postgres(&error))
    }

    async fn transact(&self, job: Arc<dyn Job>) -> Result<JobOutput, JobError> {
        write::transact(&self.pool, &self.writes, job).await
    }

    async fn insert_one(&self, insert: &Insert, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        write::insert_one(&self.pool, &self.writes, insert, read, args, body).await
    }

    async fn update_one(&self, update: &Update, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        write::update_one(&self.pool, &self.writes, update, read, args, body).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let shared = self.pool.shared().await?;
        shared
            .client
            .simple_query("SELECT 1")
            .await
            .map(drop)
            .map_err(|error| from_postgres(&error))
    }
}
