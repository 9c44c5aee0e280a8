//! Arithmetic. Neither operand is null.

use glaze_model::Value;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{EvalError, divides};
use crate::tree::Arith;

type Evaluated = Result<Value, EvalError>;

/// `a op b`
pub(super) fn arith(op: Arith, a: Value, b: Value) -> Evaluated {
    match (a, b) {
        (a, b) if divides(op) && is_zero(&b) && is_number(&a) => Ok(Value::Null),
        (Value::Int(a), Value::Int(b)) => integers(op, a, b).map(Value::Int).ok_or(EvalError::Overflow),
        (Value::Text(a), Value::Text(b)) if op == Arith::Add => Ok(Value::Text(a + &b)),
        (Value::Duration(a), Value::Duration(b)) => match op {
            Arith::Add => a.checked_add(b),
            Arith::Sub => a.checked_sub(b),
            _ => return Err(EvalError::Type),
        }
        .map(Value::Duration)
        .ok_or(EvalError::Overflow),
        (Value::DateTime(at), Value::Duration(by)) => match op {
            Arith::Add => moved(at, by),
            Arith::Sub => moved(at, by.checked_neg().ok_or(EvalError::Overflow)?),
            _ => Err(EvalError::Type),
        },
        (Value::Duration(by), Value::DateTime(at)) if op == Arith::Add => moved(at, by),
        (Value::DateTime(a), Value::DateTime(b)) if op == Arith::Sub => a
            .as_microsecond()
            .checked_sub(b.as_microsecond())
            .map(Value::Duration)
            .ok_or(EvalError::Overflow),
        (a, b) => match (exact(&a), exact(&b)) {
            (Some(x), Some(y)) if op != Arith::Div => decimals(op, x, y).map(Value::Decimal).ok_or(EvalError::Overflow),
            _ => floats(op, float(&a)?, float(&b)?),
        },
    }
}

/// `-a`
pub(super) fn negate(value: Value) -> Evaluated {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Int(value) => value.checked_neg().map(Value::Int).ok_or(EvalError::Overflow),
        Value::Float(value) => Ok(Value::Float(0.0 - value)),
        Value::Decimal(value) => Ok(Value::Decimal(-value)),
        Value::Duration(value) => value.checked_neg().map(Value::Duration).ok_or(EvalError::Overflow),
        _ => Err(EvalError::Type),
    }
}

/// Zero of any kind of number.
pub(crate) fn is_zero(value: &Value) -> bool {
    match value {
        Value::Int(value) => *value == 0,
        Value::Float(value) => *value == 0.0,
        Value::Decimal(value) => value.is_zero(),
        _ => false,
    }
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Decimal(_))
}

fn integers(op: Arith, a: i64, b: i64) -> Option<i64> {
    match op {
        Arith::Add => a.checked_add(b),
        Arith::Sub => a.checked_sub(b),
        Arith::Mul => a.checked_mul(b),
        Arith::Div => a.checked_div(b),
        Arith::Rem => a.checked_rem(b),
    }
}

fn decimals(op: Arith, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        Arith::Add => a.checked_add(b),
        Arith::Sub => a.checked_sub(b),
        Arith::Mul => a.checked_mul(b),
        Arith::Div => a.checked_div(b),
        Arith::Rem => a.checked_rem(b),
    }
}

fn floats(op: Arith, a: f64, b: f64) -> Evaluated {
    let value = match op {
        Arith::Add => a + b,
        Arith::Sub => a - b,
        Arith::Mul => a * b,
        Arith::Div => a / b,
        Arith::Rem => return Err(EvalError::Type),
    };
    // Negative zero is zero, as in every value.
    if value.is_finite() {
        Ok(Value::Float(value + 0.0))
    } else {
        Err(EvalError::Overflow)
    }
}

fn exact(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    }
}

fn float(value: &Value) -> Result<f64, EvalError> {
    match value {
        Value::Int(value) => Ok(*value as f64),
        Value::Float(value) => Ok(*value),
        Value::Decimal(value) => value.to_f64().ok_or(EvalError::Type),
        _ => Err(EvalError::Type),
    }
}

fn moved(at: Timestamp, by: i64) -> Evaluated {
    at.checked_add(SignedDuration::from_micros(by))
        .map(Value::DateTime)
        .map_err(|_| EvalError::Overflow)
}
