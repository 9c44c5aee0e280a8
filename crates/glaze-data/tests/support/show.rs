//! Bound trees in short words.

use glaze_data::{
    Schema,
    bound::{BoundRead, Output, Page},
};
use glaze_expr::tree::{Compare, EntityIx, Exists, Expr, FieldIx, FieldRef, Me, Node, Part, Quantifier};
use glaze_model::Value;

pub fn expr(schema: &Schema, expr: &Expr) -> String {
    let show = |item: &Expr| self::expr(schema, item);
    let joined = |items: &[Expr], word: &str| format!("({})", items.iter().map(show).collect::<Vec<_>>().join(word));
    match &expr.node {
        Node::Literal(Value::Text(text)) => format!("'{text}'"),
        Node::Literal(Value::List(items)) => format!("[{}]", items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        Node::Literal(value) => value.to_string(),
        Node::Field(field) => self::field(schema, field),
        Node::Before(field) => format!("before.{}", self::field(schema, field)),
        Node::Me(Me::Whole) => "me".to_owned(),
        Node::Me(Me::Id) => "me.id".to_owned(),
        Node::Me(me) => format!("{me:?}"),
        Node::Now => "now".to_owned(),
        Node::Not(inner) => format!("!{}", show(inner)),
        Node::And(items) => joined(items, " && "),
        Node::Or(items) => joined(items, " || "),
        Node::Compare(op, a, b) => format!("{} {} {}", show(a), compare(*op), show(b)),
        Node::In(a, b) => format!("{} in {}", show(a), show(b)),
        Node::Arith(op, a, b) => format!("({} {op:?} {})", show(a), show(b)),
        Node::Neg(inner) => format!("-{}", show(inner)),
        Node::Call(func, args) => format!("{func:?}({})", args.iter().map(show).collect::<Vec<_>>().join(", ")),
        Node::If(a, b, c) => format!("({} ? {} : {})", show(a), show(b), show(c)),
        Node::Exists(exists) => format!("{:?} {}", exists.quantifier, self::exists(schema, exists)),
        Node::CountOf(exists) => format!("Count {}", self::exists(schema, exists)),
        Node::Search { fields, text } => {
            format!(
                "search '{text}' in {}",
                fields.iter().map(|field| self::field(schema, field)).collect::<Vec<_>>().join(",")
            )
        }
    }
}

fn exists(schema: &Schema, exists: &Exists) -> String {
    let from = FieldRef {
        var: exists.from,
        entity: exists.entity,
        hops: exists.hops.clone(),
        field: exists.field,
        part: Part::Whole,
    };
    let _ = Quantifier::Some;
    format!("r{}:{}({})", exists.var, field(schema, &from), expr(schema, &exists.body))
}

fn compare(op: Compare) -> &'static str {
    match op {
        Compare::Eq => "==",
        Compare::Ne => "!=",
        Compare::Lt => "<",
        Compare::Le => "<=",
        Compare::Gt => ">",
        Compare::Ge => ">=",
    }
}

pub fn field(schema: &Schema, field: &FieldRef) -> String {
    let mut text = if field.var == 0 {
        String::new()
    } else {
        format!("r{}.", field.var)
    };
    let mut entity = field.entity;
    for hop in &field.hops {
        text += &format!("{}.", name(schema, entity, *hop));
        entity = schema
            .field_info(entity, *hop)
            .relation
            .as_ref()
            .and_then(|relation| relation.target())
            .expect("a reference");
    }
    text += name(schema, entity, field.field);
    match &field.part {
        Part::Whole => {}
        Part::Inner(ix) => text += &format!(".{}", schema.field_info(entity, field.field).inner[*ix as usize].name),
        Part::Key(ix) => text += &format!("#{ix}"),
        Part::AnyType => text += ".type",
        Part::AnyId => text += ".id",
        Part::Json(path) => text += &format!("->{}", path.join("->")),
    }
    text
}

fn name(schema: &Schema, entity: EntityIx, field: FieldIx) -> &str {
    &schema.field_info(entity, field).name
}

pub fn order(schema: &Schema, read: &BoundRead) -> String {
    let show = |order: &glaze_data::bound::Order| {
        let guard = order
            .guard
            .as_ref()
            .map(|guard| format!(" if {}", expr(schema, guard)))
            .unwrap_or_default();
        format!(
            "{}{}{}{guard}",
            if order.desc { "-" } else { "" },
            field(schema, &order.by),
            if order.nullable { "?" } else { "" }
        )
    };
    read.order.iter().map(show).collect::<Vec<_>>().join(", ")
}

pub fn select(schema: &Schema, read: &BoundRead) -> String {
    let show = |selected: &glaze_data::bound::Selected| {
        let guard = selected
            .guard
            .as_ref()
            .map(|guard| format!(" if {}", expr(schema, guard)))
            .unwrap_or_default();
        let nested = |read: &BoundRead| {
            let limit = match read.page {
                Page::PerParent { limit: Some(limit) } => format!(" limit {limit}"),
                _ => String::new(),
            };
            format!("{{{} where {}{limit}}}", select(schema, read), expr(schema, &read.filter))
        };
        let output = match &selected.output {
            Output::Field(_) => String::new(),
            Output::Value(value) => format!(" = {}", expr(schema, value)),
            Output::Embedded { inner, .. } => format!("({})", inner.iter().map(|(_, json)| json.as_str()).collect::<Vec<_>>().join(" ")),
            Output::One { read, .. } => format!(" one{}", nested(read)),
            Output::Many { read, .. } => format!(" many{}", nested(read)),
            Output::AnyOne { reads, .. } => format!(" any{}", reads.iter().map(|(_, read)| nested(read)).collect::<String>()),
        };
        format!("{}{output}{guard}", selected.json)
    };
    read.select.iter().map(show).collect::<Vec<_>>().join(", ")
}
