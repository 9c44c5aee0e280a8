//! Connections: a few shared ones on which reads are pipelined, and a pool from which transactions check one out.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod};
use glaze_data::store::StoreError;
use glaze_sql::query::{Kind, Statement as Compiled};
use parking_lot::RwLock;
use tokio_postgres::{Client, Statement};

use super::{cells::Writer, error::from_postgres};
use crate::connect::Target;

/// Prepared statements kept per connection. When there are more, all are dropped: those in use come back at once.
const STATEMENTS: usize = 500;

/// How a pool is set up.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Shared connections for reads and single statements.
    pub shared: usize,
    /// Most connections for transactions.
    pub transactions: usize,
    /// Most time that one statement may take.
    pub statement_timeout: Duration,
    /// Most time to wait for a connection.
    pub wait: Duration,
    /// Rows from which on a table that is searched gets a search index.
    pub search_rows: u64,
}

impl Default for PoolOptions {
    fn default() -> PoolOptions {
        PoolOptions {
            shared: 4,
            transactions: 8,
            statement_timeout: Duration::from_secs(10),
            wait: Duration::from_secs(5),
            search_rows: 1000,
        }
    }
}

/// A prepared statement with the writers of its columns.
#[derive(Debug)]
pub struct Kept {
    /// The statement.
    pub statement: Statement,
    /// How each column is written.
    pub writers: Vec<Writer>,
}

impl Kept {
    /// Of a statement whose columns stand for `kinds` (text beyond them).
    pub fn of(statement: Statement, kinds: &[Kind]) -> Kept {
        let text: Kind = glaze_sql::query::Cell::Text.into();
        let columns = statement.columns().iter().enumerate();
        let writers = columns
            .map(|(at, column)| Writer::of(column.type_(), kinds.get(at).copied().unwrap_or(text)))
            .collect();
        Kept { statement, writers }
    }
}

/// A connection that many requests use at once.
pub struct Shared {
    /// The driver's client.
    pub client: Client,
    statements: RwLock<HashMap<u64, Arc<Kept>>>,
    busy: AtomicUsize,
}

impl Shared {
    /// The prepared statement of a compiled one.
    ///
    /// # Errors
    /// When the server refuses the text, or is gone.
    pub async fn prepared(&self, compiled: &Compiled, kinds: &[Kind]) -> Result<Arc<Kept>, tokio_postgres::Error> {
        if let Some(kept) = self.statements.read().get(&compiled.id) {
            return Ok(kept.clone());
        }
        let kept = Arc::new(Kept::of(self.client.prepare(&compiled.sql).await?, kinds));
        let mut statements = self.statements.write();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        statements.insert(compiled.id, kept.clone());
        Ok(kept)
    }

    /// Forgets what was prepared: the tables changed.
    pub fn forget(&self) {
        self.statements.write().clear();
    }
}

/// A shared connection in use.
pub struct InUse(Arc<Shared>);

impl std::ops::Deref for InUse {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Place of a shared connection.
#[derive(Default)]
struct Place {
    shared: RwLock<Option<Arc<Shared>>>,
    connecting: tokio::sync::Mutex<Backoff>,
}

/// How long to leave a server alone that did not answer.
#[derive(Default)]
struct Backoff {
    failures: u32,
    until: Option<Instant>,
    message: String,
}

/// The connections to one database.
pub struct PgPool {
    target: Target,
    set_up: String,
    search_rows: u64,
    places: Vec<Place>,
    next: AtomicUsize,
    transactions: Pool,
}

impl std::fmt::Debug for PgPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgPool").field("shared", &self.places.len()).finish_non_exhaustive()
    }
}

impl PgPool {
    /// Connects once, to know that it works; other connections are made when they are needed.
    ///
    /// # Errors
    /// When the URL can't be used or the server can't be reached.
    pub async fn connect(url: &str, options: PoolOptions) -> Result<Arc<PgPool>, StoreError> {
        let target = Target::parse(url).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let set_up = format!(
            "SET timezone = 'UTC'; SET statement_timeout = {}; SET jit = off; SET client_min_messages = warning",
            options.statement_timeout.as_millis()
        );
        let pool = PgPool {
            transactions: transactions(&target, &set_up, &options)?,
            places: (0..options.shared.max(1)).map(|_| Place::default()).collect(),
            next: AtomicUsize::new(0),
            target,
            set_up,
            search_rows: options.search_rows,
        };
        pool.shared().await?;
        Ok(Arc::new(pool))
    }

    /// The least busy shared connection, made anew when it was lost.
    ///
    /// # Errors
    /// When the server can't be reached.
    pub async fn shared(&self) -> Result<InUse, StoreError> {
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let mut best: Option<(usize, Option<Arc<Shared>>)> = None;
        for offset in 0..self.places.len() {
            let at = (start + offset) % self.places.len();
            let live = self.places[at].shared.read().clone().filter(|shared| !shared.client.is_closed());
            let busy = |live: &Option<Arc<Shared>>| live.as_ref().map_or(0, |shared| shared.busy.load(Ordering::Relaxed));
            // A connection that is idle is as good as one that would have to be made.
            let better = match &best {
                None => true,
                Some((_, known)) => busy(&live) < busy(known) || (known.is_none() && live.is_some() && busy(&live) == 0),
            };
            if better {
                best = Some((at, live));
            }
        }
        let (at, live) = best.ok_or_else(|| StoreError::Unavailable("no connection is configured".to_owned()))?;
        let shared = match live {
            Some(shared) => shared,
            None => match self.reconnect(&self.places[at]).await {
                Ok(shared) => shared,
                // The server may have no room for one more: a busy connection is better than none.
                Err(error) => self.any_live().ok_or(error)?,
            },
        };
        shared.busy.fetch_add(1, Ordering::Relaxed);
        Ok(InUse(shared))
    }

    fn any_live(&self) -> Option<Arc<Shared>> {
        let mut live = self.places.iter().filter_map(|place| place.shared.read().clone());
        live.find(|shared| !shared.client.is_closed())
    }

    async fn reconnect(&self, place: &Place) -> Result<Arc<Shared>, StoreError> {
        let mut backoff = place.connecting.lock().await;
        // Somebody else may have connected while we waited.
        if let Some(shared) = place.shared.read().clone().filter(|shared| !shared.client.is_closed()) {
            return Ok(shared);
        }
        if backoff.until.is_some_and(|until| Instant::now() < until) {
            return Err(StoreError::Unavailable(backoff.message.clone()));
        }
        match self.open().await {
            Ok(client) => {
                *backoff = Backoff::default();
                let shared = Arc::new(Shared {
                    client,
                    statements: RwLock::default(),
                    busy: AtomicUsize::new(0),
                });
                *place.shared.write() = Some(shared.clone());
                Ok(shared)
            }
            Err(error) => {
                backoff.failures += 1;
                let pause = Duration::from_millis(50) * 2u32.pow(backoff.failures.min(6));
                backoff.until = Some(Instant::now() + pause);
                backoff.message = error.to_string();
                Err(error)
            }
        }
    }

    async fn open(&self) -> Result<Client, StoreError> {
        let client = self
            .target
            .connect()
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        client.batch_execute(&self.set_up).await.map_err(|error| from_postgres(&error))?;
        Ok(client)
    }

    /// A connection of its own, for work that takes longer than a statement may.
    ///
    /// # Errors
    /// When the server can't be reached.
    pub(super) async fn apart(&self) -> Result<Client, StoreError> {
        let client = self.open().await?;
        let unlimited = client.batch_execute("SET statement_timeout = 0").await;
        unlimited.map(|()| client).map_err(|error| from_postgres(&error))
    }

    pub(super) fn search_rows(&self) -> u64 {
        self.search_rows
    }

    /// A connection for a transaction.
    ///
    /// # Errors
    /// When all are in use for too long, or the server can't be reached.
    pub async fn checkout(&self) -> Result<deadpool_postgres::Object, StoreError> {
        self.transactions
            .get()
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

impl PgPool {
    /// Forgets what was prepared for transactions: the tables changed.
    pub fn forget(&self) {
        self.transactions.manager().statement_caches.clear();
    }
}

fn transactions(target: &Target, set_up: &str, options: &PoolOptions) -> Result<Pool, StoreError> {
    let config = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(target.config.clone(), target.tls.clone(), config);
    let set_up = set_up.to_owned();
    Pool::builder(manager)
        .max_size(options.transactions.max(1))
        .wait_timeout(Some(options.wait))
        .create_timeout(Some(options.wait))
        .runtime(deadpool_postgres::Runtime::Tokio1)
        .post_create(Hook::async_fn(move |client, _| {
            let set_up = set_up.clone();
            Box::pin(async move { client.batch_execute(&set_up).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}
