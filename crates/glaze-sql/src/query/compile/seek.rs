//! Order, and continuing after a row.

use glaze_data::{bound::Order, store::StoreError};
use glaze_expr::tree::EntityIx;
use glaze_model::Value;

use crate::query::{
    Cell, Kind, Piece,
    render::{Operand, Renderer},
};

/// One key of the order, rendered.
pub(super) struct OrderKey {
    /// The value.
    pub piece: Piece,
    /// What is compared.
    pub key: String,
    /// Descending, as the statement runs.
    pub desc: bool,
    /// May be null.
    pub nullable: bool,
}

impl OrderKey {
    /// As it stands after `ORDER BY`. Nulls come last ascending and first descending.
    pub fn clause(&self) -> String {
        let direction = match (self.desc, self.nullable) {
            (false, false) => "",
            (true, false) => " DESC",
            (false, true) => " NULLS LAST",
            (true, true) => " DESC NULLS FIRST",
        };
        format!("{}{direction}", self.key)
    }
}

/// Renders the order; `reversed` for reading towards the front.
pub(super) fn order_keys(
    renderer: &mut Renderer<'_>,
    alias: &str,
    entity: EntityIx,
    order: &[Order],
    reversed: bool,
) -> Result<Vec<OrderKey>, StoreError> {
    let mut keys = Vec::with_capacity(order.len());
    for item in order {
        let piece = renderer.with_row(item.by.var, alias, entity, |renderer| order_piece(renderer, alias, item))?;
        let key = renderer.dialect().order_key(&piece);
        keys.push(OrderKey {
            key,
            desc: item.desc != reversed,
            nullable: item.nullable || item.guard.is_some(),
            piece,
        });
    }
    Ok(keys)
}

fn order_piece(renderer: &mut Renderer<'_>, alias: &str, order: &Order) -> Result<Piece, StoreError> {
    if !order.by.hops.is_empty() {
        return renderer.reached(&order.by, order.guard.as_ref());
    }
    let piece = match renderer.part(alias, order.by.entity, order.by.field, &order.by.part)? {
        Operand::Piece(piece) => piece,
        Operand::Multi(pieces) => pieces
            .into_iter()
            .next()
            .ok_or_else(|| StoreError::Other("a field without columns".to_owned()))?,
        Operand::Param { .. } => return Err(StoreError::Unsupported("a constant as order".to_owned())),
    };
    match &order.guard {
        Some(guard) => {
            let condition = renderer.filter(guard, alias, order.by.entity)?;
            Ok(Piece {
                sql: format!("CASE WHEN {condition} THEN {} END", piece.sql),
                kind: piece.kind,
                nullable: true,
            })
        }
        None => Ok(piece),
    }
}

/// The condition for rows that come after the one with the values `from`.
pub(super) fn after(renderer: &mut Renderer<'_>, keys: &[OrderKey], from: &[Value]) -> Result<String, StoreError> {
    if keys.len() != from.len() || keys.is_empty() {
        return Err(StoreError::Other("a cursor of another order".to_owned()));
    }
    let mut bounds = Vec::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(from) {
        bounds.push(if value.is_null() {
            None
        } else {
            Some(bound(renderer, key.piece.kind, value)?)
        });
    }
    let uniform = keys.iter().all(|key| !key.nullable && key.desc == keys[0].desc) && bounds.iter().all(Option::is_some);
    if uniform {
        let left: Vec<_> = keys.iter().map(|key| key.key.as_str()).collect();
        let right: Vec<_> = bounds.iter().flatten().map(String::as_str).collect();
        let sign = if keys[0].desc { "<" } else { ">" };
        return Ok(match left.len() {
            1 => format!("({} {sign} {})", left[0], right[0]),
            _ => format!("(({}) {sign} ({}))", left.join(", "), right.join(", ")),
        });
    }
    let all = beyond(keys, &bounds);
    // A bound on the first key alone lets an index start at the right place.
    Ok(match &bounds[0] {
        Some(value) if keys[0].desc => format!("({} <= {value} AND {all})", keys[0].key),
        Some(value) if !keys[0].nullable => format!("({} >= {value} AND {all})", keys[0].key),
        _ => all,
    })
}

fn bound(renderer: &mut Renderer<'_>, kind: Kind, value: &Value) -> Result<String, StoreError> {
    let scaled = renderer.dialect().scaled_decimals();
    let operand = Operand::Param {
        slot: renderer.slot_of(value),
        value: Some(value),
        kind: Kind::of_value(value, scaled),
    };
    // Enum values are ordered as text.
    let partner = if kind.cell == Cell::Enum { None } else { Some(kind) };
    Ok(renderer.settled_operand(operand, partner)?.sql)
}

fn beyond(keys: &[OrderKey], bounds: &[Option<String>]) -> String {
    let (key, bound) = (&keys[0], &bounds[0]);
    let column = &key.key;
    let strictly = match (bound, key.desc) {
        (None, false) => "FALSE".to_owned(),
        (None, true) => format!("{column} IS NOT NULL"),
        (Some(value), true) => format!("{column} < {value}"),
        (Some(value), false) if key.nullable => format!("({column} > {value} OR {column} IS NULL)"),
        (Some(value), false) => format!("{column} > {value}"),
    };
    if keys.len() == 1 {
        return strictly;
    }
    let same = match bound {
        None => format!("{column} IS NULL"),
        Some(value) => format!("{column} = {value}"),
    };
    let rest = beyond(&keys[1..], &bounds[1..]);
    if strictly == "FALSE" {
        format!("({same} AND {rest})")
    } else {
        format!("({strictly} OR ({same} AND {rest}))")
    }
}
