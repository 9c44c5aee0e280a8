//! `glaze user`

use std::{io::BufRead, path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use glaze::{Project, users};

use crate::terminal::{DIM, GOOD, STRONG, paint};

#[derive(Subcommand)]
pub enum User {
    /// Makes a user, with a password that is shown once unless one is given.
    Create {
        /// E-mail address; it counts as verified.
        email: String,
        /// What to call them.
        #[arg(long, default_value = "")]
        name: String,
        /// A role they have; may be given several times. `admin` may do everything.
        #[arg(long = "role")]
        roles: Vec<String>,
        #[command(flatten)]
        password: Password,
    },
    /// Lists users with their roles.
    List,
    /// Gives a link to make an account; it holds for a week, once.
    Invite {
        /// E-mail address.
        email: String,
        /// A role they will have; may be given several times.
        #[arg(long = "role")]
        roles: Vec<String>,
    },
    /// Gives a user exactly these roles. Their sessions end.
    Roles {
        /// E-mail address.
        email: String,
        /// A role; may be given several times. None at all takes every role away.
        #[arg(long = "role")]
        roles: Vec<String>,
    },
    /// Ends a user's sessions, and lets them log in no more.
    Suspend {
        /// E-mail address.
        email: String,
    },
    /// Lets a suspended user log in again.
    Resume {
        /// E-mail address.
        email: String,
    },
    /// Sets a user's password: one that is shown once unless one is given. Their sessions end.
    Password {
        /// E-mail address.
        email: String,
        #[command(flatten)]
        password: Password,
    },
}

/// Where the password comes from. Not from an argument: other users of the machine see those.
#[derive(Args)]
pub struct Password {
    /// Read the password from the first line of the standard input.
    #[arg(long)]
    password_stdin: bool,
}

impl Password {
    /// The password, and whether it is to be shown because nobody knows it yet.
    fn get(&self) -> anyhow::Result<(String, bool)> {
        if !self.password_stdin {
            return Ok((uuid::Uuid::new_v4().simple().to_string(), true));
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
    }
}

impl User {
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(project)?;
        match self {
            User::Create {
                email,
                name,
                roles,
                password,
            } => {
                let (password, show) = password.get()?;
                let user = users::create(&project, &email, &name, &roles, Some(&password)).await?;
                anstream::println!("{} {}  {}", paint(GOOD, "User created"), user.email, paint(DIM, user.id));
                shown(&password, show);
            }
            User::List => {
                for one in users::list(&project).await? {
                    let mut notes = Vec::new();
                    notes.extend((!one.user.email_verified).then_some("not verified"));
                    notes.extend(one.profile.suspended.then_some("suspended"));
                    println!(
                        "{}  {}  {}  {}  {}",
                        one.user.id,
                        one.user.email,
                        one.user.name,
                        one.profile.roles.join(","),
                        notes.join(", ")
                    );
                }
            }
            User::Invite { email, roles } => println!("{}", users::invite(&project, &email, &roles).await?),
            User::Roles { email, roles } => {
                users::set_roles(&project, &email, &roles).await?;
                anstream::println!("{} {email} has the roles: {}", paint(GOOD, "Changed"), roles.join(", "));
            }
            User::Suspend { email } => {
                users::set_suspended(&project, &email, true).await?;
                anstream::println!("{} {email}", paint(GOOD, "Suspended"));
            }
            User::Resume { email } => {
                users::set_suspended(&project, &email, false).await?;
                anstream::println!("{} {email}", paint(GOOD, "Resumed"));
            }
            User::Password { email, password } => {
                let (password, show) = password.get()?;
                users::set_password(&project, &email, &password).await?;
                anstream::println!("{} {email}", paint(GOOD, "Password set for"));
                shown(&password, show);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn shown(password: &str, show: bool) {
    if show {
        anstream::println!("The password is shown this once:\n\n    {}\n", paint(STRONG, password));
    }
}
