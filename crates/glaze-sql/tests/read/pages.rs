//! SQLite reads pages in the order of an index where it can, and keeps related rows as written: neither may show.

use std::sync::Arc;

use glaze_data::{Actor, bound::Page, store::Store};
use serde_json::Value as Json;

use crate::world::{Asked, ask, create_tables, run, schema};

const NOTES: &str = r##"
use glaze::schema::*;

#[entity(label = name)]
#[can(read)]
pub struct Person {
    pub name: String,
}

#[entity]
#[can(read)]
#[index(day desc)]
pub struct Note {
    #[unique]
    pub number: i64,
    pub day: Option<i64>,
    pub person: Ref<Person>,
}
"##;

struct Notes {
    store: Arc<dyn Store>,
    connection: rusqlite::Connection,
    schema: Arc<glaze_data::Schema>,
    _folder: tempfile::TempDir,
}

fn id(n: u32) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// Notes of many days: some alone, some few together, one day with 80, and some without a day.
async fn notes() -> Notes {
    let schema = schema(NOTES);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.db");
    let structure = glaze_sqlite::SqliteDatabase::open(&path).unwrap();
    create_tables(&schema, &structure, &glaze_sqlite::SqliteCatalog).await;
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = |table: &str, columns: &str| {
        let marks = columns.split(',').map(|_| "?").collect::<Vec<_>>().join(",");
        format!(
            "INSERT INTO {table} ({columns}, created_at, updated_at) VALUES ({marks}, '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z')"
        )
    };
    for n in 0..3 {
        connection
            .execute(&sql("people", "id, name"), (id(n), format!("Person {n}")))
            .unwrap();
    }
    connection.execute_batch("BEGIN").unwrap();
    for n in 0..200u32 {
        let day = match n % 5 {
            0 | 1 => Some(1000),
            2 => Some(n / 10),
            3 => Some(n),
            _ => (n % 10 == 4).then_some(n + 500),
        };
        // Keys that are not in the order of insertion.
        let key = id(n * 77 % 200 + 1000);
        connection
            .execute(&sql("notes", "id, number, day, person_id"), (key, n, day, id(n % 3)))
            .unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
    let pool = glaze_sqlite::SqlitePool::open(&path, glaze_sqlite::PoolOptions::default()).unwrap();
    Notes {
        store: Arc::new(glaze_sqlite::SqliteStore::new(pool, schema.clone())),
        connection,
        schema,
        _folder: folder,
    }
}

impl Notes {
    fn ask(&self, question: &str) -> Asked {
        ask(&self.schema, &Actor::Anonymous, question).unwrap()
    }

    /// All pages of so many rows.
    async fn pages(&self, question: &str, limit: u64) -> Vec<Json> {
        let mut asked = self.ask(question);
        let (mut all, mut ends) = (Vec::new(), None);
        loop {
            if let Some(from) = ends {
                asked.read.page = Page::Seek {
                    limit,
                    from,
                    before: false,
                };
            } else {
                asked.read.page = Page::Offset { limit, offset: 0 };
            }
            let answer = run(self.store.as_ref(), &asked, question).await;
            let mut rows: Vec<Json> = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(answer.rows, rows.len());
            assert!(!answer.more || rows.len() as u64 == limit, "{question}");
            all.append(&mut rows);
            match answer.edges {
                Some((_, last)) if answer.more => ends = Some(last),
                _ => return all,
            }
        }
    }

    /// Sorted by SQLite itself.
    fn expected(&self, order: &str) -> Vec<i64> {
        let sql = format!("SELECT number FROM notes ORDER BY {order}");
        let mut statement = self.connection.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

fn numbers(rows: &[Json]) -> Vec<i64> {
    rows.iter().map(|row| row["number"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tied_rows_are_in_the_order_of_their_keys_on_every_page() {
    let notes = notes().await;
    for (sort, order) in [
        ("-day", "day DESC NULLS FIRST, id"),
        ("day", "day NULLS LAST, id"),
        ("-day,-id", "day DESC NULLS FIRST, id DESC"),
        ("day,number", "day NULLS LAST, number"),
    ] {
        let expected = notes.expected(order);
        let question = format!("notes?fields=number&sort={sort}");
        for limit in [1, 7, 50, 100, 300] {
            let rows = notes.pages(&question, limit).await;
            assert_eq!(numbers(&rows), expected, "{question} by {limit}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_towards_the_front_are_the_same_rows() {
    let notes = notes().await;
    let question = "notes?fields=number&sort=-day";
    let expected = notes.expected("day DESC NULLS FIRST, id");
    for limit in [3, 40] {
        let mut asked = notes.ask(question);
        asked.read.page = Page::Offset { limit: 200, offset: 0 };
        let mut from = run(notes.store.as_ref(), &asked, question).await.edges.unwrap().1;
        let mut all = Vec::new();
        loop {
            asked.read.page = Page::Seek { limit, from, before: true };
            let answer = run(notes.store.as_ref(), &asked, question).await;
            let mut rows: Vec<Json> = serde_json::from_slice(&answer.body).unwrap();
            rows.append(&mut all);
            all = rows;
            match answer.edges {
                Some((first, _)) if answer.more => from = first,
                _ => break,
            }
        }
        assert_eq!(numbers(&all), expected[..expected.len() - 1], "by {limit}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_a_related_row_shows_at_once() {
    let notes = notes().await;
    let asked = notes.ask("notes?fields=number,person.name&limit=20");
    for round in 0..20 {
        let name = format!("Name {round}");
        notes.connection.execute("UPDATE people SET name = ?", [&name]).unwrap();
        // Each of the reading threads has its turn, also with what it kept.
        for _ in 0..6 {
            let answer = run(notes.store.as_ref(), &asked, "names").await;
            let rows: Vec<Json> = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(rows.len(), 20);
            assert!(rows.iter().all(|row| row["person"]["name"] == name.as_str()), "{rows:?}");
        }
    }
}
