//! `glaze schema`

use std::{path::Path, process::ExitCode};

use clap::Subcommand;
use glaze::Project;

#[derive(Subcommand)]
pub enum Schema {
    /// The model that the schema files give.
    Print {
        /// Canonical JSON (else the schema language).
        #[arg(long)]
        json: bool,
    },
    /// Paths of the API, one a line.
    Paths,
    /// The reference of the schema language, in Markdown.
    Reference,
    /// The reference of expressions, in Markdown.
    Expressions,
}

impl Schema {
    pub fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        match self {
            Schema::Print { json: true } => print!("{}", glaze::model::snapshot::to_json(&Project::open(project)?.model()?)),
            Schema::Print { json: false } => print!("{}", glaze::source::print(&Project::open(project)?.model()?)),
            Schema::Paths => {
                let model = Project::open(project)?.model()?;
                for entity in model
                    .entities
                    .iter()
                    .filter(|entity| entity.ownership != glaze::model::Ownership::System)
                {
                    println!("/api/{}", entity.path());
                }
            }
            Schema::Reference => print!("{}", glaze::source::reference()),
            Schema::Expressions => print!("{}", glaze::expressions_reference()),
        }
        Ok(ExitCode::SUCCESS)
    }
}
