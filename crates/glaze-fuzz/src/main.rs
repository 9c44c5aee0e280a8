//! Fuzzing of everything that reads text from outside, for a bounded time and on the stable toolchain: inputs are mutated seeds, and
//! an input whose outcome was not seen before becomes a seed itself.
//!
//! `cargo run -p glaze-fuzz -- all --seconds 20` runs every target; `expression --seed 7` repeats a run; `expression --input FILE` a single input.
//! A new target is a file in `targets/`, with seeds in `seeds/` or wherever there are good ones.
//!
//! This crate must not hold tests of behaviour: a target asserts laws that every input obeys.

mod corpus;
mod mutate;
mod run;
mod targets;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

/// Fuzzes for a bounded time.
#[derive(Parser)]
struct Arguments {
    /// Name of a target, or `all`.
    target: String,
    /// How long each target runs.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Repeats the run of this seed; a new one is made up unless it is given.
    #[arg(long)]
    seed: Option<u64>,
    /// Runs this file alone.
    #[arg(long)]
    input: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let chosen: Vec<_> = targets::ALL
        .iter()
        .filter(|target| arguments.target == "all" || arguments.target == target.name)
        .collect();
    if chosen.is_empty() {
        let names: Vec<_> = targets::ALL.iter().map(|target| target.name).collect();
        anyhow::bail!("there is no target `{}`; there are {}", arguments.target, names.join(", "));
    }
    let mut sound = true;
    for target in chosen {
        sound &= match &arguments.input {
            Some(path) => run::once(target, &std::fs::read(path)?),
            None => run::bounded(
                target,
                arguments.seed.unwrap_or_else(rand::random),
                Duration::from_secs(arguments.seconds),
            )?,
        };
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
