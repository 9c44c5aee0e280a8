//! Processes under measurement.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::http;

/// A server that is stopped when dropped.
pub struct Server {
    child: Child,
    /// Where it listens on loopback.
    pub port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a floor: this program with other arguments.
    pub fn floor(arguments: impl Fn(u16) -> Vec<String>) -> anyhow::Result<Server> {
        let port = free_port()?;
        let child = Command::new(std::env::current_exe()?)
            .args(arguments(port))
            .stdout(Stdio::null())
            .spawn()?;
        let server = Server { child, port };
        server.wait_for_port()?;
        Ok(server)
    }

    /// Starts `glaze serve`; gives the time until its first answer to `path`.
    pub fn glaze(project: &Path, path: &str, key: &str) -> anyhow::Result<(Server, Duration)> {
        let port = free_port()?;
        let begun = Instant::now();
        let child = Command::new(binary()?)
            .args(["serve", "--port", &port.to_string()])
            .current_dir(project)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()?;
        let server = Server { child, port };
        loop {
            if http::get(port, path, Some(key)).is_ok() {
                return Ok((server, begun.elapsed()));
            }
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("glaze serve gave no answer to {path} within 20 s");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn wait_for_port(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("a floor did not start");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Resident memory now, and the most there was, in MB (10^6 bytes).
    pub fn memory(&self) -> anyhow::Result<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = |name: &str| -> Option<f64> {
            let kib: f64 = status
                .lines()
                .find_map(|line| line.strip_prefix(name))?
                .trim()
                .trim_end_matches(" kB")
                .parse()
                .ok()?;
            Some(kib * 1024.0 / 1e6)
        };
        Ok((line("VmRSS:").context("VmRSS")?, line("VmHWM:").context("VmHWM")?))
    }
}

/// The release binary beside this one.
fn binary() -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe()?.with_file_name("glaze");
    if !binary.exists() {
        bail!("{} is missing: run `cargo xtask bench`, which builds it", binary.display());
    }
    Ok(binary)
}

/// Runs `glaze` in a project and gives what it printed.
pub fn glaze(project: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(binary()?).args(arguments).current_dir(project).output()?;
    if !output.status.success() {
        bail!(
            "glaze {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
