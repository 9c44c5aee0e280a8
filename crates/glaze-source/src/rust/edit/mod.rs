//! Edits as changes of bytes, found through the syntax tree.

mod attributes;
mod blocks;
mod elements;
mod entities;
mod enums;
mod expressions;
mod fields;
mod lines;
mod tree;

use glaze_model::Model;

use crate::SourceFile;
use crate::edit::{Edit, EditRefused};
use tree::Tree;

/// The files after one edit that takes the model from `before` to `after`.
pub(crate) fn splice(files: &[SourceFile], edit: &Edit, before: &Model, after: &Model) -> Result<Vec<SourceFile>, EditRefused> {
    let mut tree = Tree::read(files)?;
    match edit {
        Edit::AddEntity { entity, file } => entities::add(&mut tree, after, &entity.name, file.as_deref())?,
        Edit::RemoveEntity { entity } => entities::remove(&mut tree, entity)?,
        Edit::RenameEntity { entity, to } => entities::rename(&mut tree, entity, to)?,
        Edit::AddField {
            entity,
            field,
            after: place,
        } => fields::add(&mut tree, after, entity, &field.name, place.as_deref())?,
        Edit::RemoveField { entity, field } => fields::remove(&mut tree, entity, field)?,
        Edit::RenameField { entity, field, to } => fields::rename(&mut tree, before, entity, field, to)?,
        Edit::ChangeField { entity, field, .. } => fields::change(&mut tree, before, after, entity, field)?,
        Edit::AddEnum { item, file } => enums::add(&mut tree, item, file.as_deref())?,
        Edit::RemoveEnum { name } => entities::remove(&mut tree, name)?,
        Edit::RenameEnum { name, to } => entities::rename(&mut tree, name, to)?,
        Edit::AddEnumValue { name, value, after: place } => enums::add_value(&mut tree, name, value, place.as_deref())?,
        Edit::RemoveEnumValue { name, value } => enums::remove_value(&mut tree, name, value)?,
        Edit::RenameEnumValue { name, value, to } => enums::rename_value(&mut tree, before, after, name, value, to)?,
        Edit::MoveEnumValue { name, value, after: place } => enums::move_value(&mut tree, name, value, place.as_deref())?,
        Edit::ChangeEnumValue { name, value, .. } => enums::change_value(&mut tree, before, after, name, value)?,
        Edit::ChangeEnum { name, to } => enums::change(&mut tree, before, name, to)?,
        Edit::AddEmbedded { item, file } => blocks::add_embedded(&mut tree, after, &item.name, file.as_deref())?,
        Edit::RemoveEmbedded { name } | Edit::RemoveBlocks { name } => entities::remove(&mut tree, name)?,
        Edit::RenameEmbedded { name, to } | Edit::RenameBlocks { name, to } => blocks::rename(&mut tree, name, to)?,
        Edit::AddBlocks { item, file } => blocks::add_set(&mut tree, after, &item.name, file.as_deref())?,
        Edit::AddBlockKind { name, kind, after: place } => blocks::add_kind(&mut tree, after, name, kind, place.as_deref())?,
        Edit::RemoveBlockKind { name, kind } => blocks::remove_kind(&mut tree, name, kind)?,
        Edit::RenameBlockKind { name, kind, to } => blocks::rename_kind(&mut tree, before, name, kind, to)?,
        Edit::RemoveWas { of } => attributes::remove_was(&mut tree, of)?,
        Edit::SetAttribute { entity, attribute } => attributes::set(&mut tree, (before, after), entity, attribute)?,
        Edit::RemoveAttribute { entity, attribute } => attributes::remove(&mut tree, (before, after), entity, attribute)?,
    }
    let edited = tree.finish();
    proc_macro2::extra::invalidate_current_thread_spans();
    edited
}
