//! Running other programs.

use std::{
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

/// Root of the repository.
pub fn root() -> PathBuf {
    glaze_testkit::repository()
}

/// A command to be run in the repository's root.
pub struct Run(Command);

/// `cargo` with these arguments.
pub fn cargo(arguments: &[&str]) -> Run {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(program, arguments)
}

/// Any program with these arguments.
pub fn run(program: impl AsRef<OsStr>, arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    Run(command)
}

impl Run {
    /// With more arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        self.0.args(arguments);
        self
    }

    /// With an environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Run {
        self.0.env(name, value);
        self
    }

    /// In another folder.
    pub fn folder(mut self, folder: impl AsRef<std::path::Path>) -> Run {
        self.0.current_dir(folder);
        self
    }

    /// Runs it; its output is shown.
    pub fn run(mut self) -> anyhow::Result<()> {
        let shown = format!("{:?}", self.0);
        let status = self.0.status().with_context(|| format!("cannot start {shown}"))?;
        if !status.success() {
            bail!("{status}: {shown}");
        }
        Ok(())
    }

    /// Runs it and gives what it printed.
    pub fn output(mut self) -> anyhow::Result<String> {
        let shown = format!("{:?}", self.0);
        let output = self
            .0
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start {shown}"))?;
        if !output.status.success() {
            bail!("{}: {shown}", output.status);
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Whether it runs and succeeds; says nothing.
    pub fn succeeds(mut self) -> bool {
        self.0
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}
