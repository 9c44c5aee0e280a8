//! Filters and search.

use glaze_expr::tree::{Compare, EntityIx, Exists, Expr, Func, Node, Quantifier, Type, Var};
use glaze_model::{Scalar, Value};

use super::{Binder, compare, fold::shift, own};
use crate::{
    query::{Filter, QueryError, Target, Test},
    schema::{EntityInfo, FieldInfo},
};

impl Binder<'_> {
    /// The rows that are meant and may be read.
    pub(super) fn rows(&self, entity: &EntityInfo, filter: Option<&Filter>, search: Option<&str>) -> Result<Expr, QueryError> {
        let mut all = vec![self.readable(entity)?];
        if let Some(filter) = filter {
            all.push(self.filter(entity, 0, filter)?);
        }
        if let Some(text) = search {
            all.push(self.search(entity, text)?);
        }
        Ok(Expr::and(all))
    }

    /// A condition on the row `var`.
    pub(super) fn filter(&self, entity: &EntityInfo, var: Var, filter: &Filter) -> Result<Expr, QueryError> {
        let all = |items: &[Filter]| {
            items
                .iter()
                .map(|item| self.filter(entity, var, item))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match filter {
            Filter::And(items) => Expr::and(all(items)?),
            Filter::Or(items) => Expr::or(all(items)?),
            Filter::Not(inner) => self.filter(entity, var, inner)?.not(),
            Filter::Test(target, test) => tested(self.value(entity, var, target)?, test),
            Filter::Related {
                field,
                target,
                quantifier,
                filter,
            } => {
                let field = &entity.fields[*field as usize];
                self.related(entity, var, field, *target, *quantifier, filter)?
            }
        })
    }

    /// A value of the row, null where it may not be read.
    fn value(&self, entity: &EntityInfo, var: Var, target: &Target) -> Result<Expr, QueryError> {
        let field = &entity.fields[target.field as usize];
        let rule = self.readable_field(entity, field)?;
        let value = Expr::new(
            Node::Field(own(var, entity.ix, target.field, target.part.clone())),
            target.ty.clone(),
        );
        if rule.is_true() {
            return Ok(value);
        }
        let nothing = Expr::new(Node::Literal(Value::Null), target.ty.clone());
        Ok(Expr::new(
            Node::If(Box::new(shift(rule, var)), Box::new(value), Box::new(nothing)),
            target.ty.clone(),
        ))
    }

    fn related(
        &self,
        entity: &EntityInfo,
        var: Var,
        field: &FieldInfo,
        target: EntityIx,
        quantifier: Quantifier,
        filter: &Filter,
    ) -> Result<Expr, QueryError> {
        let rule = shift(self.readable_field(entity, field)?, var);
        let target = self.schema.entity(target);
        let there = var + 1;
        let policy = shift(self.readable_through(entity, field, target)?, there);
        let condition = self.filter(target, there, filter)?;
        let body = match quantifier {
            Quantifier::Some | Quantifier::None => Expr::and([policy, condition]),
            // Rows that may not be read are not among those that all must satisfy.
            Quantifier::Every => otherwise_true(policy, condition),
        };
        let exists = Exists {
            from: var,
            entity: entity.ix,
            hops: Vec::new(),
            field: field.ix,
            target: target.ix,
            var: there,
            quantifier,
            body,
        };
        let exists = Expr::new(Node::Exists(Box::new(exists)), Type::BOOL);
        Ok(match quantifier {
            Quantifier::Some => Expr::and([rule, exists]),
            // A relation that may not be read has no rows.
            Quantifier::None | Quantifier::Every => otherwise_true(rule, exists),
        })
    }

    /// Search looks only into what may be read in every row: a hit must not tell of a text that is hidden.
    fn search(&self, entity: &EntityInfo, text: &str) -> Result<Expr, QueryError> {
        let readable = |field: &&u32| self.field_rule(entity, &entity.fields[**field as usize]).is_true();
        let whole = |field: &u32| own(0, entity.ix, *field, glaze_expr::tree::Part::Whole);
        let fields: Vec<_> = entity.searchable.iter().filter(readable).map(whole).collect();
        if fields.is_empty() {
            let message = format!("no text of `{}` may be searched", entity.name);
            return Err(QueryError::Forbidden {
                entity: entity.name.clone(),
                field: None,
                message,
            });
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Ok(Expr::bool(false));
        }
        Ok(Expr::new(
            Node::Search {
                fields,
                text: text.to_owned(),
            },
            Type::BOOL,
        ))
    }
}

/// `condition ? then : true`
fn otherwise_true(condition: Expr, then: Expr) -> Expr {
    if condition.is_true() {
        return then;
    }
    Expr::new(
        Node::If(Box::new(condition), Box::new(then), Box::new(Expr::bool(true))),
        Type::BOOL,
    )
}

fn tested(value: Expr, test: &Test) -> Expr {
    let null = |value: Expr| compare(Compare::Eq, value, Value::Null);
    let bool = |node| Expr::new(node, Type::BOOL);
    match test {
        Test::Compare(op, operand) => compare(*op, value, operand.clone()),
        Test::In(items) => among(value, items),
        // Null is in no list, so it passes.
        Test::NotIn(items) if items.is_empty() => Expr::bool(true),
        Test::NotIn(items) => Expr::or([null(value.clone()), among(value, items).not()]),
        Test::Null => null(value),
        Test::NotNull => compare(Compare::Ne, value, Value::Null),
        Test::Text(func, text) => {
            let text = Expr::new(Node::Literal(Value::Text(text.clone())), Type::Scalar(Scalar::String));
            bool(Node::Call(*func, vec![value, text]))
        }
        Test::Between(from, to) => Expr::and([
            compare(Compare::Ge, value.clone(), from.clone()),
            compare(Compare::Le, value, to.clone()),
        ]),
        Test::NotBetween(from, to) => Expr::or([
            compare(Compare::Lt, value.clone(), from.clone()),
            compare(Compare::Gt, value, to.clone()),
        ]),
        Test::Has(item) => {
            let ty = match &value.ty {
                Type::List(item) => (**item).clone(),
                ty => ty.clone(),
            };
            bool(Node::Call(Func::Has, vec![value, Expr::new(Node::Literal(item.clone()), ty)]))
        }
        Test::Empty => empty(value),
        Test::NotEmpty => empty(value).not(),
    }
}

fn among(value: Expr, items: &[Value]) -> Expr {
    if items.is_empty() {
        return Expr::bool(false);
    }
    let ty = Type::List(Box::new(value.ty.clone()));
    let list = Expr::new(Node::Literal(Value::List(items.to_vec())), ty);
    Expr::new(Node::In(Box::new(value), Box::new(list)), Type::BOOL)
}

/// Null, `''` or a list without items.
fn empty(value: Expr) -> Expr {
    let null = compare(Compare::Eq, value.clone(), Value::Null);
    let nothing = match value.ty {
        Type::List(_) | Type::Json => {
            let size = Expr::new(Node::Call(Func::Size, vec![value]), Type::Scalar(Scalar::I64));
            compare(Compare::Eq, size, Value::Int(0))
        }
        _ => compare(Compare::Eq, value, Value::Text(String::new())),
    };
    Expr::or([null, nothing])
}
