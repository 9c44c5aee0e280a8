//! Expressions that follow a rename.

use glaze_model::Span;

use super::tree::Tree;
use crate::finding::Loc;
use crate::rust::literal::Places;
use crate::rust::print::text_literal;
use crate::rust::raw::RawItem;
use crate::rust::read::expression;
use crate::rust::tokens::Attr;

/// Brings every expression up to date: `renamed` gives the new text for an entity's expression that changes.
pub(super) fn rewrite(tree: &mut Tree<'_>, renamed: impl Fn(&str, &str) -> Option<String>) {
    let mut changes: Vec<(Loc, String, String)> = Vec::new();
    for item in &tree.items {
        let RawItem::Entity(entity) = item else { continue };
        let attrs = entity
            .attrs
            .list
            .iter()
            .chain(entity.fields.iter().flat_map(|field| &field.attrs.list));
        for (loc, text) in attrs.filter_map(text_of) {
            if let Some(new) = renamed(&entity.name.text, text).filter(|new| new != text) {
                changes.push((loc, text.to_owned(), new));
            }
        }
    }
    for (loc, old, new) in changes {
        replace(tree, loc, &old, &new);
    }
}

fn text_of(attr: &Attr) -> Option<(Loc, &str)> {
    let arg = expression(attr)?;
    Some((arg.value_loc, arg.text()?))
}

/// Changes a literal where its value changes, as far as it stands there letter by letter.
fn replace(tree: &mut Tree<'_>, loc: Loc, old: &str, new: &str) {
    let source = tree.at(loc);
    let (start, end) = difference(old, new);
    let part = &new[start..new.len() - (old.len() - end)];
    let places = Places::of(source, old).filter(Places::is_plain);
    match places.and_then(|places| places.span(Span { start, end })) {
        Some(span) if !part.contains(['"', '\\']) => {
            let base = tree.range(loc).start;
            tree.replace(loc.file, base + span.start..base + span.end, part);
        }
        _ => tree.replace_at(loc, text_literal(new)),
    }
}

/// The part of `old` that is not the same in `new`, in bytes.
fn difference(old: &str, new: &str) -> (usize, usize) {
    let mut start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    while !old.is_char_boundary(start) {
        start -= 1;
    }
    let room = old.len().min(new.len()) - start;
    let mut same = old
        .bytes()
        .rev()
        .zip(new.bytes().rev())
        .take(room)
        .take_while(|(a, b)| a == b)
        .count();
    while !old.is_char_boundary(old.len() - same) {
        same -= 1;
    }
    (start, old.len() - same)
}
