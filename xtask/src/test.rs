//! `cargo xtask test`: everything, on real services.

use glaze_testkit::{Postgres, postgres::SHARED_URL};

use crate::{
    services,
    shell::{self, cargo},
};

/// Runs every test of the repository.
pub fn run(rest: &[String]) -> anyhow::Result<()> {
    services::ensure(&[services::POSTGRES, services::POSTGIS, services::SQLITE])?;
    let server = Postgres::start();
    println!("PostgreSQL for the tests: {}", server.url());
    // The binary that the end-to-end tests drive.
    cargo(&["build", "--quiet", "--package", "glaze-cli"]).run()?;
    let nextest = nextest_available();
    let runner: &[&str] = if nextest {
        &["nextest", "run", "--workspace", "--no-fail-fast"]
    } else {
        &["test", "--workspace", "--no-fail-fast"]
    };
    cargo(runner).args(rest).env(SHARED_URL, server.url()).run()?;
    if nextest && rest.is_empty() {
        cargo(&["test", "--workspace", "--doc", "--quiet"])
            .env(SHARED_URL, server.url())
            .run()?;
    }
    Ok(())
}

fn nextest_available() -> bool {
    shell::run("cargo-nextest", &["--version"]).succeeds()
}
