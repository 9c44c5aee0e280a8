//! Changes of many entries.

use glaze_data::write::{self, WriteError};
use glaze_expr::tree::{Compare, Expr, FieldRef, Node, Part, Type};
use glaze_model::{Scalar, Value};
use serde_json::json;

use crate::world::{BLOG, World, id, problems, worlds};

/// `views > least`
fn views_above(world: &World, least: i64) -> Expr {
    let entity = world.ix("Post");
    let field = world.schema.entity(entity).field_by_name("views").unwrap().ix;
    let ty = Type::Scalar(Scalar::I64);
    let own = Expr::new(
        Node::Field(FieldRef {
            var: 0,
            entity,
            hops: Vec::new(),
            field,
            part: Part::Whole,
        }),
        ty.clone(),
    );
    let literal = Expr::new(Node::Literal(Value::Int(least)), ty);
    Expr::new(Node::Compare(Compare::Gt, Box::new(own), Box::new(literal)), Type::BOOL)
}

#[tokio::test]
async fn the_number_must_be_confirmed() {
    for world in worlds(BLOG).await {
        let author = id(&world.author("Ann").await);
        for views in 0..5 {
            world
                .create("Post", json!({"title": "x", "author": author, "views": views}))
                .await
                .unwrap();
        }
        let (ctx, entity) = (world.context(), world.ix("Post"));
        let body = json!({"status": "published"});
        let unsure = write::update_many(&ctx, entity, views_above(&world, 1), &body, Some(2)).await;
        assert!(matches!(unsure, Err(WriteError::ConfirmCount { actual: 3 })), "{unsure:?}");
        assert_eq!(
            write::update_many(&ctx, entity, views_above(&world, 1), &body, Some(3))
                .await
                .unwrap(),
            3
        );
        let published = world.list("Post").await.iter().filter(|post| post["status"] == "published").count();
        assert_eq!(published, 3, "{}", world.name);
        let clash = write::update_many(&ctx, entity, views_above(&world, 1), &json!({"slug": "same"}), Some(3)).await;
        assert_eq!(problems(clash), [("slug".to_owned(), "unique")], "{}", world.name);
        let unsure = write::delete_many(&ctx, entity, views_above(&world, 3), None).await;
        assert!(matches!(unsure, Err(WriteError::ConfirmCount { actual: 1 })));
        assert_eq!(write::delete_many(&ctx, entity, views_above(&world, 1), Some(3)).await.unwrap(), 3);
        assert_eq!(world.list("Post").await.len(), 2, "{}", world.name);
    }
}
