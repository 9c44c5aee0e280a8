//! The JSON of to-many relations: an array of keys, or `connect`, `disconnect`, `set` and `create`.

use glaze_expr::tree::{EntityIx, FieldIx, Type};
use glaze_model::Scalar;
use serde_json::Value as Json;

use super::{
    change::{Change, Key, Mode, ToMany},
    record::{At, Given, Reading, read_entry},
};
use crate::{
    schema::{KeyPart, Relation},
    validate::{FieldError, Path, read_key_parts, suggestion},
};

/// The words of a to-many relation.
const WORDS: [&str; 4] = ["connect", "disconnect", "set", "create"];

/// Types of the parts of a key.
pub(super) fn key_scalars(parts: &[KeyPart]) -> Vec<Scalar> {
    let scalar = |part: &KeyPart| match &part.ty {
        // A key is compared, not stored: it needs no checking of e-mail addresses and the like.
        Type::Scalar(scalar) if !scalar.is_text() => *scalar,
        _ => Scalar::String,
    };
    parts.iter().map(scalar).collect()
}

/// Reads an entry to be made inside another one.
pub(super) fn read_nested(
    reading: &Reading<'_>,
    entity: EntityIx,
    body: &Json,
    at: At<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<Change> {
    if at.depth > reading.limits.nesting {
        let message = format!("entries may be nested at most {} deep", reading.limits.nesting);
        errors.push(FieldError::new(at.path, "too_deep", message).limit(reading.limits.nesting));
        return None;
    }
    if reading.schema.entity(entity).internal {
        errors.push(FieldError::new(at.path, "read_only", "can't be created here"));
        return None;
    }
    if !count_item(reading, at.path, at.items, errors) {
        return None;
    }
    read_entry(reading, entity, Mode::Create, body, None, at, errors)
}

fn count_item(reading: &Reading<'_>, path: &Path<'_>, items: &mut usize, errors: &mut Vec<FieldError>) -> bool {
    *items += 1;
    if *items == reading.limits.related + 1 {
        let message = format!("at most {} related entries can be named in one request", reading.limits.related);
        errors.push(FieldError::new(path, "too_many", message).limit(reading.limits.related));
    }
    *items <= reading.limits.related
}

/// Reads the change of a `Many` or `Inverse` field.
pub(super) fn read_to_many(
    reading: &Reading<'_>,
    given: &Given<'_>,
    path: &Path<'_>,
    at: &mut At<'_>,
    errors: &mut Vec<FieldError>,
) -> Option<ToMany> {
    let info = reading.schema.field_info(given.entity, given.ix);
    let (target, back, one) = match info.relation.as_ref()? {
        Relation::Many { target } => (*target, None, false),
        Relation::Inverse { target, field, one, .. } => (*target, Some(*field), *one),
        Relation::Ref { .. } | Relation::AnyOf { .. } => return None,
    };
    let mut to_many = ToMany {
        field: given.ix,
        path: path.to_string(),
        by_client: given.by_client,
        ..ToMany::default()
    };
    let mut items = Items {
        reading,
        target,
        back,
        by_client: given.by_client,
        depth: at.depth,
        count: &mut *at.items,
        errors,
    };
    match given.json {
        Json::Array(_) if one => items.wrong(path, "expected one entry, not a list"),
        Json::Array(list) => {
            let mut set = Vec::with_capacity(list.len());
            for (n, item) in list.iter().enumerate() {
                match creation(item) {
                    Some(body) => to_many.create.extend(items.entry(body, &path.item(n).name("create"))),
                    None => set.extend(items.key(item, &path.item(n))),
                }
            }
            to_many.set = Some(set);
        }
        Json::Null if one => to_many.set = Some(Vec::new()),
        Json::Object(map) if map.keys().any(|word| WORDS.contains(&word.as_str())) => {
            for (word, json) in map {
                items.word(word, json, one, &path.name(word), &mut to_many);
            }
        }
        single if one => to_many.set = Some(items.key(single, path).into_iter().collect()),
        _ => items.wrong(
            path,
            "expected a list of keys, or an object with `connect`, `disconnect`, `set` or `create`",
        ),
    }
    if one && to_many.set.is_none() {
        // One at most: connecting or creating one puts the former one aside.
        to_many.set = Some(std::mem::take(&mut to_many.connect));
    }
    Some(to_many)
}

fn creation(item: &Json) -> Option<&Json> {
    item.as_object().filter(|map| map.len() == 1)?.get("create")
}

struct Items<'a, 'e> {
    reading: &'a Reading<'a>,
    target: EntityIx,
    back: Option<FieldIx>,
    by_client: bool,
    depth: usize,
    count: &'e mut usize,
    errors: &'e mut Vec<FieldError>,
}

impl Items<'_, '_> {
    fn wrong(&mut self, path: &Path<'_>, message: &str) {
        self.errors.push(FieldError::new(path, "wrong_type", message));
    }

    fn key(&mut self, json: &Json, path: &Path<'_>) -> Option<Key> {
        if !count_item(self.reading, path, self.count, self.errors) {
            return None;
        }
        let entity = self.reading.schema.entity(self.target);
        let names: Vec<String> = entity.key.iter().map(|part| part.json.clone()).collect();
        read_key_parts(&key_scalars(&entity.key), &names, &entity.name, json, path, self.errors)
    }

    fn entry(&mut self, json: &Json, path: &Path<'_>) -> Option<Change> {
        let at = At {
            path,
            depth: self.depth + 1,
            parent: self.back,
            items: &mut *self.count,
            inherited: Some(self.by_client),
        };
        read_nested(self.reading, self.target, json, at, self.errors)
    }

    fn word(&mut self, word: &str, json: &Json, one: bool, path: &Path<'_>, to_many: &mut ToMany) {
        if !WORDS.contains(&word) {
            let message = format!("there is no `{word}` here{}", suggestion(word, WORDS.into_iter()));
            self.errors.push(FieldError::new(path, "unknown_field", message));
            return;
        }
        if word == "set" && one && json.is_null() {
            to_many.set = Some(Vec::new());
            return;
        }
        // Where there is one at most, one need not be wrapped in a list.
        let single = std::slice::from_ref(json);
        let list = match json {
            Json::Array(list) => list.as_slice(),
            _ if one => single,
            _ => return self.wrong(path, "expected a list"),
        };
        if one && list.len() > 1 {
            return self.wrong(path, "expected one entry, not a list");
        }
        if word == "create" {
            for (n, item) in list.iter().enumerate() {
                let created = self.entry(item, &path.item(n));
                to_many.create.extend(created);
            }
            return;
        }
        let keys = list
            .iter()
            .enumerate()
            .filter_map(|(n, item)| self.key(item, &path.item(n)))
            .collect();
        match word {
            "connect" => to_many.connect = keys,
            "disconnect" => to_many.disconnect = keys,
            _ => to_many.set = Some(keys),
        }
    }
}
