//! Looking into SQL expressions just far enough: which names they mention, and renaming one.

/// A piece of SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    /// A bare word.
    Word(&'a str),
    /// A quoted identifier, with its quotes.
    Quoted(&'a str),
    /// Everything else: strings, comments, numbers, operators, space.
    Other(&'a str),
}

/// Whether the expression mentions a column or table of this name.
pub fn mentions(sql: &str, name: &str) -> bool {
    pieces(sql).iter().any(|piece| is_name(piece, name))
}

/// The expression with a name changed. What was bare stays bare where the new name can be.
pub fn rename(sql: &str, from: &str, to: &str) -> String {
    let quoted = format!("\"{}\"", to.replace('"', "\"\""));
    pieces(sql)
        .into_iter()
        .map(|piece| match piece {
            Piece::Word(_) if is_name(&piece, from) && is_plain(to) => to.to_owned(),
            _ if is_name(&piece, from) => quoted.clone(),
            Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text) => text.to_owned(),
        })
        .collect()
}

/// White space collapsed outside quotes, and no parentheses around the whole.
pub fn tidy(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for piece in pieces(sql) {
        match piece {
            Piece::Other(text) if text.chars().all(char::is_whitespace) => out.push(' '),
            Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text) => out.push_str(text),
        }
    }
    strip_parentheses(out.trim()).to_owned()
}

/// Without parentheses that enclose the whole expression.
pub fn strip_parentheses(sql: &str) -> &str {
    let mut text = sql.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if !balanced(inner) {
            break;
        }
        text = inner.trim();
    }
    text
}

fn balanced(sql: &str) -> bool {
    let mut depth = 0i32;
    for piece in pieces(sql) {
        match piece {
            Piece::Other("(") => depth += 1,
            Piece::Other(")") => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_name(piece: &Piece<'_>, name: &str) -> bool {
    match piece {
        Piece::Word(word) => word.eq_ignore_ascii_case(name),
        Piece::Quoted(text) => text[1..text.len().saturating_sub(1).max(1)]
            .replace("\"\"", "\"")
            .eq_ignore_ascii_case(name),
        Piece::Other(_) => false,
    }
}

fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let bytes = sql.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 {
            at += bytes[at..].iter().take_while(|byte| word(**byte) || **byte == b'$').count();
            out.push(Piece::Word(&sql[start..at]));
        } else if byte.is_ascii_digit() {
            at += bytes[at..].iter().take_while(|byte| word(**byte) || **byte == b'.').count();
            out.push(Piece::Other(&sql[start..at]));
        } else if byte.is_ascii_whitespace() {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            out.push(Piece::Other(&sql[start..at]));
        } else if let Some(close) = closing(byte) {
            at = end_of_quote(bytes, at, close);
            out.push(if byte == b'\'' {
                Piece::Other(&sql[start..at])
            } else {
                Piece::Quoted(&sql[start..at])
            });
        } else {
            at += 1;
            out.push(Piece::Other(&sql[start..at]));
        }
    }
    out
}

fn closing(byte: u8) -> Option<u8> {
    matches!(byte, b'\'' | b'"' | b'`').then_some(byte)
}

fn end_of_quote(bytes: &[u8], start: usize, close: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        if bytes[at] == close {
            if bytes.get(at + 1) != Some(&close) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_strings_are_not_mentioned() {
        assert!(mentions("\"title\" <> 'x'", "title"));
        assert!(mentions("length(title) > 1", "title"));
        assert!(!mentions("a <> 'title'", "title"));
        assert!(!mentions("subtitle > 1", "title"));
    }

    #[test]
    fn renaming_keeps_strings_and_quotes() {
        assert_eq!(rename("\"a\" > 1 AND b <> 'a'", "a", "c"), "\"c\" > 1 AND b <> 'a'");
        assert_eq!(rename("a > 1", "a", "order by"), "\"order by\" > 1");
        assert_eq!(rename("a > 1", "a", "c"), "c > 1");
    }

    #[test]
    fn only_enclosing_parentheses_go() {
        assert_eq!(tidy(" ((a)\n AND  (b)) "), "(a) AND (b)");
        assert_eq!(tidy("(a) AND (b)"), "(a) AND (b)");
        assert_eq!(tidy("(')')"), "')'");
    }
}
