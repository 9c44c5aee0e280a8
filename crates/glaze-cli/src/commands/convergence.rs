//! `glaze convergence`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use glaze::{
    Project,
    converge::accept::ItemKey,
    convergence::{self, Consent, ConvergenceReport, ItemState, Right, Session, SyncOptions, SyncReport},
};

use crate::{
    commands::diff,
    report,
    terminal::{BAD, CARE, DIFFERS, DIM, GOOD, STRONG, paint, print_json},
};

#[derive(Subcommand)]
pub enum Convergence {
    /// Says how code, migrations and database agree, item by item.
    Status(Looking),
    /// Shows the differences in full: schema source, SQL, hazards, rows.
    Diff(Looking),
    /// Brings the three together; says why where it may not.
    Sync(Sync),
}

#[derive(Args)]
pub struct Looking {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// A JSON file with the answers to questions (renames, using, backfill, enum_value_map).
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

#[derive(Args)]
pub struct Sync {
    /// What somebody else changed in the database is taken over into the schema.
    #[arg(long, conflicts_with = "accept_code")]
    accept_database: bool,
    /// What somebody else changed in the database is undone.
    #[arg(long)]
    accept_code: bool,
    /// Only these items, as `glaze convergence status` names them (post.title,…); the rest is left alone.
    #[arg(long, value_name = "ITEM,…")]
    only: Option<String>,
    /// Consent to destructive steps: to all, or to those on the objects named (public.posts.old,…).
    #[arg(long, value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    yes: Option<Vec<String>>,
    #[command(flatten)]
    looking: Looking,
}

impl Convergence {
    pub async fn run(self, folder: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(folder)?;
        match self {
            Convergence::Status(looking) => status(&project, &looking).await,
            Convergence::Diff(looking) => differences(&project, &looking).await,
            Convergence::Sync(sync) => sync.run(&project).await,
        }
    }
}

async fn status(project: &Project, looking: &Looking) -> anyhow::Result<ExitCode> {
    let session = Session::looking(project).await?;
    let found = convergence::status(&session, &diff::answers(looking.answers.as_deref())?).await?;
    if looking.json {
        print_json(&found)?;
    } else {
        show_status(&found);
    }
    Ok(exit_code(&found))
}

async fn differences(project: &Project, looking: &Looking) -> anyhow::Result<ExitCode> {
    let session = Session::looking(project).await?;
    let found = convergence::differences(&session, &diff::answers(looking.answers.as_deref())?).await?;
    if looking.json {
        print_json(&found)?;
    } else {
        report::differences(&found);
    }
    Ok(exit_code(&found.status))
}

impl Sync {
    async fn run(self, project: &Project) -> anyhow::Result<ExitCode> {
        let right = match (self.accept_database, self.accept_code) {
            (true, _) => Some(Right::Database),
            (false, true) => Some(Right::Code),
            (false, false) => None,
        };
        if self.only.is_some() && right.is_none() {
            anyhow::bail!("--only says which items: say too who is right about them, --accept-database or --accept-code");
        }
        let options = SyncOptions {
            answers: diff::answers(self.looking.answers.as_deref())?,
            consent: Consent::of(self.yes),
            right,
            only: self.only.as_deref().map(ItemKey::list).transpose().context("--only")?,
        };
        let session = Session::changing(project).await?;
        let done = convergence::sync(&session, &options).await?;
        if self.looking.json {
            print_json(&done)?;
        } else {
            show_sync(&done);
        }
        Ok(match done.refused.is_empty() {
            true => exit_code(&done.now),
            false => ExitCode::from(DIFFERS),
        })
    }
}

fn exit_code(found: &ConvergenceReport) -> ExitCode {
    if found.in_sync() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DIFFERS)
    }
}

/// One line for each item, with what the three say of it.
fn show_status(found: &ConvergenceReport) {
    if found.in_sync() {
        anstream::println!("{}", paint(GOOD, "in sync"));
        return;
    }
    for name in &found.waiting {
        anstream::println!("{} {name}", paint(CARE, "waits to be applied:"));
    }
    for item in &found.items {
        let (style, word) = match item.state {
            ItemState::Pending => (GOOD, "pending"),
            ItemState::Drift => (CARE, "drift"),
            ItemState::Conflict => (BAD, "conflict"),
            ItemState::Agreed => (GOOD, "agreed"),
        };
        anstream::println!("{} {}", paint(style, format!("{word:<9}")), paint(STRONG, &item.key));
        for (who, says) in [("code", &item.code), ("migrations", &item.snapshot), ("database", &item.database)] {
            let says = says.as_deref().unwrap_or("—");
            anstream::println!("          {}", paint(DIM, format!("{who:<11}{says}")));
        }
    }
    report::undecided(&found.report);
    let next = match found.items.iter().any(|item| item.state != ItemState::Pending) {
        true => "`glaze convergence sync --accept-database` takes over what somebody else has changed, `--accept-code` undoes it",
        false => "`glaze convergence diff` shows the SQL, `glaze convergence sync` does it",
    };
    anstream::println!("{}", paint(DIM, next));
}

fn show_sync(done: &SyncReport) {
    if let Some(accepted) = &done.accepted {
        report::source(&accepted.source);
        for key in &accepted.accepted {
            anstream::println!("{} {key} from the database", paint(GOOD, "Taken over"));
        }
        for item in &accepted.along {
            anstream::println!("{}", paint(DIM, format!("           {} goes with {}", item.key, item.needed_by)));
        }
        for question in &accepted.questions {
            report::question(question);
        }
    }
    if let Some(rejected) = &done.rejected {
        for key in &rejected.rejected {
            anstream::println!("{} {key} in the database", paint(GOOD, "Restored"));
        }
    }
    if !done.applied.is_empty() {
        anstream::println!("{} {}", paint(GOOD, "Applied"), done.applied);
    }
    done.files
        .iter()
        .chain(done.accepted.iter().flat_map(|accepted| &accepted.files))
        .for_each(|file| anstream::println!("{}", paint(DIM, format!("         {}", file.display()))));
    if !done.refused.is_empty() {
        report::refused(&done.refused);
    }
    if done.now.in_sync() {
        anstream::println!("{}", paint(GOOD, "in sync"));
    } else if done.refused.is_empty() {
        show_status(&done.now);
    }
}
