//! Failures as clients see them (RFC 9457), from one table: code, status, title.

use glaze_auth::AuthError;
use glaze_data::{
    store::StoreError,
    validate::FieldError,
    write::{HookError, WriteError},
};
use serde_json::{Map, Value as Json};

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable code.
    pub code: &'static str,
    /// Status, as HTTP numbers them.
    pub status: u16,
    /// What it is, for people.
    pub title: &'static str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:literal $title:literal;)*) => {
        $($(#[$doc])* pub static $name: Kind = Kind { code: $code, status: $status, title: $title };)*
        /// Every kind there is.
        pub static TABLE: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    /// A parameter of the query.
    INVALID_QUERY = "invalid_query" 400 "The query can't be understood";
    /// A body that is not JSON, or not of the shape.
    INVALID_BODY = "invalid_body" 400 "The body can't be understood";
    /// A header.
    INVALID_HEADER = "invalid_header" 400 "A header can't be understood";
    /// A bulk change without, or with the wrong, number of entries.
    CONFIRM_COUNT = "confirm_count" 409 "The number of entries must be confirmed";
    /// A token that does not hold.
    UNAUTHENTICATED = "unauthenticated" 401 "The credentials are not valid";
    /// The session of a cookie has ended.
    SESSION_ENDED = "session_ended" 401 "The session has ended";
    /// A policy refuses.
    FORBIDDEN = "forbidden" 403 "Not allowed";
    /// A page of another origin asks with this one's cookie.
    CROSS_ORIGIN = "cross_origin" 403 "Not allowed from another origin";
    /// The account is suspended.
    SUSPENDED = "suspended" 403 "The account is suspended";
    /// No such route, entity or entry, as far as the actor may know.
    NOT_FOUND = "not_found" 404 "Not found";
    /// Another method.
    METHOD_NOT_ALLOWED = "method_not_allowed" 405 "The method is not allowed here";
    /// The client did not finish in time.
    REQUEST_TIMEOUT = "request_timeout" 408 "The request was not sent in time";
    /// Somebody has this e-mail address.
    EMAIL_TAKEN = "email_taken" 409 "There is a user with this e-mail address";
    /// Rows still refer to the entry.
    REFERENCED = "referenced" 409 "Other entries refer to this one";
    /// Something would be lost, or somebody has to answer.
    NEEDS_DECISION = "needs_decision" 409 "Something has to be decided first";
    /// The state of schema, migrations or database stands in the way.
    NOT_POSSIBLE = "not_possible" 409 "This can't be done as things are";
    /// The database refused a migration.
    MIGRATION_FAILED = "migration_failed" 409 "The migration could not be applied";
    /// Somebody else changed the same at the same time.
    CONFLICT = "conflict" 409 "Somebody else changed this at the same time";
    /// The first request with this key is not answered.
    IDEMPOTENCY_IN_PROGRESS = "idempotency_in_progress" 409 "A request with this key is being worked on";
    /// `If-Match`.
    PRECONDITION_FAILED = "precondition_failed" 412 "The entry has changed in the meantime";
    /// The body is too big.
    TOO_LARGE = "too_large" 413 "The request is too large";
    /// The address is too long.
    URI_TOO_LONG = "uri_too_long" 414 "The address is too long";
    /// Not JSON.
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type" 415 "The body must be JSON";
    /// An edit of the schema that can't be made.
    EDIT_REFUSED = "edit_refused" 422 "The edit can't be made";
    /// Schema files that have errors, or would have.
    SCHEMA_INVALID = "schema_invalid" 422 "The schema has errors";
    /// Problems with what was sent.
    VALIDATION = "validation" 422 "The entry is not valid";
    /// A hook of the application refused.
    REFUSED = "refused" 422 "Refused";
    /// The key was used for another request.
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch" 422 "This key was used for another request";
    /// More attempts than are allowed.
    TOO_MANY_REQUESTS = "too_many_requests" 429 "Too many attempts";
    /// A defect, or a database that refuses.
    INTERNAL = "internal" 500 "Something went wrong";
    /// The database can't do it.
    UNSUPPORTED = "unsupported" 501 "Not supported";
    /// The database is not reachable.
    UNAVAILABLE = "unavailable" 503 "Not available at the moment";
    /// The statement took too long.
    TIMEOUT = "timeout" 503 "It took too long";
}

/// A failure. Boxed, because results carry it everywhere and it is seldom there.
#[derive(Debug, Clone)]
pub struct Problem(Box<Details>);

/// What is known of a failure.
#[derive(Debug, Clone)]
pub struct Details {
    /// Which.
    pub kind: &'static Kind,
    /// A code of the application's own (from a hook), instead of the kind's.
    pub code: Option<String>,
    /// A status of the application's own (from a hook), instead of the kind's.
    pub status: Option<u16>,
    /// What exactly, for people.
    pub detail: String,
    /// Every problem found, with its place.
    pub errors: Vec<FieldError>,
    /// Members of its own (`count`).
    pub extra: Map<String, Json>,
    /// Why, for the log and never for a client.
    pub cause: Option<String>,
}

impl Problem {
    /// A failure of a kind.
    pub fn new(kind: &'static Kind, detail: impl Into<String>) -> Problem {
        let detail = detail.into();
        Problem(Box::new(Details {
            kind,
            code: None,
            status: None,
            detail,
            errors: Vec::new(),
            extra: Map::new(),
            cause: None,
        }))
    }

    /// With why, for the log.
    pub fn caused_by(mut self, cause: impl std::fmt::Display) -> Problem {
        self.cause = Some(cause.to_string());
        self
    }

    /// Nothing there.
    pub fn not_found() -> Problem {
        Problem::new(&NOT_FOUND, "There is no such entry.")
    }

    /// A defect: the cause goes to the log, never to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Problem {
        Problem::new(&INTERNAL, "The error was logged.").caused_by(cause)
    }

    /// With every problem found.
    pub fn errors(mut self, errors: Vec<FieldError>) -> Problem {
        self.errors = errors;
        self
    }

    /// With a member of its own.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Problem {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Status.
    pub fn status(&self) -> u16 {
        self.status.unwrap_or(self.kind.status)
    }

    /// Code.
    pub fn code(&self) -> &str {
        self.code.as_deref().unwrap_or(self.kind.code)
    }

    /// The body (`application/problem+json`). `type` is relative: it stays right wherever the API is mounted.
    pub fn body(&self) -> Vec<u8> {
        let mut body = Map::new();
        body.insert("type".into(), format!("/errors/{}", self.kind.code).into());
        body.insert("title".into(), self.kind.title.into());
        body.insert("status".into(), self.status().into());
        body.insert("code".into(), self.code().into());
        if !self.detail.is_empty() {
            body.insert("detail".into(), self.detail.clone().into());
        }
        if !self.errors.is_empty() {
            body.insert("errors".into(), serde_json::to_value(&self.errors).unwrap_or_default());
        }
        body.extend(self.extra.clone());
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

impl std::ops::Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.title, self.detail)
    }
}

impl std::error::Error for Problem {}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Timeout => Problem::new(
                &TIMEOUT,
                "The request asks for too much at once: narrow the filter or page through it.",
            ),
            StoreError::Unavailable(cause) => {
                Problem::new(&UNAVAILABLE, "The database is not reachable. Try again in a moment.").caused_by(cause)
            }
            StoreError::Conflict => Problem::new(&CONFLICT, "Try again."),
            StoreError::Unsupported(what) => Problem::new(&UNSUPPORTED, format!("The database can't do this: {what}.")),
            other => Problem::internal(other),
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Problem {
        match error {
            AuthError::Invalid => Problem::new(&UNAUTHENTICATED, "The token is malformed, unknown, revoked or expired."),
            AuthError::Credentials => Problem::new(
                &UNAUTHENTICATED,
                "The address or the password is not right, or the address is not verified yet.",
            ),
            AuthError::Suspended => Problem::new(&SUSPENDED, "Ask whoever administers this."),
            AuthError::Taken => Problem::new(&EMAIL_TAKEN, "Log in, or reset the password."),
            AuthError::Password(code, limit) => {
                let problem = FieldError::new("password", code, error.to_string()).limit(limit);
                Problem::new(&VALIDATION, "There is one problem.").errors(vec![problem])
            }
            AuthError::Limited(seconds) => {
                Problem::new(&TOO_MANY_REQUESTS, format!("Try again in {seconds} seconds.")).with("retryAfter", seconds)
            }
            AuthError::Busy => Problem::new(&UNAVAILABLE, "Too many log in at the same time. Try again in a moment."),
            AuthError::Refused(reason) => Problem::new(&REFUSED, reason),
            AuthError::Store(error) => error.into(),
            AuthError::Schema(_) => Problem::internal(error),
        }
    }
}

impl From<HookError> for Problem {
    fn from(error: HookError) -> Problem {
        let HookError {
            status,
            code,
            message,
            path,
        } = error;
        let mut problem = Problem::new(&REFUSED, message.clone());
        if let Some(path) = path {
            problem.errors.push(FieldError::new(path, "refused", message));
        }
        problem.status = (400..500).contains(&status).then_some(status);
        problem.code = Some(code);
        problem
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Problem {
        let text = error.to_string();
        match error {
            WriteError::Validation(errors) => {
                let count = errors.len();
                let detail = if count == 1 {
                    "There is one problem.".to_owned()
                } else {
                    format!("There are {count} problems.")
                };
                Problem::new(&VALIDATION, detail).errors(errors)
            }
            WriteError::Forbidden { action, entity, field } => {
                let detail = match &field {
                    Some(field) => format!("You may not {} `{field}` of {entity}.", action.name()),
                    None => format!("You may not {} this {entity}.", action.name()),
                };
                let problem = Problem::new(&FORBIDDEN, detail);
                match field {
                    Some(field) => problem.errors(vec![FieldError::new(field, "forbidden", "This field may not be written.")]),
                    None => problem,
                }
            }
            WriteError::NotFound => Problem::not_found(),
            WriteError::PreconditionFailed => Problem::new(&PRECONDITION_FAILED, "Read the entry again, then repeat the change."),
            // Which ones is not said: not every database knows, and not every actor may.
            WriteError::Referenced { .. } => Problem::new(&REFERENCED, "Remove or change those entries first."),
            WriteError::ConfirmCount { actual } => Problem::new(
                &CONFIRM_COUNT,
                format!("This is about {actual} entries: repeat it with `confirm={actual}`."),
            )
            .with("count", actual),
            WriteError::ReadOnly { entity } => Problem::new(&FORBIDDEN, format!("{entity} can only be read.")),
            WriteError::TooMuch { message, limit } => Problem::new(&TOO_LARGE, message).with("limit", limit),
            WriteError::Hook(error) => error.into(),
            WriteError::Store(error) => match error {
                StoreError::Timeout | StoreError::Unavailable(_) | StoreError::Conflict | StoreError::Unsupported(_) => error.into(),
                _ => Problem::internal(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_there_once() {
        for (at, kind) in TABLE.iter().enumerate() {
            assert!(TABLE[..at].iter().all(|other| other.code != kind.code), "{}", kind.code);
        }
    }

    #[test]
    fn a_body_says_everything_at_once() {
        let errors = vec![
            FieldError::new("title", "too_long", "At most 200 characters.").limit(200),
            FieldError::new("slug", "required", "Needed."),
        ];
        let body: Json = serde_json::from_slice(&Problem::from(WriteError::Validation(errors)).body()).expect("JSON");
        assert_eq!(body["status"], 422);
        assert_eq!(body["code"], "validation");
        assert_eq!(body["errors"][0]["limit"], 200);
        assert_eq!(body["errors"][1]["path"], "slug");
    }

    #[test]
    fn the_databases_words_stay_inside() {
        let body = Problem::from(StoreError::Other("relation secret does not exist".into())).body();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
}
