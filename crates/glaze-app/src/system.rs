//! The tables that Glaze keeps for itself. They are made only when something must be kept in them, because a database that was
//! merely pulled or served stays as it is.

use async_trait::async_trait;
use glaze_data::store::StoreError;

/// Makes and finds the system tables. Implemented by whoever knows the database's structure.
#[async_trait]
pub trait System: Send + Sync {
    /// Whether they are there.
    async fn present(&self) -> Result<bool, StoreError>;
    /// Makes those that are missing.
    async fn ensure(&self) -> Result<(), StoreError>;
}

/// For applications whose system tables are there already.
#[derive(Debug, Clone, Copy)]
pub struct NoSystem;

#[async_trait]
impl System for NoSystem {
    async fn present(&self) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn ensure(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
