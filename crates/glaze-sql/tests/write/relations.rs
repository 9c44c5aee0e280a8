//! Every form in which a relation is written.

use serde_json::{Value as Json, json};

use crate::world::{BLOG, id, nobody, pick, problems, worlds};

fn codes(post: &Json) -> Vec<&str> {
    post["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["code"].as_str().unwrap())
        .collect()
}

fn texts(post: &Json) -> Vec<&str> {
    post["comments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|comment| comment["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn to_one() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let body = json!({"title": "x", "author": {"create": {"name": "New"}}, "editor": {"connect": author}});
        let (key, post) = world.create("Post", body).await.unwrap();
        assert_eq!(post["editor"], author);
        let authors = world.list("Author").await;
        assert!(
            authors.iter().any(|found| found["name"] == "New" && found["id"] == post["author"]),
            "{}",
            world.name
        );
        let after = world.update("Post", &key, json!({"editor": null, "author": author})).await.unwrap();
        assert_eq!(pick(&after, &["author", "editor"]), json!({"author": author, "editor": null}));
        let wrong = world
            .update("Post", &key, json!({"editor": {"create": {"name": "much too long for a name"}}}))
            .await;
        assert_eq!(problems(wrong), [("editor.create.name".to_owned(), "too_long")]);
        assert_eq!(world.list("Author").await.len(), 2);
    }
}

#[tokio::test]
async fn many_to_many() {
    for world in worlds(BLOG).await {
        world.tags(&["a", "b", "c"]).await;
        let author = id(&world.author("Ann").await);
        let (key, post) = world
            .create("Post", json!({"title": "x", "author": author, "tags": ["b", "a", "b"]}))
            .await
            .unwrap();
        assert_eq!(codes(&post), ["a", "b"], "{}", world.name);
        let change = json!({"tags": {"connect": ["c", "a"], "disconnect": ["b"], "create": [{"code": "d"}]}});
        let post = world.update("Post", &key, change).await.unwrap();
        assert_eq!(codes(&post), ["a", "c", "d"], "{}", world.name);
        let post = world
            .update("Post", &key, json!({"tags": {"set": ["b"], "create": [{"code": "e"}]}}))
            .await
            .unwrap();
        assert_eq!(codes(&post), ["b", "e"], "{}", world.name);
        let post = world
            .update("Post", &key, json!({"tags": ["c", {"create": {"code": "f"}}]}))
            .await
            .unwrap();
        assert_eq!(codes(&post), ["c", "f"], "{}", world.name);
        let wrong = world.update("Post", &key, json!({"tags": ["a", "nope"], "title": "changed"})).await;
        assert_eq!(problems(wrong), [("tags".to_owned(), "not_found_reference")], "{}", world.name);
        let post = world.get("Post", &key).await.unwrap();
        assert_eq!((codes(&post), &post["title"]), (vec!["c", "f"], &json!("x")), "{}", world.name);
        let post = world.update("Post", &key, json!({"tags": []})).await.unwrap();
        assert!(codes(&post).is_empty());
    }
}

#[tokio::test]
async fn the_other_side_of_a_reference() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let (loose, _) = world.create("Comment", json!({"text": "loose"})).await.unwrap();
        let body = json!({"title": "x", "author": author, "comments": {"create": [{"text": "b"}, {"text": "a"}], "connect": [id(&loose)]}});
        let (key, post) = world.create("Post", body).await.unwrap();
        assert_eq!(texts(&post), ["a", "b", "loose"], "{}", world.name);
        let post = world
            .update("Post", &key, json!({"comments": {"disconnect": [id(&loose)]}}))
            .await
            .unwrap();
        assert_eq!(texts(&post), ["a", "b"], "{}", world.name);
        let post = world.update("Post", &key, json!({"comments": [id(&loose)]})).await.unwrap();
        assert_eq!(texts(&post), ["loose"], "{}", world.name);
        assert_eq!(world.list("Comment").await.len(), 3, "disconnected comments are still there");
        let missing = world.update("Post", &key, json!({"comments": {"connect": [id(&nobody())]}})).await;
        assert_eq!(problems(missing), [("comments".to_owned(), "not_found_reference")]);
        let taken = world
            .update(
                "Author",
                &vec![post["author"].as_str().unwrap().parse().map(glaze_model::Value::Uuid).unwrap()],
                json!({"posts": []}),
            )
            .await;
        assert_eq!(problems(taken), [("posts".to_owned(), "required_reference")], "{}", world.name);
    }
}

#[tokio::test]
async fn one_to_one_from_the_other_side() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let body = json!({"title": "x", "author": author, "summary": {"create": {"text": "s"}}});
        let (key, post) = world.create("Post", body).await.unwrap();
        assert_eq!(post["summary"], json!({"text": "s"}), "{}", world.name);
        // The old one can't be without its post, so it has to go first.
        let second = world.update("Post", &key, json!({"summary": {"create": {"text": "t"}}})).await;
        assert_eq!(problems(second), [("summary".to_owned(), "required_reference")], "{}", world.name);
        let (other, _) = world.create("Post", json!({"title": "y", "author": author})).await.unwrap();
        let summary = world.list("Summary").await[0]["id"].clone();
        let moved = world.update("Post", &other, json!({"summary": summary})).await.unwrap();
        assert_eq!(moved["summary"], json!({"text": "s"}), "{}", world.name);
        assert_eq!(world.get("Post", &key).await.unwrap()["summary"], Json::Null);
    }
}
