//! Text to tokens.

use glaze_model::Span;

use crate::ExprError;

/// A token with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Lexeme,
    pub span: Span,
}

/// Kinds of token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Lexeme {
    Name(String),
    /// Unsigned: the parser joins the sign, so that the smallest integer can be written.
    Int(u64),
    Float(f64),
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// Longer ones first.
const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ",", ".", "?", ":", "=",
];

/// All tokens; the last one is `End`.
pub(crate) fn lex(text: &str) -> Result<Vec<Token>, ExprError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        let kind = lexer.next()?;
        let done = kind == Lexeme::End;
        tokens.push(Token {
            kind,
            span: Span { start, end: lexer.at },
        });
        if done {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, start: usize, message: impl Into<String>) -> ExprError {
        ExprError::new(
            message,
            Span {
                start,
                end: self.at.max(start),
            },
        )
    }

    /// White space and `// comments`.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn next(&mut self) -> Result<Lexeme, ExprError> {
        let Some(first) = self.peek() else { return Ok(Lexeme::End) };
        match first {
            '\'' | '"' => self.text_literal(false),
            'r' | 'R' if self.rest()[1..].starts_with(['\'', '"']) => {
                self.at += 1;
                self.text_literal(true)
            }
            'b' | 'B' if self.rest()[1..].starts_with(['\'', '"']) => {
                let start = self.at;
                self.at += 1;
                Err(self.error(start, "bytes cannot be written in expressions"))
            }
            '0'..='9' => self.number(),
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => Ok(Lexeme::Name(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_').to_owned())),
            other => {
                let start = self.at;
                match SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
                    Some(sign) => {
                        self.at += sign.len();
                        Ok(Lexeme::Sign(sign))
                    }
                    None => {
                        self.at += other.len_utf8();
                        let error = self.error(start, format!("`{}` means nothing here", other.escape_debug()));
                        Err(match other {
                            '&' => error.help("write `&&`"),
                            '|' => error.help("write `||`"),
                            '‘' | '’' | '“' | '”' | '„' => error.help("write text in straight quotes: 'text'"),
                            _ => error,
                        })
                    }
                }
            }
        }
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !keep(c)).unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    fn number(&mut self) -> Result<Lexeme, ExprError> {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_alphanumeric()).to_owned();
            return match u64::from_str_radix(&digits, 16) {
                Ok(value) => Ok(Lexeme::Int(value)),
                Err(_) => Err(self.error(start, "this is not a hexadecimal number of at most 64 bits")),
            };
        }
        self.take_while(|c| c.is_ascii_digit());
        let mut float = false;
        if self.rest().starts_with('.') && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
            float = true;
        }
        if self.rest().starts_with(['e', 'E']) {
            let sign = usize::from(self.rest()[1..].starts_with(['+', '-']));
            if self.rest()[1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
                self.at += 1 + sign;
                self.take_while(|c| c.is_ascii_digit());
                float = true;
            }
        }
        let digits = &self.text[start..self.at];
        let value = if float {
            digits.parse().ok().filter(|value: &f64| value.is_finite()).map(Lexeme::Float)
        } else {
            digits.parse().ok().map(Lexeme::Int)
        };
        let Some(value) = value else {
            return Err(self.error(start, "this number is too large"));
        };
        if self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            let tail = self.take_while(|c| c.is_alphanumeric() || c == '_');
            let unsigned = matches!(tail, "u" | "U");
            let error = self.error(start, "a number is followed by letters");
            return Err(if unsigned {
                error.help("there are no unsigned numbers: leave the `u` out")
            } else {
                error
            });
        }
        Ok(value)
    }

    fn text_literal(&mut self, raw: bool) -> Result<Lexeme, ExprError> {
        let start = self.at;
        let Some(quote) = self.peek() else { return Ok(Lexeme::End) };
        self.at += 1;
        let mut value = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(self.error(start, "the text does not end").help(format!("close it with {quote}")));
            };
            self.at += c.len_utf8();
            match c {
                c if c == quote => return Ok(Lexeme::Text(value)),
                '\0' => return Err(self.error(self.at - 1, "text cannot contain the character U+0000")),
                '\\' if !raw => value.push(self.escape()?),
                c => value.push(c),
            }
        }
    }

    /// After the backslash.
    fn escape(&mut self) -> Result<char, ExprError> {
        let start = self.at - 1;
        let Some(c) = self.peek() else {
            return Err(self.error(start, "the text does not end"));
        };
        self.at += c.len_utf8();
        let code = match c {
            '\\' | '\'' | '"' | '`' | '?' => return Ok(c),
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'a' => return Ok('\u{7}'),
            'b' => return Ok('\u{8}'),
            'f' => return Ok('\u{c}'),
            'v' => return Ok('\u{b}'),
            'x' | 'X' => self.code(start, 2, 16)?,
            'u' => self.code(start, 4, 16)?,
            'U' => self.code(start, 8, 16)?,
            '0'..='3' => {
                self.at -= 1;
                self.code(start, 3, 8)?
            }
            _ => {
                return Err(self
                    .error(start, "this escape is not known")
                    .help("a backslash itself is written `\\\\`"));
            }
        };
        match char::from_u32(code) {
            Some('\0') | None => Err(self.error(start, "this is not a character")),
            Some(c) => Ok(c),
        }
    }

    fn code(&mut self, start: usize, digits: usize, radix: u32) -> Result<u32, ExprError> {
        let code = self.rest().get(..digits).filter(|code| code.chars().all(|c| c.is_digit(radix)));
        match code.and_then(|code| u32::from_str_radix(code, radix).ok()) {
            Some(code) => {
                self.at += digits;
                Ok(code)
            }
            None => Err(self.error(start, format!("this escape needs {digits} digits"))),
        }
    }
}
