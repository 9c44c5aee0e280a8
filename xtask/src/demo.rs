//! `cargo xtask demo`: from a fresh clone to a running API, on the example shop or on a real database.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use glaze_testkit::Postgres;

use crate::{
    services,
    shell::{Run, cargo, root, run},
};

/// What to show.
#[derive(Args)]
pub struct Demo {
    /// A real database instead of the example: SQL files (several are loaded in order) or a URL. URLs are pulled as they are.
    #[arg(long, num_args = 1..)]
    from: Vec<String>,
    /// Port of the API.
    #[arg(long, default_value_t = 4000)]
    port: u16,
}

impl Demo {
    /// Builds, makes the project and serves until interrupted.
    pub fn run(self) -> anyhow::Result<()> {
        println!("Building Glaze (the first time takes a few minutes)");
        cargo(&["build", "--quiet", "--profile", "demo", "--package", "glaze-cli"]).run()?;
        let glaze = root().join("target/demo/glaze");
        let home = root().join("target/demo-projects");
        // The server lives as long as the demo.
        let (project, _server) = match self.from.as_slice() {
            [] => (shop(&glaze, &home)?, None),
            from => pulled(&glaze, &home, from)?,
        };
        self.serve(&glaze, &project)
    }

    fn serve(&self, glaze: &Path, project: &Path) -> anyhow::Result<()> {
        let key = run(glaze, &["key", "create", "--role", "admin", "--name", "demo", "--quiet"])
            .folder(project)
            .output()?;
        let paths = run(glaze, &["schema", "paths"]).folder(project).output()?;
        let mut paths = paths.lines();
        let (first, second) = (paths.next().unwrap_or("/api/products"), paths.next().unwrap_or("/api/brands"));
        let address = format!("http://127.0.0.1:{}", self.port);
        println!("\n  Project    {}", project.display());
        println!("  API        {address}/api");
        println!("  Reference  {address}/api/docs");
        println!("  Key        {}   (role admin)\n", key.trim());
        println!("  Try, from another terminal:\n");
        // A pulled database has no rules yet: nothing is open without the key.
        let header = if self.from.is_empty() {
            String::new()
        } else {
            format!("-H 'Authorization: Bearer {}' ", key.trim())
        };
        for line in [
            format!("curl -s {header}'{address}{first}?limit=3'"),
            format!(
                "curl -s -H 'Authorization: Bearer {}' '{address}{first}?limit=2&count=exact'",
                key.trim()
            ),
            format!(
                "curl -s -H 'Authorization: Bearer {}' '{address}{second}/aggregate?count=*'",
                key.trim()
            ),
        ] {
            println!("    {line}");
        }
        println!();
        run(glaze, &["dev", "--port", &self.port.to_string()]).folder(project).run()
    }
}

/// The example shop with its content, made anew.
fn shop(glaze: &Path, home: &Path) -> anyhow::Result<PathBuf> {
    let project = fresh(home, "shop")?;
    run(glaze, &["new", "--template", "shop", "--quiet"]).args([&project]).run()?;
    run(glaze, &["seed", "--quiet"]).folder(&project).run()?;
    Ok(project)
}

/// A project pulled from a URL, or from SQL files loaded into a database made for the purpose.
fn pulled(glaze: &Path, home: &Path, from: &[String]) -> anyhow::Result<(PathBuf, Option<Postgres>)> {
    let (url, name, server) = match from {
        [url] if url.contains("://") || url.starts_with("sqlite:") => (url.clone(), "pulled".to_owned(), None),
        files => {
            let stem = Path::new(&files[0])
                .file_stem()
                .context("a file has a name")?
                .to_string_lossy()
                .into_owned();
            let paths = files
                .iter()
                .map(|file| std::env::current_dir().map(|here| here.join(file)))
                .collect::<Result<Vec<_>, _>>()?;
            if let Some(missing) = paths.iter().find(|path| !path.is_file()) {
                bail!("there is no file {}", missing.display());
            }
            match load_sqlite(home, &stem, &paths)? {
                Some(url) => (url, stem, None),
                None => {
                    services::ensure(&[services::POSTGRES])?;
                    let server = Postgres::start();
                    let database = server.database();
                    paths.iter().for_each(|path| server.load(&database.url, path));
                    (database.url, stem, Some(server))
                }
            }
        }
    };
    let project = fresh(home, &name)?;
    run(glaze, &["pull", &url, "--into"]).args([&project]).run()?;
    Ok((project, server))
}

/// Loads the files into a SQLite database; `None` when they are not SQLite's SQL.
fn load_sqlite(home: &Path, stem: &str, files: &[PathBuf]) -> anyhow::Result<Option<String>> {
    services::ensure(&[services::SQLITE])?;
    std::fs::create_dir_all(home)?;
    let database = home.join(format!("{stem}.db"));
    let _ = std::fs::remove_file(&database);
    let loaded = files.iter().all(|file| {
        let read = format!(".read '{}'", file.display());
        let quick = ["-bail", "-cmd", "PRAGMA synchronous=OFF", "-cmd", "PRAGMA journal_mode=MEMORY"];
        let load: Run = run("sqlite3", &quick).args([database.as_os_str(), read.as_ref()]);
        load.succeeds()
    });
    if !loaded {
        let _ = std::fs::remove_file(&database);
    }
    Ok(loaded.then(|| format!("sqlite:{}", database.display())))
}

fn fresh(home: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let project = home.join(name);
    if project.exists() {
        std::fs::remove_dir_all(&project)?;
    }
    std::fs::create_dir_all(home)?;
    Ok(project)
}
