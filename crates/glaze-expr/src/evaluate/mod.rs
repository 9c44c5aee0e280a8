//! Judging one row in process. The reference for what an expression means; SQL gives the same.

mod compare;
mod functions;
mod number;

use glaze_model::Value;
use jiff::Timestamp;

use crate::tree::{Arith, Compare, Exists, Expr, FieldRef, Func, Me, Node, Quantifier};

pub(crate) use compare::me_is_missing;
pub use compare::{order, same};
pub(crate) use functions::compile;
pub(crate) use number::is_zero;

/// What an expression is judged over.
///
/// A path of [`FieldRef`] starts at a variable: 0 is the row itself, others are the rows of the [`Env`] given by [`Env::related`]
/// and of those around it.
pub trait Env {
    /// Value of a field of a row, references followed.
    ///
    /// # Errors
    /// When the field is not known here.
    fn field(&self, field: &FieldRef) -> Result<Value, EvalError>;

    /// The same of the row as it was; null when there was none.
    ///
    /// # Errors
    /// When it is not known here.
    fn before(&self, field: &FieldRef) -> Result<Value, EvalError> {
        let _ = field;
        Err(EvalError::Unknown("`before`"))
    }

    /// Something about who asks.
    fn me(&self, me: &Me) -> Value;

    /// The time of the request.
    fn now(&self) -> Timestamp;

    /// The rows of a relation, each as the surroundings in which its `var` is known too.
    ///
    /// # Errors
    /// When the relation is not known here.
    fn related<'a>(&'a self, exists: &Exists) -> Result<Vec<Box<dyn Env + 'a>>, EvalError> {
        let _ = exists;
        Err(EvalError::Unknown("a relation"))
    }

    /// Whether the row matches a search; judged over [`Env::field`] unless the surroundings know better.
    ///
    /// # Errors
    /// When a field is not known here.
    fn search(&self, fields: &[FieldRef], text: &str) -> Result<bool, EvalError> {
        let values = fields.iter().map(|field| self.field(field)).collect::<Result<Vec<_>, _>>()?;
        Ok(functions::search(&values, text))
    }
}

/// Why there is no value. In a condition it denies.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// An integer or decimal is too large.
    #[error("the number is too large")]
    Overflow,
    /// The surroundings don't know it.
    #[error("{0} is not known here")]
    Unknown(&'static str),
    /// The tree was not made by the checker.
    #[error("the expression is not of the expected type")]
    Type,
}

/// The value of an expression.
///
/// # Errors
/// When it has none. An error in one operand does not matter where the other decides: `true || error` is true, `null + error` null.
pub fn evaluate(expr: &Expr, env: &dyn Env) -> Result<Value, EvalError> {
    match &expr.node {
        Node::Literal(value) => Ok(value.clone()),
        Node::Field(field) => env.field(field),
        Node::Before(field) => env.before(field),
        Node::Me(me) => Ok(env.me(me)),
        Node::Now => Ok(Value::DateTime(env.now())),
        Node::Not(inner) => match evaluate(inner, env)? {
            Value::Null => Ok(Value::Null),
            Value::Bool(value) => Ok(Value::Bool(!value)),
            _ => Err(EvalError::Type),
        },
        Node::And(items) => junction(items, env, false),
        Node::Or(items) => junction(items, env, true),
        Node::Compare(op, a, b) => comparison(*op, a, b, env),
        Node::In(item, list) => is_in(item, list, env),
        Node::Arith(op, a, b) => match operands(a, b, env)? {
            Some((a, b)) => number::arith(*op, a, b),
            None => Ok(Value::Null),
        },
        Node::Neg(inner) => number::negate(evaluate(inner, env)?),
        Node::Call(func, args) => call(*func, args, env),
        Node::If(condition, then, otherwise) => match evaluate(condition, env)? {
            Value::Bool(true) => evaluate(then, env),
            Value::Bool(false) | Value::Null => evaluate(otherwise, env),
            _ => Err(EvalError::Type),
        },
        Node::Exists(exists) => quantified(exists, env).map(Value::Bool),
        Node::CountOf(exists) => {
            let mut count = 0;
            for row in env.related(exists)? {
                count += i64::from(truth(&exists.body, row.as_ref())? == Some(true));
            }
            Ok(Value::Int(count))
        }
        Node::Search { fields, text } => env.search(fields, text).map(Value::Bool),
    }
}

/// Whether a rule or a filter holds: null and errors deny.
pub fn holds(expr: &Expr, env: &dyn Env) -> bool {
    evaluate(expr, env) == Ok(Value::Bool(true))
}

/// The value of an expression without anything but constants; `None` when there is something else in it.
pub(crate) fn constant(expr: &Expr) -> Option<Result<Value, EvalError>> {
    crate::visit::is_constant(expr).then(|| evaluate(expr, &Nothing))
}

/// Surroundings in which nothing is known.
pub(crate) struct Nothing;

impl Env for Nothing {
    fn field(&self, _: &FieldRef) -> Result<Value, EvalError> {
        Err(EvalError::Unknown("a field"))
    }

    fn me(&self, _: &Me) -> Value {
        Value::Null
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn truth(expr: &Expr, env: &dyn Env) -> Result<Option<bool>, EvalError> {
    match evaluate(expr, env)? {
        Value::Bool(value) => Ok(Some(value)),
        Value::Null => Ok(None),
        _ => Err(EvalError::Type),
    }
}

/// `&&` (decided by a false) and `||` (decided by a true); otherwise an error counts before null.
fn junction(items: &[Expr], env: &dyn Env, decides: bool) -> Result<Value, EvalError> {
    let mut null = false;
    let mut error = None;
    for item in items {
        match truth(item, env) {
            Ok(Some(value)) if value == decides => return Ok(Value::Bool(decides)),
            Ok(Some(_)) => {}
            Ok(None) => null = true,
            Err(found) => error = error.or(Some(found)),
        }
    }
    match error {
        Some(error) => Err(error),
        None if null => Ok(Value::Null),
        None => Ok(Value::Bool(!decides)),
    }
}

/// Both values, or `None` when one is null: that counts before an error in the other.
fn operands(a: &Expr, b: &Expr, env: &dyn Env) -> Result<Option<(Value, Value)>, EvalError> {
    match (evaluate(a, env), evaluate(b, env)) {
        (Ok(Value::Null), _) | (_, Ok(Value::Null)) => Ok(None),
        (a, b) => Ok(Some((a?, b?))),
    }
}

fn comparison(op: Compare, a: &Expr, b: &Expr, env: &dyn Env) -> Result<Value, EvalError> {
    use std::cmp::Ordering::*;
    if matches!(op, Compare::Eq | Compare::Ne) {
        let missing = me_is_missing(a, b, &|me| env.me(me).is_null());
        let equal = !missing && same(&evaluate(a, env)?, &evaluate(b, env)?);
        return Ok(Value::Bool(equal == (op == Compare::Eq)));
    }
    let Some((a, b)) = operands(a, b, env)? else {
        return Ok(Value::Null);
    };
    let found = order(&a, &b).ok_or(EvalError::Type)?;
    Ok(Value::Bool(match op {
        Compare::Lt => found == Less,
        Compare::Le => found != Greater,
        Compare::Gt => found == Greater,
        _ => found != Less,
    }))
}

/// Null is in no list, and nothing is in a list that is null or empty.
fn is_in(item: &Expr, list: &Expr, env: &dyn Env) -> Result<Value, EvalError> {
    let items = match evaluate(list, env) {
        Ok(Value::List(items)) => items,
        Ok(Value::Null) => return Ok(Value::Bool(false)),
        Ok(_) => return Err(EvalError::Type),
        Err(error) => {
            return if evaluate(item, env) == Ok(Value::Null) {
                Ok(Value::Bool(false))
            } else {
                Err(error)
            };
        }
    };
    if items.is_empty() {
        return Ok(Value::Bool(false));
    }
    let item = evaluate(item, env)?;
    Ok(Value::Bool(!item.is_null() && items.iter().any(|other| same(&item, other))))
}

fn quantified(exists: &Exists, env: &dyn Env) -> Result<bool, EvalError> {
    // `Every` looks for a row that does not satisfy; null does not satisfy.
    let wanted = exists.quantifier != Quantifier::Every;
    let mut error = None;
    for row in env.related(exists)? {
        match truth(&exists.body, row.as_ref()) {
            Ok(found) if (found == Some(true)) == wanted => return Ok(exists.quantifier == Quantifier::Some),
            Ok(_) => {}
            Err(found) => error = error.or(Some(found)),
        }
    }
    error.map_or(Ok(exists.quantifier != Quantifier::Some), Err)
}

fn call(func: Func, args: &[Expr], env: &dyn Env) -> Result<Value, EvalError> {
    match (func, args) {
        (Func::Coalesce, _) => {
            for arg in args {
                let value = evaluate(arg, env)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Ok(Value::Null)
        }
        (Func::Has, [list, item]) => is_in(item, list, env),
        (_, [a]) => match evaluate(a, env)? {
            Value::Null => Ok(Value::Null),
            value => functions::unary(func, value),
        },
        (_, [a, b]) => match operands(a, b, env)? {
            Some((a, b)) => functions::binary(func, a, b),
            None => Ok(Value::Null),
        },
        _ => Err(EvalError::Type),
    }
}

/// Whether null in one of the arguments makes the result null.
pub(crate) fn is_strict(node: &Node) -> bool {
    match node {
        Node::Arith(..) | Node::Neg(_) => true,
        Node::Call(func, _) => !matches!(func, Func::Coalesce | Func::Has),
        _ => false,
    }
}

/// Division and remainder by zero give null.
pub(crate) fn divides(op: Arith) -> bool {
    matches!(op, Arith::Div | Arith::Rem)
}
