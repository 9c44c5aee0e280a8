//! Changes and removals of rows.

use std::collections::HashMap;

use glaze_data::{
    bound::{Delete, Update},
    store::StoreError,
};
use glaze_expr::tree::{EntityIx, Expr};

use super::{Filled, WriteCache, WriteDialect, column_param, spread};
use crate::query::{Literals, Renderer, Shape, Statement, Tables, compile_filter, quote};

/// The update with its values.
///
/// # Errors
/// When the dialect can't say the condition, or a value has not the right parts.
pub fn update_statement(tables: Tables<'_>, dialect: &dyn WriteDialect, cache: &WriteCache, update: &Update) -> Result<Filled, StoreError> {
    let shape = Shape::of_expr(&update.filter);
    let mut key = Vec::with_capacity(shape.bytes.len() + 16);
    key.push(b'u');
    key.extend_from_slice(&update.entity.to_le_bytes());
    for (field, _) in &update.set {
        key.extend_from_slice(&field.to_le_bytes());
    }
    key.extend_from_slice(&u32::MAX.to_le_bytes());
    key.extend_from_slice(&shape.bytes);
    let plan = cache.statements.get(&key, || compile_update(tables, dialect, update, &shape))?;
    let mut values = Vec::with_capacity(update.set.len() + shape.literals.len());
    for (field, value) in &update.set {
        spread(tables, update.entity, *field, value, &mut values)?;
    }
    values.extend(shape.values());
    Ok(Filled { plan, values })
}

fn compile_update(tables: Tables<'_>, dialect: &dyn WriteDialect, update: &Update, shape: &Shape<'_>) -> Result<Statement, StoreError> {
    let mut params = Vec::new();
    let mut assignments = Vec::new();
    let mut slot = 0;
    for (field, _) in &update.set {
        let native = tables.field(update.entity, *field).db.ty.as_deref();
        for column in tables.columns(update.entity, *field)? {
            let place = column_param(dialect, &column, native, slot, &mut params);
            assignments.push(format!("{} = {place}", quote(&column.name)));
            slot += 1;
        }
    }
    let head = |alias: &str| format!("UPDATE {} AS {alias} SET {}", tables.table(update.entity), assignments.join(", "));
    filtered(tables, update.entity, &update.filter, shape, slot, params, head)
}

/// The removal with its values.
///
/// # Errors
/// When the dialect can't say the condition.
pub fn delete_statement(tables: Tables<'_>, cache: &WriteCache, delete: &Delete) -> Result<Filled, StoreError> {
    let shape = Shape::of_expr(&delete.filter);
    let mut key = Vec::with_capacity(shape.bytes.len() + 8);
    key.push(b'd');
    key.extend_from_slice(&delete.entity.to_le_bytes());
    key.extend_from_slice(&shape.bytes);
    let head = |alias: &str| format!("DELETE FROM {} AS {alias}", tables.table(delete.entity));
    let plan = cache.statements.get(&key, || {
        filtered(tables, delete.entity, &delete.filter, &shape, 0, Vec::new(), head)
    })?;
    Ok(Filled {
        plan,
        values: shape.values(),
    })
}

/// A statement over the rows of a filter, whose literals come after the `offset` values of the columns.
fn filtered(
    tables: Tables<'_>,
    entity: EntityIx,
    filter: &Expr,
    shape: &Shape<'_>,
    offset: u32,
    params: Vec<crate::query::Param>,
    head: impl Fn(&str) -> String,
) -> Result<Statement, StoreError> {
    let address = |(at, literal): (usize, &crate::query::Literal<'_>)| (literal.address(), offset + at as u32);
    let known: HashMap<usize, u32> = shape.literals.iter().enumerate().map(address).collect();
    let mut renderer = Renderer::new(tables, Literals::Bound(&known));
    renderer.params = params;
    let alias = renderer.alias();
    let condition = compile_filter(&mut renderer, entity, filter, &alias)?;
    Ok(Statement::new(format!("{}{condition}", head(&alias)), renderer.params))
}
