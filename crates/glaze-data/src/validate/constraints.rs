//! Limits of a field: length, size, range, pattern, digits.

use std::{collections::HashMap, sync::LazyLock};

use glaze_model::{Constraints, Field, FieldKind, Scalar, Value};
use parking_lot::RwLock;
use regex::Regex;
use rust_decimal::Decimal;

use super::{FieldError, Path};

/// Judges a value that has the right type, and brings decimals to the field's scale.
pub fn check(field: &Field, value: Value, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Value {
    let limits = &field.constraints;
    match (&field.kind, value) {
        (_, Value::Null) => Value::Null,
        (FieldKind::Scalar(scalar), value) => check_scalar(*scalar, limits, value, path, errors),
        (FieldKind::List(scalar), Value::List(items)) => {
            check_count(limits, items.len(), path, errors);
            let inner = Constraints {
                max: None,
                min: None,
                ..limits.clone()
            };
            let judged = |(at, item): (usize, Value)| check_scalar(*scalar, &inner, item, &path.item(at), errors);
            Value::List(items.into_iter().enumerate().map(judged).collect())
        }
        (FieldKind::EnumList(_), Value::List(items)) => {
            check_count(limits, items.len(), path, errors);
            Value::List(items)
        }
        (FieldKind::EmbeddedList(_) | FieldKind::Blocks(_), Value::Json(serde_json::Value::Array(items))) => {
            check_count(limits, items.len(), path, errors);
            Value::Json(serde_json::Value::Array(items))
        }
        (_, value) => value,
    }
}

fn check_count(limits: &Constraints, count: usize, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if let Some(Value::Int(max)) = limits.max
        && count > max
    {
        errors.push(FieldError::new(path, "too_many", format!("must have at most {max} items")).limit(max));
    }
    if let Some(Value::Int(min)) = limits.min
        && count < min
    {
        errors.push(FieldError::new(path, "too_few", format!("must have at least {min} items")).limit(min));
    }
}

fn check_scalar(scalar: Scalar, limits: &Constraints, value: Value, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Value {
    match value {
        Value::Text(text) => {
            check_text(limits, &text, path, errors);
            Value::Text(text)
        }
        Value::Decimal(number) => {
            check_range(limits, &Value::Decimal(number), path, errors);
            check_digits(scalar, limits, number, path, errors)
        }
        Value::Int(_) | Value::Float(_) | Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::Duration(_) => {
            check_range(limits, &value, path, errors);
            value
        }
        Value::Bytes(bytes) => {
            check_length(limits, bytes.len(), "bytes", path, errors);
            Value::Bytes(bytes)
        }
        other => other,
    }
}

fn check_text(limits: &Constraints, text: &str, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if limits.max.is_some() || limits.min.is_some() {
        check_length(limits, text.chars().count(), "characters", path, errors);
    }
    if let Some(pattern) = &limits.pattern {
        match compiled(pattern) {
            Some(regex) if regex.is_match(text) => {}
            _ => errors.push(FieldError::new(path, "pattern", format!("must match {pattern}")).limit(pattern.as_str())),
        }
    }
}

fn check_length(limits: &Constraints, length: usize, unit: &str, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if let Some(Value::Int(max)) = limits.max
        && length > max
    {
        errors.push(FieldError::new(path, "too_long", format!("must have at most {max} {unit}, not {length}")).limit(max));
    }
    if let Some(Value::Int(min)) = limits.min
        && length < min
    {
        errors.push(FieldError::new(path, "too_short", format!("must have at least {min} {unit}, not {length}")).limit(min));
    }
}

fn check_range(limits: &Constraints, value: &Value, path: &Path<'_>, errors: &mut Vec<FieldError>) {
    if let Some(max) = &limits.max
        && compare(value, max).is_some_and(std::cmp::Ordering::is_gt)
    {
        errors.push(FieldError::new(path, "too_large", format!("must be at most {max}")).limit(max.to_json()));
    }
    if let Some(min) = &limits.min
        && compare(value, min).is_some_and(std::cmp::Ordering::is_lt)
    {
        errors.push(FieldError::new(path, "too_small", format!("must be at least {min}")).limit(min.to_json()));
    }
}

/// Order of two values, numbers across their types. `None` when they have none.
fn compare(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Float(a), b) => a.partial_cmp(&float(b)?),
        (a, Value::Float(b)) => match decimal(a).zip(Decimal::from_f64_retain(*b)) {
            Some((a, b)) => Some(a.cmp(&b.round_dp(15))),
            None => float(a)?.partial_cmp(b),
        },
        (a, b) => Some(decimal(a)?.cmp(&decimal(b)?)),
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        Value::Decimal(value) => rust_decimal::prelude::ToPrimitive::to_f64(value),
        _ => None,
    }
}

fn check_digits(scalar: Scalar, limits: &Constraints, number: Decimal, path: &Path<'_>, errors: &mut Vec<FieldError>) -> Value {
    let (precision, scale) = scalar.default_precision().unwrap_or((28, 28));
    let precision = limits.precision.unwrap_or(precision);
    let scale = limits.scale.unwrap_or(scale);
    let plain = number.normalize();
    if plain.scale() > scale {
        let message = format!("must have at most {scale} digits after the point");
        errors.push(FieldError::new(path, "too_precise", message).limit(scale));
        return Value::Decimal(number);
    }
    let whole_digits = plain.trunc().abs().to_string().trim_start_matches('0').len() as u32;
    if whole_digits > precision.saturating_sub(scale) {
        let message = format!("must have at most {} digits before the point", precision.saturating_sub(scale));
        errors.push(FieldError::new(path, "out_of_range", message).limit(precision.saturating_sub(scale)));
        return Value::Decimal(number);
    }
    let mut scaled = plain;
    scaled.rescale(scale);
    Value::Decimal(if scaled.is_zero() { scaled.abs() } else { scaled })
}

/// The pattern as a regular expression over the whole text; compiled once. `None` when it is none (the reader of the schema
/// refuses such patterns; a value is then refused, never let through).
fn compiled(pattern: &str) -> Option<Regex> {
    static KNOWN: LazyLock<RwLock<HashMap<String, Option<Regex>>>> = LazyLock::new(RwLock::default);
    if let Some(known) = KNOWN.read().get(pattern) {
        return known.clone();
    }
    let regex = Regex::new(&format!("^(?:{pattern})$")).ok();
    KNOWN.write().insert(pattern.to_owned(), regex.clone());
    regex
}
