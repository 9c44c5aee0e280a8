//! What an edit means for the model: the intended result, against which the edited files are judged.

mod attributes;
mod blocks;
mod derive;
mod enums;
mod mentions;

use glaze_model::{Entity, EnumType, Field, FieldKind, Model, Ownership, camel_case, plural, snake_case};

use super::{Edit, EditRefused};
use crate::rust::is_implied;
use derive::{Renames, derive};
use mentions::{rewrite, uses_of_field, uses_of_type};

type Intended = Result<Model, EditRefused>;

/// The model after the edit.
pub(super) fn intend(model: &Model, edit: &Edit) -> Intended {
    let mut after = model.clone();
    let mut renames = Renames::default();
    match edit {
        Edit::AddEntity { entity, .. } => add_entity(&mut after, entity)?,
        Edit::RemoveEntity { entity } => {
            entity_mut(&mut after, entity)?;
            after.entities.retain(|other| other.name != *entity);
        }
        Edit::RenameEntity { entity, to } => {
            rename_entity(&mut after, entity, to)?;
            renames.entity = Some((entity.clone(), to.clone()));
        }
        Edit::AddField {
            entity,
            field,
            after: place,
        } => add_field(&mut after, entity, field, place.as_deref())?,
        Edit::RemoveField { entity, field } => remove_field(&mut after, entity, field)?,
        Edit::RenameField { entity, field, to } => {
            rename_field(&mut after, entity, field, to)?;
            renames.field = Some((entity.clone(), field.clone(), to.clone()));
        }
        Edit::ChangeField { entity, field, to } => change_field(&mut after, entity, field, to)?,
        Edit::AddEnum { item, .. } => {
            check_free(&after, &item.name)?;
            let at = after
                .enums
                .iter()
                .position(|other| crate::is_built_in(&other.name))
                .unwrap_or(after.enums.len());
            after.enums.insert(at, EnumType { id: None, ..item.clone() });
        }
        Edit::RemoveEnum { name } => {
            enum_mut(&mut after, name)?;
            after.enums.retain(|other| other.name != *name);
        }
        Edit::RenameEnum { name, to } => rename_enum(&mut after, name, to)?,
        Edit::AddEnumValue { name, value, after: place } => {
            let item = enum_mut(&mut after, name)?;
            if item.values.iter().any(|other| other.name == value.name) {
                return Err(EditRefused::Exists(format!("value `{}` of `{name}`", value.name)));
            }
            let at = match place {
                None => item.values.len(),
                Some(place) => value_at(item, place)? + 1,
            };
            item.values.insert(at, value.clone());
        }
        Edit::RemoveEnumValue { name, value } => enums::remove_value(&mut after, name, value)?,
        Edit::RenameEnumValue { name, value, to } => rename_value(&mut after, name, value, to)?,
        Edit::MoveEnumValue { name, value, after: place } => enums::move_value(&mut after, name, value, place.as_deref())?,
        Edit::ChangeEnumValue { name, value, to } => enums::change_value(&mut after, name, value, to)?,
        Edit::ChangeEnum { name, to } => enums::change(&mut after, name, to)?,
        Edit::AddEmbedded { item, .. } => blocks::add_embedded(&mut after, item)?,
        Edit::RemoveEmbedded { name } => blocks::remove_embedded(&mut after, name)?,
        Edit::RenameEmbedded { name, to } => blocks::rename_embedded(&mut after, name, to)?,
        Edit::AddBlocks { item, .. } => blocks::add_blocks(&mut after, item)?,
        Edit::RemoveBlocks { name } => blocks::remove_blocks(&mut after, name)?,
        Edit::RenameBlocks { name, to } => blocks::rename_blocks(&mut after, name, to)?,
        Edit::AddBlockKind { name, kind, after: place } => blocks::add_kind(&mut after, name, kind, place.as_deref())?,
        Edit::RemoveBlockKind { name, kind } => blocks::remove_kind(&mut after, name, kind)?,
        Edit::RenameBlockKind { name, kind, to } => blocks::rename_kind(&mut after, name, kind, to)?,
        Edit::RemoveWas { of } => attributes::remove_was(&mut after, of)?,
        Edit::SetAttribute { entity, attribute } => attributes::set(entity_mut(&mut after, entity)?, attribute)?,
        Edit::RemoveAttribute { entity, attribute } => attributes::remove(entity_mut(&mut after, entity)?, attribute)?,
    }
    derive(model, &mut after, &renames);
    Ok(after)
}

fn entity_mut<'a>(model: &'a mut Model, name: &str) -> Result<&'a mut Entity, EditRefused> {
    let found = model
        .entities
        .iter_mut()
        .find(|entity| entity.name == name && entity.ownership != Ownership::System);
    found.ok_or_else(|| EditRefused::NotFound(format!("entity `{name}`")))
}

fn enum_mut<'a>(model: &'a mut Model, name: &str) -> Result<&'a mut EnumType, EditRefused> {
    let found = model.enums.iter_mut().find(|item| item.name == name && !crate::is_built_in(name));
    found.ok_or_else(|| EditRefused::NotFound(format!("enum `{name}`")))
}

fn value_at(item: &EnumType, name: &str) -> Result<usize, EditRefused> {
    let found = item.values.iter().position(|value| value.name == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("value `{name}` of `{}`", item.name)))
}

/// The fields of an entity, an embedded struct or a kind of block.
fn fields_mut<'a>(model: &'a mut Model, name: &str) -> Result<&'a mut Vec<Field>, EditRefused> {
    if let Some((set, kind)) = name.split_once('.') {
        return blocks::kind_fields_mut(model, set, kind);
    }
    if let Some(at) = model.embedded.iter().position(|item| item.name == name) {
        return Ok(&mut model.embedded[at].fields);
    }
    entity_mut(model, name).map(|entity| &mut entity.fields)
}

fn field_at(fields: &[Field], owner: &str, name: &str) -> Result<usize, EditRefused> {
    let found = fields.iter().position(|field| field.name == name);
    found.ok_or_else(|| EditRefused::NotFound(format!("field `{owner}.{name}`")))
}

fn check_free(model: &Model, name: &str) -> Result<(), EditRefused> {
    let taken = model.entity(name).is_some()
        || model.enum_type(name).is_some()
        || model.block_set(name).is_some()
        || model.embedded_type(name).is_some();
    if taken {
        Err(EditRefused::Exists(format!("declaration `{name}`")))
    } else {
        Ok(())
    }
}

fn add_entity(model: &mut Model, entity: &Entity) -> Result<(), EditRefused> {
    check_free(model, &entity.name)?;
    let mut entity = Entity {
        id: None,
        ..entity.clone()
    };
    for field in &mut entity.fields {
        field.id = None;
        field.json = camel_case(&field.name);
    }
    let at = model
        .entities
        .iter()
        .position(|other| other.ownership == Ownership::System)
        .unwrap_or(model.entities.len());
    model.entities.insert(at, entity);
    Ok(())
}

fn add_field(model: &mut Model, owner: &str, field: &Field, after: Option<&str>) -> Result<(), EditRefused> {
    let entity = model.entity(owner).cloned();
    let written = |field: &Field| entity.as_ref().is_none_or(|entity| !is_implied(entity, field));
    let fields = fields_mut(model, owner)?;
    if fields.iter().any(|other| other.name == field.name) {
        return Err(EditRefused::Exists(format!("field `{owner}.{}`", field.name)));
    }
    let end = fields.iter().rposition(written).map_or_else(
        || fields.iter().take_while(|field| is_leading(entity.as_ref(), field)).count(),
        |at| at + 1,
    );
    let at = match after {
        None => end,
        // A field that is not written cannot be a neighbour in the file.
        Some(after) => (field_at(fields, owner, after)? + 1).min(end),
    };
    fields.insert(
        at,
        Field {
            id: None,
            json: camel_case(&field.name),
            ..field.clone()
        },
    );
    Ok(())
}

/// Implied fields at the beginning: the key.
fn is_leading(entity: Option<&Entity>, field: &Field) -> bool {
    entity.is_some_and(|entity| is_implied(entity, field) && entity.key.contains(&field.name))
}

fn remove_field(model: &mut Model, owner: &str, name: &str) -> Result<(), EditRefused> {
    if let Some(place) = uses_of_field(model, owner, name) {
        return Err(EditRefused::InUse(format!(
            "`{name}` is used in the expression `{place}`; change that first"
        )));
    }
    let fields = fields_mut(model, owner)?;
    let at = field_at(fields, owner, name)?;
    fields.remove(at);
    for field in fields.iter_mut().filter(|field| field.slug_from.as_deref() == Some(name)) {
        field.slug_from = None;
    }
    if let Ok(entity) = entity_mut(model, owner)
        && entity.label.as_deref() == Some(name)
    {
        entity.label = None;
    }
    Ok(())
}

fn rename_field(model: &mut Model, owner: &str, name: &str, to: &str) -> Result<(), EditRefused> {
    let before = model.clone();
    let fields = fields_mut(model, owner)?;
    if fields.iter().any(|field| field.name == to) {
        return Err(EditRefused::Exists(format!("field `{owner}.{to}`")));
    }
    let at = field_at(fields, owner, name)?;
    let field = &mut fields[at];
    field.name = to.to_owned();
    field.json = camel_case(to);
    field.was = former(field.was.take(), name, to);
    for field in fields.iter_mut().filter(|field| field.slug_from.as_deref() == Some(name)) {
        field.slug_from = Some(to.to_owned());
    }
    for entity in &mut model.entities {
        for field in &mut entity.fields {
            if let FieldKind::Inverse(inverse) = &mut field.kind
                && inverse.target == owner
                && inverse.field == name
            {
                inverse.field = to.to_owned();
            }
        }
    }
    if let Ok(entity) = entity_mut(model, owner) {
        rename_in_structure(entity, name, to);
    }
    rewrite(model, |entity, text| {
        glaze_expr::rename_field(&before, entity, text, owner, name, to)
    });
    Ok(())
}

fn rename_in_structure(entity: &mut Entity, name: &str, to: &str) {
    let names = entity.label.iter_mut().chain(&mut entity.key);
    let names = names.chain(entity.uniques.iter_mut().flat_map(|set| &mut set.fields));
    let parts = entity
        .indexes
        .iter_mut()
        .flat_map(|index| &mut index.parts)
        .filter_map(|part| match part {
            glaze_model::IndexPart::Field { name, .. } => Some(name),
            glaze_model::IndexPart::Expr { .. } => None,
        });
    for each in names.chain(parts).filter(|each| *each == name) {
        *each = to.to_owned();
    }
}

/// The former name to keep: the first of a chain of renames, none when the chain has come back to it.
fn former(present: Option<String>, name: &str, to: &str) -> Option<String> {
    Some(present.unwrap_or_else(|| name.to_owned())).filter(|was| was != to)
}

fn change_field(model: &mut Model, owner: &str, name: &str, to: &Field) -> Result<(), EditRefused> {
    if to.name != name {
        return Err(EditRefused::InUse(format!(
            "`{name}` cannot become `{}` here: renaming is an edit of its own",
            to.name
        )));
    }
    let implied = implied_names(model, owner);
    let fields = fields_mut(model, owner)?;
    let at = field_at(fields, owner, name)?;
    fields[at] = Field {
        id: None,
        json: camel_case(name),
        ..to.clone()
    };
    if implied.iter().any(|other| other == name)
        && let Ok(entity) = entity_mut(model, owner)
    {
        declare(entity, name, &implied);
    }
    Ok(())
}

/// Names of the fields that are there without being written.
fn implied_names(model: &Model, owner: &str) -> Vec<String> {
    let Some(entity) = model.entity(owner) else { return Vec::new() };
    let implied = entity.fields.iter().filter(|field| is_implied(entity, field));
    implied.map(|field| field.name.clone()).collect()
}

/// A field that was there by itself is written from now on: after the others that are, and before those that are not.
fn declare(entity: &mut Entity, name: &str, implied: &[String]) {
    let Some(at) = entity.fields.iter().position(|field| field.name == name) else {
        return;
    };
    if is_implied(entity, &entity.fields[at]) || entity.key.iter().any(|key| key == name) {
        return;
    }
    let field = entity.fields.remove(at);
    let is_written = |field: &Field| !implied.contains(&field.name);
    let place = match entity.fields.iter().rposition(is_written) {
        Some(last) => last + 1,
        None => entity.fields.iter().take_while(|field| entity.key.contains(&field.name)).count(),
    };
    entity.fields.insert(place, field);
}

fn rename_entity(model: &mut Model, name: &str, to: &str) -> Result<(), EditRefused> {
    check_free(model, to)?;
    if let Some(place) = uses_of_type(model, name, &snake_case(name)) {
        return Err(EditRefused::InUse(format!(
            "`'{}'` is used in the expression `{place}`; change that first",
            snake_case(name)
        )));
    }
    let entity = entity_mut(model, name)?;
    entity.name = to.to_owned();
    entity.was = former(entity.was.take(), name, to);
    if entity.table == plural(&snake_case(name)) {
        entity.table = plural(&snake_case(to));
    }
    let fields = model.entities.iter_mut().flat_map(|entity| &mut entity.fields);
    let fields = fields.chain(model.embedded.iter_mut().flat_map(|item| &mut item.fields));
    let fields = fields.chain(
        model
            .blocks
            .iter_mut()
            .flat_map(|set| &mut set.kinds)
            .flat_map(|kind| &mut kind.fields),
    );
    for field in fields {
        match &mut field.kind {
            FieldKind::Ref(reference) if reference.target == name => reference.target = to.to_owned(),
            FieldKind::Many(many) if many.target == name => many.target = to.to_owned(),
            FieldKind::Inverse(inverse) if inverse.target == name => inverse.target = to.to_owned(),
            FieldKind::AnyOf(any) => any
                .targets
                .iter_mut()
                .filter(|target| *target == name)
                .for_each(|target| *target = to.to_owned()),
            _ => {}
        }
    }
    Ok(())
}

fn rename_enum(model: &mut Model, name: &str, to: &str) -> Result<(), EditRefused> {
    check_free(model, to)?;
    let item = enum_mut(model, name)?;
    if item.db_name == snake_case(name) {
        item.db_name = snake_case(to);
    }
    item.name = to.to_owned();
    item.was = former(item.was.take(), name, to);
    for field in all_fields(model) {
        match &mut field.kind {
            FieldKind::Enum(used) | FieldKind::EnumList(used) if used == name => *used = to.to_owned(),
            _ => {}
        }
    }
    Ok(())
}

fn all_fields(model: &mut Model) -> impl Iterator<Item = &mut Field> {
    let fields = model.entities.iter_mut().flat_map(|entity| &mut entity.fields);
    let fields = fields.chain(model.embedded.iter_mut().flat_map(|item| &mut item.fields));
    fields.chain(
        model
            .blocks
            .iter_mut()
            .flat_map(|set| &mut set.kinds)
            .flat_map(|kind| &mut kind.fields),
    )
}

fn rename_value(model: &mut Model, name: &str, value: &str, to: &str) -> Result<(), EditRefused> {
    let item = enum_mut(model, name)?;
    if item.values.iter().any(|other| other.name == to) {
        return Err(EditRefused::Exists(format!("value `{to}` of `{name}`")));
    }
    let at = value_at(item, value)?;
    let old = item.values[at].value.clone();
    let implied = old == snake_case(value);
    let new = if implied { snake_case(to) } else { old.clone() };
    let before = model.clone();
    let item = enum_mut(model, name)?;
    let renamed = &mut item.values[at];
    renamed.name = to.to_owned();
    renamed.value = new.clone();
    renamed.was = former(renamed.was.take(), value, to);
    enums::rewrite_value(&before, model, name, &old, &new);
    Ok(())
}
