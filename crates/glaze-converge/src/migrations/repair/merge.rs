//! Two branches' models as one: what either has changed of the common state, item by item. Where both have changed the same thing
//! in different ways, nothing is guessed.

use std::collections::BTreeSet;

use glaze_model::Model;
use serde_json::{Map, Value};

use super::RepairError;

/// The model in which both branches' changes are.
pub(super) fn models(base: &Model, one: &Model, other: &Model) -> Result<Model, RepairError> {
    let json = |model: &Model| serde_json::to_value(model).map_err(|error| RepairError::Impossible(error.to_string()));
    let mut conflicts = Vec::new();
    let merged = values(&json(base)?, &json(one)?, &json(other)?, "", &mut conflicts);
    if !conflicts.is_empty() {
        return Err(RepairError::Impossible(format!(
            "both branches have changed {}: decide in the schema file, take the later migration away, and generate it again",
            conflicts.join(", ")
        )));
    }
    serde_json::from_value(merged).map_err(|error| RepairError::Impossible(error.to_string()))
}

fn values(base: &Value, one: &Value, other: &Value, path: &str, conflicts: &mut Vec<String>) -> Value {
    if one == other || other == base {
        return one.clone();
    }
    if one == base {
        return other.clone();
    }
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let empty = Map::new();
            Value::Object(objects(base.as_object().unwrap_or(&empty), a, b, path, conflicts))
        }
        (Value::Array(a), Value::Array(b)) => {
            let none = Vec::new();
            Value::Array(lists(base.as_array().unwrap_or(&none), a, b, path, conflicts))
        }
        _ => {
            conflicts.push(path.trim_start_matches('.').to_owned());
            one.clone()
        }
    }
}

fn objects(
    base: &Map<String, Value>,
    one: &Map<String, Value>,
    other: &Map<String, Value>,
    path: &str,
    conflicts: &mut Vec<String>,
) -> Map<String, Value> {
    let keys: BTreeSet<&String> = base.keys().chain(one.keys()).chain(other.keys()).collect();
    let mut out = Map::new();
    for key in keys {
        let of = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
        let (was, a, b) = (of(base), of(one), of(other));
        let merged = values(&was, &a, &b, &format!("{path}.{key}"), conflicts);
        let gone = merged.is_null() && (!one.contains_key(key) || !other.contains_key(key));
        if !gone {
            out.insert(key.clone(), merged);
        }
    }
    out
}

/// Lists of named things are merged thing by thing; in others, what both have added is added.
fn lists(base: &[Value], one: &[Value], other: &[Value], path: &str, conflicts: &mut Vec<String>) -> Vec<Value> {
    let key = |value: &Value| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        text("id").or_else(|| text("name")).unwrap_or_else(|| value.to_string())
    };
    let find = |list: &[Value], wanted: &str| list.iter().find(|value| key(value) == wanted).cloned();
    let mut out: Vec<Value> = Vec::new();
    let only_other = other.iter().filter(|value| find(one, &key(value)).is_none());
    for value in one.iter().chain(only_other) {
        let name = key(value);
        let label = value.get("name").and_then(Value::as_str).unwrap_or(&name).to_owned();
        let inner = format!("{path}.{label}");
        match (find(base, &name), find(one, &name), find(other, &name)) {
            (was, Some(a), Some(b)) => out.push(values(&was.unwrap_or(Value::Null), &a, &b, &inner, conflicts)),
            (None, Some(added), None) | (None, None, Some(added)) => out.push(added),
            // Taken away by the one, untouched by the other; or changed by the other.
            (Some(was), Some(left), None) | (Some(was), None, Some(left)) if was != left => {
                conflicts.push(inner.trim_start_matches('.').to_owned())
            }
            (Some(_), _, _) | (None, None, None) => {}
        }
    }
    let mut names = BTreeSet::new();
    for value in &out {
        if let Some(name) = value.get("name").and_then(Value::as_str)
            && !names.insert(name.to_owned())
        {
            conflicts.push(format!("{}.{name}", path.trim_start_matches('.')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn merge(base: Value, one: Value, other: Value) -> (Value, Vec<String>) {
        let mut conflicts = Vec::new();
        let merged = values(&base, &one, &other, "", &mut conflicts);
        (merged, conflicts)
    }

    #[test]
    fn what_each_has_changed_is_in_the_result() {
        let base = json!({"fields": [{"id": "1", "name": "title", "max": 10}, {"id": "2", "name": "old"}]});
        let one = json!({"fields": [{"id": "1", "name": "title", "max": 10}, {"id": "2", "name": "old"}, {"id": "3", "name": "a"}]});
        let other = json!({"fields": [{"id": "1", "name": "headline", "max": 10}, {"id": "4", "name": "b"}]});
        let (merged, conflicts) = merge(base, one, other);
        assert!(conflicts.is_empty(), "{conflicts:?}");
        assert_eq!(
            merged,
            json!({"fields": [{"id": "1", "name": "headline", "max": 10}, {"id": "3", "name": "a"}, {"id": "4", "name": "b"}]})
        );
    }

    #[test]
    fn the_same_thing_changed_twice_is_a_conflict() {
        let of = |max: u32| json!({"fields": [{"id": "1", "name": "title", "max": max}]});
        assert_eq!(merge(of(1), of(2), of(3)).1, ["fields.title.max"]);
        let added = |id: &str| json!({"fields": [{"id": id, "name": "excerpt"}]});
        assert_eq!(merge(json!({"fields": []}), added("1"), added("2")).1, ["fields.excerpt"]);
        let gone = json!({"fields": []});
        assert_eq!(merge(of(1), gone, of(2)).1, ["fields.title"]);
    }
}
