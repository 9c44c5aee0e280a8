//! `glaze key`

use std::{path::Path, process::ExitCode};

use clap::Subcommand;
use glaze::{Project, keys};

use crate::terminal::{DIM, GOOD, STRONG, paint};

#[derive(Subcommand)]
pub enum Key {
    /// Makes a key and shows it once.
    Create {
        /// A role it has; may be given several times. `admin` may do everything.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// What it is for.
        #[arg(long, default_value = "command line")]
        name: String,
        /// Days until it expires; never unless said.
        #[arg(long, value_name = "DAYS")]
        expires: Option<u32>,
        /// Print the key alone.
        #[arg(short, long)]
        quiet: bool,
    },
    /// Lists keys; the secrets are not kept.
    List,
    /// Ends a key at once.
    Revoke {
        /// Its id or its prefix, as `glaze key list` shows them.
        key: String,
    },
}

impl Key {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(project)?;
        match self {
            Key::Create {
                roles,
                name,
                expires,
                quiet,
            } => {
                let key = keys::create(&project, &name, &roles, expires).await?;
                if quiet {
                    println!("{key}");
                } else {
                    anstream::println!(
                        "{} with the role {}. It is shown this once:\n",
                        paint(GOOD, "Key created"),
                        roles.join(", ")
                    );
                    anstream::println!("    {}\n", paint(STRONG, &key));
                    anstream::println!("{}", paint(DIM, format!("    curl -H 'Authorization: Bearer {key}' …")));
                }
            }
            Key::List => {
                for key in keys::list(&project).await? {
                    println!(
                        "{}  {}…  {}  {}  {}",
                        key.id,
                        key.prefix,
                        key.roles.join(","),
                        key.name,
                        key.state()
                    );
                }
            }
            Key::Revoke { key } => {
                keys::revoke(&project, &key).await?;
                anstream::println!("{} {key}", paint(GOOD, "Revoked"));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
