//! Edits of enums.

use glaze_model::{EnumType, EnumValue, Model, snake_case};

use super::attributes::change_keys;
use super::elements::{Place, insert, relocate, remove as remove_element, set_doc};
use super::entities::append;
use super::expressions::rewrite;
use super::fields::rename_was;
use super::tree::{Tree, mentions};
use crate::edit::EditRefused;
use crate::rust::print::{Written, doc_lines, enum_storage, enum_text, text_literal};
use crate::rust::raw::{RawEnum, RawVariant};

pub(super) fn add(tree: &mut Tree<'_>, item: &EnumType, file: Option<&str>) -> Result<(), EditRefused> {
    append(tree, file, &enum_text(item))
}

fn variant<'a>(raw: &'a RawEnum, name: &str) -> Result<(usize, &'a RawVariant), EditRefused> {
    let found = raw.variants.iter().enumerate().find(|(_, variant)| variant.name.text == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("value `{name}` of `{}`", raw.name.text)))
}

pub(super) fn add_value(tree: &mut Tree<'_>, name: &str, value: &EnumValue, after: Option<&str>) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let mut lines: Vec<String> = doc_lines(&value.doc, "").lines().map(str::to_owned).collect();
    lines.extend(value.was.as_ref().map(|was| format!("#[was({})]", text_literal(was))));
    lines.extend((snake_case(&value.name) != value.value).then(|| format!("#[db(value = {})]", text_literal(&value.value))));
    lines.push(value.name.clone());
    let place = match after {
        Some(after) => Place::After(variant(&raw, after)?.1.whole),
        None => raw.variants.last().map_or(Place::First(None), |last| Place::After(last.whole)),
    };
    insert(tree, &raw.layout, &place, &lines);
    Ok(())
}

pub(super) fn remove_value(tree: &mut Tree<'_>, name: &str, value: &str) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let (at, found) = variant(&raw, value)?;
    let before = at.checked_sub(1).and_then(|at| raw.variants.get(at)).map(|variant| variant.whole);
    remove_element(tree, found.whole, before);
    Ok(())
}

/// Renames a value, and its name in defaults.
pub(super) fn rename_value(
    tree: &mut Tree<'_>,
    before: &Model,
    after: &Model,
    name: &str,
    value: &str,
    to: &str,
) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let (_, found) = variant(&raw, value)?;
    tree.replace_at(found.name.loc, to);
    rename_was(tree, &found.attrs, found.name.loc, value, to);
    if let (Some(old), Some(new)) = (written(before, name, value), written(after, name, to)) {
        rewrite(tree, |entity, text| {
            glaze_expr::rename_enum_value(before, entity, text, name, old, new)
        });
    }
    for (_, field) in tree.fields() {
        let mut uses = Vec::new();
        mentions(&field.ty, name, &mut uses);
        let Some(attr) = field.attrs.get("default").filter(|_| !uses.is_empty()) else {
            continue;
        };
        for arg in &attr.args {
            if arg.word() == Some(value) {
                tree.replace_at(arg.value_loc, to);
            } else if let crate::rust::tokens::ArgValue::List(_) = arg.value {
                let text = rename_words(tree.at(arg.value_loc), value, to);
                tree.replace_at(arg.value_loc, text);
            }
        }
    }
    Ok(())
}

/// Puts a value in another place, with its description and its comments.
pub(super) fn move_value(tree: &mut Tree<'_>, name: &str, value: &str, after: Option<&str>) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let (at, found) = variant(&raw, value)?;
    let place = match after {
        Some(after) if after == value => return Ok(()),
        Some(after) => variant(&raw, after)?.0 + 1,
        None => 0,
    };
    let all: Vec<_> = raw.variants.iter().map(|variant| variant.whole).collect();
    if place != at && place != at + 1 {
        relocate(tree, &raw.layout, &all, (at, found.whole), place);
    }
    Ok(())
}

/// Changes how a value is written in the database, and its description. Defaults name it by its name in the source.
pub(super) fn change_value(tree: &mut Tree<'_>, before: &Model, after: &Model, name: &str, value: &str) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let (_, found) = variant(&raw, value)?;
    let of = |model: &Model| {
        let item = model.enum_type(name)?;
        item.values.iter().find(|other| other.name == value).cloned()
    };
    let (Some(old), Some(new)) = (of(before), of(after)) else {
        return Err(EditRefused::NotFound(format!("value `{value}` of `{name}`")));
    };
    if old.doc != new.doc {
        set_doc(tree, &found.attrs, found.whole, &new.doc);
    }
    let said = |value: &EnumValue| {
        let mut out = Vec::new();
        out.extend(value.was.as_ref().map(|was| Written::new("was").arg(text_literal(was))));
        out.extend((snake_case(&value.name) != value.value).then(|| Written {
            name: "db",
            args: vec![(Some("value"), text_literal(&value.value))],
        }));
        out
    };
    super::attributes::change(tree, &found.attrs, found.name.loc, &said(&old), &said(&new));
    if old.value != new.value {
        rewrite(tree, |entity, text| {
            glaze_expr::rename_enum_value(before, entity, text, name, &old.value, &new.value)
        });
    }
    Ok(())
}

/// Changes what is said of an enum as a whole.
pub(super) fn change(tree: &mut Tree<'_>, before: &Model, name: &str, to: &EnumType) -> Result<(), EditRefused> {
    let raw = tree.enumeration(name)?;
    let old = before
        .enum_type(name)
        .ok_or_else(|| EditRefused::NotFound(format!("enum `{name}`")))?;
    if old.doc != to.doc {
        set_doc(tree, &raw.attrs, raw.layout.whole, &to.doc);
    }
    let was = |item: &EnumType| item.was.as_ref().map(|was| Written::new("was").arg(text_literal(was)));
    let (was_old, was_new): (Vec<Written>, Vec<Written>) = (was(old).into_iter().collect(), was(to).into_iter().collect());
    super::attributes::change(tree, &raw.attrs, raw.layout.keyword, &was_old, &was_new);
    change_keys(
        tree,
        &raw.attrs,
        raw.layout.keyword,
        "db",
        enum_storage(old).as_ref(),
        enum_storage(to).as_ref(),
    );
    Ok(())
}

/// How a value is written.
fn written<'a>(model: &'a Model, name: &str, value: &str) -> Option<&'a str> {
    let item = model.enum_type(name)?;
    item.values
        .iter()
        .find(|other| other.name == value)
        .map(|value| value.value.as_str())
}

/// A list of names with one of them replaced, spaces and all else as they were.
fn rename_words(list: &str, word: &str, to: &str) -> String {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = list;
    while let Some(start) = rest.find(inside) {
        let length = rest[start..].find(|c| !inside(c)).unwrap_or(rest.len() - start);
        let found = &rest[start..start + length];
        out.push_str(&rest[..start]);
        out.push_str(if found == word { to } else { found });
        rest = &rest[start + length..];
    }
    out.push_str(rest);
    out
}
