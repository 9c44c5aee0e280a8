//! `wrk`: one load generator, 16 connections.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};

/// What one run of `wrk` gave.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Requests a second.
    pub rps: f64,
    /// 99th percentile of latency, milliseconds.
    pub p99_ms: f64,
}

/// Runs `wrk` against loopback for `seconds`; a script decides what is asked for.
pub fn wrk(port: u16, path: &str, seconds: u32, connections: u32, script: Option<(&Path, &[&str])>) -> anyhow::Result<Load> {
    let mut command = Command::new("wrk");
    command.args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "--latency"]);
    if let Some((script, _)) = script {
        command.arg("-s").arg(script);
    }
    command.arg(format!("http://127.0.0.1:{port}{path}"));
    if let Some((_, arguments)) = script {
        command.arg("--").args(arguments);
    }
    let output = command.output().context("wrk cannot be started (Debian package wrk)")?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.contains("Non-2xx") || text.contains("Socket errors: connect") {
        bail!("wrk {path}: {text}{}", String::from_utf8_lossy(&output.stderr));
    }
    let value = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let rps = value("Requests/sec:")
        .and_then(|value| value.parse().ok())
        .with_context(|| format!("wrk said {text}"))?;
    let p99_ms = value("99%").and_then(milliseconds).with_context(|| format!("wrk said {text}"))?;
    Ok(Load { rps, p99_ms })
}

fn milliseconds(text: &str) -> Option<f64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let number: f64 = number.parse().ok()?;
    Some(
        number
            * match unit {
                "us" => 0.001,
                "ms" => 1.0,
                "s" => 1000.0,
                _ => return None,
            },
    )
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
