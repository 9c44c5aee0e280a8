//! Code of the application around a write.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use glaze_data::write::{Action, Hook, HookError, HookEvent, Hooks, WriteError};
use serde_json::{Map, Value as Json, json};

use crate::world::{BLOG, id, pick, problems, worlds};

/// Writes the secret and the title in capitals, refuses one title, and keeps a diary.
#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

#[async_trait]
impl Hook for Diary {
    async fn before(&self, event: &HookEvent<'_>, data: &mut Map<String, Json>) -> Result<(), HookError> {
        self.0
            .lock()
            .unwrap()
            .push(format!("before {} {}", event.action.name(), event.key.is_some()));
        match data.get("title").and_then(Json::as_str) {
            Some("refused") => Err(HookError::new("taste", "not this one").at("title")),
            Some(title) => {
                let title = title.to_uppercase();
                data.insert("title".to_owned(), json!(title));
                data.insert("secret".to_owned(), json!("hook"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn after(&self, event: &HookEvent<'_>, data: &Map<String, Json>) {
        self.0
            .lock()
            .unwrap()
            .push(format!("after {} {} {}", event.action.name(), event.key.is_some(), data.len()));
    }
}

#[tokio::test]
async fn hooks_change_refuse_and_hear_of_what_was_committed() {
    for mut world in worlds(BLOG).await {
        let diary = Arc::new(Diary::default());
        let mut hooks = Hooks::default();
        hooks.add("Post", None, diary.clone());
        world.hooks = Arc::new(hooks);
        let author = id(&world.author("Ann").await);
        let (key, post) = world.create("Post", json!({"title": "one", "author": author})).await.unwrap();
        assert_eq!(
            pick(&post, &["title", "slug"]),
            json!({"title": "ONE", "slug": "one"}),
            "{}",
            world.name
        );
        let refused = world.update("Post", &key, json!({"title": "refused"})).await;
        assert!(
            matches!(refused, Err(WriteError::Hook(HookError { status: 422, .. }))),
            "{refused:?}"
        );
        // What a hook may, the client may not; and a wrong body never reaches the hook.
        assert_eq!(
            problems(world.update("Post", &key, json!({"secret": "x"})).await),
            [("secret".to_owned(), "unknown_field")]
        );
        world.delete("Post", &key).await.unwrap();
        let heard = diary.0.lock().unwrap().clone();
        let expected = [
            "before create false",
            "after create true 3",
            "before update true",
            "before delete true",
            "after delete true 0",
        ];
        assert_eq!(heard, expected, "{}", world.name);
        let _ = Action::Create;
    }
}
