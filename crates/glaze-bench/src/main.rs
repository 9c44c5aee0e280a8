//! The benchmark: the release binary of Glaze, driven over loopback by `wrk`, against floors measured in the same run on the same
//! machine: an axum handler that returns bytes of the same size, `pgbench -M prepared` with the same SQL, and one SQLite
//! transaction per request. Ratios are medians over rounds that alternate floor and Glaze, because small machines are noisy.
//!
//! It must not know how Glaze works inside: it uses the binary and the HTTP API, and the public functions that read and compare schemas.

mod content;
mod converge;
mod floor;
mod http;
mod load;
mod pgbench;
mod report;
mod server;
mod startup;
mod suite;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// Writes the figures to this file as JSON.
    #[arg(long)]
    json: Option<std::path::PathBuf>,
    /// Shorter rounds: under three minutes in all.
    #[arg(long)]
    quick: bool,
    /// Only this database, or only `converge`.
    #[arg(long)]
    only: Option<String>,
    #[command(subcommand)]
    floor: Option<Floor>,
}

/// The floors are servers in processes of their own, started by the benchmark itself.
#[derive(Subcommand)]
enum Floor {
    /// An axum handler that returns `?n` bytes.
    #[command(hide = true)]
    FloorBytes { port: u16 },
    /// One SQLite transaction for each request.
    #[command(hide = true)]
    FloorSqlite { port: u16, database: std::path::PathBuf },
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.floor {
        Some(Floor::FloorBytes { port }) => floor::bytes::serve(port),
        Some(Floor::FloorSqlite { port, database }) => floor::sqlite::serve(port, &database),
        None => {
            let plan = if arguments.quick {
                suite::Plan::quick()
            } else {
                suite::Plan::full()
            };
            let mut report = report::Report::default();
            startup::schema_reading(&mut report);
            let wanted = |name: &str| arguments.only.as_deref().is_none_or(|only| only == name);
            if wanted("sqlite") || wanted("converge") {
                converge::sqlite(&mut report)?;
            }
            if wanted("postgres") || wanted("converge") {
                converge::postgres(&mut report)?;
            }
            if wanted("sqlite") {
                suite::sqlite(&plan, &mut report)?;
            }
            if wanted("postgres") {
                suite::postgres(&plan, &mut report)?;
            }
            report.print();
            if let Some(file) = arguments.json {
                std::fs::write(file, report.json())?;
            }
            Ok(())
        }
    }
}
