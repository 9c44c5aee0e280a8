//! Conditions once it is known in which roles somebody asks.

use glaze_expr::{
    map, rebase,
    tree::{Compare, Exists, Expr, Me, Node, Quantifier, Var},
};
use glaze_model::Value;

use crate::actor::Actor;

/// The same condition about the row `var` instead of the row 0: the rows it introduces itself move along.
pub(crate) fn shift(expr: Expr, var: Var) -> Expr {
    if var == 0 {
        return expr;
    }
    let mut next = var + 1;
    rebase(expr, var, &mut next)
}

/// What is left of a condition for this actor: roles become constants, and for somebody who is not logged in `me` is null. Who it
/// is stays open (`me.id` is bound when the statement runs).
///
/// `x == me` is false when nobody is logged in, also for a null `x`: an entry without an author is not everybody's. Only
/// `me == null`, written so, asks whether somebody is logged in.
pub fn for_actor(expr: &Expr, actor: &Actor) -> Expr {
    map(expr.clone(), &mut |node| fold(node, actor))
}

fn fold(node: Node, actor: &Actor) -> Node {
    match node {
        Node::Me(Me::Roles) => Node::Literal(Value::List(actor.roles().iter().cloned().map(Value::Text).collect())),
        // Stays until the comparison around it has seen it.
        Node::Me(me) => Node::Me(me),
        Node::Compare(op, a, b) => compare(op, *a, *b, actor),
        Node::In(item, list) => contains(*item, *list, actor),
        Node::Not(inner) => match inner.node {
            Node::Literal(Value::Null) => Node::Literal(Value::Null),
            _ => inner.not().node,
        },
        Node::And(items) => Expr::and(items).node,
        Node::Or(items) => Expr::or(items).node,
        Node::If(condition, then, otherwise) => match condition.node {
            Node::Literal(Value::Bool(true)) => then.node,
            Node::Literal(Value::Bool(false) | Value::Null) => otherwise.node,
            _ => Node::If(condition, then, otherwise),
        },
        Node::Exists(exists) => quantified(exists),
        other => other,
    }
}

/// `me` of somebody who is not logged in.
fn is_nobody(expr: &Expr, actor: &Actor) -> bool {
    matches!(expr.node, Node::Me(Me::Whole | Me::Id | Me::Claim(_))) && actor.id().is_none()
}

/// What is not known of somebody who is logged in: no actor brings fields of the profile along. It must not pass for a clear answer, which
/// `#[cannot]` and `!` would turn into permission.
fn is_unknown(expr: &Expr, actor: &Actor) -> bool {
    matches!(expr.node, Node::Me(Me::Claim(_))) && actor.id().is_some()
}

fn compare(op: Compare, a: Expr, b: Expr, actor: &Actor) -> Node {
    let is_null = |expr: &Expr| matches!(expr.node, Node::Literal(Value::Null));
    let someone = |expr: &Expr| matches!(expr.node, Node::Me(Me::Whole | Me::Id)) && actor.id().is_some();
    let truth = |value: bool| Node::Literal(Value::Bool(value));
    if is_unknown(&a, actor) || is_unknown(&b, actor) {
        return Node::Literal(Value::Null);
    }
    let (nobody, other) = match (is_nobody(&a, actor), is_nobody(&b, actor)) {
        (true, _) => (true, &b),
        (_, true) => (true, &a),
        _ => (false, &a),
    };
    if nobody {
        // `me == me` is as true as `me == null`.
        let same = is_null(other) || is_nobody(other, actor);
        return match op {
            Compare::Eq => truth(same),
            Compare::Ne => truth(!same),
            _ => Node::Literal(Value::Null),
        };
    }
    if (someone(&a) && is_null(&b)) || (is_null(&a) && someone(&b)) {
        return match op {
            Compare::Eq => truth(false),
            Compare::Ne => truth(true),
            _ => Node::Literal(Value::Null),
        };
    }
    match (op, &a.node, &b.node) {
        (Compare::Eq | Compare::Ne, Node::Literal(left), Node::Literal(right))
            if std::mem::discriminant(left) == std::mem::discriminant(right) || left.is_null() || right.is_null() =>
        {
            truth((left == right) == (op == Compare::Eq))
        }
        _ => Node::Compare(op, Box::new(a), Box::new(b)),
    }
}

fn contains(item: Expr, list: Expr, actor: &Actor) -> Node {
    if is_unknown(&item, actor) || is_unknown(&list, actor) {
        return Node::Literal(Value::Null);
    }
    match (&item.node, &list.node) {
        (_, Node::Literal(Value::List(items))) if items.is_empty() => Node::Literal(Value::Bool(false)),
        (Node::Literal(Value::Text(text)), Node::Literal(Value::List(items))) => Node::Literal(Value::Bool(
            items.iter().any(|item| matches!(item, Value::Text(other) if other == text)),
        )),
        // Nobody is in no list.
        _ if is_nobody(&item, actor) => Node::Literal(Value::Bool(false)),
        _ => Node::In(Box::new(item), Box::new(list)),
    }
}

fn quantified(exists: Box<Exists>) -> Node {
    match exists.quantifier {
        Quantifier::Some if exists.body.is_false() => Node::Literal(Value::Bool(false)),
        Quantifier::None if exists.body.is_false() => Node::Literal(Value::Bool(true)),
        Quantifier::Every if exists.body.is_true() => Node::Literal(Value::Bool(true)),
        _ => Node::Exists(exists),
    }
}
