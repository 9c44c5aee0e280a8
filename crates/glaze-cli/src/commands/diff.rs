//! `glaze diff`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Args;
use glaze::{
    Project,
    converge::{assess::Risk, hints::Answers, states::DiffReport},
    states,
};

use crate::terminal::{BAD, CARE, DIFFERS, DIM, GOOD, paint};

#[derive(Args)]
pub struct Diff {
    /// A database URL, a schema file or folder, or a folder of migrations; the project's database unless said.
    #[arg(long, value_name = "STATE")]
    from: Option<String>,
    /// The same; the project's schema unless said.
    #[arg(long, value_name = "STATE")]
    to: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// A JSON file with the answers to questions (renames, backfill values).
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

impl Diff {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let answers = answers(self.answers.as_deref())?;
        let report = match (self.from, self.to) {
            (None, None) => states::project_diff(&Project::open(project)?, &answers).await?,
            (from, to) => {
                let opened = || Project::open(project);
                let from = from.map_or_else(|| opened().map(|project| project.config.database.url), Ok)?;
                let to = to.map_or_else(|| opened().map(|project| project.schema_path().display().to_string()), Ok)?;
                states::diff(&from, &to, &answers).await?
            }
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            show(&report);
        }
        Ok(if report.steps.is_empty() && report.questions.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(DIFFERS)
        })
    }
}

/// Answers from a file; none without one.
pub fn answers(file: Option<&Path>) -> anyhow::Result<Answers> {
    let Some(file) = file else { return Ok(Answers::default()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not a file of answers", file.display()))
}

fn show(report: &DiffReport) {
    if report.steps.is_empty() && report.questions.is_empty() {
        anstream::println!("{}", paint(GOOD, "in sync"));
    }
    for step in &report.steps {
        let style = match step.risk {
            Risk::Safe => GOOD,
            Risk::Caution => CARE,
            Risk::Destructive => BAD,
        };
        anstream::println!("{} {}", paint(style, format!("{:<22}", step.kind)), step.object);
        for hazard in &step.hazards {
            let rows = hazard.rows.map(|rows| format!(" ({rows} rows)")).unwrap_or_default();
            anstream::println!("    {} {}{rows}", paint(style, &hazard.code), hazard.message);
        }
        step.sql
            .iter()
            .flat_map(|sql| sql.lines())
            .for_each(|line| anstream::println!("    {}", paint(DIM, line)));
    }
    for question in &report.questions {
        anstream::println!(
            "{} is {} the former {}? Say so with #[was] or an answers file",
            paint(CARE, "Question:"),
            question.to,
            question.from
        );
    }
    if !report.unmodelled.is_empty() {
        anstream::println!(
            "{}",
            paint(
                DIM,
                format!("not expressed in the schema, left as it is: {}", report.unmodelled.join(", "))
            )
        );
    }
}
