//! Cutting a file of SQL into statements.

/// What a database's lexer knows besides quotes and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitRules {
    /// `$tag$ … $tag$` and `E'…\'…'`.
    pub dollar_quotes: bool,
    /// `/* /* */ */` nests.
    pub nested_comments: bool,
    /// `CREATE TRIGGER … BEGIN …; END` and `BEGIN ATOMIC …; END` hold semicolons.
    pub trigger_bodies: bool,
    /// `[name]` and `` `name` `` quote.
    pub bracket_quotes: bool,
}

/// The statements, each without its semicolon, comments in front of a statement kept with it. Pieces of nothing but comments are left out.
pub fn split(sql: &str, rules: SplitRules) -> Vec<String> {
    let mut splitter = Splitter {
        text: sql,
        bytes: sql.as_bytes(),
        at: 0,
        rules,
    };
    let mut out = Vec::new();
    while let Some(statement) = splitter.next_statement() {
        out.push(statement);
    }
    out
}

struct Splitter<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    rules: SplitRules,
}

impl Splitter<'_> {
    fn next_statement(&mut self) -> Option<String> {
        loop {
            let start = self.at;
            let mut words: Vec<String> = Vec::new();
            // Depth of BEGIN/CASE … END inside a trigger or routine body.
            let mut depth = 0usize;
            let mut something = false;
            let end = loop {
                let Some(&byte) = self.bytes.get(self.at) else { break self.at };
                match byte {
                    b';' if depth == 0 => break self.at,
                    b'-' if self.peek(1) == Some(b'-') => self.line_comment(),
                    b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                    b'\'' | b'"' => {
                        something = true;
                        self.quoted(
                            byte,
                            byte == b'\'' && words.last().is_some_and(|word| word == "E") && self.touches_word(),
                        );
                    }
                    b'`' if self.rules.bracket_quotes => self.quoted(b'`', false),
                    b'[' if self.rules.bracket_quotes => self.quoted(b']', false),
                    b'$' if self.rules.dollar_quotes && self.dollar() => something = true,
                    _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                        something = true;
                        let word = self.word();
                        depth = self.depth_after(depth, &words, &word);
                        words.push(word);
                    }
                    _ => {
                        something |= !byte.is_ascii_whitespace();
                        self.at += 1;
                    }
                }
            };
            let done = end >= self.bytes.len();
            self.at = (end + 1).min(self.bytes.len());
            if something {
                return Some(self.text[start..end].trim().to_owned());
            }
            if done {
                return None;
            }
        }
    }

    fn depth_after(&self, depth: usize, words: &[String], word: &str) -> usize {
        if !self.rules.trigger_bodies {
            return depth;
        }
        let routine = words.first().is_some_and(|first| first == "CREATE")
            && words
                .iter()
                .take(5)
                .any(|word| matches!(word.as_str(), "TRIGGER" | "FUNCTION" | "PROCEDURE"));
        match word {
            "BEGIN" if routine && depth == 0 && self.begins_body() => 1,
            "CASE" if depth > 0 => depth + 1,
            "END" if depth > 0 => depth - 1,
            _ => depth,
        }
    }

    /// In databases with dollar quotes only `BEGIN ATOMIC` opens a body.
    fn begins_body(&self) -> bool {
        !self.rules.dollar_quotes
            || self.text[self.at..]
                .trim_start()
                .get(..6)
                .is_some_and(|word| word.eq_ignore_ascii_case("atomic"))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// The byte before is part of a word.
    fn touches_word(&self) -> bool {
        self.at > 0 && self.bytes[self.at - 1].is_ascii_alphanumeric()
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'$' || *byte >= 0x80)
        {
            self.at += 1;
        }
        self.text[start..self.at].to_ascii_uppercase()
    }

    fn line_comment(&mut self) {
        self.at = self.text[self.at..]
            .find('\n')
            .map_or(self.bytes.len(), |offset| self.at + offset + 1);
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.peek(1)) {
                (b'/', Some(b'*')) if depth == 0 || self.rules.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// From an opening quote to past the closing one; doubled quotes stand for themselves.
    fn quoted(&mut self, close: u8, backslashes: bool) {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'\\' && backslashes {
                self.at += 1;
            } else if byte == close {
                if self.bytes.get(self.at) == Some(&close) && close != b']' {
                    self.at += 1;
                } else {
                    return;
                }
            }
        }
        self.at = self.bytes.len();
    }

    /// A dollar-quoted string at this place; `false` when it is not one (a parameter `$1`), and then one byte further.
    fn dollar(&mut self) -> bool {
        let rest = &self.text[self.at + 1..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let tag = &rest[..length];
        let opens = rest[length..].starts_with('$') && !tag.starts_with(|c: char| c.is_ascii_digit()) && !self.touches_word();
        if !opens {
            self.at += 1;
            return false;
        }
        let quote = format!("${tag}$");
        let body = self.at + quote.len();
        self.at = self.text[body..]
            .find(&quote)
            .map_or(self.bytes.len(), |offset| body + offset + quote.len());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTGRES: SplitRules = SplitRules {
        dollar_quotes: true,
        nested_comments: true,
        trigger_bodies: true,
        bracket_quotes: false,
    };
    const SQLITE: SplitRules = SplitRules {
        dollar_quotes: false,
        nested_comments: false,
        trigger_bodies: true,
        bracket_quotes: true,
    };

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_cut() {
        let sql = "SELECT ';' -- a; b\n; /* ; */ SELECT \"a;\"\"b\";\n-- the end;\n";
        assert_eq!(split(sql, SQLITE), ["SELECT ';' -- a; b", "/* ; */ SELECT \"a;\"\"b\""]);
    }

    #[test]
    fn a_trigger_body_is_one_statement() {
        let sql = "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN y THEN 1 ELSE 2 END; DELETE FROM b; END; SELECT 1";
        assert_eq!(split(sql, SQLITE).len(), 2);
    }

    #[test]
    fn dollar_quotes_hold_anything() {
        let sql = "CREATE FUNCTION f() RETURNS int AS $body$ BEGIN; RETURN $1; END; $body$ LANGUAGE plpgsql; SELECT $1; SELECT E'it\\'s; '";
        assert_eq!(split(sql, POSTGRES).len(), 3);
        let atomic = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; BEGIN; SELECT 1; COMMIT";
        assert_eq!(split(atomic, POSTGRES).len(), 4);
    }

    #[test]
    fn a_statement_in_a_transaction_block_of_sqlite_is_by_itself() {
        assert_eq!(split("BEGIN; SELECT 1; COMMIT;", SQLITE).len(), 3);
    }

    #[test]
    fn unfinished_quotes_do_not_hang() {
        assert_eq!(split("SELECT 'abc; d", SQLITE).len(), 1);
        assert_eq!(split("/* abc", POSTGRES).len(), 0);
    }
}
