//! `glaze dev` and `glaze serve`

use std::{path::Path, process::ExitCode};

use clap::Args;
use glaze::{
    Project,
    dev::{self, Event},
    serve,
};

use crate::prompt;
use crate::terminal::{BAD, CARE, DIM, GOOD, STRONG, colored, entities as entities_in_words, paint};

/// Where to listen.
#[derive(Args)]
struct Listen {
    /// Address to listen on.
    #[arg(long)]
    host: Option<String>,
    /// Port to listen on; 0 takes a free one.
    #[arg(long)]
    port: Option<u16>,
}

impl Listen {
    fn apply(&self, project: &mut Project) {
        let server = &mut project.config.server;
        server.host = self.host.clone().unwrap_or_else(|| server.host.clone());
        server.port = self.port.unwrap_or(server.port);
    }
}

#[derive(Args)]
pub struct Dev {
    #[command(flatten)]
    listen: Listen,
}

impl Dev {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let mut project = Project::open(project)?;
        self.listen.apply(&mut project);
        dev::run(project, colored(), prompt::person(), show).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// One line for each thing that happens, and the whole report where a person has to decide.
fn show(event: Event) {
    match event {
        Event::Listening { address, entities } => {
            anstream::println!(
                "\n  {}  {}",
                paint(GOOD, "Glaze is ready"),
                paint(DIM, format!("({})", entities_in_words(entities)))
            );
            anstream::println!("  API        {}", paint(STRONG, format!("http://{address}/api")));
            anstream::println!("  Reference  {}", paint(STRONG, format!("http://{address}/api/docs")));
            anstream::println!("  {}\n", paint(DIM, "Save the schema and tables and API follow. Ctrl-C stops."));
        }
        Event::Migrated { files, summary } => {
            anstream::println!("{} {summary}", paint(GOOD, "Migrated"));
            for file in files {
                anstream::println!("{}", paint(DIM, format!("         {}", file.display())));
            }
        }
        Event::RenameDone { word } => {
            anstream::println!(
                "{}",
                paint(
                    DIM,
                    format!("{word} has done its work and can go once every database has had the migration")
                )
            );
        }
        Event::Reloaded { entities, millis } => {
            anstream::println!("{} {} in {millis} ms", paint(GOOD, "Reloaded"), entities_in_words(entities));
        }
        Event::AccessChanged { changes } => {
            for change in changes {
                anstream::println!("{} {change}", paint(CARE, "Access:"));
            }
        }
        Event::Findings { rendered, serving } => {
            anstream::eprintln!("{}", rendered.trim_end());
            if serving {
                anstream::eprintln!("{}", paint(DIM, "The model from before goes on serving."));
            }
        }
        Event::Refused { reason } => anstream::eprintln!("{} {reason}", paint(CARE, "Not applied:")),
        Event::Failed { error } => anstream::eprintln!("{} {error}", paint(BAD, "error:")),
        Event::Mail(mail) => {
            anstream::println!("{} to {}: {}", paint(GOOD, "Mail"), mail.to, paint(STRONG, &mail.subject));
            mail.text
                .lines()
                .for_each(|line| anstream::println!("{}", paint(DIM, format!("     {line}"))));
        }
        Event::Stopping => anstream::println!("\n{}", paint(DIM, "Stopping: running requests are finished first.")),
    }
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    listen: Listen,
    /// Start although migrations are pending.
    #[arg(long)]
    allow_pending: bool,
}

impl Serve {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let mut project = Project::open(project)?;
        self.listen.apply(&mut project);
        serve::run(project, self.allow_pending, |address| println!("Glaze serves on http://{address}")).await?;
        Ok(ExitCode::SUCCESS)
    }
}
