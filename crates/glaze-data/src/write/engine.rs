//! The steps that create, update and delete share, inside one transaction.

use std::future::Future;

use futures_util::future::BoxFuture;
use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_model::{FieldKind, Value};

use super::{
    Action, Change, Key, WriteContext, WriteError,
    judge::{Row, State, Verdict, key_is},
    mapping,
};
use crate::{
    bound::{Args, Load},
    store::{Answer, Job, JobError, JobOutput, Prepared, StoreError, Tx},
    validate::FieldError,
};

/// The own reason of a job to give up.
pub(super) fn refuse(error: impl Into<WriteError>) -> JobError {
    JobError::Refused(Box::new(error.into()))
}

/// A transaction with what is needed to judge.
pub(super) struct Engine<'a> {
    pub(super) ctx: &'a WriteContext,
    pub(super) tx: &'a mut dyn Tx,
}

/// Conditions that only the database can judge once the rows are written.
#[derive(Default)]
pub(super) struct Deferred {
    pub(super) rules: Vec<(Expr, Option<FieldIx>)>,
    pub(super) validations: Vec<(Expr, FieldError)>,
}

impl Deferred {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.validations.is_empty()
    }
}

impl Engine<'_> {
    pub(super) fn args(&self) -> Args {
        self.ctx.args(Vec::new())
    }

    pub(super) fn forbidden(&self, action: Action, entity: EntityIx, field: Option<FieldIx>) -> WriteError {
        self.ctx.forbidden(action, entity, field)
    }

    /// Whether a row of this key for which the condition holds is there.
    pub(super) async fn holds(&mut self, entity: EntityIx, key: &[Value], condition: Expr) -> Result<bool, JobError> {
        let info = self.ctx.schema.entity(entity);
        let filter = Expr::and([key_is(info, key), condition]);
        Ok(self.count(entity, filter).await? > 0)
    }

    pub(super) async fn count(&mut self, entity: EntityIx, filter: Expr) -> Result<u64, JobError> {
        let load = Load {
            entity,
            filter,
            fields: Vec::new(),
            lock: false,
            limit: None,
        };
        let args = self.args();
        Ok(self.tx.count(&load, &args).await?)
    }

    /// Rows with all their stored fields, locked.
    pub(super) async fn rows(&mut self, entity: EntityIx, filter: Expr, limit: Option<u64>) -> Result<Vec<Row>, JobError> {
        let fields = self.ctx.stored_fields(entity);
        let load = Load {
            entity,
            filter,
            fields,
            lock: true,
            limit,
        };
        let args = self.args();
        let records = self.tx.load(&load, &args).await?;
        let width = self.ctx.schema.entity(entity).fields.len();
        let spread = |record: Vec<Value>| {
            let mut row: Row = vec![None; width];
            for (field, value) in load.fields.iter().zip(record) {
                row[*field as usize] = Some(value);
            }
            row
        };
        Ok(records.into_iter().map(spread).collect())
    }

    /// The answer for an entry.
    pub(super) async fn answer(&mut self, read: Option<&Prepared>, key: &Key) -> Result<Answer, StoreError> {
        match read {
            Some(read) => self.tx.read(read, &self.ctx.args(key.clone())).await,
            None => Ok(Answer::default()),
        }
    }

    /// What the database has to say once the rows are written.
    pub(super) async fn settle(&mut self, action: Action, change: &Change, key: &[Value], deferred: Deferred) -> Result<(), JobError> {
        for (rule, field) in deferred.rules {
            if !self.holds(change.entity, key, rule).await? {
                return Err(refuse(self.forbidden(action, change.entity, field)));
            }
        }
        let mut errors = Vec::new();
        for (rule, error) in deferred.validations {
            let refuted = Expr::new(glaze_expr::tree::Node::Not(Box::new(rule)), glaze_expr::tree::Type::BOOL);
            if self.holds(change.entity, key, refuted).await? {
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(refuse(errors)) }
    }

    /// A refusal of the database in the words of the API.
    pub(super) async fn explain(&mut self, error: StoreError, change: &Change, deferred: &Deferred, action: Action) -> JobError {
        let slug = |columns: &[String]| {
            let entity = self.ctx.schema.declared(change.entity);
            change.slugs.iter().any(|slug| entity.fields[*slug as usize].columns == columns)
        };
        match &error {
            // Somebody took the slug in the meantime: look again.
            StoreError::Unique { columns, .. } if slug(columns) => JobError::Store(StoreError::Conflict),
            // A rule is still to be judged: say nothing of other rows before it is.
            StoreError::Unique { .. } | StoreError::ForeignKey { .. } if !deferred.rules.is_empty() => {
                refuse(self.forbidden(action, change.entity, None))
            }
            StoreError::ForeignKey {
                columns,
                referenced: false,
                ..
            } if columns.is_empty() => {
                let missing = self.missing_references(change).await.unwrap_or_default();
                if missing.is_empty() {
                    mapping::refusal(self.ctx, error, change)
                } else {
                    refuse(missing)
                }
            }
            _ => mapping::refusal(self.ctx, error, change),
        }
    }
}

impl WriteContext {
    pub(super) fn forbidden(&self, action: Action, entity: EntityIx, field: Option<FieldIx>) -> WriteError {
        let info = self.schema.entity(entity);
        WriteError::Forbidden {
            action,
            entity: info.name.clone(),
            field: field.map(|field| info.fields[field as usize].json.clone()),
        }
    }

    /// Fields that have columns.
    pub(super) fn stored_fields(&self, entity: EntityIx) -> Vec<FieldIx> {
        let stored = |field: &glaze_model::Field| {
            !field.is_virtual() && !field.columns.is_empty() && !matches!(field.kind, FieldKind::Many(_) | FieldKind::Inverse(_))
        };
        let fields = self.schema.declared(entity).fields.iter().enumerate();
        fields.filter(|(_, field)| stored(field)).map(|(ix, _)| ix as FieldIx).collect()
    }

    /// The entity's rule and those of the fields that the client named. What can't be decided here comes back.
    ///
    /// # Errors
    /// [`WriteError::Forbidden`].
    pub(super) fn permit(&self, action: Action, change: &Change, states: &[State<'_>]) -> Result<Deferred, WriteError> {
        let mut deferred = Deferred::default();
        let mut judge = |rule: &Expr, field: Option<FieldIx>| {
            for (at, state) in states.iter().enumerate() {
                match self.judge(rule, *state) {
                    Verdict::Yes => {}
                    Verdict::No => return Err(self.forbidden(action, change.entity, field)),
                    // Only the last state is the one that the database will have.
                    Verdict::Ask(expr) if at + 1 == states.len() => deferred.rules.push((expr, field)),
                    Verdict::Ask(_) => {}
                }
            }
            Ok(())
        };
        judge(&self.rule(change.entity, action), None)?;
        if !self.actor.is_unrestricted() {
            for field in change.named_by_client() {
                if let Some(rule) = self.field_rule(change.entity, field, action) {
                    judge(&rule, Some(field))?;
                }
            }
        }
        Ok(deferred)
    }

    /// The `#[rule]`s of the entity over the row as it will be.
    pub(super) fn validate(&self, change: &Change, state: State<'_>, deferred: &mut Deferred) -> Vec<FieldError> {
        let info = self.schema.entity(change.entity);
        let mut errors = Vec::new();
        for validation in &info.validations {
            let path = validation
                .field
                .map(|field| info.fields[field as usize].json.clone())
                .unwrap_or_default();
            let error = || FieldError::new(&path, "rule", validation.message.clone()).within(&change.path);
            let holds = &validation.holds;
            match self.complains(holds, state) {
                Some(true) => errors.push(error()),
                Some(false) => {}
                None => deferred.validations.push((self.with_before(holds, state), error())),
            }
        }
        errors
    }

    /// Runs a job and takes its refusals and those of the database.
    pub(super) async fn run<T: 'static>(&self, job: std::sync::Arc<dyn Job>) -> Result<T, WriteError> {
        // Slugs that others take at the same moment are found again; the store itself repeats a few times at once.
        for _ in 0..16 {
            match self.store.transact(job.clone()).await {
                Ok(output) => return output.downcast::<T>().map(|output| *output).map_err(|_| lost()),
                Err(JobError::Store(StoreError::Conflict)) => {}
                Err(JobError::Store(error)) => return Err(mapping::store(error)),
                Err(JobError::Refused(reason)) => return Err(reason.downcast::<WriteError>().map_or_else(|_| lost(), |error| *error)),
            }
        }
        Err(WriteError::Store(StoreError::Conflict))
    }
}

fn lost() -> WriteError {
    WriteError::Store(StoreError::Other("a job gave back something else than it was asked for".to_owned()))
}

/// A job from a function over an [`Engine`].
pub(super) struct Work<F> {
    ctx: std::sync::Arc<WriteContext>,
    run: F,
}

impl<F> Work<F>
where
    F: for<'a> Fn(Engine<'a>) -> BoxFuture<'a, Result<JobOutput, JobError>> + Send + Sync,
{
    pub(super) fn new(ctx: &WriteContext, run: F) -> std::sync::Arc<Work<F>> {
        std::sync::Arc::new(Work {
            ctx: std::sync::Arc::new(ctx.clone()),
            run,
        })
    }
}

impl<F> Job for Work<F>
where
    F: for<'a> Fn(Engine<'a>) -> BoxFuture<'a, Result<JobOutput, JobError>> + Send + Sync,
{
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        (self.run)(Engine { ctx: &self.ctx, tx })
    }
}

/// Boxes what a job gives back.
pub(super) async fn boxed<T: Send + 'static>(work: impl Future<Output = Result<T, JobError>> + Send) -> Result<JobOutput, JobError> {
    work.await.map(|output| Box::new(output) as JobOutput)
}

impl Change {
    /// Fields that the client named, whatever it asks of them.
    pub(super) fn named_by_client(&self) -> Vec<FieldIx> {
        let set = self.set.iter().filter(|assign| assign.by_client).map(|assign| assign.field);
        let partial = self.partial.iter().filter(|partial| partial.by_client).map(|partial| partial.field);
        let targets = self.targets.iter().filter(|target| target.by_client).map(|target| target.field);
        let relations = self
            .relations
            .iter()
            .filter(|relation| relation.by_client)
            .map(|relation| relation.field);
        set.chain(partial).chain(targets).chain(relations).collect()
    }
}
