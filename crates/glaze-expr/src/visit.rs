//! Walks over the typed tree: what it needs, and copies of it with parts replaced.

use std::collections::BTreeSet;

use crate::tree::{Exists, Expr, FieldIx, FieldRef, Node, Var};

/// What must be known to judge an expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Fields of the row itself, those of `before` and references to follow included.
    pub fields: BTreeSet<FieldIx>,
    /// Other rows: references followed or relations. Without it a single row suffices.
    pub relations: bool,
    /// The row as it was.
    pub before: bool,
    /// Who asks.
    pub me: bool,
    /// The time of the request.
    pub now: bool,
}

/// What must be known to judge `expr`.
pub fn needs(expr: &Expr) -> Needs {
    let mut needs = Needs::default();
    collect(expr, &mut needs);
    needs
}

fn collect(expr: &Expr, needs: &mut Needs) {
    match &expr.node {
        Node::Field(field) => reference(field, needs),
        Node::Before(field) => {
            needs.before = true;
            reference(field, needs);
        }
        Node::Me(_) => needs.me = true,
        Node::Now => needs.now = true,
        Node::Exists(exists) | Node::CountOf(exists) => {
            needs.relations = true;
            if exists.from == 0 {
                needs.fields.insert(*exists.hops.first().unwrap_or(&exists.field));
            }
        }
        Node::Search { fields, .. } => fields.iter().for_each(|field| reference(field, needs)),
        _ => {}
    }
    for child in children(expr) {
        collect(child, needs);
    }
}

fn reference(field: &FieldRef, needs: &mut Needs) {
    if field.var == 0 {
        needs.fields.insert(*field.hops.first().unwrap_or(&field.field));
    }
    needs.relations |= !field.hops.is_empty() || field.var != 0;
}

/// The direct parts of an expression, in order.
pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.node {
        Node::Literal(_) | Node::Field(_) | Node::Before(_) | Node::Me(_) | Node::Now | Node::Search { .. } => Vec::new(),
        Node::Not(a) | Node::Neg(a) => vec![a],
        Node::And(items) | Node::Or(items) | Node::Call(_, items) => items.iter().collect(),
        Node::Compare(_, a, b) | Node::In(a, b) | Node::Arith(_, a, b) => vec![a, b],
        Node::If(a, b, c) => vec![a, b, c],
        Node::Exists(exists) | Node::CountOf(exists) => vec![&exists.body],
    }
}

/// Whether nothing but constants is in it.
pub(crate) fn is_constant(expr: &Expr) -> bool {
    let own = !matches!(
        expr.node,
        Node::Field(_) | Node::Before(_) | Node::Me(_) | Node::Now | Node::Exists(_) | Node::CountOf(_) | Node::Search { .. }
    );
    own && children(expr).into_iter().all(is_constant)
}

/// A copy in which every node went through `change`, innermost first.
pub fn map(expr: Expr, change: &mut dyn FnMut(Node) -> Node) -> Expr {
    let mut all = |items: Vec<Expr>| -> Vec<Expr> { items.into_iter().map(|item| map(item, change)).collect() };
    let node = match expr.node {
        Node::And(items) => Node::And(all(items)),
        Node::Or(items) => Node::Or(all(items)),
        Node::Call(func, items) => Node::Call(func, all(items)),
        Node::Not(a) => Node::Not(Box::new(map(*a, change))),
        Node::Neg(a) => Node::Neg(Box::new(map(*a, change))),
        Node::Compare(op, a, b) => Node::Compare(op, Box::new(map(*a, change)), Box::new(map(*b, change))),
        Node::In(a, b) => Node::In(Box::new(map(*a, change)), Box::new(map(*b, change))),
        Node::Arith(op, a, b) => Node::Arith(op, Box::new(map(*a, change)), Box::new(map(*b, change))),
        Node::If(a, b, c) => Node::If(Box::new(map(*a, change)), Box::new(map(*b, change)), Box::new(map(*c, change))),
        Node::Exists(exists) => Node::Exists(Box::new(map_body(*exists, change))),
        Node::CountOf(exists) => Node::CountOf(Box::new(map_body(*exists, change))),
        leaf => leaf,
    };
    Expr {
        node: change(node),
        ..expr
    }
}

fn map_body(exists: Exists, change: &mut dyn FnMut(Node) -> Node) -> Exists {
    let body = map(exists.body, change);
    Exists { body, ..exists }
}

/// A copy in which every field read of a row is replaced; `before` fields and searches stay.
pub fn map_fields(expr: Expr, replace: &mut dyn FnMut(FieldRef) -> Node) -> Expr {
    map(expr, &mut |node| match node {
        Node::Field(field) => replace(field),
        other => other,
    })
}

/// The greatest variable that occurs.
pub fn max_var(expr: &Expr) -> Var {
    let own = match &expr.node {
        Node::Field(field) | Node::Before(field) => field.var,
        Node::Exists(exists) | Node::CountOf(exists) => exists.from.max(exists.var),
        Node::Search { fields, .. } => fields.iter().map(|field| field.var).max().unwrap_or(0),
        _ => 0,
    };
    children(expr).into_iter().map(max_var).fold(own, Var::max)
}

/// A condition on variable 0 as one on `var`, with fresh variables (from `next` on) for the rows it introduces itself: how the policy of
/// an entity comes to stand inside `exists` over its rows.
pub fn rebase(expr: Expr, var: Var, next: &mut Var) -> Expr {
    let first = *next;
    let highest = max_var(&expr);
    *next = next.saturating_add(highest);
    let moved = |old: Var| if old == 0 { var } else { first.saturating_add(old - 1) };
    let of_field = |field: FieldRef| FieldRef {
        var: moved(field.var),
        ..field
    };
    let of_rows = |exists: Box<Exists>| {
        Box::new(Exists {
            from: moved(exists.from),
            var: moved(exists.var),
            ..*exists
        })
    };
    map(expr, &mut |node| match node {
        Node::Field(field) => Node::Field(of_field(field)),
        Node::Before(field) => Node::Before(of_field(field)),
        Node::Search { fields, text } => Node::Search {
            fields: fields.into_iter().map(of_field).collect(),
            text,
        },
        Node::Exists(exists) => Node::Exists(of_rows(exists)),
        Node::CountOf(exists) => Node::CountOf(of_rows(exists)),
        other => other,
    })
}
