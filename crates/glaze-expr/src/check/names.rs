//! Names and paths: what `author.name`, `seo.title`, `me.roles` and `data['a']` are.

use glaze_model::{Field, FieldKind, Scalar, Span, Value};

use super::{Checker, Row};
use crate::{
    ExprError,
    ast::{Ast, Kind, Name},
    error::nearest,
    rename::Mention,
    tree::{EntityIx, Expr, FieldIx, FieldRef, Me, Node, Part, Type, Var},
};

/// Most references that one path follows.
const MAX_HOPS: usize = 5;

/// A row that a path has reached.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    pub before: bool,
    pub var: Var,
    /// Entity of `var`.
    pub start: EntityIx,
    /// References followed, each on the entity reached so far.
    pub hops: Vec<FieldIx>,
    /// Entity of the row reached.
    pub entity: EntityIx,
}

/// What a path names.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// A row.
    Row(Reached),
    /// Who asks.
    Me,
    /// A field of a row, with a value.
    Value(Reached, FieldIx),
    /// A polymorphic reference.
    Any(Reached, FieldIx),
    /// An embedded struct in place.
    Embedded(Reached, FieldIx),
    /// Rows on the other side of a relation, none or one or many.
    Rows(Reached, FieldIx, EntityIx),
    /// A JSON field or a path into one.
    Json(Reached, FieldIx, Vec<String>),
    /// Done already.
    Expr(Expr),
}

impl<'a> Checker<'a> {
    /// Resolves a path.
    pub(super) fn place(&mut self, ast: &Ast) -> Option<Place> {
        match &ast.kind {
            Kind::Name(name) => self.name(name, ast.span),
            Kind::Member(base, name) => {
                let base = self.place(base)?;
                self.member(base, name)
            }
            Kind::Index(base, key) => {
                let base_span = base.span;
                let base = self.place(base)?;
                match (base, &key.kind) {
                    (Place::Json(row, field, mut path), Kind::Text(name)) => {
                        path.push(name.clone());
                        Some(Place::Json(row, field, path))
                    }
                    (Place::Json(..), _) => self.fail(ExprError::new("a member of JSON is named by constant text", key.span)),
                    _ => self.fail(ExprError::new("only JSON fields have members in brackets", base_span)),
                }
            }
            _ => self.expr(ast).map(Place::Expr),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Place> {
        if let Some(row) = self.rows.iter().rev().find(|row| row.name.as_deref() == Some(name)) {
            return Some(Place::Row(Reached::at(row)));
        }
        match name {
            "me" if !self.allow.me => self.fail(not_here("me", "who asks is not known here", span)),
            "me" => Some(Place::Me),
            "now" if !self.allow.now => self.fail(not_here("now", "the value would change without a write", span)),
            "now" => Some(Place::Expr(Expr {
                node: Node::Now,
                ty: Type::Scalar(Scalar::DateTime),
                span,
            })),
            "this" => Some(Place::Row(Reached::at(&self.rows[0]))),
            "before" if !self.allow.before => self.fail(not_here("before", "only rules for `update` know the row as it was", span)),
            "before" => Some(Place::Row(Reached {
                before: true,
                ..Reached::at(&self.rows[0])
            })),
            _ => {
                let row = Reached::at(&self.rows[0]);
                self.field(row, name, span, true)
            }
        }
    }

    fn member(&mut self, base: Place, name: &Name) -> Option<Place> {
        match base {
            Place::Row(row) => self.field(row, &name.text, name.span, false),
            Place::Me => self.claim(name),
            Place::Any(row, field) => {
                let (part, ty) = match name.text.as_str() {
                    "type" => (Part::AnyType, Type::Scalar(Scalar::String)),
                    "id" => (Part::AnyId, Type::Scalar(Scalar::String)),
                    _ => {
                        let error = ExprError::new(format!("a reference to one of several entities has no `{}`", name.text), name.span);
                        return self.fail(error.help("it has `type` and `id`"));
                    }
                };
                Some(Place::Expr(row.part(field, part, ty, name.span)))
            }
            Place::Embedded(row, field) => self.inner(row, field, name),
            Place::Json(row, field, mut path) => {
                path.push(name.text.clone());
                Some(Place::Json(row, field, path))
            }
            Place::Rows(_, _, target) => {
                let target = &self.entity(target).name;
                let error = ExprError::new(format!("this is a list of {target}, `{}` is on each of them", name.text), name.span);
                self.fail(error.help(format!("write `.exists(x, x.{} …)`", name.text)))
            }
            Place::Value(row, field) => {
                let ty = self.type_of(&self.field_at(row.entity, field).kind).unwrap_or(Type::Opaque);
                let found = self.describe(&ty);
                self.fail(ExprError::new(format!("{found} has no `{}`", name.text), name.span))
            }
            Place::Expr(expr) => {
                let found = self.describe(&expr.ty);
                self.fail(ExprError::new(format!("{found} has no `{}`", name.text), name.span))
            }
        }
    }

    fn field_at(&self, entity: EntityIx, field: FieldIx) -> &'a Field {
        &self.entity(entity).fields[field as usize]
    }

    /// A field of a row. `bare`: its name stands alone, not after a dot.
    fn field(&mut self, row: Reached, name: &str, span: Span, bare: bool) -> Option<Place> {
        let entity = self.entity(row.entity);
        let Some(ix) = entity.fields.iter().position(|field| field.name == name) else {
            return self.unknown(&row, name, span, bare);
        };
        let ix = ix as FieldIx;
        let field = &entity.fields[ix as usize];
        self.mentions.push(Mention::Field {
            of: entity.name.clone(),
            field: name.to_owned(),
            span,
            bare,
        });
        if field.computed.is_some() && !self.allow.computed {
            return self.fail(ExprError::new(format!("`{name}` is computed itself"), span).help("write its expression out here"));
        }
        match &field.kind {
            FieldKind::Ref(reference) => {
                let Some(target) = self.position(&reference.target) else {
                    return self.fail(ExprError::new(format!("there is no entity `{}`", reference.target), span));
                };
                self.hop(row, ix, target, span).map(Place::Row)
            }
            FieldKind::Many(many) => self.rows_of(row, ix, &many.target, span),
            FieldKind::Inverse(inverse) => self.rows_of(row, ix, &inverse.target, span),
            FieldKind::AnyOf(_) => Some(Place::Any(row, ix)),
            FieldKind::Embedded(_) => Some(Place::Embedded(row, ix)),
            FieldKind::Scalar(Scalar::Json) => Some(Place::Json(row, ix, Vec::new())),
            _ => Some(Place::Value(row, ix)),
        }
    }

    fn hop(&mut self, mut row: Reached, field: FieldIx, target: EntityIx, span: Span) -> Option<Reached> {
        if row.hops.len() >= MAX_HOPS {
            return self.fail(ExprError::new(format!("a path follows at most {MAX_HOPS} references"), span));
        }
        row.hops.push(field);
        row.entity = target;
        Some(row)
    }

    fn rows_of(&mut self, row: Reached, field: FieldIx, target: &str, span: Span) -> Option<Place> {
        if row.before {
            return self.fail(ExprError::new("`before` knows only the row's own fields", span));
        }
        if !self.allow.relations {
            return self.fail(not_here("a relation", "only the row's own fields are known", span));
        }
        match self.position(target) {
            Some(target) => Some(Place::Rows(row, field, target)),
            None => self.fail(ExprError::new(format!("there is no entity `{target}`"), span)),
        }
    }

    fn unknown(&mut self, row: &Reached, name: &str, span: Span, bare: bool) -> Option<Place> {
        let entity = self.entity(row.entity);
        let message = if bare {
            format!("there is no `{name}` here")
        } else {
            format!("{} has no field `{name}`", entity.name)
        };
        let error = ExprError::new(message, span);
        let mut known: Vec<&str> = entity.fields.iter().map(|field| field.name.as_str()).collect();
        let rows: Vec<String> = self.rows.iter().filter_map(|row| row.name.clone()).collect();
        if bare {
            known.extend(["me", "now", "this"]);
            known.extend(rows.iter().map(String::as_str));
        }
        if let Some(near) = nearest(name, known.iter().copied()) {
            return self.fail(error.help(format!("did you mean `{near}`?")));
        }
        let value = self
            .model
            .enums
            .iter()
            .flat_map(|item| &item.values)
            .find(|value| bare && (value.name == name || value.value == name));
        self.fail(match value {
            Some(value) => error.help(format!("values of enums are written as text: '{}'", value.value)),
            None if bare => error.help(format!(
                "the fields of {} are known here, `me` and `now`; text stands in quotes",
                entity.name
            )),
            None => error,
        })
    }

    fn inner(&mut self, row: Reached, field: FieldIx, name: &Name) -> Option<Place> {
        let FieldKind::Embedded(of) = &self.field_at(row.entity, field).kind else {
            return None;
        };
        let Some(embedded) = self.model.embedded_type(of) else {
            return self.fail(ExprError::new(format!("there is no embedded struct `{of}`"), name.span));
        };
        let Some(ix) = embedded.fields.iter().position(|inner| inner.name == name.text) else {
            let error = ExprError::new(format!("{of} has no field `{}`", name.text), name.span);
            return self.fail(match nearest(&name.text, embedded.fields.iter().map(|inner| inner.name.as_str())) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error,
            });
        };
        self.mentions.push(Mention::Field {
            of: of.clone(),
            field: name.text.clone(),
            span: name.span,
            bare: false,
        });
        let inner = &embedded.fields[ix];
        match field_value_type(self, inner) {
            Some(ty) => Some(Place::Expr(row.part(field, Part::Inner(ix as FieldIx), ty, name.span))),
            None => self.fail(ExprError::new(format!("`{}` cannot be used in expressions", name.text), name.span)),
        }
    }

    fn claim(&mut self, name: &Name) -> Option<Place> {
        let (me, ty) = match name.text.as_str() {
            "id" => (Me::Id, self.me_key()),
            "roles" => (Me::Roles, Type::List(Box::new(Type::Scalar(Scalar::String)))),
            text => {
                let users = || {
                    self.model
                        .entities
                        .iter()
                        .filter(|entity| entity.name == "User" || entity.extends.as_deref() == Some("User"))
                };
                let found = users().find_map(|entity| entity.field(text).map(|field| (entity.name.clone(), field)));
                let Some((of, field)) = found else {
                    let error = ExprError::new(format!("`me` has no `{text}`"), name.span);
                    let known = ["id", "roles"]
                        .into_iter()
                        .chain(users().flat_map(|entity| &entity.fields).map(|field| field.name.as_str()));
                    let near = nearest(text, known).map(|near| format!("did you mean `{near}`?"));
                    return self.fail(error.help(near.unwrap_or_else(|| "it has `id` and `roles`".to_owned())));
                };
                let Some(ty) = field_value_type(self, field).filter(|ty| !matches!(ty, Type::Json)) else {
                    return self.fail(ExprError::new(format!("`me.{text}` cannot be used in expressions"), name.span));
                };
                self.mentions.push(Mention::Field {
                    of,
                    field: text.to_owned(),
                    span: name.span,
                    bare: false,
                });
                (Me::Claim(text.to_owned()), ty)
            }
        };
        Some(Place::Expr(Expr {
            node: Node::Me(me),
            ty,
            span: name.span,
        }))
    }

    fn me_key(&self) -> Type {
        let key = self.position("User").and_then(|user| self.single_key(user));
        key.map_or(Type::Scalar(Scalar::Uuid), |(_, ty)| ty)
    }

    /// The key of an entity when it is one scalar.
    pub(super) fn single_key(&self, entity: EntityIx) -> Option<(FieldIx, Type)> {
        let entity = self.entity(entity);
        let [key] = entity.key.as_slice() else { return None };
        let ix = entity.fields.iter().position(|field| field.name == *key)?;
        match entity.fields[ix].kind {
            FieldKind::Scalar(scalar) => Some((ix as FieldIx, Type::Scalar(scalar))),
            _ => None,
        }
    }

    /// The value of a path.
    pub(super) fn value_of(&mut self, place: Place, span: Span) -> Option<Expr> {
        match place {
            Place::Expr(expr) => Some(Expr { span, ..expr }),
            Place::Me => {
                let ty = self.position("User").map_or(Type::Scalar(Scalar::Uuid), Type::Row);
                Some(Expr {
                    node: Node::Me(Me::Whole),
                    ty,
                    span,
                })
            }
            Place::Row(row) => self.row_value(row, span),
            Place::Value(row, field) => self.field_value(row, field, span),
            Place::Any(row, field) => Some(row.part(field, Part::Whole, Type::AnyRow, span)),
            Place::Json(row, field, path) if path.is_empty() => Some(row.part(field, Part::Whole, Type::Json, span)),
            Place::Json(row, field, path) => Some(row.part(field, Part::Json(path), Type::Scalar(Scalar::Text), span)),
            Place::Embedded(row, field) => {
                let name = &self.field_at(row.entity, field).name;
                self.fail(ExprError::new(format!("`{name}` is a struct"), span).help(format!("name one of its fields: `{name}.…`")))
            }
            Place::Rows(row, field, _) => {
                let name = &self.field_at(row.entity, field).name;
                let error = ExprError::new(format!("`{name}` is a relation, not a value"), span);
                self.fail(error.help(format!("use `{name}.exists(x, …)`, `{name}.all(x, …)` or `size({name})`")))
            }
        }
        .and_then(|expr| self.permitted(expr))
    }

    /// What the surroundings forbid about fields reached.
    fn permitted(&mut self, expr: Expr) -> Option<Expr> {
        let followed = match &expr.node {
            Node::Field(field) => !field.hops.is_empty() && !self.allow.relations,
            Node::Before(field) if !field.hops.is_empty() => {
                return self.fail(ExprError::new("`before` knows only the row's own fields", expr.span));
            }
            _ => false,
        };
        if followed {
            self.fail(not_here("a reference", "only the row's own fields are known", expr.span))
        } else {
            Some(expr)
        }
    }

    /// A row as a value: its key.
    fn row_value(&mut self, mut row: Reached, span: Span) -> Option<Expr> {
        let ty = Type::Row(row.entity);
        let reaches_key = row.hops.last().is_none_or(|_| self.last_holds_key(&row));
        if reaches_key && let Some(last) = row.hops.pop() {
            return Some(row.part(last, Part::Whole, ty, span));
        }
        match self.single_key(row.entity) {
            Some((key, _)) => Some(row.part(key, Part::Whole, ty, span)),
            None => {
                let name = &self.entity(row.entity).name;
                self.fail(ExprError::new(format!("{name} has no key of one column to compare"), span).help("compare its fields"))
            }
        }
    }

    /// Whether the columns of the last reference followed hold the target's key (`#[db(references)]` may say otherwise).
    fn last_holds_key(&self, row: &Reached) -> bool {
        let mut entity = row.start;
        let mut last = None;
        for hop in &row.hops {
            let field = self.field_at(entity, *hop);
            last = Some(field);
            if let FieldKind::Ref(reference) = &field.kind
                && let Some(target) = self.position(&reference.target)
            {
                entity = target;
            }
        }
        let columns = self.model.key_columns(self.entity(entity));
        last.is_some_and(|field| field.db.references.is_empty() || field.db.references == columns)
    }

    fn field_value(&mut self, mut row: Reached, ix: FieldIx, span: Span) -> Option<Expr> {
        let field = self.field_at(row.entity, ix);
        let Some(ty) = self.type_of(&field.kind) else {
            return self.fail(ExprError::new(format!("`{}` cannot be used in expressions", field.name), span));
        };
        // The key of a row referred to lies in the reference's own columns: nothing needs to be followed.
        let entity = self.entity(row.entity);
        let key = entity.key.iter().position(|name| *name == field.name);
        let plain = entity.key_fields().all(|key| key.columns.len() == 1);
        if let Some(at) = key
            && plain
            && !row.hops.is_empty()
            && self.last_holds_key(&row)
            && let Some(last) = row.hops.pop()
        {
            let part = if entity.key.len() == 1 { Part::Whole } else { Part::Key(at as u32) };
            return Some(row.part(last, part, ty, span));
        }
        Some(row.part(ix, Part::Whole, ty, span))
    }
}

/// Type of a field that has one value and no path of its own.
fn field_value_type(checker: &Checker<'_>, field: &Field) -> Option<Type> {
    match &field.kind {
        FieldKind::Embedded(_) | FieldKind::Many(_) | FieldKind::Inverse(_) | FieldKind::AnyOf(_) => None,
        kind => checker.type_of(kind),
    }
}

fn not_here(name: &str, why: &str, span: Span) -> ExprError {
    let quoted = if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
    ExprError::new(format!("{quoted} cannot be used here: {why}"), span)
}

impl Reached {
    pub(super) fn at(row: &Row) -> Reached {
        Reached {
            before: false,
            var: row.var,
            start: row.entity,
            hops: Vec::new(),
            entity: row.entity,
        }
    }

    pub(super) fn part(&self, field: FieldIx, part: Part, ty: Type, span: Span) -> Expr {
        let reference = FieldRef {
            var: self.var,
            entity: self.start,
            hops: self.hops.clone(),
            field,
            part,
        };
        let node = if self.before {
            Node::Before(reference)
        } else {
            Node::Field(reference)
        };
        Expr { node, ty, span }
    }
}

/// Declaration of the field that an expression reads; `None` for anything else, and for a part of a field.
pub(super) fn declared<'a>(checker: &Checker<'a>, expr: &Expr, part: &Part) -> Option<&'a FieldKind> {
    let (Node::Field(field) | Node::Before(field)) = &expr.node else {
        return None;
    };
    if field.part != *part {
        return None;
    }
    let mut entity = field.entity;
    for hop in &field.hops {
        if let FieldKind::Ref(reference) = &checker.field_at(entity, *hop).kind {
            entity = checker.position(&reference.target)?;
        }
    }
    Some(&checker.field_at(entity, field.field).kind)
}

/// Names of the entities a polymorphic reference can point to, when `expr` is the type of one.
pub(super) fn any_types(checker: &Checker<'_>, expr: &Expr) -> Option<Vec<String>> {
    match declared(checker, expr, &Part::AnyType)? {
        FieldKind::AnyOf(any) => Some(any.targets.iter().map(|target| glaze_model::snake_case(target)).collect()),
        _ => None,
    }
}

/// Whether a constant text names none of the possible types.
pub(super) fn stray_type<'v>(types: &[String], value: &'v Value) -> Option<&'v str> {
    match value {
        Value::Text(text) if !types.contains(text) => Some(text),
        _ => None,
    }
}
