//! Values with an inside: embedded structs, lists of them, blocks, polymorphic references.

use glaze_model::{AnyOf, Field, FieldKind, Model, Value, snake_case};
use serde_json::{Map, Value as Json};

use super::{FieldError, Path, canonical, default_value, key, read_value, suggestion};

/// An embedded struct as a list of the values of its fields.
pub(super) fn read_embedded(model: &Model, name: &str, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
    let map = object(json, path, errors)?;
    unknown_members(fields, map, None, path, errors);
    let values: Vec<_> = fields.iter().filter_map(|field| member(model, field, map, path, errors)).collect();
    (values.len() == fields.len()).then_some(Value::List(values))
}

/// The embedded struct with nothing given, when that is possible.
pub fn embedded_defaults(model: &Model, name: &str, now: jiff::Timestamp) -> Option<Value> {
    let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
    let values: Vec<_> = fields.iter().filter_map(|field| default_value(model, field, now)?.ok()).collect();
    (values.len() == fields.len()).then_some(Value::List(values))
}

/// A list of embedded structs as one JSON value.
pub(super) fn read_embedded_list(model: &Model, name: &str, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
    read_objects(json, path, errors, |map, path, errors| {
        unknown_members(fields, map, None, path, errors);
        Some(written(model, fields, map, Map::new(), path, errors))
    })
}

/// A list of blocks as one JSON value: each an object with `type` and the fields of its kind.
pub(super) fn read_blocks(model: &Model, name: &str, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let kinds = model.block_set(name).map(|item| item.kinds.as_slice()).unwrap_or_default();
    read_objects(json, path, errors, |map, path, errors| {
        let given = map.get("type").and_then(Json::as_str).unwrap_or_default();
        let Some(kind) = kinds.iter().find(|kind| kind.value == given) else {
            let all: Vec<_> = kinds.iter().map(|kind| kind.value.as_str()).collect();
            let hint = suggestion(given, all.iter().copied());
            let message = format!("expected `type` to be one of {}{hint}", all.join(", "));
            errors.push(FieldError::new(path.name("type"), "unknown_value", message).limit(all));
            return None;
        };
        unknown_members(&kind.fields, map, Some("type"), path, errors);
        let start = Map::from_iter([("type".to_owned(), Json::String(kind.value.clone()))]);
        Some(written(model, &kind.fields, map, start, path, errors))
    })
}

/// A polymorphic reference: `{"type": "post", "id": "…"}` as type and id in text form.
pub(super) fn read_any_of(model: &Model, any: &AnyOf, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let map = object(json, path, errors)?;
    for name in map.keys().filter(|name| !matches!(name.as_str(), "type" | "id")) {
        errors.push(FieldError::new(
            path.name(name),
            "unknown_field",
            "a polymorphic reference has `type` and `id` only",
        ));
    }
    let given = map.get("type").and_then(Json::as_str).unwrap_or_default();
    let names: Vec<_> = any.targets.iter().map(|target| snake_case(target)).collect();
    let Some(at) = names.iter().position(|name| name == given) else {
        let hint = suggestion(given, names.iter().map(String::as_str));
        let message = format!("expected `type` to be one of {}{hint}", names.join(", "));
        errors.push(FieldError::new(path.name("type"), "unknown_value", message).limit(names));
        return None;
    };
    let target = model.entity(&any.targets[at])?;
    let Some(id) = map.get("id") else {
        errors.push(FieldError::new(path.name("id"), "required", "is required"));
        return None;
    };
    let key = key::read_key(model, target, id, &path.name("id"), errors)?;
    let id = key.first()?.to_string();
    Some(Value::List(vec![Value::Text(names[at].clone()), Value::Text(id)]))
}

fn object<'a>(json: &'a Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<&'a Map<String, Json>> {
    let map = json.as_object();
    if map.is_none() {
        errors.push(FieldError::new(path, "wrong_type", "expected an object"));
    }
    map
}

fn unknown_members(fields: &[Field], map: &Map<String, Json>, tag: Option<&str>, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let known = || {
        fields
            .iter()
            .filter(|field| !field.private)
            .map(|field| field.json.as_str())
            .chain(tag)
    };
    for name in map.keys() {
        if !known().any(|known| known == name) {
            let hint = suggestion(name, known());
            errors.push(FieldError::new(
                path.name(name),
                "unknown_field",
                format!("there is no field `{name}`{hint}"),
            ));
        }
    }
}

/// One member of an inner object, or its default.
fn member(model: &Model, field: &Field, map: &Map<String, Json>, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let path = path.name(&field.json);
    match map.get(&field.json).filter(|_| !field.private) {
        Some(json) => read_value(model, field, json, &path, errors),
        None => match default_value(model, field, now()) {
            Some(Ok(value)) => Some(value),
            None => Some(Value::Null),
            Some(Err(())) => {
                errors.push(FieldError::new(path, "required", "is required"));
                None
            }
        },
    }
}

/// Defaults inside JSON values take the clock: nothing compares them with the times of the row.
fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

fn read_objects(
    json: &Json,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
    read: impl Fn(&Map<String, Json>, &Path<'_>, &mut Vec<FieldError>) -> Option<Json>,
) -> Option<Value> {
    let Json::Array(items) = json else {
        errors.push(FieldError::new(path, "wrong_type", "expected a list"));
        return None;
    };
    let before = errors.len();
    let mut list = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let path = path.item(at);
        if let Some(map) = object(item, &path, errors)
            && let Some(object) = read(map, &path, errors)
        {
            list.push(object);
        }
    }
    (errors.len() == before).then_some(Value::Json(Json::Array(list)))
}

/// The members of an inner object in the form they are kept in: typed, checked, and written again.
fn written(
    model: &Model,
    fields: &[Field],
    map: &Map<String, Json>,
    mut object: Map<String, Json>,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
) -> Json {
    for field in fields {
        if let Some(value) = member(model, field, map, path, errors) {
            let mut json = inner_json(model, field, &value);
            canonical::normalise(&mut json);
            object.insert(field.json.clone(), json);
        }
    }
    Json::Object(object)
}

fn inner_json(model: &Model, field: &Field, value: &Value) -> Json {
    match (&field.kind, value) {
        (FieldKind::AnyOf(_), Value::List(parts)) => {
            let part = |at: usize| parts.get(at).map(Value::to_json).unwrap_or_default();
            serde_json::json!({"type": part(0), "id": part(1)})
        }
        (FieldKind::Ref(reference), Value::List(parts)) => match model.entity(&reference.target) {
            Some(target) => key::key_json(model, target, parts),
            None => value.to_json(),
        },
        (FieldKind::Embedded(name), Value::List(parts)) => {
            let fields = model.embedded_type(name).map(|item| item.fields.as_slice()).unwrap_or_default();
            let members = fields
                .iter()
                .zip(parts)
                .map(|(field, part)| (field.json.clone(), inner_json(model, field, part)));
            Json::Object(members.collect())
        }
        _ => value.to_json(),
    }
}
