//! A statement as words: enough to see what it is about. Comments are left out; strings, dollar-quoted bodies included, are one
//! word each.

/// One piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A bare word, as written and in capitals.
    Bare {
        /// As written.
        text: String,
        /// In capitals.
        upper: String,
    },
    /// A quoted name, without its quotes.
    Quoted(String),
    /// A string, without its quotes.
    Text(String),
    /// Any other character.
    Sign(char),
}

impl Word {
    /// The bare word in capitals; empty for anything else.
    pub fn keyword(&self) -> &str {
        match self {
            Word::Bare { upper, .. } => upper,
            Word::Quoted(_) | Word::Text(_) | Word::Sign(_) => "",
        }
    }

    /// The name it is, bare or quoted.
    pub fn name(&self) -> Option<&str> {
        match self {
            Word::Bare { text, .. } => Some(text),
            Word::Quoted(text) => Some(text),
            Word::Text(_) | Word::Sign(_) => None,
        }
    }
}

/// The words of a statement.
pub fn words(statement: &str) -> Vec<Word> {
    let mut reader = Reader { rest: statement };
    let mut out = Vec::new();
    while let Some(found) = reader.next_word() {
        out.extend(found);
    }
    out
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next word; `Some(None)` for space and comments, `None` at the end.
    fn next_word(&mut self) -> Option<Option<Word>> {
        let first = self.rest.chars().next()?;
        let word = match first {
            '-' if self.rest.starts_with("--") => {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
                None
            }
            '/' if self.rest.starts_with("/*") => {
                self.block_comment();
                None
            }
            '\'' => Some(Word::Text(self.quoted('\''))),
            '"' | '`' => Some(Word::Quoted(self.quoted(first))),
            '[' => Some(Word::Quoted(self.quoted(']'))),
            '$' => Some(self.dollar().map_or_else(|| self.sign('$'), Word::Text)),
            _ if first.is_alphabetic() || first == '_' => Some(self.bare()),
            _ if first.is_whitespace() => {
                self.take(first.len_utf8());
                None
            }
            _ => Some(self.sign(first)),
        };
        Some(word)
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn sign(&mut self, sign: char) -> Word {
        self.take(sign.len_utf8());
        Word::Sign(sign)
    }

    fn bare(&mut self) -> Word {
        let more = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let end = self.rest.find(|c: char| !more(c)).unwrap_or(self.rest.len());
        let text = self.take(end).to_owned();
        Word::Bare {
            upper: text.to_uppercase(),
            text,
        }
    }

    /// What is between quotes; a doubled quote is one.
    fn quoted(&mut self, close: char) -> String {
        let mut out = String::new();
        let mut chars = self.rest.char_indices().skip(1).peekable();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            if c != close {
                out.push(c);
            } else if chars.peek().is_some_and(|(_, next)| *next == close) {
                out.push(c);
                chars.next();
            } else {
                end = at + c.len_utf8();
                break;
            }
        }
        self.take(end);
        out
    }

    /// `$tag$ … $tag$`
    fn dollar(&mut self) -> Option<String> {
        let tag_end = self.rest[1..].find('$')? + 2;
        let tag = &self.rest[..tag_end];
        if !tag[1..tag_end - 1].chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let body = self.rest[tag_end..].find(tag)?;
        let text = self.rest[tag_end..tag_end + body].to_owned();
        self.take(tag_end + body + tag_end);
        Some(text)
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return;
                }
            } else {
                let first = self.rest.chars().next().map_or(1, char::len_utf8);
                self.take(first);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_words() {
        let all = words("-- it's\nDROP /* a /* b */ */ TABLE \"A \"\"b\".c, $x$ DROP $x$ 'it''s';");
        let names: Vec<&str> = all.iter().filter_map(Word::name).collect();
        assert_eq!(names, ["DROP", "TABLE", "A \"b", "c"]);
        assert!(all.contains(&Word::Text("it's".to_owned())));
        assert!(all.contains(&Word::Text(" DROP ".to_owned())));
    }

    #[test]
    fn whatever_is_written_it_ends() {
        for text in ["'", "\"", "/*", "$", "$a", "$a$b", "[", "é'", "--"] {
            words(text);
        }
    }
}
