//! Tokens to tree: precedence climbing with a bound on depth and length.

use glaze_model::Span;

use crate::{
    ExprError,
    ast::{Ast, Kind, MAX_DEPTH, Macro, Name},
    lex::{Lexeme, Token, lex},
    tree::{Arith, Compare},
};

/// Longer texts are refused.
pub const MAX_LENGTH: usize = 10_000;

/// Reads an expression.
///
/// # Errors
/// When the text is not one: the first place where it goes wrong.
pub fn parse(text: &str) -> Result<Ast, ExprError> {
    if text.len() > MAX_LENGTH {
        let span = Span { start: 0, end: text.len() };
        return Err(ExprError::new(format!("the expression is longer than {MAX_LENGTH} bytes"), span));
    }
    let tokens = lex(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    if parser.tokens.len() == 1 {
        return Err(ExprError::new("the expression is empty", Span { start: 0, end: text.len() }));
    }
    let ast = parser.expression()?;
    match parser.peek() {
        Lexeme::End => Ok(ast),
        _ => Err(parser.unexpected("an operator")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: u16,
}

type Parsed = Result<Ast, ExprError>;

impl Parser {
    fn token(&self) -> &Token {
        // The last token is `End` and never passed.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Lexeme {
        &self.token().kind
    }

    fn span(&self) -> Span {
        self.token().span
    }

    fn advance(&mut self) -> Token {
        let token = self.token().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Lexeme::Sign(found) if *found == sign);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<Span, ExprError> {
        let span = self.span();
        if self.eat(sign) {
            Ok(span)
        } else {
            Err(self.unexpected(&format!("`{sign}`")))
        }
    }

    fn unexpected(&self, wanted: &str) -> ExprError {
        let found = match self.peek() {
            Lexeme::Name(name) => format!("`{name}`"),
            Lexeme::Int(_) | Lexeme::Float(_) => "a number".to_owned(),
            Lexeme::Text(_) => "text".to_owned(),
            Lexeme::Sign(sign) => format!("`{sign}`"),
            Lexeme::End => "the end".to_owned(),
        };
        let error = ExprError::new(format!("expected {wanted}, found {found}"), self.span());
        match self.peek() {
            Lexeme::Sign("=") => error.help("equality is written `==`"),
            Lexeme::Sign("{") => error.help("there are no maps in expressions"),
            Lexeme::Name(name) if name == "and" => error.help("write `&&`"),
            Lexeme::Name(name) if name == "or" => error.help("write `||`"),
            Lexeme::Name(name) if name == "is" => error.help("write `==`"),
            _ => error,
        }
    }

    fn node(&self, kind: Kind, span: Span) -> Parsed {
        let ast = Ast::new(kind, span);
        if ast.height() > MAX_DEPTH { Err(too_deep(span)) } else { Ok(ast) }
    }

    /// One level deeper; every recursion of the parser passes here.
    fn nested(&mut self, inner: impl FnOnce(&mut Parser) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return Err(too_deep(self.span()));
        }
        self.depth += 1;
        let ast = inner(self);
        self.depth -= 1;
        ast
    }

    /// `a ? b : c`, to the right.
    fn expression(&mut self) -> Parsed {
        self.nested(|parser| {
            let condition = parser.either()?;
            if !parser.eat("?") {
                return Ok(condition);
            }
            let then = parser.either()?;
            parser.expect(":")?;
            let otherwise = parser.expression()?;
            let span = join(condition.span, otherwise.span);
            parser.node(Kind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), span)
        })
    }

    fn either(&mut self) -> Parsed {
        self.chain("||", Parser::both, Kind::Or)
    }

    fn both(&mut self) -> Parsed {
        self.chain("&&", Parser::relation, Kind::And)
    }

    /// Operands joined by one operator, as one node: long chains stay flat.
    fn chain(&mut self, sign: &str, operand: fn(&mut Parser) -> Parsed, kind: fn(Vec<Ast>) -> Kind) -> Parsed {
        let first = operand(self)?;
        let mut span = first.span;
        let mut items = vec![first];
        while self.eat(sign) {
            let item = operand(self)?;
            span = join(span, item.span);
            items.push(item);
        }
        if items.len() == 1 {
            Ok(items.remove(0))
        } else {
            self.node(kind(items), span)
        }
    }

    fn relation(&mut self) -> Parsed {
        let mut left = self.sum()?;
        loop {
            let compare = match self.peek() {
                Lexeme::Sign("==") => Some(Compare::Eq),
                Lexeme::Sign("!=") => Some(Compare::Ne),
                Lexeme::Sign("<") => Some(Compare::Lt),
                Lexeme::Sign("<=") => Some(Compare::Le),
                Lexeme::Sign(">") => Some(Compare::Gt),
                Lexeme::Sign(">=") => Some(Compare::Ge),
                Lexeme::Name(name) if name == "in" => None,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.sum()?;
            let span = join(left.span, right.span);
            let (a, b) = (Box::new(left), Box::new(right));
            let kind = match compare {
                Some(op) => Kind::Compare(op, a, b),
                None => Kind::In(a, b),
            };
            left = self.node(kind, span)?;
        }
    }

    fn sum(&mut self) -> Parsed {
        self.arithmetic(&[("+", Arith::Add), ("-", Arith::Sub)], Parser::product)
    }

    fn product(&mut self) -> Parsed {
        self.arithmetic(&[("*", Arith::Mul), ("/", Arith::Div), ("%", Arith::Rem)], Parser::unary)
    }

    fn arithmetic(&mut self, signs: &[(&str, Arith)], operand: fn(&mut Parser) -> Parsed) -> Parsed {
        let mut left = operand(self)?;
        while let Some((_, op)) = signs
            .iter()
            .find(|(sign, _)| matches!(self.peek(), Lexeme::Sign(found) if found == sign))
        {
            self.advance();
            let right = operand(self)?;
            let span = join(left.span, right.span);
            left = self.node(Kind::Arith(*op, Box::new(left), Box::new(right)), span)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span();
        if self.eat("!") {
            let inner = self.nested(Parser::unary)?;
            let span = join(start, inner.span);
            return self.node(Kind::Not(Box::new(inner)), span);
        }
        if self.eat("-") {
            if matches!(self.peek(), Lexeme::Int(_) | Lexeme::Float(_)) {
                let token = self.advance();
                let literal = self.number(&token, true, join(start, token.span))?;
                return self.postfix(literal);
            }
            let inner = self.nested(Parser::unary)?;
            let span = join(start, inner.span);
            return self.node(Kind::Neg(Box::new(inner)), span);
        }
        let primary = self.primary()?;
        self.postfix(primary)
    }

    fn number(&self, token: &Token, negative: bool, span: Span) -> Parsed {
        let kind = match token.kind {
            Lexeme::Int(value) if negative => 0i64.checked_sub_unsigned(value).map(Kind::Int),
            Lexeme::Int(value) => i64::try_from(value).ok().map(Kind::Int),
            Lexeme::Float(value) => Some(Kind::Float(if negative { -value } else { value })),
            _ => None,
        };
        kind.map(|kind| Ast::new(kind, span))
            .ok_or_else(|| ExprError::new("this number is too large", span))
    }

    fn primary(&mut self) -> Parsed {
        let token = self.token().clone();
        let kind = match token.kind {
            Lexeme::Int(_) | Lexeme::Float(_) => {
                self.advance();
                return self.number(&token, false, token.span);
            }
            Lexeme::Text(value) => Kind::Text(value),
            Lexeme::Name(ref name) => match name.as_str() {
                "null" => Kind::Null,
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "in" => return Err(self.unexpected("a value")),
                _ => return self.name_or_call(),
            },
            Lexeme::Sign("(") => {
                self.advance();
                let mut inner = self.expression()?;
                let end = self.expect(")")?;
                // With the brackets, except for what a rename replaces.
                if !matches!(inner.kind, Kind::Name(_) | Kind::Text(_)) {
                    inner.span = join(token.span, end);
                }
                return Ok(inner);
            }
            Lexeme::Sign("[") => {
                self.advance();
                let (items, end) = self.list("]")?;
                return self.node(Kind::List(items), join(token.span, end));
            }
            Lexeme::Sign(_) | Lexeme::End => return Err(self.unexpected("a value")),
        };
        self.advance();
        Ok(Ast::new(kind, token.span))
    }

    fn name_or_call(&mut self) -> Parsed {
        let name = self.name("a name")?;
        if self.eat("(") {
            let (args, end) = self.list(")")?;
            let span = join(name.span, end);
            return self.node(Kind::Call { on: None, name, args }, span);
        }
        let span = name.span;
        Ok(Ast::new(Kind::Name(name.text), span))
    }

    fn name(&mut self, wanted: &str) -> Result<Name, ExprError> {
        match self.token().clone() {
            Token {
                kind: Lexeme::Name(text),
                span,
            } if !is_keyword(&text) => {
                self.advance();
                Ok(Name { text, span })
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// Items up to the closing sign; a comma may follow the last.
    fn list(&mut self, close: &str) -> Result<(Vec<Ast>, Span), ExprError> {
        let mut items = Vec::new();
        loop {
            let end = self.span();
            if self.eat(close) {
                return Ok((items, end));
            }
            items.push(self.expression()?);
            if !self.eat(",") {
                let end = self.expect(close)?;
                return Ok((items, end));
            }
        }
    }

    fn postfix(&mut self, mut base: Ast) -> Parsed {
        loop {
            if self.eat(".") {
                let name = self.name("a name after the dot")?;
                base = if self.eat("(") {
                    self.method(base, name)?
                } else {
                    let span = join(base.span, name.span);
                    self.node(Kind::Member(Box::new(base), name), span)?
                };
            } else if self.eat("[") {
                let key = self.expression()?;
                let end = self.expect("]")?;
                let span = join(base.span, end);
                base = self.node(Kind::Index(Box::new(base), Box::new(key)), span)?;
            } else {
                return Ok(base);
            }
        }
    }

    fn method(&mut self, on: Ast, name: Name) -> Parsed {
        let (args, end) = self.list(")")?;
        let span = join(on.span, end);
        if matches!(name.text.as_str(), "exists_one" | "existsOne" | "map") {
            let error = ExprError::new(format!("`{}` is not supported", name.text), name.span);
            return Err(error.help("use `exists`, `all`, or `size(relation.filter(row, condition)) == 1`"));
        }
        let Some((_, kind)) = Macro::ALL.iter().find(|(known, _)| *known == name.text) else {
            return self.node(
                Kind::Call {
                    on: Some(Box::new(on)),
                    name,
                    args,
                },
                span,
            );
        };
        let advice = || format!("write `.{0}(row, condition)`", name.text);
        let [row, body] = <[Ast; 2]>::try_from(args)
            .map_err(|_| ExprError::new(format!("`{}` takes a name for the row and a condition", name.text), span).help(advice()))?;
        let Kind::Name(text) = row.kind else {
            return Err(ExprError::new("expected a name for the row", row.span).help(advice()));
        };
        let row = Name { text, span: row.span };
        self.node(
            Kind::Macro {
                kind: *kind,
                over: Box::new(on),
                row,
                body: Box::new(body),
            },
            span,
        )
    }
}

/// Words that cannot be names.
pub(crate) fn is_keyword(name: &str) -> bool {
    matches!(name, "true" | "false" | "null" | "in")
}

fn too_deep(span: Span) -> ExprError {
    ExprError::new(format!("the expression is nested more than {MAX_DEPTH} levels deep"), span)
}

fn join(a: Span, b: Span) -> Span {
    Span {
        start: a.start,
        end: b.end,
    }
}
