//! Moving a policy onto another row.

mod common;

use common::{uuid, world};
use glaze_expr::{
    Expected, check, evaluate, max_var, rebase,
    tree::{Exists, Expr, Node, Quantifier, Type},
};
use glaze_model::Value;

/// The policy of `Post` inside `exists` over the posts of the comments of a post: the same answer as by hand.
#[test]
fn a_policy_stands_inside_exists() {
    let world = world();
    let (entity, field) = common::at(&world.model, "Comment", "post");
    let policy = check(
        &world.model,
        "Post",
        "tags.exists(t, t.name == title || t.weight == 3) && author == me",
        Expected::Bool,
    )
    .expect("a policy");
    let mut next = 2;
    let body = rebase(policy.clone(), 1, &mut next);
    assert_eq!(next, 3);
    assert_eq!(max_var(&body), 2);
    let target = common::at(&world.model, "Post", "id").0;
    let exists = Exists {
        from: 0,
        entity,
        hops: Vec::new(),
        field,
        target,
        var: 1,
        quantifier: Quantifier::Some,
        body,
    };
    let expr = Expr::new(Node::Exists(Box::new(exists)), Type::BOOL);
    let comment = world.rows.iter().find(|row| row.entity == entity).expect("a comment");
    assert_eq!(evaluate(&expr, &world.see(comment)), Ok(Value::Bool(true)));
    assert_eq!(evaluate(&policy, &world.see(&world.rows[0])), Ok(Value::Bool(true)));
    let nobody = common::World {
        me: Some(uuid(2)),
        ..common::world()
    };
    assert_eq!(evaluate(&expr, &nobody.see(comment)), Ok(Value::Bool(false)));
}

/// Nothing changes when nothing is moved.
#[test]
fn moving_to_the_same_place_is_the_same() {
    let world = world();
    let source = "tags.all(t, t.weight > views) || category.editors.exists(u, u == me) && size(comments.filter(c, c.approved)) > 1";
    let expr = check(&world.model, "Post", source, Expected::Bool).expect(source);
    let mut next = 1;
    assert_eq!(rebase(expr.clone(), 0, &mut next), expr);
}
