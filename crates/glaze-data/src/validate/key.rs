//! Keys of entries as clients write them: a value, or an object of the parts of a compound key.

use glaze_model::{Entity, Field, FieldKind, Model, Scalar, Value, camel_case, snake_case};
use serde_json::Value as Json;

use super::{FieldError, Path};

/// Types of the columns of a reference, in order: those of the target's key unless `#[db(references)]` names other columns.
pub fn ref_scalars(model: &Model, field: &Field) -> Vec<Scalar> {
    let FieldKind::Ref(reference) = &field.kind else {
        return Vec::new();
    };
    let Some(target) = model.entity(&reference.target) else {
        return Vec::new();
    };
    if field.db.references.is_empty() {
        model.key_scalars(target)
    } else {
        scalars_of_columns(model, target, &field.db.references)
    }
}

/// Types of these columns of an entity.
pub fn scalars_of_columns(model: &Model, entity: &Entity, columns: &[String]) -> Vec<Scalar> {
    let of_column = |column: &String| {
        let field = entity.fields.iter().find(|field| field.columns.contains(column));
        match field.map(|field| (&field.kind, field)) {
            Some((FieldKind::Scalar(scalar), _)) => *scalar,
            Some((FieldKind::Ref(_), field)) => {
                let at = field.columns.iter().position(|own| own == column).unwrap_or_default();
                ref_scalars(model, field).get(at).copied().unwrap_or(Scalar::String)
            }
            _ => Scalar::String,
        }
    };
    columns.iter().map(of_column).collect()
}

/// Reads the key of an entry of `target`.
pub fn read_key(model: &Model, target: &Entity, json: &Json, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Option<Vec<Value>> {
    let scalars = model.key_scalars(target);
    let names: Vec<String> = key_names(model, target);
    read_key_parts(&scalars, &names, &target.name, json, path, errors)
}

/// Names of the parts of a key in JSON: those of the key fields, and for a part that is itself a reference to a compound key those of
/// its columns (`orderCustomer`), as in `Schema`.
fn key_names(model: &Model, target: &Entity) -> Vec<String> {
    key_names_within(model, target, 8)
}

fn key_names_within(model: &Model, target: &Entity, depth: u8) -> Vec<String> {
    let mut names = Vec::new();
    for field in target.key_fields() {
        let theirs = match &field.kind {
            FieldKind::Ref(reference) if depth > 0 && field.columns.len() > 1 => model
                .entity(&reference.target)
                .map(|entity| key_names_within(model, entity, depth - 1))
                .unwrap_or_default(),
            _ => Vec::new(),
        };
        match theirs.len() {
            0 | 1 => names.push(field.json.clone()),
            _ => names.extend(
                theirs
                    .iter()
                    .map(|name| camel_case(&format!("{}_{}", field.name, snake_case(name)))),
            ),
        }
    }
    names
}

/// Reads a key of these types: a bare value, an object by names, or for compound keys also an array.
pub fn read_key_parts(
    scalars: &[Scalar],
    names: &[String],
    target: &str,
    json: &Json,
    path: &Path<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<Vec<Value>> {
    let parts: Vec<&Json> = match json {
        Json::Object(map) if map.len() == names.len() && names.iter().all(|name| map.contains_key(name)) => {
            names.iter().filter_map(|name| map.get(name)).collect()
        }
        Json::Array(items) if scalars.len() > 1 && items.len() == scalars.len() => items.iter().collect(),
        Json::Object(_) | Json::Array(_) | Json::Null => {
            let message = match names {
                [_] => format!("expected the key of one {target}"),
                _ => format!("expected the key of one {target}: an object with {}", names.join(", ")),
            };
            errors.push(FieldError::new(path, "wrong_type", message));
            return None;
        }
        single if scalars.len() == 1 => vec![single],
        _ => {
            let message = format!("expected the key of one {target}: an object with {}", names.join(", "));
            errors.push(FieldError::new(path, "wrong_type", message));
            return None;
        }
    };
    let mut key = Vec::with_capacity(parts.len());
    for (part, scalar) in parts.into_iter().zip(scalars) {
        match Value::from_json(*scalar, part) {
            Ok(Value::Null) => errors.push(FieldError::new(path, "wrong_type", format!("expected the key of one {target}"))),
            Ok(value) => key.push(value),
            Err(error) => errors.push(FieldError::new(path, error.code, error.message)),
        }
    }
    (key.len() == scalars.len()).then_some(key)
}

/// A key as it is written: bare, or an object of its parts.
pub fn key_json(model: &Model, entity: &Entity, key: &[Value]) -> Json {
    match key {
        [single] => single.to_json(),
        parts => Json::Object(key_names(model, entity).into_iter().zip(parts.iter().map(Value::to_json)).collect()),
    }
}
