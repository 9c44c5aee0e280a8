//! Arguments of attributes: `a, b desc, key = value, "text", -1, [x, y]`.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};

use crate::finding::{Findings, Loc};

/// A name where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub text: String,
    pub loc: Loc,
}

/// One attribute as written.
#[derive(Debug, Clone)]
pub(crate) struct Attr {
    pub name: Name,
    pub args: Vec<Arg>,
    /// The whole of it, `#` to `]`.
    pub loc: Loc,
}

/// One argument.
#[derive(Debug, Clone)]
pub(crate) struct Arg {
    pub key: Option<Name>,
    pub value: ArgValue,
    /// `desc` (true) or `asc` (false) behind it.
    pub order: Option<bool>,
    pub loc: Loc,
    /// Place of the value alone.
    pub value_loc: Loc,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ArgValue {
    Word(String),
    Text(String),
    Number(String),
    Bool(bool),
    List(Vec<ArgValue>),
}

impl Arg {
    /// The text, when it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            ArgValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name, when it is one.
    pub fn word(&self) -> Option<&str> {
        match &self.value {
            ArgValue::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A name or a text.
    pub fn word_or_text(&self) -> Option<&str> {
        self.word().or(self.text())
    }
}

impl Attr {
    /// The argument with this key.
    pub fn get(&self, key: &str) -> Option<&Arg> {
        self.args.iter().find(|arg| arg.key.as_ref().is_some_and(|name| name.text == key))
    }

    /// The text given for this key.
    pub fn get_text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Arg::word_or_text)
    }

    /// Whether `key` stands there alone or is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.args.iter().any(|arg| match &arg.key {
            Some(name) => name.text == key && arg.value == ArgValue::Bool(true),
            None => arg.word() == Some(key),
        })
    }

    /// Arguments without a key.
    pub fn positional(&self) -> impl Iterator<Item = &Arg> {
        self.args.iter().filter(|arg| arg.key.is_none())
    }
}

/// Without the `r#` of a raw identifier.
pub(crate) fn plain_ident(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    match text.strip_prefix("r#") {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Reads the arguments between an attribute's parentheses.
pub(crate) fn parse_args(tokens: TokenStream, file: u32, findings: &mut Findings) -> Vec<Arg> {
    let mut args = Vec::new();
    let mut segment = Vec::new();
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                finish_segment(&segment, file, punct.span(), findings, &mut args);
                segment.clear();
            }
            _ => segment.push(token),
        }
    }
    if !segment.is_empty() {
        finish_segment(&segment, file, Span::call_site(), findings, &mut args);
    }
    args
}

fn finish_segment(segment: &[TokenTree], file: u32, comma: Span, findings: &mut Findings, args: &mut Vec<Arg>) {
    let loc = segment_loc(segment, file).unwrap_or(Loc { file, span: comma });
    match parse_segment(segment, file, loc) {
        Some(arg) => args.push(arg),
        None => {
            findings
                .error("malformed_attribute", loc, "this argument cannot be understood")
                .help("an argument is a name, a text in quotes, a number, a list in brackets, or `key = value`");
        }
    }
}

fn segment_loc(segment: &[TokenTree], file: u32) -> Option<Loc> {
    let first = Loc {
        file,
        span: segment.first()?.span(),
    };
    Some(first.to(Loc {
        file,
        span: segment.last()?.span(),
    }))
}

fn parse_segment(segment: &[TokenTree], file: u32, loc: Loc) -> Option<Arg> {
    if let [TokenTree::Ident(key), TokenTree::Punct(equals), rest @ ..] = segment
        && equals.as_char() == '='
        && equals.spacing() == Spacing::Alone
    {
        let key = Name {
            text: plain_ident(key),
            loc: Loc { file, span: key.span() },
        };
        return parse_value_and_order(rest, Some(key), file, loc);
    }
    parse_value_and_order(segment, None, file, loc)
}

fn parse_value_and_order(tokens: &[TokenTree], key: Option<Name>, file: u32, loc: Loc) -> Option<Arg> {
    let (tokens, order) = match tokens {
        [value @ .., TokenTree::Ident(last)] if !value.is_empty() && last == "desc" => (value, Some(true)),
        [value @ .., TokenTree::Ident(last)] if !value.is_empty() && last == "asc" => (value, Some(false)),
        _ => (tokens, None),
    };
    Some(Arg {
        key,
        value: parse_value(tokens)?,
        order,
        loc,
        value_loc: segment_loc(tokens, file)?,
    })
}

fn parse_value(tokens: &[TokenTree]) -> Option<ArgValue> {
    match tokens {
        [TokenTree::Ident(ident)] => Some(match plain_ident(ident).as_str() {
            "true" => ArgValue::Bool(true),
            "false" => ArgValue::Bool(false),
            word => ArgValue::Word(word.to_owned()),
        }),
        [TokenTree::Literal(literal)] => literal_value(literal, ""),
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => match literal_value(literal, "-")? {
            number @ ArgValue::Number(_) => Some(number),
            _ => None,
        },
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => list_value(group.stream()),
        // A macro's own tokens can come wrapped in an invisible group.
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => parse_value(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => None,
    }
}

fn list_value(tokens: TokenStream) -> Option<ArgValue> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return Some(ArgValue::List(Vec::new()));
    }
    let mut parts: Vec<&[TokenTree]> = tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .collect();
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    let items: Option<Vec<ArgValue>> = parts.into_iter().map(parse_value).collect();
    items.map(ArgValue::List)
}

fn literal_value(literal: &proc_macro2::Literal, sign: &str) -> Option<ArgValue> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) if text.suffix().is_empty() => Some(ArgValue::Text(text.value())),
        syn::Lit::Int(number) if number.suffix().is_empty() => Some(ArgValue::Number(format!("{sign}{}", number.base10_digits()))),
        syn::Lit::Float(number) if number.suffix().is_empty() => Some(ArgValue::Number(format!("{sign}{}", number.base10_digits()))),
        syn::Lit::Bool(value) => Some(ArgValue::Bool(value.value)),
        _ => None,
    }
}
