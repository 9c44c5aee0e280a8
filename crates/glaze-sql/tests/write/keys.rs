//! Keys of other kinds: compound, made of references, numbered by the database, chosen by people.

use glaze_data::write::WriteError;
use glaze_model::Value;
use serde_json::json;

use crate::world::{pick, problems, worlds};

const SHOP: &str = r#"
use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Order {
    #[id]
    #[db(identity = "by_default")]
    pub number: i64,
    pub note: Option<String>,
    #[inverse(order)]
    pub lines: Many<Line>,
}

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Line {
    #[id]
    #[on_delete(cascade)]
    pub order: Ref<Order>,
    #[id]
    pub position: i16,
    pub text: String,
    pub labels: Many<Label>,
    #[computed("text + '!'")]
    pub loud: String,
}

#[entity(timestamps = false)]
#[can(read)]
#[can(create)]
#[can(update)]
#[can(delete)]
pub struct Label {
    #[id]
    pub code: String,
    pub line: Option<Ref<Line>>,
}
"#;

#[tokio::test]
async fn a_key_that_the_database_makes_comes_back() {
    for world in worlds(SHOP).await {
        let (first, order) = world
            .create("Order", json!({"note": "n", "lines": {"create": [{"position": 1, "text": "a"}]}}))
            .await
            .unwrap();
        assert_eq!((&first[0], &order["number"]), (&Value::Int(1), &json!(1)), "{}", world.name);
        let (second, _) = world.create("Order", json!({})).await.unwrap();
        assert_eq!(second, [Value::Int(2)]);
        assert_eq!(
            problems(world.create("Order", json!({"number": 9})).await),
            [("number".to_owned(), "read_only")]
        );
        assert_eq!(world.list("Line").await.len(), 1, "{}", world.name);
    }
}

#[tokio::test]
async fn compound_keys_are_written_read_and_referred_to() {
    for world in worlds(SHOP).await {
        let (order, _) = world.create("Order", json!({})).await.unwrap();
        world.create("Label", json!({"code": "x"})).await.unwrap();
        let body = json!({"order": 1, "position": 2, "text": "a", "labels": ["x", {"create": {"code": "y"}}]});
        let (key, line) = world.create("Line", body).await.unwrap();
        assert_eq!(key, [Value::Int(1), Value::Int(2)], "{}", world.name);
        assert_eq!(
            pick(&line, &["order", "position", "labels"]),
            json!({"order": 1, "position": 2, "labels": [{"code": "x"}, {"code": "y"}]})
        );
        let line = world
            .update("Line", &key, json!({"text": "b", "labels": {"set": []}, "position": 2}))
            .await
            .unwrap();
        assert_eq!(
            pick(&line, &["text", "labels"]),
            json!({"text": "b", "labels": []}),
            "{}",
            world.name
        );
        assert_eq!(
            problems(world.update("Line", &key, json!({"position": 3})).await),
            [("position".to_owned(), "read_only")]
        );
        assert_eq!(
            problems(world.update("Line", &key, json!({"loud": "x"})).await),
            [("loud".to_owned(), "read_only")]
        );
        let label = world
            .update(
                "Label",
                &vec![Value::Text("x".to_owned())],
                json!({"line": {"order": 1, "position": 2}}),
            )
            .await
            .unwrap();
        assert_eq!(label["line"], json!({"order": 1, "position": 2}), "{}", world.name);
        let missing = world
            .update(
                "Label",
                &vec![Value::Text("x".to_owned())],
                json!({"line": {"order": 1, "position": 7}}),
            )
            .await;
        assert_eq!(problems(missing), [("line".to_owned(), "not_found_reference")], "{}", world.name);
        let twice = world.create("Line", json!({"order": 1, "position": 2, "text": "c"})).await;
        let mut found = problems(twice);
        found.sort();
        assert_eq!(
            found,
            [("order".to_owned(), "unique"), ("position".to_owned(), "unique")],
            "{}",
            world.name
        );
        let referred = world.delete("Order", &order).await;
        assert!(
            matches!(referred, Err(WriteError::Referenced { .. })),
            "{} {referred:?}",
            world.name
        );
    }
}
