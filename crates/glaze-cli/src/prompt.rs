//! Asking in a terminal what is to be done about a difference that nobody may decide alone.

use std::io::IsTerminal;
use std::sync::Arc;

use glaze::{
    converge::{accept::ItemKey, assess::StepReport, diff::Question, hints::Answers},
    convergence::{Ask, Choice, ItemReport, ItemState, Matter, Reason},
};
use inquire::{InquireError, Select, Text};

use crate::{
    report,
    terminal::{BAD, CARE, DIM, STRONG, paint},
};

/// Asks whoever sits at the terminal; nobody when there is none.
pub fn person() -> Option<Arc<dyn Ask>> {
    let there = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    there.then(|| Arc::new(Terminal) as Arc<dyn Ask>)
}

struct Terminal;

/// Nothing was chosen, or the person wants to end.
type Asked<T> = Result<T, Choice>;

impl Ask for Terminal {
    fn ask(&self, matter: &Matter) -> Choice {
        decide(matter).unwrap_or_else(|left| left)
    }
}

fn decide(matter: &Matter) -> Asked<Choice> {
    let found = &matter.differences.status.report;
    let drifted = matter.differences.status.items.iter().any(|item| item.state != ItemState::Pending);
    if let Some(question) = found.questions.first() {
        return answer(question);
    }
    if drifted {
        return drift(matter);
    }
    pending(matter)
}

/// One of a few things, by its words.
fn choose(message: &str, choices: Vec<String>) -> Asked<usize> {
    let asked = Select::new(message, choices)
        .without_filtering()
        .with_help_message("↑↓ to move, enter to choose, esc to skip")
        .raw_prompt();
    asked.map(|chosen| chosen.index).map_err(left)
}

fn left(error: InquireError) -> Choice {
    match error {
        InquireError::OperationInterrupted => Choice::Stop,
        _ => Choice::Skip,
    }
}

/// A likely rename, or a conversion that only a person can say.
fn answer(question: &Question) -> Asked<Choice> {
    let (from, to) = (&question.from, &question.to);
    let mut answers = Answers::default();
    if question.kind != "rename" {
        let message = format!("How does {from} become {to}? An SQL expression:");
        let expression = Text::new(&message).prompt().map_err(left)?;
        answers.using.insert(from.clone(), expression);
        return Ok(Choice::Answer(Box::new(answers)));
    }
    let choices = vec![
        format!("Yes: renamed to {to}, its content stays"),
        format!("No: {from} goes, {to} is new"),
        "Skip".to_owned(),
    ];
    let renamed = match choose(&format!("Is {to} the former {from}?"), choices)? {
        0 => Some(to.clone()),
        1 => None,
        _ => return Err(Choice::Skip),
    };
    answers.renames.insert(from.clone(), renamed);
    Ok(Choice::Answer(Box::new(answers)))
}

/// Changes of the code that lose something, or fail as things are.
fn pending(matter: &Matter) -> Asked<Choice> {
    heading("The schema has changed, and something has to be decided");
    matter.differences.status.report.steps.iter().for_each(outline);
    let blocked: Vec<&Reason> = matter.reasons.iter().filter(|reason| reason.code != "needs_consent").collect();
    blocked
        .iter()
        .for_each(|reason| anstream::println!("  {} {}", paint(BAD, &reason.code), reason.message));
    loop {
        // What would fail is not offered; a value for rows that have none may mend it.
        let fill = blocked.iter().find(|reason| can_be_filled(reason));
        let apply = match fill {
            Some(reason) => Some(format!("Give a value for {}", reason.object)),
            None => blocked
                .is_empty()
                .then(|| format!("Apply{}", cost(&matter.differences.status.report.steps))),
        };
        let mut choices: Vec<String> = apply.iter().cloned().collect();
        choices.extend(["Show differences".to_owned(), "Skip".to_owned()]);
        let offset = usize::from(apply.is_none());
        match choose("What now?", choices)? + offset {
            0 => {
                return match fill {
                    Some(reason) => value_for(reason),
                    None => Ok(Choice::ApplyPending),
                };
            }
            1 => report::differences(&matter.differences),
            _ => return Ok(Choice::Skip),
        }
    }
}

fn can_be_filled(reason: &Reason) -> bool {
    matches!(reason.code.as_str(), "not_null_over_nulls" | "required_without_value")
}

fn value_for(reason: &Reason) -> Asked<Choice> {
    let message = format!("Value of {} for rows that have none, as an SQL expression:", reason.object);
    let expression = Text::new(&message).prompt().map_err(left)?;
    let mut answers = Answers::default();
    answers.backfill.insert(reason.object.clone(), expression);
    Ok(Choice::Answer(Box::new(answers)))
}

/// Somebody else has changed the database, and perhaps the code was changed too.
fn drift(matter: &Matter) -> Asked<Choice> {
    let items = &matter.differences.status.items;
    heading("Somebody else has changed the database");
    items.iter().for_each(side_by_side);
    let rejecting = matter.differences.rejecting.as_ref();
    loop {
        let choices = vec![
            "Accept the database: the schema follows it".to_owned(),
            format!(
                "Reject its changes: the database goes back{}",
                rejecting.map(|rejecting| cost(&rejecting.steps)).unwrap_or_default()
            ),
            "Item by item".to_owned(),
            "Show differences".to_owned(),
            "Skip".to_owned(),
        ];
        match choose("What now?", choices)? {
            0 => return Ok(Choice::accept_database()),
            1 => return Ok(Choice::reject_database()),
            2 => return each(items),
            3 => report::differences(&matter.differences),
            _ => return Ok(Choice::Skip),
        }
    }
}

fn each(items: &[ItemReport]) -> Asked<Choice> {
    let (mut accept, mut reject): (Vec<ItemKey>, Vec<ItemKey>) = (Vec::new(), Vec::new());
    for item in items.iter().filter(|item| item.state != ItemState::Pending) {
        side_by_side(item);
        let choices = vec!["The database".to_owned(), "The code".to_owned(), "Leave it".to_owned()];
        match choose(&format!("Who is right about {}?", item.key), choices)? {
            0 => accept.push(item.key.clone()),
            1 => reject.push(item.key.clone()),
            _ => {}
        }
    }
    if accept.is_empty() && reject.is_empty() {
        return Ok(Choice::Skip);
    }
    Ok(Choice::Resolve {
        accept: Some(accept),
        reject: Some(reject),
    })
}

fn heading(text: &str) {
    anstream::println!("\n{}", paint(STRONG, text));
}

/// A step with its hazards, without its SQL.
fn outline(step: &StepReport) {
    let mut short = step.clone();
    short.sql.clear();
    report::step(&short);
}

fn side_by_side(item: &ItemReport) {
    let says = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    anstream::println!("  {}", paint(CARE, &item.key));
    anstream::println!("    {}", paint(DIM, format!("code      {}", says(&item.code))));
    anstream::println!("    {}", paint(DIM, format!("database  {}", says(&item.database))));
}

/// Rows that would be lost, in words.
fn cost(steps: &[StepReport]) -> String {
    let rows: u64 = steps
        .iter()
        .filter(|step| step.risk == glaze::converge::assess::Risk::Destructive)
        .flat_map(|step| &step.hazards)
        .filter_map(|hazard| hazard.rows)
        .sum();
    match rows {
        0 => String::new(),
        1 => " (1 row loses something)".to_owned(),
        rows => format!(" ({rows} rows lose something)"),
    }
}
