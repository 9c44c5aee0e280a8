//! Programs that tests and benchmarks need, installed from Debian when missing.

use std::path::Path;

use anyhow::bail;

use crate::shell::run;

/// A program, or an extension's control file, and the Debian package that brings it.
#[derive(Clone, Copy)]
pub struct Service {
    program: &'static str,
    package: &'static str,
}

/// PostgreSQL server and clients.
pub const POSTGRES: Service = Service {
    program: "initdb",
    package: "postgresql",
};
/// PostGIS: the test for what belongs to extensions puts it beside our tables.
pub const POSTGIS: Service = Service {
    program: "postgis.control",
    package: "postgresql-postgis",
};
/// SQLite's shell: loads the sample database.
pub const SQLITE: Service = Service {
    program: "sqlite3",
    package: "sqlite3",
};
/// HTTP load generator.
pub const WRK: Service = Service {
    program: "wrk",
    package: "wrk",
};

/// Installs what is missing.
pub fn ensure(services: &[Service]) -> anyhow::Result<()> {
    let missing: Vec<&str> = services
        .iter()
        .filter(|service| !present(service.program))
        .map(|service| service.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = missing.join(" ");
    if !run("apt-get", &["--version"]).succeeds() {
        bail!("these programs are missing: {words}. Install them with your system's package manager and try again");
    }
    println!("Installing {words} (Debian packages)");
    let privileged = run("id", &["-u"]).output()?.trim() == "0";
    let apt = |arguments: &[&str]| match privileged {
        true => run("apt-get", arguments),
        false => run("sudo", &["apt-get"]).args(arguments),
    };
    apt(&["update", "-qq"]).run()?;
    apt(&["install", "-y", "-qq", "--no-install-recommends"])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

fn present(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = |place, inner| {
        let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
        entries.map(move |entry: std::fs::DirEntry| entry.path().join(inner))
    };
    let debian = versions("/usr/lib/postgresql", "bin").chain(versions("/usr/share/postgresql", "extension"));
    std::env::split_paths(&path)
        .chain(debian)
        .any(|folder| Path::new(&folder).join(program).exists())
}
