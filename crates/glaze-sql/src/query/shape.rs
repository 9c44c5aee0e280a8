//! The shape of a query: everything but its literal values, as bytes that serve as key of the plan cache. Two queries of one
//! shape run the same statements with other parameters.

use glaze_data::bound::{BoundAggregate, BoundRead, Count, Load, Order, Output, Page, TimeUnit};
use glaze_expr::tree::{Exists, Expr, FieldRef, Me, Node, Part, Quantifier};
use glaze_model::Value;

/// A value of the query that is not part of its shape.
#[derive(Debug, Clone, Copy)]
pub enum Literal<'a> {
    /// A literal of an expression, or a value of a cursor.
    Value(&'a Value),
    /// The text of a search; its words are the value.
    Search(&'a String),
}

impl Literal<'_> {
    /// Where it lies: how the renderer recognises it.
    pub(crate) fn address(&self) -> usize {
        match self {
            Literal::Value(value) => std::ptr::from_ref(*value) as usize,
            Literal::Search(text) => std::ptr::from_ref(*text) as usize,
        }
    }

    /// What is bound.
    pub fn value(&self) -> Value {
        match self {
            Literal::Value(value) => (*value).clone(),
            Literal::Search(text) => Value::List(super::search_words(text).into_iter().map(Value::Text).collect()),
        }
    }
}

/// Bytes of the shape and the literals met on the way, in order.
#[derive(Default)]
pub struct Shape<'a> {
    /// The key.
    pub bytes: Vec<u8>,
    /// The literals.
    pub literals: Vec<Literal<'a>>,
}

impl<'a> Shape<'a> {
    /// The literals' values.
    pub fn values(&self) -> Vec<Value> {
        self.literals.iter().map(Literal::value).collect()
    }

    /// Of a read.
    pub fn of_read(read: &'a BoundRead) -> Shape<'a> {
        let mut shape = Shape {
            bytes: Vec::with_capacity(256),
            literals: Vec::with_capacity(8),
        };
        shape.read(read);
        shape
    }

    /// Of aggregates.
    pub fn of_aggregate(aggregate: &'a BoundAggregate) -> Shape<'a> {
        use glaze_data::bound::Aggregate::*;
        let mut shape = Shape::default();
        shape.number(aggregate.entity);
        shape.expr(&aggregate.filter);
        for (name, field, unit) in &aggregate.group {
            shape.text(name);
            shape.field(field);
            shape.tag(match unit {
                None => 0,
                Some(TimeUnit::Year) => 1,
                Some(TimeUnit::Month) => 2,
                Some(TimeUnit::Day) => 3,
                Some(TimeUnit::Hour) => 4,
            });
        }
        for (name, value) in &aggregate.values {
            shape.text(name);
            let (tag, field) = match value {
                Count => (0, None),
                CountOf(field) => (1, Some(field)),
                CountDistinct(field) => (2, Some(field)),
                Sum(field) => (3, Some(field)),
                Avg(field) => (4, Some(field)),
                Min(field) => (5, Some(field)),
                Max(field) => (6, Some(field)),
            };
            shape.tag(tag);
            if let Some(field) = field {
                shape.field(field);
            }
        }
        shape.tag(255);
        for (name, desc) in &aggregate.order {
            shape.text(name);
            shape.tag(u8::from(*desc));
        }
        shape.bytes.extend_from_slice(&aggregate.limit.to_le_bytes());
        shape.tag(u8::from(aggregate.offset > 0));
        shape
    }

    /// Of a load.
    pub fn of_load(load: &'a Load) -> Shape<'a> {
        let mut shape = Shape::default();
        shape.number(load.entity);
        shape.expr(&load.filter);
        shape.number(load.fields.len() as u32);
        for field in &load.fields {
            shape.number(*field);
        }
        shape.tag(u8::from(load.lock));
        shape
            .bytes
            .extend_from_slice(&load.limit.map_or(u64::MAX, |limit| limit).to_le_bytes());
        shape
    }

    /// Of an expression over an entity's rows.
    pub fn of_expr(expr: &'a Expr) -> Shape<'a> {
        let mut shape = Shape::default();
        shape.expr(expr);
        shape
    }

    fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn read(&mut self, read: &'a BoundRead) {
        self.number(read.entity);
        self.expr(&read.filter);
        self.number(read.select.len() as u32);
        for selected in &read.select {
            self.text(&selected.json);
            self.guard(selected.guard.as_ref());
            self.output(&selected.output);
        }
        self.number(read.order.len() as u32);
        for order in &read.order {
            self.order(order);
        }
        match &read.page {
            Page::Key => self.tag(0),
            Page::Offset { limit, offset } => {
                self.tag(if *offset > 0 { 2 } else { 1 });
                self.bytes.extend_from_slice(&limit.to_le_bytes());
            }
            Page::Seek { limit, from, before } => {
                self.tag(if *before { 4 } else { 3 });
                self.bytes.extend_from_slice(&limit.to_le_bytes());
                for value in from {
                    self.literal(value);
                }
            }
            Page::PerParent { limit } => {
                self.tag(5);
                self.bytes.extend_from_slice(&limit.map_or(u64::MAX, |limit| limit).to_le_bytes());
            }
        }
        self.tag(match read.count {
            Count::None => 0,
            Count::Exact => 1,
            Count::Estimated => 2,
        });
    }

    fn output(&mut self, output: &'a Output) {
        match output {
            Output::Field(field) => {
                self.tag(0);
                self.number(*field);
            }
            Output::Value(expr) => {
                self.tag(1);
                self.expr(expr);
            }
            Output::Embedded { field, inner } => {
                self.tag(2);
                self.number(*field);
                self.number(inner.len() as u32);
                for (inner, name) in inner {
                    self.number(*inner);
                    self.text(name);
                }
            }
            Output::One { field, read } => {
                self.tag(3);
                self.number(*field);
                self.read(read);
            }
            Output::AnyOne { field, reads } => {
                self.tag(4);
                self.number(*field);
                self.number(reads.len() as u32);
                for (target, read) in reads {
                    self.number(*target);
                    self.read(read);
                }
            }
            Output::Many { field, read } => {
                self.tag(5);
                self.number(*field);
                self.read(read);
            }
        }
    }

    fn order(&mut self, order: &'a Order) {
        self.field(&order.by);
        self.tag(u8::from(order.desc) | u8::from(order.nullable) << 1);
        self.guard(order.guard.as_ref());
    }

    fn guard(&mut self, guard: Option<&'a Expr>) {
        match guard {
            Some(guard) => {
                self.tag(1);
                self.expr(guard);
            }
            None => self.tag(0),
        }
    }

    fn field(&mut self, field: &FieldRef) {
        self.number(u32::from(field.var));
        self.number(field.entity);
        self.number(field.hops.len() as u32);
        for hop in &field.hops {
            self.number(*hop);
        }
        self.number(field.field);
        match &field.part {
            Part::Whole => self.tag(0),
            Part::Inner(inner) => {
                self.tag(1);
                self.number(*inner);
            }
            Part::Key(at) => {
                self.tag(2);
                self.number(*at);
            }
            Part::AnyType => self.tag(3),
            Part::AnyId => self.tag(4),
            Part::Json(path) => {
                self.tag(5);
                self.number(path.len() as u32);
                for name in path {
                    self.text(name);
                }
            }
        }
    }

    /// Only what the SQL depends on: the type of the value, for decimals the scale, for lists the type of the items.
    fn literal(&mut self, value: &'a Value) {
        self.literals.push(Literal::Value(value));
        self.literal_type(value);
    }

    fn literal_type(&mut self, value: &Value) {
        let tag = match value {
            Value::Null => 0,
            Value::Bool(value) => 1 + u8::from(*value),
            Value::Int(_) => 3,
            Value::Float(_) => 4,
            Value::Decimal(decimal) => {
                self.number(decimal.scale());
                5
            }
            Value::Text(_) => 6,
            Value::Uuid(_) => 7,
            Value::Date(_) => 8,
            Value::Time(_) => 9,
            Value::DateTime(_) => 10,
            Value::Duration(_) => 11,
            Value::Bytes(_) => 12,
            Value::Json(_) => 13,
            Value::Point { .. } => 14,
            Value::List(items) => {
                self.tag(u8::from(items.iter().any(Value::is_null)));
                match items.iter().find(|item| !item.is_null()) {
                    Some(item) => self.literal_type(item),
                    None => self.tag(0),
                }
                15
            }
        };
        self.tag(tag);
    }

    fn all(&mut self, tag: u8, items: &'a [Expr]) {
        self.tag(tag);
        self.number(items.len() as u32);
        for item in items {
            self.expr(item);
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.node {
            Node::Literal(value) => {
                self.tag(0);
                self.literal(value);
            }
            Node::Field(field) => {
                self.tag(1);
                self.field(field);
            }
            Node::Before(field) => {
                self.tag(2);
                self.field(field);
            }
            Node::Me(me) => {
                self.tag(3);
                match me {
                    Me::Whole => self.tag(0),
                    Me::Id => self.tag(1),
                    Me::Roles => self.tag(2),
                    Me::Claim(name) => {
                        self.tag(3);
                        self.text(name);
                    }
                }
            }
            Node::Now => self.tag(4),
            Node::Not(inner) => {
                self.tag(5);
                self.expr(inner);
            }
            Node::And(items) => self.all(6, items),
            Node::Or(items) => self.all(7, items),
            Node::Compare(op, a, b) => {
                self.tag(8);
                self.tag(*op as u8);
                self.expr(a);
                self.expr(b);
            }
            Node::In(a, b) => {
                self.tag(9);
                self.expr(a);
                self.expr(b);
            }
            Node::Arith(op, a, b) => {
                self.tag(10);
                self.tag(*op as u8);
                self.expr(a);
                self.expr(b);
            }
            Node::Neg(inner) => {
                self.tag(11);
                self.expr(inner);
            }
            Node::Call(func, args) => {
                self.tag(*func as u8);
                self.all(12, args);
            }
            Node::If(condition, then, otherwise) => {
                self.tag(13);
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            Node::Exists(exists) => {
                self.tag(14);
                self.exists(exists);
            }
            Node::CountOf(exists) => {
                self.tag(15);
                self.exists(exists);
            }
            Node::Search { fields, text } => {
                self.tag(16);
                self.number(fields.len() as u32);
                for field in fields {
                    self.field(field);
                }
                self.tag(u8::from(text.contains(char::is_alphanumeric)));
                self.literals.push(Literal::Search(text));
            }
        }
    }

    fn exists(&mut self, exists: &'a Exists) {
        self.number(u32::from(exists.from));
        self.number(exists.entity);
        self.number(exists.hops.len() as u32);
        for hop in &exists.hops {
            self.number(*hop);
        }
        self.number(exists.field);
        self.number(exists.target);
        self.number(u32::from(exists.var));
        self.tag(match exists.quantifier {
            Quantifier::Some => 0,
            Quantifier::Every => 1,
            Quantifier::None => 2,
        });
        self.expr(&exists.body);
    }
}
