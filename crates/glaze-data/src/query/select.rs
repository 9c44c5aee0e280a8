//! Relations in the answer: `include`.

use glaze_expr::tree::EntityIx;
use serde_json::Value as Json;

use super::{
    Include, Nested, Selection,
    error::{list, unknown},
    reader::Reader,
};
use crate::schema::{EntityInfo, FieldInfo, Relation};

/// What may be said of an included relation.
const WORDS: [&str; 5] = ["filter", "sort", "limit", "fields", "include"];

impl<'a> Reader<'a> {
    /// `author,tags,comments.author`, and members with their own settings: `include[comments][limit]=5`.
    pub(super) fn include(&mut self, entity: &'a EntityInfo, json: &Json, selection: &mut Selection, depth: usize) {
        match json {
            Json::String(_) | Json::Array(_) => {
                for path in self.words(json, self.limits.includes) {
                    let segments: Vec<&str> = path.split('.').collect();
                    self.include_path(entity, &segments, selection, depth);
                }
            }
            Json::Object(members) => {
                // The plain list first: settings then find what it included.
                if let Some(json) = members.get("") {
                    self.include(entity, json, selection, depth);
                }
                for (name, settings) in members.iter().filter(|(name, _)| !name.is_empty()) {
                    self.at(name, |reader| reader.include_with(entity, name, settings, selection, depth));
                }
            }
            _ => {
                self.wrong::<()>("wrong_type", "expected relations: `include=author,tags`");
            }
        }
    }

    fn include_path(&mut self, entity: &'a EntityInfo, path: &[&str], selection: &mut Selection, depth: usize) -> Option<()> {
        let (first, rest) = path.split_first()?;
        let field = self.field(entity, first)?;
        let (at, relation) = self.included(field, selection, depth)?;
        let (which, target, rest) = match relation {
            Relation::AnyOf { targets } => match rest.split_first() {
                None => return self.every_target(targets, at, selection),
                Some((name, rest)) => {
                    let (which, target) = self.any_target(targets, name)?;
                    (which, target, rest)
                }
            },
            relation => (0, relation.target()?, rest),
        };
        let target = self.schema.entity(target);
        let nested = self.nested(at, which, target, selection)?;
        if rest.is_empty() {
            Some(())
        } else {
            self.include_path(target, rest, &mut nested.selection, depth + 1)
        }
    }

    fn include_with(&mut self, entity: &'a EntityInfo, name: &str, json: &Json, selection: &mut Selection, depth: usize) -> Option<()> {
        let field = self.field(entity, name)?;
        let (at, relation) = self.included(field, selection, depth)?;
        let Relation::AnyOf { targets } = relation else {
            let target = self.schema.entity(relation.target()?);
            let nested = self.nested(at, 0, target, selection)?;
            return self.settings(target, json, relation.is_to_many(), nested, depth);
        };
        let Json::Object(members) = json else {
            return self.every_target(targets, at, selection);
        };
        for (name, json) in members {
            self.at(name, |reader| {
                let (which, target) = reader.any_target(targets, name)?;
                let target = reader.schema.entity(target);
                let nested = reader.nested(at, which, target, selection)?;
                reader.settings(target, json, false, nested, depth)
            });
        }
        Some(())
    }

    /// What is said of one included relation.
    fn settings(&mut self, entity: &'a EntityInfo, json: &Json, many: bool, nested: &mut Nested, depth: usize) -> Option<()> {
        match json {
            Json::Bool(true) => Some(()),
            Json::String(text) if text.is_empty() || text == "true" => Some(()),
            Json::Object(members) => {
                for (word, json) in members {
                    self.at(word, |reader| reader.setting(entity, word, json, many, nested, depth));
                }
                Some(())
            }
            _ => self.wrong("wrong_type", format!("expected {}", list(&WORDS))),
        }
    }

    fn setting(&mut self, entity: &'a EntityInfo, word: &str, json: &Json, many: bool, nested: &mut Nested, depth: usize) -> Option<()> {
        match word {
            "fields" => self.fields(entity, json, &mut nested.selection, depth + 1),
            "include" => self.include(entity, json, &mut nested.selection, depth + 1),
            "filter" if many => {
                let filter = match json {
                    // In brackets the value may be JSON: `include[comments][filter]={…}`.
                    Json::String(text) => match serde_json::from_str(text) {
                        Ok(json) => self.rows(entity, &json, 1),
                        Err(error) => self.wrong("invalid_json", format!("not JSON: {error}")),
                    },
                    json => self.rows(entity, json, 1),
                };
                nested.filter = Some(filter?);
            }
            "sort" if many => nested.sort = self.sort(entity, json),
            "limit" if many => nested.limit = Some(self.bounded(json, 1, self.limits.include_rows_max)?),
            "filter" | "sort" | "limit" => return self.wrong("unknown_parameter", format!("`{word}` is for to-many relations")),
            // A relation that was named as a plain word too: `include[comments]=true&include[comments][limit]=5`.
            "" => {}
            word => return self.wrong("unknown_parameter", unknown("parameter", word, WORDS)),
        }
        Some(())
    }

    /// The place of a relation among those included, made when it is not there yet.
    pub(super) fn included(&mut self, field: &'a FieldInfo, selection: &mut Selection, depth: usize) -> Option<(usize, &'a Relation)> {
        let Some(relation) = &field.relation else {
            return self.wrong("wrong_type", format!("`{}` is no relation", field.json));
        };
        if let Some(at) = selection.include.iter().position(|include| include.field == field.ix) {
            return Some((at, relation));
        }
        if depth > self.limits.include_depth {
            return self.wrong("too_deep", format!("relations may be included {} deep", self.limits.include_depth));
        }
        selection.include.push(Include {
            field: field.ix,
            nested: Vec::new(),
        });
        Some((selection.include.len() - 1, relation))
    }

    /// What of the rows of one target, made when it is not there yet.
    pub(super) fn nested<'s>(
        &mut self,
        at: usize,
        which: u32,
        target: &EntityInfo,
        selection: &'s mut Selection,
    ) -> Option<&'s mut Nested> {
        self.followable(target)?;
        let nested = &mut selection.include.get_mut(at)?.nested;
        let position = match nested.iter().position(|(ix, _)| *ix == which) {
            Some(position) => position,
            None => {
                self.includes += 1;
                if self.includes > self.limits.includes {
                    return self.wrong("too_many", format!("more than {} included relations", self.limits.includes));
                }
                nested.push((which, Nested::of(target.ix)));
                nested.len() - 1
            }
        };
        nested.get_mut(position).map(|(_, nested)| nested)
    }

    /// A polymorphic reference as a whole: every entity it may lead to.
    pub(super) fn every_target(&mut self, targets: &[EntityIx], at: usize, selection: &mut Selection) -> Option<()> {
        for (which, target) in targets.iter().enumerate() {
            let target = self.schema.entity(*target);
            if !target.internal {
                self.nested(at, which as u32, target, selection)?;
            }
        }
        Some(())
    }

    /// One entity that a polymorphic reference may lead to.
    pub(super) fn any_target(&mut self, targets: &[EntityIx], name: &str) -> Option<(u32, EntityIx)> {
        match targets.iter().position(|target| self.schema.entity(*target).type_name == name) {
            Some(at) => Some((at as u32, targets[at])),
            None => {
                let known: Vec<&str> = targets
                    .iter()
                    .map(|target| self.schema.entity(*target).type_name.as_str())
                    .collect();
                let message = unknown("type", name, known);
                self.wrong("unknown_field", message)
            }
        }
    }
}
