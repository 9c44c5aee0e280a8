//! One problem with one field, and where it is.

use serde::Serialize;

/// A problem with what was sent, named by the path in the sent JSON (`title`, `seo.title`, `sections[1].heading`, `[2].slug`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldError {
    /// Where; empty for the entry as a whole.
    pub path: String,
    /// Stable code.
    pub code: &'static str,
    /// What was wrong and what is right.
    pub message: String,
    /// The limit that was passed, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<serde_json::Value>,
}

impl FieldError {
    /// A problem without a limit.
    pub fn new(path: impl ToString, code: &'static str, message: impl Into<String>) -> FieldError {
        FieldError {
            path: path.to_string(),
            code,
            message: message.into(),
            limit: None,
        }
    }

    /// The same with the limit that was passed.
    pub fn limit(mut self, limit: impl Into<serde_json::Value>) -> FieldError {
        self.limit = Some(limit.into());
        self
    }

    /// The same, seen from an item of a list or an inner object.
    pub fn within(mut self, prefix: &str) -> FieldError {
        self.path = match (prefix.is_empty(), self.path.is_empty(), self.path.starts_with('[')) {
            (true, _, _) => self.path,
            (_, true, _) => prefix.to_owned(),
            (_, _, true) => format!("{prefix}{}", self.path),
            _ => format!("{prefix}.{}", self.path),
        };
        self
    }
}

/// A place in the sent JSON. Cheap to extend: text is made only when there is a problem.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// The entry itself.
    Root,
    /// A member.
    Name(&'a Path<'a>, &'a str),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// A member of this object.
    pub fn name(&'a self, name: &'a str) -> Path<'a> {
        Path::Name(self, name)
    }

    /// An item of this list.
    pub fn item(&'a self, at: usize) -> Path<'a> {
        Path::Item(self, at)
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Name(Path::Root, name) => f.write_str(name),
            Path::Name(parent, name) => write!(f, "{parent}.{name}"),
            Path::Item(parent, at) => write!(f, "{parent}[{at}]"),
        }
    }
}

/// The candidate that was probably meant, as ` (did you mean …?)`, or nothing.
pub fn suggestion<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let close = |candidate: &&str| strsim::damerau_levenshtein(&given.to_lowercase(), &candidate.to_lowercase()) <= 1 + given.len() / 4;
    match candidates
        .filter(close)
        .min_by_key(|candidate| strsim::damerau_levenshtein(given, candidate))
    {
        Some(meant) => format!(": did you mean `{meant}`?"),
        None => String::new(),
    }
}
