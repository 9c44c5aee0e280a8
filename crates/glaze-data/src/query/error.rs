//! What is wrong with a request's parameters.

/// One wrong parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamError {
    /// The parameter as a client writes it: `filter[author][nme]`.
    pub param: String,
    /// Stable code (`unknown_field`).
    pub code: &'static str,
    /// What is wrong and what was meant.
    pub message: String,
}

impl ParamError {
    /// An error.
    pub fn new(param: impl Into<String>, code: &'static str, message: impl Into<String>) -> ParamError {
        ParamError {
            param: param.into(),
            code,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for ParamError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`: {}", self.param, self.message)
    }
}

/// Why a request can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Parameters are wrong: 400.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<ParamError>),
    /// The actor may not: 403.
    #[error("{message}")]
    Forbidden {
        /// Entity (type name).
        entity: String,
        /// Field (name in JSON), when it is about one.
        field: Option<String>,
        /// What may not be done.
        message: String,
    },
}

/// The nearest of the names, if one is near enough to have been meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let scored = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), known));
    let best = scored.min_by_key(|(distance, _)| *distance)?;
    // A third of the name may be wrong: `filte` is `filter`, `x` is nothing.
    (best.0 <= (name.chars().count() / 3).max(1) && best.0 < name.chars().count()).then_some(best.1)
}

/// `unknown {what} `name``, with what was meant or else what there is.
pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    unknown_of(what, name, "", known)
}

/// The same of something: `` unknown field `x` of `Post` ``.
pub(crate) fn unknown_of<'a>(what: &str, name: &str, of: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let shown: String = name.chars().take(60).collect();
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("unknown {what} `{shown}`{of}: did you mean `{meant}`?"),
        None if known.is_empty() => format!("unknown {what} `{shown}`{of}"),
        None => format!("unknown {what} `{shown}`{of}: there is {}", list(&known)),
    }
}

/// `` `a`, `b` and `c` ``, cut after a dozen.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        _ if names.len() > 12 => format!("{}, …", quoted.join(", ")),
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}
