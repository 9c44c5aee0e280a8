//! Bound reads to plans.

mod aggregate;
mod load;
mod node;
mod seek;
mod select;

use std::collections::HashMap;

use glaze_data::{
    bound::{BoundRead, Count, Page},
    store::StoreError,
};

pub use aggregate::{AggregatePlan, compile_aggregate};
pub use load::{LoadPlan, compile_count, compile_filter, compile_load};

use super::{
    Statement, Tables,
    plan::ReadPlan,
    render::{Literals, Renderer},
    shape::Shape,
};

/// Positions of literals by address.
pub(crate) type Known = HashMap<usize, u32>;

pub(crate) fn known(shape: &Shape<'_>) -> Known {
    shape
        .literals
        .iter()
        .enumerate()
        .map(|(at, value)| (value.address(), at as u32))
        .collect()
}

/// Compiles a read whose shape was taken from the same value.
///
/// # Errors
/// When the dialect can't say it, or the model is not whole.
pub fn compile_read(tables: Tables<'_>, read: &BoundRead, shape: &Shape<'_>) -> Result<ReadPlan, StoreError> {
    compile(tables, read, shape, false)
}

/// The same through the search index of the entity.
///
/// # Errors
/// Those of [`compile_read`].
pub fn compile_sieved(tables: Tables<'_>, read: &BoundRead, shape: &Shape<'_>) -> Result<ReadPlan, StoreError> {
    compile(tables, read, shape, true)
}

fn compile(tables: Tables<'_>, read: &BoundRead, shape: &Shape<'_>, sieved: bool) -> Result<ReadPlan, StoreError> {
    let known = known(shape);
    let root = node::root(tables, &known, read, sieved)?;
    let (limit, reversed) = match &read.page {
        Page::Key => (None, false),
        Page::Offset { limit, .. } => (Some(*limit), false),
        Page::Seek { limit, before, .. } => (Some(*limit), *before),
        Page::PerParent { limit } => (*limit, false),
    };
    let (count, exact_count) = counts(tables, &known, read, sieved)?;
    Ok(ReadPlan {
        root,
        one: read.page == Page::Key,
        limit,
        reversed,
        count,
        exact_count,
        edges: matches!(read.page, Page::Offset { .. } | Page::Seek { .. }),
    })
}

/// The statement that counts, and for an estimate the one that counts exactly when there is no estimate. Only whole tables are
/// estimated: the planner's numbers for a filter would tell of rows that the reader may not see.
fn counts(tables: Tables<'_>, known: &Known, read: &BoundRead, sieved: bool) -> Result<(Option<Statement>, Option<Statement>), StoreError> {
    if read.count == Count::None || read.page == Page::Key {
        return Ok((None, None));
    }
    let mut renderer = Renderer::new(tables, Literals::Bound(known));
    renderer.sieved = sieved;
    let alias = renderer.alias();
    let condition = renderer.filter(&read.filter, &alias, read.entity)?;
    let mut sql = format!("SELECT count(*) FROM {} {alias}", tables.table(read.entity));
    if condition != "TRUE" {
        sql = format!("{sql} WHERE {condition}");
    }
    let exact = Statement::new(sql, renderer.params);
    if read.count == Count::Estimated && read.filter.is_true() {
        let entity = tables.entity(read.entity);
        if let Some(sql) = tables.dialect.estimate(entity.schema.as_deref(), &entity.table) {
            return Ok((Some(Statement::new(sql, Vec::new())), Some(exact)));
        }
    }
    Ok((Some(exact), None))
}
