//! The statements of writes, both dialects side by side.

use glaze_data::bound::{Insert, Link, Update};
use glaze_model::Value;
use glaze_sql::write::{Plans, WriteDialect};

use crate::world::{BLOG, schema};

/// Both dialects' statements for the same writes.
fn statements(dialect: &'static dyn WriteDialect) -> String {
    let schema = schema(BLOG);
    let plans = Plans::new(schema.clone(), dialect);
    let post = schema.entity_by_name("Post").unwrap();
    let field = |name: &str| post.field_by_name(name).unwrap().ix;
    let key = || vec![Value::Uuid(uuid::Uuid::nil())];
    let tags = || vec![vec![Value::Text("a".to_owned())], vec![Value::Text("b".to_owned())]];
    let insert = Insert {
        entity: post.ix,
        fields: ["id", "title", "author", "seo", "about", "words", "price"].map(field).to_vec(),
        rows: vec![vec![Value::Null; 7]],
        links: vec![(field("tags"), tags())],
    };
    let made = Insert {
        fields: vec![field("title")],
        rows: vec![vec![Value::Null]; 2],
        links: Vec::new(),
        ..insert.clone()
    };
    let filter = glaze_data::bind::key_is(post, &key());
    let update = Update {
        entity: post.ix,
        filter: filter.clone(),
        set: vec![(field("seo"), Value::Null), (field("views"), Value::Int(1))],
    };
    let delete = glaze_data::bound::Delete { entity: post.ix, filter };
    let link = plans
        .link(&Link {
            entity: post.ix,
            field: field("tags"),
            from: key(),
            to: tags(),
        })
        .unwrap();
    [
        plans.insert(&insert).unwrap().plan.statement.sql.clone(),
        plans.insert(&made).unwrap().plan.statement.sql.clone(),
        plans.update(&update).unwrap().plan.sql.clone(),
        plans.delete(&delete).unwrap().plan.sql.clone(),
        link.add.sql.clone(),
        link.remove.sql.clone(),
        link.clear.sql.clone(),
    ]
    .join("\n")
}

#[test]
fn statements_of_both() {
    insta::assert_snapshot!("sqlite", statements(&glaze_sqlite::store::SqliteQueries));
    insta::assert_snapshot!("postgres", statements(&glaze_postgres::store::PostgresQueries));
}
