//! Making and feeding a search index on the writing thread, a little at a time, so that other writes come in between.

use std::sync::{Arc, Weak, atomic::Ordering};

use glaze_data::store::StoreError;
use tokio::sync::oneshot;

use super::{
    error::from_sqlite,
    pool::SqlitePool,
    search::{Need, Search},
    session::Session,
    writer::Work,
};

/// One batch. Asks for the next one by itself.
struct Fold {
    pool: Weak<SqlitePool>,
    search: Arc<Search>,
    /// Make the index when the table has so many rows.
    create: Option<u64>,
    outcome: Result<State, StoreError>,
    finished: Option<oneshot::Sender<Result<bool, StoreError>>>,
}

/// What a batch left behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no index.
    Absent,
    /// All rows are in.
    Done,
    /// There may be more.
    More,
}

/// Sees to what a search found to be needed. Nobody waits for it.
pub(super) fn see_to(pool: &Arc<SqlitePool>, search: &Arc<Search>, need: Need, rows: u64) {
    let create = match need {
        Need::Nothing => return,
        Need::Create if !search.attempts.is_due() => return,
        Need::Create => Some(rows),
        Need::Fold => None,
    };
    start(pool, search, create, None);
}

/// Makes the index and brings every row in; whether it is there then.
///
/// # Errors
/// When the database refuses.
pub(super) async fn complete(pool: &Arc<SqlitePool>, search: &Arc<Search>, rows: u64) -> Result<bool, StoreError> {
    loop {
        let (finished, outcome) = oneshot::channel();
        if start(pool, search, Some(rows), Some(finished)) {
            return outcome
                .await
                .unwrap_or_else(|_| Err(StoreError::Unavailable("the index was not finished".to_owned())));
        }
        // Somebody else is at it.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// `false` when a fold is under way already.
fn start(
    pool: &Arc<SqlitePool>,
    search: &Arc<Search>,
    create: Option<u64>,
    finished: Option<oneshot::Sender<Result<bool, StoreError>>>,
) -> bool {
    if search.folding.swap(true, Ordering::Relaxed) {
        return false;
    }
    let work = Fold {
        pool: Arc::downgrade(pool),
        search: search.clone(),
        create,
        outcome: Ok(State::Absent),
        finished,
    };
    if pool.write(Box::new(work)).is_err() {
        // Too busy: a later search asks again.
        search.folding.store(false, Ordering::Relaxed);
    }
    true
}

impl Work for Fold {
    fn run(&mut self, session: &Session<'_>) -> bool {
        let fold = || {
            if let Some(rows) = self.create
                && !self.search.ensure(session.conn, rows)?
            {
                return Ok(State::Absent);
            }
            Ok(if self.search.fold(session.conn)? {
                State::More
            } else {
                State::Done
            })
        };
        self.outcome = fold().map_err(|error| from_sqlite(&error));
        self.outcome.is_ok()
    }

    fn done(mut self: Box<Self>, result: Result<(), StoreError>) {
        let outcome = match (result, &self.outcome) {
            (_, Err(error)) => Err(error.clone()),
            (Err(error), _) => Err(error),
            (Ok(()), Ok(state)) => Ok(*state),
        };
        if outcome.as_ref().is_ok_and(|state| *state == State::More) && self.again() {
            return;
        }
        self.search.folding.store(false, Ordering::Relaxed);
        if let Err(error) = &outcome {
            if matches!(error, StoreError::Other(_)) {
                self.search.doubt();
            }
            tracing::warn!(%error, "a search index could not be brought up to date; searches read the table");
        }
        if let Some(finished) = self.finished.take() {
            // Whoever waited may have gone away.
            let _ = finished.send(outcome.map(|state| state != State::Absent));
        }
    }
}

impl Fold {
    /// Hands in the next batch; `false` when the pool is gone or too busy.
    fn again(&mut self) -> bool {
        let Some(pool) = self.pool.upgrade() else {
            return false;
        };
        let next = Fold {
            pool: self.pool.clone(),
            search: self.search.clone(),
            create: None,
            outcome: Ok(State::Absent),
            finished: self.finished.take(),
        };
        pool.write(Box::new(next)).is_ok()
    }
}
