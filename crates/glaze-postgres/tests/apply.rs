//! The lock, what looking leaves behind, and connections that wait or are lost. How migrations run is tested where it is decided, in
//! `glaze-converge`, on both databases.

use std::time::Duration;

use glaze_converge::port::{Database, DatabaseError, Patience, Scope};
use glaze_postgres::PostgresDatabase;
use glaze_testkit::{Postgres, TestDatabase};

async fn place() -> (TestDatabase, PostgresDatabase) {
    let place = Postgres::shared().database();
    let database = PostgresDatabase::connect(&place.url).await.expect("a connection");
    (place, database)
}

/// Nobody here waits long for somebody who will not come back.
fn short() -> Patience {
    Patience {
        migrator: Duration::from_millis(50),
        ..Patience::default()
    }
}

#[tokio::test]
async fn looking_makes_nothing() {
    let (_place, database) = place().await;
    assert!(!database.has_journal().await.expect("an answer"));
    assert_eq!(database.journal().await.expect("an answer"), []);
    let schemas = database
        .query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'glaze%'")
        .await
        .expect("rows");
    assert_eq!(schemas, [[Some("0".to_owned())]]);
}

#[tokio::test]
async fn one_migrator_at_a_time() {
    let (place, one) = place().await;
    let two = PostgresDatabase::connect(&place.url).await.expect("a connection");
    one.lock("ann@desk", &short()).await.expect("the lock");
    assert!(matches!(two.lock("ben@desk", &short()).await, Err(DatabaseError::Locked(Some(holder))) if holder.by.contains("ann@desk")));
    one.unlock().await.expect("given back");
    two.lock("ben@desk", &short()).await.expect("the lock");
    drop(two);
    // The lock ends with the connection that held it.
    let mut tries = 0;
    while one.lock("ann@desk", &short()).await.is_err() {
        tries += 1;
        assert!(tries < 100, "the lock outlives its holder");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_busy_table_is_waited_for() {
    let (place, database) = place().await;
    database.execute(&["CREATE TABLE t (id int)".to_owned()]).await.expect("made");
    let other = glaze_postgres::connect::connect(&place.url).await.expect("a connection");
    other.batch_execute("BEGIN; LOCK TABLE t").await.expect("locked");
    let release = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(4)).await;
        other.batch_execute("COMMIT").await.expect("released");
    });
    database
        .execute(&["ALTER TABLE t ADD COLUMN n int".to_owned()])
        .await
        .expect("after a while");
    release.await.expect("ended");
}

#[tokio::test]
async fn a_scope_leaves_out_what_is_not_ours_and_names_what_depends_on_us() {
    let (place, database) = place().await;
    Postgres::shared().psql(
        &place.url,
        "CREATE TYPE mood AS ENUM ('a'); CREATE TYPE theirs AS ENUM ('x'); \
         CREATE TABLE cms_posts (id int PRIMARY KEY, mood mood); CREATE TABLE cms_old (id int); \
         CREATE TABLE orders (id int, t theirs, post int REFERENCES cms_posts); \
         CREATE VIEW report AS SELECT p.mood, o.id FROM cms_posts p JOIN orders o ON o.post = p.id",
    );
    let scope = Scope {
        schemas: vec![],
        owns: vec!["cms_*".into()],
        ignore: vec!["*_old".into()],
        ..Scope::default()
    };
    let catalog = database.introspect(&scope).await.expect("introspection");
    assert_eq!(
        catalog.tables.iter().map(|table| table.name.to_string()).collect::<Vec<_>>(),
        ["public.cms_posts"]
    );
    assert_eq!(
        catalog.enums.iter().map(|item| item.name.name.as_str()).collect::<Vec<_>>(),
        ["mood"]
    );
    let others: Vec<String> = catalog
        .unmodelled
        .iter()
        .map(|item| format!("{} {}", item.kind, item.name))
        .collect();
    assert_eq!(others, ["foreign key public.orders.orders_post_fkey", "view public.report"]);
    let needs: Vec<String> = catalog.unmodelled[1]
        .depends_on
        .iter()
        .filter_map(|needs| needs.column.clone())
        .collect();
    assert!(needs.contains(&"mood".to_owned()), "{needs:?}");
}

#[tokio::test]
async fn who_may_only_read_can_compare_all_the_same() {
    let (place, database) = place().await;
    database
        .execute(&["CREATE TABLE t (n int CHECK (n > 0))".to_owned()])
        .await
        .expect("made");
    let role = format!("reader_{}", place.name);
    Postgres::shared().psql(&place.url, &format!("CREATE ROLE {role} LOGIN; GRANT SELECT ON t TO {role}"));
    let reader = PostgresDatabase::connect(&place.url.replace("postgres@", &format!("{role}@")))
        .await
        .expect("a connection");
    let there = reader.introspect(&Scope::default()).await.expect("introspection");
    let mut wanted = there.clone();
    wanted.tables[0].checks[0].expr = "n>0".to_owned();
    assert_eq!(reader.canonicalise(&wanted, &there).await.expect("an answer"), wanted);
    assert_eq!(database.canonicalise(&wanted, &there).await.expect("an answer"), there);
}

#[tokio::test]
async fn a_connection_that_was_lost_is_made_again() {
    let (place, database) = place().await;
    let other = PostgresDatabase::connect(&place.url).await.expect("a connection");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.query(end).await.expect("ended");
    // The first answer may be the news itself.
    for _ in 0..50 {
        if let Ok(answer) = database.query("SELECT 1").await {
            assert_eq!(answer, [[Some("1".to_owned())]]);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no new connection");
}
