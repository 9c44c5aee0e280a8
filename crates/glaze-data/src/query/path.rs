//! Fields named with dots: what sorts and aggregates speak of.

use glaze_expr::tree::{FieldIx, Part, Type};
use glaze_model::FieldKind;
use serde_json::Value as Json;

use super::{FieldPath, Sort, Target, error::unknown, reader::Reader};
use crate::schema::{EntityInfo, FieldInfo, Relation};

/// References that a path may follow.
const HOPS: usize = 4;

impl<'a> Reader<'a> {
    /// `-publishedAt,author.name`, or a JSON list of such words.
    pub(super) fn sort(&mut self, entity: &'a EntityInfo, json: &Json) -> Vec<Sort> {
        let words = self.words(json, self.limits.sort);
        let mut sort: Vec<Sort> = Vec::with_capacity(words.len());
        for word in words {
            let (desc, name) = match word.strip_prefix('-') {
                Some(name) => (true, name),
                None => (false, word.strip_prefix('+').unwrap_or(&word)),
            };
            let Some(path) = self.path(entity, name) else { continue };
            if !is_ordered(&path.at.ty) {
                self.wrong::<()>("wrong_type", format!("`{name}` has no order to sort by"));
            } else if sort.iter().any(|key| key.path == path) {
                self.wrong::<()>("twice", format!("`{name}` is there twice"));
            } else {
                sort.push(Sort { path, desc });
            }
        }
        sort
    }

    /// Words with commas between them, or a JSON list of words.
    pub(super) fn words(&mut self, json: &Json, most: usize) -> Vec<String> {
        let words: Option<Vec<String>> = match json {
            Json::String(text) => Some(
                text.split(',')
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
            Json::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        match words {
            Some(words) if words.len() > most => {
                self.wrong::<()>("too_many", format!("{} names: the limit is {most}", words.len()));
                Vec::new()
            }
            Some(words) => words,
            None => {
                self.wrong::<()>("wrong_type", "expected names with commas between them");
                Vec::new()
            }
        }
    }

    /// A field with one value, reached through references.
    pub(super) fn path(&mut self, entity: &'a EntityInfo, name: &str) -> Option<FieldPath> {
        let mut at = entity;
        let mut hops: Vec<FieldIx> = Vec::new();
        let mut nullable = false;
        let mut segments = name.split('.').peekable();
        while let Some(segment) = segments.next() {
            let field = self.field(at, segment)?;
            let last = segments.peek().is_none();
            match &field.relation {
                Some(Relation::Ref { target, .. }) if !last => {
                    let target = self.schema.entity(*target);
                    self.followable(target)?;
                    hops.push(field.ix);
                    if hops.len() > HOPS {
                        return self.wrong("too_deep", format!("`{name}` follows more than {HOPS} references"));
                    }
                    nullable |= field.nullable;
                    at = target;
                }
                Some(_) if !last => return self.wrong("wrong_type", format!("`{segment}` does not lead to one row")),
                _ => {
                    let inner = segments.next();
                    if segments.next().is_some() {
                        return self.wrong("unknown_field", format!("`{name}` goes further than there are fields"));
                    }
                    let mut target = self.target(at, field, inner)?;
                    // A row that is not there, or may not be read, gives null.
                    target.nullable |= nullable || !hops.is_empty();
                    return Some(FieldPath {
                        hops,
                        at: target,
                        json: name.to_owned(),
                    });
                }
            }
        }
        self.wrong("unknown_field", "expected the name of a field")
    }

    /// The one value of a field, or of an inner field.
    fn target(&mut self, entity: &EntityInfo, field: &'a FieldInfo, inner: Option<&str>) -> Option<Target> {
        let whole = |ty: &Type| Target {
            field: field.ix,
            part: Part::Whole,
            ty: ty.clone(),
            nullable: field.nullable,
        };
        let embedded = matches!(self.schema.field(entity.ix, field.ix).kind, FieldKind::Embedded(_));
        match (&field.relation, inner) {
            (Some(Relation::Ref { parts, .. }), None) => match parts.as_slice() {
                [part] => Some(whole(&part.ty)),
                _ => self.wrong(
                    "wrong_type",
                    format!("`{}` refers to a compound key: name a field of it", field.json),
                ),
            },
            (Some(_), _) => self.wrong("wrong_type", format!("`{}` has not one value", field.json)),
            (None, Some(name)) if embedded => match field.inner.iter().find(|inner| inner.json == name && !inner.private) {
                Some(inner) if matches!(inner.ty, Type::Row(_)) => self.wrong("wrong_type", format!("`{name}` has not one value")),
                Some(inner) => Some(Target {
                    field: field.ix,
                    part: Part::Inner(inner.ix),
                    ty: inner.ty.clone(),
                    nullable: inner.nullable,
                }),
                None => {
                    let known = field.inner.iter().filter(|inner| !inner.private).map(|inner| inner.json.as_str());
                    self.wrong("unknown_field", unknown("field", name, known))
                }
            },
            (None, None) if embedded => self.wrong("wrong_type", format!("`{}` has fields of its own: name one", field.json)),
            (None, Some(_)) => self.wrong("unknown_field", format!("`{}` has no fields of its own", field.json)),
            (None, None) => Some(whole(&field.ty)),
        }
    }
}

/// Whether `<` and `sort` have a meaning.
pub(super) fn is_ordered(ty: &Type) -> bool {
    match ty {
        Type::Scalar(scalar) => scalar.is_ordered(),
        Type::Enum(_) => true,
        _ => false,
    }
}

/// A number of at least `least` in text or JSON.
pub(super) fn whole(json: &Json, least: u64) -> Option<u64> {
    let number = match json {
        Json::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Json::Number(number) => number.as_u64(),
        _ => None,
    };
    number.filter(|number| *number >= least)
}
