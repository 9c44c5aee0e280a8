//! `glaze_migrations`: which migrations were applied, how far, by whom.

use glaze_converge::port::AppliedMigration;
use rusqlite::{Connection, Result, params};

/// Statements that make the journal; each harmless when it is there.
pub const TABLES: [&str; 1] = [
    "CREATE TABLE IF NOT EXISTS \"glaze_migrations\" (\"name\" TEXT NOT NULL PRIMARY KEY, \"hash\" TEXT NOT NULL, \
     \"statements_done\" INTEGER NOT NULL, \"statements\" INTEGER NOT NULL, \"finished\" INTEGER NOT NULL, \
     \"started_at\" TEXT NOT NULL, \"duration_ms\" INTEGER NOT NULL, \"by\" TEXT NOT NULL, \"sql\" TEXT) STRICT",
];

/// Whether the journal is there.
pub fn exists(connection: &Connection) -> Result<bool> {
    connection.query_row(
        "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = 'glaze_migrations'",
        [],
        |row| row.get(0),
    )
}

/// Journals of an older Glaze have no text.
fn has_text(connection: &Connection) -> Result<bool> {
    connection.query_row(
        "SELECT count(*) > 0 FROM pragma_table_info('glaze_migrations') WHERE name = 'sql'",
        [],
        |row| row.get(0),
    )
}

/// Its rows in order; none when it is not there.
pub fn all(connection: &Connection) -> Result<Vec<AppliedMigration>> {
    if !exists(connection)? {
        return Ok(Vec::new());
    }
    let text = if has_text(connection)? { "\"sql\"" } else { "NULL" };
    let mut statement = connection.prepare(&format!(
        "SELECT name, hash, statements_done, statements, finished, started_at, duration_ms, \"by\", {text} FROM glaze_migrations ORDER BY name"
    ))?;
    let rows = statement.query_map([], |row| {
        Ok(AppliedMigration {
            name: row.get(0)?,
            hash: row.get(1)?,
            statements_done: row.get(2)?,
            statements: row.get(3)?,
            finished: row.get(4)?,
            started_at: row.get(5)?,
            duration_ms: u64::try_from(row.get::<_, i64>(6)?).unwrap_or_default(),
            by: row.get(7)?,
            sql: row.get(8)?,
        })
    })?;
    rows.collect()
}

/// Writes or overwrites a row; makes the journal when it is not there.
pub fn write(connection: &Connection, migration: &AppliedMigration) -> Result<()> {
    for sql in TABLES {
        connection.execute_batch(sql)?;
    }
    if !has_text(connection)? {
        connection.execute_batch("ALTER TABLE glaze_migrations ADD COLUMN \"sql\" TEXT")?;
    }
    connection.execute(
        "INSERT OR REPLACE INTO glaze_migrations (name, hash, statements_done, statements, finished, started_at, duration_ms, \"by\", \"sql\") \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            migration.name,
            migration.hash,
            migration.statements_done,
            migration.statements,
            migration.finished,
            migration.started_at,
            i64::try_from(migration.duration_ms).unwrap_or(i64::MAX),
            migration.by,
            migration.sql
        ],
    )?;
    Ok(())
}

/// Takes a row out.
pub fn forget(connection: &Connection, name: &str) -> Result<()> {
    if exists(connection)? {
        connection.execute("DELETE FROM glaze_migrations WHERE name = ?1", params![name])?;
    }
    Ok(())
}
