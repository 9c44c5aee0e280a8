//! Constants, and how they take the type of what they meet.

use glaze_model::{Scalar, Value};
use rust_decimal::Decimal;

use super::{Checker, types};
use crate::{
    ExprError,
    ast::{Ast, Kind},
    error::nearest,
    rename::Mention,
    tree::{Expr, Node, Type},
};

impl Checker<'_> {
    pub(super) fn literal(&mut self, ast: &Ast) -> Option<Expr> {
        let (value, ty) = match &ast.kind {
            Kind::Null => (Value::Null, Type::Null),
            Kind::Bool(value) => (Value::Bool(*value), Type::BOOL),
            Kind::Int(value) => (Value::Int(*value), Type::Scalar(Scalar::I64)),
            // Negative zero is zero, as everywhere.
            Kind::Float(value) => (Value::Float(value + 0.0), Type::Scalar(Scalar::F64)),
            Kind::Text(value) => (Value::Text(value.clone()), Type::Scalar(Scalar::String)),
            _ => return None,
        };
        Some(Expr {
            node: Node::Literal(value),
            ty,
            span: ast.span,
        })
    }

    /// A list of constants of one type.
    pub(super) fn list(&mut self, ast: &Ast, items: &[Ast]) -> Option<Expr> {
        let mut values = Vec::with_capacity(items.len());
        let mut ty = Type::Null;
        let mut sound = true;
        for item in items {
            let Some(expr) = self.expr(item) else {
                sound = false;
                continue;
            };
            match types::literal(&expr) {
                Some(Value::Null) => {
                    let error = ExprError::new("null cannot be in a list", item.span);
                    self.errors.push(error.help("write `… == null || … in [...]`"));
                    sound = false;
                    continue;
                }
                Some(Value::List(_)) | None => {
                    let error = ExprError::new("a list can only hold constants", item.span);
                    self.errors.push(error.help("write `x == a || x == b` instead of `x in [a, b]`"));
                    sound = false;
                    continue;
                }
                Some(_) => {}
            }
            if ty == Type::Null || ty == expr.ty {
                ty = expr.ty.clone();
            } else if types::is_number(&ty) && types::is_number(&expr.ty) {
                ty = types::wider(&ty, &expr.ty);
            } else {
                let (wanted, found) = (self.describe(&ty), self.describe(&expr.ty));
                self.errors
                    .push(ExprError::new(format!("the list holds {wanted}, this is {found}"), item.span));
                sound = false;
            }
            values.push(expr);
        }
        if !sound {
            return None;
        }
        let mut list = Vec::with_capacity(values.len());
        for value in values {
            let value = self.fit(value, &ty)?;
            list.extend(types::literal(&value).cloned());
        }
        self.items.insert(ast.span, items.iter().map(|item| item.span).collect());
        Some(Expr {
            node: Node::Literal(Value::List(list)),
            ty: Type::List(Box::new(ty)),
            span: ast.span,
        })
    }

    /// Gives a constant the type of what it meets, where it can; everything else stays.
    pub(super) fn fit(&mut self, mut expr: Expr, to: &Type) -> Option<Expr> {
        let Node::Literal(value) = &expr.node else { return Some(expr) };
        let converted = match (value, to) {
            (Value::Text(text), Type::Enum(name)) => {
                let text = text.clone();
                self.enum_value(name, &text, &expr)?;
                Some((Value::Text(text), to.clone()))
            }
            (Value::Text(text), Type::Scalar(scalar)) if is_written_as_text(*scalar) => {
                Some((self.read(*scalar, text, &expr)?, to.clone()))
            }
            (Value::Int(_) | Value::Text(_), Type::Row(entity)) => match self.single_key(*entity) {
                Some((_, Type::Scalar(scalar))) => {
                    let text = value.to_string();
                    Some((self.read(scalar, &text, &expr)?, Type::Scalar(scalar)))
                }
                _ => None,
            },
            (Value::Int(_) | Value::Float(_), Type::Scalar(scalar)) => number(value, *scalar).map(|value| (value, to.clone())),
            (Value::List(items), Type::List(item)) => {
                let own = item_type(&expr.ty);
                let mut list = Vec::with_capacity(items.len());
                let mut ty = None;
                let spans = self.items.get(&expr.span).cloned().unwrap_or_default();
                for (at, value) in items.iter().enumerate() {
                    let span = spans.get(at).copied().unwrap_or(expr.span);
                    let inner = Expr {
                        node: Node::Literal(value.clone()),
                        ty: own.clone(),
                        span,
                    };
                    let fitted = self.fit(inner, item)?;
                    if ty.as_ref().is_some_and(|ty| *ty != fitted.ty) {
                        // Not all of them fit: the list stays as it was, of one type.
                        return Some(expr);
                    }
                    list.extend(types::literal(&fitted).cloned());
                    ty = Some(fitted.ty);
                }
                let ty = ty.unwrap_or_else(|| item.as_ref().clone());
                Some((Value::List(list), Type::List(Box::new(ty))))
            }
            _ => None,
        };
        if let Some((value, ty)) = converted {
            expr.node = Node::Literal(value);
            expr.ty = ty;
        }
        Some(expr)
    }

    fn read(&mut self, scalar: Scalar, text: &str, expr: &Expr) -> Option<Value> {
        match Value::parse(scalar, text) {
            Ok(value) => Some(value),
            Err(error) => self.fail(ExprError::new(format!("{}: {error}", crate::print::quote(text)), expr.span)),
        }
    }

    /// Checks the text of an enum value.
    fn enum_value(&mut self, name: &str, text: &str, expr: &Expr) -> Option<()> {
        let values = self.enum_values(name);
        if values.contains(&text) {
            self.mentions.push(Mention::EnumValue {
                of: name.to_owned(),
                value: text.to_owned(),
                span: expr.span,
            });
            return Some(());
        }
        let error = ExprError::new(format!("'{text}' is not a value of {name}"), expr.span);
        self.fail(match nearest(text, values.iter().copied()) {
            Some(near) => error.help(format!("did you mean '{near}'?")),
            None => error.help(format!(
                "values are {}",
                values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ")
            )),
        })
    }

    /// Both sides of an operator, constants fitted to the other side.
    pub(super) fn meet(&mut self, a: Expr, b: Expr) -> Option<(Expr, Expr)> {
        let a_ty = a.ty.clone();
        let a = self.fit(a, &b.ty);
        let b = self.fit(b, &a_ty);
        Some((a?, b?))
    }
}

fn item_type(ty: &Type) -> Type {
    match ty {
        Type::List(item) => item.as_ref().clone(),
        other => other.clone(),
    }
}

/// Scalars whose constants are written as text.
fn is_written_as_text(scalar: Scalar) -> bool {
    use Scalar::*;
    matches!(scalar, Uuid | Date | Time | DateTime | Duration | Decimal | Money | Bytes | Color)
}

/// A number constant as another kind of number, when it stays the same number.
fn number(value: &Value, to: Scalar) -> Option<Value> {
    match (value, to) {
        (Value::Int(value), Scalar::Decimal | Scalar::Money) => Some(Value::Decimal(Decimal::from(*value))),
        (Value::Int(value), Scalar::F32 | Scalar::F64) if value.unsigned_abs() <= 1 << 53 => Some(Value::Float(*value as f64)),
        // The shortest decimal that reads as this float: what was written.
        (Value::Float(value), Scalar::Decimal | Scalar::Money) => Decimal::from_str_exact(&value.to_string()).ok().map(Value::Decimal),
        _ => None,
    }
}
