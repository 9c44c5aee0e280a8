//! Edits of embedded structs, sets of blocks and the kinds in them.

use glaze_model::{BlockKind, Model, snake_case};

use super::attributes::change_keys;
use super::elements::{Place, insert, remove as remove_element};
use super::entities::append;
use super::tree::{Tree, mentions};
use crate::edit::EditRefused;
use crate::rust::print::{Written, block_text, blocks_text, doc_lines, embedded_text, text_literal, written_value};
use crate::rust::raw::{RawEnum, RawItem, RawVariant};

pub(super) fn add_embedded(tree: &mut Tree<'_>, after: &Model, name: &str, file: Option<&str>) -> Result<(), EditRefused> {
    let item = after.embedded_type(name);
    let item = item.ok_or_else(|| EditRefused::NotFound(format!("embedded struct `{name}`")))?;
    append(tree, file, &embedded_text(after, item))
}

pub(super) fn add_set(tree: &mut Tree<'_>, after: &Model, name: &str, file: Option<&str>) -> Result<(), EditRefused> {
    let item = after.block_set(name);
    let item = item.ok_or_else(|| EditRefused::NotFound(format!("set of blocks `{name}`")))?;
    append(tree, file, &blocks_text(after, item))
}

/// Renames an embedded struct or a set of blocks, and its name in every type. Content knows neither by its name.
pub(super) fn rename(tree: &mut Tree<'_>, name: &str, to: &str) -> Result<(), EditRefused> {
    let loc = tree.item(name)?.name().loc;
    tree.replace_at(loc, to);
    for (_, field) in tree.fields() {
        let mut places = Vec::new();
        mentions(&field.ty, name, &mut places);
        places.into_iter().for_each(|place| tree.replace_at(place, to));
    }
    Ok(())
}

fn set_of(tree: &Tree<'_>, name: &str) -> Result<RawEnum, EditRefused> {
    match tree.item(name)? {
        RawItem::Blocks(item) => Ok(item),
        _ => Err(EditRefused::NotFound(format!("set of blocks `{name}`"))),
    }
}

fn kind_of<'a>(set: &'a RawEnum, name: &str) -> Result<(usize, &'a RawVariant), EditRefused> {
    let found = set.variants.iter().enumerate().find(|(_, variant)| variant.name.text == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("kind `{name}` of `{}`", set.name.text)))
}

pub(super) fn add_kind(tree: &mut Tree<'_>, after: &Model, name: &str, kind: &BlockKind, place: Option<&str>) -> Result<(), EditRefused> {
    let raw = set_of(tree, name)?;
    let modelled = after
        .block_set(name)
        .and_then(|set| set.kinds.iter().find(|other| other.name == kind.name));
    let kind = modelled.ok_or_else(|| EditRefused::NotFound(format!("kind `{}` of `{name}`", kind.name)))?;
    let text = format!(
        "{}{}{}",
        doc_lines(&kind.doc, "    "),
        written_value(&kind.name, &kind.value),
        block_text(after, kind)
    );
    let text = text.trim_end().trim_end_matches(',');
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned())
        .collect();
    let place = match place {
        Some(place) => Place::After(kind_of(&raw, place)?.1.whole),
        None => raw.variants.last().map_or(Place::First(None), |last| Place::After(last.whole)),
    };
    insert(tree, &raw.layout, &place, &lines);
    Ok(())
}

pub(super) fn remove_kind(tree: &mut Tree<'_>, name: &str, kind: &str) -> Result<(), EditRefused> {
    let raw = set_of(tree, name)?;
    let (at, found) = kind_of(&raw, kind)?;
    let before = at.checked_sub(1).and_then(|at| raw.variants.get(at)).map(|variant| variant.whole);
    remove_element(tree, found.whole, before);
    Ok(())
}

/// Renames a kind. What it is called in content stays, and is said where the new name would not.
pub(super) fn rename_kind(tree: &mut Tree<'_>, before: &Model, name: &str, kind: &str, to: &str) -> Result<(), EditRefused> {
    let raw = set_of(tree, name)?;
    let (_, found) = kind_of(&raw, kind)?;
    tree.replace_at(found.name.loc, to);
    let modelled = before
        .block_set(name)
        .and_then(|set| set.kinds.iter().find(|other| other.name == kind));
    let value = modelled.map(|kind| kind.value.as_str()).unwrap_or_default();
    let said = |name: &str| {
        (snake_case(name) != value).then(|| Written {
            name: "db",
            args: vec![(Some("value"), text_literal(value))],
        })
    };
    change_keys(tree, &found.attrs, found.name.loc, "db", said(kind).as_ref(), said(to).as_ref());
    Ok(())
}
