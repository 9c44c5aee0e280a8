//! A PostgreSQL server for tests: made by `initdb` once a machine (the folder is kept and copied), started on a free loopback port
//! with durability off, and stopped when the process that started it ends, however it ends.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread::sleep,
    time::{Duration, Instant},
};

/// Set by `cargo xtask test` so that all test processes use one server: `postgres://postgres@127.0.0.1:PORT`.
pub const SHARED_URL: &str = "GLAZE_TEST_POSTGRES";

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    bin: PathBuf,
    /// Holds the guardian's standard input open: when it closes, the guardian stops the server.
    guardian: Option<Child>,
    folder: Option<tempfile::TempDir>,
}

/// A database of a test's own.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// `postgres://postgres@127.0.0.1:PORT/NAME`
    pub url: String,
    /// Its name.
    pub name: String,
}

impl Postgres {
    /// The server for this run: the one named in [`SHARED_URL`], else one that this process starts and takes down with it.
    pub fn shared() -> &'static Postgres {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        SERVER.get_or_init(|| match std::env::var(SHARED_URL) {
            Ok(url) => {
                let port = url.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
                let port = port.unwrap_or_else(|| panic!("{SHARED_URL} must end in a port, not {url}"));
                Postgres {
                    port,
                    bin: binaries(),
                    guardian: None,
                    folder: None,
                }
            }
            Err(_) => Postgres::start(),
        })
    }

    /// Starts a server of its own.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn start() -> Postgres {
        Postgres::start_with(&["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
    }

    /// Starts a server with its own settings (`-c name=value`), for benchmarks and crash tests.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn start_with(settings: &[&str]) -> Postgres {
        let bin = binaries();
        let owner = owner();
        let template = template_folder(&bin, owner);
        let folder = tempfile::Builder::new().prefix("glaze-pg-").tempdir().expect("a temporary folder");
        let data = folder.path().join("data");
        copy_folder(&template, &data, owner);
        own(folder.path(), owner);
        let port = free_port();
        let guardian = spawn(&bin, &data, port, owner, settings);
        wait_until_ready(port, &bin);
        Postgres {
            port,
            bin,
            guardian: Some(guardian),
            folder: Some(folder),
        }
    }

    /// Gives a file to the user that servers run as, who alone may read it then: keys of certificates.
    ///
    /// # Panics
    /// When that is not allowed.
    pub fn give(path: &Path) {
        own(path, owner());
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("the file is ours to give");
    }

    /// Address of the server without a database: `postgres://postgres@127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    /// An empty database.
    pub fn database(&self) -> TestDatabase {
        let name = format!("t_{}", crate::unique());
        self.psql(
            &self.database_url("postgres"),
            &format!("CREATE DATABASE \"{name}\" TEMPLATE template0"),
        );
        TestDatabase {
            url: self.database_url(&name),
            name,
        }
    }

    /// A copy of a template, which `load` fills the first time anybody on this server asks for it.
    pub fn clone_of(&self, template: &str, load: impl FnOnce(&str)) -> TestDatabase {
        let template = format!("template_{template}");
        let admin = self.database_url("postgres");
        let exists = || {
            self.psql(&admin, &format!("SELECT 1 FROM pg_database WHERE datname = '{template}'"))
                .contains('1')
        };
        if !exists() {
            // Two test processes may come here at once: the one that makes the folder fills the template, the other waits.
            let claim = std::env::temp_dir().join(format!("glaze-{}-{template}.claim", self.port));
            match fs::create_dir(&claim) {
                Ok(()) => {
                    let draft = format!("draft_{}", crate::unique());
                    self.psql(&admin, &format!("CREATE DATABASE \"{draft}\" TEMPLATE template0"));
                    load(&self.database_url(&draft));
                    self.psql(&admin, &format!("ALTER DATABASE \"{draft}\" RENAME TO \"{template}\""));
                    let _ = fs::remove_dir(&claim);
                }
                Err(_) => {
                    let begun = Instant::now();
                    while !exists() {
                        assert!(
                            begun.elapsed() < Duration::from_secs(120),
                            "template {template} was not filled; remove {}",
                            claim.display()
                        );
                        sleep(Duration::from_millis(50));
                    }
                }
            }
        }
        let name = format!("t_{}", crate::unique());
        self.psql(&admin, &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""));
        TestDatabase {
            url: self.database_url(&name),
            name,
        }
    }

    /// Runs a file of SQL through psql (which `COPY … FROM stdin` needs).
    pub fn load(&self, url: &str, file: &Path) {
        let output = self.client(url).arg("-f").arg(file).output().expect("psql starts");
        assert!(
            output.status.success(),
            "psql -f {}: {}",
            file.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Runs SQL and gives what psql prints: rows as lines, columns separated by `|`.
    pub fn psql(&self, url: &str, sql: &str) -> String {
        let output = self.client(url).args(["-A", "-t", "-c", sql]).output().expect("psql starts");
        assert!(
            output.status.success(),
            "psql: {}\n  in: {sql}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Path of one of PostgreSQL's programs (`pgbench`, `pg_dump`).
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    fn client(&self, url: &str) -> Command {
        let mut command = Command::new(self.bin.join("psql"));
        command
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url])
            .env("PGOPTIONS", "-c client_min_messages=warning");
        command
    }

    fn database_url(&self, name: &str) -> String {
        format!("{}/{name}", self.url())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut guardian) = self.guardian.take() {
            drop(guardian.stdin.take());
            let _ = guardian.wait();
        }
        drop(self.folder.take());
    }
}

/// Where PostgreSQL's programs are: the PATH, else the newest in Debian's folders.
fn binaries() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let mut places: Vec<PathBuf> = debian.filter(|place| place.join("initdb").is_file()).collect();
    places.sort();
    if let Some(place) = places.pop() {
        return place;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|place| place.join("initdb").is_file() && place.join("postgres").exists())
        .expect("PostgreSQL is not installed: `cargo xtask test` installs it on Debian (package postgresql)")
}

/// User and group to run the server as: PostgreSQL refuses to run as root.
fn owner() -> Option<(u32, u32)> {
    let id = |args: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(args).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    Some((id(&["-u", "postgres"]).unwrap_or(65534), id(&["-g", "postgres"]).unwrap_or(65534)))
}

/// A data folder fresh from `initdb`, kept for the machine.
fn template_folder(bin: &Path, owner: Option<(u32, u32)>) -> PathBuf {
    let version = bin
        .ancestors()
        .nth(1)
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let user = owner.map_or_else(|| std::env::var("USER").unwrap_or_default(), |(uid, _)| uid.to_string());
    let folder = std::env::temp_dir().join(format!("glaze-initdb-{version}-{user}"));
    let done = folder.join("data");
    if done.is_dir() {
        return done;
    }
    fs::create_dir_all(&folder).expect("a folder for initdb");
    own(&folder, owner);
    let draft = folder.join(format!("draft-{}", crate::unique()));
    let mut command = Command::new(bin.join("initdb"));
    command
        .args([
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
        ])
        .arg(&draft);
    command.stdin(Stdio::null()).current_dir("/");
    become_owner(&mut command, owner);
    let output = command.output().expect("initdb starts");
    assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
    // Whoever comes second keeps the first one's folder.
    if fs::rename(&draft, &done).is_err() {
        let _ = fs::remove_dir_all(&draft);
    }
    done
}

fn spawn(bin: &Path, data: &Path, port: u16, owner: Option<(u32, u32)>, settings: &[&str]) -> Child {
    // The guardian waits for the end of its standard input, which comes when this process ends in any way, and stops the server
    // and removes its folder.
    let script = r#"server=$1; shift; "$server" "$@" >"$DATA/../log" 2>&1 & pid=$!; cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$(dirname "$DATA")""#;
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(bin.join("postgres"));
    command.arg("-D").arg(data).args([
        "-p",
        &port.to_string(),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
    ]);
    command
        .args(["-c", "max_connections=300", "-c", "shared_buffers=256MB", "-c", "autovacuum=off"])
        .args(settings);
    command
        .env("DATA", data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .current_dir("/");
    // A group of its own: an interrupt typed in the terminal must reach it through the guardian only.
    command.process_group(0);
    become_owner(&mut command, owner);
    command.spawn().expect("sh starts")
}

fn wait_until_ready(port: u16, bin: &Path) {
    let begun = Instant::now();
    loop {
        let open = TcpStream::connect(("127.0.0.1", port)).is_ok();
        let ready = || {
            Command::new(bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()
        };
        if open && ready().is_ok_and(|status| status.success()) {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "PostgreSQL did not start within 30 s on port {port}"
        );
        sleep(Duration::from_millis(10));
    }
}

fn become_owner(command: &mut Command, owner: Option<(u32, u32)>) {
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
}

fn own(path: &Path, owner: Option<(u32, u32)>) {
    if let Some((uid, gid)) = owner {
        chown(path, Some(uid), Some(gid)).expect("the folder can be given to the database's user");
    }
}

fn copy_folder(from: &Path, to: &Path, owner: Option<(u32, u32)>) {
    let status = Command::new("cp")
        .args(["-a", "--reflink=auto"])
        .arg(from)
        .arg(to)
        .status()
        .expect("cp starts");
    assert!(status.success(), "cannot copy {}", from.display());
    own(to, owner);
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sample;

    #[test]
    fn a_template_is_cloned_and_the_copies_are_apart() {
        let server = Postgres::shared();
        let (one, two) = (Sample::Chinook.database(), Sample::Chinook.database());
        server.psql(&one.url, "DELETE FROM playlist_track");
        assert_eq!(server.psql(&one.url, "SELECT count(*) FROM playlist_track").trim(), "0");
        assert_eq!(server.psql(&two.url, "SELECT count(*) FROM playlist_track").trim(), "8715");
    }

    #[test]
    fn a_server_of_its_own_ends_with_its_owner() {
        let server = Postgres::start();
        let port = server.port;
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
