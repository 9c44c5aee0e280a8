//! The JSON of an entry as a typed [`Change`], with everything that is wrong with it.

use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::{DefaultValue, Entity, Field, FieldKind, Scalar, Value};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::{
    WriteLimits,
    change::{Assign, Change, Key, Mode, NewTarget, Partial},
    relation,
};
use crate::{
    schema::Schema,
    validate::{FieldError, Path, default_value, read_value, suggestion},
};

/// How an entry is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The model.
    pub schema: &'a Schema,
    /// Time of the request.
    pub now: Timestamp,
    /// Glaze itself writes: it may set keys, times and private fields.
    pub system: bool,
    /// What the client sent, when hooks have changed it since: what differs is the hook's.
    pub sent: Option<&'a Map<String, Json>>,
    /// Fields that a replacement leaves alone when they are not named.
    pub hidden: &'a [FieldIx],
    /// Limits.
    pub limits: &'a WriteLimits,
}

/// Reads the JSON of one entry.
///
/// # Errors
/// Every problem, with its path.
pub fn read_change(reading: &Reading<'_>, entity: EntityIx, mode: Mode, body: &Json, key: Option<&Key>) -> Result<Change, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut items = 0;
    let at = At {
        path: &Path::Root,
        depth: 0,
        parent: None,
        items: &mut items,
        inherited: None,
    };
    let change = read_entry(reading, entity, mode, body, key, at, &mut errors);
    match change {
        Some(change) if errors.is_empty() => Ok(change),
        _ => Err(errors),
    }
}

/// Where a nested entry stands.
pub(super) struct At<'a> {
    pub(super) path: &'a Path<'a>,
    pub(super) depth: usize,
    /// The reference that the entry around this one fills in.
    pub(super) parent: Option<FieldIx>,
    /// Related entries named so far in the whole request.
    pub(super) items: &'a mut usize,
    /// Who wrote the entry around this one; `None` at the top.
    pub(super) inherited: Option<bool>,
}

/// Reads one entry, the one asked for or one nested in it.
pub(super) fn read_entry(
    reading: &Reading<'_>,
    entity: EntityIx,
    mode: Mode,
    body: &Json,
    key: Option<&Key>,
    mut at: At<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<Change> {
    let Json::Object(body) = body else {
        errors.push(FieldError::new(at.path, "wrong_type", "expected an object"));
        return None;
    };
    let declared = reading.schema.declared(entity);
    let mut change = Change {
        entity,
        mode,
        path: at.path.to_string(),
        set: Vec::with_capacity(declared.fields.len()),
        partial: Vec::new(),
        slugs: Vec::new(),
        targets: Vec::new(),
        relations: Vec::new(),
        parent: at.parent,
    };
    refuse_unknown(reading, entity, body, &at, errors);
    for (ix, field) in declared.fields.iter().enumerate() {
        let ix = ix as FieldIx;
        match body.get(&field.json) {
            _ if at.parent == Some(ix) => {
                if body.contains_key(&field.json) {
                    errors.push(FieldError::new(
                        at.path.name(&field.json),
                        "read_only",
                        "is given by the entry around this one",
                    ));
                }
            }
            Some(json) if is_reachable(reading, field, body, &at) => {
                let by_client = is_clients(reading, field, body, &at);
                let given = Given {
                    entity,
                    ix,
                    field,
                    json,
                    by_client,
                };
                read_given(reading, &given, key, &mut change, &mut at, errors);
            }
            _ => fill_missing(reading, ix, field, &mut change, &at, errors),
        }
    }
    Some(change)
}

/// A member of the body that is a field.
pub(super) struct Given<'a> {
    pub(super) entity: EntityIx,
    pub(super) ix: FieldIx,
    pub(super) field: &'a Field,
    pub(super) json: &'a Json,
    pub(super) by_client: bool,
}

/// Whether the client itself wrote this member (and not a hook, or Glaze).
fn is_clients(reading: &Reading<'_>, field: &Field, body: &Map<String, Json>, at: &At<'_>) -> bool {
    match (at.inherited, reading.sent) {
        _ if reading.system => false,
        (Some(inherited), _) => inherited,
        (None, Some(sent)) => sent.get(&field.json) == body.get(&field.json),
        (None, None) => true,
    }
}

fn is_reachable(reading: &Reading<'_>, field: &Field, body: &Map<String, Json>, at: &At<'_>) -> bool {
    !field.private || !is_clients(reading, field, body, at)
}

fn refuse_unknown(reading: &Reading<'_>, entity: EntityIx, body: &Map<String, Json>, at: &At<'_>, errors: &mut Vec<FieldError>) {
    let info = reading.schema.entity(entity);
    let declared = reading.schema.declared(entity);
    for name in body.keys() {
        let known = info.field_by_json(name).map(|field| &declared.fields[field.ix as usize]);
        if known.is_some_and(|field| is_reachable(reading, field, body, at)) {
            continue;
        }
        let names = declared
            .fields
            .iter()
            .filter(|field| !field.private)
            .map(|field| field.json.as_str());
        let message = format!("{} has no field `{name}`{}", info.name, suggestion(name, names));
        errors.push(FieldError::new(at.path.name(name), "unknown_field", message));
    }
}

/// Why a client may not write a field, if so.
fn read_only(reading: &Reading<'_>, entity: &Entity, field: &Field, by_client: bool) -> Option<&'static str> {
    if field.computed.is_some() {
        return Some("is computed");
    }
    if field.db.generated.is_some() {
        return Some("is generated by the database");
    }
    let trusted = reading.system || !by_client;
    if field.implicit && !trusted {
        return Some("is set by Glaze");
    }
    let is_key = entity.key.contains(&field.name);
    if is_key && field.db.identity.is_some() && !trusted {
        return Some("is numbered by the database");
    }
    if is_key && matches!(field.default, Some(DefaultValue::Uuid)) && !trusted {
        return Some("is set by Glaze");
    }
    None
}

fn read_given(
    reading: &Reading<'_>,
    given: &Given<'_>,
    key: Option<&Key>,
    change: &mut Change,
    at: &mut At<'_>,
    errors: &mut Vec<FieldError>,
) {
    let declared = reading.schema.declared(given.entity);
    let path = at.path.name(&given.field.json);
    let is_key = declared.key.contains(&given.field.name);
    if change.mode != Mode::Create && is_key {
        if !is_same_key(reading, given, key) {
            errors.push(FieldError::new(path, "read_only", "the key of an entry can't be changed"));
        }
        return;
    }
    if let Some(reason) = read_only(reading, declared, given.field, given.by_client) {
        errors.push(FieldError::new(path, "read_only", format!("can't be written: it {reason}")));
        return;
    }
    match &given.field.kind {
        FieldKind::Many(_) | FieldKind::Inverse(_) => {
            if let Some(to_many) = relation::read_to_many(reading, given, &path, at, errors) {
                change.relations.push(to_many);
            }
        }
        FieldKind::Ref(_) => read_reference(reading, given, change, &path, at, errors),
        FieldKind::Embedded(name) if change.mode == Mode::Patch && !is_whole(reading, name, given.json) => {
            read_partial(reading, given, name, change, &path, errors);
        }
        _ if given.field.slug_from.is_some() && is_blank(given.json) => change.slugs.push(given.ix),
        _ => assign(reading, given, given.json, change, &path, errors),
    }
}

fn assign(reading: &Reading<'_>, given: &Given<'_>, json: &Json, change: &mut Change, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if let Some(value) = read_value(reading.schema.model(), given.field, json, path, errors) {
        change.set.push(Assign {
            field: given.ix,
            value,
            by_client: given.by_client,
        });
    }
}

fn is_blank(json: &Json) -> bool {
    json.is_null() || json.as_str() == Some("")
}

fn is_same_key(reading: &Reading<'_>, given: &Given<'_>, key: Option<&Key>) -> bool {
    let Some(key) = key else { return false };
    let parts = &reading.schema.entity(given.entity).key;
    let mut own = parts
        .iter()
        .zip(key)
        .filter(|(part, _)| part.field == given.ix)
        .map(|(_, value)| value.clone());
    let Some(first) = own.next() else { return false };
    let rest: Vec<Value> = own.collect();
    let current = if rest.is_empty() {
        first
    } else {
        Value::List(std::iter::once(first).chain(rest).collect())
    };
    read_value(reading.schema.model(), given.field, given.json, &Path::Root, &mut Vec::new()) == Some(current)
}

/// `"author": key`, `{"connect": key}` or `{"create": {…}}`.
fn read_reference(
    reading: &Reading<'_>,
    given: &Given<'_>,
    change: &mut Change,
    path: &Path<'_>,
    at: &mut At<'_>,
    errors: &mut Vec<FieldError>,
) {
    let single = given
        .json
        .as_object()
        .filter(|map| map.len() == 1)
        .and_then(|map| map.iter().next());
    let target = reading
        .schema
        .field_info(given.entity, given.ix)
        .relation
        .as_ref()
        .and_then(|relation| relation.target());
    match (single, target) {
        (Some((word, key)), _) if word == "connect" => assign(reading, given, key, change, &path.name("connect"), errors),
        (Some((word, body)), Some(target)) if word == "create" => {
            let path = path.name("create");
            let nested = At {
                path: &path,
                depth: at.depth + 1,
                parent: None,
                items: &mut *at.items,
                inherited: Some(given.by_client),
            };
            if let Some(create) = relation::read_nested(reading, target, body, nested, errors) {
                change.targets.push(NewTarget {
                    field: given.ix,
                    create,
                    by_client: given.by_client,
                });
            }
        }
        _ => assign(reading, given, given.json, change, path, errors),
    }
}

/// Whether every member of the embedded struct is there (or the whole is null), so that nothing of the old one stays.
fn is_whole(reading: &Reading<'_>, name: &str, json: &Json) -> bool {
    let fields = reading
        .schema
        .model()
        .embedded_type(name)
        .map(|item| item.fields.as_slice())
        .unwrap_or_default();
    match json {
        Json::Object(map) => fields.iter().all(|field| map.contains_key(&field.json)),
        _ => true,
    }
}

fn read_partial(reading: &Reading<'_>, given: &Given<'_>, name: &str, change: &mut Change, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let model = reading.schema.model();
    let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
    let Some(map) = given.json.as_object() else { return };
    let mut set = Vec::with_capacity(map.len());
    for (member, json) in map {
        let inner = fields.iter().position(|field| field.json == *member && !field.private);
        match inner {
            Some(inner) => {
                if let Some(value) = read_value(model, &fields[inner], json, &path.name(member), errors) {
                    set.push((inner as FieldIx, value));
                }
            }
            None => {
                let names = fields.iter().filter(|field| !field.private).map(|field| field.json.as_str());
                let message = format!("there is no field `{member}`{}", suggestion(member, names));
                errors.push(FieldError::new(path.name(member), "unknown_field", message));
            }
        }
    }
    set.sort_by_key(|(inner, _)| *inner);
    change.partial.push(Partial {
        field: given.ix,
        set,
        by_client: given.by_client,
    });
}

/// What becomes of a field that was not named.
fn fill_missing(reading: &Reading<'_>, ix: FieldIx, field: &Field, change: &mut Change, at: &At<'_>, errors: &mut Vec<FieldError>) {
    if !field.is_writable() || matches!(field.kind, FieldKind::Many(_) | FieldKind::Inverse(_)) {
        return;
    }
    let mut put = |value: Value| {
        change.set.push(Assign {
            field: ix,
            value,
            by_client: false,
        })
    };
    match (field.implicit, field.name.as_str(), change.mode) {
        (true, "updated_at", _) => return put(Value::DateTime(reading.now)),
        (true, "created_at", Mode::Create) => return put(Value::DateTime(reading.now)),
        (true, _, Mode::Replace | Mode::Patch) | (_, _, Mode::Patch) => return,
        _ => {}
    }
    let is_key = reading.schema.declared(change.entity).key.contains(&field.name);
    if change.mode == Mode::Replace && (is_key || field.private || field.slug_from.is_some() || reading.hidden.contains(&ix)) {
        return;
    }
    if field.slug_from.is_some() && field.default.is_none() {
        change.slugs.push(ix);
        return;
    }
    if is_key && field.implicit && matches!(field.kind, FieldKind::Scalar(Scalar::Uuid)) {
        return put(Value::Uuid(uuid::Uuid::now_v7()));
    }
    match default_value(reading.schema.model(), field, reading.now) {
        Some(Ok(value)) => put(value),
        Some(Err(())) => errors.push(FieldError::new(at.path.name(&field.json), "required", "is required")),
        None => {}
    }
}
