//! Conditions. `exact` says whether null must stay apart from false (under a negation, as a value) or may count as false.

use glaze_data::store::StoreError;
use glaze_expr::tree::{Compare, Expr, FieldRef, Func, Me, Node};
use glaze_model::Value;

use super::{Literals, Operand, Renderer, operand::is_condition};
use crate::query::{Cell, Form, Kind, Piece, Slot};

impl<'a> Renderer<'a> {
    /// A condition, safe to stand between `AND`, `OR` and `NOT`.
    pub(super) fn condition(&mut self, expr: &Expr, exact: bool) -> Result<String, StoreError> {
        match &expr.node {
            Node::Literal(Value::Bool(true)) => Ok("TRUE".to_owned()),
            Node::Literal(Value::Bool(false)) => Ok("FALSE".to_owned()),
            Node::Literal(Value::Null) => Ok(if exact { "(NULL = 1)" } else { "FALSE" }.to_owned()),
            Node::Not(inner) => self.negation(inner, exact),
            Node::And(items) => self.joined(items, " AND ", "TRUE", exact),
            Node::Or(items) => self.joined(items, " OR ", "FALSE", exact),
            Node::Compare(op, a, b) => self.compare(*op, a, b, exact),
            Node::In(item, list) => self.is_in(item, list, exact),
            Node::Call(Func::Has, args) => match args.as_slice() {
                [list, item] => self.is_in(item, list, exact),
                _ => Err(StoreError::Other("contains() of a list and an item".to_owned())),
            },
            Node::Call(func, args) if is_condition(*func) => self.text_condition(*func, args),
            Node::Exists(exists) => self.exists(exists),
            Node::Search { fields, text } => self.search(fields, text),
            Node::If(condition, then, otherwise) => {
                let condition = self.condition(condition, false)?;
                let (then, otherwise) = (self.condition(then, exact)?, self.condition(otherwise, exact)?);
                Ok(format!("CASE WHEN {condition} THEN {then} ELSE {otherwise} END"))
            }
            Node::Field(_) | Node::Call(..) => Ok(self.settled(expr, None)?.sql),
            _ => Err(StoreError::Unsupported(
                "a value that is not a condition, as a condition".to_owned(),
            )),
        }
    }

    fn joined(&mut self, items: &[Expr], with: &str, empty: &str, exact: bool) -> Result<String, StoreError> {
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            parts.push(self.condition(item, exact)?);
        }
        Ok(match parts.len() {
            0 => empty.to_owned(),
            1 => parts.remove(0),
            _ => format!("({})", parts.join(with)),
        })
    }

    fn negation(&mut self, inner: &Expr, exact: bool) -> Result<String, StoreError> {
        match &inner.node {
            Node::Compare(Compare::Eq, a, b) => self.compare(Compare::Ne, a, b, exact),
            Node::Compare(Compare::Ne, a, b) => self.compare(Compare::Eq, a, b, exact),
            Node::Not(inner) => self.condition(inner, exact),
            _ => Ok(format!("NOT {}", self.condition(inner, true)?)),
        }
    }

    fn compare(&mut self, op: Compare, a: &Expr, b: &Expr, exact: bool) -> Result<String, StoreError> {
        let (left, right) = (self.operand(a)?, self.operand(b)?);
        if matches!(op, Compare::Eq | Compare::Ne) {
            let equal = op == Compare::Eq;
            return match (left, right) {
                (left, right) if right.is_null() => self.null_check(left, equal),
                (left, right) if left.is_null() => self.null_check(right, equal),
                (Operand::Multi(left), Operand::Multi(right)) => self.equal_keys(left, right, equal),
                (
                    Operand::Multi(pieces),
                    Operand::Param {
                        slot,
                        value: Some(Value::List(_)),
                        ..
                    },
                )
                | (
                    Operand::Param {
                        slot,
                        value: Some(Value::List(_)),
                        ..
                    },
                    Operand::Multi(pieces),
                ) => self.equal_to_list(pieces, &slot, equal),
                (left, right) => {
                    let (left, right) = self.pair(left, right, false)?;
                    Ok(self.equality(left, right, equal, exact))
                }
            };
        }
        let (left, right) = self.pair(left, right, false)?;
        let sign = match op {
            Compare::Lt => "<",
            Compare::Le => "<=",
            Compare::Gt => ">",
            _ => ">=",
        };
        Ok(format!(
            "({} {sign} {})",
            self.dialect().order_key(&left),
            self.dialect().order_key(&right)
        ))
    }

    /// Null-safe, but the plain operator where null can't make a difference: indexes serve that one.
    fn equality(&self, mut left: Piece, mut right: Piece, equal: bool, exact: bool) -> String {
        if (left.kind.cell == Cell::Enum) != (right.kind.cell == Cell::Enum) && !is_placeholder(&left) && !is_placeholder(&right) {
            left = self.text(left);
            right = self.text(right);
        }
        let (a, b) = (&left.sql, &right.sql);
        let neither = !left.nullable && !right.nullable;
        let one_sure = !left.nullable || !right.nullable;
        match equal {
            true if neither || (one_sure && !exact) => format!("({a} = {b})"),
            true => format!("({})", self.dialect().same(a, b)),
            false if neither => format!("({a} <> {b})"),
            false => format!("({})", self.dialect().different(a, b)),
        }
    }

    fn null_check(&mut self, operand: Operand<'_>, is_null: bool) -> Result<String, StoreError> {
        let pieces = match operand {
            Operand::Multi(pieces) => pieces,
            other => vec![self.settle(other, None)?],
        };
        let all: Vec<_> = pieces.iter().map(|piece| format!("{} IS NULL", piece.sql)).collect();
        let all = format!("({})", all.join(" AND "));
        Ok(if is_null { all } else { format!("NOT {all}") })
    }

    fn equal_keys(&mut self, left: Vec<Piece>, right: Vec<Piece>, equal: bool) -> Result<String, StoreError> {
        if left.len() != right.len() {
            return Err(StoreError::Unsupported("keys of different length compared".to_owned()));
        }
        let parts: Vec<_> = left.iter().zip(&right).map(|(a, b)| self.dialect().same(&a.sql, &b.sql)).collect();
        let same = format!("({})", parts.join(" AND "));
        Ok(if equal { same } else { format!("NOT {same}") })
    }

    /// The list is one literal of the query: its parts are reached by position, so that the plan serves other keys too.
    fn equal_to_list(&mut self, pieces: Vec<Piece>, list: &Slot, equal: bool) -> Result<String, StoreError> {
        let mut parts = Vec::with_capacity(pieces.len());
        for (at, piece) in pieces.iter().enumerate() {
            let slot = match list {
                Slot::Literal(literal) => Slot::LiteralItem(*literal, at as u32),
                Slot::Fixed(Value::List(items)) => Slot::Fixed(items.get(at).cloned().unwrap_or(Value::Null)),
                _ => return Err(StoreError::Unsupported("a key that is not a list".to_owned())),
            };
            let value = self.settle(
                Operand::Param {
                    slot,
                    value: None,
                    kind: piece.kind,
                },
                Some(piece.kind),
            )?;
            parts.push(self.dialect().same(&piece.sql, &value.sql));
        }
        let same = format!("({})", parts.join(" AND "));
        Ok(if equal { same } else { format!("NOT {same}") })
    }

    fn is_in(&mut self, item: &Expr, list: &Expr, exact: bool) -> Result<String, StoreError> {
        match &list.node {
            Node::Literal(Value::List(values)) => {
                let operand = self.operand(item)?;
                let piece = self.settle(operand, None)?;
                let sql = self.in_literal(&piece, &list.node, values)?;
                Ok(if exact && piece.nullable {
                    format!("coalesce({sql}, FALSE)")
                } else {
                    sql
                })
            }
            Node::Literal(Value::Null) => Ok("FALSE".to_owned()),
            Node::Me(Me::Roles) => Err(StoreError::Unsupported("roles that were not folded".to_owned())),
            _ => {
                let list = self.settled(list, None)?;
                let item = match self.operand(item)? {
                    Operand::Param { slot, .. } => self.param(slot, Form::Item, None)?,
                    other => self.settle(other, Some(list.kind.item()))?.sql,
                };
                let sql = self.dialect().in_column(&item, &list);
                Ok(if exact { format!("coalesce({sql}, FALSE)") } else { sql })
            }
        }
    }

    fn in_literal(&mut self, item: &Piece, list: &Node, values: &[Value]) -> Result<String, StoreError> {
        let Node::Literal(whole) = list else {
            return Ok("FALSE".to_owned());
        };
        if values.is_empty() {
            return Ok("FALSE".to_owned());
        }
        if matches!(self.literals, Literals::Inline) {
            let mut parts = Vec::with_capacity(values.len());
            for value in values {
                let form = item.kind.scaled().map_or(Form::Plain, Form::Scaled);
                parts.push(self.inline(value, form)?);
            }
            return Ok(format!("({} IN ({}))", item.sql, parts.join(", ")));
        }
        let own = Kind::of_value(whole, self.dialect().scaled_decimals());
        // Numbers say their type, so that a list of doubles can be compared with a column of integers.
        let (kind, cast) = if item.kind.is_numeric() && own.item().is_numeric() {
            let wide = match (item.kind.cell, own.cell) {
                (Cell::Decimal { .. }, _) => item.kind.cell,
                (_, cell) => cell,
            };
            let kind = Kind::list_of(wide);
            (kind, Some(kind))
        } else {
            (Kind { list: true, ..item.kind }, None)
        };
        let slot = self.slot_of(whole);
        let list = self.param(slot, Form::Items(kind), cast)?;
        Ok(format!("({})", self.dialect().in_list(&item.sql, &list)))
    }

    fn search(&mut self, fields: &[FieldRef], text: &String) -> Result<String, StoreError> {
        if fields.is_empty() || !text.contains(char::is_alphanumeric) {
            return Ok("FALSE".to_owned());
        }
        let mut texts = Vec::with_capacity(fields.len());
        for field in fields {
            let operand = self.field_operand(field)?;
            let piece = self.settle(operand, None)?;
            texts.push(match piece.kind.cell {
                Cell::Json => self.dialect().rich_text(&piece.sql),
                _ => self.text(piece).sql,
            });
        }
        let slot = self.slot_of_search(text);
        let words = self.param(slot.clone(), Form::Words, Some(Kind::list_of(Cell::Text)))?;
        let exact = self.dialect().search(&texts, &words);
        Ok(match self.sieve(&fields[0], slot)? {
            Some(sieve) => format!("({sieve} AND {exact})"),
            None => exact,
        })
    }

    /// The condition in front of a search over the row's own fields, when searches go through the index.
    fn sieve(&mut self, first: &FieldRef, words: Slot) -> Result<Option<String>, StoreError> {
        if !self.sieved || first.var != 0 || !first.hops.is_empty() {
            return Ok(None);
        }
        let Some(index) = self.tables.search_index(first.entity)? else {
            return Ok(None);
        };
        let list = Kind::list_of(Cell::Text);
        let (alias, _) = self.row(0)?;
        let words = self.param(words, Form::Items(list), Some(list))?;
        Ok(Some(self.dialect().search_sieve(&index, &alias, &words)))
    }

    fn text_condition(&mut self, func: Func, args: &[Expr]) -> Result<String, StoreError> {
        if func == Func::Matches {
            return Err(StoreError::Unsupported("matches() where rows are chosen".to_owned()));
        }
        let mut pieces = Vec::with_capacity(args.len());
        for arg in args {
            let operand = self.operand(arg)?;
            let piece = self.settle(operand, None)?;
            pieces.push(self.text(piece));
        }
        Ok(self.dialect().call(func, &pieces)?.sql)
    }
}

fn is_placeholder(piece: &Piece) -> bool {
    piece.sql.starts_with(['$', '?'])
}
