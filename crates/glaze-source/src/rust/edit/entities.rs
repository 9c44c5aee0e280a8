//! Edits of whole declarations.

use glaze_model::Model;

use super::fields::rename_was;
use super::lines::{ending, line_start, whole_lines};
use super::tree::{Tree, mentions};
use crate::edit::EditRefused;
use crate::rust::print::entity_text;
use crate::rust::raw::RawItem;

/// Adds an entity that the model has already.
pub(super) fn add(tree: &mut Tree<'_>, after: &Model, name: &str, file: Option<&str>) -> Result<(), EditRefused> {
    let entity = after
        .entity(name)
        .ok_or_else(|| EditRefused::NotFound(format!("entity `{name}`")))?;
    let text = entity_text(after, entity);
    append(tree, file, &text)
}

/// Puts a declaration at the end of a file, after an empty line.
pub(super) fn append(tree: &mut Tree<'_>, file: Option<&str>, declaration: &str) -> Result<(), EditRefused> {
    let file = tree.file(file)?;
    let text = tree.text(file);
    let end = ending(text);
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push_str(end);
    }
    if !text.trim_start_matches('\u{feff}').trim().is_empty() {
        added.push_str(end);
    }
    added.push_str(&declaration.replace('\n', end));
    tree.replace(file, text.len()..text.len(), added);
    Ok(())
}

/// Removes a declaration, and one of the empty lines around it.
pub(super) fn remove(tree: &mut Tree<'_>, name: &str) -> Result<(), EditRefused> {
    let item = tree.item(name)?;
    let whole = match &item {
        RawItem::Entity(item) | RawItem::Embedded(item) => item.layout.whole,
        RawItem::Enum(item) | RawItem::Blocks(item) => item.layout.whole,
    };
    let text = tree.text(whole.file);
    let range = tree.range(whole);
    let range = match whole_lines(text, range.clone()) {
        None => range,
        Some(lines) => {
            let before = &text[..lines.start];
            let empty_before = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n") || before == "\u{feff}";
            let rest = &text[lines.end..];
            if empty_before && let Some(empty) = ["\r\n", "\n"].into_iter().find(|empty| rest.starts_with(empty)) {
                lines.start..lines.end + empty.len()
            } else if rest.is_empty() && empty_before && !before.is_empty() {
                line_start(text, lines.start - 1)..lines.end
            } else {
                lines
            }
        }
    };
    tree.replace(whole.file, range, "");
    Ok(())
}

/// Renames a declaration, and its name in every type.
pub(super) fn rename(tree: &mut Tree<'_>, name: &str, to: &str) -> Result<(), EditRefused> {
    let item = tree.item(name)?;
    let (attrs, layout) = match &item {
        RawItem::Entity(item) | RawItem::Embedded(item) => (&item.attrs, item.layout),
        RawItem::Enum(item) | RawItem::Blocks(item) => (&item.attrs, item.layout),
    };
    tree.replace_at(item.name().loc, to);
    rename_was(tree, attrs, layout.keyword, name, to);
    for (_, field) in tree.fields() {
        let mut places = Vec::new();
        mentions(&field.ty, name, &mut places);
        for place in places {
            tree.replace_at(place, to);
        }
    }
    Ok(())
}
