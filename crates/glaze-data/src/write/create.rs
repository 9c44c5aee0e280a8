//! New entries.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::{FieldKind, Value};
use serde_json::{Map, Value as Json};

use super::{
    Action, Change, HookEvent, Key, Mode, Reading, Reply, WriteContext, WriteError, Written,
    batch::{create_batch, is_final},
    engine::{Engine, Work, boxed, refuse},
    judge::{Row, State, key_of},
    links::{self, Linked},
    read_change, slug,
};
use crate::{
    bound::Insert,
    schema::Relation,
    store::{JobError, JobOutput, StoreError},
    validate::FieldError,
};

/// Makes one entry.
///
/// # Errors
/// Everything that can be wrong with what was sent, at once; a refusal; a reason of the database. Nothing has changed then.
pub async fn create_one(ctx: &WriteContext, entity: EntityIx, body: &Json, reply: &Reply) -> Result<Written, WriteError> {
    let (change, data) = prepare(ctx, entity, body).await?;
    let written = match straight(ctx, &change, reply).await? {
        Some(written) => written,
        None => {
            let mut all = together(ctx, vec![change], reply).await?;
            all.pop().ok_or(WriteError::NotFound)?
        }
    };
    after(ctx, entity, &written.key, data).await;
    Ok(written)
}

/// Makes several entries in one transaction.
///
/// # Errors
/// As [`create_one`]; paths begin with the position in the list (`[2].title`).
pub async fn create_many(ctx: &WriteContext, entity: EntityIx, bodies: &[Json], reply: &Reply) -> Result<Vec<Written>, WriteError> {
    if bodies.len() > ctx.limits.entries {
        let message = format!("at most {} entries can be created by one request", ctx.limits.entries);
        return Err(WriteError::TooMuch {
            message,
            limit: ctx.limits.entries as u64,
        });
    }
    let mut changes = Vec::with_capacity(bodies.len());
    let mut data = Vec::with_capacity(bodies.len());
    let mut errors = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let prefix = format!("[{at}]");
        match prepare(ctx, entity, body).await {
            Ok((change, hooked)) => {
                changes.push(prefixed(change, &prefix));
                data.push(hooked);
            }
            Err(WriteError::Validation(more)) => errors.extend(more.into_iter().map(|error| error.within(&prefix))),
            Err(WriteError::Hook(mut error)) => {
                error.path = Some(FieldError::new(error.path.unwrap_or_default(), "", "").within(&prefix).path);
                return Err(error.into());
            }
            Err(other) => return Err(other),
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let all = together(ctx, changes, reply).await?;
    for (written, data) in all.iter().zip(data) {
        after(ctx, entity, &written.key, data).await;
    }
    Ok(all)
}

/// The same change with the paths of its errors beginning with `prefix`.
fn prefixed(mut change: Change, prefix: &str) -> Change {
    let within = |path: &str| FieldError::new(path, "", "").within(prefix).path;
    change.path = within(&change.path);
    for relation in &mut change.relations {
        relation.path = within(&relation.path);
        relation.create = std::mem::take(&mut relation.create)
            .into_iter()
            .map(|create| prefixed(create, prefix))
            .collect();
    }
    for target in &mut change.targets {
        target.create = prefixed(target.create.clone(), prefix);
    }
    change
}

/// Reads and judges what needs no database, and lets the hooks at it. Gives the data for the hooks after, when there are any.
async fn prepare(ctx: &WriteContext, entity: EntityIx, body: &Json) -> Result<(Change, Option<Map<String, Json>>), WriteError> {
    let info = ctx.schema.entity(entity);
    if info.key.is_empty() {
        return Err(WriteError::ReadOnly { entity: info.name.clone() });
    }
    if ctx.rule(entity, Action::Create).is_false() {
        return Err(ctx.forbidden(Action::Create, entity, None));
    }
    let reading = ctx.reading(None);
    let change = read_change(&reading, entity, Mode::Create, body, None)?;
    if ctx.hooks.is_empty(&info.name, Action::Create) {
        return Ok((change, None));
    }
    refuse_fields(ctx, Action::Create, &change)?;
    let Json::Object(sent) = body else { return Ok((change, None)) };
    let mut data = sent.clone();
    let event = HookEvent {
        actor: &ctx.actor,
        entity: &info.name,
        action: Action::Create,
        key: None,
    };
    ctx.hooks.before(&event, &mut data).await?;
    let hooked = Json::Object(data.clone());
    let change = read_change(&ctx.reading(Some(sent)), entity, Mode::Create, &hooked, None)?;
    Ok((change, Some(data)))
}

/// Hooks may have effects of their own: what is refused in any case is refused before they run.
pub(super) fn refuse_fields(ctx: &WriteContext, action: Action, change: &Change) -> Result<(), WriteError> {
    for field in change.named_by_client() {
        if ctx.field_rule(change.entity, field, action).is_some_and(|rule| rule.is_false()) {
            return Err(ctx.forbidden(action, change.entity, Some(field)));
        }
    }
    Ok(())
}

async fn after(ctx: &WriteContext, entity: EntityIx, key: &Key, data: Option<Map<String, Json>>) {
    if let Some(data) = data {
        let key = super::key_json(&ctx.schema, entity, key);
        let name = &ctx.schema.entity(entity).name;
        let event = HookEvent {
            actor: &ctx.actor,
            entity: name,
            action: Action::Create,
            key: Some(&key),
        };
        ctx.hooks.after(&event, &data).await;
    }
}

impl WriteContext {
    pub(super) fn reading<'a>(&'a self, sent: Option<&'a Map<String, Json>>) -> Reading<'a> {
        let system = matches!(self.actor, crate::Actor::System);
        Reading {
            schema: &self.schema,
            now: self.now,
            system,
            sent,
            hidden: &[],
            limits: &self.limits,
        }
    }

    /// The row that a change of a new entry makes, as far as it is known.
    pub(super) fn new_row(&self, change: &Change) -> Row {
        let mut row: Row = vec![None; self.schema.entity(change.entity).fields.len()];
        for assign in &change.set {
            row[assign.field as usize] = Some(assign.value.clone());
        }
        row
    }
}

/// One statement, when nothing needs to be judged in a transaction. `None`: it does.
async fn straight(ctx: &WriteContext, change: &Change, reply: &Reply) -> Result<Option<Written>, WriteError> {
    let Some(read) = &reply.read else { return Ok(None) };
    let links_only = |relation: &super::ToMany| relation.create.is_empty() && ctx.is_free_link(change.entity, relation);
    if !change.targets.is_empty() || !change.relations.iter().all(links_only) || !ctx.references_are_free(change) {
        return Ok(None);
    }
    let mut change = change.clone();
    for slug in std::mem::take(&mut change.slugs) {
        // Most slugs are free: the database says so when one is not.
        let value = ctx.slug_base(&change, slug, &ctx.new_row(&change));
        change.put(slug, value.map_or(Value::Null, Value::Text));
    }
    let row = ctx.new_row(&change);
    let state = State {
        entity: change.entity,
        row: &row,
        before: None,
    };
    let mut deferred = ctx.permit(Action::Create, &change, &[state])?;
    let errors = ctx.validate(&change, state, &mut deferred);
    let Some(key) = key_of(&ctx.schema, change.entity, &row) else {
        return Ok(None);
    };
    if !deferred.is_empty() {
        return Ok(None);
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let links = change
        .relations
        .iter()
        .map(|relation| (relation.field, links::wanted_keys(relation)))
        .collect();
    let insert = insert_of(change, links);
    match ctx.store.insert_one(&insert, read, &ctx.args(key.clone()), Vec::new()).await {
        Ok(answer) => Ok(Some(Written { key, answer })),
        // The long way finds out which, or another slug.
        Err(StoreError::Unique { .. } | StoreError::ForeignKey { .. } | StoreError::Check { .. } | StoreError::NotNull { .. }) => Ok(None),
        Err(StoreError::Value(_) | StoreError::Conflict) => Ok(None),
        Err(error) => Err(WriteError::Store(error)),
    }
}

fn insert_of(change: Change, links: Vec<(FieldIx, Vec<Key>)>) -> Insert {
    let entity = change.entity;
    let (fields, row) = change.set.into_iter().map(|assign| (assign.field, assign.value)).unzip();
    Insert {
        entity,
        fields,
        rows: vec![row],
        links,
    }
}

/// Several new entries in one transaction.
async fn together(ctx: &WriteContext, changes: Vec<Change>, reply: &Reply) -> Result<Vec<Written>, WriteError> {
    let batch = ctx.is_batch(&changes);
    let changes = Arc::new(changes);
    let reply = reply.clone();
    if batch {
        let (changes, reply) = (changes.clone(), reply.clone());
        let work = Work::new(ctx, move |engine| create_batch(engine, changes.clone(), reply.clone()));
        match ctx.run(work).await {
            Err(error) if !is_final(&error) => {}
            outcome => return outcome,
        }
    }
    let work = Work::new(ctx, move |engine| create_all(engine, changes.clone(), reply.clone()));
    ctx.run(work).await
}

fn create_all(mut engine: Engine<'_>, changes: Arc<Vec<Change>>, reply: Reply) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let mut keys = Vec::with_capacity(changes.len());
        for change in changes.iter() {
            keys.push(engine.create(change).await?);
        }
        engine.answers(keys, &reply).await
    })
    .boxed()
}

impl Engine<'_> {
    /// Makes an entry with what is nested in it; gives its key.
    pub(super) fn create<'b>(&'b mut self, change: &'b Change) -> BoxFuture<'b, Result<Key, JobError>> {
        self.create_entry(change).boxed()
    }

    async fn create_entry(&mut self, asked: &Change) -> Result<Key, JobError> {
        let entity = asked.entity;
        let mut change = asked.clone();
        if self.ctx.rule(entity, Action::Create).is_false() {
            return Err(refuse(self.forbidden(Action::Create, entity, None)));
        }
        self.create_targets(&mut change).await?;
        let row = self.ctx.new_row(&change);
        self.find_slugs(&mut change, &row, None).await?;
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
        let Linked { links, inverse } = self.create_links(&change).await?;
        let insert = Insert {
            entity,
            fields: change.set.iter().map(|assign| assign.field).collect(),
            rows: vec![change.set.iter().map(|assign| assign.value.clone()).collect()],
            links,
        };
        let args = self.args();
        let key = match self.tx.insert(&insert, &args).await {
            Ok(mut keys) => keys.pop().unwrap_or_default(),
            Err(error) => return Err(self.explain(error, &change, &deferred, Action::Create).await),
        };
        for at in inverse {
            self.change_inverse(entity, &key, &change.relations[at]).await?;
        }
        self.settle(Action::Create, &change, &key, deferred).await?;
        Ok(key)
    }

    /// Makes the targets of to-one references first, and points to them.
    pub(super) async fn create_targets(&mut self, change: &mut Change) -> Result<(), JobError> {
        for at in 0..change.targets.len() {
            let target = change.targets[at].clone();
            let key = self.create(&target.create).await?;
            let value = self.pointing_to(change.entity, target.field, &key).await?;
            change.put(target.field, value);
        }
        Ok(())
    }

    /// Makes slugs from what the row will hold, with a number when one is taken.
    pub(super) async fn find_slugs(&mut self, change: &mut Change, row: &Row, own: Option<&Row>) -> Result<(), JobError> {
        for at in 0..change.slugs.len() {
            let field = change.slugs[at];
            let value = match self.ctx.slug_base(change, field, row) {
                None => Value::Null,
                Some(base) if self.ctx.schema.field(change.entity, field).unique => {
                    Value::Text(self.free_slug(change.entity, field, base, own).await?)
                }
                Some(base) => Value::Text(base),
            };
            change.put(field, value);
        }
        Ok(())
    }

    async fn free_slug(&mut self, entity: EntityIx, field: FieldIx, base: String, own: Option<&Row>) -> Result<String, JobError> {
        let max = self.ctx.slug_max(entity, field);
        let mut candidates = vec![base.clone()];
        let mut next = 2u64;
        let mut batch = 16u64;
        loop {
            let taken = self.taken(entity, field, &candidates, own).await?;
            if let Some(free) = candidates.into_iter().find(|candidate| !taken.contains(candidate)) {
                return Ok(free);
            }
            if next > 100_000 {
                return Ok(slug::numbered(&base, uuid::Uuid::now_v7().as_u64_pair().1 >> 16, max));
            }
            candidates = (next..next + batch).map(|number| slug::numbered(&base, number, max)).collect();
            next += batch;
            batch *= 4;
        }
    }

    async fn taken(&mut self, entity: EntityIx, field: FieldIx, candidates: &[String], own: Option<&Row>) -> Result<Vec<String>, JobError> {
        let filter = super::judge::field_in(&self.ctx.schema, entity, field, candidates);
        let load = crate::bound::Load {
            entity,
            filter,
            fields: vec![field],
            lock: false,
            limit: None,
        };
        let args = self.args();
        let mine = own.and_then(|row| row[field as usize].clone());
        let rows = self.tx.load(&load, &args).await?;
        let texts = rows.into_iter().flatten().filter(|value| Some(value) != mine.as_ref());
        Ok(texts
            .filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None })
            .collect())
    }
}

impl WriteContext {
    /// The slug made from its source, before anybody looks whether it is taken. `None` is null.
    pub(super) fn slug_base(&self, change: &Change, field: FieldIx, row: &Row) -> Option<String> {
        let declared = self.schema.declared(change.entity);
        let own = &declared.fields[field as usize];
        let source = own
            .slug_from
            .as_ref()
            .and_then(|name| declared.fields.iter().position(|field| field.name == *name));
        let text = match source.and_then(|at| change.get(at as FieldIx).or(row[at].as_ref())) {
            Some(Value::Null) | None => String::new(),
            Some(value) => value.to_string(),
        };
        match slug::slugify(&text, self.slug_max(change.entity, field)) {
            made if !made.is_empty() => Some(made),
            _ if own.nullable => None,
            _ => Some(self.schema.entity(change.entity).type_name.replace('_', "-")),
        }
    }

    fn slug_max(&self, entity: EntityIx, field: FieldIx) -> usize {
        match self.schema.field(entity, field).constraints.max {
            Some(Value::Int(max)) => usize::try_from(max).unwrap_or(usize::MAX).clamp(1, 1_000),
            _ => 120,
        }
    }

    /// Whether the links of a new entry can be written with it: a join table to entries that the actor may all read.
    fn is_free_link(&self, entity: EntityIx, relation: &super::ToMany) -> bool {
        let field = self.schema.field(entity, relation.field);
        match (&field.kind, &self.schema.field_info(entity, relation.field).relation) {
            (FieldKind::Many(_), Some(Relation::Many { target })) => self.read_rule(*target).is_true(),
            _ => false,
        }
    }
}
