//! The server is killed while it writes: nothing that was acknowledged is missing afterwards, and nothing is there by half.

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use glaze_testkit::{Postgres, http};
use support::Project;

const SCHEMA: &str = "use glaze::schema::*;

#[entity(label = name)]
#[can(read)]
#[can(create)]
pub struct Basket {
    #[unique]
    pub name: String,
    #[inverse(basket)]
    pub fruits: Many<Fruit>,
}

#[entity(label = kind)]
#[can(read)]
#[can(create)]
#[can(update)]
#[index(basket)]
pub struct Fruit {
    pub kind: String,
    pub basket: Option<Ref<Basket>>,
}
";

const WRITERS: usize = 8;
const FRUITS: usize = 3;

/// Writes baskets with three fruits each until the server is gone; gives the names that were acknowledged.
fn write_until_gone(port: u16, writer: usize, stop: &AtomicBool) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("basket-{writer}-{n}");
        let body = format!(r#"{{"name": "{name}", "fruits": {{"create": [{{"kind": "fig"}}, {{"kind": "pear"}}, {{"kind": "plum"}}]}}}}"#);
        match http::request(port, "POST", "/api/baskets", None, Some(&body)) {
            Ok(answer) if answer.status == 201 => acknowledged.push(name),
            Ok(answer) => panic!("{} {}", answer.status, answer.body),
            // Killed in the middle: this one may be there or not, but not by half.
            Err(_) => break,
        }
    }
    acknowledged
}

fn survives_a_kill(url: Option<&str>) {
    let project = Project::new("blank");
    project.write("schema.rs", SCHEMA);
    if let Some(url) = url {
        project.write("glaze.toml", &format!("[database]\nurl = \"{url}\"\n"));
    }
    project.ok(&["migrate", "generate"]);
    project.ok(&["migrate", "apply"]);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let server = project.start("serve");
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (stop, port) = (stop.clone(), server.port);
                std::thread::spawn(move || write_until_gone(port, round * WRITERS + writer, &stop))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(150 + 70 * round as u64));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            acknowledged.extend(writer.join().expect("a writer"));
        }
    }
    assert!(acknowledged.len() > 30, "something was written: {}", acknowledged.len());

    let server = project.start("serve");
    for name in &acknowledged {
        let found = server.json(&format!("/api/baskets?filter[name]={name}&include=fruits"), None);
        let fruits = found["data"][0]["fruits"].as_array().map(Vec::len);
        assert_eq!(fruits, Some(FRUITS), "{name} was acknowledged: {found}");
    }
    let count = |path: &str| server.json(&format!("{path}?limit=1&count=exact"), None)["page"]["total"].as_u64();
    let baskets = count("/api/baskets").expect("a total");
    assert_eq!(count("/api/fruits"), Some(baskets * FRUITS as u64), "no basket is there by half");
}

#[test]
fn on_sqlite() {
    survives_a_kill(None);
}

#[test]
fn on_postgres() {
    survives_a_kill(Some(&Postgres::shared().database().url));
}
