//! Relations: following references, existence, counting.

use glaze_data::store::StoreError;
use glaze_expr::tree::{EntityIx, Exists, Expr, FieldIx, FieldRef, Node, Quantifier};

use super::{Operand, Renderer};
use crate::query::{Cell, Join, Piece, quote};

/// What stands after `FROM` and `WHERE` to reach related rows.
#[derive(Default)]
pub struct Reach {
    /// Tables with aliases.
    pub from: Vec<String>,
    /// Conditions that join them.
    pub on: Vec<String>,
}

impl<'a> Renderer<'a> {
    /// Joins the rows of a relation to the row that `alias` stands for; gives the alias of the related rows.
    pub fn reach(
        &mut self,
        reach: &mut Reach,
        alias: &str,
        entity: EntityIx,
        field: FieldIx,
        target: EntityIx,
    ) -> Result<String, StoreError> {
        let there = self.alias();
        reach.from.push(format!("{} {there}", self.tables.table(target)));
        match self.tables.join(entity, field, target)? {
            Join::Columns(pairs) => {
                for (here, other) in pairs {
                    reach
                        .on
                        .push(format!("{} = {}", self.column(&there, &other), self.column(alias, &here)));
                }
            }
            Join::Table { table, here, there: pairs } => {
                let link = self.alias();
                reach.from.push(format!("{table} {link}"));
                for (own, linked) in here {
                    reach
                        .on
                        .push(format!("{} = {}", self.column(&link, &linked), self.column(alias, &own)));
                }
                for (linked, other) in pairs {
                    reach
                        .on
                        .push(format!("{} = {}", self.column(&there, &other), self.column(&link, &linked)));
                }
            }
            Join::Polymorphic { ty, id, value, key } => {
                let key = self.dialect().as_text(&self.piece(&there, &key));
                reach
                    .on
                    .push(format!("{} = {}", self.column(alias, &ty), self.dialect().text_literal(&value)));
                reach.on.push(format!("{key} = {}", self.column(alias, &id)));
            }
            Join::PolymorphicInverse { ty, id, value, key } => {
                let key = self.dialect().as_text(&self.piece(alias, &key));
                reach
                    .on
                    .push(format!("{} = {}", self.column(&there, &ty), self.dialect().text_literal(&value)));
                reach.on.push(format!("{} = {key}", self.column(&there, &id)));
            }
        }
        Ok(there)
    }

    /// Follows to-one references; gives the alias and entity reached.
    fn follow(&mut self, reach: &mut Reach, alias: String, entity: EntityIx, hops: &[FieldIx]) -> Result<(String, EntityIx), StoreError> {
        let (mut alias, mut entity) = (alias, entity);
        for hop in hops {
            let target = self.tables.target(entity, *hop)?;
            alias = self.reach(reach, &alias, entity, *hop, target)?;
            entity = target;
        }
        Ok((alias, entity))
    }

    /// The value of a field behind references, as a subquery; null when `guard` does not hold for the row reached.
    pub fn reached(&mut self, field: &FieldRef, guard: Option<&Expr>) -> Result<Piece, StoreError> {
        let (alias, _) = self.row(field.var)?;
        let mut reach = Reach::default();
        let (alias, entity) = self.follow(&mut reach, alias, field.entity, &field.hops)?;
        let operand = self.part_operand(&alias, entity, field.field, &field.part)?;
        let piece = match operand {
            Operand::Multi(pieces) => pieces
                .into_iter()
                .next()
                .ok_or_else(|| StoreError::Other("a field without columns".to_owned()))?,
            other => self.settle(other, None)?,
        };
        if let Some(guard) = guard {
            let condition = self.with_row(0, &alias, entity, |renderer| renderer.condition(guard, false))?;
            reach.on.push(condition);
        }
        let sql = format!(
            "(SELECT {} FROM {} WHERE {})",
            piece.sql,
            reach.from.join(", "),
            reach.on.join(" AND ")
        );
        Ok(Piece {
            sql,
            kind: piece.kind,
            nullable: true,
        })
    }

    pub(super) fn exists(&mut self, exists: &Exists) -> Result<String, StoreError> {
        let negate = matches!(exists.quantifier, Quantifier::Every | Quantifier::None);
        let every = exists.quantifier == Quantifier::Every;
        let inner = self.related("1", exists, every)?;
        Ok(format!("{}EXISTS ({inner})", if negate { "NOT " } else { "" }))
    }

    pub(super) fn count_of(&mut self, exists: &Exists) -> Result<Piece, StoreError> {
        let inner = self.related("count(*)", exists, false)?;
        Ok(Piece {
            sql: format!("({inner})"),
            kind: Cell::Int.into(),
            nullable: false,
        })
    }

    /// `SELECT what` over the related rows that satisfy the body (or, for `all`, that don't).
    fn related(&mut self, what: &str, exists: &Exists, unsatisfied: bool) -> Result<String, StoreError> {
        let (alias, entity) = self.row(exists.from)?;
        let entity = if exists.hops.is_empty() { entity } else { exists.entity };
        let mut reach = Reach::default();
        let (alias, entity) = self.follow(&mut reach, alias, entity, &exists.hops)?;
        let there = self.reach(&mut reach, &alias, entity, exists.field, exists.target)?;
        let body = self.with_row(exists.var, &there, exists.target, |renderer| {
            if unsatisfied {
                return Ok(Some(format!("({}) IS NOT TRUE", renderer.condition(&exists.body, true)?)));
            }
            match &exists.body.node {
                Node::Literal(glaze_model::Value::Bool(true)) => Ok(None),
                _ => renderer.condition(&exists.body, false).map(Some),
            }
        })?;
        reach.on.extend(body);
        Ok(format!(
            "SELECT {what} FROM {} WHERE {}",
            reach.from.join(", "),
            reach.on.join(" AND ")
        ))
    }

    /// `alias."column"` of every key column.
    pub fn key_columns(&self, alias: &str, entity: EntityIx) -> Result<Vec<String>, StoreError> {
        let key = self.tables.key(entity)?;
        Ok(key
            .iter()
            .map(|column| {
                if alias.is_empty() {
                    quote(&column.name)
                } else {
                    self.column(alias, &column.name)
                }
            })
            .collect())
    }
}
