//! Items 2 and 3 of what must not happen: writes past the rules, and the edges of rules.

use serde_json::{Value as Json, json};

use crate::{
    security_world::{house, id},
    world::{Admin, Anonymous, Editor},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_clients_to_say_is_refused_at_every_door() {
    let world = house().await;
    world
        .each(async |side| {
            let made = side
                .send(Anonymous, "POST", "/api/visits", &[], r#"{"page":"home"}"#)
                .await
                .is(201)
                .json();
            let one = format!("/api/visits/{}", made["data"]["id"].as_str().unwrap());
            for (name, value) in [
                ("id", json!(id(9, 9))),
                ("createdAt", json!("2020-01-01T00:00:00Z")),
                ("updatedAt", json!("2020-01-01T00:00:00Z")),
                ("address", json!("127.0.0.1")),
                ("shout", json!("!")),
                ("created_at", json!("2020-01-01T00:00:00Z")),
                ("__proto__", json!({})),
            ] {
                let body = json!({"page": "x", name: value});
                let many = json!([{"page": "y"}, body]);
                for (method, path, body) in [
                    ("POST", "/api/visits", body.to_string()),
                    ("POST", "/api/visits", many.to_string()),
                    ("PATCH", &one, body.to_string()),
                    ("PUT", &one, body.to_string()),
                    ("PATCH", "/api/visits?filter[page]=home&confirm=1", body.to_string()),
                ] {
                    side.send(Anonymous, method, path, &[], &body).await.fails(422, "validation");
                }
            }
            for (method, path) in [("POST", "/api/visits"), ("PATCH", &one), ("PUT", &one)] {
                let body = json!({"page": "x", "owner": "me"}).to_string();
                let reply = side.send(Anonymous, method, path, &[], &body).await.fails(403, "forbidden");
                assert!(reply.text.contains("owner"), "{}", reply.text);
            }
            let left = side.get(Admin, "/api/visits?count=exact").await.json();
            assert_eq!(left["page"]["total"], 1, "{left}");
            assert_eq!(left["data"][0]["page"], "home");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_entries_and_links_are_judged_as_if_they_came_alone() {
    let world = house().await;
    let hall = format!("/api/rooms/{}", id(1, 1));
    // A guest nobody would see may not be made, wherever it stands.
    let hidden = json!({"id": id(2, 60), "name": "Eve", "visible": false});
    world.post(Anonymous, "/api/guests", hidden.clone()).await.fails(403, "forbidden");
    world
        .patch(Anonymous, &hall, json!({"name": "Taken", "guests": {"create": [hidden.clone()]}}))
        .await
        .fails(403, "forbidden");
    let room = json!({"id": id(1, 60), "name": "New", "guests": {"create": [hidden]}});
    world.post(Anonymous, "/api/rooms", room).await.fails(403, "forbidden");
    // A room that would be open may not be made, inside a guest neither.
    let guest = json!({"id": id(2, 61), "name": "Fay", "level": 1, "room": {"create": {"id": id(1, 61), "name": "Mine", "open": true}}});
    world.post(Anonymous, "/api/guests", guest.clone()).await.fails(403, "forbidden");
    world
        .post(Anonymous, "/api/guests", json!([{"id": id(2, 62), "name": "Gus"}, guest]))
        .await
        .fails(403, "forbidden");
    // Private fields of what is nested.
    let guest = json!({"id": id(2, 63), "name": "Hal", "room": {"create": {"id": id(1, 63), "name": "R", "token": "x"}}});
    world.post(Anonymous, "/api/guests", guest).await.fails(422, "validation");
    // Those that may not be seen may not be taken.
    for n in [3, 4, 99] {
        let reply = world
            .patch(Anonymous, &hall, json!({"guests": {"connect": [id(2, n)]}}))
            .await
            .fails(422, "validation");
        assert_eq!(reply.json()["errors"][0]["code"], "not_found_reference");
    }
    assert_eq!(
        world.get(Admin, &hall).await.json()["data"]["name"],
        "Hall",
        "nothing of what was refused happened"
    );
    let total = async |path: &str| world.get(Admin, &format!("{path}?count=exact")).await.json()["page"]["total"].clone();
    assert_eq!((total("/api/rooms").await, total("/api/guests").await), (json!(4), json!(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_judged_as_it_was_and_as_it_will_be() {
    let world = house().await;
    // As it was: the closed room can't be opened by changing it. As it will be: an open one can't be closed.
    world
        .patch(Anonymous, &format!("/api/rooms/{}", id(1, 3)), json!({"open": true}))
        .await
        .fails(404, "not_found");
    let hall = format!("/api/rooms/{}", id(1, 1));
    world
        .patch(Anonymous, &hall, json!({"open": false, "name": "Gone"}))
        .await
        .fails(403, "forbidden");
    world
        .send(Anonymous, "PUT", &hall, &[], Some(json!({"name": "Gone"})))
        .await
        .fails(403, "forbidden");
    world
        .patch(Anonymous, "/api/rooms?filter[name][_nnull]=true&confirm=2", json!({"open": false}))
        .await
        .fails(403, "forbidden");
    assert_eq!(world.get(Admin, &hall).await.json()["data"]["name"], "Hall");
    world
        .delete(Anonymous, &format!("/api/rooms/{}", id(1, 3)))
        .await
        .fails(404, "not_found");
    world
        .delete(Anonymous, &format!("/api/guests/{}", id(2, 1)))
        .await
        .fails(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_those_that_may_be_seen() {
    let world = house().await;
    let reply = world
        .patch(Anonymous, "/api/rooms", json!({"level": 7}))
        .await
        .fails(409, "confirm_count");
    assert_eq!(reply.json()["count"], 2);
    world.patch(Anonymous, "/api/rooms?confirm=2", json!({"level": 7})).await.is(200);
    let levels = world.get(Admin, "/api/rooms?sort=code").await.column("level");
    assert_eq!(levels, [Json::Null, json!(7), json!(7), json!(1)]);
    world
        .patch(Anonymous, "/api/rooms?filter[salary][_gt]=1&confirm=2", json!({"level": 8}))
        .await
        .fails(403, "forbidden");
    let reply = world.delete(Anonymous, "/api/rooms").await.fails(409, "confirm_count");
    assert_eq!(reply.json()["count"], 2);
    world.delete(Anonymous, "/api/rooms?confirm=2").await.is(200);
    assert_eq!(world.get(Admin, "/api/rooms?sort=code").await.column("name"), ["Attic", "Vault"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_list_is_nothing_and_null_denies() {
    let world = house().await;
    for query in ["filter[name][_in]=", "filter=%7B%22name%22%3A%7B%22_in%22%3A%5B%5D%7D%7D"] {
        let reply = world.get(Anonymous, &format!("/api/rooms?count=exact&{query}")).await;
        if reply.status == 200 {
            assert_eq!(reply.json()["page"]["total"], 0, "{query}");
        }
    }
    let none = "filter=%7B%22name%22%3A%7B%22_in%22%3A%5B%5D%7D%7D";
    assert_eq!(
        world.get(Anonymous, &format!("/api/rooms?count=exact&{none}")).await.is(200).json()["page"]["total"],
        0
    );
    let reply = world
        .delete(Anonymous, &format!("/api/rooms?{none}"))
        .await
        .fails(409, "confirm_count");
    assert_eq!(reply.json()["count"], 0);
    // Dan has no level: `level < 3` is null.
    world
        .get(Anonymous, &format!("/api/guests/{}", id(2, 4)))
        .await
        .fails(404, "not_found");
    let names = world.get(Editor, "/api/guests?sort=name").await.column("name");
    assert_eq!(names, ["Ann", "Bob"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_proofs_or_a_broken_one_are_an_error() {
    let world = house().await;
    for headers in [
        &[("authorization", "Bearer x"), ("x-api-key", "y")][..],
        &[("x-api-key", "")],
        &[("x-api-key", "glz_x")],
        &[("authorization", "Bearer")],
        &[("authorization", "bearer null")],
        &[("authorization", "Bearer undefined")],
    ] {
        for path in ["/api/rooms", "/api/rooms/aggregate?count=*", "/api/notes"] {
            world
                .send(Anonymous, "GET", path, headers, None)
                .await
                .fails(401, "unauthenticated");
        }
        let body = Some(json!({"page": "x"}));
        world
            .send(Anonymous, "POST", "/api/visits", headers, body)
            .await
            .fails(401, "unauthenticated");
    }
}
