//! Aggregates.

use glaze_data::{
    bound::{Aggregate, BoundAggregate},
    store::StoreError,
};
use glaze_expr::tree::{FieldRef, Part};

use super::known;
use crate::query::{
    Cell, Form, Kind, Piece, Slot, Statement, Tables, json,
    render::{Literals, Operand, Renderer},
    shape::Shape,
};

/// The bytes before a value, and what it is.
type NamedCell = (Box<[u8]>, Kind);

/// A compiled aggregate: rows become objects, `a.b` becoming a member `b` of an object `a`.
#[derive(Debug)]
pub struct AggregatePlan {
    /// The statement.
    pub statement: Statement,
    /// Per column: the bytes before the value, and what it is.
    pub cells: Vec<NamedCell>,
    /// Closes an object.
    pub close: Box<[u8]>,
}

/// Compiles aggregates. Values are made in an inner statement and aggregated outside of it, so that subqueries (fields behind
/// references) can be grouped by.
///
/// # Errors
/// When the dialect can't say it.
pub fn compile_aggregate(tables: Tables<'_>, aggregate: &BoundAggregate, shape: &Shape<'_>) -> Result<AggregatePlan, StoreError> {
    let known = known(shape);
    let mut renderer = Renderer::new(tables, Literals::Bound(&known));
    let alias = renderer.alias();
    let mut inner = Vec::new();
    let mut outer: Vec<(&str, Piece)> = Vec::new();
    let mut groups = Vec::new();
    for (name, field, unit) in &aggregate.group {
        let piece = field_piece(&mut renderer, &alias, aggregate.entity, field)?;
        let piece = match unit {
            Some(unit) => Piece::new(tables.dialect.cut(&piece, *unit), Cell::Text),
            None => piece,
        };
        groups.push(format!("g{}", groups.len()));
        let column = groups[groups.len() - 1].clone();
        inner.push(format!("{} AS {column}", tables.dialect.output(&piece.sql, piece.kind)));
        outer.push((name, Piece { sql: column, ..piece }));
    }
    for (name, value) in &aggregate.values {
        let Some(field) = field_of(value) else {
            outer.push((name, Piece::new("count(*)", Cell::Int)));
            continue;
        };
        let piece = field_piece(&mut renderer, &alias, aggregate.entity, field)?;
        let piece = if piece.kind.cell == Cell::Uuid {
            Piece::new(tables.dialect.as_text(&piece), Cell::Text)
        } else {
            piece
        };
        let column = format!("v{}", inner.len());
        inner.push(format!("{} AS {column}", piece.sql));
        outer.push((name, outer_piece(tables, value, Piece { sql: column, ..piece })));
    }
    if inner.is_empty() {
        inner.push("1".to_owned());
    }
    let condition = renderer.filter(&aggregate.filter, &alias, aggregate.entity)?;
    let filter = if condition == "TRUE" {
        String::new()
    } else {
        format!(" WHERE {condition}")
    };
    let list: Vec<_> = outer.iter().map(|(_, piece)| piece.sql.as_str()).collect();
    let mut sql = format!(
        "SELECT {} FROM (SELECT {} FROM {} {alias}{filter}) q",
        list.join(", "),
        inner.join(", "),
        tables.table(aggregate.entity)
    );
    if !groups.is_empty() {
        sql += &format!(" GROUP BY {}", groups.join(", "));
        sql += &order_by(tables, aggregate, &outer, groups.len())?;
    }
    sql += &format!(" LIMIT {}", aggregate.limit);
    if aggregate.offset > 0 {
        let param = renderer.param(Slot::Offset, Form::Plain, Some(Cell::Int.into()))?;
        sql += &format!(" OFFSET {param}");
    }
    let (cells, close) = nested(&outer);
    Ok(AggregatePlan {
        statement: Statement::new(sql, renderer.params),
        cells,
        close,
    })
}

fn field_of(value: &Aggregate) -> Option<&FieldRef> {
    use Aggregate::*;
    match value {
        Count => None,
        CountOf(field) | CountDistinct(field) | Sum(field) | Avg(field) | Min(field) | Max(field) => Some(field),
    }
}

fn field_piece(renderer: &mut Renderer<'_>, alias: &str, entity: u32, field: &FieldRef) -> Result<Piece, StoreError> {
    if !field.hops.is_empty() {
        return renderer.with_row(field.var, alias, entity, |renderer| renderer.reached(field, None));
    }
    let operand = match renderer.part(alias, field.entity, field.field, &field.part)? {
        Operand::Multi(_) if field.part == Part::Whole => renderer.part(alias, field.entity, field.field, &Part::Key(0))?,
        other => other,
    };
    renderer.settled_operand(operand, None)
}

fn outer_piece(tables: Tables<'_>, value: &Aggregate, piece: Piece) -> Piece {
    let ordered = tables.dialect.order_key(&piece);
    let kind = if piece.kind.cell == Cell::Enum {
        Cell::Text.into()
    } else {
        piece.kind
    };
    match value {
        Aggregate::Count => Piece::new("count(*)", Cell::Int),
        Aggregate::CountOf(_) => Piece::new(format!("count({})", piece.sql), Cell::Int),
        Aggregate::CountDistinct(_) => Piece::new(format!("count(DISTINCT {})", piece.sql), Cell::Int),
        Aggregate::Sum(_) => tables.dialect.sum(&piece),
        Aggregate::Avg(_) => tables.dialect.avg(&piece),
        Aggregate::Min(_) => Piece::new(format!("min({ordered})"), kind),
        Aggregate::Max(_) => Piece::new(format!("max({ordered})"), kind),
    }
}

/// The order asked for, then the groups, so that it is total.
fn order_by(tables: Tables<'_>, aggregate: &BoundAggregate, outer: &[(&str, Piece)], groups: usize) -> Result<String, StoreError> {
    let mut clauses = Vec::new();
    for (name, desc) in &aggregate.order {
        let found = outer.iter().find(|(candidate, _)| candidate == name);
        let (_, piece) = found.ok_or_else(|| StoreError::Other(format!("no aggregate is named {name}")))?;
        let direction = if *desc { "DESC NULLS FIRST" } else { "NULLS LAST" };
        clauses.push(format!("{} {direction}", tables.dialect.order_key(piece)));
    }
    clauses.extend(
        outer[..groups]
            .iter()
            .map(|(_, piece)| format!("{} NULLS LAST", tables.dialect.order_key(piece))),
    );
    Ok(format!(" ORDER BY {}", clauses.join(", ")))
}

/// The bytes before each value: neighbours of one head share an object.
fn nested(outer: &[(&str, Piece)]) -> (Vec<NamedCell>, Box<[u8]>) {
    let mut cells = Vec::with_capacity(outer.len());
    let mut open: Option<&str> = None;
    for (at, (name, piece)) in outer.iter().enumerate() {
        let mut before = Vec::new();
        let (head, member) = match name.split_once('.') {
            Some((head, member)) => (Some(head), member),
            None => (None, *name),
        };
        if open.is_some() && open != head {
            before.push(b'}');
        }
        before.push(if at == 0 { b'{' } else { b',' });
        if let Some(head) = head
            && open != Some(head)
        {
            json::string(&mut before, head.as_bytes());
            before.extend_from_slice(b":{");
        }
        json::string(&mut before, member.as_bytes());
        before.push(b':');
        open = head;
        cells.push((before.into(), piece.kind));
    }
    let close: &[u8] = if open.is_some() { b"}}" } else { b"}" };
    (cells, close.into())
}
