//! Threads with a connection each: a few that read, one that writes. A request hands its work over and awaits the reply: that costs a
//! few microseconds, and no runtime thread ever blocks on the disk.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded};
use glaze_data::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::{
    checkpoint::Checkpointer,
    deadline::Deadline,
    error::from_sqlite,
    functions,
    session::Session,
    writer::{self, Work},
};

/// How a pool is set up.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Threads that read.
    pub readers: usize,
    /// Most time that one read or one job may take.
    pub statement_timeout: Duration,
    /// Page cache of each reading connection, in KiB; the writing one has at most 8 MiB.
    pub cache_kib: u32,
    /// Bytes of the file that are mapped into memory. Pages of the cache are faster to come by, and mapped ones count as memory used.
    pub mmap_bytes: u64,
    /// Related rows that each reading connection keeps as written, in KiB; 0 for none.
    pub related_kib: u32,
    /// Work that may wait for each kind of thread; more is refused.
    pub queue: usize,
    /// Most jobs that are committed together.
    pub group: usize,
    /// Rows from which on a table that is searched gets a search index.
    pub search_rows: u64,
}

impl Default for PoolOptions {
    fn default() -> PoolOptions {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let readers = cores.clamp(2, 4);
        PoolOptions {
            readers,
            statement_timeout: Duration::from_secs(10),
            cache_kib: 48 * 1024 / readers as u32,
            mmap_bytes: 0,
            related_kib: 1024,
            queue: 4096,
            group: 256,
            search_rows: 1000,
        }
    }
}

type ReadWork = Box<dyn FnOnce(&Session<'_>) + Send>;

/// The threads of one database file. They end when the pool is dropped.
pub struct SqlitePool {
    path: PathBuf,
    search_rows: u64,
    reads: Sender<ReadWork>,
    writes: Sender<Box<dyn Work>>,
}

impl std::fmt::Debug for SqlitePool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqlitePool").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SqlitePool {
    /// Opens a database file, which is made when it is not there.
    ///
    /// # Errors
    /// When the file can't be opened or is not a database.
    pub fn open(path: impl AsRef<Path>, options: PoolOptions) -> Result<Arc<SqlitePool>, StoreError> {
        let path = path.as_ref().to_path_buf();
        let (reads, read_queue) = bounded(options.queue);
        let (writes, write_queue) = bounded(options.queue);
        let writing = connect(
            &path,
            &PoolOptions {
                cache_kib: options.cache_kib.min(8 * 1024),
                ..options.clone()
            },
        )?;
        if is_ours(&writing) {
            writer::use_wal(&writing).map_err(|error| from_sqlite(&error))?;
        }
        for number in 0..options.readers.max(1) {
            let connection = connect(&path, &options)?;
            connection
                .pragma_update(None, "query_only", true)
                .map_err(|error| from_sqlite(&error))?;
            let (queue, options) = (read_queue.clone(), options.clone());
            spawn(format!("glaze-read-{number}"), move || read_loop(connection, &queue, &options))?;
        }
        let (group, search_rows) = (options.group, options.search_rows);
        let limit = options.statement_timeout;
        let (file, small) = (path.clone(), PoolOptions { cache_kib: 64, ..options });
        let checkpointer = Checkpointer::start(move || connect(&file, &small))?;
        spawn("glaze-write".to_owned(), move || {
            writer::run(writing, &write_queue, group, limit, &checkpointer);
        })?;
        Ok(Arc::new(SqlitePool {
            path,
            search_rows,
            reads,
            writes,
        }))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn search_rows(&self) -> u64 {
        self.search_rows
    }

    /// Runs something on a reading thread.
    ///
    /// # Errors
    /// Its own, or when too much work waits.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Session<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let work: ReadWork = Box::new(move |session| {
            // Nobody waits any more: the client went away.
            if !reply.is_closed() {
                let outcome = contained("a read", || work(session));
                let _ = reply.send(outcome.unwrap_or_else(|| Err(StoreError::Other("a read panicked".to_owned()))));
            }
        });
        self.reads
            .try_send(work)
            .map_err(|_| StoreError::Unavailable("too many reads are waiting".to_owned()))?;
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the reading thread ended".to_owned())))
    }

    /// Hands work to the writing thread; the work answers by itself when it is committed.
    ///
    /// # Errors
    /// When too much work waits.
    pub fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.writes
            .try_send(work)
            .map_err(|_| StoreError::Unavailable("too many writes are waiting".to_owned()))
    }
}

/// Runs a piece of work whose panic must not end the thread, for others wait there. `None`: it panicked.
pub(super) fn contained<T>(what: &str, work: impl FnOnce() -> T) -> Option<T> {
    // What a panic leaves behind are statements, which are reset before they are used again, and a transaction, which is rolled back.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    outcome
        .map_err(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            tracing::error!(panic = text, "{what} panicked");
        })
        .ok()
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    let spawned = thread::Builder::new().name(name).spawn(run);
    spawned
        .map(drop)
        .map_err(|error| StoreError::Unavailable(format!("a thread could not be started: {error}")))
}

/// Reads that wait are run in one transaction, for taking and leaving the file's locks costs as much as a small read. All of them came
/// before it began, so each sees what was committed when it was asked for. Few, because those behind a slow one wait.
const TOGETHER: usize = 4;

fn read_loop(mut connection: Connection, queue: &Receiver<ReadWork>, options: &PoolOptions) {
    let deadline = match Deadline::watch(&mut connection, options.statement_timeout) {
        Ok(deadline) => deadline,
        Err(error) => return tracing::error!(%error, "a reading connection could not be set up"),
    };
    let session = Session::new(&connection, deadline).keeping(options.related_kib as usize * 1024);
    let execute = |sql: &str| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .is_ok()
    };
    let mut works = Vec::with_capacity(TOGETHER);
    while let Ok(first) = queue.recv() {
        works.push(first);
        works.extend(queue.try_iter().take(TOGETHER - 1));
        let together = works.len() > 1 && execute("BEGIN");
        for work in works.drain(..) {
            session.begin();
            work(&session);
        }
        // Also one that a read began and panicked in.
        let ended = connection.is_autocommit() || (together && execute("COMMIT"));
        if !ended {
            execute("ROLLBACK");
        }
    }
}

/// Opens a connection and sets it up.
fn connect(path: &Path, options: &PoolOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let set_up = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
        connection.pragma_update(None, "mmap_size", options.mmap_bytes as i64)?;
        // See `checkpoint`.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        rusqlite::vtab::array::load_module(&connection)?;
        functions::register(&connection)?;
        Ok(connection)
    };
    set_up().map_err(|error| match from_sqlite(&error) {
        StoreError::Other(message) => StoreError::Unavailable(format!("{}: {message}", path.display())),
        other => other,
    })
}

/// Empty, or made by Glaze: then write-ahead logging is set at once. Somebody else's file stays as it is until something is written.
fn is_ours(connection: &Connection) -> bool {
    let sql = "SELECT count(*) = 0 OR sum(name LIKE 'glaze\\_%' ESCAPE '\\') > 0 FROM sqlite_schema";
    connection.query_row(sql, [], |row| row.get(0)).unwrap_or(false)
}
