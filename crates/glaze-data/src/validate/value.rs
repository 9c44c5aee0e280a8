//! JSON of one stored field as a typed value.

use glaze_model::{DefaultValue, Field, FieldKind, Model, Scalar, Value};
use serde_json::Value as Json;

use super::{FieldError, Path, canonical, check, key, nested, suggestion};

/// Reads a field that is no to-many relation. `None` when there were errors. Null is refused unless the field is nullable.
///
/// Embedded structs are read as a whole: members not named take their default.
pub fn read_value(model: &Model, field: &Field, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    if json.is_null() {
        if field.nullable {
            return Some(Value::Null);
        }
        errors.push(FieldError::new(path, "required", "must not be null"));
        return None;
    }
    let before = errors.len();
    let value = read_kind(model, field, json, path, errors)?;
    let value = check(field, value, path, errors);
    (errors.len() == before).then_some(value)
}

fn read_kind(model: &Model, field: &Field, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    match &field.kind {
        FieldKind::Scalar(scalar) => read_scalar(*scalar, json, path, errors),
        FieldKind::List(scalar) => read_list(json, path, errors, |item, path, errors| read_item(*scalar, item, path, errors)),
        FieldKind::Enum(name) => read_enum(model, name, json, path, errors),
        FieldKind::EnumList(name) => read_list(json, path, errors, |item, path, errors| read_enum(model, name, item, path, errors)),
        FieldKind::Ref(reference) => {
            let scalars = key::ref_scalars(model, field);
            let read = match model.entity(&reference.target) {
                Some(target) if field.db.references.is_empty() => key::read_key(model, target, json, path, errors),
                _ => key::read_key_parts(&scalars, &field.db.references, &reference.target, json, path, errors),
            };
            read.map(whole_key)
        }
        FieldKind::AnyOf(any) => nested::read_any_of(model, any, json, path, errors),
        FieldKind::Embedded(name) => nested::read_embedded(model, name, json, path, errors),
        FieldKind::EmbeddedList(name) => nested::read_embedded_list(model, name, json, path, errors),
        FieldKind::Blocks(name) => nested::read_blocks(model, name, json, path, errors),
        FieldKind::Custom => match json {
            Json::String(text) if !text.contains('\0') => Some(Value::Text(text.clone())),
            _ => {
                errors.push(FieldError::new(
                    path,
                    "wrong_type",
                    "expected text in the form of the database's own type",
                ));
                None
            }
        },
        FieldKind::Many(_) | FieldKind::Inverse(_) => None,
    }
}

/// A key as the value of a reference field: bare when it has one part.
pub(crate) fn whole_key(mut key: Vec<Value>) -> Value {
    if key.len() == 1 { key.remove(0) } else { Value::List(key) }
}

/// Reads a scalar.
pub fn read_scalar(scalar: Scalar, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    match Value::from_json(scalar, json) {
        Ok(Value::Json(mut json)) => {
            if canonical::normalise(&mut json) {
                return Some(Value::Json(json));
            }
            errors.push(FieldError::new(
                path,
                "invalid_format",
                "expected text without the character U+0000",
            ));
            None
        }
        Ok(value) => Some(value),
        Err(error) => {
            errors.push(FieldError::new(path, error.code, error.message));
            None
        }
    }
}

fn read_item(scalar: Scalar, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    if json.is_null() {
        errors.push(FieldError::new(path, "required", "must not be null"));
        return None;
    }
    read_scalar(scalar, json, path, errors)
}

fn read_list(
    json: &Json,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
    read: impl Fn(&Json, &Path<'_>, &mut Vec<FieldError>) -> Option<Value>,
) -> Option<Value> {
    let Json::Array(items) = json else {
        errors.push(FieldError::new(path, "wrong_type", "expected a list"));
        return None;
    };
    let values: Vec<_> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| read(item, &path.item(at), errors))
        .collect();
    (values.len() == items.len()).then_some(Value::List(values))
}

fn read_enum(model: &Model, name: &str, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Value> {
    let values = model.enum_type(name).map(|item| item.values.as_slice()).unwrap_or_default();
    let given = json.as_str().unwrap_or_default();
    if values.iter().any(|value| value.value == given) {
        return Some(Value::Text(given.to_owned()));
    }
    let all: Vec<_> = values.iter().map(|value| value.value.as_str()).collect();
    let message = match json {
        Json::String(text) => {
            let hint = suggestion(text, all.iter().copied());
            format!("`{text}` is not one of {}{hint}", all.join(", "))
        }
        _ => format!("expected one of {}", all.join(", ")),
    };
    errors.push(FieldError::new(path, "unknown_value", message).limit(all));
    None
}

/// The value of a field that was not given: its default, or null. `None` when the database makes it, `Some(Err)` when one is needed.
pub fn default_value(model: &Model, field: &Field, now: jiff::Timestamp) -> Option<Result<Value, ()>> {
    let value = match &field.default {
        Some(DefaultValue::Literal(value)) => check(field, value.clone(), &Path::Root, &mut Vec::new()),
        Some(DefaultValue::Now) => now_as(&field.kind, now),
        Some(DefaultValue::Uuid) => Value::Uuid(uuid::Uuid::now_v7()),
        Some(DefaultValue::Sql(_)) => return None,
        None if field.db.identity.is_some() || field.db.generated.is_some() => return None,
        None if field.nullable => Value::Null,
        None => return Some(empty_value(model, field, now).ok_or(())),
    };
    Some(Ok(value))
}

/// Lists and blocks that were not given are empty; an embedded struct all of whose fields can be left out is there with them left out.
pub fn empty_value(model: &Model, field: &Field, now: jiff::Timestamp) -> Option<Value> {
    match &field.kind {
        FieldKind::List(_) | FieldKind::EnumList(_) => Some(Value::List(Vec::new())),
        FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => Some(Value::Json(Json::Array(Vec::new()))),
        FieldKind::Embedded(name) => nested::embedded_defaults(model, name, now),
        _ => None,
    }
}

fn now_as(kind: &FieldKind, now: jiff::Timestamp) -> Value {
    let utc = jiff::tz::TimeZone::UTC.to_datetime(now);
    match kind {
        FieldKind::Scalar(Scalar::Date) => Value::Date(utc.date()),
        FieldKind::Scalar(Scalar::Time) => Value::Time(utc.time()),
        _ => Value::DateTime(now),
    }
}
