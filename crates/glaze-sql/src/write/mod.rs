//! Writes: inserts, updates, deletions and join tables as statements whose text depends on the shape alone, so that they are prepared
//! once per connection and only values differ.

mod change;
mod insert;
mod link;
mod plans;
mod values;

pub use change::{delete_statement, update_statement};
pub use insert::{InsertPlan, insert_plan};
pub use link::{LinkPlan, link_plan};
pub use plans::Plans;
pub use values::{link_arrays, link_values, spread};

use glaze_data::store::StoreError;
use glaze_model::Value;

use crate::query::{Cell, Column, Form, Param, PlanCache, QueryDialect, Slot, Statement};

/// Where the databases differ in saying the same write.
pub trait WriteDialect: QueryDialect {
    /// A value for a column of a native type that is passed through as text.
    fn native(&self, param: &str, native: &str) -> String;
}

/// A statement with its values.
#[derive(Debug)]
pub struct Filled<P = Statement> {
    /// The plan, kept by shape.
    pub plan: std::sync::Arc<P>,
    /// Values of its slots.
    pub values: Vec<Value>,
}

/// Plans by shape.
pub struct WriteCache {
    pub(crate) inserts: PlanCache<InsertPlan>,
    pub(crate) statements: PlanCache<Statement>,
    pub(crate) links: PlanCache<LinkPlan>,
}

impl Default for WriteCache {
    fn default() -> WriteCache {
        WriteCache {
            inserts: PlanCache::new(1_000),
            statements: PlanCache::new(1_000),
            links: PlanCache::new(1_000),
        }
    }
}

/// The placeholder of a new value of a column, and its parameter.
pub(crate) fn column_param(
    dialect: &dyn WriteDialect,
    column: &Column,
    native: Option<&str>,
    slot: u32,
    params: &mut Vec<Param>,
) -> String {
    params.push(Param {
        slot: Slot::Literal(slot),
        form: Form::Column(column.kind),
    });
    let param = dialect.param(params.len(), None);
    match native {
        Some(native) if column.kind.cell == Cell::Opaque => dialect.native(&param, native),
        _ => param,
    }
}

pub(crate) fn broken(what: impl Into<String>) -> StoreError {
    StoreError::Other(what.into())
}
