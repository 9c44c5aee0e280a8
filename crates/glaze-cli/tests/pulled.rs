//! Real databases: pull, then the diff is empty, the API says what SQL says, and nothing in the database has changed.

mod support;

use glaze_testkit::{Postgres, Sample, sqlite_chinook};
use support::Project;

/// Structure and rows of a database as text.
fn dump(url: &str) -> String {
    let server = Postgres::shared();
    let output = std::process::Command::new(server.program("pg_dump"))
        .args(["--exclude-schema=glaze", url])
        .output()
        .expect("pg_dump starts");
    assert!(output.status.success(), "{}", support::text(&output.stderr));
    // Newer versions print a key that is different each time.
    support::text(&output.stdout)
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn in_sync(project: &Project) {
    let report: serde_json::Value = serde_json::from_str(&project.ok(&["diff", "--json"])).expect("JSON");
    assert_eq!(report["status"], "in_sync", "{report:#}");
    assert_eq!(report["steps"].as_array().map(Vec::len), Some(0), "{report:#}");
}

fn pulled(sample: Sample) -> (Project, String) {
    let database = sample.database();
    let before = dump(&database.url);
    let project = Project::pulled(&database.url);
    in_sync(&project);
    project.ok(&["check"]);
    let server = project.start("dev");
    assert_eq!(server.request("GET", "/healthz", None, None).status, 200);
    server.stop();
    assert!(dump(&database.url) == before, "pull, diff and dev leave the database as it is");
    (project, database.url)
}

fn total(server: &support::Server, key: &str, path: &str) -> u64 {
    server.json(&format!("/api/{path}?limit=1&count=exact"), Some(key))["page"]["total"]
        .as_u64()
        .expect("a total")
}

#[test]
fn chinook_on_postgres() {
    let (project, url) = pulled(Sample::Chinook);
    let key = project.admin_key();
    let server = project.start("serve");
    assert_eq!(total(&server, &key, "tracks"), 3503);
    assert_eq!(total(&server, &key, "invoice-lines"), 2240);
    let album = server.json("/api/albums/1?include=artist,tracks", Some(&key));
    assert_eq!(album["data"]["artist"]["name"], "AC/DC");
    assert_eq!(album["data"]["tracks"].as_array().map(Vec::len), Some(10));
    let sum = server.json("/api/invoices/aggregate?sum=total", Some(&key));
    let sql = Postgres::shared().psql(&url, "SELECT sum(total) FROM invoice");
    assert_eq!(sum["data"][0]["sum"]["total"].as_str(), Some(sql.trim()));
    let lists = server.json("/api/playlists?include=tracks&limit=100&sort=id", Some(&key));
    let tracks: usize = lists["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|list| list["tracks"].as_array().map_or(0, Vec::len))
        .sum();
    assert!(tracks > 0, "many-to-many is read through the join table");
}

#[test]
fn chinook_on_sqlite_gives_the_same_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("chinook.db");
    sqlite_chinook(&file);
    let before = std::fs::read(&file).expect("reads");
    let project = Project::pulled(&format!("sqlite:{}", file.display()));
    in_sync(&project);
    let server = project.start("dev");
    assert_eq!(server.request("GET", "/api/tracks", None, None).status, 403);
    server.stop();
    assert!(
        std::fs::read(&file).expect("reads") == before,
        "pull, diff and dev leave the file as it is"
    );
    let key = project.admin_key();
    let server = project.start("serve");
    assert_eq!(total(&server, &key, "tracks"), 3503);
    let track = server.json("/api/tracks/1?include=album.artist,genre", Some(&key));
    assert_eq!(track["data"]["unitPrice"], "0.99");
    assert_eq!(track["data"]["album"]["artist"]["name"], "AC/DC");
    assert_eq!(track["data"]["genre"]["name"], "Rock");
}

#[test]
fn northwind() {
    let (project, _) = pulled(Sample::Northwind);
    let key = project.admin_key();
    let server = project.start("serve");
    assert_eq!(total(&server, &key, "orders"), 830);
    assert_eq!(total(&server, &key, "order-details"), 2155);
    let customer = server.json("/api/customers/ALFKI?include=orders", Some(&key));
    assert_eq!(customer["data"]["companyName"], "Alfreds Futterkiste");
    assert_eq!(customer["data"]["orders"].as_array().map(Vec::len), Some(6));
    let detail = server.json("/api/order-details/10248,11", Some(&key));
    assert_eq!(detail["data"]["quantity"], 12);
}

#[test]
fn pagila() {
    let (project, url) = pulled(Sample::Pagila);
    let key = project.admin_key();
    let server = project.start("serve");
    assert_eq!(total(&server, &key, "films"), 1000);
    assert_eq!(total(&server, &key, "payments"), 16044, "partitions are one table");
    let film = server.json("/api/films/1?include=filmActors.actor,language", Some(&key));
    assert_eq!(film["data"]["title"], "ACADEMY DINOSAUR");
    assert_eq!(film["data"]["filmActors"].as_array().map(Vec::len), Some(10));
    assert_eq!(
        film["data"]["language"]["name"], "English             ",
        "character(20) is padded by the database"
    );
    let rated = server.json("/api/films?filter[rating]=PG-13&limit=1&count=exact", Some(&key));
    let sql = Postgres::shared().psql(&url, "SELECT count(*) FROM film WHERE rating = 'PG-13'");
    assert_eq!(rated["page"]["total"].to_string(), sql.trim());
    let report: serde_json::Value = serde_json::from_str(&project.ok(&["diff", "--json"])).expect("JSON");
    let unmodelled = report["unmodelled"].to_string();
    assert!(unmodelled.contains("trigger") && unmodelled.contains("view"), "{unmodelled}");
}
