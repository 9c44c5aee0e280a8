//! Values that operators are given, read as the field's type.

use glaze_expr::tree::Type;
use glaze_model::{Scalar, Value};
use serde_json::Value as Json;

use super::{
    Filter, Op, Target, Test,
    error::{list, nearest},
    reader::Reader,
};

/// What is tested.
pub(super) struct Subject<'s> {
    pub(super) target: Target,
    /// The values there are, when they are a closed set.
    pub(super) values: &'s [String],
    /// The operators that fit.
    pub(super) ops: &'static [Op],
}

impl Reader<'_> {
    /// One operator with its operand.
    pub(super) fn test(&mut self, subject: &Subject<'_>, op: Op, json: &Json) -> Option<Filter> {
        if !subject.ops.contains(&op) {
            return self.unfitting(op.word(), subject.ops);
        }
        let test = self.read_test(subject, op, json)?;
        Some(Filter::Test(subject.target.clone(), test))
    }

    fn read_test(&mut self, subject: &Subject<'_>, op: Op, json: &Json) -> Option<Test> {
        if let (Some(func), false) = (op.text(), matches!(subject.target.ty, Type::List(_))) {
            return match json {
                Json::String(text) if !text.contains('\0') => Some(Test::Text(func, text.clone())),
                _ => self.wrong("invalid_value", "expected text"),
            };
        }
        if let Some(compare) = op.compare() {
            return match (op, json) {
                (Op::Eq, Json::Null) => Some(Test::Null),
                (Op::Neq, Json::Null) => Some(Test::NotNull),
                _ => self.one(subject, json).map(|value| Test::Compare(compare, value)),
            };
        }
        match op {
            Op::In => self.many(subject, json).map(Test::In),
            Op::Nin => self.many(subject, json).map(Test::NotIn),
            Op::Null => self.truth(json).map(|yes| if yes { Test::Null } else { Test::NotNull }),
            Op::Nnull => self.truth(json).map(|yes| if yes { Test::NotNull } else { Test::Null }),
            Op::Empty => self.truth(json).map(|yes| if yes { Test::Empty } else { Test::NotEmpty }),
            Op::Nempty => self.truth(json).map(|yes| if yes { Test::NotEmpty } else { Test::Empty }),
            Op::Between | Op::Nbetween => {
                let mut ends = self.many(subject, json)?;
                let (Some(to), Some(from), true) = (ends.pop(), ends.pop(), ends.is_empty()) else {
                    return self.wrong("invalid_value", "expected two values: `_between=1,5`");
                };
                Some(if op == Op::Between {
                    Test::Between(from, to)
                } else {
                    Test::NotBetween(from, to)
                })
            }
            // Only a list is left: text functions and comparisons are done above.
            _ => self.one(subject, json).map(Test::Has),
        }
    }

    /// An operator that does not fit, and those that do.
    pub(super) fn unfitting<T>(&mut self, word: &str, fitting: &[Op]) -> Option<T> {
        let fitting: Vec<&str> = fitting.iter().map(|op| op.word()).collect();
        let there = if fitting.len() > 12 { fitting.join(", ") } else { list(&fitting) };
        self.wrong("wrong_operator", format!("`{word}` does not fit here: there is {there}"))
    }

    /// One value.
    fn one(&mut self, subject: &Subject<'_>, json: &Json) -> Option<Value> {
        let scalar = match &subject.target.ty {
            Type::List(item) => scalar_of(item),
            ty => scalar_of(ty),
        };
        if json.is_null() {
            return self.wrong("invalid_value", "null has no order and is in no list: ask for it with `_null`");
        }
        let json_number = match json {
            Json::Number(number) if subject.is_json_path() => Some(Value::Text(number.to_string())),
            Json::Bool(value) if subject.is_json_path() => Some(Value::Text(value.to_string())),
            _ => None,
        };
        let read = match (json_number, json) {
            (Some(value), _) => Ok(value),
            (None, Json::String(text)) => Value::parse(scalar, text),
            (None, json) => Value::from_json(scalar, json),
        };
        match read {
            Ok(Value::Text(text)) if !subject.values.is_empty() && !subject.values.contains(&text) => {
                let known: Vec<&str> = subject.values.iter().map(String::as_str).collect();
                let shown: String = text.chars().take(60).collect();
                let message = match nearest(&text, known.iter().copied()) {
                    Some(meant) => format!("`{shown}` is not one of the values: did you mean `{meant}`?"),
                    None => format!("`{shown}` is not one of the values: there is {}", list(&known)),
                };
                self.wrong("invalid_value", message)
            }
            Ok(value) => Some(value),
            Err(error) => self.wrong("invalid_value", error.message),
        }
    }

    /// A list: JSON, numbered members, or text with commas.
    fn many(&mut self, subject: &Subject<'_>, json: &Json) -> Option<Vec<Value>> {
        let items: Vec<Json> = match json {
            Json::Array(items) => items.clone(),
            Json::String(text) if text.is_empty() => Vec::new(),
            Json::String(text) if text.starts_with('[') => match serde_json::from_str(text) {
                Ok(Json::Array(items)) => items,
                _ => return self.wrong("invalid_json", "not a JSON list"),
            },
            Json::String(text) => text.split(',').map(|item| Json::String(item.to_owned())).collect(),
            Json::Object(_) => return self.wrong("invalid_value", "expected a list"),
            other => vec![other.clone()],
        };
        if items.len() > self.limits.list_items {
            return self.wrong(
                "too_many",
                format!("{} values: the limit is {}", items.len(), self.limits.list_items),
            );
        }
        let mut values = Vec::with_capacity(items.len());
        for item in &items {
            values.push(self.one(subject, item)?);
        }
        Some(values)
    }
}

impl Subject<'_> {
    fn is_json_path(&self) -> bool {
        matches!(self.target.part, glaze_expr::tree::Part::Json(_))
    }
}

/// How an operand of this type is read. What is compared need not be a valid e-mail address and the like.
fn scalar_of(ty: &Type) -> Scalar {
    match ty {
        Type::Scalar(scalar) if scalar.is_text() => Scalar::String,
        Type::Scalar(scalar) => *scalar,
        _ => Scalar::String,
    }
}
