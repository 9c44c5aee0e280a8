//! `glaze migrate`

use std::{path::Path, path::PathBuf, process::ExitCode};

use clap::Subcommand;
use glaze::{Project, migrate};

use crate::{
    commands::{diff, upkeep},
    terminal::{CARE, DIFFERS, DIM, GOOD, paint},
};

#[derive(Subcommand)]
pub enum Migrate {
    /// Writes a migration for what the schema says and the migrations don't.
    Generate {
        /// Name of the migration; made from its steps unless given.
        name: Option<String>,
        /// A JSON file with the answers to questions (renames, backfill values).
        #[arg(long, value_name = "FILE")]
        answers: Option<PathBuf>,
        /// What was written, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Runs the migrations that the database has not had yet.
    Apply {
        /// What was applied, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lists migrations and whether the database has had them.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Rehearses the whole history on an empty scratch database, and what waits on a copy of the real one.
    Test(upkeep::Test),
    /// Explains what is wrong between migrations and database, and repairs it; what gives something up only when it was chosen.
    Repair(upkeep::Repair),
    /// Looks through the SQL of the migrations for what fails, locks or loses.
    Lint(upkeep::Lint),
}

impl Migrate {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(project)?;
        match self {
            Migrate::Test(test) => test.run(&project).await,
            Migrate::Repair(repair) => repair.run(&project).await,
            Migrate::Lint(lint) => lint.run(&project),
            Migrate::Generate { name, answers, json } => {
                let answers = diff::answers(answers.as_deref())?;
                let generated = migrate::generate(&project, name.as_deref(), &answers).await?;
                if json {
                    println!("{}", serde_json::to_string_pretty(&generated)?);
                } else if generated.files.is_empty() {
                    anstream::println!("{} the migrations say what the schema says", paint(GOOD, "Nothing to do:"));
                } else {
                    anstream::println!("{} {}", paint(GOOD, "Written:"), generated.summary);
                    generated
                        .files
                        .iter()
                        .for_each(|file| anstream::println!("{}", paint(DIM, format!("         {}", file.display()))));
                }
                Ok(ExitCode::SUCCESS)
            }
            Migrate::Apply { json } => {
                let applied = migrate::apply(&project).await?;
                if json {
                    println!("{}", serde_json::to_string_pretty(&applied)?);
                } else if applied.is_empty() {
                    anstream::println!("{} the database has had every migration", paint(GOOD, "Nothing to do:"));
                } else {
                    applied
                        .iter()
                        .for_each(|name| anstream::println!("{} {name}", paint(GOOD, "Applied")));
                }
                Ok(ExitCode::SUCCESS)
            }
            Migrate::Status { json } => {
                let status = migrate::status(&project).await?;
                if json {
                    println!("{}", serde_json::to_string_pretty(&status)?);
                } else {
                    for migration in &status.migrations {
                        let mark = if migration.applied {
                            paint(GOOD, "applied")
                        } else {
                            paint(CARE, "pending")
                        };
                        anstream::println!("{mark}  {}", migration.name);
                    }
                    status
                        .problems
                        .iter()
                        .for_each(|problem| anstream::println!("{} {problem}", paint(CARE, "Note:")));
                    if status.migrations.is_empty() {
                        println!("There are no migrations yet: `glaze migrate generate` writes the first one.");
                    }
                }
                let clean = status.problems.is_empty() && status.migrations.iter().all(|migration| migration.applied);
                Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
            }
        }
    }
}
