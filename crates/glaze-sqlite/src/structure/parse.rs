//! Reading `CREATE TABLE` and `CREATE INDEX` texts, as SQLite keeps them, for what its pragmas do not tell: type tags, checks,
//! collations, generated columns, deferrable keys.

use glaze_converge::catalog::Deferrable;
use glaze_converge::dialect::CheckValues;

/// A piece of SQL with where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What kind.
    pub kind: Kind,
    /// As written.
    pub text: &'a str,
    /// First byte.
    pub start: usize,
}

/// Kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bare word.
    Word,
    /// Quoted identifier.
    Quoted,
    /// String.
    Text,
    /// Comment.
    Comment,
    /// Anything else, one character or a number.
    Other,
}

impl<'a> Token<'a> {
    fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The name it stands for.
    pub fn name(&self) -> String {
        match self.kind {
            Kind::Quoted | Kind::Text => unquote(self.text),
            _ => self.text.to_owned(),
        }
    }
}

fn unquote(text: &str) -> String {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    match text.as_bytes().first() {
        Some(b'"') => inner.replace("\"\"", "\""),
        Some(b'`') => inner.replace("``", "`"),
        Some(b'\'') => inner.replace("''", "'"),
        _ => inner.to_owned(),
    }
}

/// All tokens.
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte == b'$' || **byte >= 0x80;
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'-' if bytes.get(at + 1) == Some(&b'-') => {
                at = sql[at..].find('\n').map_or(bytes.len(), |offset| at + offset);
                Kind::Comment
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = sql[at + 2..].find("*/").map_or(bytes.len(), |offset| at + offset + 4);
                Kind::Comment
            }
            quote @ (b'"' | b'`' | b'\'' | b'[') => {
                let close = if quote == b'[' { b']' } else { quote };
                at += 1;
                while at < bytes.len() {
                    if bytes[at] == close {
                        at += 1;
                        if bytes.get(at) != Some(&close) || close == b']' {
                            break;
                        }
                    }
                    at += 1;
                }
                at = at.min(bytes.len());
                if quote == b'\'' { Kind::Text } else { Kind::Quoted }
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                at += bytes[at..].iter().take_while(word).count();
                Kind::Word
            }
            byte if byte.is_ascii_digit() => {
                at += bytes[at..].iter().take_while(|byte| word(byte) || **byte == b'.').count();
                Kind::Other
            }
            _ => {
                at += 1;
                Kind::Other
            }
        };
        out.push(Token {
            kind,
            text: &sql[start..at],
            start,
        });
    }
    out
}

/// Whether two texts say the same but for space, comments, the case of words, and how names are quoted.
pub fn same_tokens(a: &str, b: &str) -> bool {
    let said = |sql| tokens(sql).into_iter().filter(|token| token.kind != Kind::Comment);
    let name = |kind| matches!(kind, Kind::Word | Kind::Quoted);
    let (mut a, mut b) = (said(a), said(b));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(one), Some(two)) if name(one.kind) && name(two.kind) && one.name().eq_ignore_ascii_case(&two.name()) => {}
            (Some(one), Some(two)) if one.kind == two.kind && one.text == two.text => {}
            _ => return false,
        }
    }
}

/// What a `CREATE TABLE` says besides the pragmas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedTable {
    /// Columns in order.
    pub columns: Vec<ParsedColumn>,
    /// Checks of the table and its columns: name, condition.
    pub checks: Vec<(Option<String>, String)>,
    /// Foreign keys in the order of the text: whether deferrable.
    pub foreign_keys: Vec<Option<Deferrable>>,
    /// `AUTOINCREMENT` stands somewhere.
    pub autoincrement: bool,
    /// Primary and unique keys of the table and its columns.
    pub keys: Vec<ParsedKey>,
}

/// A key, as far as the pragmas do not say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedKey {
    /// The primary one.
    pub primary: bool,
    /// Columns in order.
    pub columns: Vec<String>,
    /// The whole list, with collations and directions, where it has any.
    pub list: Option<String>,
    /// `ON CONFLICT IGNORE` and the like.
    pub conflict: Option<String>,
}

impl ParsedKey {
    /// What it says besides its columns.
    pub fn extra(&self) -> Option<String> {
        let parts: Vec<&str> = self.list.iter().chain(&self.conflict).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// One column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedColumn {
    /// Name.
    pub name: String,
    /// The tag after its type.
    pub tag: Option<String>,
    /// `COLLATE`
    pub collation: Option<String>,
    /// `GENERATED ALWAYS AS (…)`
    pub generated: Option<String>,
    /// `ON CONFLICT IGNORE` and the like, of its `NOT NULL`.
    pub on_null: Option<String>,
}

/// Reads a `CREATE TABLE`.
pub fn parse_table(sql: &str) -> ParsedTable {
    let mut out = ParsedTable::default();
    let tokens = tokens(sql);
    let Some(open) = tokens.iter().position(|token| token.text == "(") else {
        return out;
    };
    let end = matching(&tokens, open);
    for item in split(&tokens[open + 1..end]) {
        let words: Vec<Token<'_>> = item.iter().copied().filter(|token| token.kind != Kind::Comment).collect();
        let Some(first) = words.first() else { continue };
        let table_item = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
            .iter()
            .any(|word| first.is(word));
        if !table_item {
            out.columns.push(ParsedColumn {
                name: first.name(),
                tag: tag(item),
                ..ParsedColumn::default()
            });
        }
        clauses(sql, &words, !table_item, &mut out);
    }
    out
}

/// A block comment directly after the type's words is its tag. (What stands in front of the name belongs to the line before.)
fn tag(item: &[Token<'_>]) -> Option<String> {
    let first = item.iter().position(|token| token.kind != Kind::Comment)?;
    let at = first + item[first..].iter().position(|token| token.kind == Kind::Comment)?;
    let stops = [
        "NOT",
        "NULL",
        "DEFAULT",
        "PRIMARY",
        "UNIQUE",
        "CHECK",
        "REFERENCES",
        "COLLATE",
        "GENERATED",
        "AS",
        "CONSTRAINT",
    ];
    if at < first + 2 || item[first..at].iter().any(|token| stops.iter().any(|stop| token.is(stop))) {
        return None;
    }
    let text = item[at].text.strip_prefix("/*")?.strip_suffix("*/")?.trim();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "(),_".contains(c);
    (!text.is_empty() && text.chars().all(plain)).then(|| text.to_owned())
}

fn clauses(sql: &str, words: &[Token<'_>], column: bool, out: &mut ParsedTable) {
    let mut name = None;
    let mut at = usize::from(column);
    while at < words.len() {
        let token = words[at];
        let body = |at: usize| {
            let open = (at + 1..words.len()).find(|at| words[*at].text == "(")?;
            let close = matching(words, open);
            words.get(close)?;
            // To the last word: a comment after it would swallow what follows.
            Some((sql[words[open].end()..words[close - 1].end()].trim().to_owned(), close))
        };
        if token.is("CONSTRAINT") {
            name = words.get(at + 1).map(Token::name);
            at += 2;
            continue;
        }
        if token.is("CHECK") {
            if let Some((condition, close)) = body(at) {
                out.checks.push((name.take(), condition));
                at = close;
            }
        } else if token.is("REFERENCES") {
            out.foreign_keys.push(None);
        } else if token.is("DEFERRABLE") && !words.get(at.wrapping_sub(1)).is_some_and(|before| before.is("NOT")) {
            let deferred =
                words.get(at + 1).is_some_and(|next| next.is("INITIALLY")) && words.get(at + 2).is_some_and(|next| next.is("DEFERRED"));
            if let Some(last) = out.foreign_keys.last_mut() {
                *last = Some(if deferred { Deferrable::Deferred } else { Deferrable::Immediate });
            }
        } else if token.is("AUTOINCREMENT") {
            out.autoincrement = true;
        } else if column && token.is("COLLATE") {
            if let Some(last) = out.columns.last_mut() {
                last.collation = words.get(at + 1).map(Token::name);
            }
            at += 1;
        } else if column && token.is("AS") {
            if let (Some((expression, close)), Some(last)) = (body(at), out.columns.last_mut()) {
                last.generated = Some(expression);
                at = close;
            }
        } else if token.text == "(" {
            at = matching(words, at);
        }
        if token.is("PRIMARY") || token.is("UNIQUE") || token.is("FOREIGN") {
            name = None;
        }
        // At a column, or at the end of a table's key, whose list has been passed over.
        if column && token.is("NULL") && words[at - 1].is("NOT") {
            if let Some(last) = out.columns.last_mut() {
                last.on_null = conflict(words, at + 1);
            }
        } else if token.is("PRIMARY") || token.is("UNIQUE") {
            out.keys.extend(key(sql, words, at, column));
        }
        at += 1;
    }
}

/// `ON CONFLICT …` at this place; `ABORT` is what happens anyway.
fn conflict(words: &[Token<'_>], at: usize) -> Option<String> {
    let said = words.get(at)?.is("ON") && words.get(at + 1)?.is("CONFLICT");
    let how = words.get(at + 2)?.text.to_ascii_uppercase();
    (said && how != "ABORT").then(|| format!("ON CONFLICT {how}"))
}

/// The key that begins at this word.
fn key(sql: &str, words: &[Token<'_>], at: usize, column: bool) -> Option<ParsedKey> {
    let primary = words[at].is("PRIMARY");
    let after = at + 1 + usize::from(primary);
    if column {
        let directed = words.get(after).is_some_and(|word| word.is("ASC") || word.is("DESC"));
        return Some(ParsedKey {
            primary,
            columns: vec![words[0].name()],
            list: None,
            conflict: conflict(words, after + usize::from(directed)),
        });
    }
    let open = after;
    let close = matching(words, open);
    let parts = split(words.get(open + 1..close)?);
    let plain = parts.iter().all(|part| part.len() == 1 || (part.len() == 2 && part[1].is("ASC")));
    Some(ParsedKey {
        primary,
        columns: parts.iter().filter_map(|part| Some(part.first()?.name())).collect(),
        list: (!plain).then(|| sql[words[open].start..words[close].end()].to_owned()),
        conflict: conflict(words, close + 1),
    })
}

/// Position of the parenthesis that closes the one at `open`.
fn matching(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Pieces between commas that stand in no parentheses.
fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0usize;
    let mut out = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                out.push(&tokens[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&tokens[start.min(tokens.len())..]);
    out
}

/// Parts and condition of a `CREATE INDEX`: the text of each part without its direction and collation.
pub fn parse_index(sql: &str) -> (Vec<String>, Option<String>) {
    let tokens: Vec<Token<'_>> = tokens(sql).into_iter().filter(|token| token.kind != Kind::Comment).collect();
    let Some(open) = tokens.iter().position(|token| token.text == "(") else {
        return Default::default();
    };
    let close = matching(&tokens, open);
    let parts = split(&tokens[open + 1..close.min(tokens.len())])
        .into_iter()
        .map(|part| {
            let mut end = part.len();
            if end > 0 && (part[end - 1].is("ASC") || part[end - 1].is("DESC")) {
                end -= 1;
            }
            if end > 1 && part[end - 2].is("COLLATE") {
                end -= 2;
            }
            match (part.first(), part[..end].last()) {
                (Some(first), Some(last)) => sql[first.start..last.end()].to_owned(),
                _ => String::new(),
            }
        })
        .collect();
    let filter = tokens
        .get(close + 1)
        .filter(|token| token.is("WHERE"))
        .zip(tokens.last())
        .map(|(token, last)| sql[token.end()..last.end()].trim().to_owned());
    (parts, filter)
}

/// The column and values of `"column" IN ('a', 'b')`.
pub fn check_values(check: &str) -> Option<CheckValues> {
    let tokens = tokens(check);
    let (name, rest) = tokens.split_first()?;
    let (word, rest) = rest.split_first()?;
    let (open, rest) = rest.split_first()?;
    let (close, list) = rest.split_last()?;
    if !matches!(name.kind, Kind::Word | Kind::Quoted) || !word.is("IN") || open.text != "(" || close.text != ")" || list.len() % 2 == 0 {
        return None;
    }
    let mut values = Vec::new();
    for (at, token) in list.iter().enumerate() {
        match (at % 2 == 0, token.kind) {
            (true, Kind::Text) => values.push(token.name()),
            (false, _) if token.text == "," => {}
            _ => return None,
        }
    }
    Some(CheckValues {
        column: name.name(),
        values,
        list: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_checks_and_keys_are_read() {
        let sql = r#"CREATE TABLE "a b" (
            "id" INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
            price INTEGER /* decimal(12,2) */ NOT NULL DEFAULT 0 CHECK (price > 0),
            name TEXT COLLATE NOCASE NOT NULL /* not a tag */,
            full_name TEXT GENERATED ALWAYS AS (name || ' (' || price || ')') STORED,
            other INTEGER REFERENCES b(id) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT "c" CHECK (name IN ('x', 'y)')),
            FOREIGN KEY (other) REFERENCES c (id) ON DELETE CASCADE
        ) STRICT"#;
        let table = parse_table(sql);
        assert!(table.autoincrement);
        assert_eq!(table.columns.len(), 5);
        assert_eq!(table.columns[1].tag.as_deref(), Some("decimal(12,2)"));
        assert_eq!(table.columns[2].collation.as_deref(), Some("NOCASE"));
        assert_eq!(table.columns[2].tag, None);
        assert_eq!(table.columns[3].generated.as_deref(), Some("name || ' (' || price || ')'"));
        assert_eq!(
            table.checks,
            [
                (None, "price > 0".to_owned()),
                (Some("c".to_owned()), "name IN ('x', 'y)')".to_owned())
            ]
        );
        assert_eq!(table.foreign_keys, [Some(Deferrable::Deferred), None]);
    }

    #[test]
    fn indexes_are_read() {
        let (parts, filter) = parse_index("CREATE INDEX i ON t (lower(\"a\") DESC, b COLLATE NOCASE ASC) WHERE c > 1 ");
        assert_eq!(parts, ["lower(\"a\")", "b"]);
        assert_eq!(filter.as_deref(), Some("c > 1"));
    }

    #[test]
    fn lists_of_values_are_recognised() {
        assert_eq!(
            check_values("\"s\" IN ('a', 'b''c')"),
            Some(CheckValues {
                column: "s".to_owned(),
                values: vec!["a".to_owned(), "b'c".to_owned()],
                list: false
            })
        );
        assert_eq!(check_values("\"s\" IN (0, 1)"), None);
        assert_eq!(check_values("\"s\" > 1"), None);
    }

    #[test]
    fn what_happens_on_conflicts_is_read() {
        let table = parse_table(
            "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT, b TEXT NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT FAIL,
             c TEXT NOT NULL ON CONFLICT ABORT, d TEXT UNIQUE, CONSTRAINT k UNIQUE (c COLLATE NOCASE, \"d\" DESC) ON CONFLICT ROLLBACK)",
        );
        let on_null: Vec<Option<&str>> = table.columns.iter().map(|column| column.on_null.as_deref()).collect();
        assert_eq!(on_null, [None, Some("ON CONFLICT IGNORE"), None, None]);
        let keys: Vec<(bool, String, Option<String>)> = table
            .keys
            .iter()
            .map(|key| (key.primary, key.columns.join(","), key.extra()))
            .collect();
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(
            keys,
            [
                (true, "a".to_owned(), said("ON CONFLICT REPLACE")),
                (false, "b".to_owned(), said("ON CONFLICT FAIL")),
                (false, "d".to_owned(), None),
                (false, "c,d".to_owned(), said("(c COLLATE NOCASE, \"d\" DESC) ON CONFLICT ROLLBACK")),
            ]
        );
    }
}
