//! Changes and removals of one entry.

use std::sync::Arc;

use glaze_data::write::{self, Reply, WriteError};
use glaze_model::Value;
use serde_json::json;

use crate::world::{BLOG, id, nobody, pick, problems, worlds};

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    for mut world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let (key, before) = world
            .create("Post", json!({"title": "One", "author": author, "seo": {"title": "t"}}))
            .await
            .unwrap();
        world.now = "2026-11-22T00:00:00Z".parse().unwrap();
        let after = world
            .update("Post", &key, json!({"views": 7, "seo": {"description": "d"}}))
            .await
            .unwrap();
        assert_eq!(
            pick(&after, &["title", "slug", "views", "seo", "createdAt", "updatedAt"]),
            json!({
                "title": "One", "slug": "one", "views": 7, "seo": {"title": "t", "description": "d"},
                "createdAt": before["createdAt"], "updatedAt": "2026-11-22T00:00:00Z",
            }),
            "{}",
            world.name
        );
        let plain = world.update("Post", &key, json!({"views": 8})).await.unwrap();
        assert_eq!(plain["views"], 8);
        let emptied = world.update("Post", &key, json!({"seo": null, "slug": null})).await.unwrap();
        assert_eq!(
            pick(&emptied, &["seo", "slug"]),
            json!({"seo": null, "slug": "one"}),
            "{}",
            world.name
        );
        let wrong = world.update("Post", &key, json!({"seo": {"description": "d"}, "title": "x"})).await;
        assert_eq!(problems(wrong), [("seo.title".to_owned(), "required")], "{}", world.name);
        let wrong = world
            .update("Post", &key, json!({"title": null, "id": id(&nobody()), "viewz": 1}))
            .await;
        let mut found = problems(wrong);
        found.sort();
        assert_eq!(
            found,
            [
                ("id".to_owned(), "read_only"),
                ("title".to_owned(), "required"),
                ("viewz".to_owned(), "unknown_field")
            ]
        );
        assert!(matches!(
            world.update("Post", &nobody(), json!({"views": 1})).await,
            Err(WriteError::NotFound)
        ));
        assert!(matches!(
            world.update("Post", &nobody(), json!({"seo": {"title": "x"}})).await,
            Err(WriteError::NotFound)
        ));
    }
}

#[tokio::test]
async fn a_replacement_takes_defaults_for_what_it_does_not_name() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        world.tags(&["a"]).await;
        let full = json!({"title": "One", "author": author, "editor": author, "views": 3, "price": "1.00", "words": ["x"], "tags": ["a"]});
        let (key, before) = world.create("Post", full).await.unwrap();
        let after = world
            .replace("Post", &key, json!({"id": id(&key), "title": "Two", "author": author}))
            .await
            .unwrap();
        assert_eq!(
            pick(
                &after,
                &["id", "title", "slug", "editor", "views", "price", "words", "tags", "createdAt"]
            ),
            json!({
                "id": id(&key), "title": "Two", "slug": "one", "editor": null, "views": 0, "price": null, "words": [],
                "tags": [{"code": "a"}], "createdAt": before["createdAt"],
            }),
            "{}",
            world.name
        );
        let missing = world.replace("Post", &key, json!({"views": 1})).await;
        assert_eq!(
            problems(missing),
            [("title".to_owned(), "required"), ("author".to_owned(), "required")]
        );
    }
}

#[tokio::test]
async fn a_condition_is_judged_on_what_the_reader_sees() {
    for world in worlds(BLOG).await {
        let author = world.author("Ann").await;
        let (ctx, entity) = (world.context(), world.ix("Author"));
        let seen = world.get("Author", &author).await.unwrap();
        let matching = |seen: serde_json::Value| Reply {
            read: Some(world.read("Author")),
            if_match: Some(Arc::new(move |bytes| {
                serde_json::from_slice::<serde_json::Value>(bytes).is_ok_and(|now| now == seen)
            })),
        };
        let ok = write::update_one(&ctx, entity, &author, &json!({"name": "Bea"}), &matching(seen.clone())).await;
        assert!(ok.is_ok(), "{ok:?}");
        let late = write::update_one(&ctx, entity, &author, &json!({"name": "Cy"}), &matching(seen.clone())).await;
        assert!(matches!(late, Err(WriteError::PreconditionFailed)));
        assert!(matches!(
            write::delete_one(&ctx, entity, &author, &matching(seen)).await,
            Err(WriteError::PreconditionFailed)
        ));
        assert_eq!(world.get("Author", &author).await.unwrap()["name"], "Bea");
    }
}

#[tokio::test]
async fn what_others_refer_to_stays() {
    for world in worlds(BLOG).await {
        let author = world.author("Ann").await;
        let body = json!({"title": "x", "author": id(&author), "comments": [{"create": {"text": "c"}}]});
        let (post, _) = world.create("Post", body).await.unwrap();
        let refused = world.delete("Author", &author).await;
        assert!(matches!(refused, Err(WriteError::Referenced { .. })), "{} {refused:?}", world.name);
        world.delete("Post", &post).await.unwrap();
        assert!(world.list("Comment").await.is_empty(), "comments go with their post");
        world.delete("Author", &author).await.unwrap();
        assert!(matches!(world.delete("Author", &author).await, Err(WriteError::NotFound)));
        let missing = world.update("Post", &vec![Value::Null], json!({"title": "x"})).await;
        assert!(matches!(missing, Err(WriteError::NotFound)));
    }
}

#[tokio::test]
async fn unique_and_missing_targets_are_named_on_update_too() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        let (_, _) = world.create("Post", json!({"title": "One", "author": author})).await.unwrap();
        let (key, _) = world.create("Post", json!({"title": "Two", "author": author})).await.unwrap();
        let taken = world.update("Post", &key, json!({"slug": "one"})).await;
        assert_eq!(problems(taken), [("slug".to_owned(), "unique")], "{}", world.name);
        let missing = world.update("Post", &key, json!({"editor": id(&nobody())})).await;
        assert_eq!(problems(missing), [("editor".to_owned(), "not_found_reference")], "{}", world.name);
    }
}
