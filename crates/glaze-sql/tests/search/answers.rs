//! What is found, and how.

use glaze_data::store::Store;
use glaze_sql::query::PreparedRead;

use crate::{
    texts::Random,
    world::{World, constant},
};

/// Adds so many notes with random texts, from number `first` on.
pub fn add(world: &World, random: &mut Random, first: usize, count: usize) {
    let rows: Vec<String> = (first..first + count)
        .map(|id| {
            let doc =
                serde_json::json!([{"type": "p", "children": [{"text": random.text()}, {"text": random.text(), "mark": random.text()}]}]);
            let (title, body, hidden) = (random.text(), random.text(), random.text());
            let body = if id % 5 == 0 { "NULL".to_owned() } else { constant(&body) };
            let doc = if id % 3 == 0 {
                constant(&doc.to_string())
            } else {
                "NULL".to_owned()
            };
            format!("({id}, {}, {body}, {doc}, {})", constant(&title), constant(&hidden))
        })
        .collect();
    let sql = format!("INSERT INTO notes (id, title, body, doc, hidden) VALUES {}", rows.join(", "));
    world.both(&sql, &format!("SET standard_conforming_strings = on; {sql}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_has_the_same_answer_with_the_index_and_without() {
    let world = World::notes().await;
    let mut random = Random::new(7);
    add(&world, &mut random, 1, 400);
    assert_eq!(world.index("notes").await, (true, true));
    let mut found = 0;
    for _ in 0..300 {
        found += world.search("notes", &random.question()).await.rows;
    }
    assert!(found > 1000, "the questions must be such that something is found: {found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn compound_keys_and_texts_larger_than_any_index_takes_are_found() {
    let world = World::notes().await;
    let rows = "INSERT INTO slips (shelf, place, words) VALUES (1, 'a', 'first words'), (1, 'b', 'second words'), (2, 'a', 'third')";
    world.both(rows, rows);
    assert_eq!(world.index("slips").await, (true, true));
    assert_eq!(world.search("slips", "wor").await.rows, 2);
    assert_eq!(world.search("slips", "third").await.rows, 1);

    add(&world, &mut Random::new(1), 1, 20);
    assert_eq!(world.index("notes").await, (true, true));
    let large: String = (0..300_000).map(|n| format!("w{n} ")).collect();
    let word = "y".repeat(40_000);
    for (id, text) in [(100, &large), (101, &word)] {
        let sql = format!("INSERT INTO notes (id, title, body) VALUES ({id}, 'sizes', '{text}')");
        world.lite(&sql);
        let shared = world.postgres.pool().shared().await.unwrap();
        shared.client.batch_execute(&sql).await.unwrap();
    }
    world.index("notes").await;
    for question in ["w299999", "sizes w7", &"y".repeat(150), "yyyy"] {
        assert!(world.search("notes", question).await.rows >= 1, "{question}");
    }
}

/// The statement of a search through the index.
fn statement(world: &World, store: &dyn Store) -> String {
    let (prepared, _) = world.prepared(store, "notes", "search=two%20words&limit=20");
    let read = prepared.0.downcast::<PreparedRead>().unwrap();
    read.searched.as_ref().unwrap().plan.root.statement.sql.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_answers_instead_of_the_table() {
    let world = World::notes().await;
    let many = "INSERT INTO notes (id, title, body) SELECT n, 'number ' || n, 'some text';";
    let lite = many.replace(
        ';',
        " FROM (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5000) SELECT n FROM r);",
    );
    world.both(&lite, &many.replace(';', " FROM generate_series(1, 5000) n;"));
    assert_eq!(world.index("notes").await, (true, true));

    let sql = format!("EXPLAIN QUERY PLAN {}", statement(&world, &world.sqlite));
    let explained = world.sqlite.pool().read(move |session| {
        let mut statement = session
            .conn
            .prepare(&sql)
            .map_err(|error| glaze_sqlite::store::from_sqlite(&error))?;
        let steps = statement
            .raw_query()
            .mapped(|row| row.get::<_, String>("detail"))
            .collect::<Result<Vec<_>, _>>();
        steps.map_err(|error| glaze_sqlite::store::from_sqlite(&error))
    });
    let steps = explained.await.unwrap();
    assert!(
        steps.iter().any(|step| step.contains("SEARCH t0 USING INTEGER PRIMARY KEY")),
        "{steps:#?}"
    );
    assert!(
        steps
            .iter()
            .any(|step| step.contains("glaze_search_index_notes_ VIRTUAL TABLE INDEX")),
        "{steps:#?}"
    );

    let sql = statement(&world, &world.postgres);
    let explained = world.pg(&format!(
        "PREPARE q AS {sql}; EXPLAIN EXECUTE q(ARRAY['(^|[^[:alnum:]])[nN][uU]', '(^|[^[:alnum:]])77'], ARRAY['nu', '77'])"
    ));
    assert!(explained.contains("Bitmap Index Scan on glaze_search_"), "{explained}");
    assert_eq!(world.search("notes", "number 4999").await.rows, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_by_itself_when_a_large_table_is_searched() {
    let world = World::notes().await;
    add(&world, &mut Random::new(3), 1, 50);
    let options = glaze_sqlite::PoolOptions {
        search_rows: 50,
        ..Default::default()
    };
    let pool = glaze_sqlite::SqlitePool::open(&world.file, options).unwrap();
    let store = glaze_sqlite::SqliteStore::new(pool, world.schema.clone());
    let (prepared, args) = world.prepared(&store, "notes", "search=rust");
    let first = store.read(&prepared, &args, Vec::new()).await.unwrap();
    let count = "SELECT count(*) FROM sqlite_schema WHERE name = 'glaze_search_insert_notes'";
    let there = || {
        rusqlite::Connection::open(&world.file)
            .unwrap()
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap_or(0)
    };
    for _ in 0..200 {
        if there() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(there(), 1);
    assert_eq!(store.read(&prepared, &args, Vec::new()).await.unwrap(), first);

    let options = glaze_postgres::PoolOptions {
        search_rows: 50,
        ..Default::default()
    };
    let pool = glaze_postgres::PgPool::connect(&world.url, options).await.unwrap();
    let store = glaze_postgres::PgStore::new(pool, world.schema.clone());
    let (prepared, args) = world.prepared(&store, "notes", "search=rust");
    let first = store.read(&prepared, &args, Vec::new()).await.unwrap();
    let valid = "SELECT count(*) FROM pg_index WHERE indexrelid::regclass::text LIKE 'glaze_search_%' AND indisvalid";
    for _ in 0..200 {
        if world.pg(valid).trim() == "1" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.pg(valid).trim(), "1");
    assert_eq!(store.read(&prepared, &args, Vec::new()).await.unwrap(), first);
}
