//! Equality and order of values.

use std::cmp::Ordering;

use glaze_model::Value;
use rust_decimal::Decimal;

use super::is_strict;
use crate::tree::{Expr, Me, Node, Type};

/// Null-safe equality. Numbers of every kind compare exactly; a UUID equals its text (ids of polymorphic references are text).
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Uuid(id), Value::Text(text)) | (Value::Text(text), Value::Uuid(id)) => *text == id.to_string(),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ => match order(a, b) {
            Some(found) => found == Ordering::Equal,
            None => a == b,
        },
    }
}

/// Order of two values of one kind; text by code points, false before true. `None` when they have no order.
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    Some(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => return a.partial_cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Int(a), Value::Decimal(b)) => Decimal::from(*a).cmp(b),
        (Value::Decimal(a), Value::Int(b)) => a.cmp(&Decimal::from(*b)),
        (Value::Float(a), Value::Int(b)) => float_to_decimal(*a, Decimal::from(*b)),
        (Value::Int(a), Value::Float(b)) => float_to_decimal(*b, Decimal::from(*a)).reverse(),
        (Value::Float(a), Value::Decimal(b)) => float_to_decimal(*a, *b),
        (Value::Decimal(a), Value::Float(b)) => float_to_decimal(*b, *a).reverse(),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::DateTime(a), Value::DateTime(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return None,
    })
}

/// Exact: no rounding of either side. Floats are never NaN.
fn float_to_decimal(float: f64, decimal: Decimal) -> Ordering {
    // Beyond every decimal (2^96).
    if float.abs() >= 7.922_816_251_426_434e28 {
        return if float > 0.0 { Ordering::Greater } else { Ordering::Less };
    }
    let whole = float.trunc();
    // Below 2^96, so that both whole parts fit.
    let wholes = (whole as i128).cmp(&decimal.trunc().mantissa());
    if wholes != Ordering::Equal {
        return wholes;
    }
    let (fraction, rest) = (float - whole, decimal.fract());
    let signs = (fraction != 0.0 && fraction < 0.0, !rest.is_zero() && rest.is_sign_negative());
    match signs {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (negative, _) => {
            let found = fractions(fraction.abs(), rest.abs());
            if negative { found.reverse() } else { found }
        }
    }
}

/// Both from 0 to below 1, by their digits: a float has at most 1074 of them, and formatting gives all.
fn fractions(float: f64, decimal: Decimal) -> Ordering {
    let (a, b) = (format!("{float:.1074}"), decimal.to_string());
    let digits = |text: &str| {
        text.split_once('.')
            .map_or(String::new(), |(_, digits)| digits.trim_end_matches('0').to_owned())
    };
    digits(&a).cmp(&digits(&b))
}

/// Whether equality must fail because one side is made from a part of `me` that is missing: who is nobody equals nothing, or a row without an owner would
/// belong to everybody. Asking `me == null` in so many words is exempt.
pub(crate) fn me_is_missing(a: &Expr, b: &Expr, is_null: &dyn Fn(&Me) -> bool) -> bool {
    let literal_null = |side: &Expr| matches!(side.node, Node::Literal(Value::Null)) && side.ty == Type::Null;
    if literal_null(a) || literal_null(b) {
        return false;
    }
    depends_on_missing(a, is_null) || depends_on_missing(b, is_null)
}

/// Made from a missing part of `me` in such a way that it is null.
fn depends_on_missing(expr: &Expr, is_null: &dyn Fn(&Me) -> bool) -> bool {
    match &expr.node {
        Node::Me(me) => is_null(me),
        node if !is_strict(node) => false,
        Node::Arith(_, a, b) => depends_on_missing(a, is_null) || depends_on_missing(b, is_null),
        Node::Neg(a) => depends_on_missing(a, is_null),
        Node::Call(_, args) => args.iter().any(|arg| depends_on_missing(arg, is_null)),
        _ => false,
    }
}
