//! Partial evaluation once it is known who asks: what no row can change is computed before there is any SQL.

use glaze_model::Value;
use uuid::Uuid;

use crate::{
    evaluate::{constant, divides, is_strict, is_zero, me_is_missing},
    tree::{Compare, Expr, Func, Me, Node, Quantifier, Type},
};

/// Who asks, in the simplest form: an id or nobody, with roles.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asker<'a> {
    /// `me.id`; `None` is `me == null`.
    pub id: Option<Uuid>,
    /// `me.roles`
    pub roles: &'a [String],
}

impl Asker<'_> {
    /// What [`fold`] and [`crate::evaluate::Env::me`] want. Claims are null.
    pub fn value(&self, me: &Me) -> Value {
        match me {
            Me::Whole | Me::Id => self.id.map_or(Value::Null, Value::Uuid),
            Me::Roles => Value::List(self.roles.iter().cloned().map(Value::Text).collect()),
            Me::Claim(_) => Value::Null,
        }
    }
}

/// The expression for one who asks: `me` replaced by its value and constants folded. It means the same: evaluating gives what evaluating `expr` with that
/// `me` gives, for every row.
///
/// `'admin' in me.roles` becomes true or false; `author == me` becomes false for nobody.
pub fn fold(expr: &Expr, me: &dyn Fn(&Me) -> Value) -> Expr {
    let node = match &expr.node {
        Node::Me(asked) => Node::Literal(me(asked)),
        Node::Literal(_) | Node::Field(_) | Node::Before(_) | Node::Now | Node::Search { .. } => return expr.clone(),
        Node::Not(inner) => Node::Not(Box::new(fold(inner, me))),
        Node::And(items) => return placed(junction(items, me, false), expr),
        Node::Or(items) => return placed(junction(items, me, true), expr),
        Node::Compare(op @ (Compare::Eq | Compare::Ne), a, b) if me_is_missing(a, b, &|asked| me(asked).is_null()) => {
            Node::Literal(Value::Bool(*op == Compare::Ne))
        }
        Node::Compare(op, a, b) => {
            let (a, b) = (fold(a, me), fold(b, me));
            if !matches!(op, Compare::Eq | Compare::Ne) && (is_null(&a) || is_null(&b)) {
                Node::Literal(Value::Null)
            } else {
                Node::Compare(*op, Box::new(a), Box::new(b))
            }
        }
        Node::In(item, list) => membership(item, list, me, |item, list| Node::In(Box::new(item), Box::new(list))),
        Node::Call(Func::Has, args) => match args.as_slice() {
            [list, item] => membership(item, list, me, |item, list| Node::Call(Func::Has, vec![list, item])),
            _ => return expr.clone(),
        },
        Node::Call(Func::Coalesce, args) => return coalesce(expr, args, me),
        Node::Arith(op, a, b) => {
            let (a, b) = (fold(a, me), fold(b, me));
            let by_zero = divides(*op) && matches!(&b.node, Node::Literal(value) if is_zero(value)) && is_sure(&a);
            if by_zero {
                Node::Literal(Value::Null)
            } else {
                Node::Arith(*op, Box::new(a), Box::new(b))
            }
        }
        Node::Neg(inner) => Node::Neg(Box::new(fold(inner, me))),
        Node::Call(func, args) => Node::Call(*func, args.iter().map(|arg| fold(arg, me)).collect()),
        Node::If(condition, then, otherwise) => {
            let condition = fold(condition, me);
            match condition.node {
                Node::Literal(Value::Bool(true)) => return placed(fold(then, me), expr),
                Node::Literal(Value::Bool(false) | Value::Null) => return placed(fold(otherwise, me), expr),
                _ => Node::If(Box::new(condition), Box::new(fold(then, me)), Box::new(fold(otherwise, me))),
            }
        }
        Node::Exists(exists) => {
            let body = fold(&exists.body, me);
            match (exists.quantifier, &body.node) {
                (Quantifier::Some, Node::Literal(Value::Bool(false) | Value::Null)) => Node::Literal(Value::Bool(false)),
                (Quantifier::None, Node::Literal(Value::Bool(false) | Value::Null)) => Node::Literal(Value::Bool(true)),
                (Quantifier::Every, Node::Literal(Value::Bool(true))) => Node::Literal(Value::Bool(true)),
                _ => Node::Exists(Box::new(crate::tree::Exists {
                    body,
                    ..(**exists).clone()
                })),
            }
        }
        Node::CountOf(exists) => {
            let body = fold(&exists.body, me);
            match body.node {
                Node::Literal(Value::Bool(false) | Value::Null) => Node::Literal(Value::Int(0)),
                _ => Node::CountOf(Box::new(crate::tree::Exists {
                    body,
                    ..(**exists).clone()
                })),
            }
        }
    };
    settled(Expr {
        node,
        ty: expr.ty.clone(),
        span: expr.span,
    })
}

/// The same place and type as the expression it stands for.
fn placed(folded: Expr, expr: &Expr) -> Expr {
    Expr {
        node: folded.node,
        ty: expr.ty.clone(),
        span: expr.span,
    }
}

/// Nulls passed on, constants computed. What cannot be computed stays, to deny when it is judged.
fn settled(mut expr: Expr) -> Expr {
    if is_strict(&expr.node) && crate::visit::children(&expr).into_iter().any(is_null) {
        expr.node = Node::Literal(Value::Null);
    } else if !matches!(expr.node, Node::Literal(_))
        && let Some(Ok(value)) = constant(&expr)
    {
        expr.node = Node::Literal(value);
    }
    expr
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.node, Node::Literal(Value::Null))
}

/// Whether evaluating cannot fail: a constant or a field.
fn is_sure(expr: &Expr) -> bool {
    matches!(expr.node, Node::Literal(_) | Node::Field(_) | Node::Now)
}

fn junction(items: &[Expr], me: &dyn Fn(&Me) -> Value, decides: bool) -> Expr {
    let folded = items.iter().map(|item| fold(item, me));
    let joined = if decides { Expr::or(folded) } else { Expr::and(folded) };
    // Nothing but nulls left: one of them says it all.
    match &joined.node {
        Node::And(items) | Node::Or(items) if items.iter().all(is_null) => Expr::new(Node::Literal(Value::Null), Type::BOOL),
        _ => joined,
    }
}

/// Nothing is in an empty list or in null, and null is in nothing.
fn membership(item: &Expr, list: &Expr, me: &dyn Fn(&Me) -> Value, made: impl Fn(Expr, Expr) -> Node) -> Node {
    let (item, list) = (fold(item, me), fold(list, me));
    let empty = match &list.node {
        Node::Literal(Value::List(items)) => items.is_empty(),
        other => matches!(other, Node::Literal(Value::Null)),
    };
    if empty || is_null(&item) {
        Node::Literal(Value::Bool(false))
    } else {
        made(item, list)
    }
}

fn coalesce(expr: &Expr, args: &[Expr], me: &dyn Fn(&Me) -> Value) -> Expr {
    let mut kept: Vec<Expr> = Vec::with_capacity(args.len());
    for arg in args {
        let arg = fold(arg, me);
        match arg.node {
            Node::Literal(Value::Null) => {}
            // What comes after a constant is never reached.
            Node::Literal(_) => {
                kept.push(arg);
                break;
            }
            _ => kept.push(arg),
        }
    }
    match kept.len() {
        0 => placed(Expr::new(Node::Literal(Value::Null), Type::Null), expr),
        1 => placed(kept.remove(0), expr),
        _ => Expr {
            node: Node::Call(Func::Coalesce, kept),
            ty: expr.ty.clone(),
            span: expr.span,
        },
    }
}
