//! `glaze check`

use std::{path::Path, process::ExitCode};

use clap::Args;
use glaze::Project;

use crate::terminal::{GOOD, colored, entities, paint};

#[derive(Args)]
pub struct Check {
    /// Findings as a JSON array.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let files = Project::open(project)?.sources()?;
        let reading = glaze::source::read(&files);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&reading.diagnostics)?);
        } else if !reading.diagnostics.is_empty() {
            anstream::eprintln!("{}", glaze::source::render(&reading.diagnostics, &files, colored()).trim_end());
        }
        match reading.model {
            Some(model) => {
                if !self.json {
                    let own = model
                        .entities
                        .iter()
                        .filter(|entity| entity.ownership != glaze::model::Ownership::System);
                    let fields: usize = own.clone().map(|entity| entity.fields.len()).sum();
                    anstream::println!("{} {} with {fields} fields", paint(GOOD, "Good:"), entities(own.count()));
                }
                Ok(ExitCode::SUCCESS)
            }
            None => Ok(ExitCode::FAILURE),
        }
    }
}
