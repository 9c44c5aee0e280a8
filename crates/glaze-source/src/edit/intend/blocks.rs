//! Embedded structs, sets of blocks, and the kinds in them.

use glaze_model::{BlockKind, BlockSet, Embedded, Field, FieldKind, Model, camel_case, snake_case};

use super::{EditRefused, all_fields, check_free};

pub(super) fn add_embedded(model: &mut Model, item: &Embedded) -> Result<(), EditRefused> {
    check_free(model, &item.name)?;
    let mut item = item.clone();
    item.fields.iter_mut().for_each(fresh);
    model.embedded.push(item);
    Ok(())
}

pub(super) fn remove_embedded(model: &mut Model, name: &str) -> Result<(), EditRefused> {
    let at = model.embedded.iter().position(|item| item.name == name);
    let at = at.ok_or_else(|| EditRefused::NotFound(format!("embedded struct `{name}`")))?;
    model.embedded.remove(at);
    Ok(())
}

pub(super) fn rename_embedded(model: &mut Model, name: &str, to: &str) -> Result<(), EditRefused> {
    check_free(model, to)?;
    let item = model.embedded.iter_mut().find(|item| item.name == name);
    item.ok_or_else(|| EditRefused::NotFound(format!("embedded struct `{name}`")))?.name = to.to_owned();
    rename_type(model, name, to);
    Ok(())
}

pub(super) fn add_blocks(model: &mut Model, item: &BlockSet) -> Result<(), EditRefused> {
    check_free(model, &item.name)?;
    let mut item = item.clone();
    item.kinds.iter_mut().flat_map(|kind| &mut kind.fields).for_each(fresh);
    model.blocks.push(item);
    Ok(())
}

pub(super) fn remove_blocks(model: &mut Model, name: &str) -> Result<(), EditRefused> {
    set_mut(model, name)?;
    model.blocks.retain(|item| item.name != name);
    Ok(())
}

pub(super) fn rename_blocks(model: &mut Model, name: &str, to: &str) -> Result<(), EditRefused> {
    check_free(model, to)?;
    set_mut(model, name)?.name = to.to_owned();
    rename_type(model, name, to);
    Ok(())
}

pub(super) fn add_kind(model: &mut Model, name: &str, kind: &BlockKind, after: Option<&str>) -> Result<(), EditRefused> {
    let set = set_mut(model, name)?;
    if set.kinds.iter().any(|other| other.name == kind.name) {
        return Err(EditRefused::Exists(format!("kind `{}` of `{name}`", kind.name)));
    }
    let at = match after {
        None => set.kinds.len(),
        Some(after) => kind_at(set, after)? + 1,
    };
    let mut kind = kind.clone();
    if kind.value.is_empty() {
        kind.value = snake_case(&kind.name);
    }
    kind.fields.iter_mut().for_each(fresh);
    set.kinds.insert(at, kind);
    Ok(())
}

pub(super) fn remove_kind(model: &mut Model, name: &str, kind: &str) -> Result<(), EditRefused> {
    let set = set_mut(model, name)?;
    let at = kind_at(set, kind)?;
    set.kinds.remove(at);
    Ok(())
}

/// Content that is there says `type` by the old name, so that stays.
pub(super) fn rename_kind(model: &mut Model, name: &str, kind: &str, to: &str) -> Result<(), EditRefused> {
    let set = set_mut(model, name)?;
    if set.kinds.iter().any(|other| other.name == to) {
        return Err(EditRefused::Exists(format!("kind `{to}` of `{name}`")));
    }
    let at = kind_at(set, kind)?;
    set.kinds[at].name = to.to_owned();
    Ok(())
}

/// The fields of `Section.Hero`.
pub(super) fn kind_fields_mut<'a>(model: &'a mut Model, name: &str, kind: &str) -> Result<&'a mut Vec<Field>, EditRefused> {
    let set = set_mut(model, name)?;
    let at = kind_at(set, kind)?;
    Ok(&mut set.kinds[at].fields)
}

fn set_mut<'a>(model: &'a mut Model, name: &str) -> Result<&'a mut BlockSet, EditRefused> {
    let found = model.blocks.iter_mut().find(|item| item.name == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("set of blocks `{name}`")))
}

fn kind_at(set: &BlockSet, name: &str) -> Result<usize, EditRefused> {
    let found = set.kinds.iter().position(|kind| kind.name == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("kind `{name}` of `{}`", set.name)))
}

fn fresh(field: &mut Field) {
    field.id = None;
    field.json = camel_case(&field.name);
}

fn rename_type(model: &mut Model, name: &str, to: &str) {
    for field in all_fields(model) {
        match &mut field.kind {
            FieldKind::Embedded(used) | FieldKind::EmbeddedList(used) | FieldKind::Blocks(used) if used == name => *used = to.to_owned(),
            _ => {}
        }
    }
}
