//! The `Database` port: a connection for structure, and a second one that holds the migration lock.

use std::time::Duration;

use async_trait::async_trait;
use glaze_converge::{
    catalog::{Catalog, ObjectName},
    dialect::CatalogDialect,
    port::{AppliedMigration, Content, Database, DatabaseError, Effect, Holder, Patience, Scope, Scratch},
};
use tokio::sync::Mutex;
use tokio_postgres::Client;

use super::{
    PostgresDialect, effect, introspect, journal, lock, probe, refused, scratch,
    session::{Session, batch},
};
use crate::connect::Target;

/// A PostgreSQL database whose structure is read and changed.
pub struct PostgresDatabase {
    session: Session,
    lock: Mutex<Option<Client>>,
}

impl std::fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresDatabase")
            .field("config", &self.session.target().config)
            .finish_non_exhaustive()
    }
}

impl PostgresDatabase {
    /// Connects to `postgres://…`.
    ///
    /// # Errors
    /// When the URL cannot be used, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<PostgresDatabase, DatabaseError> {
        Self::to(Target::parse(url)?).await
    }

    pub(super) async fn to(target: Target) -> Result<PostgresDatabase, DatabaseError> {
        let session = Session::new(target);
        drop(session.client().await?);
        Ok(PostgresDatabase {
            session,
            lock: Mutex::new(None),
        })
    }

    /// All statements in one transaction; again when a lock was not to be had.
    async fn in_transaction(&self, statements: &[String]) -> Result<(), DatabaseError> {
        let patience = Patience::default();
        let mut tries = 1;
        loop {
            self.session.begin().await?;
            let mut done = Ok(());
            for statement in statements {
                done = self.session.step(statement).await.map(drop);
                if done.is_err() {
                    break;
                }
            }
            if done.is_ok() {
                done = self.session.commit().await;
            }
            if done.is_err() {
                self.session.rollback().await?;
            }
            match done {
                Err(DatabaseError::Blocked { .. }) if tries < patience.tries => {
                    tokio::time::sleep(patience.pause(tries)).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }
}

/// Whether waiting for others is what the statement does, without keeping anybody waiting behind it.
fn waits_quietly(statement: &str) -> bool {
    let upper = statement.to_uppercase();
    PostgresDialect.outside_transaction(statement) && (upper.contains("CONCURRENTLY") || upper.contains("VACUUM"))
}

#[async_trait]
impl Database for PostgresDatabase {
    fn dialect(&self) -> &'static str {
        "postgres"
    }

    async fn introspect(&self, scope: &Scope) -> Result<Catalog, DatabaseError> {
        let client = self.session.client().await?;
        if self.session.in_transaction() {
            return introspect::introspect(&client, scope).await;
        }
        // One snapshot for all queries.
        batch(&client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let catalog = introspect::introspect(&client, scope).await;
        batch(&client, "ROLLBACK").await?;
        catalog
    }

    async fn canonicalise(&self, desired: &Catalog, current: &Catalog) -> Result<Catalog, DatabaseError> {
        let client = self.session.client().await?;
        super::canonical::canonicalise(&client, desired, current, self.session.in_transaction()).await
    }

    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let client = self.session.client().await?;
        let messages = client.simple_query(sql).await.map_err(|error| refused(&error, sql))?;
        Ok(probe::rows(&messages))
    }

    async fn probe(&self, sql: &str, within: Duration) -> Result<Option<Vec<Vec<Option<String>>>>, DatabaseError> {
        let client = self.session.client().await?;
        probe::probe(&client, sql, within, self.session.in_transaction()).await
    }

    async fn has_journal(&self) -> Result<bool, DatabaseError> {
        journal::exists(&*self.session.client().await?).await
    }

    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError> {
        journal::all(&*self.session.client().await?).await
    }

    async fn lock(&self, owner: &str, patience: &Patience) -> Result<(), DatabaseError> {
        let mut slot = self.lock.lock().await;
        if let Some(client) = slot.as_ref().filter(|client| !client.is_closed()) {
            return Err(DatabaseError::Locked(lock::holder(client).await?));
        }
        *slot = Some(lock::take(self.session.target(), owner, patience).await?);
        self.session.set_lock_timeout(patience.statement);
        Ok(())
    }

    async fn unlock(&self) -> Result<(), DatabaseError> {
        match self.lock.lock().await.take() {
            Some(client) => lock::give_back(&client).await,
            None => Ok(()),
        }
    }

    async fn holder(&self) -> Result<Option<Holder>, DatabaseError> {
        lock::holder(&*self.session.client().await?).await
    }

    async fn begin(&self) -> Result<(), DatabaseError> {
        self.session.begin().await
    }

    async fn commit(&self) -> Result<(), DatabaseError> {
        self.session.commit().await
    }

    async fn rollback(&self) -> Result<(), DatabaseError> {
        self.session.rollback().await
    }

    async fn hold(&self, tables: &[ObjectName]) -> Result<(), DatabaseError> {
        if tables.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = tables.iter().map(|table| PostgresDialect.quote_table(table)).collect();
        let statement = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", names.join(", "));
        self.session.step(&statement).await.map(drop)
    }

    async fn step(&self, statement: &str) -> Result<u64, DatabaseError> {
        if self.session.in_transaction() || !waits_quietly(statement) {
            return self.session.step(statement).await;
        }
        batch(&*self.session.client().await?, "SET lock_timeout = 0").await?;
        let done = self.session.step(statement).await;
        self.session.reset().await?;
        done
    }

    async fn effect(&self, statement: &str) -> Result<Effect, DatabaseError> {
        effect::effect(&*self.session.client().await?, statement).await
    }

    async fn leftovers(&self) -> Result<Vec<(String, String)>, DatabaseError> {
        effect::leftovers(&*self.session.client().await?).await
    }

    async fn forget(&self, migration: &str) -> Result<(), DatabaseError> {
        journal::forget(&*self.session.client().await?, migration).await
    }

    async fn scratch(&self, content: Content) -> Result<Scratch, DatabaseError> {
        scratch::make(&self.session, content).await
    }

    async fn discard(&self, scratch: Scratch) -> Result<(), DatabaseError> {
        drop(scratch.database);
        scratch::remove(self.session.target(), &scratch.place).await
    }

    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError> {
        journal::write(&*self.session.client().await?, migration).await
    }

    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError> {
        let outside = statements.iter().any(|statement| PostgresDialect.outside_transaction(statement));
        if !outside && !self.session.in_transaction() {
            return self.in_transaction(statements).await;
        }
        for statement in statements {
            self.step(statement).await?;
        }
        Ok(())
    }
}
