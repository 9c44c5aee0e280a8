//! Cuts a file into its declarations, so that a mistake in one hides nothing about the others, and refuses what is nested so
//! deeply that reading it would exhaust the stack.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::raw::{RawItem, read_item};
use crate::SourceFile;
use crate::finding::{Findings, Loc};

const MAX_DEPTH: usize = 32;
const MAX_RUN: usize = 256;

/// The declarations of one file.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub items: Vec<RawItem>,
    /// Names of declarations that could not be read: what uses them is not wrong for that.
    pub unreadable: Vec<String>,
    /// Bytes before the first token (a byte order mark).
    pub shift: usize,
}

/// Reads the declarations of one file.
pub(crate) fn read_items(source: &SourceFile, file: u32, findings: &mut Findings) -> Items {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let shift = source.text.len() - text.len();
    let tokens = match TokenStream::from_str(text) {
        Ok(tokens) => tokens,
        Err(error) => {
            findings
                .error("syntax", Loc { file, span: error.span() }, "from here on the file cannot be read")
                .help("look for a bracket or a quote that is not closed, or one too many");
            return Items { shift, ..Items::default() };
        }
    };
    let mut out = Items { shift, ..Items::default() };
    for item in split(tokens) {
        let Some(first) = item.first() else { continue };
        let loc = Loc { file, span: first.span() };
        if !check_depth(&item, 0) {
            findings.error(
                "too_complex",
                loc,
                "this declaration is nested too deeply, or a part of it is too long",
            );
            continue;
        }
        match kind(&item) {
            Kind::Declaration => {
                let name = declared_name(&item);
                match read_item(item.into_iter().collect(), file, findings) {
                    Some(read) => out.items.push(read),
                    None => out.unreadable.extend(name),
                }
            }
            Kind::Nothing => {}
            Kind::Other(word) => not_supported(&word, &item, file, findings),
        }
    }
    out
}

fn declared_name(item: &[TokenTree]) -> Option<String> {
    let at = item
        .iter()
        .position(|token| matches!(token, TokenTree::Ident(ident) if *ident == "struct" || *ident == "enum"))?;
    Some(item.get(at + 1)?.to_string())
}

fn not_supported(word: &str, item: &[TokenTree], file: u32, findings: &mut Findings) {
    let at = item
        .iter()
        .find(|token| matches!(token, TokenTree::Ident(ident) if *ident == word))
        .or(item.first());
    let Some(at) = at else { return };
    let finding = findings.error(
        "not_supported",
        Loc { file, span: at.span() },
        format!("`{word}` has no place in a schema file: it has structs, enums and `use` lines only"),
    );
    match word {
        "fn" | "impl" | "trait" | "mod" | "const" | "static" => {
            finding.help("a schema is read as data and never run; put code into another file");
        }
        "type" => {
            finding.help("write the type itself on each field");
        }
        _ => {
            finding
                .maybe_help(crate::finding::similar(word, ["struct", "enum", "use", "pub"]).map(|name| format!("did you mean `{name}`?")));
        }
    }
}

enum Kind {
    Declaration,
    Nothing,
    Other(String),
}

fn kind(item: &[TokenTree]) -> Kind {
    let mut rest = item;
    loop {
        match rest {
            [TokenTree::Punct(hash), TokenTree::Group(_), after @ ..] if hash.as_char() == '#' => rest = after,
            [TokenTree::Punct(hash), TokenTree::Punct(not), TokenTree::Group(_), after @ ..]
                if hash.as_char() == '#' && not.as_char() == '!' =>
            {
                rest = after;
            }
            [TokenTree::Ident(vis), TokenTree::Group(group), after @ ..]
                if *vis == "pub" && group.delimiter() == Delimiter::Parenthesis =>
            {
                rest = after
            }
            [TokenTree::Ident(vis), after @ ..] if *vis == "pub" => rest = after,
            [TokenTree::Ident(word), ..] if *word == "struct" || *word == "enum" => return Kind::Declaration,
            [TokenTree::Ident(word), ..] if *word == "use" => return Kind::Nothing,
            [TokenTree::Ident(word), ..] => return Kind::Other(word.to_string()),
            [] => return Kind::Nothing,
            [TokenTree::Punct(semicolon)] if semicolon.as_char() == ';' => return Kind::Nothing,
            [other, ..] => return Kind::Other(other.to_string().chars().take(40).collect()),
        }
    }
}

/// Items end at `;` or at a group in braces; `use a::{b};` ends at its `;`.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut items = Vec::new();
    let mut item: Vec<TokenTree> = Vec::new();
    let mut attribute_next = false;
    for token in tokens {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use(&item),
            _ => false,
        };
        // `#![…]` stands alone.
        let inner_attribute = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
            && attribute_next
            && matches!(item.as_slice(), [.., TokenTree::Punct(hash), TokenTree::Punct(not)] if hash.as_char() == '#' && not.as_char() == '!');
        attribute_next = matches!(&token, TokenTree::Punct(punct) if matches!(punct.as_char(), '#' | '!'));
        item.push(token);
        if ends || (inner_attribute && item.len() == 3) {
            items.push(std::mem::take(&mut item));
        }
    }
    if !item.is_empty() {
        items.push(item);
    }
    items
}

fn is_use(item: &[TokenTree]) -> bool {
    item.iter().any(|token| matches!(token, TokenTree::Ident(ident) if *ident == "use"))
}

fn check_depth(tokens: &[TokenTree], depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let (mut angle, mut run) = (0usize, 0usize);
    for token in tokens {
        run += 1;
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => angle += 1,
                '>' => angle = angle.saturating_sub(1),
                ',' | ';' | '#' => run = 0,
                _ => {}
            },
            TokenTree::Group(group) => {
                run = 0;
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                if !check_depth(&inner, depth + 1) {
                    return false;
                }
            }
            _ => {}
        }
        if angle > MAX_DEPTH || run > MAX_RUN {
            return false;
        }
    }
    true
}
