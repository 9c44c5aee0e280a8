//! Many at once.

use futures_util::future::join_all;
use serde_json::json;

use crate::world::{BLOG, id, worlds};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_title_at_the_same_moment_gives_different_slugs() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let all = join_all((0..12).map(|_| world.create("Post", json!({"title": "Same", "author": author})))).await;
        let mut slugs: Vec<String> = all
            .into_iter()
            .map(|made| made.unwrap().1["slug"].as_str().unwrap().to_owned())
            .collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 12, "{}", world.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_write_that_fails_does_not_hurt_those_committed_with_it() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let nobody = "01900000-0000-7000-8000-000000000000";
        let all = join_all((0..60).map(|n| {
            let author = if n % 3 == 0 { json!(nobody) } else { author.clone() };
            world.create(
                "Post",
                json!({"title": format!("Post {n}"), "author": author, "comments": [{"create": {"text": "c"}}]}),
            )
        }))
        .await;
        let good = all.iter().filter(|made| made.is_ok()).count();
        assert_eq!(good, 40, "{}", world.name);
        assert_eq!(world.list("Post").await.len(), 40, "{}", world.name);
        assert_eq!(world.list("Comment").await.len(), 40, "{}", world.name);
    }
}
