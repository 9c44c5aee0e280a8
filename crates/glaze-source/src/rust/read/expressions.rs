//! Expressions are judged by `glaze-expr` once the model is there.

use glaze_expr::ExprError;

use super::Reader;
use crate::rust::literal::Places;
use crate::rust::tokens::{Arg, Attr};

impl Reader<'_> {
    pub(super) fn check_expressions(&mut self) {
        for raw in self.entities.clone() {
            let name = raw.name.text.as_str();
            for attr in &raw.attrs.list {
                self.check_attribute(name, None, attr);
            }
            for field in &raw.fields {
                for attr in &field.attrs.list {
                    self.check_attribute(name, Some(&field.name.text), attr);
                }
            }
        }
    }

    fn check_attribute(&mut self, entity: &str, field: Option<&str>, attr: &Attr) {
        let Some(arg) = expression(attr) else { return };
        let Some(text) = arg.text() else { return };
        if self.broken.iter().any(|name| mentions_word(text, name)) {
            return;
        }
        let model = &self.model;
        let judged = match (attr.name.text.as_str(), field) {
            ("can" | "cannot", _) => {
                let action = attr.positional().next().and_then(Arg::word).unwrap_or_default();
                glaze_expr::check_rule(model, entity, action, text).map(drop)
            }
            ("rule", _) => glaze_expr::check_validation(model, entity, text).map(drop),
            ("index", _) => glaze_expr::check_index_filter(model, entity, text).map(drop),
            ("computed", Some(field)) => match model.entity(entity).and_then(|entity| entity.field(field)) {
                Some(field) => glaze_expr::check_computed(model, entity, field, text).map(drop),
                None => Ok(()),
            },
            _ => Ok(()),
        };
        let Err(errors) = judged else { return };
        let source = arg.value_loc.span.source_text();
        let places = source.as_deref().and_then(|source| Places::of(source, text));
        for error in errors {
            self.report(arg, &error, places.as_ref());
        }
    }

    fn report(&mut self, arg: &Arg, error: &ExprError, places: Option<&Places>) {
        let part = places.and_then(|places| places.span(error.span));
        let finding = self.findings.error("invalid_expression", arg.value_loc, error.message.clone());
        finding.maybe_help(error.help.clone());
        finding.part = part;
    }
}

/// The argument of an attribute that is an expression.
pub(crate) fn expression(attr: &Attr) -> Option<&Arg> {
    match attr.name.text.as_str() {
        "can" | "cannot" => attr.positional().nth(1),
        "rule" | "computed" => attr.positional().next(),
        "index" => attr.get("where"),
        _ => None,
    }
}

/// Whether the word stands in the text by itself.
fn mentions_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !inside(c)).any(|found| found == word)
}
