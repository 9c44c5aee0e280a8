//! Plans by shape.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

/// A bounded cache. When it is full it starts anew: shapes in use come back at once, those that clients made up once don't.
pub struct PlanCache<T> {
    plans: RwLock<HashMap<Vec<u8>, Arc<T>>>,
    capacity: usize,
}

impl<T> PlanCache<T> {
    /// An empty cache for so many plans.
    pub fn new(capacity: usize) -> PlanCache<T> {
        PlanCache {
            plans: RwLock::new(HashMap::new()),
            capacity,
        }
    }

    /// The plan of a shape, made by `compile` when it is not there.
    ///
    /// # Errors
    /// Those of `compile`.
    pub fn get<E>(&self, shape: &[u8], compile: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let read = self.plans.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(plan) = read.get(shape) {
            return Ok(plan.clone());
        }
        drop(read);
        let plan = Arc::new(compile()?);
        let mut plans = self.plans.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if plans.len() >= self.capacity {
            plans.clear();
        }
        plans.insert(shape.to_vec(), plan.clone());
        Ok(plan)
    }
}
