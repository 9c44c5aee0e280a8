//! Findings while reading: diagnostics whose place is still a span of tokens.

use glaze_model::{Diagnostic, Severity, Span};

use crate::SourceFile;

/// A place: a file (by position) and tokens in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loc {
    pub file: u32,
    pub span: proc_macro2::Span,
}

impl Loc {
    /// From the start of this place to the end of `other`, where both are in one file.
    pub fn to(self, other: Loc) -> Loc {
        Loc {
            file: self.file,
            span: self.span.join(other.span).unwrap_or(self.span),
        }
    }
}

/// One finding.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
    pub loc: Loc,
    /// A part of the place, as bytes from its start (in the text of a string literal).
    pub part: Option<Span>,
}

impl Finding {
    /// With what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Finding {
        self.help = Some(help.into());
        self
    }

    /// With what to do, when there is something to say.
    pub fn maybe_help(&mut self, help: Option<String>) -> &mut Finding {
        self.help = self.help.take().or(help);
        self
    }
}

/// Collects findings.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub list: Vec<Finding>,
}

impl Findings {
    pub fn error(&mut self, code: &'static str, loc: Loc, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Error, code, loc, message.into())
    }

    pub fn warning(&mut self, code: &'static str, loc: Loc, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Warning, code, loc, message.into())
    }

    fn add(&mut self, severity: Severity, code: &'static str, loc: Loc, message: String) -> &mut Finding {
        let at = self.list.len();
        self.list.push(Finding {
            code,
            severity,
            message,
            help: None,
            loc,
            part: None,
        });
        &mut self.list[at]
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// As diagnostics, in the order of files and places. `shift` is how many bytes of each file come before its tokens (a
    /// byte order mark).
    pub fn diagnostics(&self, files: &[SourceFile], shift: &[usize]) -> Vec<Diagnostic> {
        let mut out: Vec<(u32, Diagnostic)> = self
            .list
            .iter()
            .map(|finding| (finding.loc.file, diagnostic(finding, files, shift)))
            .collect();
        out.sort_by_key(|(file, diagnostic)| (*file, diagnostic.span.start, diagnostic.span.end));
        out.dedup();
        out.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }
}

fn diagnostic(finding: &Finding, files: &[SourceFile], shift: &[usize]) -> Diagnostic {
    let plain = Diagnostic {
        severity: finding.severity,
        help: finding.help.clone(),
        ..Diagnostic::error(finding.code, finding.message.clone())
    };
    let Some(file) = files.get(finding.loc.file as usize) else {
        return plain;
    };
    let shift = shift.get(finding.loc.file as usize).copied().unwrap_or(0);
    let range = finding.loc.span.byte_range();
    let whole = Span {
        start: range.start + shift,
        end: range.end + shift,
    };
    let span = match finding.part {
        Some(part) => Span {
            start: whole.start + part.start,
            end: (whole.start + part.end).min(whole.end),
        },
        None => whole,
    };
    plain.at(&file.path, &file.text, span)
}

/// The one of `known` that was probably meant by `given`.
pub(crate) fn similar<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.len().max(given.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// "did you mean `x`?", or what there is when nothing is similar and the list is short.
pub(crate) fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = similar(given, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    (!known.is_empty() && known.len() <= 12).then(|| format!("known: {}", list(&known)))
}

/// `a`, `b` and `c`.
pub(crate) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
