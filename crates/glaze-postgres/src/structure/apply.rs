//! The `Database` port: a connection for structure, and a second one that holds the migration lock.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use glaze_converge::{
    catalog::Catalog,
    dialect::CatalogDialect,
    port::{AppliedMigration, Database, DatabaseError, Scope},
};
use tokio::sync::Mutex;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::{PostgresDialect, SESSION, introspect, journal, refused};
use crate::connect::Target;

/// Key of the advisory lock: "glaze" in ASCII.
const LOCK: &str = "SELECT pg_try_advisory_lock(444234986085)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(444234986085)";

/// How long a statement may wait for a lock before it lets others pass and tries again.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '3s'";
const LOCK_TRIES: u32 = 5;

/// A PostgreSQL database whose structure is read and changed.
pub struct PostgresDatabase {
    target: Target,
    work: Mutex<Option<Client>>,
    lock: Mutex<Option<Client>>,
}

impl std::fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresDatabase")
            .field("config", &self.target.config)
            .finish_non_exhaustive()
    }
}

impl PostgresDatabase {
    /// Connects to `postgres://…`.
    ///
    /// # Errors
    /// When the URL cannot be used, or the server cannot be reached or refuses.
    pub async fn connect(url: &str) -> Result<PostgresDatabase, DatabaseError> {
        let target = Target::parse(url)?;
        let client = open(&target).await?;
        Ok(PostgresDatabase {
            target,
            work: Mutex::new(Some(client)),
            lock: Mutex::new(None),
        })
    }

    /// The working connection, made anew when the last one ended.
    async fn work(&self) -> Result<tokio::sync::MappedMutexGuard<'_, Client>, DatabaseError> {
        let mut slot = self.work.lock().await;
        if slot.as_ref().is_none_or(Client::is_closed) {
            *slot = Some(open(&self.target).await?);
        }
        tokio::sync::MutexGuard::try_map(slot, Option::as_mut).map_err(|_| DatabaseError::Unavailable("the connection is gone".to_owned()))
    }

    /// All statements, and perhaps a journal row, in one transaction; again when a lock was not to be had.
    async fn in_transaction(&self, statements: &[String], row: Option<&AppliedMigration>) -> Result<(), DatabaseError> {
        let client = self.work().await?;
        let mut tries = 1;
        loop {
            let result = transaction(&client, statements, row).await;
            match result {
                Err(DatabaseError::Refused { code, .. }) if may_retry(&code) && tries < LOCK_TRIES => {
                    tokio::time::sleep(Duration::from_millis(200 * u64::from(tries * tries))).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// One statement after the other. Each that can be shares a transaction with its line in the journal; the others are told
    /// apart after a crash by what they left.
    async fn one_by_one(&self, migration: &AppliedMigration, statements: &[String]) -> Result<(), DatabaseError> {
        let begun = Instant::now();
        let mut row = migration.clone();
        row.finished = false;
        journal::write(&*self.work().await?, &row).await?;
        for (at, statement) in statements.iter().enumerate().skip(migration.statements_done as usize) {
            row.statements_done = u32::try_from(at + 1).unwrap_or(u32::MAX);
            row.duration_ms = elapsed(begun);
            if PostgresDialect.outside_transaction(statement) {
                self.alone(statement).await?;
                journal::write(&*self.work().await?, &row).await?;
            } else {
                self.in_transaction(std::slice::from_ref(statement), Some(&row)).await?;
            }
        }
        row.finished = true;
        row.duration_ms = elapsed(begun);
        journal::write(&*self.work().await?, &row).await
    }

    /// A statement that cannot be in a transaction. An index that an earlier attempt left unfinished is dropped first.
    async fn alone(&self, statement: &str) -> Result<(), DatabaseError> {
        let client = self.work().await?;
        match batch(&client, statement).await {
            Err(DatabaseError::Refused { code, .. }) if code == "42P07" => {
                for leftover in invalid_indexes(&client).await? {
                    if statement.contains(&leftover) || statement.contains(leftover.rsplit('.').next().unwrap_or_default()) {
                        batch(&client, &format!("DROP INDEX CONCURRENTLY IF EXISTS {leftover}")).await?;
                    }
                }
                batch(&client, statement).await
            }
            other => other,
        }
    }
}

async fn open(target: &Target) -> Result<Client, DatabaseError> {
    let client = target.connect().await?;
    batch(&client, SESSION).await?;
    batch(&client, LOCK_TIMEOUT).await?;
    Ok(client)
}

async fn batch(client: &Client, sql: &str) -> Result<(), DatabaseError> {
    client.batch_execute(sql).await.map_err(|error| refused(&error, sql))
}

async fn transaction(client: &Client, statements: &[String], row: Option<&AppliedMigration>) -> Result<(), DatabaseError> {
    batch(client, "BEGIN").await?;
    let work = async {
        for statement in statements {
            batch(client, statement).await?;
        }
        if let Some(row) = row {
            journal::write(client, row).await?;
        }
        batch(client, "COMMIT").await
    };
    let result = work.await;
    if result.is_err() && !client.is_closed() {
        batch(client, "ROLLBACK").await?;
    }
    // A migration may set what it likes for itself, not for those that come after it.
    if !client.is_closed() {
        batch(client, SESSION).await?;
    }
    result
}

async fn invalid_indexes(client: &Client) -> Result<Vec<String>, DatabaseError> {
    const SQL: &str = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i \
         JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid";
    let rows = client.query_typed(SQL, &[]).await.map_err(|error| refused(&error, SQL))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Not granted in time, deadlock, could not serialise.
fn may_retry(code: &str) -> bool {
    matches!(code, "55P03" | "40P01" | "40001")
}

fn elapsed(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[async_trait]
impl Database for PostgresDatabase {
    fn dialect(&self) -> &'static str {
        "postgres"
    }

    async fn introspect(&self, scope: &Scope) -> Result<Catalog, DatabaseError> {
        let client = self.work().await?;
        // One snapshot for all queries.
        batch(&client, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let catalog = introspect::introspect(&client, scope).await;
        batch(&client, "ROLLBACK").await?;
        catalog
    }

    async fn canonicalise(&self, desired: &Catalog, current: &Catalog) -> Result<Catalog, DatabaseError> {
        let client = self.work().await?;
        super::canonical::canonicalise(&client, desired, current).await
    }

    async fn query(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let client = self.work().await?;
        let messages = client.simple_query(sql).await.map_err(|error| refused(&error, sql))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        });
        Ok(rows.collect())
    }

    async fn has_journal(&self) -> Result<bool, DatabaseError> {
        journal::exists(&*self.work().await?).await
    }

    async fn journal(&self) -> Result<Vec<AppliedMigration>, DatabaseError> {
        journal::all(&*self.work().await?).await
    }

    async fn lock(&self) -> Result<(), DatabaseError> {
        let mut slot = self.lock.lock().await;
        if slot.as_ref().is_some_and(|client| !client.is_closed()) {
            return Err(DatabaseError::Locked);
        }
        // A connection of its own: whatever happens to the work, the lock lives as long as this process and no longer.
        let client = self.target.connect().await?;
        let rows = client.query_typed(LOCK, &[]).await.map_err(|error| refused(&error, LOCK))?;
        if !rows.first().is_some_and(|row| row.get::<_, bool>(0)) {
            return Err(DatabaseError::Locked);
        }
        for statement in journal::TABLES {
            batch(&client, statement).await?;
        }
        *slot = Some(client);
        Ok(())
    }

    async fn unlock(&self) -> Result<(), DatabaseError> {
        if let Some(client) = self.lock.lock().await.take() {
            client.query_typed(UNLOCK, &[]).await.map_err(|error| refused(&error, UNLOCK))?;
        }
        Ok(())
    }

    async fn run(&self, migration: &AppliedMigration, statements: &[String], transactional: bool) -> Result<(), DatabaseError> {
        let transactional = transactional && !statements.iter().any(|statement| PostgresDialect.outside_transaction(statement));
        if !transactional || migration.statements_done > 0 {
            return self.one_by_one(migration, statements).await;
        }
        let begun = Instant::now();
        let mut row = AppliedMigration {
            statements_done: migration.statements,
            finished: true,
            ..migration.clone()
        };
        self.in_transaction(statements, Some(&row)).await?;
        row.duration_ms = elapsed(begun);
        journal::write(&*self.work().await?, &row).await
    }

    async fn record(&self, migration: &AppliedMigration) -> Result<(), DatabaseError> {
        let client = self.work().await?;
        for statement in journal::TABLES {
            batch(&client, statement).await?;
        }
        journal::write(&client, migration).await
    }

    async fn execute(&self, statements: &[String]) -> Result<(), DatabaseError> {
        if statements.iter().any(|statement| PostgresDialect.outside_transaction(statement)) {
            for statement in statements {
                self.alone(statement).await?;
            }
            return Ok(());
        }
        self.in_transaction(statements, None).await
    }
}
