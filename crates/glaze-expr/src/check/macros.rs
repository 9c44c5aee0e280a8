//! Relations: `exists`, `all`, `filter`, `size(relation)` and `x in relation`.

use glaze_model::{FieldKind, Scalar, Span};

use super::{
    Checker, Row,
    names::{Place, Reached},
};
use crate::{
    ExprError,
    ast::{Ast, Kind, Macro, Name},
    tree::{Compare, EntityIx, Exists, Expr, FieldIx, FieldRef, Node, Part, Quantifier, Type},
};

/// Most relations inside one another.
const MAX_NESTED: usize = 4;

impl Checker<'_> {
    /// `relation.exists(row, body)` or `.all`.
    pub(super) fn over_rows(&mut self, ast: &Ast) -> Option<Expr> {
        let Kind::Macro { kind, over, row, body } = &ast.kind else {
            return None;
        };
        let quantifier = match kind {
            Macro::Exists => Quantifier::Some,
            Macro::All => Quantifier::Every,
            Macro::Filter => {
                let error = ExprError::new("`filter` gives rows, not a value", ast.span);
                return self.fail(error.help("count them with `size(relation.filter(row, condition))`"));
            }
        };
        let exists = self.quantified(over, row, body, quantifier)?;
        Some(Expr {
            node: Node::Exists(Box::new(exists)),
            ty: Type::BOOL,
            span: ast.span,
        })
    }

    fn quantified(&mut self, over: &Ast, row: &Name, body: &Ast, quantifier: Quantifier) -> Option<Exists> {
        let (from, field, target) = self.relation(over)?;
        if matches!(row.text.as_str(), "me" | "now" | "this" | "before")
            || self.rows.iter().any(|known| known.name.as_ref() == Some(&row.text))
        {
            return self.fail(ExprError::new(format!("`{}` is taken", row.text), row.span).help("choose another name for the row"));
        }
        if self.rows.len() > MAX_NESTED {
            return self.fail(ExprError::new(
                format!("relations are nested more than {MAX_NESTED} deep"),
                over.span,
            ));
        }
        let var = self.next;
        self.next += 1;
        self.rows.push(Row {
            name: Some(row.text.clone()),
            entity: target,
            var,
        });
        let body = self.condition(body);
        self.rows.pop();
        Some(Exists {
            from: from.var,
            entity: from.start,
            hops: from.hops,
            field,
            target,
            var,
            quantifier,
            body: body?,
        })
    }

    /// The relation before a macro.
    fn relation(&mut self, over: &Ast) -> Option<(Reached, FieldIx, EntityIx)> {
        let place = self.place(over)?;
        match place {
            Place::Rows(row, field, target) => Some((row, field, target)),
            Place::Value(row, field)
                if matches!(
                    self.entity(row.entity).fields[field as usize].kind,
                    FieldKind::List(_) | FieldKind::EnumList(_)
                ) =>
            {
                let error = ExprError::new("this is a list of values, not a relation", over.span);
                self.fail(error.help("use `value in list` or `size(list)`"))
            }
            Place::Row(_) => {
                let error = ExprError::new("this is one row, not many", over.span);
                self.fail(error.help("name its fields directly: `author.name == …`"))
            }
            other => {
                let found = match self.value_of(other, over.span) {
                    Some(expr) => self.describe(&expr.ty),
                    None => return None,
                };
                self.fail(ExprError::new(format!("expected a relation, this is {found}"), over.span))
            }
        }
    }

    /// `x in relation`: one of its rows is `x`.
    pub(super) fn is_member(&mut self, item: Expr, from: &Reached, field: FieldIx, target: EntityIx, span: Span) -> Option<Expr> {
        let Some((key, _)) = self.single_key(target) else {
            let name = &self.entity(target).name;
            let error = ExprError::new(format!("{name} has no key of one column to compare"), span);
            return self.fail(error.help("use `.exists(x, …)`"));
        };
        let item = self.fit(item, &Type::Row(target))?;
        let var = self.next;
        self.next += 1;
        let reference = FieldRef {
            var,
            entity: target,
            hops: Vec::new(),
            field: key,
            part: Part::Whole,
        };
        let row = Expr {
            node: Node::Field(reference),
            ty: Type::Row(target),
            span,
        };
        let fits = match &item.ty {
            Type::Row(found) => *found == target,
            Type::Scalar(_) => self
                .single_key(target)
                .is_some_and(|(_, ty)| super::types::comparable(&ty, &item.ty)),
            _ => false,
        };
        if !fits {
            let (found, held) = (self.describe(&item.ty), self.entity(target).name.clone());
            return self.fail(ExprError::new(format!("{found} cannot be in a relation to {held}"), span));
        }
        let body = Expr {
            node: Node::Compare(Compare::Eq, Box::new(row), Box::new(item)),
            ty: Type::BOOL,
            span,
        };
        let exists = Exists {
            from: from.var,
            entity: from.start,
            hops: from.hops.clone(),
            field,
            target,
            var,
            quantifier: Quantifier::Some,
            body,
        };
        Some(Expr {
            node: Node::Exists(Box::new(exists)),
            ty: Type::BOOL,
            span,
        })
    }

    /// `size(relation)` and `size(relation.filter(row, condition))`; `None` without a finding when it is neither.
    pub(super) fn count(&mut self, of: &Ast, span: Span) -> Option<Counted> {
        let exists = match &of.kind {
            Kind::Macro {
                kind: Macro::Filter,
                over,
                row,
                body,
            } => self.quantified(over, row, body, Quantifier::Some)?,
            Kind::Name(_) | Kind::Member(..) | Kind::Index(..) => match self.place(of)? {
                Place::Rows(row, field, target) => {
                    let var = self.next;
                    self.next += 1;
                    let body = Expr { span, ..Expr::bool(true) };
                    Exists {
                        from: row.var,
                        entity: row.start,
                        hops: row.hops,
                        field,
                        target,
                        var,
                        quantifier: Quantifier::Some,
                        body,
                    }
                }
                other => return self.value_of(other, of.span).map(Counted::Value),
            },
            _ => return self.expr(of).map(Counted::Value),
        };
        let ty = Type::Scalar(Scalar::I64);
        Some(Counted::Rows(Expr {
            node: Node::CountOf(Box::new(exists)),
            ty,
            span,
        }))
    }
}

/// What `size` was given.
pub(super) enum Counted {
    /// Rows, counted.
    Rows(Expr),
    /// A value to take the size of.
    Value(Expr),
}
