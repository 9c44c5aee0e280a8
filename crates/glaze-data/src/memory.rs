//! The naive reference for reads: rows in lists, every condition evaluated for every row. Tests compare databases with it; nothing
//! else should use it.

use std::{cmp::Ordering, collections::HashMap};

use glaze_expr::{
    Env, EvalError, evaluate, holds, order,
    tree::{EntityIx, Exists, Expr, FieldIx, FieldRef, Me, Part, Var},
};
use glaze_model::{FieldKind, Many, Value};
use jiff::Timestamp;

use crate::{
    bound::{Args, BoundRead, Order, Page, Record},
    schema::{Relation, Schema},
};

/// Pairs of keys of a join table: the owner's side first.
type Links = Vec<(Vec<Value>, Vec<Value>)>;

/// Rows of every entity.
#[derive(Debug, Clone)]
pub struct Memory<'a> {
    schema: &'a Schema,
    tables: Vec<Vec<Record>>,
    links: HashMap<(Option<String>, String), Links>,
}

impl<'a> Memory<'a> {
    /// No rows at all.
    pub fn new(schema: &'a Schema) -> Memory<'a> {
        Memory {
            schema,
            tables: vec![Vec::new(); schema.entities().len()],
            links: HashMap::new(),
        }
    }

    /// Adds a row: one value for every field of the entity, in order; null for what is in no column.
    pub fn insert(&mut self, entity: EntityIx, row: Record) {
        self.tables[entity as usize].push(row);
    }

    /// Adds a pair to the join table of a `Many` field.
    pub fn link(&mut self, entity: EntityIx, field: FieldIx, from: Vec<Value>, to: Vec<Value>) {
        if let FieldKind::Many(many) = &self.schema.field(entity, field).kind {
            let pair = if many.owner { (from, to) } else { (to, from) };
            self.links.entry((many.schema.clone(), many.table.clone())).or_default().push(pair);
        }
    }

    /// Keys of the rows of a page, in order.
    pub fn keys(&self, read: &BoundRead, args: &Args) -> Vec<Vec<Value>> {
        let mut rows = self.matching(read.entity, &read.filter, args);
        rows.sort_by(|a, b| self.compare(read, a, b, args));
        let keys = rows.iter().map(|row| self.key(read.entity, row));
        match &read.page {
            Page::Key => keys.filter(|key| *key == args.key).collect(),
            Page::Offset { limit, offset } => keys.skip(*offset as usize).take(*limit as usize).collect(),
            Page::PerParent { limit } => keys.take(limit.map_or(usize::MAX, |limit| limit as usize)).collect(),
            Page::Seek { limit, from, before } => {
                let place = |row: &&&Record| compare_values(read, &self.order_values(read, row, args), from);
                let side = if *before { Ordering::Less } else { Ordering::Greater };
                let beyond: Vec<Vec<Value>> = rows
                    .iter()
                    .filter(|row| place(row) == side)
                    .map(|row| self.key(read.entity, row))
                    .collect();
                let limit = *limit as usize;
                if *before {
                    beyond[beyond.len().saturating_sub(limit)..].to_vec()
                } else {
                    beyond.into_iter().take(limit).collect()
                }
            }
        }
    }

    /// Number of rows that match, whatever the page.
    pub fn count(&self, read: &BoundRead, args: &Args) -> u64 {
        self.matching(read.entity, &read.filter, args).len() as u64
    }

    /// What the row is ordered by: the values of a cursor.
    pub fn order_values(&self, read: &BoundRead, row: &Record, args: &Args) -> Vec<Value> {
        let surroundings = Rows {
            memory: self,
            args,
            rows: vec![(0, read.entity, row)],
        };
        read.order.iter().map(|key| self.order_value(key, &surroundings)).collect()
    }

    /// The row with this key.
    pub fn row(&self, entity: EntityIx, key: &[Value]) -> Option<&Record> {
        self.tables[entity as usize].iter().find(|row| self.key(entity, row) == key)
    }

    fn matching(&self, entity: EntityIx, filter: &Expr, args: &Args) -> Vec<&Record> {
        let matches = |row: &&Record| {
            holds(
                filter,
                &Rows {
                    memory: self,
                    args,
                    rows: vec![(0, entity, *row)],
                },
            )
        };
        self.tables[entity as usize].iter().filter(matches).collect()
    }

    fn compare(&self, read: &BoundRead, a: &Record, b: &Record, args: &Args) -> Ordering {
        compare_values(read, &self.order_values(read, a, args), &self.order_values(read, b, args))
    }

    fn order_value(&self, key: &Order, surroundings: &Rows<'_>) -> Value {
        let open = key.guard.as_ref().is_none_or(|guard| {
            let Some((entity, row)) = surroundings.walk(0, &key.by.hops) else {
                return false;
            };
            holds(
                guard,
                &Rows {
                    memory: self,
                    args: surroundings.args,
                    rows: vec![(0, entity, row)],
                },
            )
        });
        if open {
            surroundings.field(&key.by).unwrap_or(Value::Null)
        } else {
            Value::Null
        }
    }

    fn key(&self, entity: EntityIx, row: &Record) -> Vec<Value> {
        self.schema
            .entity(entity)
            .key
            .iter()
            .map(|part| part_of(row, part.field, &part.part))
            .collect()
    }

    /// The rows that a relation leads to from a row.
    fn related(&self, entity: EntityIx, row: &Record, field: FieldIx, target: EntityIx) -> Vec<&Record> {
        let info = self.schema.field_info(entity, field);
        let theirs = &self.tables[target as usize];
        match &info.relation {
            None => Vec::new(),
            Some(Relation::Ref { parts, .. }) => {
                let mine: Vec<Value> = columns(&row[field as usize]);
                let there = |row: &&Record| {
                    let values = parts.iter().map(|part| part_of(row, part.field, &part.part));
                    !mine.iter().any(Value::is_null) && values.eq(mine.iter().cloned())
                };
                theirs.iter().filter(there).collect()
            }
            Some(Relation::AnyOf { .. }) => theirs
                .iter()
                .filter(|there| self.points(&row[field as usize], target, there))
                .collect(),
            Some(Relation::Inverse {
                field: back,
                polymorphic: true,
                ..
            }) => theirs
                .iter()
                .filter(|there| self.points(&there[*back as usize], entity, row))
                .collect(),
            Some(Relation::Inverse { field: back, .. }) => theirs
                .iter()
                .filter(|there| self.related(target, there, *back, entity).iter().any(|one| **one == *row))
                .collect(),
            Some(Relation::Many { .. }) => match &self.schema.field(entity, field).kind {
                FieldKind::Many(many) => self.linked(many, self.key(entity, row), target),
                _ => Vec::new(),
            },
        }
    }

    fn linked(&self, many: &Many, from: Vec<Value>, target: EntityIx) -> Vec<&Record> {
        let Some(links) = self.links.get(&(many.schema.clone(), many.table.clone())) else {
            return Vec::new();
        };
        let sides = links
            .iter()
            .map(|(owner, other)| if many.owner { (owner, other) } else { (other, owner) });
        sides
            .filter(|(here, _)| **here == from)
            .filter_map(|(_, there)| self.row(target, there))
            .collect()
    }

    /// Whether a polymorphic reference means this row.
    fn points(&self, reference: &Value, target: EntityIx, row: &Record) -> bool {
        let [ty, id] = columns(reference).try_into().unwrap_or([Value::Null, Value::Null]);
        let key = self.key(target, row);
        let same = |value: &Value, text: &str| !value.is_null() && value.to_string() == text;
        same(&ty, &self.schema.entity(target).type_name) && key.len() == 1 && same(&id, &key[0].to_string())
    }
}

/// Rows by their variables, innermost last.
struct Rows<'e> {
    memory: &'e Memory<'e>,
    args: &'e Args,
    rows: Vec<(Var, EntityIx, &'e Record)>,
}

impl<'e> Rows<'e> {
    /// The row at the end of references.
    fn walk(&self, var: Var, hops: &[FieldIx]) -> Option<(EntityIx, &'e Record)> {
        let (_, mut entity, mut row) = *self.rows.iter().rev().find(|(known, ..)| *known == var)?;
        for hop in hops {
            let target = self.memory.schema.field_info(entity, *hop).relation.as_ref()?.target()?;
            row = self.memory.related(entity, row, *hop, target).first()?;
            entity = target;
        }
        Some((entity, row))
    }
}

impl Env for Rows<'_> {
    fn field(&self, field: &FieldRef) -> Result<Value, EvalError> {
        let Some((entity, row)) = self.walk(field.var, &field.hops) else {
            return Ok(Value::Null);
        };
        let info = self.memory.schema.field_info(entity, field.field);
        match &info.computed {
            Some(computed) => evaluate(
                computed,
                &Rows {
                    memory: self.memory,
                    args: self.args,
                    rows: vec![(0, entity, row)],
                },
            ),
            None => Ok(part_of(row, field.field, &field.part)),
        }
    }

    fn me(&self, me: &Me) -> Value {
        match (me, self.args.me) {
            (Me::Whole | Me::Id, Some(id)) => Value::Uuid(id),
            (Me::Roles, _) => Value::List(Vec::new()),
            _ => Value::Null,
        }
    }

    fn now(&self) -> Timestamp {
        self.args.now
    }

    fn related<'a>(&'a self, exists: &Exists) -> Result<Vec<Box<dyn Env + 'a>>, EvalError> {
        let Some((entity, row)) = self.walk(exists.from, &exists.hops) else {
            return Ok(Vec::new());
        };
        let inside = |there| -> Box<dyn Env + 'a> {
            let mut rows = self.rows.clone();
            rows.push((exists.var, exists.target, there));
            Box::new(Rows {
                memory: self.memory,
                args: self.args,
                rows,
            })
        };
        Ok(self
            .memory
            .related(entity, row, exists.field, exists.target)
            .into_iter()
            .map(inside)
            .collect())
    }
}

/// The columns of a value that has several.
fn columns(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        other => vec![other.clone()],
    }
}

fn part_of(row: &Record, field: FieldIx, part: &Part) -> Value {
    let value = &row[field as usize];
    let nth = |at: usize| match value {
        Value::List(items) => items.get(at).cloned().unwrap_or(Value::Null),
        _ => Value::Null,
    };
    match part {
        Part::Whole => value.clone(),
        Part::Inner(at) | Part::Key(at) => nth(*at as usize),
        Part::AnyType => nth(0),
        Part::AnyId => match nth(1) {
            Value::Null => Value::Null,
            id => Value::Text(id.to_string()),
        },
        Part::Json(path) => {
            let Value::Json(json) = value else { return Value::Null };
            match path.iter().try_fold(json, |json, name| member(json, name)) {
                None | Some(serde_json::Value::Null) => Value::Null,
                Some(serde_json::Value::String(text)) => Value::Text(text.clone()),
                Some(other) => Value::Text(other.to_string()),
            }
        }
    }
}

/// A member of an object, or an item of an array by position.
fn member<'j>(json: &'j serde_json::Value, name: &str) -> Option<&'j serde_json::Value> {
    match json {
        serde_json::Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        other => other.get(name),
    }
}

/// Nulls come last ascending and first descending. Values of enums are ordered as text.
fn compare_values(read: &BoundRead, a: &[Value], b: &[Value]) -> Ordering {
    for ((a, b), key) in a.iter().zip(b).zip(&read.order) {
        let found = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => order(a, b).unwrap_or(Ordering::Equal),
        };
        let found = if key.desc { found.reverse() } else { found };
        if found != Ordering::Equal {
            return found;
        }
    }
    Ordering::Equal
}
