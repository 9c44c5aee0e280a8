//! Operators and the types they take.

use glaze_model::{Scalar, Span, Value};

use super::{
    Checker,
    names::{Place, any_types, stray_type},
    types::{self, comparable, is, is_decimal, is_number, is_text, wider},
};
use crate::{
    ExprError,
    ast::{Ast, Kind},
    error::nearest,
    evaluate::{EvalError, constant},
    tree::{Arith, Compare, Expr, Node, Type},
};

impl Checker<'_> {
    pub(super) fn operator(&mut self, ast: &Ast) -> Option<Expr> {
        let span = ast.span;
        match &ast.kind {
            Kind::Not(inner) => {
                let inner = self.condition(inner)?;
                Some(Expr {
                    node: Node::Not(Box::new(inner)),
                    ty: Type::BOOL,
                    span,
                })
            }
            Kind::Neg(inner) => {
                let inner = self.expr(inner)?;
                if !is_number(&inner.ty) && !is(&inner.ty, Scalar::Duration) {
                    let found = self.describe(&inner.ty);
                    return self.fail(ExprError::new(format!("expected a number, this is {found}"), inner.span));
                }
                let ty = if types::is_integer(&inner.ty) {
                    Type::Scalar(Scalar::I64)
                } else {
                    inner.ty.clone()
                };
                self.computable(Expr {
                    node: Node::Neg(Box::new(inner)),
                    ty,
                    span,
                })
            }
            Kind::And(items) => self.conditions(items).map(|items| Expr {
                node: Node::And(items),
                ty: Type::BOOL,
                span,
            }),
            Kind::Or(items) => self.conditions(items).map(|items| Expr {
                node: Node::Or(items),
                ty: Type::BOOL,
                span,
            }),
            Kind::Compare(op, a, b) => self.compare(*op, a, b, span),
            Kind::In(a, b) => self.is_in(a, b, span),
            Kind::Arith(op, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.arith(*op, a?, b?, span)
            }
            Kind::If(condition, a, b) => {
                let condition = self.condition(condition);
                let (a, b) = (self.expr(a), self.expr(b));
                self.choice(condition?, a?, b?, span)
            }
            _ => None,
        }
    }

    fn conditions(&mut self, items: &[Ast]) -> Option<Vec<Expr>> {
        // All of them are looked at before giving up: every finding is wanted.
        let checked: Vec<Option<Expr>> = items.iter().map(|item| self.condition(item)).collect();
        checked.into_iter().collect()
    }

    fn compare(&mut self, op: Compare, a: &Ast, b: &Ast, span: Span) -> Option<Expr> {
        let (a, b) = (self.expr(a), self.expr(b));
        let (a, b) = self.meet(a?, b?)?;
        self.known_type(&a, &b)?;
        self.known_type(&b, &a)?;
        let fits = match op {
            Compare::Eq | Compare::Ne => self.equatable(&a.ty, &b.ty),
            _ => {
                if let Some(null) = [&a, &b].into_iter().find(|side| side.ty == Type::Null) {
                    let error = ExprError::new("null has no order", null.span);
                    return self.fail(error.help("use `== null` or `!= null`"));
                }
                comparable(&a.ty, &b.ty) && is_ordered(&a.ty) && is_ordered(&b.ty)
            }
        };
        if !fits {
            return match (&a.ty, &b.ty) {
                (x, Type::Enum(_)) | (Type::Enum(_), x) if is_text(x) || matches!(x, Type::Enum(_)) => {
                    let error = ExprError::new("values of an enum have no order", span);
                    self.fail(error.help("use `==` or `in [...]`"))
                }
                _ => self.mismatch("compare", &a, &b, span),
            };
        }
        Some(Expr {
            node: Node::Compare(op, Box::new(a), Box::new(b)),
            ty: Type::BOOL,
            span,
        })
    }

    /// What `==` accepts: also a row and its key.
    fn equatable(&self, a: &Type, b: &Type) -> bool {
        match (a, b) {
            (Type::Row(entity), other) | (other, Type::Row(entity)) if !matches!(other, Type::Row(_) | Type::Null) => {
                self.single_key(*entity).is_some_and(|(_, key)| comparable(&key, other))
            }
            _ => comparable(a, b),
        }
    }

    /// `subject.type == 'pst'`: constants compared with the type of a polymorphic reference must be one of its types.
    fn known_type(&mut self, side: &Expr, constant: &Expr) -> Option<()> {
        let Some(known) = any_types(self, side) else { return Some(()) };
        let values = match types::literal(constant) {
            Some(Value::List(items)) => items.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => return Some(()),
        };
        let Some(stray) = values.iter().find_map(|value| stray_type(&known, value)) else {
            return Some(());
        };
        let error = ExprError::new(format!("'{stray}' is not one of the types {}", known.join(", ")), constant.span);
        self.fail(match nearest(stray, known.iter().map(String::as_str)) {
            Some(near) => error.help(format!("did you mean '{near}'?")),
            None => error,
        })
    }

    fn is_in(&mut self, item: &Ast, list: &Ast, span: Span) -> Option<Expr> {
        let item = self.expr(item);
        if matches!(list.kind, Kind::Name(_) | Kind::Member(..)) {
            let place = self.place(list)?;
            if let Place::Rows(row, field, target) = place {
                return self.is_member(item?, &row, field, target, span);
            }
            let list = self.value_of(place, list.span);
            return self.in_list(item?, list?, span);
        }
        let list = self.expr(list);
        self.in_list(item?, list?, span)
    }

    pub(super) fn in_list(&mut self, item: Expr, list: Expr, span: Span) -> Option<Expr> {
        let Type::List(of) = &list.ty else {
            let found = self.describe(&list.ty);
            let error = ExprError::new(format!("expected a list after `in`, this is {found}"), list.span);
            return self.fail(if is_text(&list.ty) {
                error.help("text in text is `text.contains('part')`")
            } else {
                error
            });
        };
        if item.ty == Type::Null {
            return self.fail(ExprError::new("null is in no list", item.span).help("use `== null`"));
        }
        let of = of.as_ref().clone();
        let item_ty = item.ty.clone();
        let item = self.fit(item, &of);
        let list = self.fit(list, &Type::List(Box::new(item_ty)));
        let (item, list) = (item?, list?);
        self.known_type(&item, &list)?;
        let Type::List(of) = &list.ty else { return None };
        if !self.equatable(&item.ty, of) {
            let (found, held) = (self.describe(&item.ty), self.describe(&list.ty));
            return self.fail(ExprError::new(format!("{found} cannot be in {held}"), span));
        }
        Some(Expr {
            node: Node::In(Box::new(item), Box::new(list)),
            ty: Type::BOOL,
            span,
        })
    }

    fn arith(&mut self, op: Arith, a: Expr, b: Expr, span: Span) -> Option<Expr> {
        let (a, b) = self.meet_arith(a, b)?;
        let ty = match (op, &a.ty, &b.ty) {
            (Arith::Rem, x, y) if is_number(x) && is_number(y) => {
                let both = wider(x, y);
                if is(&both, Scalar::F64) {
                    return self.fail(ExprError::new("`%` takes whole numbers or decimals", span));
                }
                Some(both)
            }
            // The databases divide decimals to different lengths; as floats they agree.
            (Arith::Div, x, y) if is_number(x) && is_number(y) && (is_decimal(x) || is_decimal(y)) => Some(Type::Scalar(Scalar::F64)),
            (_, x, y) if is_number(x) && is_number(y) => Some(wider(x, y)),
            (Arith::Add, x, y) if is_text(x) && is_text(y) => Some(Type::Scalar(Scalar::Text)),
            (op, Type::Scalar(x), Type::Scalar(y)) => temporal(op, *x, *y).map(Type::Scalar),
            _ => None,
        };
        let Some(ty) = ty else {
            let doing = match op {
                Arith::Add => "add",
                Arith::Sub => "subtract",
                Arith::Mul => "multiply",
                Arith::Div | Arith::Rem => "divide",
            };
            let (left, right) = (self.describe(&a.ty), self.describe(&b.ty));
            let error = ExprError::new(format!("cannot {doing} {left} and {right}"), span);
            let has = |scalar| is(&a.ty, scalar) || is(&b.ty, scalar);
            return self.fail(if is_text(&a.ty) != is_text(&b.ty) && op == Arith::Add {
                error.help("only text can be joined to text")
            } else if has(Scalar::DateTime) {
                error.help("a length of time is written `duration('PT1H')`, `duration('P7D')`")
            } else {
                error
            });
        };
        self.computable(Expr {
            node: Node::Arith(op, Box::new(a), Box::new(b)),
            ty,
            span,
        })
    }

    /// Constants of arithmetic take the other side's kind of number, but text never becomes anything else by `+`.
    fn meet_arith(&mut self, a: Expr, b: Expr) -> Option<(Expr, Expr)> {
        if is_number(&a.ty) && is_number(&b.ty) {
            self.meet(a, b)
        } else {
            Some((a, b))
        }
    }

    fn choice(&mut self, condition: Expr, a: Expr, b: Expr, span: Span) -> Option<Expr> {
        let (a, b, ty) = self.alike(a, b, span)?;
        Some(Expr {
            node: Node::If(Box::new(condition), Box::new(a), Box::new(b)),
            ty,
            span,
        })
    }

    /// Two values of which one is taken: brought to one type.
    pub(super) fn alike(&mut self, a: Expr, b: Expr, span: Span) -> Option<(Expr, Expr, Type)> {
        let (a, b) = self.meet(a, b)?;
        let ty = match (&a.ty, &b.ty) {
            (Type::Null, ty) | (ty, Type::Null) => ty.clone(),
            (x, y) if x == y => x.clone(),
            (x, y) if is_number(x) && is_number(y) => wider(x, y),
            (x, y) if is_text(x) && is_text(y) => Type::Scalar(Scalar::Text),
            (Type::Enum(_), y) if is_text(y) => Type::Scalar(Scalar::Text),
            (x, Type::Enum(_)) if is_text(x) => Type::Scalar(Scalar::Text),
            _ => {
                let (left, right) = (self.describe(&a.ty), self.describe(&b.ty));
                return self.fail(ExprError::new(format!("one value is {left}, the other {right}"), span));
            }
        };
        Some((a, b, ty))
    }

    /// Refuses constants that cannot be computed (they would deny for ever).
    pub(super) fn computable(&mut self, expr: Expr) -> Option<Expr> {
        match constant(&expr) {
            Some(Err(EvalError::Overflow)) => self.fail(ExprError::new("this number is too large to compute", expr.span)),
            _ => Some(expr),
        }
    }
}

fn is_ordered(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(scalar) if scalar.is_ordered() && *scalar != Scalar::Bool)
}

fn temporal(op: Arith, a: Scalar, b: Scalar) -> Option<Scalar> {
    use Scalar::{DateTime, Duration};
    match (op, a, b) {
        (Arith::Add | Arith::Sub, DateTime, Duration) | (Arith::Add, Duration, DateTime) => Some(DateTime),
        (Arith::Sub, DateTime, DateTime) | (Arith::Add | Arith::Sub, Duration, Duration) => Some(Duration),
        _ => None,
    }
}
