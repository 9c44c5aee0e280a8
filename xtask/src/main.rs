//! Tasks of the repository: `cargo xtask demo | test | bench | fuzz | docs`. Each does all of its own set-up.
//!
//! It must not know how Glaze works: it drives the binary as a person would.

mod demo;
mod docs;
mod fuzz;
mod services;
mod shell;
mod test;

use clap::{Parser, Subcommand};

/// Tasks of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds Glaze, makes the example shop (or pulls a real database) and starts it.
    Demo(demo::Demo),
    /// Runs every test, with the services they need. Further words are handed to the test runner.
    Test {
        /// For example a part of a test's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Measures Glaze against floors measured in the same run.
    Bench {
        /// `--json FILE`, `--quick`, `--only sqlite|postgres`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Runs every fuzz target for a bounded time.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 30)]
        seconds: u32,
    },
    /// Writes the generated pages of `docs/` anew.
    Docs,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Demo(demo) => demo.run(),
        Task::Test { rest } => test::run(&rest),
        Task::Bench { rest } => {
            services::ensure(&[services::POSTGRES, services::WRK])?;
            shell::cargo(&["build", "--release", "--package", "glaze-cli", "--package", "glaze-bench"]).run()?;
            shell::cargo(&["run", "--quiet", "--release", "--package", "glaze-bench", "--"])
                .args(&rest)
                .run()
        }
        Task::Fuzz { seconds } => fuzz::run(seconds),
        Task::Docs => docs::run(),
    }
}
