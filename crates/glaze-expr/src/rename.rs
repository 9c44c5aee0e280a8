//! What an expression mentions, and renaming it there.

use glaze_model::{Model, Span};

use crate::{
    check::{self, Allow, Expected},
    parse::{is_keyword, parse},
    print::quote,
};

/// A field or an enum value that an expression speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// A field.
    Field {
        /// Name of its entity or embedded struct.
        of: String,
        /// Its name.
        field: String,
        /// Byte range of the name.
        span: Span,
        /// It stands alone (`title`), not after a dot.
        bare: bool,
    },
    /// An enum value.
    EnumValue {
        /// Name of the enum.
        of: String,
        /// The value.
        value: String,
        /// Byte range of the text, quotes included.
        span: Span,
    },
}

impl Mention {
    fn span(&self) -> Span {
        match self {
            Mention::Field { span, .. } | Mention::EnumValue { span, .. } => *span,
        }
    }
}

/// Everything that an expression over rows of `entity` mentions, in the order of the text. What cannot be resolved is left out.
pub fn mentions(model: &Model, entity: &str, text: &str) -> Vec<Mention> {
    let Ok(ast) = parse(text) else { return Vec::new() };
    let allow = Allow {
        before: true,
        matches: true,
        ..Allow::RULE
    };
    let (_, _, mut found) = check::run(model, entity, &ast, &Expected::Any, allow);
    found.sort_by_key(|mention| mention.span().start);
    found.dedup();
    found
}

/// The expression with the field `old` of `of` (an entity or an embedded struct) called `new`; `model` is the one before the change.
/// `None` when it does not mention the field.
pub fn rename_field(model: &Model, entity: &str, text: &str, of: &str, old: &str, new: &str) -> Option<String> {
    let reserved = is_keyword(new) || matches!(new, "me" | "now" | "this" | "before") || is_row_name(text, new);
    replace(text, mentions(model, entity, text), |mention| match mention {
        Mention::Field {
            of: found, field, bare, ..
        } if found == of && field == old => Some(if *bare && reserved { format!("this.{new}") } else { new.to_owned() }),
        _ => None,
    })
}

/// The expression with the value `old` of the enum `of` written `new`. `None` when it does not mention the value.
pub fn rename_enum_value(model: &Model, entity: &str, text: &str, of: &str, old: &str, new: &str) -> Option<String> {
    replace(text, mentions(model, entity, text), |mention| match mention {
        Mention::EnumValue { of: found, value, .. } if found == of && value == old => Some(quote(new)),
        _ => None,
    })
}

fn replace(text: &str, mentions: Vec<Mention>, with: impl Fn(&Mention) -> Option<String>) -> Option<String> {
    let mut renamed = text.to_owned();
    let mut found = false;
    for mention in mentions.iter().rev() {
        if let Some(new) = with(mention) {
            let span = mention.span();
            renamed.replace_range(span.start..span.end, &new);
            found = true;
        }
    }
    found.then_some(renamed)
}

/// Whether a macro calls its rows `name`: standing alone it would mean such a row.
fn is_row_name(text: &str, name: &str) -> bool {
    fn within(ast: &crate::ast::Ast, name: &str) -> bool {
        let own = matches!(&ast.kind, crate::ast::Kind::Macro { row, .. } if row.text == name);
        own || ast.kind.children().into_iter().any(|child| within(child, name))
    }
    parse(text).is_ok_and(|ast| within(&ast, name))
}
