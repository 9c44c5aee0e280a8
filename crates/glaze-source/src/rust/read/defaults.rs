//! `#[default(…)]`.

use glaze_model::{DefaultValue, Field, FieldKind, Scalar, Value};

use super::Reader;
use super::field::sql_default;
use crate::finding::did_you_mean;
use crate::rust::raw::RawField;
use crate::rust::tokens::{Arg, ArgValue};

impl Reader<'_> {
    pub(super) fn default_value(&mut self, raw: &RawField, field: &Field) -> Option<DefaultValue> {
        let sql = sql_default(&raw.attrs);
        let Some(attr) = raw.attrs.get("default") else { return sql };
        let arg = attr.positional().next()?;
        if sql.is_some() {
            self.findings.error(
                "conflicting_attributes",
                attr.loc,
                "there are two defaults, `#[default(…)]` and `#[db(default = …)]`",
            );
        }
        let value = match &field.kind {
            FieldKind::Scalar(scalar) => self.scalar_default(*scalar, arg)?,
            FieldKind::Enum(name) => DefaultValue::Literal(self.enum_default(name, &arg.value, arg)?),
            FieldKind::List(_) | FieldKind::EnumList(_) | FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => {
                DefaultValue::Literal(self.list_default(&field.kind, arg)?)
            }
            FieldKind::Custom
            | FieldKind::Embedded(_)
            | FieldKind::Ref(_)
            | FieldKind::Many(_)
            | FieldKind::Inverse(_)
            | FieldKind::AnyOf(_) => {
                self.findings
                    .error("misplaced_attribute", attr.loc, "a field of this type has no default")
                    .maybe_help((field.kind == FieldKind::Custom).then(|| "write it in SQL: `#[db(default = \"…\")]`".to_owned()));
                return None;
            }
        };
        if let DefaultValue::Literal(value) = &value {
            self.check_default(field, value, arg);
        }
        Some(value)
    }

    fn scalar_default(&mut self, scalar: Scalar, arg: &Arg) -> Option<DefaultValue> {
        match &arg.value {
            ArgValue::Word(word) if word == "now" && matches!(scalar, Scalar::DateTime | Scalar::Date | Scalar::Time) => {
                Some(DefaultValue::Now)
            }
            ArgValue::Word(word) if word == "uuid" && scalar == Scalar::Uuid => Some(DefaultValue::Uuid),
            value => match literal(scalar, value) {
                Ok(value) => Some(DefaultValue::Literal(value)),
                Err(message) => {
                    self.findings.error(
                        "invalid_default",
                        arg.value_loc,
                        format!("this is no `{}`: {message}", scalar.name()),
                    );
                    None
                }
            },
        }
    }

    fn enum_default(&mut self, name: &str, value: &ArgValue, arg: &Arg) -> Option<Value> {
        let item = self.model.enum_type(name).or_else(|| self.known.enum_type(name))?;
        let variants: Vec<(String, String)> = item.values.iter().map(|value| (value.name.clone(), value.value.clone())).collect();
        match value {
            ArgValue::Word(word) => {
                if let Some((_, value)) = variants.iter().find(|(variant, _)| variant == word) {
                    return Some(Value::Text(value.clone()));
                }
                self.findings
                    .error("invalid_default", arg.value_loc, format!("`{word}` is not a value of `{name}`"))
                    .maybe_help(did_you_mean(word, variants.iter().map(|(variant, _)| variant.as_str())));
            }
            other => {
                let finding = self.findings.error(
                    "invalid_default",
                    arg.value_loc,
                    format!("expected a value of `{name}`, by its name without quotes"),
                );
                if let ArgValue::Text(text) = other
                    && let Some((variant, _)) = variants.iter().find(|(variant, value)| variant == text || value == text)
                {
                    finding.help(format!("write `#[default({variant})]`"));
                }
            }
        }
        None
    }

    fn list_default(&mut self, kind: &FieldKind, arg: &Arg) -> Option<Value> {
        let ArgValue::List(items) = &arg.value else {
            self.findings
                .error("invalid_default", arg.value_loc, "expected a list")
                .help("write `#[default([])]`, or the items in brackets");
            return None;
        };
        let mut values = Vec::new();
        for item in items {
            values.push(match kind {
                FieldKind::List(scalar) => match literal(*scalar, item) {
                    Ok(value) => value,
                    Err(message) => {
                        self.findings.error(
                            "invalid_default",
                            arg.value_loc,
                            format!("an item is no `{}`: {message}", scalar.name()),
                        );
                        return None;
                    }
                },
                FieldKind::EnumList(name) => self.enum_default(name, item, arg)?,
                _ => {
                    self.findings.error(
                        "invalid_default",
                        arg.value_loc,
                        "the default of this list can only be the empty one, `[]`",
                    );
                    return None;
                }
            });
        }
        Some(Value::List(values))
    }

    fn check_default(&mut self, field: &Field, value: &Value, arg: &Arg) {
        let limits = &field.constraints;
        let length = match value {
            Value::Text(text) => Some(Value::Int(text.chars().count() as i64)),
            Value::List(items) => Some(Value::Int(items.len() as i64)),
            _ => None,
        };
        let measured = length.as_ref().unwrap_or(value);
        if limits.max.as_ref().is_some_and(|max| less(max, measured)) {
            self.findings
                .error("invalid_default", arg.value_loc, "the default is above the field's own `max`");
        }
        if limits.min.as_ref().is_some_and(|min| less(measured, min)) {
            self.findings
                .error("invalid_default", arg.value_loc, "the default is below the field's own `min`");
        }
        if let (Some(pattern), Value::Text(text)) = (&limits.pattern, value)
            && let Ok(regex) = regex::Regex::new(&format!("^(?:{pattern})$"))
            && !regex.is_match(text)
        {
            self.findings.error(
                "invalid_default",
                arg.value_loc,
                "the default does not match the field's own `pattern`",
            );
        }
    }
}

/// A literal as a value of a scalar type.
fn literal(scalar: Scalar, value: &ArgValue) -> Result<Value, String> {
    let wrong = |what: &str| Err(format!("it is {what}"));
    match value {
        ArgValue::Bool(value) if scalar == Scalar::Bool => Ok(Value::Bool(*value)),
        ArgValue::Bool(_) => wrong("true or false"),
        ArgValue::Number(text) if scalar.is_numeric() => Value::parse(scalar, text).map_err(|error| error.message),
        ArgValue::Number(_) => wrong("a number"),
        ArgValue::Text(text) => match scalar {
            Scalar::Bool => wrong("a text; leave the quotes out"),
            scalar if scalar.is_integer() || matches!(scalar, Scalar::F32 | Scalar::F64) => wrong("a text; leave the quotes out"),
            Scalar::RichText => Value::parse(scalar, text)
                .or_else(|_| Value::from_json(scalar, &serde_json::Value::String(text.clone())))
                .map_err(|error| error.message),
            scalar => Value::parse(scalar, text).map_err(|error| error.message),
        },
        ArgValue::Word(word) => Err(format!("`{word}` is not a literal")),
        ArgValue::List(_) => wrong("a list"),
    }
}

/// `a < b`, of two values of one type.
pub(super) fn less(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a < b,
        (Value::Float(a), Value::Float(b)) => a < b,
        (Value::Decimal(a), Value::Decimal(b)) => a < b,
        _ => false,
    }
}
