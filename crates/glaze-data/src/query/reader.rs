//! Reads a tree of parameters against the model and gathers what is wrong.

use serde_json::{Map, Value as Json};

use super::{ParamError, Query, Selection, error::unknown_of};
use crate::{
    limits::Limits,
    schema::{EntityInfo, FieldInfo, Schema},
};

/// State of one reading.
pub(super) struct Reader<'a> {
    pub(super) schema: &'a Schema,
    pub(super) limits: &'a Limits,
    pub(super) errors: Vec<ParamError>,
    /// Conditions and groups read so far.
    pub(super) nodes: usize,
    /// Relations included so far.
    pub(super) includes: usize,
    /// The place as the client writes it: `filter[author][name]`.
    pub(super) place: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(schema: &'a Schema, limits: &'a Limits, errors: Vec<ParamError>) -> Reader<'a> {
        Reader {
            schema,
            limits,
            errors,
            nodes: 0,
            includes: 0,
            place: String::new(),
        }
    }

    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<ParamError>> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }

    pub(super) fn query(&mut self, entity: &'a EntityInfo, tree: &Map<String, Json>) -> Option<Query> {
        let filter = tree.get("filter").and_then(|json| self.filter(entity, json));
        let sort = tree
            .get("sort")
            .map(|json| self.at("sort", |reader| reader.sort(entity, json)))
            .unwrap_or_default();
        let mut selection = Selection::default();
        if let Some(json) = tree.get("include") {
            self.at("include", |reader| reader.include(entity, json, &mut selection, 1));
        }
        if let Some(json) = tree.get("fields") {
            self.at("fields", |reader| reader.fields(entity, json, &mut selection, 1));
        }
        let search = tree.get("search").and_then(|json| self.search(entity, json));
        let page = self.page(tree)?;
        let count = self.count(tree.get("count"));
        Some(Query {
            entity: entity.ix,
            filter,
            search,
            sort,
            selection,
            page,
            count,
        })
    }

    /// Reads something at a place inside the present one.
    pub(super) fn at<T>(&mut self, segment: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.place.len();
        let shown: String = segment.chars().take(60).collect();
        if length == 0 {
            self.place.push_str(&shown);
        } else {
            self.place.push('[');
            self.place.push_str(&shown);
            self.place.push(']');
        }
        let value = read(self);
        self.place.truncate(length);
        value
    }

    /// Notes what is wrong at the present place.
    pub(super) fn wrong<T>(&mut self, code: &'static str, message: impl Into<String>) -> Option<T> {
        self.errors.push(ParamError::new(self.place.clone(), code, message));
        None
    }

    /// The field of this name, as far as a client may know of it.
    pub(super) fn field(&mut self, entity: &'a EntityInfo, name: &str) -> Option<&'a FieldInfo> {
        match entity.field_by_json(name).filter(|field| !field.private) {
            Some(field) => Some(field),
            None => {
                let known = entity.fields.iter().filter(|field| !field.private).map(|field| field.json.as_str());
                let message = unknown_of("field", name, &format!(" of `{}`", entity.name), known);
                self.wrong("unknown_field", message)
            }
        }
    }
}
