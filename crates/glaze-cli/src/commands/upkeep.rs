//! `glaze migrate test`, `repair` and `lint`

use std::process::ExitCode;

use clap::Args;
use glaze::{
    Project,
    converge::migrations::{Problem, Rehearsed, Repaired},
    migrate::{self, Chosen},
};

use crate::terminal::{BAD, CARE, DIFFERS, DIM, GOOD, STRONG, paint, print_json};

#[derive(Args)]
pub struct Test {
    /// What came of it, as JSON.
    #[arg(long)]
    json: bool,
}

impl Test {
    pub async fn run(self, project: &Project) -> anyhow::Result<ExitCode> {
        let rehearsal = migrate::test(project).await?;
        let passed = rehearsal.passed();
        if self.json {
            print_json(&rehearsal)?;
        } else {
            let all = [
                ("from nothing", rehearsal.history.as_slice()),
                ("on a copy", rehearsal.pending.as_slice()),
                ("on a copy", rehearsal.plan.as_slice()),
            ];
            all.iter()
                .for_each(|(place, items)| items.iter().for_each(|item| rehearsed(place, item)));
            rehearsal.notes.iter().for_each(|note| anstream::println!("{}", paint(DIM, note)));
            if rehearsal.sampled {
                anstream::println!("{}", paint(DIM, "the copy holds only some rows of large tables"));
            }
            match passed {
                true => anstream::println!("{} nothing was left behind", paint(GOOD, "All of it works:")),
                false => anstream::println!("{}", paint(BAD, "Something would fail")),
            }
        }
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
    }
}

fn rehearsed(place: &str, item: &Rehearsed) {
    match &item.error {
        Some(error) => anstream::println!("{} {} {place}: {error}", paint(BAD, "fails"), item.name),
        None => anstream::println!("{} {} {place}", paint(GOOD, "works"), item.name),
    }
}

#[derive(Args)]
pub struct Lint {
    /// The findings, as JSON.
    #[arg(long)]
    json: bool,
}

impl Lint {
    pub fn run(self, project: &Project) -> anyhow::Result<ExitCode> {
        let linted = migrate::lint(project)?;
        if self.json {
            print_json(&linted)?;
        } else {
            for file in &linted {
                for finding in &file.findings {
                    let place = format!("{}:{}:{}", file.file.display(), finding.line, finding.column);
                    anstream::println!("{} {} {}", paint(STRONG, place), paint(CARE, &finding.code), finding.message);
                    if !finding.hint.is_empty() {
                        anstream::println!("    {}", paint(DIM, &finding.hint));
                    }
                }
            }
            if linted.is_empty() {
                anstream::println!("{}", paint(GOOD, "nothing to look at again"));
            }
        }
        Ok(if linted.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(DIFFERS)
        })
    }
}

#[derive(Args)]
pub struct Repair {
    /// Lists what is wrong and the ways back, and repairs nothing.
    #[arg(long)]
    dry_run: bool,
    /// The way to take where there is more than one, or where something is given up (restore_file, accept_edit, …).
    #[arg(long, value_name = "WAY")]
    choose: Option<String>,
    /// The migration that the choice is for; the first that offers it unless said.
    #[arg(long, value_name = "NAME", requires = "choose")]
    migration: Option<String>,
    /// What was done and what is left, as JSON.
    #[arg(long)]
    json: bool,
}

impl Repair {
    pub async fn run(self, project: &Project) -> anyhow::Result<ExitCode> {
        let choice = self.choose.as_deref().map(migrate::choice).transpose()?;
        let chosen = choice.map(|choice| Chosen {
            choice,
            migration: self.migration,
        });
        let report = migrate::repair(project, chosen.as_ref(), self.dry_run).await?;
        if self.json {
            print_json(&report)?;
        } else {
            report.repaired.iter().for_each(repaired);
            report.problems.iter().for_each(problem);
            if report.problems.is_empty() {
                anstream::println!("{}", paint(GOOD, "the history is in order"));
            }
        }
        Ok(if report.problems.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(DIFFERS)
        })
    }
}

fn repaired(done: &Repaired) {
    done.done
        .iter()
        .for_each(|what| anstream::println!("{} {what}", paint(GOOD, "Repaired:")));
    done.files
        .iter()
        .for_each(|file| anstream::println!("{}", paint(DIM, format!("          {}", file.display()))));
}

fn problem(problem: &Problem) {
    anstream::println!("{} {}", paint(CARE, format!("{}:", problem.code)), problem.message);
    for repair in &problem.repairs {
        let way = format!("--choose {}", migrate::word(repair.choice));
        anstream::println!("    {}  {}", paint(STRONG, way), repair.description);
    }
}
