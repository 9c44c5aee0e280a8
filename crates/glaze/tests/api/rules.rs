//! `#[cannot]`, rules on fields that depend on the row, `before`, `check` and rules over relations, on both databases.

use serde_json::{Value as Json, json};

use crate::{
    journal::id,
    world::{Admin, Anonymous, Editor, World},
};

const SCHEMA: &str = r#"
use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read, "public || 'editor' in me.roles")]
#[cannot(read, "hidden == true")]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[cannot(update, "size(name) > limit")]
#[can(delete, "check(this, 'update')")]
#[cannot(delete, "public")]
pub struct Team {
    #[id]
    pub id: Uuid,
    #[unique]
    pub name: String,
    pub public: bool,
    pub hidden: Option<bool>,
    pub limit: Option<i32>,
    #[inverse(team)]
    pub members: Many<Member>,
}

#[entity(timestamps = false)]
#[can(read, "check(team, 'read')")]
#[can(create, "check(team, 'read') && 'editor' in me.roles")]
#[can(update, "'editor' in me.roles && before.level <= level")]
#[cannot(update, "before.level > 5")]
pub struct Member {
    #[can(read, "listed")]
    pub phone: Option<String>,
    #[id]
    pub id: Uuid,
    pub team: Ref<Team>,
    pub listed: bool,
    #[cannot(create, "level > 3")]
    #[cannot(update, "level > 7")]
    pub level: i32,
    #[can(read, "team.members.exists(m, m.level > 4)")]
    pub rank: Option<i32>,
    #[cannot(read)]
    pub note: Option<String>,
}
"#;

async fn teams() -> World {
    let world = World::new(SCHEMA).await;
    let teams = json!([
        {"id": id(1, 1), "name": "Open", "public": true, "hidden": null, "limit": 9},
        {"id": id(1, 2), "name": "Inner", "public": false, "hidden": false, "limit": 9},
        {"id": id(1, 3), "name": "Hidden", "public": true, "hidden": true, "limit": 9},
        {"id": id(1, 4), "name": "Plain", "public": true, "hidden": false, "limit": null}
    ]);
    world.post(Admin, "/api/teams", teams).await.is(201);
    let members = json!([
        {"id": id(2, 1), "team": id(1, 1), "phone": "111", "listed": true, "level": 1, "rank": 7, "note": "a"},
        {"id": id(2, 2), "team": id(1, 1), "phone": "222", "listed": false, "level": 6, "rank": 8, "note": "b"},
        {"id": id(2, 3), "team": id(1, 2), "phone": "333", "listed": true, "level": 2, "rank": 9, "note": "c"},
        {"id": id(2, 4), "team": id(1, 3), "phone": "444", "listed": true, "level": 2, "rank": 9, "note": "d"},
        {"id": id(2, 5), "team": id(1, 4), "phone": "555", "listed": true, "level": 2, "rank": 9, "note": "e"}
    ]);
    world.post(Admin, "/api/members", members).await.is(201);
    world
}

fn names(reply: &crate::world::Reply) -> Vec<Json> {
    reply.column("name")
}

#[tokio::test(flavor = "multi_thread")]
async fn cannot_wins_over_can_and_null_forbids() {
    let world = teams().await;
    // `hidden == true` is never null, so that a null `hidden` forbids nothing; `true` does, whoever asks.
    assert_eq!(
        names(&world.get(Anonymous, "/api/teams?sort=name").await.is(200)),
        ["Open", "Plain"]
    );
    assert_eq!(
        names(&world.get(Editor, "/api/teams?sort=name").await.is(200)),
        ["Inner", "Open", "Plain"]
    );
    assert_eq!(world.get(Admin, "/api/teams").await.is(200).column("name").len(), 4);
    for who in [Anonymous, Editor] {
        world.get(who, &format!("/api/teams/{}", id(1, 3))).await.fails(404, "not_found");
        let count = world.get(who, "/api/teams/aggregate?count=*&filter[hidden]=true").await;
        assert!(!count.text.contains("\"count\":1"), "{}", count.text);
    }
    // Its name is taken, which a creator who may not read it is told as anybody is; changing it is impossible.
    world
        .patch(Editor, &format!("/api/teams/{}", id(1, 3)), json!({"limit": 1}))
        .await
        .fails(404, "not_found");
    // `size(name) > limit` is null without a limit: that forbids too.
    world
        .patch(Editor, &format!("/api/teams/{}", id(1, 4)), json!({"public": false}))
        .await
        .fails(403, "forbidden");
    // Judged on the row as it is and as it will be.
    world
        .patch(Editor, &format!("/api/teams/{}", id(1, 1)), json!({"name": "Longer than nine"}))
        .await
        .fails(403, "forbidden");
    world
        .patch(Editor, &format!("/api/teams/{}", id(1, 1)), json!({"name": "Shorter"}))
        .await
        .is(200);
    // Of many, those that are not forbidden.
    let changed = world
        .patch(Editor, "/api/teams?filter[limit][_null]=true&confirm=0", json!({"limit": 1}))
        .await;
    changed.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_asks_the_rules_of_the_other_entity() {
    let world = teams().await;
    let ids = |reply: crate::world::Reply| reply.is(200).column("id");
    assert_eq!(ids(world.get(Anonymous, "/api/members").await), [id(2, 1), id(2, 2), id(2, 5)]);
    assert_eq!(
        ids(world.get(Editor, "/api/members").await),
        [id(2, 1), id(2, 2), id(2, 3), id(2, 5)]
    );
    // Nobody joins a team that they can't see, and what is not there is no different.
    for team in [id(1, 3), id(1, 9)] {
        let body = json!({"id": id(2, 9), "team": team, "listed": true, "level": 1});
        let reply = world.post(Editor, "/api/members", body).await;
        assert!(matches!(reply.status, 403 | 422), "{}", reply.text);
        assert!(!reply.text.contains("Hidden"), "{}", reply.text);
    }
    let body = json!({"id": id(2, 9), "team": id(1, 2), "listed": true, "level": 1});
    world.post(Editor, "/api/members", body).await.is(201);
    // `delete` asks for `update` of the row itself.
    world
        .delete(Editor, &format!("/api/teams/{}", id(1, 1)))
        .await
        .fails(403, "forbidden");
    world
        .delete(Anonymous, &format!("/api/teams/{}", id(1, 1)))
        .await
        .fails(403, "forbidden");
    let fresh = json!({"id": id(1, 7), "name": "New", "public": false, "limit": 9});
    world.post(Editor, "/api/teams", fresh).await.is(201);
    world.delete(Editor, &format!("/api/teams/{}", id(1, 7))).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_may_not_be_read_in_a_row_is_left_out_there() {
    let world = teams().await;
    let reply = world.get(Anonymous, "/api/members?fields=phone,id,rank").await.is(200);
    reply.says(&format!(
        "{{\"data\":[{{\"phone\":\"111\",\"id\":\"{}\",\"rank\":7}},{{\"id\":\"{}\",\"rank\":8}},{{\"phone\":\"555\",\"id\":\"{}\"}}],\"page\":{{\"next\":null,\"previous\":null}}}}",
        id(2, 1),
        id(2, 2),
        id(2, 5)
    ));
    // An object may lose every member; what is included is no other path.
    let phones = world
        .get(Anonymous, &format!("/api/teams/{}?fields=id&include=members", id(1, 1)))
        .await
        .is(200);
    assert!(phones.text.contains("111") && !phones.text.contains("222"), "{}", phones.text);
    assert!(!phones.text.contains("note"), "{}", phones.text);
    let one = world
        .get(Anonymous, &format!("/api/members/{}?fields=phone", id(2, 2)))
        .await
        .is(200);
    assert_eq!(one.json()["data"], json!({}));
    // Whoever may not read it finds nothing by it, and its order tells nothing.
    let found = world.get(Anonymous, "/api/members?filter[phone]=222").await.is(200);
    assert_eq!(found.column("id"), Vec::<Json>::new());
    let null = world.get(Anonymous, "/api/members?filter[phone][_null]=true").await.is(200);
    assert_eq!(null.column("id"), [id(2, 2)]);
    world
        .get(Anonymous, "/api/members/aggregate?max=phone")
        .await
        .fails(403, "forbidden");
    for query in ["filter[note]=a", "sort=note", "fields=note"] {
        world.get(Editor, &format!("/api/members?{query}")).await.fails(403, "forbidden");
    }
    // What is hidden does not show in the tag of the entry either.
    let path = format!("/api/members/{}", id(2, 2));
    let tag = |reply: &crate::world::Reply| reply.header("etag").map(str::to_owned);
    let before = tag(&world.get(Anonymous, &path).await.is(200));
    world.patch(Admin, &path, json!({"phone": "999", "note": "z"})).await.is(200);
    assert_eq!(tag(&world.get(Anonymous, &path).await.is(200)), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_is_the_row_as_it_was() {
    let world = teams().await;
    let path = format!("/api/members/{}", id(2, 1));
    world.patch(Editor, &path, json!({"level": 3})).await.is(200);
    world.patch(Editor, &path, json!({"level": 2})).await.fails(403, "forbidden");
    // The field's own `#[cannot(update)]` is judged on the row as it will be, too.
    world.patch(Editor, &path, json!({"level": 8})).await.fails(403, "forbidden");
    world.patch(Editor, &path, json!({"level": 6})).await.is(200);
    // Now it was above five: nothing can be changed any more.
    world.patch(Editor, &path, json!({"listed": true})).await.fails(403, "forbidden");
    world.patch(Admin, &path, json!({"listed": false})).await.is(200);
    let body = |level: i32| json!({"id": id(2, 8), "team": id(1, 1), "listed": true, "level": level});
    world.post(Editor, "/api/members", body(4)).await.fails(403, "forbidden");
    world.post(Editor, "/api/members", body(3)).await.is(201);
}
