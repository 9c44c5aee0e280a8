//! Changes of entries that are there.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use glaze_expr::tree::{EntityIx, Expr, FieldIx};
use glaze_model::{FieldKind, Value};
use serde_json::{Map, Value as Json};

use super::{
    Action, Change, HookEvent, Key, Mode, Partial, Reply, WriteContext, WriteError, Written,
    create::refuse_fields,
    engine::{Engine, Work, boxed, refuse},
    judge::{Row, State, Verdict, key_is},
    read_change,
};
use crate::{
    bind,
    bound::Update,
    store::{JobError, JobOutput, StoreError},
    validate::{FieldError, embedded_defaults},
};

/// Changes what is named (`PATCH`).
///
/// # Errors
/// Everything that can be wrong with what was sent, at once; a refusal; [`WriteError::NotFound`] for an entry that the actor may not read.
pub async fn update_one(ctx: &WriteContext, entity: EntityIx, key: &Key, body: &Json, reply: &Reply) -> Result<Written, WriteError> {
    change_one(ctx, entity, key, Mode::Patch, body, reply).await
}

/// Replaces an entry (`PUT`): fields that are not named take their defaults. To-many relations, slugs, and fields that the actor may
/// not read or write stay as they are.
///
/// # Errors
/// As [`update_one`].
pub async fn replace_one(ctx: &WriteContext, entity: EntityIx, key: &Key, body: &Json, reply: &Reply) -> Result<Written, WriteError> {
    change_one(ctx, entity, key, Mode::Replace, body, reply).await
}

async fn change_one(
    ctx: &WriteContext,
    entity: EntityIx,
    key: &Key,
    mode: Mode,
    body: &Json,
    reply: &Reply,
) -> Result<Written, WriteError> {
    let (change, data) = prepare(ctx, entity, Some(key), mode, body).await?;
    let written = match straight(ctx, &change, key, reply).await? {
        Some(written) => written,
        None => {
            let (key, reply, change) = (key.clone(), reply.clone(), Arc::new(change));
            let work = Work::new(ctx, move |engine| update_in(engine, change.clone(), key.clone(), reply.clone()));
            ctx.run(work).await?
        }
    };
    after(ctx, entity, Some(&written.key), data).await;
    Ok(written)
}

/// Reads what was sent, judges what needs no database, and lets the hooks at it.
pub(super) async fn prepare(
    ctx: &WriteContext,
    entity: EntityIx,
    key: Option<&Key>,
    mode: Mode,
    body: &Json,
) -> Result<(Change, Option<Map<String, Json>>), WriteError> {
    let info = ctx.schema.entity(entity);
    if info.key.is_empty() {
        return Err(WriteError::ReadOnly { entity: info.name.clone() });
    }
    if ctx.read_rule(entity).is_false() || ctx.rule(entity, Action::Update).is_false() {
        return Err(ctx.forbidden(Action::Update, entity, None));
    }
    let hidden = hidden(ctx, entity, mode);
    let reading = super::Reading {
        hidden: &hidden,
        ..ctx.reading(None)
    };
    let change = read_change(&reading, entity, mode, body, key)?;
    if ctx.hooks.is_empty(&info.name, Action::Update) {
        return Ok((change, None));
    }
    refuse_fields(ctx, Action::Update, &change)?;
    let Json::Object(sent) = body else { return Ok((change, None)) };
    let mut data = sent.clone();
    let key_json = key.map(|key| super::key_json(&ctx.schema, entity, key));
    let event = HookEvent {
        actor: &ctx.actor,
        entity: &info.name,
        action: Action::Update,
        key: key_json.as_ref(),
    };
    ctx.hooks.before(&event, &mut data).await?;
    let hooked = Json::Object(data.clone());
    let reading = super::Reading {
        sent: Some(sent),
        ..reading
    };
    Ok((read_change(&reading, entity, mode, &hooked, key)?, Some(data)))
}

/// Fields that a replacement leaves alone when they are not named: those that the actor may not read or write.
fn hidden(ctx: &WriteContext, entity: EntityIx, mode: Mode) -> Vec<FieldIx> {
    if mode != Mode::Replace || ctx.actor.is_unrestricted() {
        return Vec::new();
    }
    let open = |field: FieldIx, action: &str| bind::field_policy(&ctx.schema, &ctx.actor, entity, field, action).is_true();
    let fields = ctx.schema.entity(entity).fields.iter().map(|field| field.ix);
    fields.filter(|field| !open(*field, "read") || !open(*field, "update")).collect()
}

pub(super) async fn after(ctx: &WriteContext, entity: EntityIx, key: Option<&Key>, data: Option<Map<String, Json>>) {
    if let Some(data) = data {
        let key = key.map(|key| super::key_json(&ctx.schema, entity, key));
        let name = &ctx.schema.entity(entity).name;
        let event = HookEvent {
            actor: &ctx.actor,
            entity: name,
            action: Action::Update,
            key: key.as_ref(),
        };
        ctx.hooks.after(&event, &data).await;
    }
}

/// One statement, when nothing needs to be judged in a transaction. `None`: it does.
async fn straight(ctx: &WriteContext, change: &Change, key: &Key, reply: &Reply) -> Result<Option<Written>, WriteError> {
    let (Some(read), None) = (&reply.read, &reply.if_match) else {
        return Ok(None);
    };
    let entity = change.entity;
    let free = change.is_plain()
        && change.slugs.is_empty()
        && !change.set.is_empty()
        && ctx.schema.entity(entity).validations.is_empty()
        && ctx.rule(entity, Action::Update).is_true()
        && ctx.read_rule(entity).is_true()
        && change
            .named_by_client()
            .iter()
            .all(|field| ctx.field_rule(entity, *field, Action::Update).is_none())
        && ctx.references_are_free(change);
    if !free {
        return Ok(None);
    }
    let update = update_of(ctx, change, key);
    match ctx.store.update_one(&update, read, &ctx.args(key.clone()), Vec::new()).await {
        Ok(answer) if answer.body.is_empty() => Err(WriteError::NotFound),
        Ok(answer) => Ok(Some(Written { key: key.clone(), answer })),
        // The long way finds out what it is about.
        Err(StoreError::Unique { .. } | StoreError::ForeignKey { .. } | StoreError::Check { .. } | StoreError::NotNull { .. }) => Ok(None),
        Err(StoreError::Value(_) | StoreError::Conflict) => Ok(None),
        Err(error) => Err(WriteError::Store(error)),
    }
}

fn update_of(ctx: &WriteContext, change: &Change, key: &[Value]) -> Update {
    Update {
        entity: change.entity,
        filter: key_is(ctx.schema.entity(change.entity), key),
        set: change.set.iter().map(|assign| (assign.field, assign.value.clone())).collect(),
    }
}

fn update_in(mut engine: Engine<'_>, change: Arc<Change>, key: Key, reply: Reply) -> BoxFuture<'_, Result<JobOutput, JobError>> {
    boxed(async move {
        let before = engine.entry(change.entity, &key).await?;
        engine.check_match(&key, &reply).await?;
        engine.update_row(&change, &key, &before).await?;
        let answer = engine.answer(reply.read.as_ref(), &key).await?;
        Ok(Written { key, answer })
    })
    .boxed()
}

impl Engine<'_> {
    /// The entry of this key, locked, if the actor may read it.
    pub(super) async fn entry(&mut self, entity: EntityIx, key: &[Value]) -> Result<Row, JobError> {
        let filter = Expr::and([key_is(self.ctx.schema.entity(entity), key), self.ctx.read_rule(entity)]);
        let row = self.rows(entity, filter, Some(1)).await?.pop();
        row.ok_or_else(|| refuse(WriteError::NotFound))
    }

    /// `If-Match`: the entry is as the client saw it.
    pub(super) async fn check_match(&mut self, key: &Key, reply: &Reply) -> Result<(), JobError> {
        let Some(matches) = &reply.if_match else { return Ok(()) };
        let seen = self.answer(reply.read.as_ref(), key).await?;
        if matches(&seen.body) {
            Ok(())
        } else {
            Err(refuse(WriteError::PreconditionFailed))
        }
    }

    /// Judges the row as it is for an action on it.
    pub(super) async fn permit_before(&mut self, action: Action, entity: EntityIx, key: &[Value], before: &Row) -> Result<(), JobError> {
        let rule = self.ctx.rule(entity, action);
        self.permit_on(&rule, action, None, entity, key, before).await
    }

    async fn permit_on(
        &mut self,
        rule: &Expr,
        action: Action,
        field: Option<FieldIx>,
        entity: EntityIx,
        key: &[Value],
        before: &Row,
    ) -> Result<(), JobError> {
        let state = State {
            entity,
            row: before,
            before: Some(before),
        };
        let allowed = match self.ctx.judge(rule, state) {
            Verdict::Yes => true,
            Verdict::No => false,
            Verdict::Ask(expr) => self.holds(entity, key, expr).await?,
        };
        if allowed {
            Ok(())
        } else {
            Err(refuse(self.forbidden(action, entity, field)))
        }
    }

    /// Changes a row that is loaded and readable: judges it as it is and as it will be.
    pub(super) fn update_row<'b>(&'b mut self, change: &'b Change, key: &'b Key, before: &'b Row) -> BoxFuture<'b, Result<(), JobError>> {
        self.update_entry(change, key, before).boxed()
    }

    async fn update_entry(&mut self, asked: &Change, key: &Key, before: &Row) -> Result<(), JobError> {
        let entity = asked.entity;
        self.permit_before(Action::Update, entity, key, before).await?;
        for field in asked.named_by_client() {
            if let Some(rule) = self.ctx.field_rule(entity, field, Action::Update) {
                self.permit_on(&rule, Action::Update, Some(field), entity, key, before).await?;
            }
        }
        let mut change = asked.clone();
        self.merge_partial(&mut change, before)?;
        self.create_targets(&mut change).await?;
        let merged = self.merged(&change, before);
        self.find_slugs(&mut change, &merged, Some(before)).await?;
        let row = self.merged(&change, before);
        let state = State {
            entity,
            row: &row,
            before: Some(before),
        };
        let deferred = self.ctx.permit(Action::Update, &change, &[state]).map_err(refuse)?;
        let mut deferred = self.resolve(Action::Update, &change, state, deferred).await?;
        let mut errors = self.ctx.validate(&change, state, &mut deferred);
        errors.extend(self.check_references(&change, Some(before)).await?);
        if !errors.is_empty() {
            return Err(refuse(errors));
        }
        let update = update_of(self.ctx, &change, key);
        let args = self.args();
        if !update.set.is_empty()
            && let Err(error) = self.tx.update(&update, &args).await
        {
            return Err(self.explain(error, &change, &deferred, Action::Update).await);
        }
        self.change_relations(&change, key).await?;
        self.settle(Action::Update, &change, key, deferred).await
    }

    /// The row as it will be. What the database makes from it is not known.
    pub(super) fn merged(&self, change: &Change, before: &Row) -> Row {
        let mut row = before.clone();
        for (field, value) in self.ctx.schema.declared(change.entity).fields.iter().zip(&mut row) {
            if field.db.generated.is_some() {
                *value = None;
            }
        }
        for assign in &change.set {
            row[assign.field as usize] = Some(assign.value.clone());
        }
        row
    }

    /// Puts members of embedded structs into what was there.
    fn merge_partial(&self, change: &mut Change, before: &Row) -> Result<(), JobError> {
        let mut errors = Vec::new();
        for partial in std::mem::take(&mut change.partial) {
            match self.merge_embedded(change.entity, &partial, before) {
                Ok(value) => change.set.push(super::Assign {
                    field: partial.field,
                    value,
                    by_client: partial.by_client,
                }),
                Err(missing) => errors.extend(missing.into_iter().map(|error| error.within(&change.path))),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(refuse(errors)) }
    }

    fn merge_embedded(&self, entity: EntityIx, partial: &Partial, before: &Row) -> Result<Value, Vec<FieldError>> {
        let field = self.ctx.schema.field(entity, partial.field);
        let FieldKind::Embedded(name) = &field.kind else {
            return Ok(Value::Null);
        };
        let model = self.ctx.schema.model();
        let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
        let fresh = || match embedded_defaults(model, name, self.ctx.now) {
            Some(Value::List(parts)) => parts,
            _ => vec![Value::Null; fields.len()],
        };
        let changed = |mut parts: Vec<Value>| {
            parts.resize(fields.len(), Value::Null);
            for (inner, value) in &partial.set {
                parts[*inner as usize] = value.clone();
            }
            parts
        };
        let parts = changed(match &before[partial.field as usize] {
            Some(Value::List(parts)) => parts.clone(),
            _ => fresh(),
        });
        // Whoever may not see what was there must not learn whether there was something: it is judged as if there was nothing.
        let judged = if self.ctx.sees(entity, partial.field, before) {
            parts.clone()
        } else {
            changed(fresh())
        };
        let missing: Vec<_> = fields
            .iter()
            .zip(&judged)
            .filter(|(inner, value)| value.is_null() && !inner.nullable)
            .map(|(inner, _)| FieldError::new(format!("{}.{}", field.json, inner.json), "required", "is required"))
            .collect();
        if missing.is_empty() { Ok(Value::List(parts)) } else { Err(missing) }
    }
}
