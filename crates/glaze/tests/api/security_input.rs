//! Items 4 and 10 of what must not happen: text that becomes a program, and requests that exhaust.

use serde_json::{Value as Json, json};

use crate::{
    security_world::{house, id},
    world::{Admin, Anonymous},
};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

const WORDS: &[&str] = &[
    "'",
    "\"",
    "`",
    "\\",
    "';--",
    "\"; DROP TABLE rooms; --",
    "') OR ('1'='1",
    "$1",
    "?1",
    ":a",
    "%",
    "_",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "a'||(SELECT 1)||'",
    "\u{0}",
    "]",
    "a]b",
    "(((((((((((((((((((((((((((((a+)+)+)+)+)+)+)+)+)+$",
    "[[:<:]]",
    "\\y",
    "(?i)x",
];

#[tokio::test(flavor = "multi_thread")]
async fn names_come_from_the_model_only() {
    let world = house().await;
    for word in WORDS {
        let word = encoded(word);
        for query in [
            format!("rooms?sort={word}"),
            format!("rooms?sort=-{word}.name"),
            format!("rooms?fields={word}"),
            format!("rooms?include={word}"),
            format!("rooms?filter[{word}]=1"),
            format!("rooms?filter[name][{word}]=1"),
            format!("rooms?filter[name][_{word}]=1"),
            format!("rooms?count={word}"),
            format!("rooms?limit={word}"),
            format!("rooms?{word}=1"),
            format!("rooms?after={word}"),
            format!("rooms/aggregate?groupBy={word}"),
            format!("rooms/aggregate?sum={word}"),
            format!("rooms/aggregate?{word}=name"),
            format!("rooms?locale={word}"),
        ] {
            let reply = world.get(Anonymous, &format!("/api/{query}")).await;
            assert_eq!(reply.status, 400, "{query}: {}", reply.text);
        }
        for path in [format!("/api/{word}"), format!("/api/rooms/{word}"), format!("/api/{word}/{word}")] {
            world.get(Anonymous, &path).await.fails(404, "not_found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_values() {
    let world = house().await;
    for (n, word) in (100..).zip(WORDS.iter().filter(|word| !word.contains('\0'))) {
        let body = json!({"id": id(3, n), "text": format!("{word} end")});
        world.post(Anonymous, "/api/notes", body).await.is(201);
        let asked = |operator: &str| {
            let filter = json!({"text": {operator: format!("{word} end")}});
            format!("/api/notes?fields=id&count=exact&filter={}", encoded(&filter.to_string()))
        };
        for operator in ["_eq", "_contains", "_starts_with", "_iends_with"] {
            let reply = world.get(Anonymous, &asked(operator)).await.is(200);
            assert!(reply.column("id").contains(&json!(id(3, n))), "{word}: {operator}: {}", reply.text);
        }
        let one = world.get(Anonymous, &asked("_eq")).await;
        assert_eq!(one.json()["page"]["total"], 1, "{word}");
        let found = world.get(Anonymous, &format!("/api/notes?search={}", encoded(word))).await;
        assert!(found.status == 200 || found.status == 400, "{word}: {}", found.text);
        let path = format!("/api/rooms?filter[meta][{}]=1", encoded(word));
        let reply = world.get(Anonymous, &path).await;
        assert!(reply.status < 500, "{path}: {}", reply.text);
    }
    // A zero in a text is refused: not every database can hold it.
    let zero = json!({"id": id(3, 99), "text": "a\u{0}b"});
    let reply = world.post(Anonymous, "/api/notes", zero).await;
    assert!((400..500).contains(&reply.status), "{}", reply.text);
    assert_eq!(world.get(Admin, "/api/rooms?count=exact").await.json()["page"]["total"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn wildcards_are_letters() {
    let world = house().await;
    for operator in [
        "_contains",
        "_icontains",
        "_starts_with",
        "_istarts_with",
        "_ends_with",
        "_iends_with",
    ] {
        for wild in ["%", "_", "*", ".", "\\", "[a-z]", "H_ll", "H%", ".*"] {
            let path = format!("/api/rooms?filter[name][{operator}]={}", encoded(wild));
            let reply = world.get(Anonymous, &path).await.is(200);
            assert_eq!(reply.column("name"), Vec::<Json>::new(), "{path}");
        }
    }
    for wild in ["%", "_", ".*", "ha_l", "h.ll", "h|k", "\\w+"] {
        let reply = world.get(Anonymous, &format!("/api/rooms?search={}", encoded(wild))).await.is(200);
        assert_eq!(reply.column("name"), Vec::<Json>::new(), "{wild}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_too_much_is_refused_with_its_limit() {
    let world = house().await;
    let list = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let many = |name: &str, count: usize| {
        (0..count)
            .map(|n| format!("filter[_or][{n}][{name}]=x"))
            .collect::<Vec<_>>()
            .join("&")
    };
    let logic = format!("filter{}[name]=x", "[_not]".repeat(30));
    let relations = format!("filter{}[name]=x", "[guests][room]".repeat(10));
    let json = format!("{}{}", "{\"_not\":".repeat(5_000), "}".repeat(5_000));
    for query in [
        format!("rooms?filter[level][_in]={}", list(3_000)),
        format!("rooms?{}", many("name", 400)),
        format!("rooms?{logic}"),
        format!("rooms?{relations}"),
        format!("rooms?filter={}", encoded(&json[..4_000])),
        format!("rooms?sort={}", ["name"; 40].join(",")),
        format!("rooms?fields={}", ["name"; 400].join(",")),
        format!("rooms?include={}", ["guests.room"; 5].join(".")),
        "rooms?limit=100000".to_owned(),
        "rooms?limit=18446744073709551616".to_owned(),
        "rooms?offset=99999999999".to_owned(),
        "rooms?include=guests&include[guests][limit]=100000".to_owned(),
        format!("rooms?search={}", "a".repeat(500)),
        format!("rooms?search={}", ["a"; 40].join("%20")),
        format!("rooms?{}", (0..300).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&")),
        format!("rooms/aggregate?sum={}", ["level"; 60].join(",")),
        "rooms/aggregate?groupBy=name&limit=100000".to_owned(),
    ] {
        let reply = world.get(Anonymous, &format!("/api/{query}")).await;
        assert_eq!(reply.status, 400, "{}: {}", &query[..query.len().min(80)], reply.text);
        assert!(reply.text.len() < 64 * 1024);
    }
    let entries: Vec<Json> = (0..1_001).map(|n| json!({"id": id(3, 1_000 + n), "text": "x"})).collect();
    world
        .post(Anonymous, "/api/notes", Json::Array(entries))
        .await
        .fails(413, "too_large");
    let connected: Vec<String> = (0..2_001).map(|n| id(2, n)).collect();
    let hall = format!("/api/rooms/{}", id(1, 1));
    let reply = world.patch(Anonymous, &hall, json!({"guests": {"connect": connected}})).await;
    assert!((400..500).contains(&reply.status), "{}", reply.text);
    let mut deep = json!({"id": id(1, 70), "name": "deep"});
    for n in 71..74 {
        deep = json!({"id": id(1, n), "name": "deep", "guests": {"create": [{"id": id(2, n), "name": "deep", "level": 1, "hideout": {"create": deep}}]}});
    }
    world.post(Anonymous, "/api/rooms", deep).await.fails(422, "validation");
    let nested = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let body = format!(r#"{{"id":"{}","text":"x","about":{nested}}}"#, id(3, 98));
    let json_type = [("content-type", "application/json")];
    world
        .raw(Anonymous, "POST", "/api/notes", &json_type, body.as_bytes())
        .await
        .fails(400, "invalid_body");
    world.get(Anonymous, "/healthz").await.is(200);
}
