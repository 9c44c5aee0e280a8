//! Writes: jobs in a transaction on a connection of their own, and the short way for one row.

use std::sync::Arc;

use deadpool_postgres::Object;
use futures_util::future::join;
use glaze_data::{
    bound::{Args, Insert, Update},
    store::{Answer, Job, JobError, JobOutput, Prepared, StoreError},
};
use glaze_model::Value;
use glaze_sql::{
    query::{PreparedRead, Statement},
    write::{Plans, WriteDialect},
};
use tokio_postgres::Error;

use super::{PostgresQueries, error, from_postgres, pool::PgPool, prepared_read, read, read::Connection, read::Inputs, write_tx::PgTx};

/// How often a transaction begins anew that others got in the way of.
const ATTEMPTS: usize = 3;

impl WriteDialect for PostgresQueries {
    fn native(&self, param: &str, native: &str) -> String {
        format!("CAST({param}::text AS {native})")
    }
}

/// A job in one transaction, begun anew when others got in its way.
pub(super) async fn transact(pool: &PgPool, plans: &Arc<Plans>, job: Arc<dyn Job>) -> Result<JobOutput, JobError> {
    let mut attempt = 1;
    loop {
        let mut tx = PgTx::new(pool.checkout().await?, plans.clone());
        let outcome = match job.run(&mut tx).await {
            Ok(output) => tx.commit().await.map(|()| output).map_err(JobError::Store),
            Err(reason) => {
                tx.rollback().await;
                Err(reason)
            }
        };
        match outcome {
            Err(JobError::Store(StoreError::Conflict)) if attempt < ATTEMPTS => attempt += 1,
            // The tables changed since the statements were prepared; they are forgotten now.
            Err(JobError::Store(StoreError::Other(reason))) if attempt < ATTEMPTS && reason.contains("cached plan") => {
                pool.forget();
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// One new row with its links, and the answer, sent at once. Not on a shared connection: a lock or a slow disk would hold up what
/// others read there.
pub(super) async fn insert_one(
    pool: &PgPool,
    plans: &Plans,
    insert: &Insert,
    read: &Prepared,
    args: &Args,
    body: Vec<u8>,
) -> Result<Answer, StoreError> {
    let filled = plans.insert(insert)?;
    let own = pool.checkout().await?;
    write_and_read(&own, &filled.plan.statement, &filled.values, prepared_read(read)?, args, body)
        .await
        .map(|(_, answer)| answer)
}

/// One changed row, and the answer; an empty body when no row matched.
pub(super) async fn update_one(
    pool: &PgPool,
    plans: &Plans,
    update: &Update,
    read: &Prepared,
    args: &Args,
    body: Vec<u8>,
) -> Result<Answer, StoreError> {
    let filled = plans.update(update)?;
    let own = pool.checkout().await?;
    match write_and_read(&own, &filled.plan, &filled.values, prepared_read(read)?, args, body).await? {
        (0, _) => Ok(Answer::default()),
        (_, answer) => Ok(answer),
    }
}

/// A statement and, behind it on the same connection, the read that answers: one round trip for both.
async fn write_and_read(
    own: &Object,
    statement: &Statement,
    values: &[Value],
    prepared: &PreparedRead,
    args: &Args,
    body: Vec<u8>,
) -> Result<(u64, Answer), StoreError> {
    for repeat in [false, true] {
        let connection = Connection::Own(own);
        let both = async {
            let kept = connection.prepared(statement, &[]).await?;
            // Prepared before anything is sent, so that the read is sent right behind the write and not before it.
            connection
                .prepared(&prepared.plan.root.statement, &prepared.plan.root.columns)
                .await?;
            let inputs = Inputs {
                literals: values,
                offset: 0,
                args,
            };
            let write = own.execute_raw(&kept.statement, inputs.bind(&statement.params));
            let (written, answer) = join(write, read::read(connection, prepared, args, body.clone())).await;
            Ok::<_, Error>((written?, answer?))
        };
        match both.await {
            Err(stale) if error::is_stale(&stale) && !repeat => own.statement_cache.clear(),
            outcome => return outcome.map_err(|error| from_postgres(&error)),
        }
    }
    Err(StoreError::Conflict)
}
