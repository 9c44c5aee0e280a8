//! What only the database knows to refuse, also at the very end of a transaction, where neighbours must not suffer.

use futures_util::future::join_all;
use serde_json::json;

use crate::world::{BLOG, altered, id, nobody, problems};

#[tokio::test]
async fn checks_of_the_database_are_named_by_their_field() {
    let sqlite = (
        r#""price" INTEGER"#,
        r#""price" INTEGER CONSTRAINT posts_price_check CHECK (price < 100000)"#,
    );
    let postgres = "ALTER TABLE posts ADD CONSTRAINT posts_price_check CHECK (price < 1000);";
    for world in altered(BLOG, sqlite, postgres).await {
        let author = id(&world.author("Ann").await);
        let dear = world
            .create("Post", json!({"title": "x", "author": author, "price": "1000.00"}))
            .await;
        assert_eq!(problems(dear), [("price".to_owned(), "check")], "{}", world.name);
        world
            .create("Post", json!({"title": "x", "author": author, "price": "999.99"}))
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_refused_at_the_commit_hurts_nobody_else() {
    let sqlite = ("ON DELETE CASCADE,", "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,");
    let postgres = "ALTER TABLE comments ALTER CONSTRAINT comments_post_id_fkey DEFERRABLE INITIALLY DEFERRED;";
    for world in altered(BLOG, sqlite, postgres).await {
        let all = join_all((0..30).map(|n| {
            let body = if n % 3 == 0 {
                json!({"text": "bad", "post": id(&nobody())})
            } else {
                json!({"text": "good"})
            };
            world.create("Comment", body)
        }))
        .await;
        for (n, made) in all.into_iter().enumerate() {
            if n % 3 == 0 {
                assert_eq!(
                    problems(made).into_iter().map(|(_, code)| code).collect::<Vec<_>>(),
                    ["not_found_reference"],
                    "{}",
                    world.name
                );
            } else {
                made.unwrap();
            }
        }
        assert_eq!(world.list("Comment").await.len(), 20, "{}", world.name);
    }
}
