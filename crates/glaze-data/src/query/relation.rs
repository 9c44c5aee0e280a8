//! Filters on relations: by key, and through them on the related rows.

use glaze_expr::tree::{EntityIx, Part, Quantifier, Type};
use glaze_model::{Scalar, Value};
use serde_json::Value as Json;

use super::{
    Filter, Op, Target, Test,
    error::unknown,
    filter::{LOGIC, joined, split},
    operand::Subject,
    reader::Reader,
    words,
};
use crate::schema::{EntityInfo, FieldInfo, KeyPart, Relation};

const EXACT: &[Op] = &[Op::Eq, Op::Neq, Op::In, Op::Nin, Op::Null, Op::Nnull];
const ONE_BACK: &[Op] = &[Op::Eq, Op::In, Op::Null, Op::Nnull];
const TO_MANY: &[Op] = &[Op::Eq, Op::In, Op::Empty, Op::Nempty];

impl<'a> Reader<'a> {
    pub(super) fn relation(&mut self, field: &'a FieldInfo, relation: &'a Relation, json: &Json, depth: usize) -> Option<Filter> {
        let target = self.schema.entity(relation.target()?);
        let many = relation.is_to_many();
        let Json::Object(members) = json else {
            return self.by_key(field, relation, Op::Eq, json);
        };
        let own = |name: &str| name.is_empty() || (name.starts_with('_') && !LOGIC.contains(&name));
        let (operators, rows) = split(members, own);
        let mut all = Vec::with_capacity(operators.len() + 1);
        for (word, operand) in operators {
            all.extend(self.at(word, |reader| {
                reader.one_more()?;
                match (Op::of(word), word.as_str()) {
                    (None, "_some") if many => reader.quantified(field, target, Quantifier::Some, operand, depth),
                    (None, "_every") if many => reader.quantified(field, target, Quantifier::Every, operand, depth),
                    (None, "_none") if many => reader.quantified(field, target, Quantifier::None, operand, depth),
                    (None, "") => reader.by_key(field, relation, Op::Eq, operand),
                    (Some(op), _) => reader.by_key(field, relation, op, operand),
                    (None, word @ ("_some" | "_every" | "_none")) => reader.wrong(
                        "wrong_operator",
                        format!("`{word}` is for to-many relations; this one leads to one row at most"),
                    ),
                    (None, word) => {
                        let fitting = fitting(relation)
                            .iter()
                            .map(|op| op.word())
                            .chain(many.then_some(["_some", "_every", "_none"]).into_iter().flatten());
                        reader.wrong("unknown_operator", unknown("operator", word, fitting))
                    }
                }
            }));
        }
        if !rows.is_empty() {
            self.followable(target)?;
            let filter = self.row_members(target, rows, depth + 1)?;
            all.push(related(field, target, Quantifier::Some, filter));
        }
        Some(joined(all))
    }

    fn quantified(
        &mut self,
        field: &'a FieldInfo,
        target: &'a EntityInfo,
        quantifier: Quantifier,
        json: &Json,
        depth: usize,
    ) -> Option<Filter> {
        self.followable(target)?;
        let filter = self.rows(target, json, depth + 1)?;
        Some(related(field, target, quantifier, filter))
    }

    /// Entities that the API does not show can't be looked into.
    pub(super) fn followable(&mut self, target: &EntityInfo) -> Option<()> {
        if target.internal {
            self.wrong("unknown_field", "this relation can't be followed")
        } else {
            Some(())
        }
    }

    /// A relation compared with keys.
    fn by_key(&mut self, field: &'a FieldInfo, relation: &'a Relation, op: Op, json: &Json) -> Option<Filter> {
        let target = self.schema.entity(relation.target()?);
        if !fitting(relation).contains(&op) {
            return self.unfitting(op.word(), fitting(relation));
        }
        if let Relation::Ref { parts, .. } = relation {
            return self.reference(field, parts, op, json);
        }
        let none = |quantifier| related(field, target, quantifier, Filter::And(Vec::new()));
        self.followable(target)?;
        match op {
            Op::Empty | Op::Null => self
                .truth(json)
                .map(|yes| none(if yes { Quantifier::None } else { Quantifier::Some })),
            Op::Nempty | Op::Nnull => self
                .truth(json)
                .map(|yes| none(if yes { Quantifier::Some } else { Quantifier::None })),
            _ if json.is_null() => Some(none(Quantifier::None)),
            op => {
                let parts: Vec<(Target, &KeyPart)> = target
                    .key
                    .iter()
                    .map(|part| {
                        (
                            Target {
                                field: part.field,
                                part: part.part.clone(),
                                ty: part.ty.clone(),
                                nullable: part.nullable,
                            },
                            part,
                        )
                    })
                    .collect();
                let filter = self.keys(&parts, op, json)?;
                Some(related(field, target, Quantifier::Some, filter))
            }
        }
    }

    fn reference(&mut self, field: &'a FieldInfo, parts: &'a [KeyPart], op: Op, json: &Json) -> Option<Filter> {
        let at = |(ix, part): (usize, &'a KeyPart)| {
            let own = if parts.len() == 1 { Part::Whole } else { Part::Key(ix as u32) };
            (
                Target {
                    field: field.ix,
                    part: own,
                    ty: part.ty.clone(),
                    nullable: field.nullable,
                },
                part,
            )
        };
        let targets: Vec<(Target, &KeyPart)> = parts.iter().enumerate().map(at).collect();
        let first = targets.first()?.0.clone();
        match op {
            Op::Null | Op::Nnull => {
                let null = self.truth(json)? == (op == Op::Null);
                Some(Filter::Test(first, if null { Test::Null } else { Test::NotNull }))
            }
            Op::Eq if json.is_null() => Some(Filter::Test(first, Test::Null)),
            Op::Neq if json.is_null() => Some(Filter::Test(first, Test::NotNull)),
            Op::Neq | Op::Nin if targets.len() > 1 => {
                let positive = if op == Op::Neq { Op::Eq } else { Op::In };
                self.keys(&targets, positive, json).map(|filter| Filter::Not(Box::new(filter)))
            }
            op => self.keys(&targets, op, json),
        }
    }

    /// Parts of a key that equal the key given, or one of the keys.
    fn keys(&mut self, parts: &[(Target, &KeyPart)], op: Op, json: &Json) -> Option<Filter> {
        if let [(target, _)] = parts {
            return self.test(
                &Subject {
                    target: target.clone(),
                    values: &[],
                    ops: EXACT,
                },
                op,
                json,
            );
        }
        if op == Op::Eq {
            return self.compound(parts, json);
        }
        // Text can't be split at commas here: they stand between the parts of one key already.
        let listed = match json {
            Json::String(text) if text.trim_start().starts_with('[') => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        };
        let Some(Json::Array(items)) = listed else {
            return self.wrong("wrong_type", "a list of compound keys is written `[\"1,2\", \"1,3\"]`");
        };
        if items.len() > self.limits.list_items {
            return self.wrong(
                "too_many",
                format!("{} values: the limit is {}", items.len(), self.limits.list_items),
            );
        }
        let mut any = Vec::with_capacity(items.len());
        for item in &items {
            any.push(self.compound(parts, item)?);
        }
        Some(Filter::Or(any))
    }

    /// A compound key: `"1,2"`, `[1, 2]` or an object of its parts.
    fn compound(&mut self, parts: &[(Target, &KeyPart)], json: &Json) -> Option<Filter> {
        let given: Vec<Json> = match json {
            Json::String(text) => text.split(',').map(|part| Json::String(part.to_owned())).collect(),
            Json::Array(items) => items.clone(),
            Json::Object(members) if members.keys().all(|name| parts.iter().any(|(_, part)| part.json == *name)) => {
                parts.iter().filter_map(|(_, part)| members.get(&part.json).cloned()).collect()
            }
            _ => Vec::new(),
        };
        if given.len() != parts.len() {
            let names: Vec<&str> = parts.iter().map(|(_, part)| part.json.as_str()).collect();
            return self.wrong(
                "wrong_type",
                format!("expected a key of {} parts: {}", parts.len(), names.join(",")),
            );
        }
        let mut all = Vec::with_capacity(parts.len());
        for ((target, _), json) in parts.iter().zip(&given) {
            all.push(self.test(
                &Subject {
                    target: target.clone(),
                    values: &[],
                    ops: EXACT,
                },
                Op::Eq,
                json,
            )?);
        }
        Some(Filter::And(all))
    }

    /// A polymorphic reference: its type, its id, and through each possible target.
    pub(super) fn any_of(&mut self, field: &'a FieldInfo, targets: &'a [EntityIx], json: &Json, depth: usize) -> Option<Filter> {
        let names: Vec<String> = targets.iter().map(|ix| self.schema.entity(*ix).type_name.clone()).collect();
        let part = |part: Part| Target {
            field: field.ix,
            part,
            ty: Type::Scalar(Scalar::String),
            nullable: field.nullable,
        };
        let Json::Object(members) = json else {
            if json.is_null() {
                return Some(Filter::Test(part(Part::AnyType), Test::Null));
            }
            return self.wrong(
                "wrong_type",
                format!("say which: `filter[{0}][type]=…` and `filter[{0}][id]=…`", field.json),
            );
        };
        let mut all = Vec::with_capacity(members.len());
        for (name, operand) in members {
            all.extend(self.at(name, |reader| {
                reader.one_more()?;
                match (Op::of(name), name.as_str()) {
                    (Some(op @ (Op::Null | Op::Nnull)), _) => {
                        let null = reader.truth(operand)? == (op == Op::Null);
                        Some(Filter::Test(part(Part::AnyType), if null { Test::Null } else { Test::NotNull }))
                    }
                    (Some(_), word) => reader.unfitting(word, words::for_type(&Type::AnyRow)),
                    (None, "type") => reader.value(
                        &Subject {
                            target: part(Part::AnyType),
                            values: &names,
                            ops: EXACT,
                        },
                        operand,
                    ),
                    (None, "id") => reader.value(
                        &Subject {
                            target: part(Part::AnyId),
                            values: &[],
                            ops: EXACT,
                        },
                        operand,
                    ),
                    (None, name) => {
                        let Some(at) = names.iter().position(|known| known == name) else {
                            let known = names.iter().map(String::as_str).chain(["type", "id"]);
                            return reader.wrong("unknown_field", unknown("type", name, known));
                        };
                        let target = reader.schema.entity(targets[at]);
                        reader.quantified(field, target, Quantifier::Some, operand, depth)
                    }
                }
            }));
        }
        Some(joined(all))
    }

    /// A truth for `_null` and its like.
    pub(super) fn truth(&mut self, json: &Json) -> Option<bool> {
        let read = match json {
            Json::Bool(value) => Some(*value),
            Json::String(text) => match Value::parse(Scalar::Bool, text) {
                Ok(Value::Bool(value)) => Some(value),
                _ => None,
            },
            _ => None,
        };
        read.or_else(|| self.wrong("invalid_value", "expected `true` or `false`"))
    }
}

fn fitting(relation: &Relation) -> &'static [Op] {
    match relation {
        Relation::Ref { .. } => EXACT,
        relation if relation.is_to_many() => TO_MANY,
        _ => ONE_BACK,
    }
}

fn related(field: &FieldInfo, target: &EntityInfo, quantifier: Quantifier, filter: Filter) -> Filter {
    Filter::Related {
        field: field.ix,
        target: target.ix,
        quantifier,
        filter: Box::new(filter),
    }
}
