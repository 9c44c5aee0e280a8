//! `glaze seed`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use glaze::{Project, seed};

use crate::terminal::{DIM, GOOD, paint};

#[derive(Args)]
pub struct Seed {
    /// The file; `seed.json` of the project unless said.
    file: Option<PathBuf>,
    /// Say nothing.
    #[arg(short, long)]
    quiet: bool,
}

impl Seed {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(project)?;
        let file = self.file.unwrap_or_else(|| project.root.join("seed.json"));
        for line in seed::run(&project, &file).await? {
            if !self.quiet {
                match line.skipped {
                    0 => anstream::println!("{} {:>5} {}", paint(GOOD, "Added"), line.added, line.entity),
                    there => anstream::println!("{}", paint(DIM, format!("{} has {there} entries already: left alone", line.entity))),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
