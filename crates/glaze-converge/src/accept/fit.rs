//! How near a field comes to its columns, and the ways in which it could be said.

use std::cmp::Reverse;

use glaze_model::{Constraints, DbHints, DefaultValue, Entity, Field, FieldKind, Model, Scalar, Value};

use crate::catalog::{Column, ForeignKey, Key, Table};
use crate::desired::columns::field_columns;
use crate::desired::desired_table;
use crate::dialect::CatalogDialect;
use crate::diff::same_foreign_key;
use crate::text;

/// How far a field is from what the goal says of its columns; zero is exactly that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Distance {
    /// What would differ.
    pub wrong: usize,
    /// Checks of the goal that the field does not make itself.
    pub unsaid: usize,
}

/// Where a field is judged.
pub(super) struct Fit<'f> {
    pub model: &'f Model,
    pub entity: &'f Entity,
    pub goal: &'f Table,
    pub dialect: &'f dyn CatalogDialect,
}

impl Fit<'_> {
    /// The distance of one field in the entity's place.
    pub fn distance(&self, field: &Field) -> Option<Distance> {
        let table = self.alone(field)?;
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let mut wrong = table.columns.iter().map(|column| self.column(column)).sum::<usize>();
        wrong += self.foreign_keys(&table, &columns) + self.uniques(&table, &columns);
        let there = |expr: &str| self.goal.checks.iter().any(|check| check.expr == expr);
        wrong += table.checks.iter().filter(|check| !there(&check.expr)).count();
        let unsaid = self
            .goal
            .checks
            .iter()
            .filter(|check| self.is_about(&check.expr, &columns) && !table.checks.iter().any(|other| other.expr == check.expr));
        Some(Distance {
            wrong,
            unsaid: unsaid.count(),
        })
    }

    /// The first of the fields that comes nearest.
    pub fn nearest(&self, candidates: Vec<Field>) -> Option<(Field, Distance)> {
        let judged = candidates.into_iter().filter_map(|field| {
            let distance = self.distance(&field)?;
            Some((field, distance))
        });
        // `max_by_key` gives the last of equals, `min_by_key` the first.
        judged.min_by_key(|(_, distance)| *distance)
    }

    /// The table that the field would have for itself.
    fn alone(&self, field: &Field) -> Option<Table> {
        let columns = column_names(self.model, field);
        let entity = Entity {
            key: self.entity.key.iter().filter(|name| **name == field.name).cloned().collect(),
            uniques: self
                .entity
                .uniques
                .iter()
                .filter(|set| set.fields == [field.name.as_str()])
                .cloned()
                .collect(),
            fields: vec![field.clone()],
            indexes: Vec::new(),
            db_checks: Vec::new(),
            db_key: Vec::new(),
            db_foreign_keys: self
                .entity
                .db_foreign_keys
                .iter()
                .filter(|key| key.columns.iter().all(|column| columns.contains(column)))
                .cloned()
                .collect(),
            extends: None,
            ..self.entity.clone()
        };
        desired_table(self.model, &entity, self.dialect).ok()
    }

    fn column(&self, column: &Column) -> usize {
        let Some(there) = self.goal.column(&column.name) else { return 8 };
        let comments = self.dialect.capabilities().comments;
        [
            column.ty != there.ty,
            column.ty != there.ty,
            column.nullable != there.nullable,
            column.default != there.default,
            column.generated != there.generated,
            column.identity != there.identity,
            column.collation != there.collation,
            comments && column.comment != there.comment,
        ]
        .into_iter()
        .filter(|differs| *differs)
        .count()
    }

    fn foreign_keys(&self, table: &Table, columns: &[&str]) -> usize {
        let own: Vec<&ForeignKey> = self
            .goal
            .foreign_keys
            .iter()
            .filter(|key| key.columns.iter().all(|column| columns.contains(&column.as_str())))
            .collect();
        unmatched(&table.foreign_keys.iter().collect::<Vec<_>>(), &own, |a, b| same_foreign_key(a, b))
    }

    fn uniques(&self, table: &Table, columns: &[&str]) -> usize {
        let own: Vec<&Key> = self.goal.uniques.iter().filter(|key| key.columns == columns).collect();
        // What the field does not say of a key is carried.
        let same = |a: &&Key, b: &&Key| a.columns == b.columns && (a.deferrable.is_none() || a.deferrable == b.deferrable);
        unmatched(&table.uniques.iter().collect::<Vec<_>>(), &own, same)
    }

    /// Whether a check speaks of these columns and of no other.
    fn is_about(&self, expr: &str, columns: &[&str]) -> bool {
        let mut spoken = self
            .goal
            .columns
            .iter()
            .filter(|column| text::mentions(expr, &column.name))
            .peekable();
        spoken.peek().is_some() && spoken.all(|column| columns.contains(&column.name.as_str()))
    }
}

/// How many things have no counterpart on the other side.
fn unmatched<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> usize {
    let only = |one: &[T], other: &[T], same: &dyn Fn(&T, &T) -> bool| one.iter().filter(|x| !other.iter().any(|y| same(x, y))).count();
    only(a, b, &same) + only(b, a, &|y, x| same(x, y))
}

/// Ways to say a column, the least change first. `pulled` is how pull would say it.
pub(super) fn candidates(field: &Field, pulled: &Field, goal: &Table) -> Vec<Field> {
    let ty = field
        .columns
        .first()
        .and_then(|column| goal.column(column))
        .map(|column| column.ty.clone());
    let mut out: Vec<Field> = vec![field.clone()];
    for (kind, db) in kinds(field, pulled, ty) {
        let (stays, found) = (family(&kind) == family(&field.kind), family(&kind) == family(&pulled.kind));
        let slug_from = field.slug_from.clone().filter(|_| stays);
        for constraints in limits(field, pulled, (stays, found)) {
            let fitting = defaults(field, pulled, goal, (stays, found))
                .into_iter()
                .filter(|default| is_valid(&kind, default));
            for default in fitting {
                for (nullable, unique) in [
                    (field.nullable, field.unique),
                    (pulled.nullable, field.unique),
                    (pulled.nullable, pulled.unique),
                ] {
                    let candidate = Field {
                        kind: kind.clone(),
                        db: db.clone(),
                        constraints: constraints.clone(),
                        default: default.clone(),
                        slug_from: slug_from.clone(),
                        doc: pulled.doc.clone(),
                        nullable,
                        unique,
                        ..field.clone()
                    };
                    if !out.contains(&candidate) {
                        out.push(candidate);
                    }
                }
            }
        }
    }
    let said = Field {
        doc: field.doc.clone(),
        ..field.clone()
    };
    // What changes least comes first among those that are equally near.
    out.sort_by_key(|candidate| Reverse(alike(candidate, &said, pulled)));
    out
}

/// How much of a field stays. A native type comes last: it is for what no type of the language says, and then the field is what pull
/// would make of it.
fn alike(a: &Field, b: &Field, pulled: &Field) -> i32 {
    let forced = match (a.db.ty.is_some() && a.db.ty != b.db.ty, a.kind == pulled.kind) {
        (true, false) => 8,
        (true, true) => 4,
        (false, _) => 0,
    };
    let same = [
        a.kind == b.kind,
        a.kind == b.kind,
        a.db.ty == b.db.ty,
        a.db == b.db,
        a.constraints == b.constraints,
        a.default == b.default,
        a.nullable == b.nullable,
        a.unique == b.unique,
        a.doc == b.doc,
    ]
    .into_iter()
    .map(i32::from)
    .sum::<i32>();
    same - forced
}

/// Kinds with what the database says of them.
fn kinds(field: &Field, pulled: &Field, ty: Option<String>) -> Vec<(FieldKind, DbHints)> {
    let facts = |native: Option<String>, no_fk: bool| DbHints {
        ty: native,
        no_fk,
        ..pulled.db.clone()
    };
    let own = |native: Option<String>, no_fk: bool| DbHints {
        references: field.db.references.clone(),
        on_update: field.db.on_update,
        deferrable: field.db.deferrable.clone(),
        ..facts(native, no_fk)
    };
    let mut out = vec![(field.kind.clone(), field.db.clone())];
    for native in [field.db.ty.clone(), None, ty.clone()] {
        out.push((field.kind.clone(), own(native.clone(), field.db.no_fk)));
        out.push((field.kind.clone(), facts(native.clone(), field.db.no_fk)));
        if matches!(field.kind, FieldKind::Ref(_)) {
            out.push((field.kind.clone(), own(native, !field.db.no_fk)));
        }
    }
    out.push((pulled.kind.clone(), pulled.db.clone()));
    out.push((pulled.kind.clone(), facts(field.db.ty.clone(), false)));
    out.push((FieldKind::Custom, facts(ty, false)));
    out
}

/// Kinds whose limits and defaults are of one sort.
#[derive(Debug, PartialEq)]
enum Family<'k> {
    Text,
    Integer,
    Float,
    Decimal,
    Money,
    Of(&'k FieldKind),
}

fn family(kind: &FieldKind) -> Family<'_> {
    match kind {
        FieldKind::Scalar(scalar) if scalar.is_text() => Family::Text,
        FieldKind::Scalar(scalar) if scalar.is_integer() => Family::Integer,
        FieldKind::Scalar(Scalar::F32 | Scalar::F64) => Family::Float,
        FieldKind::Scalar(Scalar::Decimal) => Family::Decimal,
        FieldKind::Scalar(Scalar::Money) => Family::Money,
        other => Family::Of(other),
    }
}

/// Limits: as they are and as pull finds them, where the kind can have them; none.
fn limits(field: &Field, pulled: &Field, (stays, found): (bool, bool)) -> Vec<Constraints> {
    let shown = |constraints: &Constraints| Constraints {
        currency: field.constraints.currency.clone().filter(|_| stays),
        search: field.constraints.search.filter(|_| stays),
        ..constraints.clone()
    };
    let mut out = Vec::new();
    out.extend(stays.then(|| field.constraints.clone()));
    out.extend(found.then(|| shown(&pulled.constraints)));
    out.push(shown(&Constraints::default()));
    out
}

/// Defaults: as it is, as pull says it, what only the database evaluates, none.
fn defaults(field: &Field, pulled: &Field, goal: &Table, (stays, found): (bool, bool)) -> Vec<Option<DefaultValue>> {
    let there = field
        .columns
        .first()
        .and_then(|column| goal.column(column))
        .and_then(|column| column.default.clone());
    let own = field.default.clone().filter(|_| stays);
    let mut out = vec![own];
    for default in [pulled.default.clone().filter(|_| found), there.map(DefaultValue::Sql), None] {
        if !out.contains(&default) {
            out.push(default);
        }
    }
    out
}

/// Whether a default is a value of the kind: not every text is an e-mail address.
fn is_valid(kind: &FieldKind, default: &Option<DefaultValue>) -> bool {
    match (kind, default) {
        (FieldKind::Scalar(scalar), Some(DefaultValue::Literal(Value::Text(text)))) => Value::parse(*scalar, text).is_ok(),
        _ => true,
    }
}

/// Columns of a field of an entity.
pub(super) fn column_names(model: &Model, field: &Field) -> Vec<String> {
    field_columns(model, field).into_iter().map(|item| item.spec.column).collect()
}
