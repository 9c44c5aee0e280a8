//! Item 1 of what must not happen: questions whose answers tell of what may not be seen.

use serde_json::json;

use crate::{
    security_world::{house, id},
    world::{Admin, Anonymous, Editor, World},
};

/// What a stranger is told by many questions about rooms, guests and notes.
async fn told(world: &World) -> Vec<(u16, String)> {
    let (vault, cleo) = (id(1, 3), id(2, 3));
    let mut all = Vec::new();
    for path in [
        "/api/rooms?count=exact".to_owned(),
        "/api/rooms?count=estimated&limit=1".to_owned(),
        "/api/rooms?search=vault".to_owned(),
        "/api/rooms?filter[name][_starts_with]=V&count=exact".to_owned(),
        "/api/rooms?filter[guests][_some][name]=Cleo".to_owned(),
        "/api/rooms?filter[guests][_none][name]=Cleo&sort=name".to_owned(),
        "/api/rooms?filter[guests][_every][level][_lt]=9&sort=name".to_owned(),
        "/api/rooms?filter[guests][_empty]=true".to_owned(),
        "/api/rooms?include=guests,notes&include[guests][limit]=1&sort=-name".to_owned(),
        "/api/rooms?include=guests&include[guests][filter][room][name]=Vault".to_owned(),
        "/api/rooms/aggregate?count=*&min=name&max=name".to_owned(),
        "/api/rooms/aggregate?count=*&groupBy=name".to_owned(),
        "/api/guests?sort=room.name&limit=1".to_owned(),
        "/api/guests?filter[room][name]=Vault".to_owned(),
        "/api/guests?filter[room][name][_neq]=Vault&sort=name".to_owned(),
        "/api/guests?filter[room][guests][_some][name]=Cleo".to_owned(),
        "/api/guests/aggregate?count=*&groupBy=name".to_owned(),
        "/api/notes?filter[about][room][name]=Vault".to_owned(),
        "/api/notes?include=about&sort=text".to_owned(),
        format!("/api/rooms/{vault}"),
        format!("/api/rooms/{}?include=guests.room", id(1, 1)),
        format!("/api/guests/{cleo}?include=room"),
    ] {
        let reply = world.get(Anonymous, &path).await;
        assert!(reply.status < 500, "{path}: {}", reply.text);
        all.push((reply.status, format!("{path} {} {:?}", reply.text, reply.header("etag"))));
    }
    for tag in ["*", "\"x\""] {
        let reply = world
            .send(
                Anonymous,
                "PATCH",
                &format!("/api/rooms/{vault}"),
                &[("if-match", tag)],
                Some(json!({"name": "x"})),
            )
            .await;
        all.push((reply.status, reply.text));
        let reply = world
            .send(Anonymous, "GET", &format!("/api/rooms/{vault}"), &[("if-none-match", tag)], None)
            .await;
        all.push((reply.status, reply.text));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_hidden_rows_and_fields_change_no_answer() {
    let world = house().await;
    let before = told(&world).await;
    let vault = format!("/api/rooms/{}", id(1, 3));
    let change = json!({"name": "AAA", "code": "zzz", "level": 9, "salary": 99, "guests": [id(2, 3)]});
    world.patch(Admin, &vault, change).await.is(200);
    world
        .patch(Admin, &format!("/api/rooms/{}", id(1, 1)), json!({"salary": 1000, "place": null}))
        .await
        .is(200);
    world
        .patch(
            Admin,
            &format!("/api/guests/{}", id(2, 3)),
            json!({"name": "Zoe", "room": id(1, 2), "hideout": id(1, 2)}),
        )
        .await
        .is(200);
    world
        .patch(Admin, &format!("/api/guests/{}", id(2, 1)), json!({"hideout": null}))
        .await
        .is(200);
    world.delete(Admin, &format!("/api/guests/{}", id(2, 4))).await.is(204);
    for (was, is) in before.iter().zip(told(&world).await) {
        assert_eq!(*was, is);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_answers_no_kind_of_question() {
    let world = house().await;
    for query in [
        "rooms?filter[salary][_gt]=10",
        "rooms?filter[_or][0][_not][salary][_null]=true",
        "rooms?filter={\"_and\":[{\"salary\":{\"_in\":[]}}]}",
        "rooms?sort=salary",
        "rooms?sort=-name,salary",
        "rooms?fields=salary",
        "rooms?filter[place][street]=Main",
        "rooms?sort=place.number",
        "rooms/aggregate?sum=salary",
        "rooms/aggregate?min=salary",
        "rooms/aggregate?count=salary",
        "rooms/aggregate?countDistinct=salary",
        "rooms/aggregate?count=*&groupBy=salary",
        "rooms/aggregate?count=*&filter[salary][_gt]=1",
        "guests?filter[room][salary]=10",
        "guests?sort=room.salary",
        "guests?fields=room.salary",
        "guests/aggregate?sum=room.salary",
        "guests/aggregate?count=*&groupBy=room.salary",
        "notes?filter[about][room][salary]=10",
        "rooms?include=guests&include[guests][filter][room][salary]=10",
        "rooms?include=guests&include[guests][sort]=room.salary",
    ] {
        let query = query.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
        world.get(Anonymous, &format!("/api/{query}")).await.fails(403, "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_fields_have_no_name() {
    let world = house().await;
    for query in [
        "filter[NAME]=x",
        "filter[NAME][_starts_with]=x",
        "sort=NAME",
        "fields=NAME",
        "include=NAME",
        "filter[guests][room][NAME]=x",
        "include=guests&include[guests][filter][room][NAME]=x",
    ] {
        for path in ["rooms", "rooms/aggregate"] {
            let ask = async |name: &str| {
                let reply = world.get(Admin, &format!("/api/{path}?{}", query.replace("NAME", name))).await;
                (reply.status, reply.text.replace(name, "NAME"))
            };
            let unknown = ask("qqqqqqqqqqqq").await;
            assert_eq!(unknown.0, 400);
            assert_eq!(ask("token").await, unknown, "{path} {query}");
            assert_eq!(ask("keeper").await, unknown, "{path} {query}");
        }
    }
    let document = world.get(Admin, "/api/openapi.json").await.is(200).text;
    assert!(!document.contains("keeper") && !document.contains("\"token\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_of_a_hidden_reference_is_hidden_too() {
    let world = house().await;
    for query in [
        "rooms?include=hiding",
        "rooms?fields=hiding.name",
        "rooms?filter[hiding][name]=Ann",
        "rooms?filter[hiding][_empty]=true",
        "rooms?filter[hiding][_none][name]=Ann",
        "guests?include=room.hiding",
        "guests?filter[room][hiding][name]=Ann",
    ] {
        world.get(Anonymous, &format!("/api/{query}")).await.fails(403, "forbidden");
        world.get(Editor, &format!("/api/{query}")).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_no_question_either() {
    let world = house().await;
    let guest = |n| format!("/api/guests/{}", id(2, n));
    // Bob hides in room 3, which a stranger may not see: naming it is answered as naming any other.
    for room in [id(1, 3), id(1, 4), id(1, 99)] {
        let reply = world
            .patch(Anonymous, &guest(2), json!({"hideout": room}))
            .await
            .fails(422, "validation");
        assert_eq!(reply.json()["errors"][0]["code"], "not_found_reference");
    }
    // Guest 3 is in room 1 and guest 99 is nowhere: letting go of either is the same.
    let hall = format!("/api/rooms/{}", id(1, 1));
    let mut told = Vec::new();
    for n in [3, 4, 99] {
        let reply = world.patch(Anonymous, &hall, json!({"guests": {"disconnect": [id(2, n)]}})).await;
        told.push((reply.status, reply.text));
    }
    assert!(told.iter().all(|reply| *reply == told[0]), "{told:?}");
    let reply = world.get(Admin, &format!("{hall}?include=guests&include[guests][sort]=name")).await;
    let names: Vec<_> = reply.json()["data"]["guests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|guest| guest["name"].clone())
        .collect();
    assert_eq!(names, ["Ann", "Cleo", "Dan"]);
    // Room 1 has a place and room 2 has none.
    let mut told = Vec::new();
    for n in [1, 2] {
        let reply = world
            .patch(Anonymous, &format!("/api/rooms/{}", id(1, n)), json!({"place": {"number": 7}}))
            .await;
        told.push((reply.status, reply.text));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_tells_of_nothing_but_itself() {
    let world = house().await;
    // Who may not create learns nothing of what is taken.
    for code in ["vault", "free"] {
        let body = json!({"id": id(1, 50), "name": "N", "code": code, "open": true});
        world.post(Anonymous, "/api/rooms", body).await.fails(403, "forbidden");
    }
    let body = json!({"id": id(1, 50), "name": "N", "code": "vault"});
    let reply = world.post(Anonymous, "/api/rooms", body).await.fails(422, "validation");
    assert!(!reply.text.contains("Vault") && !reply.text.contains(&id(1, 3)), "{}", reply.text);
    assert_eq!(reply.json()["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_sealed_and_of_one_question_by_one_actor() {
    let world = house().await;
    let sorted = "/api/rooms?sort=salary&limit=1";
    world
        .each(async |side| {
            let reply = side.get(Editor, sorted).await.is(200);
            let cursor = reply.json()["page"]["next"].as_str().unwrap().to_owned();
            let next = format!("/api/rooms?limit=1&after={cursor}");
            side.get(Editor, &next).await.fails(400, "invalid_query");
            side.get(Anonymous, &next).await.fails(400, "invalid_query");
            side.get(Editor, &format!("/api/guests?limit=1&after={cursor}"))
                .await
                .fails(400, "invalid_query");
            side.get(Anonymous, &format!("{sorted}&after={cursor}"))
                .await
                .fails(403, "forbidden");
            side.get(Editor, &format!("{sorted}&after={cursor}")).await.is(200);
            let mut broken = cursor.clone();
            broken.replace_range(3..4, if &cursor[3..4] == "A" { "B" } else { "A" });
            side.get(Editor, &format!("{sorted}&after={broken}"))
                .await
                .fails(400, "invalid_query");
        })
        .await;
}
