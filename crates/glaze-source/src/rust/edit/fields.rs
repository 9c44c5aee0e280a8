//! Edits of fields.

use glaze_model::{Entity, Field, Model};

use super::attributes;
use super::elements::{Place, insert, insert_attribute, remove as remove_element, remove_attribute, set_doc};
use super::expressions::rewrite;
use super::tree::Tree;
use crate::edit::EditRefused;
use crate::rust::print::{self, field_lines, ident, text_literal, type_text};
use crate::rust::raw::{Attrs, RawField, RawStruct};

/// The field in the model, and the entity when it is in one.
fn modelled<'a>(model: &'a Model, owner: &str, name: &str) -> Option<(Option<&'a Entity>, &'a Field)> {
    if let Some(entity) = model.entity(owner) {
        return Some((Some(entity), entity.field(name)?));
    }
    let fields = match owner.split_once('.') {
        Some((set, kind)) => &model.block_set(set)?.kinds.iter().find(|other| other.name == kind)?.fields,
        None => &model.embedded_type(owner)?.fields,
    };
    Some((None, fields.iter().find(|field| field.name == name)?))
}

fn written<'a>(raw: &'a RawStruct, name: &str) -> Result<(usize, &'a RawField), EditRefused> {
    let found = raw.fields.iter().enumerate().find(|(_, field)| field.name.text == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("field `{}.{name}`", raw.name.text)))
}

/// Adds a field that the model has already.
pub(super) fn add(tree: &mut Tree<'_>, after: &Model, owner: &str, name: &str, place: Option<&str>) -> Result<(), EditRefused> {
    let raw = tree.structure(owner)?;
    let (entity, field) = modelled(after, owner, name).ok_or_else(|| EditRefused::NotFound(format!("field `{owner}.{name}`")))?;
    let text = field_lines(after, entity, field, "");
    let mut lines: Vec<String> = text.trim_end().trim_end_matches(',').lines().map(str::to_owned).collect();
    let in_block = owner.contains('.');
    if in_block || (!raw.fields.is_empty() && raw.fields.iter().all(|field| !tree.at(field.start).starts_with("pub"))) {
        lines
            .iter_mut()
            .filter(|line| line.starts_with("pub "))
            .for_each(|line| *line = line.replacen("pub ", "", 1));
    }
    if in_block && tree.range(raw.layout.open) == tree.range(raw.layout.close) {
        tree.replace_at(raw.name.loc, format!("{} {{ {} }}", raw.name.text, lines.join(" ")));
        return Ok(());
    }
    let last = raw.fields.last();
    let place = match place {
        None => last.map_or(Place::First(None), |last| Place::After(last.whole)),
        Some(place) => match raw.fields.iter().find(|field| field.name.text == place) {
            Some(field) => Place::After(field.whole),
            // The neighbour is not written: the key stands before all fields, the times after them.
            None if leads(entity, place) => Place::First(raw.fields.first().map(|field| field.whole)),
            None => last.map_or(Place::First(None), |last| Place::After(last.whole)),
        },
    };
    insert(tree, &raw.layout, &place, &lines);
    Ok(())
}

fn leads(entity: Option<&Entity>, name: &str) -> bool {
    entity.is_some_and(|entity| entity.key.iter().any(|key| key == name))
}

/// Removes a field, and itself as label and as source of slugs.
pub(super) fn remove(tree: &mut Tree<'_>, owner: &str, name: &str) -> Result<(), EditRefused> {
    let raw = tree.structure(owner)?;
    let (at, field) = written(&raw, name)?;
    let before = at.checked_sub(1).and_then(|at| raw.fields.get(at)).map(|field| field.whole);
    remove_element(tree, field.whole, before);
    for other in raw.fields.iter().filter(|other| other.name.text != name) {
        if let Some(attr) = other.attrs.get("slug").filter(|attr| attr.get_text("from") == Some(name)) {
            remove_attribute(tree, attr.loc);
        }
    }
    if raw.attrs.get("entity").is_some_and(|attr| attr.get_text("label") == Some(name)) {
        let label = print::Written {
            name: "entity",
            args: vec![(Some("label"), name.to_owned())],
        };
        attributes::change_keys(tree, &raw.attrs, raw.layout.keyword, "entity", Some(&label), None);
    }
    Ok(())
}

/// Renames a field and what names it.
pub(super) fn rename(tree: &mut Tree<'_>, before: &Model, owner: &str, name: &str, to: &str) -> Result<(), EditRefused> {
    let raw = tree.structure(owner)?;
    let (_, field) = written(&raw, name)?;
    tree.replace_at(field.name.loc, ident(to));
    rename_was(tree, &field.attrs, field.start, name, to);
    for attr in raw
        .attrs
        .list
        .iter()
        .filter(|attr| matches!(attr.name.text.as_str(), "index" | "unique"))
    {
        for arg in attr.positional().filter(|arg| arg.word() == Some(name)) {
            tree.replace_at(arg.value_loc, to);
        }
    }
    rename_key(tree, &raw.attrs, "entity", "label", name, to);
    for other in &raw.fields {
        rename_key(tree, &other.attrs, "slug", "from", name, to);
    }
    for (_, other) in tree.fields() {
        let Some(arg) = other.attrs.get("inverse").and_then(|attr| attr.positional().next()) else {
            continue;
        };
        let mut targets = Vec::new();
        super::tree::mentions(&other.ty, owner, &mut targets);
        if arg.word() == Some(name) && !targets.is_empty() {
            tree.replace_at(arg.value_loc, to);
        }
    }
    rewrite(tree, |entity, text| glaze_expr::rename_field(before, entity, text, owner, name, to));
    Ok(())
}

fn rename_key(tree: &mut Tree<'_>, attrs: &Attrs, attribute: &str, key: &str, name: &str, to: &str) {
    if let Some(arg) = attrs.get(attribute).and_then(|attr| attr.get(key))
        && arg.word() == Some(name)
    {
        tree.replace_at(arg.value_loc, to);
    }
}

/// Records the former name: the first of a chain of renames, none when the chain has come back to it.
pub(super) fn rename_was(tree: &mut Tree<'_>, attrs: &Attrs, start: crate::finding::Loc, name: &str, to: &str) {
    match attrs.get("was") {
        Some(attr) if attrs.text("was").as_deref() == Some(to) => remove_attribute(tree, attr.loc),
        Some(_) => {}
        None => insert_attribute(tree, start, &format!("#[was({})]", text_literal(name))),
    }
}

/// Changes what differs between the field as it was and as it is to be.
pub(super) fn change(tree: &mut Tree<'_>, before: &Model, after: &Model, owner: &str, name: &str) -> Result<(), EditRefused> {
    let raw = tree.structure(owner)?;
    let Ok((_, field)) = written(&raw, name) else {
        return declare(tree, before, after, owner, name);
    };
    let not_found = || EditRefused::NotFound(format!("field `{owner}.{name}`"));
    let (old_entity, old) = modelled(before, owner, name).ok_or_else(not_found)?;
    let (new_entity, new) = modelled(after, owner, name).ok_or_else(not_found)?;
    if old.doc != new.doc {
        set_doc(tree, &field.attrs, field.whole, &new.doc);
    }
    if type_text(old) != type_text(new) {
        tree.replace_at(field.ty.loc, type_text(new));
    }
    let (old, new) = (
        print::attributes(before, old_entity, old),
        print::attributes(after, new_entity, new),
    );
    attributes::change(tree, &field.attrs, field.start, &old, &new);
    Ok(())
}

/// A field that was there by itself differs from now on, so it is written.
fn declare(tree: &mut Tree<'_>, before: &Model, after: &Model, owner: &str, name: &str) -> Result<(), EditRefused> {
    let there = before
        .entity(owner)
        .and_then(|entity| Some(print::is_implied(entity, entity.field(name)?)));
    match there {
        Some(true) if before.entity(owner).is_some_and(|entity| leads(Some(entity), name)) => add(tree, after, owner, name, Some(name)),
        Some(true) => add(tree, after, owner, name, None),
        _ => Err(EditRefused::NotFound(format!("field `{owner}.{name}`"))),
    }
}
