//! Rows change, by whatever hand: the index follows.

use crate::{
    answers::add,
    texts::Random,
    world::{World, constant},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_added_changed_and_removed_are_found_as_they_are() {
    let world = World::notes().await;
    let mut random = Random::new(11);
    add(&world, &mut random, 1, 100);
    assert_eq!(world.index("notes").await, (true, true));
    let mut next = 1000;
    for round in 0..60 {
        let (id, text) = (1 + random.below(100), constant(&random.text()));
        let sql = match random.below(6) {
            0 => format!("UPDATE notes SET title = {text} WHERE id = {id}"),
            1 => format!("UPDATE notes SET body = NULL WHERE id % 7 = {}", id % 7),
            2 => format!("DELETE FROM notes WHERE id = {id}"),
            3 => format!("UPDATE notes SET id = id + 5000 WHERE id = {id}"),
            4 => format!("BEGIN; UPDATE notes SET title = {text}; DELETE FROM notes WHERE id < 50; ROLLBACK"),
            _ => {
                next += 1;
                format!("INSERT INTO notes (id, title) VALUES ({next}, {text}) ON CONFLICT (id) DO UPDATE SET title = {text}")
            }
        };
        world.both(&sql, &sql);
        world.search("notes", &random.question()).await;
        if round % 9 == 0 {
            // All that was noted is brought in.
            world.index("notes").await;
        }
    }
    for _ in 0..40 {
        world.search("notes", &random.question()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_of_others_need_nothing_that_only_glaze_has() {
    let world = World::notes().await;
    add(&world, &mut Random::new(5), 1, 30);
    world.index("notes").await;
    // A connection without Glaze's functions, with another conflict policy than the triggers'.
    for sql in [
        "INSERT OR REPLACE INTO notes (id, title) VALUES (7, 'replaced entirely')",
        "INSERT OR REPLACE INTO notes (id, title) VALUES (7, 'replaced again')",
        "INSERT OR FAIL INTO notes (id, title) VALUES (900, 'newcomer')",
        "UPDATE OR ROLLBACK notes SET title = 'newcomer too' WHERE id = 900",
    ] {
        world.lite(sql);
    }
    world.pg("DELETE FROM notes WHERE id = 7; INSERT INTO notes (id, title) VALUES (7, 'replaced again'), (900, 'newcomer too')");
    assert_eq!(world.search("notes", "replaced again").await.rows, 1);
    assert_eq!(world.search("notes", "entirely").await.rows, 0);
    assert_eq!(world.search("notes", "newcomer too").await.rows, 1);
    world.index("notes").await;
    assert_eq!(world.search("notes", "newcomer too").await.rows, 1);
    assert_eq!(world.search("notes", "replaced again").await.rows, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_index_is_nobodys_trouble() {
    let world = World::notes().await;
    add(&world, &mut Random::new(9), 1, 60);
    world.index("notes").await;
    let before = world.search("notes", "rust").await;
    world.lite("DELETE FROM \"glaze_search_index_notes__data\"");
    world.pg("DROP FUNCTION glaze.search_question(text[]) CASCADE");
    assert_eq!(world.search("notes", "rust").await, before);
    assert_eq!(world.index("notes").await, (true, true));
    assert_eq!(world.search("notes", "rust").await, before);
}
