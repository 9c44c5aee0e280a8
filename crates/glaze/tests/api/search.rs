//! Searching, with the index that comes by itself once a table is large.

use std::time::Duration;

use glaze_converge::port::Database;
use serde_json::{Value as Json, json};

use crate::world::{Admin, World};

const SCHEMA: &str = r#"use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Note {
    #[id]
    pub id: i64,
    pub title: String,
    pub body: Option<Text>,
}
"#;

fn notes(range: std::ops::Range<i64>) -> Json {
    let note = |n: i64| json!({"id": n, "title": format!("Number {n}"), "body": format!("text of the {}th note", n % 7)});
    range.map(note).collect()
}

/// Waits until both databases have the index.
async fn indexed(world: &World) {
    let lite = glaze_sqlite::SqliteDatabase::open(world.file()).unwrap();
    let pg = glaze_postgres::PostgresDatabase::connect(world.url()).await.unwrap();
    let made = async |database: &dyn Database, sql: &str| database.query(sql).await.unwrap()[0][0].as_deref() != Some("0");
    for _ in 0..500 {
        let triggers = "SELECT count(*) FROM sqlite_schema WHERE name = 'glaze_search_insert_notes'";
        let valid = "SELECT count(*)::text FROM pg_index WHERE indisvalid AND indexrelid::regclass::text LIKE 'glaze_search_%'";
        if made(&lite, triggers).await && made(&pg, valid).await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no index came");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_found_at_once_before_and_after_the_index_came() {
    let world = World::new(SCHEMA).await;
    for first in (1..1100).step_by(100) {
        world.post(Admin, "/api/notes", notes(first..first + 100)).await.is(201);
    }
    let found = async |words: &str| {
        let reply = world
            .get(Admin, &format!("/api/notes?search={words}&fields=id&count=exact"))
            .await
            .is(200);
        reply.column("id").iter().filter_map(Json::as_i64).collect::<Vec<_>>()
    };
    assert_eq!(found("number%201077").await, [1077]);
    indexed(&world).await;
    assert_eq!(found("number%201077").await, [1077]);

    world
        .post(Admin, "/api/notes", json!({"id": 5000, "title": "A late-comer"}))
        .await
        .is(201);
    assert_eq!(found("comer").await, [5000]);
    world.patch(Admin, "/api/notes/5000", json!({"title": "Renamed"})).await.is(200);
    assert_eq!(found("comer").await, [] as [i64; 0]);
    assert_eq!(found("renam").await, [5000]);
    world
        .send(
            Admin,
            "PUT",
            "/api/notes/5000",
            &[],
            Some(json!({"title": "Put", "body": "in its place"})),
        )
        .await
        .is(200);
    assert_eq!(found("renam").await, [] as [i64; 0]);
    assert_eq!(found("plac").await, [5000]);
    // Refused as a whole: nothing of it is found.
    let twice = json!([{"id": 6000, "title": "Refused"}, {"id": 5000, "title": "Refused"}]);
    assert!(world.post(Admin, "/api/notes", twice).await.status >= 400);
    assert_eq!(found("refused").await, [] as [i64; 0]);
    world
        .patch(
            Admin,
            "/api/notes?filter[id][_lte]=500&confirm=500",
            json!({"body": "changed together"}),
        )
        .await
        .is(200);
    assert_eq!(found("number%20499%20togeth").await, [499]);
    world.delete(Admin, "/api/notes?search=together&confirm=500").await.is(200);
    assert_eq!(found("together").await, [] as [i64; 0]);
    assert_eq!(found("number%201077").await, [1077]);
}
