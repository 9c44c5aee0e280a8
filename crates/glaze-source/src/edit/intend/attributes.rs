//! What is said of an entity as a whole.

use glaze_model::{Attribute, Entity, FieldKind, Model, Scalar, UniqueSet, plural, snake_case};

use super::{EditRefused, entity_mut};
use crate::rust::{id_field, is_implied, time_fields};

pub(super) fn set(entity: &mut Entity, attribute: &Attribute) -> Result<(), EditRefused> {
    match attribute.clone() {
        Attribute::Label(field) => entity.label = Some(field),
        Attribute::Icon(icon) => entity.icon = Some(icon),
        Attribute::Doc(doc) => entity.doc = doc,
        Attribute::Table(table) => entity.table = table,
        Attribute::Schema(schema) => entity.schema = Some(schema),
        Attribute::Was(was) => entity.was = Some(was),
        Attribute::Rule(rule) => push_new(&mut entity.rules, rule),
        Attribute::Validation(rule) => push_new(&mut entity.validations, rule),
        Attribute::Index(index) => push_new(&mut entity.indexes, index),
        Attribute::Unique(fields) => push_new(&mut entity.uniques, UniqueSet { fields }),
        Attribute::DbCheck(check) => push_new(&mut entity.db_checks, check),
        Attribute::Timestamps(kept) => timestamps(entity, kept),
        Attribute::Key(fields) => return key(entity, fields),
    }
    Ok(())
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

pub(super) fn remove(entity: &mut Entity, attribute: &Attribute) -> Result<(), EditRefused> {
    let name = entity.name.clone();
    let found = match attribute {
        Attribute::Label(_) => entity.label.take().is_some(),
        Attribute::Icon(_) => entity.icon.take().is_some(),
        Attribute::Doc(_) => !std::mem::take(&mut entity.doc).is_empty(),
        Attribute::Table(_) => {
            let implied = plural(&snake_case(&entity.name));
            std::mem::replace(&mut entity.table, implied.clone()) != implied
        }
        Attribute::Schema(_) => entity.schema.take().is_some(),
        Attribute::Was(_) => entity.was.take().is_some(),
        Attribute::Rule(rule) => remove_item(&mut entity.rules, rule),
        Attribute::Validation(rule) => remove_item(&mut entity.validations, rule),
        Attribute::Index(index) => remove_item(&mut entity.indexes, index),
        Attribute::Unique(fields) => remove_item(&mut entity.uniques, &UniqueSet { fields: fields.clone() }),
        Attribute::DbCheck(check) => remove_item(&mut entity.db_checks, check),
        Attribute::Timestamps(_) => {
            timestamps(entity, false);
            true
        }
        Attribute::Key(_) => return key(entity, Vec::new()),
    };
    if found {
        Ok(())
    } else {
        Err(EditRefused::NotFound(format!("such attribute on `{name}`")))
    }
}

fn remove_item<T: PartialEq>(list: &mut Vec<T>, item: &T) -> bool {
    let at = list.iter().position(|other| other == item);
    at.inspect(|at| drop(list.remove(*at))).is_some()
}

/// Times that are not written come and go; those that are written become Glaze's or the project's.
fn timestamps(entity: &mut Entity, kept: bool) {
    let times = time_fields();
    if !kept {
        let before = entity.clone();
        entity.fields.retain(|field| !(times.contains(field) && is_implied(&before, field)));
        for field in entity
            .fields
            .iter_mut()
            .filter(|field| times.iter().any(|time| time.name == field.name))
        {
            field.implicit = false;
        }
        return;
    }
    for time in times {
        match entity.fields.iter_mut().find(|field| field.name == time.name) {
            None => entity.fields.push(time),
            Some(field) if field.kind == FieldKind::Scalar(Scalar::DateTime) && field.computed.is_none() => {
                field.implicit = true;
                field.default = field.default.take().or(time.default);
            }
            Some(_) => {}
        }
    }
}

/// Another key. The `id` that is there by itself goes when it is no key any more, and comes when it is to be one.
fn key(entity: &mut Entity, names: Vec<String>) -> Result<(), EditRefused> {
    let implied = id_field();
    if !names.contains(&implied.name) && entity.fields.first() == Some(&implied) && is_implied(entity, &implied) {
        entity.fields.remove(0);
    }
    for name in &names {
        if entity.field(name).is_some() {
            continue;
        }
        if names != [implied.name.as_str()] {
            return Err(EditRefused::NotFound(format!("field `{}.{name}`", entity.name)));
        }
        entity.fields.insert(0, implied.clone());
    }
    entity.key = names;
    Ok(())
}

/// Takes the former name of something away.
pub(super) fn remove_was(model: &mut Model, of: &str) -> Result<(), EditRefused> {
    let not_found = || EditRefused::NotFound(format!("former name of `{of}`"));
    let was = match of.split_once('.') {
        None => match model.enums.iter_mut().find(|item| item.name == of) {
            Some(item) => item.was.take(),
            None => entity_mut(model, of)?.was.take(),
        },
        Some((owner, name)) => match model.enums.iter_mut().find(|item| item.name == owner) {
            Some(item) => item
                .values
                .iter_mut()
                .find(|value| value.name == name)
                .and_then(|value| value.was.take()),
            None => {
                // The last dot parts the field from its owner, which may be a kind of block.
                let (owner, name) = of.rsplit_once('.').ok_or_else(not_found)?;
                let fields = super::fields_mut(model, owner)?;
                fields
                    .iter_mut()
                    .find(|field| field.name == name)
                    .and_then(|field| field.was.take())
            }
        },
    };
    was.map(drop).ok_or_else(not_found)
}
