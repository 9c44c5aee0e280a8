//! Lines, indentation and comments: the author's style, and which line a comment belongs to.

use std::ops::Range;

/// The line ending of the file: that of its first line.
pub(super) fn ending(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Start of the line on which `at` is.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// What is before `at` on its line, when that is only white space.
pub(super) fn indent_before(text: &str, at: usize) -> Option<&str> {
    let before = &text[line_start(text, at)..at];
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    before.chars().all(|c| c == ' ' || c == '\t').then_some(before)
}

/// The white space at the beginning of the line on which `at` is.
pub(super) fn line_indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// One step of indentation, as the file has it.
pub(super) fn unit(text: &str) -> &str {
    let indented = text
        .lines()
        .find(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty() && !line.trim_start().starts_with('*'));
    match indented {
        Some(line) if line.starts_with('\t') => "\t",
        Some(line) => &line[..line.len() - line.trim_start_matches(' ').len()],
        None => "    ",
    }
}

/// What follows a place on its line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing or comments only; the next line begins here.
    Ends(usize),
    /// Something that is not a comment begins here.
    More(usize),
}

/// Looks at the rest of the line after `at`. A comment that begins there belongs to the line, even when it ends on another.
pub(super) fn rest_of_line(text: &str, mut at: usize) -> Rest {
    loop {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { return Rest::Ends(at) };
        if c == '\n' {
            return Rest::Ends(at + 1);
        }
        if rest.starts_with("//") {
            return Rest::Ends(rest.find('\n').map_or(text.len(), |newline| at + newline + 1));
        }
        if rest.starts_with("/*") {
            at = block_comment_end(text, at);
        } else if c.is_whitespace() {
            at += c.len_utf8();
        } else {
            return Rest::More(at);
        }
    }
}

/// The next place after `at` that is neither white space nor in a comment.
pub(super) fn skip_trivia(text: &str, mut at: usize) -> usize {
    loop {
        match rest_of_line(text, at) {
            Rest::More(next) => return next,
            Rest::Ends(next) if next >= text.len() => return text.len(),
            Rest::Ends(next) => at = next,
        }
    }
}

fn block_comment_end(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, at);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// The lines that `range` fills alone, trailing comments included; `None` when something else is on them.
pub(super) fn whole_lines(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    indent_before(text, range.start)?;
    let start = line_start(text, range.start);
    // The byte order mark stays.
    let start = if text[start..].starts_with('\u{feff}') {
        start + '\u{feff}'.len_utf8()
    } else {
        start
    };
    match rest_of_line(text, range.end) {
        Rest::Ends(end) => Some(start..end),
        Rest::More(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_belongs_to_the_line_it_is_on() {
        let text = "a, // one\nb /* two\n three */ // four\nc";
        assert_eq!(rest_of_line(text, 2), Rest::Ends(10));
        assert_eq!(rest_of_line(text, 11), Rest::Ends(text.len() - 1));
        assert_eq!(rest_of_line("a, b", 2), Rest::More(3));
        assert_eq!(skip_trivia(text, 2), 10);
    }

    #[test]
    fn style_is_that_of_the_file() {
        assert_eq!(ending("a\r\nb\n"), "\r\n");
        assert_eq!(unit("a\n\tb\n"), "\t");
        assert_eq!(unit("a\n  b\n    c"), "  ");
        assert_eq!(unit("a"), "    ");
    }
}
