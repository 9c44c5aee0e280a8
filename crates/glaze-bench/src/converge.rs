//! The status of a database of 500 tables: code, snapshot and database read and compared, against reading the database alone.

use std::{sync::Arc, time::Instant};

use anyhow::Context;
use glaze_converge::{
    dialect::CatalogDialect,
    hints::Answers,
    migrations::Snapshot,
    port::{Database, Scope},
    pull::pull_beside,
    states::{Status, compare},
};
use glaze_postgres::{PostgresDatabase, PostgresDialect};
use glaze_sqlite::{SqliteCatalog, SqliteDatabase};
use glaze_testkit::Postgres;

use crate::{load::median, report::Report};

const TABLES: usize = 500;
const ROUNDS: usize = 9;

/// Tables with a key, a reference, defaults, checks, a unique key and an index.
fn tables(key: &str) -> Vec<String> {
    let mut out = Vec::new();
    for n in 0..TABLES {
        let other = n / 2;
        out.push(format!(
            "CREATE TABLE t{n} (id {key}, other_id integer REFERENCES t{other} (id), title varchar(80) DEFAULT 'new' NOT NULL, views integer DEFAULT 0 CHECK (views >= 0), \
             price numeric(10,2), state text CHECK (state IN ('open', 'done')), at timestamp, code varchar(20) UNIQUE)"
        ));
        out.push(format!("CREATE INDEX t{n}_title ON t{n} (title, at DESC)"));
    }
    out
}

/// On SQLite.
pub fn sqlite(report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let place = folder.path().join("status.db");
    let runtime = runtime()?;
    let database = SqliteDatabase::open(&place)?;
    runtime.block_on(database.execute(&tables("integer PRIMARY KEY")))?;
    runtime.block_on(status("sqlite", 300.0, Arc::new(database), &SqliteCatalog, report))
}

/// On PostgreSQL.
pub fn postgres(report: &mut Report) -> anyhow::Result<()> {
    let cluster = Postgres::start();
    let place = cluster.database();
    runtime()?.block_on(async {
        let database = PostgresDatabase::connect(&place.url).await?;
        database.execute(&tables("integer PRIMARY KEY")).await?;
        status("postgres", 1000.0, Arc::new(database), &PostgresDialect, report).await
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.context("a runtime")
}

async fn status(
    name: &str,
    bound: f64,
    database: Arc<dyn Database>,
    dialect: &dyn CatalogDialect,
    report: &mut Report,
) -> anyhow::Result<()> {
    let scope = Scope::default();
    let mut catalog = database.introspect(&scope).await?;
    dialect.normalise(&mut catalog);
    let pulled = pull_beside(&catalog, dialect, &glaze_source::builtin_model());
    let files = [glaze_source::SourceFile {
        path: "schema.rs".into(),
        text: glaze_source::print(&pulled.model),
    }];
    let model = glaze_source::read(&files).model.context("what was pulled reads")?;
    let snapshot = Snapshot::new(model.clone(), catalog, "");
    let (mut whole, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        database.introspect(&scope).await?;
        let alone = begun.elapsed().as_secs_f64() * 1000.0;
        let begun = Instant::now();
        let compared = compare(
            &model,
            Some(&snapshot),
            &*database,
            dialect,
            &scope,
            &Answers::default(),
            Vec::new(),
            false,
        )
        .await?;
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        anyhow::ensure!(compared.report.status == Status::InSync, "the pulled schema is in sync");
        whole.push(took);
        ratios.push(took / alone);
    }
    report.figure(&format!("converge.status_500.{name}"), median(whole), "ms", bound);
    report.figure(&format!("converge.status_500.{name}.ratio"), median(ratios), "× reading alone", 2.0);
    Ok(())
}
