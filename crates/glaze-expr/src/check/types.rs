//! Types: of fields, how they are called, which fit together.

use glaze_model::{FieldKind, Model, Scalar, Span, Value};

use super::Checker;
use crate::{
    ExprError,
    tree::{Arith, Compare, EntityIx, Expr, FieldRef, Func, Node, Part, Type},
};

/// Type of a field's value in expressions; `None` for to-many relations and embedded structs, which have no value of their own.
pub fn field_type(model: &Model, kind: &FieldKind) -> Option<Type> {
    Some(match kind {
        FieldKind::Scalar(Scalar::Json) => Type::Json,
        FieldKind::Scalar(scalar) => Type::Scalar(*scalar),
        FieldKind::List(scalar) => Type::List(Box::new(Type::Scalar(*scalar))),
        FieldKind::Enum(name) => Type::Enum(name.clone()),
        FieldKind::EnumList(name) => Type::List(Box::new(Type::Enum(name.clone()))),
        FieldKind::Ref(reference) => Type::Row(position(model, &reference.target)?),
        FieldKind::Inverse(inverse) if inverse.one => Type::Row(position(model, &inverse.target)?),
        FieldKind::AnyOf(_) => Type::AnyRow,
        FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => Type::Json,
        FieldKind::Custom => Type::Opaque,
        FieldKind::Embedded(_) | FieldKind::Many(_) | FieldKind::Inverse(_) => return None,
    })
}

fn position(model: &Model, name: &str) -> Option<EntityIx> {
    model
        .entities
        .iter()
        .position(|entity| entity.name == name)
        .map(|ix| ix as EntityIx)
}

/// Whether the expression can give null for a row that satisfies the schema.
pub fn may_be_null(model: &Model, expr: &Expr) -> bool {
    let any = |items: &[Expr]| items.iter().any(|item| may_be_null(model, item));
    match &expr.node {
        Node::Literal(value) => value.is_null(),
        Node::Field(field) => field_may_be_null(model, field),
        Node::Before(_) | Node::Me(_) => true,
        Node::Now | Node::Exists(_) | Node::CountOf(_) | Node::In(..) | Node::Search { .. } => false,
        Node::Compare(Compare::Eq | Compare::Ne, ..) => false,
        Node::Not(a) | Node::Neg(a) => may_be_null(model, a),
        Node::And(items) | Node::Or(items) => any(items),
        Node::Compare(_, a, b) => may_be_null(model, a) || may_be_null(model, b),
        Node::Arith(Arith::Div | Arith::Rem, a, b) => {
            let sure = matches!(&b.node, Node::Literal(value) if !value.is_null() && !crate::evaluate::is_zero(value));
            !sure || may_be_null(model, a)
        }
        Node::Arith(_, a, b) => may_be_null(model, a) || may_be_null(model, b),
        Node::Call(Func::Has, _) => false,
        Node::Call(Func::Coalesce, args) => args.iter().all(|arg| may_be_null(model, arg)),
        Node::Call(_, args) => any(args),
        Node::If(_, a, b) => may_be_null(model, a) || may_be_null(model, b),
    }
}

fn field_may_be_null(model: &Model, reference: &FieldRef) -> bool {
    let mut entity = model.entities.get(reference.entity as usize);
    for hop in &reference.hops {
        let Some(field) = entity.and_then(|entity| entity.fields.get(*hop as usize)) else {
            return true;
        };
        let FieldKind::Ref(to) = &field.kind else { return true };
        if field.nullable {
            return true;
        }
        entity = model.entity(&to.target);
    }
    let Some(field) = entity.and_then(|entity| entity.fields.get(reference.field as usize)) else {
        return true;
    };
    match (&reference.part, &field.kind) {
        (Part::Json(_), _) => true,
        (Part::Inner(inner), FieldKind::Embedded(name)) => {
            let inner = model.embedded_type(name).and_then(|embedded| embedded.fields.get(*inner as usize));
            field.nullable || inner.is_none_or(|inner| inner.nullable)
        }
        _ => field.nullable,
    }
}

/// The Rust type's name with an article, for messages.
fn scalar_name(scalar: Scalar) -> &'static str {
    use Scalar::*;
    match scalar {
        Bool => "true or false",
        I16 | I32 | I64 | F32 | F64 | Decimal | Money => "a number",
        String | Text | Email | Url | Slug | Color => "text",
        Uuid => "a UUID",
        Date => "a date",
        Time => "a time of day",
        DateTime => "a point in time",
        Duration => "a duration",
        Json => "JSON",
        Bytes => "bytes",
        RichText => "rich text",
        Point => "a point",
    }
}

pub(super) fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(scalar) if scalar.is_numeric())
}

pub(super) fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(scalar) if scalar.is_integer())
}

pub(super) fn is_decimal(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(Scalar::Decimal | Scalar::Money))
}

pub(super) fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(scalar) if scalar.is_text())
}

pub(super) fn is(ty: &Type, scalar: Scalar) -> bool {
    matches!(ty, Type::Scalar(found) if *found == scalar)
}

/// The type both numbers can be brought to.
pub(super) fn wider(a: &Type, b: &Type) -> Type {
    let scalar = if is_integer(a) && is_integer(b) {
        Scalar::I64
    } else if (is_decimal(a) || is_integer(a)) && (is_decimal(b) || is_integer(b)) {
        Scalar::Decimal
    } else {
        Scalar::F64
    };
    Type::Scalar(scalar)
}

/// Whether values of the types can be equal at all; what `==` accepts.
pub(super) fn comparable(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Null, _) | (_, Type::Null) => true,
        (Type::Scalar(Scalar::Json | Scalar::RichText | Scalar::Point), _)
        | (_, Type::Scalar(Scalar::Json | Scalar::RichText | Scalar::Point)) => false,
        (Type::Scalar(x), Type::Scalar(y)) => x == y || (x.is_numeric() && y.is_numeric()) || (x.is_text() && y.is_text()),
        (Type::Enum(x), Type::Enum(y)) => x == y,
        (Type::Enum(_), other) | (other, Type::Enum(_)) => is_text(other),
        (Type::Row(x), Type::Row(y)) => x == y,
        (Type::Opaque, other) | (other, Type::Opaque) => is_text(other),
        _ => false,
    }
}

impl Checker<'_> {
    /// How a type is called in messages.
    pub(super) fn describe(&self, ty: &Type) -> String {
        match ty {
            Type::Null => "null".to_owned(),
            Type::Scalar(scalar) => scalar_name(*scalar).to_owned(),
            Type::Enum(name) => format!("a value of {name}"),
            Type::List(item) => match item.as_ref() {
                Type::Null => "an empty list".to_owned(),
                Type::Enum(name) => format!("a list of {name}"),
                Type::Scalar(scalar) if scalar.is_text() => "a list of text".to_owned(),
                Type::Scalar(scalar) if scalar.is_numeric() => "a list of numbers".to_owned(),
                _ => "a list".to_owned(),
            },
            Type::Row(entity) => {
                let name = &self.entity(*entity).name;
                let article = if name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
                format!("{article} {name}")
            }
            Type::AnyRow => "a reference to one of several entities".to_owned(),
            Type::Json => "JSON".to_owned(),
            Type::Opaque => "a value of a native type".to_owned(),
        }
    }

    /// What can be written to a field of type `wanted`.
    pub(super) fn assignable(&mut self, expr: Expr, wanted: &Type) -> Option<Expr> {
        let span = expr.span;
        let expr = self.fit(expr, wanted)?;
        let fits = match (&expr.ty, wanted) {
            (Type::Null, _) => true,
            (found, wanted) if is_number(found) && is_number(wanted) => {
                is_integer(found) || !is_integer(wanted) && (is(wanted, Scalar::F32) || is(wanted, Scalar::F64) || is_decimal(found))
            }
            (Type::List(found), Type::List(wanted)) => comparable(found, wanted),
            (Type::Row(found), Type::Row(wanted)) => found == wanted,
            (found, Type::Enum(_)) => found == wanted,
            (Type::Json, _) | (_, Type::Json) => false,
            (found, wanted) => comparable(found, wanted),
        };
        if fits {
            return Some(expr);
        }
        let both_numbers = is_number(&expr.ty) && is_number(wanted);
        let (found, needed) = (self.describe(&expr.ty), self.describe(wanted));
        let message = match (&expr.ty, wanted) {
            (Type::Scalar(found), Type::Scalar(wanted)) if both_numbers => {
                format!("this gives {}, which does not fit {}", found.name(), wanted.name())
            }
            _ => format!("this gives {found}, the field holds {needed}"),
        };
        self.fail(ExprError::new(message, span))
    }

    /// Reports that two types do not go together.
    pub(super) fn mismatch<T>(&mut self, doing: &str, a: &Expr, b: &Expr, span: Span) -> Option<T> {
        let (left, right) = (self.describe(&a.ty), self.describe(&b.ty));
        let message = if left == right {
            format!("cannot {doing} {left} this way")
        } else {
            format!("cannot {doing} {left} with {right}")
        };
        let error = ExprError::new(message, span);
        let temporal = |x: &Type, y: &Type| is(x, Scalar::Date) && is(y, Scalar::DateTime);
        let error = match (&a.ty, &b.ty) {
            (Type::Row(entity), other) | (other, Type::Row(entity)) if is(other, Scalar::Uuid) => {
                let key = self.entity(*entity).key.first().map_or("id", String::as_str);
                error.help(format!("compare with `me`, with null, or with its key: `.{key}`"))
            }
            (Type::Json, _) | (_, Type::Json) => error.help("name a member: `field.member` or `field['member']`"),
            (x, y) if temporal(x, y) || temporal(y, x) => error.help("a date has no time of day: use a DateTime field"),
            (Type::Scalar(Scalar::Bool), Type::Scalar(Scalar::Bool)) => error.help("use `==` or `!=`"),
            _ => error,
        };
        self.fail(error)
    }
}

/// Whether a literal.
pub(super) fn literal(expr: &Expr) -> Option<&Value> {
    match &expr.node {
        Node::Literal(value) => Some(value),
        _ => None,
    }
}
