//! Accounts in production, on a real connection and with a real SMTP server; and databases that an earlier version made.

use std::time::Duration;

use glaze::Glaze;
use glaze_app::accounts;
use glaze_converge::port::Database;
use glaze_testkit::Postgres;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::mpsc,
};
use tower::ServiceExt;

use crate::auth::{PASSWORD, SCHEMA};

/// Speaks enough SMTP to take mails; gives each as it came.
async fn smtp() -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, mails) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                write.write_all(b"220 sink\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
                        "EHLO" => "250-sink\r\n250 8BITMIME\r\n",
                        "DATA" => {
                            write.write_all(b"354 go on\r\n").await.unwrap();
                            let mut mail = String::new();
                            while let Ok(Some(line)) = lines.next_line().await {
                                if line == "." {
                                    break;
                                }
                                mail += &line;
                                mail += "\n";
                            }
                            let _ = sender.send(mail);
                            "250 taken\r\n"
                        }
                        "QUIT" => break,
                        _ => "250 ok\r\n",
                    };
                    write.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (port, mails)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_production_mails_go_out_and_the_cookie_is_for_https() {
    let (port, mut mails) = smtp().await;
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("schema.rs"), SCHEMA).unwrap();
    let config = format!(
        "[server]\npublic_url = \"https://shop.example/cms/\"\n[mail]\nurl = \"smtp://127.0.0.1:{port}\"\nfrom = \"Shop <shop@shop.example>\"\n"
    );
    std::fs::write(root.path().join("glaze.toml"), config).unwrap();
    let glaze = Glaze::builder()
        .root(root.path())
        .database(format!("sqlite:{}", root.path().join("test.db").display()))
        .migrate()
        .build()
        .await
        .unwrap();
    accounts::create(glaze.app(), "ann@example.org", "Ann", &[], Some(PASSWORD))
        .await
        .unwrap();
    let send = async |path: &str, body: serde_json::Value| {
        let request = axum::http::Request::post(path)
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        glaze.router().oneshot(request).await.unwrap()
    };
    let reply = send("/api/auth/login", json!({"email": "ann@example.org", "password": PASSWORD})).await;
    let cookie = reply.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-glaze_session=gls_"), "{cookie}");
    assert!(cookie.ends_with("; Secure") && cookie.contains("Path=/;"), "{cookie}");
    assert_eq!(
        send("/api/auth/password/forgot", json!({"email": "ann@example.org"}))
            .await
            .status(),
        202
    );
    let mail = tokio::time::timeout(Duration::from_secs(10), mails.recv()).await.unwrap().unwrap();
    assert!(mail.contains("To: ann@example.org") && mail.contains("shop@shop.example"), "{mail}");
    let text = mail.replace("=\n", "").replace("=3D", "=");
    assert!(
        text.contains("https://shop.example/cms/api/auth/password/reset?token=glv_"),
        "{mail}"
    );
    assert!(glaze.app().mailbox.all().is_empty(), "nothing is kept in production");
    let request = axum::http::Request::get("/api/admin/mails")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(glaze.router().oneshot(request).await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_an_earlier_version_are_brought_up_to_this_one() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("schema.rs"), SCHEMA).unwrap();
    let file = root.path().join("test.db");
    let server = Postgres::shared().database();
    for url in [format!("sqlite:{}", file.display()), server.url.clone()] {
        let build = async || Glaze::builder().root(root.path()).database(&url).migrate().build().await.unwrap();
        let glaze = build().await;
        let new = glaze_auth::keys::NewKey {
            name: "old".into(),
            roles: vec!["admin".into()],
            expires_at: None,
        };
        let key = glaze_app::keys::create(glaze.app(), new).await.unwrap().key;
        drop(glaze);
        let names = ["session", "account", "verification", "user_profile"];
        let (database, prefix): (Box<dyn Database>, _) = match url.starts_with("sqlite:") {
            true => (Box::new(glaze_sqlite::SqliteDatabase::open(&file).unwrap()), "glaze_"),
            false => (Box::new(glaze_postgres::PostgresDatabase::connect(&url).await.unwrap()), "glaze."),
        };
        let drops: Vec<String> = names.iter().map(|name| format!("DROP TABLE {prefix}{name}")).collect();
        database.execute(&drops).await.unwrap();
        let glaze = build().await;
        let request = axum::http::Request::get("/api/notes")
            .header("x-api-key", &key)
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(glaze.router().oneshot(request).await.unwrap().status(), 200, "{url}: the key holds");
        accounts::create(glaze.app(), "ann@example.org", "Ann", &[], Some(PASSWORD))
            .await
            .unwrap();
        assert_eq!(accounts::list(glaze.app()).await.unwrap().len(), 1);
    }
}
