//! References inside values are looked for like any others.

use glaze_data::Actor;
use serde_json::json;

use crate::world::{id, problems, worlds};

const PAGES: &str = r#"
use glaze::schema::*;

#[entity]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Page {
    pub title: String,
    pub card: Option<Card>,
    pub cards: Vec<Card>,
    pub sections: Vec<Section>,
}

#[embedded]
pub struct Card {
    pub text: Option<String>,
    pub note: Option<Ref<Note>>,
}

#[blocks]
pub enum Section {
    Quote { text: String, from: Option<Ref<Note>> },
    Teaser { tag: Ref<Tag> },
}

#[entity]
#[can(read, "open || me.roles.contains('editor')")]
#[can(create)]
#[can(delete)]
pub struct Note {
    pub text: String,
    #[default(true)]
    pub open: bool,
}

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(delete)]
pub struct Tag {
    #[id]
    pub code: String,
}
"#;

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

#[tokio::test]
async fn what_is_not_there_or_may_not_be_read_is_not_referred_to() {
    for mut world in worlds(PAGES).await {
        world.actor = Actor::System;
        let (open, _) = world.create("Note", json!({"text": "open"})).await.unwrap();
        let (hidden, _) = world.create("Note", json!({"text": "hidden", "open": false})).await.unwrap();
        world.create("Tag", json!({"code": "a"})).await.unwrap();
        world.actor = Actor::Anonymous;
        let (open, hidden) = (id(&open), id(&hidden));
        for bad in [&hidden, &json!(NOBODY)] {
            let page = json!({"title": "x", "card": {"note": bad}, "cards": [{"note": open}, {"note": bad}], "sections": [
                {"type": "quote", "text": "q", "from": bad},
                {"type": "teaser", "tag": "b"},
                {"type": "teaser", "tag": "a"},
                {"type": "quote", "text": "no reference"},
            ]});
            let mut found = problems(world.create("Page", page).await);
            found.sort();
            let paths = ["card.note", "cards[1].note", "sections[0].from", "sections[1].tag"];
            let expected: Vec<_> = paths.iter().map(|path| ((*path).to_owned(), "not_found_reference")).collect();
            assert_eq!(found, expected, "{}", world.name);
        }
        let good = json!({"title": "x", "card": {"note": open}, "cards": [{"note": open}], "sections": [
            {"type": "quote", "text": "q", "from": open}, {"type": "teaser", "tag": "a"},
        ]});
        let (key, page) = world.create("Page", good).await.unwrap();
        assert_eq!(page["sections"][0]["from"], open, "{}", world.name);

        // What was there before may stay, also when its target has gone; what comes anew may not.
        world.delete("Tag", &vec![glaze_model::Value::Text("a".into())]).await.unwrap();
        let mut sections = page["sections"].clone();
        sections[0]["text"] = json!("edited");
        world.update("Page", &key, json!({"sections": sections})).await.unwrap();
        sections[0]["from"] = hidden.clone();
        let refused = world.update("Page", &key, json!({"sections": sections})).await;
        assert_eq!(
            problems(refused),
            [("sections[0].from".to_owned(), "not_found_reference")],
            "{}",
            world.name
        );
    }
}
