//! `glaze can`

use std::{path::Path, process::ExitCode};

use clap::Args;
use glaze::{
    Project,
    access::{self, Allowed, Answer, Matrix, Verdict},
};

use crate::terminal::{BAD, CARE, DIFFERS, DIM, GOOD, STRONG, paint, print_json};

#[derive(Args)]
pub struct Can {
    /// `anonymous`, `role:NAME`, `key:PREFIX`, or the id or e-mail address of a user.
    #[arg(required_unless_present = "matrix")]
    who: Option<String>,
    /// `read`, `create`, `update` or `delete`.
    #[arg(required_unless_present = "matrix")]
    action: Option<String>,
    /// An entity, or one entry of it: `Post`, `Post/ID`.
    #[arg(required_unless_present = "matrix", value_name = "ENTITY[/ID]")]
    of: Option<String>,
    /// Who may do what in the whole schema; reads no database.
    #[arg(long, conflicts_with_all = ["who", "action", "of"])]
    matrix: bool,
    /// The answer as JSON.
    #[arg(long)]
    json: bool,
}

impl Can {
    /// Exit code 0 for yes, 2 for no and for "not every entry".
    pub async fn run(self, project: &Path) -> anyhow::Result<ExitCode> {
        let project = Project::open(project)?;
        let (Some(who), Some(action), Some(of)) = (&self.who, &self.action, &self.of) else {
            let matrix = access::matrix(&project)?;
            match self.json {
                true => print_json(&matrix)?,
                false => show_matrix(&matrix),
            }
            return Ok(ExitCode::SUCCESS);
        };
        let answer = access::can(&project, who, action, of).await?;
        match self.json {
            true => print_json(&answer)?,
            false => show(&answer),
        }
        Ok(if answer.may { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
    }
}

fn show(answer: &Answer) {
    let explanation = &answer.explanation;
    let word = match (answer.may, &answer.entry, explanation.verdict.allowed) {
        (true, ..) => paint(GOOD, "Yes:"),
        (false, None, Allowed::Sometimes) => paint(CARE, "Sometimes:"),
        (false, ..) => paint(BAD, "No:"),
    };
    let entry = answer.entry.as_ref().map(|entry| format!("/{entry}")).unwrap_or_default();
    anstream::println!("{word} {} {} {}{entry}", answer.who, explanation.action, explanation.entity);
    for reason in &answer.reasons {
        anstream::println!("  {reason}");
    }
    for rule in explanation.steps.iter().flat_map(|step| &step.rules) {
        let holds = match (rule.here, answer.entry.is_some()) {
            (Some(true), _) => "holds".to_owned(),
            (Some(false), _) => "does not hold".to_owned(),
            (None, true) => "is null".to_owned(),
            (None, false) => cell(&rule.verdict),
        };
        anstream::println!("    {}  {}", rule.rule, paint(DIM, holds));
    }
    if let Some(sql) = &answer.sql {
        anstream::println!("  {}", paint(DIM, sql));
    }
}

fn cell(verdict: &Verdict) -> String {
    match (verdict.allowed, &verdict.condition) {
        (Allowed::Never, _) => "never".to_owned(),
        (Allowed::Always, _) => "always".to_owned(),
        (Allowed::Sometimes, condition) => format!("where {}", condition.as_deref().unwrap_or("it depends")),
    }
}

fn show_matrix(matrix: &Matrix) {
    let wide = matrix.rows.iter().map(|row| row.who.chars().count()).max().unwrap_or_default();
    let mut heading = String::new();
    for row in &matrix.rows {
        let field = row.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
        let now = format!("{} {}{field}", row.action, row.entity);
        if now != heading {
            anstream::println!("{}", paint(STRONG, &now));
            heading = now;
        }
        anstream::println!("  {:wide$}  {}", row.who, cell(&row.verdict));
    }
}
