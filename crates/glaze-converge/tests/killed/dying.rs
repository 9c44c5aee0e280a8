//! A database whose process dies after so many operations: as hard as a killed process, nothing is cleaned up.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use glaze_converge::catalog::{Catalog, ObjectName};
use glaze_converge::port::{AppliedMigration, Content, Database, DatabaseError, Effect, Holder, Patience, Scope, Scratch};

pub struct Dying {
    inner: Box<dyn Database>,
    left: AtomicUsize,
}

impl Dying {
    pub fn after(inner: Box<dyn Database>, operations: usize) -> Dying {
        Dying {
            inner,
            left: AtomicUsize::new(operations),
        }
    }

    /// One operation is done.
    fn done<T>(&self, value: T) -> T {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
        value
    }
}

#[async_trait]
impl Database for Dying {
    fn dialect(&self) -> &'static str {
        self.inner.dialect()
    }
    async fn introspect(&self, scope: &Scope) -> Result<Catalog, DatabaseError> {
        self.inner.introspect(scope).await
    }
    async fn canonicalise(&self, desired: &Catalog, current: &Catalog) -> Result<Catalog, DatabaseError> {
        self.inner.canonicalise(desired, current).await
    }
    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        self.inner.query(sql).await
    }
    async fn probe(&self, sql: &str, limit: std::time::Duration) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
        self.inner.probe(sql, limit).await
    }
    async fn has_journal(&self) -> Result<bool, DatabaseError> {
        self.inner.has_journal().await
    }
    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError> {
        self.inner.journal().await
    }
    async fn lock(&self, owner: &str, patience: &Patience) -> Result<(), DatabaseError> {
        let done = self.inner.lock(owner, patience).await;
        self.done(done)
    }
    async fn unlock(&self) -> Result<(), DatabaseError> {
        let done = self.inner.unlock().await;
        self.done(done)
    }
    async fn holder(&self) -> Result<Option<Holder>, DatabaseError> {
        self.inner.holder().await
    }
    fn exclusive(&self) -> bool {
        self.inner.exclusive()
    }
    async fn begin(&self) -> Result<(), DatabaseError> {
        self.inner.begin().await
    }
    async fn commit(&self) -> Result<(), DatabaseError> {
        let done = self.inner.commit().await;
        self.done(done)
    }
    async fn rollback(&self) -> Result<(), DatabaseError> {
        let done = self.inner.rollback().await;
        self.done(done)
    }
    async fn hold(&self, tables: &[ObjectName]) -> Result<(), DatabaseError> {
        self.inner.hold(tables).await
    }
    async fn step(&self, statement: &str) -> Result<u64, DatabaseError> {
        let done = self.inner.step(statement).await;
        self.done(done)
    }
    async fn effect(&self, statement: &str) -> Result<Effect, DatabaseError> {
        self.inner.effect(statement).await
    }
    async fn leftovers(&self) -> Result<Vec<(String, String)>, DatabaseError> {
        self.inner.leftovers().await
    }
    async fn forget(&self, migration: &str) -> Result<(), DatabaseError> {
        self.inner.forget(migration).await
    }
    async fn scratch(&self, content: Content) -> Result<Scratch, DatabaseError> {
        self.inner.scratch(content).await
    }
    async fn discard(&self, scratch: Scratch) -> Result<(), DatabaseError> {
        self.inner.discard(scratch).await
    }
    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError> {
        let done = self.inner.record(migration).await;
        self.done(done)
    }
    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError> {
        let done = self.inner.execute(statements).await;
        self.done(done)
    }
}
