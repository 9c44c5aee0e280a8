//! The `glaze` binary: arguments, prompts, progress, colours. What it does is done by the library `glaze`.
//!
//! It must not know how anything is done: no SQL, no HTTP, no syntax trees.

mod commands;
mod prompt;
mod report;
mod terminal;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use commands::convergence::Convergence;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A schema file becomes tables, an API and an admin; code, database and admin stay in sync.
#[derive(Parser)]
#[command(name = "glaze", version, propagate_version = true)]
struct Arguments {
    /// Folder of the project.
    #[arg(short = 'C', long, global = true, default_value = ".", value_name = "DIR")]
    project: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a new project.
    New(commands::new::New),
    /// Serves while you work: tables and API follow every save of the schema.
    Dev(commands::serve::Dev),
    /// Serves in production: no schema changes, refuses pending migrations.
    Serve(commands::serve::Serve),
    /// Writes a schema from an existing database, which it does not change.
    Pull(commands::pull::Pull),
    /// Reads the schema and reports every finding.
    Check(commands::check::Check),
    /// Shows the schema in other forms.
    #[command(subcommand)]
    Schema(commands::schema::Schema),
    /// Writes, applies and lists migrations.
    #[command(subcommand)]
    Migrate(commands::migrate::Migrate),
    /// Says how two states differ: the schema and the database unless told otherwise.
    Diff(commands::diff::Diff),
    /// Brings a database to another state, where nothing is lost without consent, and proves it.
    Apply(commands::apply::Apply),
    /// Code, migrations and database: how they agree, and bringing them together.
    #[command(subcommand)]
    Convergence(commands::convergence::Convergence),
    #[command(name = "convergence:check", hide = true)]
    ConvergenceCheck(commands::convergence::Looking),
    #[command(name = "convergence:diff", hide = true)]
    ConvergenceDiff(commands::convergence::Looking),
    #[command(name = "convergence:sync", hide = true)]
    ConvergenceSync(commands::convergence::Sync),
    /// Fills the database with the content of seed.json.
    Seed(commands::seed::Seed),
    /// Says whether somebody may do something, which rule let or stopped it, and the SQL it became.
    Can(commands::can::Can),
    /// API keys.
    #[command(subcommand)]
    Key(commands::key::Key),
    /// Users: people who log in.
    #[command(subcommand)]
    User(commands::user::User),
}

fn main() -> ExitCode {
    // Before anything is parsed: also a mistake in the arguments is answered in the form that was asked for.
    let json = std::env::args_os().any(|argument| argument == "--json");
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return terminal::misused(&error, json),
    };
    terminal::logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::failed(&error.into(), json),
    };
    let project = arguments.project.as_path();
    let done = runtime.block_on(async {
        match arguments.command {
            Command::New(command) => command.run(),
            Command::Dev(command) => command.run(project).await,
            Command::Serve(command) => command.run(project).await,
            Command::Pull(command) => command.run().await,
            Command::Check(command) => command.run(project),
            Command::Schema(command) => command.run(project),
            Command::Migrate(command) => command.run(project).await,
            Command::Diff(command) => command.run(project).await,
            Command::Apply(command) => command.run(project).await,
            Command::Convergence(command) => command.run(project).await,
            Command::ConvergenceCheck(looking) => Convergence::Status(looking).run(project).await,
            Command::ConvergenceDiff(looking) => Convergence::Diff(looking).run(project).await,
            Command::ConvergenceSync(sync) => Convergence::Sync(sync).run(project).await,
            Command::Seed(command) => command.run(project).await,
            Command::Can(command) => command.run(project).await,
            Command::Key(command) => command.run(project).await,
            Command::User(command) => command.run(project).await,
        }
    });
    // A blocked background thread must not hold up the exit.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done.unwrap_or_else(|error| terminal::failed(&error, json))
}
