//! What is asked for, as it comes in a body.

use glaze_data::validate::FieldError;
use glaze_model::Edit;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json};

use crate::{Problem, problem};

/// What may be lost: nothing (false, or left out), anything (true), or what is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Consent {
    /// Anything or nothing.
    All(bool),
    /// On these objects (`public.posts.old`, with or without the schema).
    Named(Vec<String>),
}

impl Default for Consent {
    fn default() -> Consent {
        Consent::All(false)
    }
}

/// Edits to be made or looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditRequest {
    /// In order.
    #[serde(skip)]
    pub edits: Vec<Edit>,
    /// The same as they came.
    #[serde(rename = "edits")]
    given: Vec<Json>,
    /// Answers to questions, in the form of an answers file.
    #[serde(default)]
    pub answers: Map<String, Json>,
    /// What may be lost.
    #[serde(default)]
    pub consent: Consent,
}

/// The last change is to be taken back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UndoRequest {
    /// Answers to questions.
    pub answers: Map<String, Json>,
    /// What may be lost.
    pub consent: Consent,
    /// Only look.
    pub dry_run: bool,
}

/// Items are to be accepted or rejected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChoiceRequest {
    /// Keys of the items (`post.title`); all of them when it is left out.
    pub only: Option<Vec<String>>,
    /// Answers to questions.
    pub answers: Map<String, Json>,
    /// What may be lost.
    pub consent: Consent,
    /// Only look.
    pub dry_run: bool,
}

/// What the code says is to be applied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ApplyRequest {
    /// Answers to questions.
    pub answers: Map<String, Json>,
    /// What may be lost.
    pub consent: Consent,
    /// Only look.
    pub dry_run: bool,
}

/// The history is to be repaired: what is safe by itself, anything else only when it is chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RepairRequest {
    /// The way back (`restore_file`).
    pub choice: Option<String>,
    /// For this migration only.
    pub migration: Option<String>,
    /// Only look.
    pub dry_run: bool,
}

/// A request from a body.
///
/// # Errors
/// When the body is not of the form.
pub fn request<T: DeserializeOwned>(body: Json) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|error| Problem::new(&problem::INVALID_BODY, format!("The body is not of the form: {error}.")))
}

/// Edits from a body; every one that is not of the form is named with its place.
///
/// # Errors
/// When the body, or one of the edits, is not of the form.
pub fn edits(body: Json) -> Result<EditRequest, Problem> {
    let mut request: EditRequest = request(body)?;
    let mut wrong = Vec::new();
    for (at, given) in request.given.iter().enumerate() {
        match Edit::deserialize(given) {
            Ok(edit) => request.edits.push(edit),
            Err(error) => wrong.push(FieldError::new(format!("edits[{at}]"), "invalid", error.to_string())),
        }
    }
    match wrong.is_empty() {
        true => Ok(request),
        false => Err(Problem::new(&problem::INVALID_BODY, "These edits are not of the form.").errors(wrong)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_edit_that_is_not_of_the_form_is_named() {
        let body = json!({"edits": [{"edit": "remove_field", "entity": "Post", "field": "title"}, {"edit": "paint"}]});
        let problem = edits(body).expect_err("refused");
        assert_eq!((problem.status(), problem.errors.len()), (400, 1));
        assert_eq!(problem.errors[0].path, "edits[1]");
    }

    #[test]
    fn consent_is_to_nothing_everything_or_what_is_named() {
        let of = |body: Json| request::<ApplyRequest>(body).expect("a request").consent;
        assert_eq!(of(json!({})), Consent::All(false));
        assert_eq!(of(json!({"consent": true})), Consent::All(true));
        assert_eq!(of(json!({"consent": ["posts.old"]})), Consent::Named(vec!["posts.old".into()]));
        assert_eq!(
            request::<ApplyRequest>(json!({"concent": true})).expect_err("refused").status(),
            400
        );
    }
}
