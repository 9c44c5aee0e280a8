//! Tables change under the index, and nobody but the store sees it.

use crate::{
    answers::add,
    texts::Random,
    world::{NOTES, World},
};

fn made(world: &World) -> (i64, String) {
    let count = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'glaze_search_%'";
    let lite = rusqlite::Connection::open(&world.file)
        .unwrap()
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    let pg = world.pg("SELECT count(*) FROM pg_class WHERE relname LIKE 'glaze_search_%'");
    (lite, pg.trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_glaze_has_not_migrated_gets_none() {
    let world = World::foreign(NOTES).await;
    add(&world, &mut Random::new(2), 1, 20);
    world.search("notes", "rust").await;
    assert_eq!(world.index("notes").await, (false, false));
    assert_eq!(made(&world), (0, "0".to_owned()));
    let external = World::foreign(&NOTES.replacen("timestamps = false", "external, timestamps = false", 1)).await;
    external.both(
        "CREATE TABLE glaze_migrations (finished boolean); INSERT INTO glaze_migrations VALUES (TRUE)",
        "CREATE SCHEMA glaze; CREATE TABLE glaze.migrations (finished boolean); INSERT INTO glaze.migrations VALUES (TRUE)",
    );
    assert_eq!(external.index("notes").await, (false, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn introspection_does_not_see_it() {
    let world = World::notes().await;
    add(&world, &mut Random::new(2), 1, 20);
    let before = world.structures().await;
    assert_eq!(world.index("notes").await, (true, true));
    assert_eq!(world.index("slips").await, (true, true));
    assert_eq!(world.structures().await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_made_anew_renamed_and_vacuumed_are_searched_as_before() {
    let mut world = World::notes().await;
    let mut random = Random::new(21);
    add(&world, &mut random, 1, 80);
    world.index("notes").await;
    // A migration makes the table anew: the triggers go with the old one.
    world.lite(
        "BEGIN; CREATE TABLE n2 (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, doc TEXT, hidden TEXT) STRICT; \
         INSERT INTO n2 SELECT id, title, body, doc, hidden FROM notes; DROP TABLE notes; ALTER TABLE n2 RENAME TO notes; \
         UPDATE notes SET title = 'made anew' WHERE id < 10; COMMIT",
    );
    world.pg("UPDATE notes SET title = 'made anew' WHERE id < 10");
    assert_eq!(world.search("notes", "made anew").await.rows, 9);
    assert_eq!(world.index("notes").await, (true, true));
    assert_eq!(world.search("notes", "made anew").await.rows, 9);
    world.both("DELETE FROM notes WHERE id % 2 = 0; VACUUM", "DELETE FROM notes WHERE id % 2 = 0; ");
    world.pg("VACUUM FULL notes");
    assert_eq!(world.search("notes", "made anew").await.rows, 5);

    // Renamed: a column, then the table.
    let rename = "ALTER TABLE notes RENAME COLUMN body TO prose";
    world.both(rename, rename);
    world.under(&NOTES.replace("pub body", "pub prose"));
    for _ in 0..10 {
        world.search("notes", &random.question()).await;
    }
    assert_eq!(world.index("notes").await, (true, true));
    let rename = "ALTER TABLE notes RENAME TO papers";
    world.both(rename, rename);
    world.under(&NOTES.replace("pub body", "pub prose").replace("Note ", "Paper "));
    assert_eq!(world.search("papers", "made anew").await.rows, 5);
    assert_eq!(world.index("papers").await, (true, true));
    assert_eq!(world.search("papers", "made anew").await.rows, 5);
    // Nothing is left of the index under the former name: three triggers, two tables with an index of their own, FTS5's tables.
    let names = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'glaze_search_%notes%'";
    let left: i64 = rusqlite::Connection::open(&world.file)
        .unwrap()
        .query_row(names, [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(made(&world).1, "1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_under_the_index_can_be_dropped_and_change_their_type() {
    let mut world = World::notes().await;
    add(&world, &mut Random::new(4), 1, 40);
    world.index("notes").await;
    world.both(
        "ALTER TABLE notes DROP COLUMN body",
        "ALTER TABLE notes ALTER COLUMN body TYPE varchar(90000); ALTER TABLE notes DROP COLUMN body",
    );
    world.under(&NOTES.replace("    pub body: Option<Text>,\n", ""));
    let all = world.search("notes", "rust").await;
    assert_eq!(world.index("notes").await, (true, true));
    assert_eq!(world.search("notes", "rust").await, all);
    // Text becomes a number: PostgreSQL makes the index anew with what its functions give for numbers.
    world.pg("UPDATE notes SET title = id::text; ALTER TABLE notes ALTER COLUMN title TYPE integer USING title::integer");
    world.pg("ALTER TABLE notes ALTER COLUMN title TYPE text");
    world.lite("UPDATE notes SET title = id");
    assert!(world.search("notes", "17").await.rows >= 1);
}
