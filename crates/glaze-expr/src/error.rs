//! What is wrong with an expression.

use glaze_model::Span;

/// One finding, with its place in the text of the expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Byte range in the text.
    pub span: Span,
    /// What to do.
    pub help: Option<String>,
}

impl ExprError {
    /// A finding without advice.
    pub fn new(message: impl Into<String>, span: Span) -> ExprError {
        ExprError {
            message: message.into(),
            span,
            help: None,
        }
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> ExprError {
        self.help = Some(help.into());
        self
    }
}

/// The candidate that was probably meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_ascii_lowercase().replace('_', "");
    let likeness = |candidate: &str| {
        let plain = candidate.to_ascii_lowercase().replace('_', "");
        match strsim::damerau_levenshtein(&lower, &plain) {
            0 => 1.0,
            // One slip; a name of two letters would be like any other.
            1 if lower.len() > 2 => 0.99,
            _ => strsim::jaro_winkler(&lower, &plain),
        }
    };
    let scored = candidates.into_iter().map(|candidate| (likeness(candidate), candidate));
    let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best.0 >= 0.84).then_some(best.1)
}
