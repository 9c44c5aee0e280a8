//! What is measured, in which order.

use std::{
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use glaze_testkit::Postgres;

use crate::{
    content::{self, fill, project},
    http,
    load::{Load, median, wrk},
    pgbench,
    report::Report,
    server::Server,
};

/// How long and how often.
pub struct Plan {
    seconds: u32,
    rounds: u32,
}

impl Plan {
    /// Under three minutes.
    pub fn quick() -> Plan {
        Plan { seconds: 2, rounds: 2 }
    }

    /// For figures that are quoted.
    pub fn full() -> Plan {
        Plan { seconds: 5, rounds: 5 }
    }
}

const LIST: &str = "/api/posts?sort=-publishedAt&limit=20";
/// One post by the words of its title, and the same asked in a way that reads all posts.
const SEARCH: &str = "/api/posts?search=number%2012345";
const SCAN: &str = "/api/posts?filter[title][_icontains]=number%2012345";
const NESTED: &str = "/api/posts?sort=-publishedAt&limit=20&include=author,tags";

/// Everything on SQLite.
pub fn sqlite(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let key = project(folder.path(), "sqlite:data/bench.db")?;
    let server = prepare(folder.path(), &key, "sqlite", report)?;
    let floor = Server::floor(|port| vec!["floor-bytes".into(), port.to_string()])?;
    reads_over_bytes(plan, &server, &floor, report)?;
    drop(floor);
    cursor_pages(plan, &server, report)?;

    // The writes come before the search, whose index costs them something once it is there.
    let scratch = folder.path().join("floor.db");
    let floor = Server::floor(|port| vec!["floor-sqlite".into(), port.to_string(), scratch.display().to_string()])?;
    let rounds = alternate(plan, |round| {
        let below = run_script(&floor, "create", plan, &["", "0", "floor"])?;
        let prefix = round.to_string();
        Ok((below.rps, run_script(&server, "create", plan, &[&key, &prefix])?))
    })?;
    rounds.report(report, "sqlite.create", 3.0);
    let rounds = alternate(plan, |_| {
        let below = run_script(&floor, "update", plan, &["", "floor"])?;
        Ok((below.rps, run_script(&server, "update", plan, &[&key])?))
    })?;
    rounds.report(report, "sqlite.update", 3.0);
    report.figure("sqlite.memory_load", server.memory()?.1, "MB", 120.0);
    search(plan, &server, report, "sqlite.search")
}

/// Everything on PostgreSQL over TCP.
pub fn postgres(plan: &Plan, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let cluster = Postgres::start_with(&["-c", "autovacuum=on"]);
    let database = cluster.database();
    let key = project(folder.path(), &database.url)?;
    let server = prepare(folder.path(), &key, "postgres", report)?;
    cluster.psql(&database.url, "VACUUM ANALYZE");

    let answer: serde_json::Value = serde_json::from_str(&http::get(server.port, LIST, None)?)?;
    let member = |name: &str| -> Vec<String> {
        let rows = answer["data"].as_array().into_iter().flatten();
        rows.filter_map(|row| row[name].as_str().map(str::to_owned)).collect()
    };
    let nested = pgbench::nested(&member("author"), &member("id"));
    let read = |name: &str, script: &str, path: &str, target: f64, report: &mut Report| -> anyhow::Result<()> {
        let rounds = alternate(plan, |_| {
            let below = pgbench::run(&cluster, &database, folder.path(), script, plan.seconds)?;
            let above = match path {
                "" => run_script(&server, "one", plan, &[])?,
                path => wrk(server.port, path, plan.seconds, 16, None)?,
            };
            Ok((below, above))
        })?;
        rounds.report(report, name, target);
        Ok(())
    };
    read("postgres.one", &pgbench::one(), "", 0.55, report)?;
    read("postgres.list", &pgbench::list(), LIST, 0.6, report)?;
    read("postgres.nested", &nested, NESTED, 0.6, report)?;

    let body = "All happy families are alike; each unhappy family is unhappy in its own way. ".repeat(12);
    let rounds = alternate(plan, |round| {
        let below = pgbench::run(&cluster, &database, folder.path(), &pgbench::create(&body), plan.seconds)?;
        let prefix = round.to_string();
        Ok((below, run_script(&server, "create", plan, &[&key, &prefix])?))
    })?;
    rounds.report(report, "postgres.create", 0.5);
    let rounds = alternate(plan, |_| {
        let below = pgbench::run(&cluster, &database, folder.path(), &pgbench::update(), plan.seconds)?;
        Ok((below, run_script(&server, "update", plan, &[&key])?))
    })?;
    rounds.report(report, "postgres.update", 0.5);
    report.figure("postgres.memory_load", server.memory()?.1, "MB", 120.0);
    search(plan, &server, report, "postgres.search")
}

/// Fills the database, then starts the server anew for start-up time and idle memory.
fn prepare(folder: &Path, key: &str, name: &str, report: &mut Report) -> anyhow::Result<Server> {
    let (server, _) = Server::glaze(folder, "/api/posts?limit=1", key)?;
    fill(&server, key)?;
    drop(server);
    let one = format!("/api/posts/{}", content::id(3, 1));
    let (server, start) = Server::glaze(folder, &one, key)?;
    report.figure(&format!("{name}.start"), start.as_secs_f64(), "s", 0.2);
    report.figure(&format!("{name}.memory_idle"), server.memory()?.0, "MB", 40.0);
    Ok(server)
}

fn reads_over_bytes(plan: &Plan, server: &Server, floor: &Server, report: &mut Report) -> anyhow::Result<()> {
    let one = format!("/api/posts/{}", content::id(3, 1));
    for (name, path, target) in [("one", one.as_str(), 0.5), ("list", LIST, 0.4), ("nested", NESTED, 0.25)] {
        let size = http::get(server.port, path, None)?.len();
        let rounds = alternate(plan, |_| {
            let below = wrk(floor.port, &format!("/?{size}"), plan.seconds, 16, None)?;
            let above = match name {
                "one" => run_script(server, "one", plan, &[])?,
                _ => wrk(server.port, path, plan.seconds, 16, None)?,
            };
            Ok((below.rps, above))
        })?;
        rounds.report(report, &format!("sqlite.{name}"), target);
    }
    Ok(())
}

/// Page 500 by cursor against page 1, one connection.
fn cursor_pages(plan: &Plan, server: &Server, report: &mut Report) -> anyhow::Result<()> {
    let mut path = LIST.to_owned();
    for _ in 1..500 {
        let answer: serde_json::Value = serde_json::from_str(&http::get(server.port, &path, None)?)?;
        let Some(next) = answer["page"]["next"].as_str() else {
            anyhow::bail!("page.next is missing after {path}")
        };
        path = format!("{LIST}&after={next}");
    }
    let rounds = alternate(plan, |_| {
        let last = wrk(server.port, &path, plan.seconds, 1, None)?;
        Ok((last.rps, wrk(server.port, LIST, plan.seconds, 1, None)?))
    })?;
    // Requests a second of page 1 over those of page 500: the cost of page 500 in pages 1.
    report.figure("sqlite.page_500", rounds.ratio(), "× page 1", 1.2);
    Ok(())
}

/// A search against reading the whole table, once the index that the first search asks for is there.
fn search(plan: &Plan, server: &Server, report: &mut Report, key: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut quick = 0;
    while quick < 3 && begun.elapsed() < INDEXING {
        let asked = Instant::now();
        http::get(server.port, SEARCH, None)?;
        quick = if asked.elapsed() < QUICK { quick + 1 } else { 0 };
        sleep(QUICK * 4);
    }
    let rounds = alternate(plan, |_| {
        let below = wrk(server.port, SCAN, plan.seconds, 16, None)?;
        Ok((below.rps, wrk(server.port, SEARCH, plan.seconds, 16, None)?))
    })?;
    rounds.report(report, key, 20.0);
    Ok(())
}

/// More than it takes to bring the posts into an index.
const INDEXING: Duration = Duration::from_secs(20);
/// Less than it takes to read all posts.
const QUICK: Duration = Duration::from_millis(5);

fn run_script(server: &Server, name: &str, plan: &Plan, arguments: &[&str]) -> anyhow::Result<Load> {
    wrk(server.port, "/", plan.seconds, 16, Some((&script(name), arguments)))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(format!("{name}.lua"))
}

/// Rounds of floor and Glaze in turn.
struct Rounds(Vec<(f64, Load)>);

fn alternate(plan: &Plan, mut round: impl FnMut(u32) -> anyhow::Result<(f64, Load)>) -> anyhow::Result<Rounds> {
    (0..plan.rounds).map(&mut round).collect::<anyhow::Result<_>>().map(Rounds)
}

impl Rounds {
    fn ratio(&self) -> f64 {
        median(self.0.iter().map(|(floor, load)| load.rps / floor).collect())
    }

    fn report(&self, report: &mut Report, key: &str, target: f64) {
        let of = |value: fn(&(f64, Load)) -> f64| median(self.0.iter().map(value).collect());
        report.rate(
            key,
            self.ratio(),
            of(|(_, load)| load.rps),
            of(|(_, load)| load.p99_ms),
            of(|(floor, _)| *floor),
            target,
        );
        println!("{key}: {:.2} of the floor", self.ratio());
    }
}
