//! `glaze diff`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use glaze::{
    Project,
    converge::{
        hints::Answers,
        states::{DiffReport, Status},
    },
    convergence::{self, StateOptions},
    states,
};

use crate::{
    report,
    terminal::{DIFFERS, print_json},
};

#[derive(Args)]
pub struct Diff {
    /// A database URL, a schema file or folder, or a folder of migrations; the project's database unless said.
    #[arg(long, value_name = "STATE")]
    from: Option<String>,
    /// The same; the project's schema unless said.
    #[arg(long, value_name = "STATE")]
    to: Option<String>,
    #[command(flatten)]
    states: States,
}

/// What every command that compares two states takes.
#[derive(Args)]
pub struct States {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    /// A JSON file with the answers to questions (renames, using, backfill, enum_value_map).
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// The kind of database, where neither state says it: sqlite (unless given) or postgres.
    #[arg(long, value_name = "DIALECT")]
    pub dialect: Option<String>,
    /// A schema to look at, instead of those of glaze.toml; may be given several times.
    #[arg(long = "schema", value_name = "NAME")]
    pub schemas: Vec<String>,
}

impl States {
    /// As the library takes it.
    pub fn options(&self, project: Option<Project>) -> anyhow::Result<StateOptions> {
        Ok(StateOptions {
            answers: answers(self.answers.as_deref())?,
            dialect: self.dialect.clone(),
            schemas: self.schemas.clone(),
            project,
        })
    }
}

impl Diff {
    pub async fn run(self, folder: &Path) -> anyhow::Result<ExitCode> {
        let report = match (self.from, self.to) {
            (None, None) if self.states.dialect.is_none() && self.states.schemas.is_empty() => {
                states::project_diff(&Project::open(folder)?, &answers(self.states.answers.as_deref())?).await?
            }
            (Some(from), Some(to)) => convergence::diff(&from, &to, &self.states.options(None)?).await?,
            (from, to) => {
                let project = Project::open(folder)?;
                let from = from.map_or_else(|| project.database_url(), Ok)?;
                let to = to.unwrap_or_else(|| project.schema_path().display().to_string());
                convergence::diff(&from, &to, &self.states.options(Some(project))?).await?
            }
        };
        if self.states.json {
            print_json(&report)?;
        } else {
            report::show(&report);
        }
        Ok(exit_code(&report))
    }
}

/// 0 when all is in sync, 2 when something differs or is refused.
pub fn exit_code(report: &DiffReport) -> ExitCode {
    match report.status {
        Status::InSync => ExitCode::SUCCESS,
        Status::Pending | Status::Drift | Status::Conflict | Status::History => ExitCode::from(DIFFERS),
    }
}

/// Answers from a file; none without one.
pub fn answers(file: Option<&Path>) -> anyhow::Result<Answers> {
    let Some(file) = file else { return Ok(Answers::default()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a file of answers", file.display()))
}
