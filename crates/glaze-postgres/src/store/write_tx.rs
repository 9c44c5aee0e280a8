//! The transaction that a job sees: a connection of its own.

use std::sync::Arc;

use async_trait::async_trait;
use deadpool_postgres::Object;
use futures_util::future::{join, try_join_all};
use glaze_data::{
    bound::{Args, Delete, Insert, Link, Load, Record, Update},
    store::{Answer, Prepared, StoreError, Tx},
};
use glaze_model::Value;
use glaze_sql::{
    query::{Kind, Statement},
    write::{Plans, link_arrays},
};
use tokio_postgres::Error;

use super::{
    cells, from_postgres, prepared_read, read,
    read::{Connection, Inputs},
};

/// An open transaction. When it is dropped before its end (the client went away) its connection is closed: the server rolls back.
pub(super) struct PgTx {
    own: Option<Object>,
    plans: Arc<Plans>,
    begun: bool,
}

impl Drop for PgTx {
    fn drop(&mut self) {
        if let Some(own) = self.own.take() {
            drop(Object::take(own));
        }
    }
}

impl PgTx {
    pub(super) fn new(own: Object, plans: Arc<Plans>) -> PgTx {
        PgTx {
            own: Some(own),
            plans,
            begun: false,
        }
    }

    fn own(&self) -> Result<&Object, StoreError> {
        self.own
            .as_ref()
            .ok_or_else(|| StoreError::Other("the transaction has ended".to_owned()))
    }

    /// Does something in the transaction; its beginning is sent together with the first statement.
    async fn inside<T, E: From<Began>>(&mut self, work: impl AsyncFnOnce(&Object) -> Result<T, E>) -> Result<T, E> {
        let first = !std::mem::replace(&mut self.begun, true);
        let own = self.own().map_err(|error| E::from(Began(error)))?;
        if !first {
            return work(own).await;
        }
        let (begun, done) = join(own.batch_execute("BEGIN"), work(own)).await;
        begun.map_err(|error| E::from(Began(from_postgres(&error))))?;
        done
    }

    /// Makes it last.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.end("COMMIT").await
    }

    /// As if it had not been. Failures don't matter: the connection is then closed.
    pub(super) async fn rollback(mut self) {
        if let Err(error) = self.end("ROLLBACK").await {
            tracing::debug!(%error, "a transaction could not be rolled back; its connection is closed");
        }
    }

    async fn end(&mut self, word: &str) -> Result<(), StoreError> {
        if self.begun {
            self.own()?.batch_execute(word).await.map_err(|error| from_postgres(&error))?;
        }
        // Only now may others have the connection.
        drop(self.own.take());
        Ok(())
    }

    /// Runs a statement; gives the number of rows changed.
    async fn execute(&mut self, statement: &Statement, values: &[Value], args: &Args) -> Result<u64, StoreError> {
        self.inside(async |own| {
            let run = async {
                let kept = Connection::Own(own).prepared(statement, &[]).await?;
                let inputs = Inputs {
                    literals: values,
                    offset: 0,
                    args,
                };
                own.execute_raw(&kept.statement, inputs.bind(&statement.params)).await
            };
            run.await.map_err(|error| from_postgres(&error))
        })
        .await
    }

    /// Runs a statement and gives its rows as values.
    async fn rows(&mut self, statement: &Statement, values: &[Value], args: &Args, kinds: &[Kind]) -> Result<Vec<Vec<Value>>, StoreError> {
        self.inside(async |own| {
            let run = async {
                let kept = Connection::Own(own).prepared(statement, kinds).await?;
                let inputs = Inputs {
                    literals: values,
                    offset: 0,
                    args,
                };
                let rows = Connection::Own(own).rows(&kept, inputs.bind(&statement.params)).await?;
                Ok::<_, Error>((rows, kept))
            };
            let (rows, kept) = run.await.map_err(|error| from_postgres(&error))?;
            let raw = |row: &tokio_postgres::Row, at: usize| -> Value {
                let cell = row.try_get::<_, cells::Raw<'_>>(at).ok().and_then(|raw| raw.0);
                cells::value(cell, &kept.writers[at], kinds[at])
            };
            Ok(rows.iter().map(|row| (0..kinds.len()).map(|at| raw(row, at)).collect()).collect())
        })
        .await
    }
}

/// Why a transaction could not begin.
struct Began(StoreError);

impl From<Began> for StoreError {
    fn from(error: Began) -> StoreError {
        error.0
    }
}

#[async_trait]
impl Tx for PgTx {
    async fn load(&mut self, load: &Load, args: &Args) -> Result<Vec<Record>, StoreError> {
        let filled = self.plans.load(load)?;
        self.inside(async |own| read::load(Connection::Own(own), &filled.plan, &filled.values, args).await)
            .await
    }

    async fn count(&mut self, load: &Load, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.count(load)?;
        self.inside(async |own| read::count(Connection::Own(own), &filled.plan, &filled.values, args).await)
            .await
    }

    async fn insert(&mut self, insert: &Insert, args: &Args) -> Result<Vec<Vec<Value>>, StoreError> {
        let filled = self.plans.insert(insert)?;
        let plan = &filled.plan;
        let keys = match &plan.returning {
            Some(kinds) => self.rows(&plan.statement, &filled.values, args, kinds).await?,
            None => {
                self.execute(&plan.statement, &filled.values, args).await?;
                self.plans.written_keys(insert)?
            }
        };
        if !plan.linked
            && let Some(from) = keys.first()
        {
            for (field, to) in insert.links.iter().filter(|(_, to)| !to.is_empty()) {
                self.link(&Link {
                    entity: insert.entity,
                    field: *field,
                    from: from.clone(),
                    to: to.clone(),
                })
                .await?;
            }
        }
        Ok(keys)
    }

    async fn update(&mut self, update: &Update, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.update(update)?;
        self.execute(&filled.plan, &filled.values, args).await
    }

    async fn delete(&mut self, delete: &Delete, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.delete(delete)?;
        self.execute(&filled.plan, &filled.values, args).await
    }

    async fn link(&mut self, link: &Link) -> Result<(), StoreError> {
        let plan = self.plans.link(link)?;
        self.execute(&plan.add, &link_arrays(link, plan.width), &Args::none())
            .await
            .map(drop)
    }

    async fn link_all(&mut self, links: &[Link]) -> Result<(), StoreError> {
        let mut statements = Vec::with_capacity(links.len());
        for link in links {
            let plan = self.plans.link(link)?;
            let values = link_arrays(link, plan.width);
            statements.push((plan, values));
        }
        let args = Args::none();
        self.inside(async |own| {
            let run = async {
                let mut waiting = Vec::with_capacity(statements.len());
                for (plan, values) in &statements {
                    let kept = Connection::Own(own).prepared(&plan.add, &[]).await?;
                    let inputs = Inputs {
                        literals: values,
                        offset: 0,
                        args: &args,
                    };
                    waiting.push(async move { own.execute_raw(&kept.statement, inputs.bind(&plan.add.params)).await });
                }
                // Sent at once; the server runs them in order.
                try_join_all(waiting).await.map(drop)
            };
            run.await.map_err(|error: Error| from_postgres(&error))
        })
        .await
    }

    async fn unlink(&mut self, link: &Link) -> Result<(), StoreError> {
        let plan = self.plans.link(link)?;
        self.execute(&plan.remove, &link_arrays(link, plan.width), &Args::none())
            .await
            .map(drop)
    }

    async fn relink(&mut self, link: &Link) -> Result<(), StoreError> {
        let plan = self.plans.link(link)?;
        let values = link_arrays(link, plan.width);
        self.execute(&plan.clear, &values, &Args::none()).await?;
        if link.to.is_empty() {
            Ok(())
        } else {
            self.execute(&plan.add, &values, &Args::none()).await.map(drop)
        }
    }

    async fn read_all(&mut self, prepared: &Prepared, args: &[Args]) -> Result<Vec<Answer>, StoreError> {
        let Some((first, rest)) = args.split_first() else {
            return Ok(Vec::new());
        };
        // The first prepares the statements; the others are sent at once.
        let mut all = vec![self.read(prepared, first).await?];
        let prepared = prepared_read(prepared)?;
        let answers = self.inside(async |own| {
            let reads = rest.iter().map(|args| read::read(Connection::Own(own), prepared, args, Vec::new()));
            try_join_all(reads).await.map_err(|error| from_postgres(&error))
        });
        let answers: Result<Vec<Answer>, StoreError> = answers.await;
        all.extend(answers?);
        Ok(all)
    }

    async fn read(&mut self, prepared: &Prepared, args: &Args) -> Result<Answer, StoreError> {
        let prepared = prepared_read(prepared)?;
        self.inside(async |own| {
            read::read(Connection::Own(own), prepared, args, Vec::new())
                .await
                .map_err(|error| from_postgres(&error))
        })
        .await
    }
}
