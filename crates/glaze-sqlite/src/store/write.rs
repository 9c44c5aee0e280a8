//! Writes: jobs in a transaction, and the short way for one row.

use std::sync::Arc;

use glaze_data::{
    bound::{Args, Insert, Link, Update},
    store::{Answer, Job, JobError, JobOutput, Prepared, StoreError},
};
use glaze_model::Value;
use glaze_sql::{
    query::PreparedRead,
    write::{Filled, InsertPlan, LinkPlan, Plans, WriteDialect},
};
use tokio::sync::oneshot;

use super::{
    SqliteQueries,
    pool::SqlitePool,
    prepared_read,
    session::Session,
    write_tx::{LinkWork, drive, insert, links},
    writer::Work,
};

impl WriteDialect for SqliteQueries {
    fn native(&self, param: &str, _native: &str) -> String {
        param.to_owned()
    }
}

/// Work whose outcome goes to whoever waits, once it is committed.
struct Waited<T, E, F> {
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Waited<T, E, F>
where
    T: Send,
    E: Send + From<StoreError>,
    F: FnMut(&Session<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, session: &Session<'_>) -> bool {
        let outcome = (self.work)(session);
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn done(self: Box<Self>, result: Result<(), StoreError>) {
        let outcome = match (result, self.outcome) {
            // What the work refused stays refused, whatever became of its neighbours.
            (Ok(()), Some(outcome)) | (Err(_), Some(outcome @ Err(_))) => outcome,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(StoreError::Other("the write panicked".to_owned()).into()),
        };
        // Whoever waited may have gone away.
        let _ = self.reply.send(outcome);
    }
}

async fn write<T, E>(pool: &SqlitePool, work: impl FnMut(&Session<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: Send + From<StoreError> + 'static,
{
    let (reply, answer) = oneshot::channel();
    pool.write(Box::new(Waited {
        work,
        outcome: None,
        reply,
    }))?;
    answer
        .await
        .unwrap_or_else(|_| Err(StoreError::Unavailable("the writing thread ended".to_owned()).into()))
}

/// A job in one transaction.
pub(super) async fn transact(pool: &SqlitePool, plans: &Arc<Plans>, job: Arc<dyn Job>) -> Result<JobOutput, JobError> {
    let plans = plans.clone();
    write(pool, move |session| drive(&plans, session, job.as_ref())).await
}

/// One new row with its links, and the answer.
pub(super) async fn insert_one(
    pool: &SqlitePool,
    plans: &Plans,
    new: &Insert,
    read: &Prepared,
    args: &Args,
    body: Vec<u8>,
) -> Result<Answer, StoreError> {
    let filled = plans.insert(new)?;
    let known = if filled.plan.returning.is_none() {
        plans.written_keys(new)?.pop()
    } else {
        None
    };
    let mut linked: Vec<(Arc<LinkPlan>, Link)> = Vec::new();
    for (field, to) in new.links.iter().filter(|(_, to)| !to.is_empty()) {
        let link = Link {
            entity: new.entity,
            field: *field,
            from: Vec::new(),
            to: to.clone(),
        };
        linked.push((plans.link(&link)?, link));
    }
    let mut inserted = Inserted {
        filled,
        known,
        linked,
        read: prepared_read(read)?,
        args: args.clone(),
        body,
    };
    write(pool, move |session| inserted.run(session)).await
}

struct Inserted {
    filled: Filled<InsertPlan>,
    known: Option<Vec<Value>>,
    linked: Vec<(Arc<LinkPlan>, Link)>,
    read: Arc<PreparedRead>,
    args: Args,
    body: Vec<u8>,
}

impl Inserted {
    fn run(&mut self, session: &Session<'_>) -> Result<Answer, StoreError> {
        let made = insert(session, &self.filled, &self.args)?.pop();
        let Some(key) = self.known.clone().or(made) else {
            return Err(StoreError::Other("a new row has no key".to_owned()));
        };
        for (plan, link) in &mut self.linked {
            link.from.clone_from(&key);
            links(session, plan, LinkWork::Add, link)?;
        }
        self.args.key = key;
        session.read(&self.read, &self.args, self.body.clone())
    }
}

/// One changed row, and the answer; an empty body when no row matched.
pub(super) async fn update_one(
    pool: &SqlitePool,
    plans: &Plans,
    update: &Update,
    read: &Prepared,
    args: &Args,
    body: Vec<u8>,
) -> Result<Answer, StoreError> {
    let filled = plans.update(update)?;
    let (read, args) = (prepared_read(read)?, args.clone());
    write(pool, move |session| match session.execute(&filled.plan, &filled.values, &args)? {
        0 => Ok(Answer::default()),
        _ => session.read(&read, &args, body.clone()),
    })
    .await
}
