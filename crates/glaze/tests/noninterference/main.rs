//! Non-interference, as a property: two databases that differ only in what a reader may not see give that reader the same answers, byte for
//! byte, whatever is asked: lists, entries, aggregates, search, filters and orders over hidden fields and through hidden rows, cursors,
//! tags, creations, changes, removals, nested entries, many at once, repetitions.
//!
//! Schemas, policies, rows and requests are generated. The seed is the report: `GLAZE_SEED=number` repeats a run, `GLAZE_WORLDS=number`
//! makes it longer. An administrator asking the same shows that the test can tell the databases apart.
//!
//! What is left out, because no system could hide it:
//! - a value that must be unique and is taken by a hidden row is refused, and a slug gets a number. Hidden rows have their own values here;
//! - rows that go away with a hidden row they refer to (the schema's own word, `on_delete(cascade)`);
//! - rules that ask about hidden fields or rows: what they allow is what the author of the schema wanted shown.

#![allow(clippy::unwrap_used)]

mod content;
mod project;
mod random;
mod reads;
mod sides;
mod world;
mod writes;

use std::time::{Duration, Instant};

use random::Chance;
use sides::Engine;
use world::{Tally, World};

/// The seed of this run.
fn seed() -> u64 {
    let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    number("GLAZE_SEED").unwrap_or_else(|| u64::from(now().subsec_nanos()))
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Worlds after worlds, until there were enough or the time is over. The seed of a failing world is all that is needed to see it again.
async fn check(engine: Engine, worlds: u64, requests: usize, most: Duration) {
    let (first, begun) = (seed(), Instant::now());
    let worlds = number("GLAZE_WORLDS").unwrap_or(worlds);
    let mut tally = Tally::default();
    for seed in (0..worlds).map(|at| first.wrapping_add(at)) {
        if begun.elapsed() > most && number("GLAZE_WORLDS").is_none() {
            break;
        }
        let mut chance = Chance::new(seed);
        let mut world = World::new(engine, seed, &mut chance).await;
        world.run(&mut chance, requests).await;
        tally.add(&world.tally);
    }
    println!("{engine:?}: GLAZE_SEED={first}, {tally:?}, {:?}", begun.elapsed());
    tally.judge();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_changes_no_answer_on_sqlite() {
    check(Engine::Sqlite, 60, 100, Duration::from_secs(50)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_seen_changes_no_answer_on_postgres() {
    check(Engine::Postgres, 10, 60, Duration::from_secs(40)).await;
}
