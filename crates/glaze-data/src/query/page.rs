//! Paging, counting, searching.

use serde_json::{Map, Value as Json};

use super::{Page, error::unknown, path::whole, reader::Reader};
use crate::{bound::Count, schema::EntityInfo};

impl<'a> Reader<'a> {
    pub(super) fn page(&mut self, tree: &Map<String, Json>) -> Option<Page> {
        let limit = match tree.get("limit") {
            Some(json) => self.at("limit", |reader| reader.bounded(json, 1, reader.limits.page_max)),
            None => Some(self.limits.page),
        };
        let offset = match tree.get("offset") {
            Some(json) => self.at("offset", |reader| reader.bounded(json, 0, reader.limits.offset_max)),
            None => Some(0),
        };
        match (tree.get("after"), tree.get("before")) {
            (None, None) => Some(Page::Offset {
                limit: limit?,
                offset: offset?,
            }),
            (Some(_), Some(_)) => self.at("before", |reader| {
                reader.wrong("conflict", "`after` and `before` don't go together")
            }),
            (cursor, before) => {
                let word = if before.is_some() { "before" } else { "after" };
                if tree.contains_key("offset") {
                    return self.at("offset", |reader| {
                        reader.wrong("conflict", "a cursor and an offset don't go together")
                    });
                }
                match cursor.or(before) {
                    Some(Json::String(cursor)) => Some(Page::Cursor {
                        limit: limit?,
                        cursor: cursor.clone(),
                        before: before.is_some(),
                    }),
                    _ => self.at(word, |reader| {
                        reader.wrong("invalid_value", "expected a cursor from an earlier answer")
                    }),
                }
            }
        }
    }

    pub(super) fn bounded(&mut self, json: &Json, least: u64, most: u64) -> Option<u64> {
        match whole(json, least) {
            Some(number) if number <= most => Some(number),
            Some(_) => self.wrong("out_of_range", format!("the limit is {most}")),
            None => self.wrong("invalid_value", format!("expected a whole number from {least} to {most}")),
        }
    }

    pub(super) fn count(&mut self, json: Option<&Json>) -> Count {
        match json.map(Json::as_str) {
            None => Count::None,
            Some(Some("none")) => Count::None,
            Some(Some("exact")) => Count::Exact,
            Some(Some("estimated")) => Count::Estimated,
            Some(other) => {
                let message = unknown("way to count", other.unwrap_or("?"), ["none", "exact", "estimated"]);
                self.at("count", |reader| reader.wrong::<()>("invalid_value", message));
                Count::None
            }
        }
    }

    /// Nothing but spaces is no search.
    pub(super) fn search(&mut self, entity: &EntityInfo, json: &Json) -> Option<String> {
        self.at("search", |reader| {
            let Json::String(text) = json else {
                return reader.wrong("wrong_type", "expected text");
            };
            let text = text.trim();
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
            if text.is_empty() {
                return None;
            }
            if text.chars().count() > reader.limits.search_chars {
                return reader.wrong("too_long", format!("the limit is {} characters", reader.limits.search_chars));
            }
            if words > reader.limits.search_words {
                return reader.wrong("too_many", format!("{words} words: the limit is {}", reader.limits.search_words));
            }
            if entity.searchable.is_empty() {
                return reader.wrong("wrong_type", format!("`{}` has no text to search", entity.name));
            }
            Some(text.to_owned())
        })
    }
}
