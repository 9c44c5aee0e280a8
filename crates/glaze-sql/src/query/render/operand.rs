//! Values: fields, literals, arithmetic, functions.

use glaze_data::store::StoreError;
use glaze_expr::tree::{Arith, EntityIx, Expr, FieldRef, Func, Me, Node, Part};
use glaze_model::{FieldKind, Value};

use super::Renderer;
use crate::query::{Cell, Column, Form, Kind, Piece, Slot};

/// A value before it is known what it is compared or joined with.
pub enum Operand<'e> {
    /// SQL.
    Piece(Piece),
    /// Several columns: a reference to a compound key, an embedded struct, a polymorphic reference.
    Multi(Vec<Piece>),
    /// A parameter; its form depends on what it meets.
    Param {
        /// Where the value comes from.
        slot: Slot,
        /// The value, when it is a literal.
        value: Option<&'e Value>,
        /// What it is by itself.
        kind: Kind,
    },
}

impl Operand<'_> {
    /// The constant null.
    pub fn is_null(&self) -> bool {
        matches!(
            self,
            Operand::Param {
                value: Some(Value::Null),
                ..
            }
        )
    }

    fn is_param(&self) -> bool {
        matches!(self, Operand::Param { .. })
    }
}

impl<'a> Renderer<'a> {
    /// The value of an expression.
    pub(super) fn operand<'e>(&mut self, expr: &'e Expr) -> Result<Operand<'e>, StoreError> {
        let scaled = self.dialect().scaled_decimals();
        Ok(match &expr.node {
            Node::Literal(value) => Operand::Param {
                slot: self.slot_of(value),
                value: Some(value),
                kind: Kind::of_value(value, scaled),
            },
            Node::Me(Me::Whole | Me::Id) => Operand::Param {
                slot: Slot::Me,
                value: None,
                kind: Cell::Uuid.into(),
            },
            Node::Me(_) => return Err(StoreError::Unsupported("roles or claims that were not folded".to_owned())),
            Node::Now => Operand::Param {
                slot: Slot::Now,
                value: None,
                kind: Cell::DateTime.into(),
            },
            Node::Before(_) => return Err(StoreError::Unsupported("the row as it was, in a query".to_owned())),
            Node::Field(field) => self.field_operand(field)?,
            Node::Arith(op, a, b) => Operand::Piece(self.arith(*op, a, b)?),
            Node::Neg(inner) => {
                let piece = self.settled(inner, None)?;
                Operand::Piece(Piece {
                    sql: format!("(- {})", piece.sql),
                    ..piece
                })
            }
            Node::Call(func, args) if !is_condition(*func) => Operand::Piece(self.call(*func, args)?),
            Node::If(condition, then, otherwise) => Operand::Piece(self.choice(condition, then, otherwise)?),
            Node::CountOf(exists) => Operand::Piece(self.count_of(exists)?),
            _ => {
                let sql = self.condition(expr, true)?;
                Operand::Piece(Piece::new(sql, Cell::Bool))
            }
        })
    }

    pub(super) fn settled(&mut self, expr: &Expr, partner: Option<Kind>) -> Result<Piece, StoreError> {
        let operand = self.operand(expr)?;
        self.settle(operand, partner)
    }

    /// Makes a value stand in the statement, in the form that fits `partner`.
    pub(super) fn settle(&mut self, operand: Operand<'_>, partner: Option<Kind>) -> Result<Piece, StoreError> {
        let (slot, value, kind) = match operand {
            Operand::Piece(piece) => return Ok(piece),
            Operand::Multi(mut pieces) if pieces.len() == 1 => return Ok(pieces.remove(0)),
            Operand::Multi(_) => return Err(StoreError::Unsupported("a key of several columns as one value".to_owned())),
            Operand::Param { slot, value, kind } => (slot, value, kind),
        };
        if value.is_some_and(Value::is_null) {
            return Ok(Piece::new("NULL", partner.unwrap_or(kind)));
        }
        let scaled_dialect = self.dialect().scaled_decimals();
        let (form, kind, cast) = match partner {
            None => match kind.scaled() {
                Some(scale) => (Form::Scaled(scale), kind, None),
                None if kind.list => (Form::Items(kind), kind, Some(kind)),
                None => (Form::Plain, kind, Some(kind)),
            },
            Some(partner) if kind.is_numeric() && partner.is_numeric() => numeric_form(kind, partner, scaled_dialect),
            Some(partner) if partner.is_text() && !kind.is_text() => (Form::Text, partner.item(), None),
            Some(partner) => (Form::Plain, partner, None),
        };
        let nullable = value.is_none();
        Ok(Piece {
            sql: self.param(slot, form, cast)?,
            kind,
            nullable,
        })
    }

    /// Both sides of an operator, in one form. `exact`: digits of decimal literals are kept (arithmetic), instead of fitting them to the column.
    pub(super) fn pair(&mut self, a: Operand<'_>, b: Operand<'_>, exact: bool) -> Result<(Piece, Piece), StoreError> {
        let (a, b) = match (a.is_param(), b.is_param()) {
            (true, false) => {
                let b = self.settle(b, None)?;
                (self.settle(a, partner(&b, exact))?, b)
            }
            (false, true) => {
                let a = self.settle(a, None)?;
                let b = self.settle(b, partner(&a, exact))?;
                (a, b)
            }
            _ => {
                let a = self.settle(a, None)?;
                (a, self.settle(b, None)?)
            }
        };
        Ok(self.align(a, b))
    }

    /// Scaled integers meet other numbers only with the same scale.
    fn align(&self, a: Piece, b: Piece) -> (Piece, Piece) {
        if !a.kind.is_numeric() || !b.kind.is_numeric() {
            return (a, b);
        }
        match (a.kind.scaled(), b.kind.scaled()) {
            (None, None) => (a, b),
            (Some(left), Some(right)) if left == right => (a, b),
            (Some(left), Some(right)) => (raise(a, left, right), raise(b, right, left)),
            (Some(scale), None) => match b.kind.cell {
                Cell::Int => (a, raise(b, 0, scale)),
                _ => (self.float(a), b),
            },
            (None, Some(_)) => {
                let (b, a) = self.align(b, a);
                (a, b)
            }
        }
    }

    fn float(&self, piece: Piece) -> Piece {
        Piece {
            sql: self.dialect().as_float(&piece),
            kind: Cell::Float64.into(),
            nullable: piece.nullable,
        }
    }

    fn arith(&mut self, op: Arith, a: &Expr, b: &Expr) -> Result<Piece, StoreError> {
        let (a, b) = (self.operand(a)?, self.operand(b)?);
        if matches!(op, Arith::Mul | Arith::Div) {
            let (a, b) = (self.settle(a, None)?, self.settle(b, None)?);
            return self.product(op, a, b);
        }
        let (mut a, mut b) = self.pair(a, b, true)?;
        if op == Arith::Add && a.kind.is_text() {
            a = self.text(a);
            b = self.text(b);
        }
        let nullable = a.nullable || b.nullable || op == Arith::Rem;
        Ok(Piece {
            nullable,
            ..self.dialect().arith(op, &a, &b)?
        })
    }

    /// Scales add up when scaled integers are multiplied; they are divided as doubles.
    fn product(&mut self, op: Arith, a: Piece, b: Piece) -> Result<Piece, StoreError> {
        let nullable = a.nullable || b.nullable || op == Arith::Div;
        let scales = (a.kind.scaled(), b.kind.scaled());
        let (a, b) = match (op, scales) {
            (_, (None, None)) => (a, b),
            (Arith::Mul, (left, right)) if is_exact(a.kind) && is_exact(b.kind) => {
                let scale = Some(left.unwrap_or(0) + right.unwrap_or(0));
                let kind = Cell::Decimal { scale, scaled: true };
                return Ok(Piece {
                    sql: format!("({} * {})", a.sql, b.sql),
                    kind: kind.into(),
                    nullable,
                });
            }
            _ => (self.float(a), self.float(b)),
        };
        Ok(Piece {
            nullable,
            ..self.dialect().arith(op, &a, &b)?
        })
    }

    /// As text, for functions of text.
    pub(super) fn text(&self, piece: Piece) -> Piece {
        match piece.kind.cell {
            Cell::Text if !piece.kind.foreign => piece,
            _ => Piece {
                sql: self.dialect().as_text(&piece),
                kind: Cell::Text.into(),
                nullable: piece.nullable,
            },
        }
    }

    fn call(&mut self, func: Func, args: &[Expr]) -> Result<Piece, StoreError> {
        if func == Func::Coalesce {
            return self.coalesce(args);
        }
        let mut pieces = Vec::with_capacity(args.len());
        for arg in args {
            let piece = self.settled(arg, None)?;
            pieces.push(match func {
                Func::Lower | Func::Upper | Func::Trim => self.text(piece),
                Func::Size if piece.kind.is_text() => self.text(piece),
                _ => piece,
            });
        }
        let nullable = pieces.iter().any(|piece| piece.nullable);
        Ok(Piece {
            nullable,
            ..self.dialect().call(func, &pieces)?
        })
    }

    fn coalesce(&mut self, args: &[Expr]) -> Result<Piece, StoreError> {
        let mut operands = Vec::with_capacity(args.len());
        for arg in args {
            operands.push(self.operand(arg)?);
        }
        let pieces = self.alike(operands)?;
        let nullable = pieces.iter().all(|piece| piece.nullable);
        let kind = pieces.first().map_or(Cell::Text.into(), |piece| piece.kind);
        let list: Vec<_> = pieces.into_iter().map(|piece| piece.sql).collect();
        Ok(Piece {
            sql: format!("coalesce({})", list.join(", ")),
            kind,
            nullable,
        })
    }

    fn choice(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Result<Piece, StoreError> {
        let condition = self.condition(condition, false)?;
        let operands = vec![self.operand(then)?, self.operand(otherwise)?];
        let pieces = self.alike(operands)?;
        let [then, otherwise] = pieces.as_slice() else {
            return Err(StoreError::Other("a choice of two".to_owned()));
        };
        let sql = format!("CASE WHEN {condition} THEN {} ELSE {} END", then.sql, otherwise.sql);
        Ok(Piece {
            sql,
            kind: then.kind,
            nullable: then.nullable || otherwise.nullable,
        })
    }

    /// Several values in one form: that of the first which is not a parameter, or of the widest number.
    fn alike(&mut self, operands: Vec<Operand<'_>>) -> Result<Vec<Piece>, StoreError> {
        let mut partner: Option<Kind> = None;
        let mut scale = None;
        for operand in &operands {
            let kind = match operand {
                Operand::Piece(piece) => piece.kind,
                Operand::Param { kind, value, .. } if !value.is_some_and(Value::is_null) => *kind,
                _ => continue,
            };
            scale = scale.max(kind.scaled());
            if partner.is_none() || (matches!(operand, Operand::Piece(_)) && !kind.is_numeric()) {
                partner = Some(kind);
            }
        }
        let mut pieces = Vec::with_capacity(operands.len());
        for operand in operands {
            let settled = match (&operand, partner) {
                (Operand::Param { kind, .. }, Some(partner)) if !kind.is_numeric() && !partner.is_text() => {
                    self.settle(operand, Some(partner))?
                }
                _ => self.settle(operand, None)?,
            };
            let settled = if settled.kind.cell == Cell::Enum {
                self.text(settled)
            } else {
                settled
            };
            pieces.push(match (scale, settled.kind.scaled()) {
                (Some(scale), None) if settled.kind.cell == Cell::Int => raise(settled, 0, scale),
                (Some(scale), Some(own)) => raise(settled, own, scale),
                _ => settled,
            });
        }
        if scale.is_some() && pieces.iter().any(|piece| piece.kind.scaled().is_none() && piece.sql != "NULL") {
            pieces = pieces.into_iter().map(|piece| self.float(piece)).collect();
        }
        Ok(pieces)
    }

    /// A field: its column, or a subquery when references must be followed first.
    pub(super) fn field_operand(&mut self, field: &FieldRef) -> Result<Operand<'static>, StoreError> {
        if field.hops.is_empty() {
            let (alias, _) = self.row(field.var)?;
            return self.part_operand(&alias, field.entity, field.field, &field.part);
        }
        self.reached(field, None).map(Operand::Piece)
    }

    /// A field of the row an alias stands for.
    pub(super) fn part_operand(&mut self, alias: &str, entity: EntityIx, field: u32, part: &Part) -> Result<Operand<'static>, StoreError> {
        let definition = self.tables.field(entity, field);
        if definition.is_virtual() {
            let tables = self.tables;
            let expr = tables.computed.computed(entity, field);
            let expr = expr.ok_or_else(|| StoreError::Unsupported(format!("the computed field `{}` here", definition.name)))?;
            let piece = self.with_row(0, alias, entity, |renderer| renderer.settled(expr, None))?;
            return Ok(Operand::Piece(piece));
        }
        let columns = match part {
            Part::Inner(inner) => self.tables.inner_columns(definition, *inner)?,
            _ => self.tables.columns(entity, field)?,
        };
        let at = match part {
            Part::Key(at) => Some(*at as usize),
            Part::AnyType => Some(0),
            Part::AnyId => Some(1),
            Part::Json(path) => return self.json_path(alias, columns.first(), path).map(Operand::Piece),
            Part::Whole | Part::Inner(_) => None,
        };
        let mut pieces: Vec<Piece> = columns.iter().map(|column| self.piece(alias, column)).collect();
        match at {
            Some(at) if at < pieces.len() => Ok(Operand::Piece(pieces.swap_remove(at))),
            Some(_) => Err(StoreError::Other(format!("`{}` has no such part", definition.name))),
            None if pieces.len() == 1 && !matches!(definition.kind, FieldKind::AnyOf(_)) => Ok(Operand::Piece(pieces.remove(0))),
            None => Ok(Operand::Multi(pieces)),
        }
    }

    pub(super) fn piece(&self, alias: &str, column: &Column) -> Piece {
        let sql = self.dialect().operand(&self.column(alias, &column.name), column.kind);
        Piece {
            sql,
            kind: column.kind,
            nullable: column.nullable,
        }
    }

    fn json_path(&mut self, alias: &str, column: Option<&Column>, path: &[String]) -> Result<Piece, StoreError> {
        let column = column.ok_or_else(|| StoreError::Other("a path into a field without a column".to_owned()))?;
        let names = Value::List(path.iter().map(|name| Value::Text(name.clone())).collect());
        let path = self.param(Slot::Fixed(names), Form::Json, Some(Kind::list_of(Cell::Text)))?;
        Ok(Piece::new(
            self.dialect().json_text(&self.column(alias, &column.name), &path),
            Cell::Text,
        ))
    }
}

/// Functions that give true or false: rendered as conditions.
pub(super) fn is_condition(func: Func) -> bool {
    use Func::*;
    matches!(
        func,
        Contains | StartsWith | EndsWith | IContains | IStartsWith | IEndsWith | Matches | Has
    )
}

/// In arithmetic a decimal literal keeps its own digits, and a length of time that is added to a time stays one; otherwise it takes the
/// form of what it meets.
fn partner(piece: &Piece, exact: bool) -> Option<Kind> {
    let own = piece.kind.is_numeric() || matches!(piece.kind.cell, Cell::DateTime | Cell::Duration);
    if exact && own { None } else { Some(piece.kind) }
}

fn is_exact(kind: Kind) -> bool {
    matches!(kind.cell, Cell::Int) || kind.scaled().is_some()
}

fn raise(piece: Piece, from: u32, to: u32) -> Piece {
    if from >= to {
        return piece;
    }
    let factor = 10i64.pow((to - from).min(18));
    let kind = Cell::Decimal {
        scale: Some(to),
        scaled: true,
    };
    Piece {
        sql: format!("({} * {factor})", piece.sql),
        kind: kind.into(),
        nullable: piece.nullable,
    }
}

/// How a number literal meets another number: form, what it is then, and the type to say.
fn numeric_form(literal: Kind, partner: Kind, scaled_dialect: bool) -> (Form, Kind, Option<Kind>) {
    let number: Kind = Cell::Decimal {
        scale: None,
        scaled: false,
    }
    .into();
    if let Some(scale) = partner.scaled() {
        return (
            Form::Scaled(scale),
            Cell::Decimal {
                scale: Some(scale),
                scaled: true,
            }
            .into(),
            None,
        );
    }
    match (literal.cell, partner.cell) {
        (Cell::Decimal { .. }, Cell::Float32 | Cell::Float64) => (Form::Float, Cell::Float64.into(), Some(Cell::Float64.into())),
        (Cell::Decimal { .. }, _) if scaled_dialect => (Form::Float, Cell::Float64.into(), None),
        (Cell::Float64, Cell::Int | Cell::Decimal { .. }) if !scaled_dialect => (Form::Plain, number, Some(number)),
        _ => (Form::Plain, literal, Some(literal)),
    }
}
