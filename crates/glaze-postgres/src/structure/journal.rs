//! `glaze.migrations`: which migrations were applied, how far, by whom.

use glaze_converge::port::{AppliedMigration, DatabaseError};
use tokio_postgres::{Client, Row, types::Type};

use super::{refused, session::batch};

/// Statements that make the journal; each harmless when it is there.
pub(super) const TABLES: [&str; 3] = [
    "CREATE SCHEMA IF NOT EXISTS glaze",
    "CREATE TABLE IF NOT EXISTS glaze.migrations (name text PRIMARY KEY, hash text NOT NULL, statements_done integer NOT NULL, \
     statements integer NOT NULL, finished boolean NOT NULL, started_at timestamptz NOT NULL, duration_ms bigint NOT NULL, \"by\" text NOT NULL, sql text)",
    // Journals of an older Glaze have no text.
    "ALTER TABLE glaze.migrations ADD COLUMN IF NOT EXISTS sql text",
];

const EXISTS: &str = "SELECT to_regclass('glaze.migrations') IS NOT NULL";

const COMPLETE: &str = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('glaze.migrations') AND attname = 'sql')";

const FORGET: &str = "DELETE FROM glaze.migrations WHERE name = $1";

const ALL: &str = "SELECT name, hash, statements_done, statements, finished, \
     to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), duration_ms, \"by\", to_jsonb(m) ->> 'sql' \
     FROM glaze.migrations m ORDER BY name";

const WRITE: &str = "INSERT INTO glaze.migrations (name, hash, statements_done, statements, finished, started_at, duration_ms, \"by\", sql) \
     VALUES ($1, $2, $3, $4, $5, $6::text::timestamptz, $7, $8, $9) ON CONFLICT (name) DO UPDATE SET hash = $2, statements_done = $3, \
     statements = $4, finished = $5, started_at = $6::text::timestamptz, duration_ms = $7, \"by\" = $8, sql = $9";

pub(super) async fn exists(client: &Client) -> Result<bool, DatabaseError> {
    let row = client.query_typed(EXISTS, &[]).await.map_err(|error| refused(&error, EXISTS))?;
    Ok(row.first().is_some_and(|row| row.get(0)))
}

pub(super) async fn all(client: &Client) -> Result<Vec<AppliedMigration>, DatabaseError> {
    if !exists(client).await? {
        return Ok(Vec::new());
    }
    let rows = client.query_typed(ALL, &[]).await.map_err(|error| refused(&error, ALL))?;
    Ok(rows.iter().map(applied).collect())
}

/// Takes a row out.
pub(super) async fn forget(client: &Client, name: &str) -> Result<(), DatabaseError> {
    client
        .query_typed(FORGET, &[(&name, Type::TEXT)])
        .await
        .map_err(|error| refused(&error, FORGET))?;
    Ok(())
}

/// Writes or overwrites a row; makes the journal when it is not there.
pub(super) async fn write(client: &Client, migration: &AppliedMigration) -> Result<(), DatabaseError> {
    let complete = client.query_typed(COMPLETE, &[]).await.map_err(|error| refused(&error, COMPLETE))?;
    if !complete.first().is_some_and(|row| row.get(0)) {
        for statement in TABLES {
            batch(client, statement).await?;
        }
    }
    let done = i32::try_from(migration.statements_done).unwrap_or(i32::MAX);
    let total = i32::try_from(migration.statements).unwrap_or(i32::MAX);
    let duration = i64::try_from(migration.duration_ms).unwrap_or(i64::MAX);
    client
        .query_typed(
            WRITE,
            &[
                (&migration.name, Type::TEXT),
                (&migration.hash, Type::TEXT),
                (&done, Type::INT4),
                (&total, Type::INT4),
                (&migration.finished, Type::BOOL),
                (&migration.started_at, Type::TEXT),
                (&duration, Type::INT8),
                (&migration.by, Type::TEXT),
                (&migration.sql, Type::TEXT),
            ],
        )
        .await
        .map_err(|error| refused(&error, WRITE))?;
    Ok(())
}

fn applied(row: &Row) -> AppliedMigration {
    AppliedMigration {
        name: row.get(0),
        hash: row.get(1),
        statements_done: u32::try_from(row.get::<_, i32>(2)).unwrap_or_default(),
        statements: u32::try_from(row.get::<_, i32>(3)).unwrap_or_default(),
        finished: row.get(4),
        started_at: row.get(5),
        duration_ms: u64::try_from(row.get::<_, i64>(6)).unwrap_or_default(),
        by: row.get(7),
        sql: row.get(8),
    }
}
