//! Everything that a store keeps for its writes: compiled once per shape under one schema.

use std::sync::Arc;

use glaze_data::{
    Schema,
    bound::{Delete, Insert, Link, Load, Update},
    store::StoreError,
};
use glaze_model::Value;

use super::{Filled, InsertPlan, LinkPlan, WriteCache, WriteDialect, delete_statement, insert_plan, link_plan, spread, update_statement};
use crate::query::{LoadPlan, PlanCache, Shape, Statement, Tables, compile_count, compile_load};

/// Plans kept of each kind.
const PLANS: usize = 1000;

/// Plans of writes and of the loads inside them.
pub struct Plans {
    schema: Arc<Schema>,
    dialect: &'static dyn WriteDialect,
    loads: PlanCache<LoadPlan>,
    counts: PlanCache<Statement>,
    writes: WriteCache,
}

impl std::fmt::Debug for Plans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plans")
    }
}

impl Plans {
    /// For a schema in the words of a dialect.
    pub fn new(schema: Arc<Schema>, dialect: &'static dyn WriteDialect) -> Arc<Plans> {
        let (loads, counts) = (PlanCache::new(PLANS), PlanCache::new(PLANS));
        Arc::new(Plans {
            schema,
            dialect,
            loads,
            counts,
            writes: WriteCache::default(),
        })
    }

    /// The model as tables.
    pub fn tables(&self) -> Tables<'_> {
        Tables {
            model: self.schema.model(),
            dialect: self.dialect,
            computed: &*self.schema,
        }
    }

    /// A load with its values.
    ///
    /// # Errors
    /// When the dialect can't say it.
    pub fn load(&self, load: &Load) -> Result<Filled<LoadPlan>, StoreError> {
        let shape = Shape::of_load(load);
        let plan = self.loads.get(&shape.bytes, || compile_load(self.tables(), load, &shape))?;
        Ok(Filled {
            plan,
            values: shape.values(),
        })
    }

    /// A count with its values.
    ///
    /// # Errors
    /// When the dialect can't say it.
    pub fn count(&self, load: &Load) -> Result<Filled, StoreError> {
        let shape = Shape::of_load(load);
        let plan = self.counts.get(&shape.bytes, || compile_count(self.tables(), load, &shape))?;
        Ok(Filled {
            plan,
            values: shape.values(),
        })
    }

    /// An insert with its values.
    ///
    /// # Errors
    /// As [`insert_plan`].
    pub fn insert(&self, insert: &Insert) -> Result<Filled<InsertPlan>, StoreError> {
        insert_plan(self.tables(), self.dialect, &self.writes, insert)
    }

    /// An update with its values.
    ///
    /// # Errors
    /// As [`update_statement`].
    pub fn update(&self, update: &Update) -> Result<Filled, StoreError> {
        update_statement(self.tables(), self.dialect, &self.writes, update)
    }

    /// A removal with its values.
    ///
    /// # Errors
    /// As [`delete_statement`].
    pub fn delete(&self, delete: &Delete) -> Result<Filled, StoreError> {
        delete_statement(self.tables(), &self.writes, delete)
    }

    /// The statements for a join table.
    ///
    /// # Errors
    /// As [`link_plan`].
    pub fn link(&self, link: &Link) -> Result<Arc<LinkPlan>, StoreError> {
        link_plan(self.tables(), self.dialect, &self.writes, link)
    }

    /// Keys of new rows as they are written.
    ///
    /// # Errors
    /// When a row has not the right parts.
    pub fn written_keys(&self, insert: &Insert) -> Result<Vec<Vec<Value>>, StoreError> {
        let tables = self.tables();
        let key = tables.key(insert.entity)?;
        let mut keys = Vec::with_capacity(insert.rows.len());
        for row in &insert.rows {
            let mut own: Vec<Option<Value>> = vec![None; key.len()];
            for (field, value) in insert.fields.iter().zip(row) {
                let names = &tables.field(insert.entity, *field).columns;
                if !names.iter().any(|name| key.iter().any(|part| part.name == *name)) {
                    continue;
                }
                let mut values = Vec::with_capacity(names.len());
                spread(tables, insert.entity, *field, value, &mut values)?;
                for (name, value) in names.iter().zip(values) {
                    if let Some(at) = key.iter().position(|part| part.name == *name) {
                        own[at] = Some(value);
                    }
                }
            }
            keys.push(own.into_iter().map(|value| value.unwrap_or(Value::Null)).collect());
        }
        Ok(keys)
    }
}
