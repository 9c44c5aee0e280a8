//! Content in SQLite: the [`Store`] port.

mod cells;
mod deadline;
pub(crate) mod dialect;
mod error;
pub(crate) mod functions;
mod list;
mod pool;
mod related;
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
use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_sql::{
    query::{AggregatePlan, ComputedFields, PlanCache, PreparedRead, ReadPlan, Shape, Tables, compile_aggregate, compile_read},
    write::Plans,
};

pub use cells::{bind, column, value};
pub use dialect::SqliteQueries;
pub use error::from_sqlite;
pub use pool::{PoolOptions, SqlitePool};
pub use session::Session;
pub use writer::Work;

/// Plans kept.
const PLANS: usize = 1000;

/// The content of one database under one schema. A new schema makes a new store over the same pool.
pub struct SqliteStore {
    pool: Arc<SqlitePool>,
    schema: Arc<Schema>,
    reads: PlanCache<ReadPlan>,
    aggregates: PlanCache<AggregatePlan>,
    writes: Arc<Plans>,
}

/// Computed fields of a schema.
struct Computed<'a>(&'a Schema);

impl ComputedFields for Computed<'_> {
    fn computed(&self, entity: EntityIx, field: FieldIx) -> Option<&Expr> {
        self.0.field_info(entity, field).computed.as_ref()
    }
}

/// Runs `f` with the schema as tables of SQLite.
pub fn with_tables<T>(schema: &Schema, f: impl FnOnce(Tables<'_>) -> T) -> T {
    let computed = Computed(schema);
    f(Tables {
        model: schema.model(),
        dialect: &SqliteQueries,
        computed: &computed,
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
            aggregates: PlanCache::new(PLANS),
            writes,
        }
    }

    /// The pool.
    pub fn pool(&self) -> &Arc<SqlitePool> {
        &self.pool
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
        let shape = Shape::of_read(read);
        let plan = self.reads.get(&shape.bytes, || {
            with_tables(&self.schema, |tables| compile_read(tables, read, &shape))
        })?;
        let offset = match read.page {
            glaze_data::bound::Page::Offset { offset, .. } => offset,
            _ => 0,
        };
        Ok(Prepared(Arc::new(PreparedRead {
            plan,
            literals: shape.values(),
            offset,
        })))
    }

    async fn read(&self, read: &Prepared, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        let (read, args) = (prepared_read(read)?, args.clone());
        self.pool.read(move |session| session.read(&read, &args, body)).await
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
