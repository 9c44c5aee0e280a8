//! What a filter says.

use glaze_expr::tree::{FieldIx, Part, Type};
use glaze_model::{FieldKind, Scalar};
use serde_json::{Map, Value as Json};

use super::{Filter, Op, Target, error::unknown, operand::Subject, reader::Reader, words};
use crate::schema::{EntityInfo, FieldInfo, Relation};

/// Members that join conditions.
pub(super) const LOGIC: [&str; 3] = ["_and", "_or", "_not"];

impl<'a> Reader<'a> {
    /// The filter of a request.
    pub(super) fn filter(&mut self, entity: &'a EntityInfo, json: &Json) -> Option<Filter> {
        self.at("filter", |reader| reader.rows(entity, json, 1))
    }

    /// Conditions on rows of an entity: an object of fields and logic.
    pub(super) fn rows(&mut self, entity: &'a EntityInfo, json: &Json, depth: usize) -> Option<Filter> {
        let Json::Object(members) = json else {
            return self.wrong("wrong_type", "a filter names fields: `filter[title]=…` or `filter={\"title\": …}`");
        };
        self.row_members(entity, members.iter().collect(), depth)
    }

    pub(super) fn row_members(&mut self, entity: &'a EntityInfo, members: Members<'_>, depth: usize) -> Option<Filter> {
        self.deep_enough(depth)?;
        let mut all = Vec::with_capacity(members.len());
        for (name, json) in members {
            let read = self.at(name, |reader| {
                reader.one_more()?;
                match name.as_str() {
                    "_and" | "_or" => reader.group(entity, name == "_and", json, depth),
                    "_not" => reader.rows(entity, json, depth + 1).map(|filter| Filter::Not(Box::new(filter))),
                    "" => reader.wrong("malformed", "this is a value, where fields are named"),
                    operator if operator.starts_with('_') => reader.misplaced(operator),
                    _ => {
                        let field = reader.field(entity, name)?;
                        reader.field_filter(entity, field, json, depth)
                    }
                }
            });
            all.extend(read);
        }
        Some(joined(all))
    }

    fn group(&mut self, entity: &'a EntityInfo, and: bool, json: &Json, depth: usize) -> Option<Filter> {
        let Json::Array(items) = json else {
            return self.wrong(
                "wrong_type",
                "expected a list of filters: `filter[_or][0][…]=…&filter[_or][1][…]=…`",
            );
        };
        let mut all = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            all.extend(self.at(&at.to_string(), |reader| {
                reader.one_more()?;
                reader.rows(entity, item, depth + 1)
            }));
        }
        Some(if and { Filter::And(all) } else { Filter::Or(all) })
    }

    /// An operator where a field is expected.
    fn misplaced(&mut self, operator: &str) -> Option<Filter> {
        let message = match Op::of(operator) {
            Some(_) => format!("`{operator}` needs a field before it: `filter[title][{operator}]=…`"),
            None if ["_some", "_every", "_none"].contains(&operator) => {
                format!("`{operator}` needs a to-many relation before it: `filter[tags][{operator}][…]=…`")
            }
            None => unknown("operator", operator, LOGIC),
        };
        self.wrong("unknown_operator", message)
    }

    fn field_filter(&mut self, entity: &'a EntityInfo, field: &'a FieldInfo, json: &Json, depth: usize) -> Option<Filter> {
        match &field.relation {
            Some(Relation::AnyOf { targets }) => return self.any_of(field, targets, json, depth),
            Some(relation) => return self.relation(field, relation, json, depth),
            None => {}
        }
        let target = Target {
            field: field.ix,
            part: Part::Whole,
            ty: field.ty.clone(),
            nullable: field.nullable,
        };
        match &self.schema.field(entity.ix, field.ix).kind {
            FieldKind::Embedded(_) => self.embedded(field, json, depth),
            FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => {
                let subject = Subject {
                    target,
                    values: &[],
                    ops: words::for_json_list(),
                };
                self.value(&subject, json)
            }
            FieldKind::Scalar(Scalar::Json) => self.json_field(target, json, Vec::new(), depth),
            _ => {
                let ops = words::for_type(&field.ty);
                self.value(
                    &Subject {
                        target,
                        values: &field.values,
                        ops,
                    },
                    json,
                )
            }
        }
    }

    /// A member of a field with one value: a bare value, or operators with theirs.
    pub(super) fn value(&mut self, subject: &Subject<'_>, json: &Json) -> Option<Filter> {
        let Json::Object(members) = json else {
            return self.test(subject, Op::Eq, json);
        };
        let mut all = Vec::with_capacity(members.len());
        for (word, operand) in members {
            all.extend(self.at(word, |reader| {
                reader.one_more()?;
                match (Op::of(word), word.as_str()) {
                    (Some(op), _) => reader.test(subject, op, operand),
                    (None, "") => reader.test(subject, Op::Eq, operand),
                    (None, word) if word.starts_with('_') => {
                        let fitting = subject.ops.iter().map(|op| op.word());
                        reader.wrong("unknown_operator", unknown("operator", word, fitting))
                    }
                    (None, _) => reader.wrong("unknown_field", "this field has no fields of its own"),
                }
            }));
        }
        Some(joined(all))
    }

    /// An embedded struct: its fields, and whether it is there at all.
    fn embedded(&mut self, field: &'a FieldInfo, json: &Json, depth: usize) -> Option<Filter> {
        self.deep_enough(depth + 1)?;
        let Json::Object(members) = json else {
            if json.is_null() {
                return Some(presence(field, true));
            }
            return self.wrong("wrong_type", format!("name a field of it: `filter[{}][…]=…`", field.json));
        };
        let mut all = Vec::with_capacity(members.len());
        for (name, operand) in members {
            all.extend(self.at(name, |reader| {
                reader.one_more()?;
                match Op::of(name) {
                    Some(Op::Null) => reader.truth(operand).map(|yes| presence(field, yes)),
                    Some(Op::Nnull) => reader.truth(operand).map(|yes| presence(field, !yes)),
                    Some(_) => reader.unfitting(name, &[Op::Null, Op::Nnull]),
                    None => reader.inner(field, name, operand, depth),
                }
            }));
        }
        Some(joined(all))
    }

    fn inner(&mut self, field: &'a FieldInfo, name: &str, json: &Json, depth: usize) -> Option<Filter> {
        let Some(inner) = field.inner.iter().find(|inner| inner.json == name && !inner.private) else {
            let known = field.inner.iter().filter(|inner| !inner.private).map(|inner| inner.json.as_str());
            return self.wrong("unknown_field", unknown("field", name, known));
        };
        let target = Target {
            field: field.ix,
            part: Part::Inner(inner.ix),
            ty: inner.ty.clone(),
            nullable: inner.nullable,
        };
        match &target.ty {
            Type::Json => self.value(
                &Subject {
                    target,
                    values: &[],
                    ops: words::for_type(&Type::Json),
                },
                json,
            ),
            Type::Row(row) => {
                let parts = &self.schema.entity(*row).key;
                let Some([part]) = parts.get(..).filter(|parts| parts.len() == 1) else {
                    return self.wrong(
                        "wrong_operator",
                        "a reference to a compound key inside an embedded struct can't be filtered",
                    );
                };
                self.deep_enough(depth + 1)?;
                let target = Target {
                    ty: part.ty.clone(),
                    ..target
                };
                self.value(
                    &Subject {
                        target,
                        values: &[],
                        ops: words::for_type(&Type::Row(*row)),
                    },
                    json,
                )
            }
            ty => {
                let ops = words::for_type(ty);
                self.value(
                    &Subject {
                        target,
                        values: &inner.values,
                        ops,
                    },
                    json,
                )
            }
        }
    }

    /// JSON of unknown shape: presence, or a path to something inside that is compared as text.
    fn json_field(&mut self, target: Target, json: &Json, path: Vec<String>, depth: usize) -> Option<Filter> {
        self.deep_enough(depth)?;
        let subject = match path.is_empty() {
            true => Subject {
                target: target.clone(),
                values: &[],
                ops: words::for_type(&Type::Json),
            },
            false => {
                let part = Part::Json(path.clone());
                let target = Target {
                    part,
                    ty: Type::Scalar(Scalar::String),
                    nullable: true,
                    ..target.clone()
                };
                Subject {
                    target,
                    values: &[],
                    ops: words::for_json_path(),
                }
            }
        };
        let Json::Object(members) = json else {
            return self.test(&subject, Op::Eq, json);
        };
        let mut all = Vec::with_capacity(members.len());
        for (name, operand) in members {
            all.extend(self.at(name, |reader| {
                reader.one_more()?;
                match Op::of(name) {
                    Some(op) => reader.test(&subject, op, operand),
                    None if name.is_empty() => reader.test(&subject, Op::Eq, operand),
                    None => {
                        let mut path = path.clone();
                        path.push(name.clone());
                        reader.json_field(target.clone(), operand, path, depth + 1)
                    }
                }
            }));
        }
        Some(joined(all))
    }

    /// Counts a condition.
    pub(super) fn one_more(&mut self) -> Option<()> {
        self.nodes += 1;
        let most = self.limits.filter_nodes;
        match self.nodes.cmp(&(most + 1)) {
            std::cmp::Ordering::Less => Some(()),
            std::cmp::Ordering::Equal => self.wrong("too_many", format!("more than {most} conditions")),
            std::cmp::Ordering::Greater => None,
        }
    }

    pub(super) fn deep_enough(&mut self, depth: usize) -> Option<()> {
        let most = self.limits.filter_depth;
        if depth > most {
            self.wrong("too_deep", format!("a filter may be nested {most} deep"))
        } else {
            Some(())
        }
    }
}

/// All of them; one stays as it is.
pub(super) fn joined(mut all: Vec<Filter>) -> Filter {
    if all.len() == 1 { all.remove(0) } else { Filter::And(all) }
}

/// Whether an embedded struct is missing: every inner value is null.
fn presence(field: &FieldInfo, missing: bool) -> Filter {
    let target = |ix: FieldIx, ty: &Type| Target {
        field: field.ix,
        part: Part::Inner(ix),
        ty: ty.clone(),
        nullable: true,
    };
    let all = field
        .inner
        .iter()
        .map(|inner| Filter::Test(target(inner.ix, &inner.ty), super::Test::Null))
        .collect();
    let null = if field.nullable { Filter::And(all) } else { Filter::Or(Vec::new()) };
    if missing { null } else { Filter::Not(Box::new(null)) }
}

/// Members of an object.
pub(super) type Members<'j> = Vec<(&'j String, &'j Json)>;

/// The members of an object that satisfy, and the others.
pub(super) fn split(members: &Map<String, Json>, own: impl Fn(&str) -> bool) -> (Members<'_>, Members<'_>) {
    members.iter().partition(|(name, _)| own(name))
}
