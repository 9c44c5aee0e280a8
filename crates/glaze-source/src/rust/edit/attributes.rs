//! Attributes: the keys that change, the arguments that change, whole attributes where there is no smaller way.

use glaze_model::{Entity, Model};

use super::elements::{insert_attribute, remove_attribute, set_doc};
use super::tree::Tree;
use crate::edit::{Attribute, EditRefused};
use crate::finding::Loc;
use crate::rust::print::{Written, id_attribute, index_text, rule_attribute, text_literal};
use crate::rust::raw::{Attrs, RawItem, RawStruct};
use crate::rust::tokens::{Arg, Attr};

/// Brings the attributes of something from `old` to `new` (as they would be written), touching only what differs. `start` is
/// where it begins after its attributes.
pub(super) fn change(tree: &mut Tree<'_>, attrs: &Attrs, start: Loc, old: &[Written], new: &[Written]) {
    let mut names: Vec<&str> = old.iter().chain(new).map(|written| written.name).collect();
    names.sort_unstable();
    names.dedup();
    // New attributes come in the order in which they would be printed.
    names.sort_by_key(|name| new.iter().position(|written| written.name == *name));
    // Both kinds of rule are one list.
    if names.contains(&"can") {
        names.retain(|name| *name != "cannot");
    }
    for name in names {
        let named = |written: &&Written| written.name == name || (is_rule(name) && is_rule(written.name));
        let (old, new): (Vec<&Written>, Vec<&Written>) = (old.iter().filter(named).collect(), new.iter().filter(named).collect());
        if old == new {
            continue;
        }
        match name {
            "can" | "cannot" => change_rules(tree, attrs, start, &old, &new),
            "field" | "db" => change_keys(tree, attrs, start, name, old.first().copied(), new.first().copied()),
            _ => change_single(tree, attrs, start, name, new.first().copied()),
        }
    }
}

fn change_single(tree: &mut Tree<'_>, attrs: &Attrs, start: Loc, name: &str, new: Option<&Written>) {
    match (attrs.get(name), new) {
        (None, None) => {}
        (Some(attr), None) => remove_attribute(tree, attr.loc),
        (None, Some(new)) => insert_attribute(tree, start, &new.to_string()),
        (Some(attr), Some(new)) if attr.args.len() == new.args.len() && attr.args.iter().all(|arg| arg.order.is_none()) => {
            for (arg, (_, value)) in attr.args.iter().zip(&new.args) {
                if tree.at(arg.value_loc) != value {
                    tree.replace_at(arg.value_loc, value.clone());
                }
            }
        }
        (Some(attr), Some(new)) => tree.replace_at(attr.loc, new.to_string()),
    }
}

fn is_rule(name: &str) -> bool {
    matches!(name, "can" | "cannot")
}

/// `#[can(…)]` and `#[cannot(…)]` stand once for each rule: those that go are removed, those that come are added at the end. All are
/// written anew where that would not be their order.
fn change_rules(tree: &mut Tree<'_>, attrs: &Attrs, start: Loc, old: &[&Written], new: &[&Written]) {
    let kept: Vec<&Written> = old.iter().copied().filter(|written| new.contains(written)).collect();
    let stays = |written: &&Written| new.starts_with(&kept) && kept.contains(written);
    let present = attrs.list.iter().filter(|attr| is_rule(&attr.name.text));
    for (attr, written) in present.zip(old) {
        if !stays(written) {
            remove_attribute(tree, attr.loc);
        }
    }
    for written in new.iter().filter(|written| !stays(written)) {
        insert_attribute(tree, start, &written.to_string());
    }
}

/// Keys of `#[field(…)]`, `#[db(…)]` and `#[entity(…)]`, which may be spread over several attributes.
pub(super) fn change_keys(tree: &mut Tree<'_>, attrs: &Attrs, start: Loc, name: &str, old: Option<&Written>, new: Option<&Written>) {
    let none = Vec::new();
    let (old, new_args) = (old.map_or(&none, |old| &old.args), new.map_or(&none, |new| &new.args));
    let mut added = Vec::new();
    for (key, value) in new_args {
        let before = old.iter().find(|(other, _)| other == key);
        if before.is_some_and(|(_, before)| before == value) {
            continue;
        }
        match (before, find(attrs, name, key.unwrap_or_default())) {
            (_, Some((_, arg))) => tree.replace_at(arg.value_loc, value.clone()),
            (_, None) => added.push(format!("{} = {value}", key.unwrap_or_default())),
        }
    }
    let gone: Vec<&str> = old
        .iter()
        .filter(|(key, _)| !new_args.iter().any(|(other, _)| other == key))
        .filter_map(|(key, _)| *key)
        .collect();
    for attr in attrs.all(name) {
        remove_keys(tree, attr, &gone, if name == "entity" { "#[entity]" } else { "" });
    }
    if added.is_empty() {
        return;
    }
    let added = added.join(", ");
    // An attribute that loses all its keys is not one to add to.
    let stays = |attr: &&Attr| {
        attr.args
            .iter()
            .any(|arg| !arg.key.as_ref().is_some_and(|key| gone.contains(&key.text.as_str())))
    };
    let last = attrs.all(name).filter(stays).last().and_then(|attr| attr.args.last());
    match (last, attrs.get(name)) {
        (Some(arg), _) => {
            let end = tree.range(arg.loc).end;
            tree.replace(arg.loc.file, end..end, format!(", {added}"));
        }
        (None, Some(attr)) if attr.args.is_empty() => tree.replace_at(attr.loc, format!("#[{name}({added})]")),
        _ => insert_attribute(tree, start, &format!("#[{name}({added})]")),
    }
}

fn find<'a>(attrs: &'a Attrs, name: &str, key: &str) -> Option<(&'a Attr, &'a Arg)> {
    let mut all = attrs.list.iter().filter(|attr| attr.name.text == name);
    all.find_map(|attr| attr.get(key).map(|arg| (attr, arg)))
}

/// Takes keys out of one attribute; without any left it goes, or becomes `bare`.
fn remove_keys(tree: &mut Tree<'_>, attr: &Attr, gone: &[&str], bare: &str) {
    let goes = |arg: &Arg| arg.key.as_ref().is_some_and(|key| gone.contains(&key.text.as_str()));
    let count = attr.args.iter().filter(|arg| goes(arg)).count();
    if count == 0 {
        return;
    }
    if count == attr.args.len() {
        if bare.is_empty() {
            remove_attribute(tree, attr.loc);
        } else {
            tree.replace_at(attr.loc, bare);
        }
        return;
    }
    // The first argument that stays keeps its place; what goes takes along the comma towards it.
    let kept = attr.args.iter().position(|arg| !goes(arg)).unwrap_or_default();
    for (at, arg) in attr.args.iter().enumerate().filter(|(_, arg)| goes(arg)) {
        let range = tree.range(arg.loc);
        let range = if at < kept {
            range.start..tree.range(attr.args[at + 1].loc).start
        } else {
            tree.range(attr.args[at - 1].loc).end..range.end
        };
        tree.replace(attr.loc.file, range, "");
    }
}

/// Gives an entity an attribute.
pub(super) fn set(tree: &mut Tree<'_>, (before, after): (&Model, &Model), name: &str, attribute: &Attribute) -> Result<(), EditRefused> {
    let raw = tree.structure(name)?;
    let Some(entity) = before.entity(name) else {
        return Err(EditRefused::NotFound(format!("entity `{name}`")));
    };
    let (attrs, start) = (&raw.attrs, raw.layout.keyword);
    match attribute {
        Attribute::Label(field) => set_key(tree, attrs, start, "entity", "label", field),
        Attribute::Icon(icon) => set_key(tree, attrs, start, "entity", "icon", &text_literal(icon)),
        Attribute::Doc(doc) => set_doc(tree, attrs, raw.layout.whole, doc),
        Attribute::Table(table) => set_key(tree, attrs, start, "db", "table", &text_literal(table)),
        Attribute::Schema(schema) => set_key(tree, attrs, start, "db", "schema", &text_literal(schema)),
        Attribute::Was(was) => change_single(tree, attrs, start, "was", Some(&Written::new("was").arg(text_literal(was)))),
        Attribute::Timestamps(kept) => {
            let said = Written {
                name: "entity",
                args: vec![(Some("timestamps"), "false".to_owned())],
            };
            let (old, new) = if *kept { (Some(&said), None) } else { (None, Some(&said)) };
            change_keys(tree, attrs, start, "entity", old, new);
        }
        Attribute::Key(_) => change_id(tree, &raw, (before, after), name),
        listed if present(entity, listed).is_some() => {}
        listed => insert_attribute(tree, start, &attribute_text(listed)),
    }
    Ok(())
}

/// Takes an attribute from an entity.
pub(super) fn remove(tree: &mut Tree<'_>, (before, after): (&Model, &Model), name: &str, attribute: &Attribute) -> Result<(), EditRefused> {
    if let Attribute::Timestamps(_) = attribute {
        return set(tree, (before, after), name, &Attribute::Timestamps(false));
    }
    let raw = tree.structure(name)?;
    let Some(entity) = before.entity(name) else {
        return Err(EditRefused::NotFound(format!("entity `{name}`")));
    };
    let attrs = &raw.attrs;
    let mut keys = |attribute: &str, key: &str| {
        let bare = if attribute == "entity" { "#[entity]" } else { "" };
        attrs.all(attribute).for_each(|attr| remove_keys(tree, attr, &[key], bare));
    };
    match attribute {
        Attribute::Label(_) => keys("entity", "label"),
        Attribute::Icon(_) => keys("entity", "icon"),
        Attribute::Table(_) => keys("db", "table"),
        Attribute::Schema(_) => keys("db", "schema"),
        Attribute::Doc(_) => set_doc(tree, attrs, raw.layout.whole, ""),
        Attribute::Was(_) => change_single(tree, attrs, raw.layout.keyword, "was", None),
        Attribute::DbCheck(_) => remove_check(tree, attrs, present(entity, attribute)),
        Attribute::Key(_) => change_id(tree, &raw, (before, after), name),
        listed => {
            let at = present(entity, listed);
            let attr = at.and_then(|at| attrs.all(listed_name(listed)).nth(at));
            attr.into_iter().for_each(|attr| remove_attribute(tree, attr.loc));
        }
    }
    Ok(())
}

/// `#[id]` on the fields of the key, `id = false` where there is none.
fn change_id(tree: &mut Tree<'_>, raw: &RawStruct, (before, after): (&Model, &Model), name: &str) {
    let (Some(old), Some(new)) = (before.entity(name), after.entity(name)) else {
        return;
    };
    for field in &raw.fields {
        let said = |entity: &Entity| entity.field(&field.name.text).and_then(|field| id_attribute(entity, field));
        let (old, new): (Vec<Written>, Vec<Written>) = (said(old).into_iter().collect(), said(new).into_iter().collect());
        change(tree, &field.attrs, field.start, &old, &new);
    }
    let keyless = |entity: &Entity| {
        entity.key.is_empty().then(|| Written {
            name: "entity",
            args: vec![(Some("id"), "false".to_owned())],
        })
    };
    let (old, new) = (keyless(old), keyless(new));
    change_keys(tree, &raw.attrs, raw.layout.keyword, "entity", old.as_ref(), new.as_ref());
}

/// Takes `#[was]` from whatever this is: an entity, an enum, a field, a value.
pub(super) fn remove_was(tree: &mut Tree<'_>, of: &str) -> Result<(), EditRefused> {
    let attrs = match of.rsplit_once('.') {
        None => match tree.item(of)? {
            RawItem::Entity(item) | RawItem::Embedded(item) => item.attrs,
            RawItem::Enum(item) | RawItem::Blocks(item) => item.attrs,
        },
        Some((owner, name)) => match tree.enumeration(owner) {
            Ok(item) => item
                .variants
                .into_iter()
                .find(|variant| variant.name.text == name)
                .map(|variant| variant.attrs)
                .unwrap_or_default(),
            Err(_) => tree
                .structure(owner)?
                .fields
                .into_iter()
                .find(|field| field.name.text == name)
                .map(|field| field.attrs)
                .unwrap_or_default(),
        },
    };
    let attr = attrs
        .get("was")
        .ok_or_else(|| EditRefused::NotFound(format!("former name of `{of}`")))?;
    remove_attribute(tree, attr.loc);
    Ok(())
}

fn set_key(tree: &mut Tree<'_>, attrs: &Attrs, start: Loc, name: &'static str, key: &'static str, value: &str) {
    let new = Written {
        name,
        args: vec![(Some(key), value.to_owned())],
    };
    change_keys(tree, attrs, start, name, None, Some(&new));
}

/// Checks are keys that may stand several times in one attribute.
fn remove_check(tree: &mut Tree<'_>, attrs: &Attrs, at: Option<usize>) {
    let is_check = |arg: &&Arg| arg.key.as_ref().is_some_and(|key| key.text == "check");
    let all: Vec<(&Attr, usize)> = attrs
        .all("db")
        .flat_map(|attr| {
            attr.args
                .iter()
                .enumerate()
                .filter(|(_, arg)| is_check(arg))
                .map(move |(index, _)| (attr, index))
        })
        .collect();
    let Some((attr, index)) = at.and_then(|at| all.get(at)) else {
        return;
    };
    if attr.args.len() == 1 {
        remove_attribute(tree, attr.loc);
        return;
    }
    let range = tree.range(attr.args[*index].loc);
    let range = match index {
        0 => range.start..tree.range(attr.args[1].loc).start,
        index => tree.range(attr.args[index - 1].loc).end..range.end,
    };
    tree.replace(attr.loc.file, range, "");
}

/// Which one of its kind it is.
fn present(entity: &Entity, attribute: &Attribute) -> Option<usize> {
    match attribute {
        // Among the attributes of its own name.
        Attribute::Rule(rule) => {
            let mut same = entity.rules.iter().filter(|other| other.effect == rule.effect);
            same.position(|other| other == rule)
        }
        Attribute::Validation(rule) => entity.validations.iter().position(|other| other == rule),
        Attribute::Index(index) => entity.indexes.iter().position(|other| other == index),
        Attribute::Unique(fields) => entity.uniques.iter().position(|other| other.fields == *fields),
        Attribute::DbCheck(check) => entity.db_checks.iter().position(|other| other == check),
        _ => None,
    }
}

fn listed_name(attribute: &Attribute) -> &'static str {
    match attribute {
        Attribute::Rule(rule) => rule.effect.attribute(),
        Attribute::Validation(_) => "rule",
        Attribute::Index(_) => "index",
        Attribute::Unique(_) => "unique",
        _ => "db",
    }
}

fn attribute_text(attribute: &Attribute) -> String {
    match attribute {
        Attribute::Rule(rule) => rule_attribute(rule).to_string(),
        Attribute::Validation(rule) => format!("#[rule({}, {})]", text_literal(&rule.holds.0), text_literal(&rule.message)),
        Attribute::Index(index) => index_text(index),
        Attribute::Unique(fields) => format!("#[unique({})]", fields.join(", ")),
        Attribute::DbCheck(check) => format!("#[db(check = {})]", text_literal(check)),
        Attribute::Label(_)
        | Attribute::Icon(_)
        | Attribute::Doc(_)
        | Attribute::Table(_)
        | Attribute::Schema(_)
        | Attribute::Was(_)
        | Attribute::Timestamps(_)
        | Attribute::Key(_) => String::new(),
    }
}
