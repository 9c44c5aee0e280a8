//! Who may what.

use serde_json::json;

use crate::{
    journal::{id, journal},
    world::{Admin, Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_no_rule_allows_is_refused() {
    let world = journal().await;
    world.get(Anonymous, "/api/vaults").await.fails(403, "forbidden");
    world.get(Editor, "/api/vaults").await.fails(403, "forbidden");
    world.get(Admin, "/api/vaults").await.is(200);
    world
        .post(Anonymous, "/api/tags", json!({"code": "x", "name": "X"}))
        .await
        .fails(403, "forbidden");
    world
        .patch(Anonymous, "/api/tags/rust", json!({"name": "X"}))
        .await
        .fails(403, "forbidden");
    world.delete(Anonymous, "/api/tags/rust").await.fails(403, "forbidden");
    world
        .patch(Anonymous, &format!("/api/posts/{}", id(2, 3)), json!({"views": 1}))
        .await;
    world
        .patch(Anonymous, &format!("/api/posts/{}", id(2, 1)), json!({"views": 1}))
        .await
        .fails(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_may_not_be_read_answers_no_question() {
    let world = journal().await;
    for query in [
        "filter[email]=ann@example.org",
        "filter[email][_null]=true",
        "sort=email",
        "fields=email",
        "filter[posts][author][email][_starts_with]=a",
    ] {
        let reply = world.get(Anonymous, &format!("/api/authors?{query}")).await.fails(403, "forbidden");
        assert!(reply.text.contains("email"), "{}", reply.text);
        world.get(Editor, &format!("/api/authors?{query}")).await.is(200);
    }
    for query in ["sort=author.email", "filter[author][email]=ann@example.org", "fields=author.email"] {
        world.get(Anonymous, &format!("/api/posts?{query}")).await.fails(403, "forbidden");
    }
    let names: Vec<_> = world.get(Anonymous, "/api/authors").await.is(200).column("email");
    assert!(names.iter().all(serde_json::Value::is_null));
}

#[tokio::test(flavor = "multi_thread")]
async fn private_fields_are_unknown_to_everybody() {
    let world = journal().await;
    for query in ["filter[notes]=x", "fields=notes", "sort=notes"] {
        let reply = world.get(Admin, &format!("/api/authors?{query}")).await.fails(400, "invalid_query");
        let unknown = world
            .get(Admin, &format!("/api/authors?{}", query.replace("notes", "nothing")))
            .await
            .fails(400, "invalid_query");
        assert_eq!(reply.text.replace("notes", "nothing"), unknown.text);
    }
    world
        .patch(Admin, &format!("/api/authors/{}", id(1, 1)), json!({"notes": "x"}))
        .await
        .fails(422, "validation");
    assert!(!world.get(Admin, &format!("/api/authors/{}", id(1, 1))).await.text.contains("notes"));
    world.get(Admin, "/api/api-keys").await.fails(404, "not_found");
    world.get(Admin, "/api/idempotencies").await.fails(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_judged_before_and_after() {
    let world = journal().await;
    let path = format!("/api/posts/{}", id(2, 1));
    world.patch(Editor, &path, json!({"status": "archived"})).await.is(200);
    world.patch(Editor, &path, json!({"status": "draft"})).await.fails(403, "forbidden");
    assert_eq!(world.get(Editor, &path).await.json()["data"]["status"], "archived");
    world.patch(Admin, &path, json!({"status": "draft"})).await.is(200);
    // Comments are created as not approved, by whoever.
    let body = json!({"id": id(3, 30), "post": id(2, 1), "text": "Me", "approved": true});
    world.post(Editor, "/api/comments", body).await.fails(403, "forbidden");
    world.get(Editor, &format!("/api/comments/{}", id(3, 30))).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_can_only_be_read_by_those_who_administer() {
    let world = journal().await;
    world.get(Anonymous, "/api/users").await.fails(403, "forbidden");
    world.get(Admin, "/api/users").await.is(200);
    let body = json!({"name": "Eve", "email": "eve@example.org"});
    world.post(Admin, "/api/users", body).await.fails(403, "forbidden");
}
