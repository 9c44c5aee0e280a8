//! Functions. No argument is null.

use std::{cell::RefCell, collections::HashMap};

use glaze_model::Value;
use regex::{Regex, RegexBuilder};
use rust_decimal::RoundingStrategy;

use super::EvalError;
use crate::{
    text::{lower, trim, upper},
    tree::Func,
};

type Evaluated = Result<Value, EvalError>;

pub(super) fn unary(func: Func, value: Value) -> Evaluated {
    match (func, value) {
        (Func::Size, Value::Text(text)) => Ok(Value::Int(text.chars().count() as i64)),
        (Func::Size, Value::List(items)) => Ok(Value::Int(items.len() as i64)),
        // Lists of blocks and of embedded structs.
        (Func::Size, Value::Json(serde_json::Value::Array(items))) => Ok(Value::Int(items.len() as i64)),
        (Func::Lower, Value::Text(text)) => Ok(Value::Text(lower(&text))),
        (Func::Upper, Value::Text(text)) => Ok(Value::Text(upper(&text))),
        (Func::Trim, Value::Text(text)) => Ok(Value::Text(trim(&text).to_owned())),
        (Func::Abs, Value::Int(value)) => value.checked_abs().map(Value::Int).ok_or(EvalError::Overflow),
        (Func::Abs, Value::Float(value)) => Ok(Value::Float(value.abs())),
        (Func::Abs, Value::Decimal(value)) => Ok(Value::Decimal(value.abs())),
        (Func::Round, value) => round(value, 0),
        (Func::Year, value) => Ok(Value::Int(date(&value)?.year().into())),
        (Func::Month, value) => Ok(Value::Int(date(&value)?.month().into())),
        (Func::Day, value) => Ok(Value::Int(date(&value)?.day().into())),
        _ => Err(EvalError::Type),
    }
}

pub(super) fn binary(func: Func, a: Value, b: Value) -> Evaluated {
    if func == Func::Round {
        return match b {
            Value::Int(digits @ 0..=18) => round(a, digits as u32),
            _ => Err(EvalError::Type),
        };
    }
    let (Value::Text(text), Value::Text(part)) = (&a, &b) else {
        return Err(EvalError::Type);
    };
    Ok(Value::Bool(match func {
        Func::Contains => text.contains(part.as_str()),
        Func::StartsWith => text.starts_with(part.as_str()),
        Func::EndsWith => text.ends_with(part.as_str()),
        Func::IContains => lower(text).contains(&lower(part)),
        Func::IStartsWith => lower(text).starts_with(&lower(part)),
        Func::IEndsWith => lower(text).ends_with(&lower(part)),
        Func::Matches => return matches(text, part).map(Value::Bool),
        _ => return Err(EvalError::Type),
    }))
}

fn round(value: Value, digits: u32) -> Evaluated {
    match value {
        Value::Int(_) => Ok(value),
        Value::Decimal(value) => Ok(Value::Decimal(
            value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero),
        )),
        Value::Float(value) => {
            let factor = 10f64.powi(digits as i32);
            let scaled = value * factor;
            // A float this large has no digits to round away.
            if !scaled.is_finite() || scaled.abs() >= 4_503_599_627_370_496.0 {
                return Ok(Value::Float(value));
            }
            Ok(Value::Float(scaled.round() / factor + 0.0))
        }
        _ => Err(EvalError::Type),
    }
}

fn date(value: &Value) -> Result<jiff::civil::Date, EvalError> {
    match value {
        Value::Date(date) => Ok(*date),
        Value::DateTime(at) => Ok(jiff::tz::TimeZone::UTC.to_datetime(*at).date()),
        _ => Err(EvalError::Type),
    }
}

/// A regular expression within bounds.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(1 << 20).nest_limit(64).build()
}

/// Patterns are constants of the schema, so there are few; more than this many and the cache starts again.
const CACHED: usize = 64;

thread_local! {
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::new(HashMap::new());
}

fn matches(text: &str, pattern: &str) -> Result<bool, EvalError> {
    PATTERNS.with_borrow_mut(|patterns| {
        if let Some(regex) = patterns.get(pattern) {
            return Ok(regex.is_match(text));
        }
        let regex = compile(pattern).map_err(|_| EvalError::Type)?;
        let found = regex.is_match(text);
        if patterns.len() >= CACHED {
            patterns.clear();
        }
        patterns.insert(pattern.to_owned(), regex);
        Ok(found)
    })
}

/// Every word of `text` begins a word of one of the values.
pub(super) fn search(values: &[Value], text: &str) -> bool {
    let mut texts = Vec::new();
    for value in values {
        match value {
            Value::Text(text) => texts.push(text.to_ascii_lowercase()),
            Value::Json(json) => rich_text(json, &mut texts),
            _ => {}
        }
    }
    let wanted = text.to_ascii_lowercase();
    let mut wanted = words(&wanted).peekable();
    wanted.peek().is_some() && wanted.all(|word| texts.iter().any(|text| words(text).any(|found| found.starts_with(word))))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The `text` members, wherever they stand.
fn rich_text(json: &serde_json::Value, texts: &mut Vec<String>) {
    match json {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                match inner {
                    serde_json::Value::String(text) if name == "text" => texts.push(text.to_ascii_lowercase()),
                    inner => rich_text(inner, texts),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| rich_text(item, texts)),
        _ => {}
    }
}
