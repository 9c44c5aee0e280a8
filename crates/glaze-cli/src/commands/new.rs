//! `glaze new`

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, builder::PossibleValuesParser};
use glaze::template::{self, Template};

use crate::terminal::{GOOD, STRONG, paint};

#[derive(Args)]
pub struct New {
    /// Folder to make; it must be empty or not there yet.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// What to begin with.
    #[arg(long, default_value = "blank", value_parser = PossibleValuesParser::new(["blank", "blog", "shop"]))]
    template: String,
    /// Say nothing.
    #[arg(short, long)]
    quiet: bool,
}

impl New {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let template = Template::ALL
            .iter()
            .find(|(name, _)| *name == self.template)
            .map_or(Template::Blank, |(_, template)| *template);
        template::create(&self.folder, template)?;
        if !self.quiet {
            let folder = self.folder.display();
            anstream::println!("{} {folder} from the template {}\n", paint(GOOD, "Created"), self.template);
            anstream::println!("    {}", paint(STRONG, format!("cd {folder}")));
            if template != Template::Blank {
                anstream::println!("    {}                 the example content", paint(STRONG, "glaze seed"));
            }
            anstream::println!(
                "    {}                  tables and API follow every save of schema.rs",
                paint(STRONG, "glaze dev")
            );
            anstream::println!();
        }
        Ok(ExitCode::SUCCESS)
    }
}
