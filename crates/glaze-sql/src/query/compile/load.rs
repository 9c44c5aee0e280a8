//! Loads: rows as typed values.

use glaze_data::{bound::Load, store::StoreError};
use glaze_expr::tree::{EntityIx, Expr};
use glaze_model::{FieldKind, Value};

use super::known;
use crate::query::{
    Kind, Statement, Tables,
    render::{Literals, Renderer},
    shape::Shape,
};

/// A compiled load.
#[derive(Debug)]
pub struct LoadPlan {
    /// The statement.
    pub statement: Statement,
    /// Per field of [`Load::fields`]: first column, their kinds, and whether they make one list.
    pub fields: Vec<LoadField>,
}

/// How a field's value is put together.
#[derive(Debug)]
pub struct LoadField {
    /// First column.
    pub first: usize,
    /// Kinds of the columns.
    pub kinds: Vec<Kind>,
    /// A list of the columns' values (null when all are null) instead of the one value.
    pub list: bool,
}

impl LoadField {
    /// One value from the columns' values.
    pub fn join(&self, mut parts: Vec<Value>) -> Value {
        match self.list {
            true if parts.iter().all(Value::is_null) => Value::Null,
            true => Value::List(parts),
            false => parts.pop().unwrap_or(Value::Null),
        }
    }
}

/// Compiles a load.
///
/// # Errors
/// When the dialect can't say it.
pub fn compile_load(tables: Tables<'_>, load: &Load, shape: &Shape<'_>) -> Result<LoadPlan, StoreError> {
    let known = known(shape);
    let mut renderer = Renderer::new(tables, Literals::Bound(&known));
    let alias = renderer.alias();
    let mut outputs = Vec::new();
    let mut fields = Vec::with_capacity(load.fields.len());
    for field in &load.fields {
        let definition = tables.field(load.entity, *field);
        let columns = tables.columns(load.entity, *field)?;
        let whole = matches!(definition.kind, FieldKind::Embedded(_) | FieldKind::AnyOf(_));
        let first = outputs.len();
        for column in &columns {
            outputs.push(tables.dialect.output(&renderer.column(&alias, &column.name), column.kind));
        }
        let kinds: Vec<_> = columns.iter().map(|column| column.kind).collect();
        fields.push(LoadField {
            first,
            list: whole || kinds.len() > 1,
            kinds,
        });
    }
    if outputs.is_empty() {
        outputs.push("1".to_owned());
    }
    let mut sql = format!("SELECT {} FROM {} {alias}", outputs.join(", "), tables.table(load.entity));
    let condition = renderer.filter(&load.filter, &alias, load.entity)?;
    if condition != "TRUE" {
        sql += &format!(" WHERE {condition}");
    }
    if let Some(limit) = load.limit {
        sql += &format!(" LIMIT {limit}");
    }
    if load.lock {
        sql += tables.dialect.lock_clause();
    }
    Ok(LoadPlan {
        statement: Statement::new(sql, renderer.params),
        fields,
    })
}

/// Counts the rows a load would give.
///
/// # Errors
/// When the dialect can't say it.
pub fn compile_count(tables: Tables<'_>, load: &Load, shape: &Shape<'_>) -> Result<Statement, StoreError> {
    let known = known(shape);
    let mut renderer = Renderer::new(tables, Literals::Bound(&known));
    let alias = renderer.alias();
    let condition = renderer.filter(&load.filter, &alias, load.entity)?;
    let filter = if condition == "TRUE" {
        String::new()
    } else {
        format!(" WHERE {condition}")
    };
    let sql = match load.limit {
        Some(limit) => format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} {alias}{filter} LIMIT {limit}) c",
            tables.table(load.entity)
        ),
        None => format!("SELECT count(*) FROM {} {alias}{filter}", tables.table(load.entity)),
    };
    Ok(Statement::new(sql, renderer.params))
}

/// A condition over an entity's rows under the alias `alias`, with its values fixed: for `UPDATE` and `DELETE` statements that are not
/// kept. Parameters that the statement has already come first in `renderer`.
///
/// # Errors
/// When the dialect can't say it.
pub fn compile_filter(renderer: &mut Renderer<'_>, entity: EntityIx, filter: &Expr, alias: &str) -> Result<String, StoreError> {
    let condition = renderer.filter(filter, alias, entity)?;
    Ok(if condition == "TRUE" {
        String::new()
    } else {
        format!(" WHERE {condition}")
    })
}
