//! Many new entries of one entity, written several rows at a time. Only what can be judged before it is written goes this way. Whatever
//! goes wrong here says no more than that the entries must go one by one, which finds out what is wrong with which.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::{FieldKind, Value};

use super::{
    Action, Change, Key, Reply, WriteContext, WriteError, Written,
    engine::{Engine, boxed, refuse},
    judge::{State, key_of},
    links::Linked,
};
use crate::{
    bound::{Insert, Link, Record},
    store::{JobError, JobOutput},
};

/// Most rows of one statement.
const ROWS: usize = 64;
/// Most values of one statement; a field may be several values. SQLite takes 32,766 parameters.
const VALUES: usize = 8_000;

/// Rows that wait to be written.
#[derive(Default)]
struct Pending {
    fields: Vec<FieldIx>,
    rows: Vec<Record>,
    links: Vec<Link>,
    /// Unique texts that were made from other fields: the next one must be another.
    slugs: Vec<(FieldIx, Value)>,
}

/// A new row that was judged.
struct Judged {
    change: Change,
    key: Key,
    links: Vec<(FieldIx, Vec<Key>)>,
}

impl WriteContext {
    /// Whether the entries can be tried together: several, with nothing nested in them that is to be made.
    pub(super) fn is_batch(&self, changes: &[Change]) -> bool {
        let links_only = |change: &Change| {
            let mut relations = change.relations.iter();
            relations.all(|relation| {
                relation.create.is_empty() && matches!(self.schema.field(change.entity, relation.field).kind, FieldKind::Many(_))
            })
        };
        changes.len() > 1 && changes.iter().all(|change| change.targets.is_empty() && links_only(change))
    }
}

/// Whether another attempt would only take as long and fail the same way.
pub(super) fn is_final(error: &WriteError) -> bool {
    use crate::store::StoreError;
    matches!(error, WriteError::Store(StoreError::Unavailable(_) | StoreError::Timeout))
}

/// The job that writes them.
pub(super) fn create_batch(mut engine: Engine<'_>, changes: Arc<Vec<Change>>, reply: Reply) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let mut pending = Pending::default();
        let mut keys = Vec::with_capacity(changes.len());
        for change in changes.iter() {
            let judged = engine.judged(change, &mut pending).await?;
            keys.push(judged.key.clone());
            engine.add(judged, &mut pending).await?;
        }
        engine
            .flush(changes.first().map_or(0, |change| change.entity), &mut pending)
            .await?;
        engine.answers(keys, &reply).await
    })
    .boxed()
}

impl Engine<'_> {
    /// Judges a new row as [`Engine::create`] does, as far as that can be done before it is written.
    async fn judged(&mut self, asked: &Change, pending: &mut Pending) -> Result<Judged, JobError> {
        let entity = asked.entity;
        let mut change = asked.clone();
        let row = self.ctx.new_row(&change);
        self.find_slugs(&mut change, &row, None).await?;
        if pending.slugs.iter().any(|(field, taken)| change.get(*field) == Some(taken)) {
            // Once those before are written, another one is found.
            self.flush(entity, pending).await?;
            self.find_slugs(&mut change, &row, None).await?;
        }
        let row = self.ctx.new_row(&change);
        let state = State {
            entity,
            row: &row,
            before: None,
        };
        let deferred = self.ctx.permit(Action::Create, &change, &[state]).map_err(refuse)?;
        let mut deferred = self.resolve(Action::Create, &change, state, deferred).await?;
        let mut errors = self.ctx.validate(&change, state, &mut deferred);
        errors.extend(self.check_references(&change, None).await?);
        if !errors.is_empty() {
            return Err(refuse(errors));
        }
        let key = key_of(&self.ctx.schema, entity, &row).filter(|_| deferred.is_empty());
        // What must be judged once it is written, or has a key that only the database knows, is not for here.
        let key = key.ok_or_else(|| refuse(WriteError::NotFound))?;
        let Linked { links, .. } = self.create_links(&change).await?;
        Ok(Judged { change, key, links })
    }

    async fn add(&mut self, judged: Judged, pending: &mut Pending) -> Result<(), JobError> {
        let Judged { change, key, links } = judged;
        let entity = change.entity;
        let fields: Vec<FieldIx> = change.set.iter().map(|assign| assign.field).collect();
        if fields != pending.fields || pending.rows.len() >= ROWS {
            self.flush(entity, pending).await?;
            pending.fields = fields;
        }
        for slug in &change.slugs {
            pending.slugs.extend(change.get(*slug).map(|value| (*slug, value.clone())));
        }
        pending.rows.push(change.set.into_iter().map(|assign| assign.value).collect());
        let linked = links.into_iter().filter(|(_, to)| !to.is_empty());
        pending.links.extend(linked.map(|(field, to)| Link {
            entity,
            field,
            from: key.clone(),
            to,
        }));
        Ok(())
    }

    /// Writes what waits. Numbers of rows are powers of two, so that there are few different statements.
    async fn flush(&mut self, entity: EntityIx, pending: &mut Pending) -> Result<(), JobError> {
        let args = self.args();
        let most = (VALUES / pending.fields.len().max(1)).clamp(1, ROWS);
        while !pending.rows.is_empty() {
            let count = 1 << pending.rows.len().min(most).ilog2();
            let insert = Insert {
                entity,
                fields: pending.fields.clone(),
                rows: pending.rows.drain(..count).collect(),
                links: Vec::new(),
            };
            self.tx.insert(&insert, &args).await?;
        }
        let links = std::mem::take(&mut pending.links);
        pending.slugs.clear();
        Ok(self.tx.link_all(&links).await?)
    }

    /// The answers for new entries, as they are when all of them are there.
    pub(super) async fn answers(&mut self, keys: Vec<Key>, reply: &Reply) -> Result<Vec<Written>, JobError> {
        let answers = match &reply.read {
            Some(read) => {
                let args: Vec<_> = keys.iter().map(|key| self.ctx.args(key.clone())).collect();
                self.tx.read_all(read, &args).await?
            }
            None => vec![Default::default(); keys.len()],
        };
        Ok(keys.into_iter().zip(answers).map(|(key, answer)| Written { key, answer }).collect())
    }
}
