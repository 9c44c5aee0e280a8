//! Differences as a person reads them: steps with their risk, hazards and SQL, lines of source, questions, refusals.

use anstyle::Style;
use glaze::{
    converge::{
        assess::{Hazard, Risk, StepReport},
        diff::Question,
        states::{DiffReport, Status},
    },
    convergence::{Differences, LineChange, Reason, SourceDiff},
};

use crate::terminal::{BAD, CARE, DIM, GOOD, STRONG, paint};

/// The whole report.
pub fn show(report: &DiffReport) {
    if report.status == Status::InSync {
        anstream::println!("{}", paint(GOOD, "in sync"));
    }
    report.steps.iter().for_each(step);
    drift(report);
    undecided(report);
    if !report.unmodelled.is_empty() {
        let left = format!("not expressed in the schema, left as it is: {}", report.unmodelled.join(", "));
        anstream::println!("{}", paint(DIM, left));
    }
}

/// The differences of a project, as source and as SQL, in both directions.
pub fn differences(found: &Differences) {
    let report = &found.status.report;
    if !found.source.is_empty() {
        title("Changed in the code");
        source(&found.source);
        report.steps.iter().for_each(step);
    }
    drift(report);
    if let Some(accepting) = &found.accepting {
        title("Accepting the database would change the code");
        source(&accepting.source);
        for left in &accepting.left {
            anstream::println!("{} {}: {}", paint(CARE, "stays as it is:"), left.key, left.reason);
        }
        accepting.questions.iter().for_each(question);
    }
    if let Some(rejecting) = &found.rejecting {
        title("Rejecting its changes would change the database");
        rejecting.steps.iter().for_each(step);
    }
    undecided(report);
    if report.status == Status::InSync {
        anstream::println!("{}", paint(GOOD, "in sync"));
    }
}

fn drift(report: &DiffReport) {
    if report.drift.is_empty() {
        return;
    }
    title("Changed in the database by somebody else");
    for step in &report.drift {
        anstream::println!("{} {}", paint(CARE, format!("{:<22}", step.kind)), step.object);
    }
}

fn title(text: &str) {
    anstream::println!("{}", paint(STRONG, text));
}

/// Questions, refusals and what is wrong with the history.
pub fn undecided(report: &DiffReport) {
    report.questions.iter().for_each(question);
    for refusal in &report.refusals {
        anstream::println!("{} {} {}", paint(BAD, "Impossible:"), paint(BAD, &refusal.code), refusal.message);
    }
    for problem in &report.history {
        anstream::println!("{} {}", paint(CARE, "History:"), problem.message);
    }
}

/// One question, and where to answer it.
pub fn question(question: &Question) {
    let (from, to) = (&question.from, &question.to);
    let asked = match question.kind.as_str() {
        "rename" => format!("is {to} the former {from}? Say so with #[was] or an answers file"),
        _ => format!("how does {from} become {to}? Say so with an expression (using) in an answers file"),
    };
    anstream::println!("{} {asked}", paint(CARE, "Question:"));
}

/// One step with its hazards and statements.
pub fn step(step: &StepReport) {
    let style = style(step.risk);
    anstream::println!("{} {}", paint(style, format!("{:<22}", step.kind)), step.object);
    for hazard in &step.hazards {
        anstream::println!("    {} {}{}", paint(style, &hazard.code), hazard.message, rows(hazard));
        for sample in &hazard.samples {
            anstream::println!("        {}", paint(DIM, sample));
        }
    }
    step.sql
        .iter()
        .flat_map(|sql| sql.lines())
        .for_each(|line| anstream::println!("    {}", paint(DIM, line)));
}

/// Rows concerned, in words.
pub fn rows(hazard: &Hazard) -> String {
    match hazard.rows {
        Some(1) => " (1 row)".to_owned(),
        Some(rows) => format!(" ({rows} rows)"),
        None => String::new(),
    }
}

/// Lines of files that go and come.
pub fn source(files: &[SourceDiff]) {
    for file in files {
        for hunk in &file.hunks {
            anstream::println!("  {}", paint(DIM, format!("{}:{}", file.path, hunk.line)));
            for line in &hunk.lines {
                let (sign, style) = match line.change {
                    LineChange::Same => (' ', DIM),
                    LineChange::Removed => ('-', BAD),
                    LineChange::Added => ('+', GOOD),
                };
                anstream::println!("  {}", paint(style, format!("{sign} {}", line.text)));
            }
        }
    }
}

/// Why nothing was done.
pub fn refused(reasons: &[Reason]) {
    anstream::println!("{}", paint(CARE, "Not done:"));
    for reason in reasons {
        anstream::println!("  {} {}: {}", paint(CARE, &reason.code), reason.object, reason.message);
    }
}

fn style(risk: Risk) -> Style {
    match risk {
        Risk::Safe => GOOD,
        Risk::Caution => CARE,
        Risk::Destructive => BAD,
    }
}
