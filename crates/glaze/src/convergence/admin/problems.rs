//! What is asked for in the terms of convergence, and errors as clients see them. In development the words of files and databases are told.

use glaze_app::{Problem, convergence::Consent as Asked, problem};
use glaze_converge::{
    accept::{ItemKey, NotAKey},
    hints::Answers,
    port::DatabaseError,
};
use glaze_data::validate::FieldError;
use glaze_model::Diagnostic;
use glaze_source::edit::{EditRefused, WriteError};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{Error, convergence::Consent};

pub(super) fn answers(given: Map<String, Json>) -> Result<Answers, Problem> {
    serde_json::from_value(Json::Object(given)).map_err(|error| {
        Problem::new(&problem::INVALID_BODY, "The answers are not of the form.").errors(vec![FieldError::new(
            "answers",
            "invalid",
            error.to_string(),
        )])
    })
}

pub(super) fn consent(asked: Asked) -> Consent {
    match asked {
        Asked::All(false) => Consent::None,
        Asked::All(true) => Consent::All,
        // No name is no consent.
        Asked::Named(names) => Consent::Named(names),
    }
}

pub(super) fn keys(only: Option<Vec<String>>) -> Result<Option<Vec<ItemKey>>, Problem> {
    let Some(only) = only else { return Ok(None) };
    let (mut keys, mut wrong) = (Vec::new(), Vec::new());
    for (at, text) in only.iter().enumerate() {
        match text.parse() {
            Ok(key) => keys.push(key),
            Err(NotAKey(_)) => wrong.push(FieldError::new(format!("only[{at}]"), "invalid", NotAKey(text.clone()).to_string())),
        }
    }
    match wrong.is_empty() {
        true => Ok(Some(keys)),
        false => Err(Problem::new(&problem::INVALID_BODY, "These keys are not of the form.").errors(wrong)),
    }
}

/// Somebody has to decide first; the report says what.
pub(super) fn undecided(detail: &str, report: &impl Serialize) -> Result<Problem, Problem> {
    let mut problem = Problem::new(&problem::NEEDS_DECISION, detail);
    if let Json::Object(members) = serde_json::to_value(report).map_err(Problem::internal)? {
        // `status` is that of the answer, in every problem.
        problem
            .extra
            .extend(members.into_iter().filter(|(name, _)| !RESERVED.contains(&name.as_str())));
    }
    Ok(problem)
}

/// Members that every problem has.
const RESERVED: [&str; 6] = ["type", "title", "status", "code", "detail", "errors"];

pub(super) fn edit_refused(refused: EditRefused) -> Problem {
    let text = refused.to_string();
    match refused {
        EditRefused::DoesNotRead(diagnostics) | EditRefused::WouldNotRead(diagnostics) => invalid(text, &diagnostics),
        EditRefused::NotFound(_) | EditRefused::Exists(_) | EditRefused::InUse(_) | EditRefused::NotExact(_) => {
            Problem::new(&problem::EDIT_REFUSED, text)
        }
    }
}

fn invalid(text: impl Into<String>, diagnostics: &[Diagnostic]) -> Problem {
    Problem::new(&problem::SCHEMA_INVALID, text).with("diagnostics", serde_json::to_value(diagnostics).unwrap_or_default())
}

pub(super) fn not_written(error: WriteError) -> Problem {
    match error {
        WriteError::Changed(_) => changed(),
        WriteError::Io { .. } => Problem::new(&problem::NOT_POSSIBLE, error.to_string()),
    }
}

/// The files are not those that were spoken of.
pub(super) fn changed() -> Problem {
    Problem::new(
        &problem::PRECONDITION_FAILED,
        "The schema files have changed meanwhile: read the schema again, then repeat the change.",
    )
}

pub(super) fn problem(error: Error) -> Problem {
    let text = error.to_string();
    match error {
        Error::Schema { diagnostics, .. } => invalid("The schema has errors: mend them first.", &diagnostics),
        Error::Refused(_) | Error::Config(_) | Error::Io { .. } => Problem::new(&problem::NOT_POSSIBLE, text),
        Error::Apply(_) => Problem::new(&problem::MIGRATION_FAILED, text),
        Error::Database(DatabaseError::Unavailable(cause)) => {
            Problem::new(&problem::UNAVAILABLE, "The database is not reachable. Try again in a moment.").caused_by(cause)
        }
        Error::Database(DatabaseError::Locked(_) | DatabaseError::Blocked { .. }) => Problem::new(&problem::CONFLICT, text),
        Error::Database(DatabaseError::Refused { .. }) => Problem::new(&problem::MIGRATION_FAILED, text),
        Error::Database(DatabaseError::Introspection(_)) => Problem::new(&problem::NOT_POSSIBLE, text),
        Error::Store(error) => error.into(),
    }
}
