//! `glaze pull`

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use glaze::pull;

use crate::terminal::{CARE, DIM, GOOD, STRONG, entities, paint, print_json};

#[derive(Args)]
pub struct Pull {
    /// `postgres://user:password@host/name` or `sqlite:file.db`.
    url: String,
    /// Folder for the project; the current one unless said.
    #[arg(long, default_value = ".", value_name = "DIR")]
    into: PathBuf,
    /// Overwrite a schema that is there.
    #[arg(long)]
    force: bool,
    /// A schema to pull, where the database has schemas (public unless said); may be given several times. Kept in glaze.toml.
    #[arg(long = "schema", value_name = "NAME")]
    schemas: Vec<String>,
    /// What was pulled, as JSON.
    #[arg(long)]
    json: bool,
}

impl Pull {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let report = pull::run(&self.url, &self.into, &self.schemas, self.force).await?;
        if self.json {
            print_json(&report)?;
            return Ok(ExitCode::SUCCESS);
        }
        anstream::println!(
            "{} {} with {} fields",
            paint(GOOD, "Pulled"),
            entities(report.entities),
            report.fields
        );
        for file in &report.files {
            anstream::println!("{}", paint(DIM, format!("       {}", file.display())));
        }
        if !report.notes.is_empty() {
            anstream::println!("\n{}", paint(STRONG, "Worth knowing"));
            report.notes.iter().for_each(|note| anstream::println!("  {note}"));
        }
        if !report.unmodelled.is_empty() {
            anstream::println!(
                "\n{} (left as they are, kept by every migration)",
                paint(CARE, "Not expressed in the schema")
            );
            report.unmodelled.iter().for_each(|thing| anstream::println!("  {thing}"));
        }
        anstream::println!(
            "\nNo rule opens anything yet: read with a key of the role admin, then add #[can(read)] where everybody may look.\n"
        );
        if self.into.as_os_str() != "." {
            anstream::println!("    {}", paint(STRONG, format!("cd {}", self.into.display())));
        }
        anstream::println!("    {}", paint(STRONG, "glaze key create --role admin"));
        anstream::println!("    {}\n", paint(STRONG, "glaze dev"));
        Ok(ExitCode::SUCCESS)
    }
}
