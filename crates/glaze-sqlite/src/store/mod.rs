//! Content in SQLite: the [`Store`] port.

mod cells;
mod checkpoint;
mod company;
mod deadline;
pub(crate) mod dialect;
mod error;
mod fold;
pub(crate) mod functions;
mod list;
mod pool;
mod related;
mod search;
mod session;
mod times;
mod write;
mod write_tx;
mod writer;

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

pub use cells::{bind, column, value};
pub use dialect::SqliteQueries;
pub use error::from_sqlite;
pub use pool::{PoolOptions, SqlitePool};
pub use session::Session;
pub use writer::Work;

use search::{Need, Search};

/// Plans kept.
const PLANS: usize = 1000;

/// The content of one database under one schema. A new schema makes a new store over the same pool.
pub struct SqliteStore {
    pool: Arc<SqlitePool>,
    schema: Arc<Schema>,
    reads: PlanCache<ReadPlan>,
    sieved: PlanCache<ReadPlan>,
    searches: Searches<Search>,
    aggregates: PlanCache<AggregatePlan>,
    writes: Arc<Plans>,
}

/// Runs `f` with the schema as tables of SQLite.
pub fn with_tables<T>(schema: &Schema, f: impl FnOnce(Tables<'_>) -> T) -> T {
    f(Tables {
        model: schema.model(),
        dialect: &SqliteQueries,
        computed: schema,
    })
}

impl SqliteStore {
    /// Over a pool.
    pub fn new(pool: Arc<SqlitePool>, schema: Arc<Schema>) -> SqliteStore {
        let writes = Plans::new(schema.clone(), &SqliteQueries);
        SqliteStore {
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
    pub fn pool(&self) -> &Arc<SqlitePool> {
        &self.pool
    }

    fn search_of(&self, entity: EntityIx) -> Result<Option<Arc<Search>>, StoreError> {
        with_tables(&self.schema, |tables| self.searches.get(tables, entity, Search::new))
    }

    /// Makes the search index of an entity, which otherwise comes by itself, and brings every row into it. Whether it is there then:
    /// not for tables that Glaze did not make.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn index_search(&self, entity: EntityIx) -> Result<bool, StoreError> {
        match self.search_of(entity)? {
            Some(search) => fold::complete(&self.pool, &search, 0).await,
            None => Ok(false),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }
}

/// The read that [`SqliteStore::prepare`] made.
///
/// # Errors
/// When it was made by another kind of store.
pub fn prepared_read(prepared: &Prepared) -> Result<Arc<PreparedRead>, StoreError> {
    let read = prepared.0.clone().downcast::<PreparedRead>();
    read.map_err(|_| StoreError::Other("a read prepared by another kind of store".to_owned()))
}

#[async_trait]
impl Store for SqliteStore {
    fn prepare(&self, read: &BoundRead) -> Result<Prepared, StoreError> {
        let prepared = with_tables(&self.schema, |tables| query::prepare(tables, read, &self.reads, &self.sieved))?;
        Ok(Prepared(Arc::new(prepared)))
    }

    fn sql(&self, read: &Prepared) -> Option<String> {
        prepared_read(read).ok().map(|read| read.plan.root.statement.sql.clone())
    }

    async fn read(&self, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        let (read, args) = (prepared_read(read)?, args.clone());
        let search = match &read.searched {
            Some(searched) => self.search_of(searched.entity)?,
            None => None,
        };
        let Some(search) = search else {
            return self.pool.read(move |session| session.read(&read, &args, body)).await;
        };
        let used = search.clone();
        let work = move |session: &Session<'_>| match &read.searched {
            Some(searched) => session.search(&used, &read, searched, &args, body),
            None => session.read(&read, &args, body).map(|answer| (answer, Need::Nothing)),
        };
        let (answer, need) = self.pool.read(work).await?;
        fold::see_to(&self.pool, &search, need, self.pool.search_rows());
        Ok(answer)
    }

    async fn aggregate(&self, aggregate: &BoundAggregate, args: &Args) -> Result<Vec<u8>, StoreError> {
        let shape = Shape::of_aggregate(aggregate);
        let plan = self.aggregates.get(&shape.bytes, || {
            with_tables(&self.schema, |tables| compile_aggregate(tables, aggregate, &shape))
        })?;
        let (literals, offset, args) = (shape.values(), aggregate.offset, args.clone());
        self.pool
            .read(move |session| session.aggregate(&plan, &literals, offset, &args))
            .await
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
        self.pool
            .read(|session| {
                session
                    .conn
                    .query_row("SELECT 1", [], |_| Ok(()))
                    .map_err(|error| from_sqlite(&error))
            })
            .await
    }
}
