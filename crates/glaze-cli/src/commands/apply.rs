//! `glaze apply`

use std::{path::Path, process::ExitCode};

use clap::Args;
use glaze::{
    Project,
    convergence::{self, Consent},
};

use crate::{
    commands::diff::States,
    report,
    terminal::{DIFFERS, GOOD, paint, print_json},
};

#[derive(Args)]
pub struct Apply {
    /// URL of the database to bring to the other state; the project's database unless said.
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// A database URL, a schema file or folder, or a folder of migrations; the project's schema unless said.
    #[arg(long, value_name = "STATE")]
    to: Option<String>,
    /// Consent to destructive steps: to all, or to those on the objects named (public.posts.old,…).
    #[arg(long, value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    yes: Option<Vec<String>>,
    #[command(flatten)]
    states: States,
}

impl Apply {
    pub async fn run(self, folder: &Path) -> anyhow::Result<ExitCode> {
        let consent = Consent::of(self.yes);
        let done = match (self.from, self.to) {
            (Some(from), Some(to)) => convergence::apply(&from, &to, &self.states.options(None)?, &consent).await?,
            (from, to) => {
                let project = Project::open(folder)?;
                let from = from.map_or_else(|| project.database_url(), Ok)?;
                let to = to.unwrap_or_else(|| project.schema_path().display().to_string());
                convergence::apply(&from, &to, &self.states.options(Some(project))?, &consent).await?
            }
        };
        if self.states.json {
            print_json(&done)?;
        } else if !done.applied {
            report::show(&done.report);
            report::refused(&done.refused);
        } else if done.report.steps.is_empty() {
            anstream::println!("{} the database says what was asked for", paint(GOOD, "Nothing to do:"));
        } else {
            done.report.steps.iter().for_each(report::step);
            anstream::println!("{} and proven: a second look finds no difference", paint(GOOD, "Applied"));
        }
        Ok(if done.applied { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
    }
}
