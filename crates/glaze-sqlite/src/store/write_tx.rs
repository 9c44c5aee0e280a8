//! The transaction that a job sees. A connection lives on its thread and can't be handed to a future, so the job's side only posts what
//! it wants done; the writer thread does it between two looks at the job.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use glaze_data::{
    bound::{Args, Delete, Insert, Link, Load, Record, Update},
    store::{Answer, Job, JobError, JobOutput, Prepared, StoreError, Tx},
};
use glaze_model::Value;
use glaze_sql::{
    query::{LoadPlan, PreparedRead},
    write::{Filled, InsertPlan, LinkPlan, Plans, link_values},
};

use super::session::Session;

/// Something to be done with the connection.
pub(super) enum Command {
    Load(Filled<LoadPlan>, Args),
    Count(Filled, Args),
    Insert(Filled<InsertPlan>, Args),
    Execute(Filled, Args),
    Links(Arc<LinkPlan>, LinkWork, Link),
    Read(Prepared, Args),
}

/// What becomes of the rows of a join table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkWork {
    Add,
    Remove,
    Replace,
}

/// What came of it.
pub(super) enum Done {
    Records(Vec<Record>),
    Count(u64),
    Answer(Answer),
}

#[derive(Default)]
struct Mailbox {
    command: Option<Command>,
    done: Option<Result<Done, StoreError>>,
}

type Shared = Arc<Mutex<Mailbox>>;

fn locked(shared: &Shared) -> std::sync::MutexGuard<'_, Mailbox> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a job to its end on this thread.
pub(super) fn drive(plans: &Arc<Plans>, session: &Session<'_>, job: &dyn Job) -> Result<JobOutput, JobError> {
    let mailbox = Shared::default();
    let mut tx = SqliteTx {
        plans: plans.clone(),
        mailbox: mailbox.clone(),
    };
    let mut future = job.run(&mut tx);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
        let Some(command) = locked(&mailbox).command.take() else {
            let reason = "a job waited for something else than its transaction".to_owned();
            return Err(JobError::Store(StoreError::Other(reason)));
        };
        let done = run(session, command);
        locked(&mailbox).done = Some(done);
    }
}

/// Does one thing with the connection.
pub(super) fn run(session: &Session<'_>, command: Command) -> Result<Done, StoreError> {
    match command {
        Command::Load(filled, args) => session.load(&filled.plan, &filled.values, &args).map(Done::Records),
        Command::Count(filled, args) => session.count(&filled.plan, &filled.values, &args).map(Done::Count),
        Command::Insert(filled, args) => insert(session, &filled, &args).map(Done::Records),
        Command::Execute(filled, args) => session
            .execute(&filled.plan, &filled.values, &args)
            .map(|count| Done::Count(count as u64)),
        Command::Links(plan, work, link) => links(session, &plan, work, &link).map(|()| Done::Count(0)),
        Command::Read(prepared, args) => {
            let read = prepared.0.downcast_ref::<PreparedRead>();
            let read = read.ok_or_else(|| StoreError::Other("a read that another store has prepared".to_owned()))?;
            session.read(read, &args, Vec::new()).map(Done::Answer)
        }
    }
}

/// Inserts; gives the keys that the database made, nothing when they are known.
pub(super) fn insert(session: &Session<'_>, filled: &Filled<InsertPlan>, args: &Args) -> Result<Vec<Vec<Value>>, StoreError> {
    match &filled.plan.returning {
        Some(kinds) => session.rows(&filled.plan.statement, &filled.values, args, kinds),
        None => session.execute(&filled.plan.statement, &filled.values, args).map(|_| Vec::new()),
    }
}

/// Changes rows of a join table, one target after the other.
pub(super) fn links(session: &Session<'_>, plan: &LinkPlan, work: LinkWork, link: &Link) -> Result<(), StoreError> {
    let args = Args::none();
    if work == LinkWork::Replace {
        session.execute(&plan.clear, &link.from, &args)?;
    }
    let statement = if work == LinkWork::Remove { &plan.remove } else { &plan.add };
    for target in &link.to {
        session.execute(statement, &link_values(link, target), &args)?;
    }
    Ok(())
}

/// The job's side of the transaction.
pub(super) struct SqliteTx {
    plans: Arc<Plans>,
    mailbox: Shared,
}

/// Waits for the writer thread to do what was posted.
struct Call(Shared, Option<Command>);

impl Future for Call {
    type Output = Result<Done, StoreError>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let command = self.1.take();
        let mut mailbox = locked(&self.0);
        if let Some(command) = command {
            mailbox.command = Some(command);
            return Poll::Pending;
        }
        match mailbox.done.take() {
            Some(done) => Poll::Ready(done),
            None => Poll::Pending,
        }
    }
}

impl SqliteTx {
    fn call(&self, command: Command) -> Call {
        Call(self.mailbox.clone(), Some(command))
    }

    async fn records(&self, command: Command) -> Result<Vec<Record>, StoreError> {
        match self.call(command).await? {
            Done::Records(records) => Ok(records),
            _ => Ok(Vec::new()),
        }
    }

    async fn number(&self, command: Command) -> Result<u64, StoreError> {
        match self.call(command).await? {
            Done::Count(count) => Ok(count),
            _ => Ok(0),
        }
    }

    async fn links(&self, link: &Link, work: LinkWork) -> Result<(), StoreError> {
        let plan = self.plans.link(link)?;
        self.number(Command::Links(plan, work, link.clone())).await.map(|_| ())
    }
}

#[async_trait]
impl Tx for SqliteTx {
    async fn load(&mut self, load: &Load, args: &Args) -> Result<Vec<Record>, StoreError> {
        let filled = self.plans.load(load)?;
        self.records(Command::Load(filled, args.clone())).await
    }

    async fn count(&mut self, load: &Load, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.count(load)?;
        self.number(Command::Count(filled, args.clone())).await
    }

    async fn insert(&mut self, insert: &Insert, args: &Args) -> Result<Vec<Vec<Value>>, StoreError> {
        let filled = self.plans.insert(insert)?;
        let known = filled.plan.returning.is_none();
        let mut keys = self.records(Command::Insert(filled, args.clone())).await?;
        if known {
            keys = self.plans.written_keys(insert)?;
        }
        if let Some(from) = keys.first() {
            for (field, to) in insert.links.iter().filter(|(_, to)| !to.is_empty()) {
                let link = Link {
                    entity: insert.entity,
                    field: *field,
                    from: from.clone(),
                    to: to.clone(),
                };
                self.links(&link, LinkWork::Add).await?;
            }
        }
        Ok(keys)
    }

    async fn update(&mut self, update: &Update, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.update(update)?;
        self.number(Command::Execute(filled, args.clone())).await
    }

    async fn delete(&mut self, delete: &Delete, args: &Args) -> Result<u64, StoreError> {
        let filled = self.plans.delete(delete)?;
        self.number(Command::Execute(filled, args.clone())).await
    }

    async fn link(&mut self, link: &Link) -> Result<(), StoreError> {
        self.links(link, LinkWork::Add).await
    }

    async fn unlink(&mut self, link: &Link) -> Result<(), StoreError> {
        self.links(link, LinkWork::Remove).await
    }

    async fn relink(&mut self, link: &Link) -> Result<(), StoreError> {
        self.links(link, LinkWork::Replace).await
    }

    async fn read(&mut self, read: &Prepared, args: &Args) -> Result<Answer, StoreError> {
        match self.call(Command::Read(read.clone(), args.clone())).await? {
            Done::Answer(answer) => Ok(answer),
            _ => Ok(Answer::default()),
        }
    }
}
