//! Fields in the answer: `fields`.

use glaze_model::FieldKind;
use serde_json::Value as Json;

use super::{Chosen, Selection, error::unknown, reader::Reader};
use crate::schema::{EntityInfo, FieldInfo, Relation};

/// Dotted names gathered by their beginnings: `author.name,author.email` is `author` with two members.
#[derive(Default)]
struct Names {
    /// `*`
    all: bool,
    members: Vec<(String, Names)>,
}

impl Names {
    fn add<'s>(&mut self, mut path: impl Iterator<Item = &'s str>) {
        let Some(first) = path.next() else { return };
        if first == "*" {
            self.all = true;
            return;
        }
        let at = match self.members.iter().position(|(name, _)| name == first) {
            Some(at) => at,
            None => {
                self.members.push((first.to_owned(), Names::default()));
                self.members.len() - 1
            }
        };
        self.members[at].1.add(path);
    }

    fn is_leaf(&self) -> bool {
        !self.all && self.members.is_empty()
    }
}

impl<'a> Reader<'a> {
    /// `id,title,author.name`: only these. `*` is everything that may be read.
    pub(super) fn fields(&mut self, entity: &'a EntityInfo, json: &Json, selection: &mut Selection, depth: usize) {
        let words = self.words(json, self.limits.fields);
        if words.is_empty() {
            return;
        }
        let mut names = Names::default();
        for word in &words {
            // Deeper than any path leads: further segments could only cost.
            names.add(word.split('.').take(self.limits.include_depth + 3));
        }
        self.choose(entity, &names, selection, depth);
    }

    fn choose(&mut self, entity: &'a EntityInfo, names: &Names, selection: &mut Selection, depth: usize) {
        selection.all = names.all;
        for (name, inner) in &names.members {
            self.choose_field(entity, name, inner, selection, depth);
        }
    }

    fn choose_field(&mut self, entity: &'a EntityInfo, name: &str, names: &Names, selection: &mut Selection, depth: usize) -> Option<()> {
        let field = self.field(entity, name)?;
        let mut chosen = Chosen {
            field: field.ix,
            inner: Vec::new(),
        };
        match &field.relation {
            Some(Relation::Ref { .. } | Relation::AnyOf { .. }) if names.is_leaf() => {}
            Some(Relation::AnyOf { targets }) => {
                let (at, _) = self.included(field, selection, depth)?;
                if names.all {
                    self.every_target(targets, at, selection)?;
                }
                for (name, inner) in &names.members {
                    let (which, target) = self.any_target(targets, name)?;
                    let target = self.schema.entity(target);
                    let nested = self.nested(at, which, target, selection)?;
                    if !inner.is_leaf() {
                        self.choose(target, inner, &mut nested.selection, depth + 1);
                    }
                }
            }
            Some(relation) => {
                let (at, _) = self.included(field, selection, depth)?;
                let target = self.schema.entity(relation.target()?);
                let nested = self.nested(at, 0, target, selection)?;
                if !names.is_leaf() {
                    self.choose(target, names, &mut nested.selection, depth + 1);
                }
            }
            None if matches!(self.schema.field(entity.ix, field.ix).kind, FieldKind::Embedded(_)) => {
                chosen.inner = self.choose_inner(field, names)?;
            }
            None if names.is_leaf() => {}
            None => return self.wrong("unknown_field", format!("`{name}` has no fields of its own")),
        }
        selection.fields.push(chosen);
        Some(())
    }

    fn choose_inner(&mut self, field: &'a FieldInfo, names: &Names) -> Option<Vec<u32>> {
        let mut chosen = Vec::with_capacity(names.members.len());
        if names.all {
            return Some(chosen);
        }
        for (name, inner) in &names.members {
            match field.inner.iter().find(|inner| inner.json == *name && !inner.private) {
                Some(found) if inner.is_leaf() => chosen.push(found.ix),
                Some(_) => return self.wrong("unknown_field", format!("`{name}` has no fields of its own")),
                None => {
                    let known = field.inner.iter().filter(|inner| !inner.private).map(|inner| inner.json.as_str());
                    return self.wrong("unknown_field", unknown("field", name, known));
                }
            }
        }
        Some(chosen)
    }
}
