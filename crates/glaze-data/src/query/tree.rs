//! Parameters to one tree. `filter[author][name]=ann` and `filter={"author":{"name":"ann"}}` give the same; what the members
//! mean is not known here. A member that has a value of its own *and* members (`include=a` beside `include[b][limit]=2`) keeps its
//! own value under the empty name.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::{Param, ParamError, error::unknown};
use crate::limits::Limits;

/// Deeper brackets than any meaning needs.
const BRACKETS: usize = 32;

/// Reads the parameters; `known` are the words that may stand before the first bracket.
pub(super) fn read(params: &[Param<'_>], known: &[&str], limits: &Limits, errors: &mut Vec<ParamError>) -> Map<String, Json> {
    let mut tree = Map::new();
    if params.len() > limits.params {
        errors.push(ParamError::new(
            "",
            "too_many",
            format!("{} parameters: the limit is {}", params.len(), limits.params),
        ));
        return tree;
    }
    for (name, text) in params {
        if let Err(error) = add(&mut tree, name, text, known, limits) {
            errors.push(error);
        }
    }
    for value in tree.values_mut() {
        number_lists(value);
    }
    tree
}

fn add(tree: &mut Map<String, Json>, name: &str, text: &str, known: &[&str], limits: &Limits) -> Result<(), ParamError> {
    let base = name.split('[').next().unwrap_or_default();
    if !known.contains(&base) {
        return Err(ParamError::new(
            shorten(name),
            "unknown_parameter",
            unknown("parameter", base, known.iter().copied()),
        ));
    }
    if text.len() > limits.param_bytes {
        let message = format!("{} bytes: the limit is {}", text.len(), limits.param_bytes);
        return Err(ParamError::new(shorten(name), "too_long", message));
    }
    let path = segments(name, base)?;
    let structured = matches!(base, "filter" | "include") && text.trim_start().starts_with('{');
    let value = match structured {
        true => serde_json::from_str(text).map_err(|error| ParamError::new(shorten(name), "invalid_json", format!("not JSON: {error}")))?,
        false => Json::String(text.to_owned()),
    };
    let mut at = tree;
    let (last, before) = path.split_last().ok_or_else(|| malformed(name))?;
    for segment in before {
        let key = segment_key(at, segment);
        let next = at.entry(key).or_insert_with(|| Json::Object(Map::new()));
        at = members(next).ok_or_else(|| malformed(name))?;
    }
    let key = segment_key(at, last);
    match at.get_mut(&key) {
        None => {
            at.insert(key, value);
        }
        Some(Json::Object(there)) if !there.is_empty() && !value.is_object() && !there.contains_key("") => {
            there.insert(String::new(), value);
        }
        Some(_) => {
            return Err(ParamError::new(
                shorten(name),
                "twice",
                format!("`{}` is there twice", shorten(name)),
            ));
        }
    }
    Ok(())
}

/// The name's parts: `filter[a][]` is `filter`, `a`, ``.
fn segments<'n>(name: &'n str, base: &'n str) -> Result<Vec<&'n str>, ParamError> {
    let mut path = vec![base];
    let mut rest = &name[base.len()..];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').ok_or_else(|| malformed(name))?;
        let (segment, after) = inner.split_once(']').ok_or_else(|| malformed(name))?;
        if segment.contains('[') {
            return Err(malformed(name));
        }
        path.push(segment);
        rest = after;
    }
    if path.len() > BRACKETS {
        return Err(ParamError::new(shorten(name), "too_deep", format!("more than {BRACKETS} brackets")));
    }
    Ok(path)
}

/// `[]` appends.
fn segment_key(at: &Map<String, Json>, segment: &str) -> String {
    if segment.is_empty() {
        at.keys().filter(|key| is_number(key)).count().to_string()
    } else {
        segment.to_owned()
    }
}

/// The members of a value; a plain value becomes the member with the empty name.
fn members(value: &mut Json) -> Option<&mut Map<String, Json>> {
    if !value.is_object() {
        let own = value.take();
        let mut map = Map::new();
        map.insert(String::new(), own);
        *value = Json::Object(map);
    }
    value.as_object_mut()
}

fn is_number(key: &str) -> bool {
    !key.is_empty() && key.len() <= 4 && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// Objects whose names are all numbers are lists in the order of the numbers.
fn number_lists(value: &mut Json) {
    match value {
        Json::Object(map) => {
            map.values_mut().for_each(number_lists);
            if !map.is_empty() && map.keys().all(|key| is_number(key)) {
                let mut items: Vec<(u32, Json)> = std::mem::take(map)
                    .into_iter()
                    .map(|(key, item)| (key.parse().unwrap_or(u32::MAX), item))
                    .collect();
                items.sort_by_key(|(at, _)| *at);
                *value = Json::Array(items.into_iter().map(|(_, item)| item).collect());
            }
        }
        Json::Array(items) => items.iter_mut().for_each(number_lists),
        _ => {}
    }
}

fn malformed(name: &str) -> ParamError {
    let message = "brackets that don't match: write it like `filter[author][name]`";
    ParamError::new(shorten(name), "malformed", message)
}

fn shorten(name: &str) -> String {
    name.chars().take(120).collect()
}

/// Percent-decodes; `+` is a space.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, ParamError> {
    let not_utf8 = |_| ParamError::new(shorten(text), "malformed", "not UTF-8");
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().map_err(not_utf8)?;
        return Ok(Cow::Owned(decoded.into_owned()));
    }
    percent_encoding::percent_decode_str(text).decode_utf8().map_err(not_utf8)
}
