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

/// All names in it: bare words and quoted identifiers, without their quotes.
pub fn names(sql: &str) -> Vec<String> {
    let name = |piece: Piece<'_>| match piece {
        Piece::Word(word) => Some(word.to_owned()),
        Piece::Quoted(text) => Some(text[1..text.len().saturating_sub(1).max(1)].replace("\"\"", "\"")),
        Piece::Other(_) => None,
    };
    pieces(sql).into_iter().filter_map(name).collect()
}

/// The expression with a name changed. What was bare stays bare where the new name can be.
pub fn rename(sql: &str, from: &str, to: &str) -> String {
    rename_all(sql, &[(from, to)])
}

/// The same with several names at once, which may change places.
pub fn rename_all(sql: &str, renames: &[(&str, &str)]) -> String {
    let renamed = |piece: Piece<'_>| {
        let new = renames.iter().find(|(from, _)| is_name(&piece, from)).map(|(_, to)| *to);
        match (piece, new) {
            (Piece::Word(_), Some(to)) if is_plain(to) => to.to_owned(),
            (_, Some(to)) => format!("\"{}\"", to.replace('"', "\"\"")),
            (Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text), None) => text.to_owned(),
        }
    };
    pieces(sql).into_iter().map(renamed).collect()
}

/// The expression with every mention of these columns quoted, spelled as they are called. A word before a parenthesis is a
/// function, one before a text belongs to that literal.
pub fn quote_names(sql: &str, names: &[&str]) -> String {
    let pieces = pieces(sql);
    let space = |piece: &Piece<'_>| matches!(piece, Piece::Other(text) if text.chars().all(char::is_whitespace));
    let is = |at: Option<usize>, text: &str| at.and_then(|at| pieces.get(at)) == Some(&Piece::Other(text));
    let mut out = String::with_capacity(sql.len() + 8);
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        let next = pieces[at + 1..].iter().find(|piece| !space(piece));
        let other = matches!((piece, next), (Piece::Word(_), Some(Piece::Other(text))) if text.starts_with(['(', '\'']));
        match (names.iter().find(|name| is_name(piece, name)), piece) {
            (Some(name), _) if !other => {
                // `[name]` is a quoted name as well.
                if is(at.checked_sub(1), "[") && is(Some(at + 1), "]") {
                    out.pop();
                    at += 1;
                }
                out.push('"');
                out.push_str(&name.replace('"', "\"\""));
                out.push('"');
            }
            (_, Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text)) => out.push_str(text),
        }
        at += 1;
    }
    out
}

/// `CREATE VIEW name AS …` with the names of its columns said; left as it is where they stand already.
pub fn with_column_list(view: &str, columns: &[String]) -> String {
    let all = pieces(view);
    let at = all
        .iter()
        .position(|piece| matches!(piece, Piece::Word(word) if word.eq_ignore_ascii_case("as")));
    let Some(at) = at.filter(|_| !columns.is_empty()) else {
        return view.to_owned();
    };
    let said = |piece: &&Piece<'_>| !matches!(piece, Piece::Other(text) if text.trim().is_empty());
    if all[..at].iter().rev().find(said) == Some(&Piece::Other(")")) {
        return view.to_owned();
    }
    let text = |piece: &Piece<'_>| match piece {
        Piece::Word(text) | Piece::Quoted(text) | Piece::Other(text) => (*text).to_owned(),
    };
    let quoted: Vec<String> = columns.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    let head: String = all[..at].iter().map(text).collect();
    let tail: String = all[at..].iter().map(text).collect();
    format!("{head}({}) {tail}", quoted.join(", "))
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
    fn columns_of_views_are_said_once() {
        let columns = ["a".to_owned(), "b c".to_owned()];
        let plain = "CREATE VIEW v AS SELECT x AS y FROM t";
        let said = "CREATE VIEW v (\"a\", \"b c\") AS SELECT x AS y FROM t";
        assert_eq!(with_column_list(plain, &columns), said);
        assert_eq!(with_column_list(said, &columns), said);
        assert_eq!(with_column_list(plain, &[]), plain);
    }

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
        assert_eq!(rename_all("a > b", &[("a", "b"), ("b", "a")]), "b > a");
    }

    #[test]
    fn columns_are_quoted_and_nothing_else() {
        assert_eq!(quote_names("[n] > 0", &["n"]), "\"n\" > 0");
        assert_eq!(
            quote_names("n <> 13 AND Date(date) > 'n'", &["n", "date"]),
            "\"n\" <> 13 AND Date(\"date\") > 'n'"
        );
        assert_eq!(
            quote_names("USERNAME = x'00' OR `x` = 1", &["userName", "x"]),
            "\"userName\" = x'00' OR \"x\" = 1"
        );
    }

    #[test]
    fn only_enclosing_parentheses_go() {
        assert_eq!(tidy(" ((a)\n AND  (b)) "), "(a) AND (b)");
        assert_eq!(tidy("(a) AND (b)"), "(a) AND (b)");
        assert_eq!(tidy("(')')"), "')'");
    }
}
