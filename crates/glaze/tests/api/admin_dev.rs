//! `glaze dev` and the admin API side by side: an edit over HTTP is served at once, and the watcher, which sees the file change, leaves it alone.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use glaze::{
    Project,
    dev::{self, Event},
};
use serde_json::{Value as Json, json};

use crate::admin_site::{SCHEMA, add};

fn ask(address: SocketAddr, key: &str, path: &str, body: &Json) -> String {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\nconnection: close\r\ncontent-type: application/json\r\n");
    stream
        .write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Waits until the events show something.
async fn until<T>(events: &Mutex<Vec<Event>>, find: impl Fn(&Event) -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = events.lock().unwrap().iter().find_map(&find) {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", events.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watcher_does_not_do_again_what_an_edit_has_done() {
    let root = tempfile::tempdir().unwrap();
    let schema = root.path().join("schema.rs");
    std::fs::write(&schema, SCHEMA).unwrap();
    std::fs::write(
        root.path().join("glaze.toml"),
        "[database]\nurl = \"sqlite:test.db\"\n[server]\nport = 0\n",
    )
    .unwrap();
    let project = Project::open(root.path()).unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = events.clone();
    let running = tokio::spawn(dev::run(project.clone(), false, None, move |event| {
        seen.lock().unwrap().push(event)
    }));
    let address = until(&events, |event| match event {
        Event::Listening { address, .. } => Some(*address),
        _ => None,
    })
    .await;
    let key = glaze::keys::create(&project, "x", &["admin".into()], None).await.unwrap();
    events.lock().unwrap().clear();

    let made = {
        let key = key.clone();
        tokio::task::spawn_blocking(move || {
            let edited = ask(address, &key, "/api/admin/schema/edits", &add("subtitle", "string", true));
            let created = ask(address, &key, "/api/posts", &json!({"title": "One", "subtitle": "at once"}));
            (edited, created)
        })
        .await
        .unwrap()
    };
    assert!(made.0.starts_with("HTTP/1.1 200"), "{}", made.0);
    assert!(made.1.starts_with("HTTP/1.1 201"), "{}", made.1);
    // Far longer than the watcher takes to settle.
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert!(events.lock().unwrap().is_empty(), "{:?}", events.lock().unwrap());

    // What somebody saves is followed as before.
    let text = std::fs::read_to_string(&schema).unwrap();
    std::fs::write(
        &schema,
        text.replace("pub note: Option<String>,", "pub note: Option<String>,\n    pub rank: Option<i32>,"),
    )
    .unwrap();
    until(&events, |event| matches!(event, Event::Reloaded { .. }).then_some(())).await;
    let migrated = events.lock().unwrap().iter().any(|event| matches!(event, Event::Migrated { .. }));
    assert!(migrated, "{:?}", events.lock().unwrap());
    running.abort();
}
