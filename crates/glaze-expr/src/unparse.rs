//! Typed tree back to names, for people (`print(&unparse(model, &expr))`) and for the admin.

use glaze_model::{Entity, Field, FieldKind, Model, Scalar, Span, Value};

use crate::{
    ast::{Ast, Kind, Macro, Name},
    functions::name_of,
    tree::{EntityIx, Exists, Expr, FieldIx, FieldRef, Func, Me, Node, Part, Quantifier, Type, Var},
};

/// The expression in names. Checking it again gives the same tree when it came from the checker; filters from elsewhere may hold what CEL
/// has no word for, which then shows as a call of a function that does not exist.
pub fn unparse(model: &Model, expr: &Expr) -> Ast {
    Unparser { model }.expr(expr)
}

struct Unparser<'a> {
    model: &'a Model,
}

fn node(kind: Kind) -> Ast {
    Ast::new(kind, Span::default())
}

fn name(text: impl Into<String>) -> Name {
    Name {
        text: text.into(),
        span: Span::default(),
    }
}

fn call(function: &str, args: Vec<Ast>) -> Ast {
    node(Kind::Call {
        on: None,
        name: name(function),
        args,
    })
}

fn member(base: Ast, text: &str) -> Ast {
    node(Kind::Member(Box::new(base), name(text)))
}

impl Unparser<'_> {
    fn expr(&self, expr: &Expr) -> Ast {
        let boxed = |expr: &Expr| Box::new(self.expr(expr));
        let all = |items: &[Expr]| items.iter().map(|item| self.expr(item)).collect::<Vec<_>>();
        node(match &expr.node {
            Node::Literal(value) => return literal(value, &expr.ty),
            Node::Field(field) => return self.field(field, false),
            Node::Before(field) => return self.field(field, true),
            Node::Me(me) => return self.me(me),
            Node::Now => Kind::Name("now".to_owned()),
            Node::Not(inner) => Kind::Not(boxed(inner)),
            Node::Neg(inner) => Kind::Neg(boxed(inner)),
            Node::And(items) if items.len() > 1 => Kind::And(all(items)),
            Node::Or(items) if items.len() > 1 => Kind::Or(all(items)),
            Node::And(items) => return items.first().map_or_else(|| node(Kind::Bool(true)), |item| self.expr(item)),
            Node::Or(items) => return items.first().map_or_else(|| node(Kind::Bool(false)), |item| self.expr(item)),
            Node::Compare(op, a, b) => Kind::Compare(*op, boxed(a), boxed(b)),
            Node::In(a, b) => Kind::In(boxed(a), boxed(b)),
            Node::Arith(op, a, b) => Kind::Arith(*op, boxed(a), boxed(b)),
            Node::If(a, b, c) => Kind::If(boxed(a), boxed(b), boxed(c)),
            Node::Call(func, args) => self.function(*func, all(args)),
            Node::Exists(exists) => return self.exists(exists),
            Node::CountOf(exists) if exists.body.is_true() => return call("size", vec![self.relation(exists)]),
            Node::CountOf(exists) => return call("size", vec![self.over_rows(Macro::Filter, exists)]),
            Node::Search { fields, text } => {
                let mut args: Vec<Ast> = fields.iter().map(|field| self.field(field, false)).collect();
                args.push(node(Kind::Text(text.clone())));
                return call("search", args);
            }
        })
    }

    fn function(&self, func: Func, mut args: Vec<Ast>) -> Kind {
        use Func::*;
        let method = matches!(
            func,
            Contains | StartsWith | EndsWith | IContains | IStartsWith | IEndsWith | Matches | Has
        );
        let on = (method && !args.is_empty()).then(|| Box::new(args.remove(0)));
        Kind::Call {
            on,
            name: name(name_of(func)),
            args,
        }
    }

    fn me(&self, me: &Me) -> Ast {
        let whole = node(Kind::Name("me".to_owned()));
        match me {
            Me::Whole => whole,
            Me::Id => member(whole, "id"),
            Me::Roles => member(whole, "roles"),
            Me::Claim(claim) => member(whole, claim),
        }
    }

    fn exists(&self, exists: &Exists) -> Ast {
        match exists.quantifier {
            Quantifier::Some => self.over_rows(Macro::Exists, exists),
            Quantifier::Every => self.over_rows(Macro::All, exists),
            Quantifier::None => node(Kind::Not(Box::new(self.over_rows(Macro::Exists, exists)))),
        }
    }

    fn over_rows(&self, kind: Macro, exists: &Exists) -> Ast {
        let body = Box::new(self.expr(&exists.body));
        node(Kind::Macro {
            kind,
            over: Box::new(self.relation(exists)),
            row: name(row_name(exists.var)),
            body,
        })
    }

    fn relation(&self, exists: &Exists) -> Ast {
        let (base, entity) = self.follow(exists.from, exists.entity, &exists.hops, false);
        self.step(base, entity, exists.field).0
    }

    fn entity(&self, ix: EntityIx) -> Option<&Entity> {
        self.model.entities.get(ix as usize)
    }

    fn field_of(&self, entity: EntityIx, field: FieldIx) -> Option<&Field> {
        self.entity(entity)?.fields.get(field as usize)
    }

    /// The row a path starts at; `None` is the row that is judged, whose fields stand alone.
    fn follow(&self, var: Var, entity: EntityIx, hops: &[FieldIx], before: bool) -> (Option<Ast>, EntityIx) {
        let mut base = match (var, before) {
            (0, false) => None,
            (0, true) => Some(node(Kind::Name("before".to_owned()))),
            (var, _) => Some(node(Kind::Name(row_name(var)))),
        };
        let mut reached = entity;
        for hop in hops {
            let (ast, next) = self.step(base, reached, *hop);
            base = Some(ast);
            reached = next;
        }
        (base, reached)
    }

    fn step(&self, base: Option<Ast>, entity: EntityIx, field: FieldIx) -> (Ast, EntityIx) {
        let field = self.field_of(entity, field);
        let text = field.map_or("?", |field| field.name.as_str());
        let target = match field.map(|field| &field.kind) {
            Some(FieldKind::Ref(reference)) => self.model.entities.iter().position(|item| item.name == reference.target),
            _ => None,
        };
        let reserved = matches!(text, "me" | "now" | "this" | "before");
        let ast = match base {
            Some(base) => member(base, text),
            None if reserved => member(node(Kind::Name("this".to_owned())), text),
            None => node(Kind::Name(text.to_owned())),
        };
        (ast, target.map_or(entity, |ix| ix as EntityIx))
    }

    fn field(&self, field: &FieldRef, before: bool) -> Ast {
        let (base, entity) = self.follow(field.var, field.entity, &field.hops, before);
        let (ast, target) = self.step(base, entity, field.field);
        let kind = self.field_of(entity, field.field).map(|field| &field.kind);
        match &field.part {
            Part::Whole => ast,
            Part::AnyType => member(ast, "type"),
            Part::AnyId => member(ast, "id"),
            Part::Json(path) => path.iter().fold(ast, |base, key| {
                node(Kind::Index(Box::new(base), Box::new(node(Kind::Text(key.clone())))))
            }),
            Part::Key(at) => {
                let key = self.entity(target).and_then(|entity| entity.key.get(*at as usize));
                member(ast, key.map_or("?", String::as_str))
            }
            Part::Inner(inner) => {
                let embedded = match kind {
                    Some(FieldKind::Embedded(name)) => self.model.embedded_type(name),
                    _ => None,
                };
                let inner = embedded.and_then(|embedded| embedded.fields.get(*inner as usize));
                member(ast, inner.map_or("?", |inner| inner.name.as_str()))
            }
        }
    }
}

fn row_name(var: Var) -> String {
    if var == 0 { "this".to_owned() } else { format!("row{var}") }
}

fn literal(value: &Value, ty: &Type) -> Ast {
    let text = |text: String| node(Kind::Text(text));
    match value {
        Value::Null => node(Kind::Null),
        Value::Bool(value) => node(Kind::Bool(*value)),
        Value::Int(value) => node(Kind::Int(*value)),
        Value::Float(value) => node(Kind::Float(*value)),
        Value::Text(value) => text(value.clone()),
        Value::List(items) => {
            let item = match ty {
                Type::List(item) => item.as_ref(),
                other => other,
            };
            node(Kind::List(items.iter().map(|value| literal(value, item)).collect()))
        }
        Value::Uuid(_) => call("uuid", vec![text(value.to_string())]),
        Value::Date(_) => call("date", vec![text(value.to_string())]),
        Value::Time(_) => call("time", vec![text(value.to_string())]),
        Value::DateTime(_) => call("timestamp", vec![text(value.to_string())]),
        Value::Duration(_) => call("duration", vec![text(value.to_string())]),
        Value::Decimal(_) if matches!(ty, Type::Scalar(Scalar::Decimal | Scalar::Money)) => call("decimal", vec![text(value.to_string())]),
        other => text(other.to_string()),
    }
}
