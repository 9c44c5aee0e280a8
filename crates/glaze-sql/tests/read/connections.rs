//! What happens to connections: limits of time, and servers that go away.

use std::time::Duration;

use glaze_data::{Actor, store::StoreError};

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_is_cut_off_and_the_connection_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let options = glaze_sqlite::PoolOptions {
        statement_timeout: Duration::from_millis(100),
        readers: 1,
        ..Default::default()
    };
    let pool = glaze_sqlite::SqlitePool::open(folder.path().join("test.db"), options).unwrap();
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    let query = |sql: &'static str| {
        pool.read(move |session| {
            session
                .conn
                .query_row(sql, [], |row| row.get::<_, i64>(0))
                .map_err(|error| glaze_sqlite::store::from_sqlite(&error))
        })
    };
    assert!(matches!(query(endless).await, Err(StoreError::Timeout)));
    assert_eq!(query("SELECT 7").await.unwrap(), 7);

    let url = glaze_testkit::Postgres::shared().database().url;
    let options = glaze_postgres::PoolOptions {
        statement_timeout: Duration::from_millis(100),
        ..Default::default()
    };
    let pool = glaze_postgres::PgPool::connect(&url, options).await.unwrap();
    let shared = pool.shared().await.unwrap();
    let error = shared.client.simple_query("SELECT pg_sleep(5)").await.unwrap_err();
    assert!(matches!(glaze_postgres::store::from_postgres(&error), StoreError::Timeout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_made_anew() {
    let world = World::library().await;
    let asked = world.ask(&Actor::Anonymous, "tags").unwrap();
    let before = world.answer(&asked, "before").await;
    let admin = glaze_testkit::Postgres::shared();
    admin.psql(
        &world.url,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    for _ in 0..8 {
        assert_eq!(world.answer(&asked, "after").await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_changed_under_a_prepared_statement_do_not_matter() {
    let world = World::library().await;
    let asked = world.ask(&Actor::Anonymous, "tags").unwrap();
    let before = world.answer(&asked, "before").await;
    glaze_testkit::Postgres::shared().psql(&world.url, "ALTER TABLE tags ALTER COLUMN name TYPE varchar(500)");
    for _ in 0..8 {
        assert_eq!(world.answer(&asked, "after").await, before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_panics_ends_neither_the_reading_nor_the_writing_thread() {
    let folder = tempfile::tempdir().unwrap();
    let options = glaze_sqlite::PoolOptions {
        readers: 1,
        ..Default::default()
    };
    let pool = glaze_sqlite::SqlitePool::open(folder.path().join("test.db"), options).unwrap();
    let panicking = pool.read(|session| -> Result<(), StoreError> {
        session.conn.execute_batch("BEGIN; SELECT 1").unwrap();
        panic!("a fault in a read")
    });
    assert!(matches!(panicking.await, Err(StoreError::Other(_))));
    let inside = pool.read(|session| Ok(!session.conn.is_autocommit()));
    assert!(!inside.await.unwrap(), "the transaction of the read that panicked is over");

    struct Faulty(Option<tokio::sync::oneshot::Sender<()>>);
    impl glaze_sqlite::store::Work for Faulty {
        fn run(&mut self, session: &glaze_sqlite::store::Session<'_>) -> bool {
            session.conn.execute_batch("CREATE TABLE half (a INTEGER)").unwrap();
            panic!("a fault in a write")
        }
        fn done(mut self: Box<Self>, _: Result<(), StoreError>) {
            let _ = self.0.take().unwrap().send(());
        }
    }
    for _ in 0..2 {
        let (sender, done) = tokio::sync::oneshot::channel();
        pool.write(Box::new(Faulty(Some(sender)))).unwrap();
        done.await.unwrap();
    }
    let left = pool.read(|session| {
        let count = session
            .conn
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        count.map_err(|error| glaze_sqlite::store::from_sqlite(&error))
    });
    assert_eq!(left.await.unwrap(), 0, "nothing of a write that panicked stays");
}
