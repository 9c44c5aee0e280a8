//! What is wrong with a schema, said so that a person can mend it.

use serde::{Deserialize, Serialize};

/// Byte range in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Works, but probably not as meant.
    Warning,
    /// The file does not give a model.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Stable code, `snake_case` (`unknown_attribute`).
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// File, relative to the project; empty when the finding is not about a place in a file.
    pub file: String,
    /// Byte range in the file.
    pub span: Span,
    /// 1-based line of the range's start.
    pub line: u32,
    /// 1-based column of the range's start, in characters.
    pub column: u32,
    /// What to do ("did you mean `unique`?").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place; the reader adds file, span, line and column.
    pub fn error(code: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: code.to_owned(),
            severity: Severity::Error,
            message: message.into(),
            file: String::new(),
            span: Span::default(),
            line: 0,
            column: 0,
            help: None,
        }
    }

    /// The same as a warning.
    pub fn warning(code: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message)
        }
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// With the place: `source` is the whole text of `file`, from which line and column are counted.
    pub fn at(mut self, file: &str, source: &str, span: Span) -> Diagnostic {
        let before = &source[..floor_boundary(source, span.start)];
        self.file = file.to_owned();
        self.span = span;
        self.line = before.matches('\n').count() as u32 + 1;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.column = before[line_start..].chars().count() as u32 + 1;
        self
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// All findings of one reading.
pub type Diagnostics = Vec<Diagnostic>;
