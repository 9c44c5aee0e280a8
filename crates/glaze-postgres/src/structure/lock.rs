//! The migration lock: an advisory lock on a connection of its own, so that it lives as long as the process and no longer.

use std::time::{Duration, Instant};

use glaze_converge::port::{DatabaseError, Holder, Patience};
use tokio_postgres::{Client, types::Type};

use super::{refused, session::batch};
use crate::connect::Target;

/// Key of the advisory lock: "glaze" in ASCII.
const LOCK: &str = "SELECT pg_try_advisory_lock(444234986085)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(444234986085)";

/// Who has it. The key is in two halves in `pg_locks`; who it is for was put into the connection's name.
const HOLDER: &str = "SELECT coalesce(nullif(a.application_name, ''), a.usename, '?'), l.pid, \
     to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
     AND (l.classid::bigint << 32) | l.objid::bigint = 444234986085";

const PAUSE: Duration = Duration::from_millis(200);

/// Takes the lock, waiting for another migrator for a while.
pub(super) async fn take(target: &Target, owner: &str, patience: &Patience) -> Result<Client, DatabaseError> {
    let client = target.connect().await?;
    const NAME: &str = "SELECT set_config('application_name', left($1, 60), false)";
    client
        .query_typed(NAME, &[(&owner, Type::TEXT)])
        .await
        .map_err(|error| refused(&error, NAME))?;
    batch(&client, "SET statement_timeout = 0; SET idle_session_timeout = 0").await?;
    let begun = Instant::now();
    loop {
        let rows = client.query_typed(LOCK, &[]).await.map_err(|error| refused(&error, LOCK))?;
        if rows.first().is_some_and(|row| row.get::<_, bool>(0)) {
            return Ok(client);
        }
        if begun.elapsed() >= patience.migrator {
            return Err(DatabaseError::Locked(holder(&client).await?));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

pub(super) async fn give_back(client: &Client) -> Result<(), DatabaseError> {
    client.query_typed(UNLOCK, &[]).await.map_err(|error| refused(&error, UNLOCK))?;
    Ok(())
}

pub(super) async fn holder(client: &Client) -> Result<Option<Holder>, DatabaseError> {
    let rows = client.query_typed(HOLDER, &[]).await.map_err(|error| refused(&error, HOLDER))?;
    Ok(rows.first().map(|row| Holder {
        by: row.get(0),
        process: u32::try_from(row.get::<_, i32>(1)).unwrap_or_default(),
        since: row.get::<_, Option<String>>(2).unwrap_or_default(),
        alive: Some(true),
    }))
}
