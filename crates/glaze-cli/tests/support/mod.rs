//! Driving the real binary in a folder of its own.

#![allow(dead_code)] // each test binary uses a part

pub mod database;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use glaze_testkit::http::{self, Answer};
use serde_json::Value as Json;

/// A project folder.
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// `glaze new` from a template.
    pub fn new(template: &str) -> Project {
        let project = Project::empty();
        project.ok(&["new", "site", "--template", template, "--quiet"]);
        project
    }

    /// An empty folder, with `site` to come.
    pub fn empty() -> Project {
        Project {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// `glaze pull` from a database.
    pub fn pulled(url: &str) -> Project {
        let project = Project::empty();
        project.ok(&["pull", url, "--into", "site"]);
        project
    }

    /// Folder of the project.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Folder around it.
    pub fn outside(&self) -> &Path {
        self.folder.path()
    }

    /// Text of a file.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces a file.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.root().join(name);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        std::fs::write(file, text).expect("writes");
    }

    /// Replaces a part of a file that is there exactly once.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {name}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// A command in the project.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let root = self.root();
        let mut command = Command::new(env!("CARGO_BIN_EXE_glaze"));
        command
            .args(arguments)
            .current_dir(if root.is_dir() { &root } else { self.folder.path() });
        command.env_remove("DATABASE_URL").env("NO_COLOR", "1");
        command
    }

    /// Runs `glaze` and gives all it said.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("glaze starts")
    }

    /// Runs `glaze`, which succeeds; gives its standard output.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "glaze {arguments:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Runs `glaze`, which fails with this code; gives its standard error.
    pub fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "glaze {arguments:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stderr)
    }

    /// A key with the role `admin`.
    pub fn admin_key(&self) -> String {
        self.ok(&["key", "create", "--role", "admin", "--quiet"]).trim().to_owned()
    }

    /// Starts `glaze dev` or `glaze serve` on a free port.
    pub fn start(&self, command: &str) -> Server {
        let mut child = self.command(&[command, "--port", "0"]);
        let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("glaze starts");
        let said = Arc::new(Mutex::new(String::new()));
        for stream in [
            Box::new(child.stdout.take().expect("out")) as Box<dyn std::io::Read + Send>,
            Box::new(child.stderr.take().expect("err")),
        ] {
            let said = said.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let mut said = said.lock().expect("said");
                    said.push_str(&line);
                    said.push('\n');
                }
            });
        }
        let mut server = Server { child, said, port: 0 };
        server.wait_for("http://127.0.0.1:", Duration::from_secs(20));
        let said = server.said();
        let port = said.split("http://127.0.0.1:").nth(1).expect("an address");
        server.port = port
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse()
            .expect("a port");
        server
    }
}

/// A running server; stopped when dropped.
pub struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
    /// Where it listens.
    pub port: u16,
}

impl Server {
    /// All it has said so far.
    pub fn said(&self) -> String {
        self.said.lock().expect("said").clone()
    }

    /// Waits until it has said something.
    pub fn wait_for(&mut self, words: &str, time: Duration) {
        let begun = Instant::now();
        while !self.said().contains(words) {
            if let Ok(Some(status)) = self.child.try_wait() {
                std::thread::sleep(Duration::from_millis(50));
                panic!("glaze ended with {status} before it said `{words}`:\n{}", self.said());
            }
            assert!(
                begun.elapsed() < time,
                "glaze did not say `{words}` within {time:?}:\n{}",
                self.said()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A request.
    pub fn request(&self, method: &str, path: &str, key: Option<&str>, body: Option<&str>) -> Answer {
        http::request(self.port, method, path, key, body).unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.said()))
    }

    /// A GET that succeeds, as JSON.
    pub fn json(&self, path: &str, key: Option<&str>) -> Json {
        let answer = self.request("GET", path, key, None);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("GET {path}: {error}: {}", answer.body))
    }

    /// Ends it without any chance to tidy up.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// Asks it to stop and gives its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waits") {
                return status.code();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "glaze does not stop:\n{}", self.said());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
