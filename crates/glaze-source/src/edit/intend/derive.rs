//! Derived names after an edit: what was implied before is implied again, what was said stays.

use glaze_model::{Entity, Field, FieldKind, Model};

use crate::rust::names::{implied_columns, join_names};

/// What is called differently, as (…, before, after).
#[derive(Debug, Default)]
pub(super) struct Renames {
    pub entity: Option<(String, String)>,
    /// Entity or embedded struct, old and new name of the field.
    pub field: Option<(String, String, String)>,
}

impl Renames {
    fn entity_before<'a>(&'a self, name: &'a str) -> &'a str {
        match &self.entity {
            Some((old, new)) if new == name => old,
            _ => name,
        }
    }

    fn field_before<'a>(&'a self, owner: &str, name: &'a str) -> &'a str {
        match &self.field {
            Some((entity, old, new)) if entity == owner && new == name => old,
            _ => name,
        }
    }
}

/// Fills in and follows up derived names.
pub(super) fn derive(before: &Model, after: &mut Model, renames: &Renames) {
    derive_embedded(before, after, renames);
    clear_blocks(after);
    let derived = derived_fields(before, after, renames);
    // A reference's columns follow from the key it points at. Keys that are references themselves settle within as many
    // rounds as they are deep.
    for _ in 0..3 {
        for (at, index) in &derived {
            let columns = implied_columns(after, &after.entities[*at].fields[*index]);
            after.entities[*at].fields[*index].columns = columns;
        }
    }
    for at in 0..after.entities.len() {
        for index in 0..after.entities[at].fields.len() {
            derive_join(before, after, at, index, renames);
        }
    }
    for at in 0..after.entities.len() {
        for index in 0..after.entities[at].fields.len() {
            follow_owner(before, after, at, index, renames);
        }
    }
}

/// Whether the columns are to be derived: none are given, or they are still those that were implied before.
fn is_derived(before: &Model, old: Option<&Field>, field: &Field) -> bool {
    field.columns.is_empty() || old.is_some_and(|old| field.columns == old.columns && old.columns == implied_columns(before, old))
}

fn derive_embedded(before: &Model, after: &mut Model, renames: &Renames) {
    for at in 0..after.embedded.len() {
        let name = after.embedded[at].name.clone();
        for index in 0..after.embedded[at].fields.len() {
            let field = &after.embedded[at].fields[index];
            let old = before.embedded_type(&name).and_then(|item| {
                let name = renames.field_before(&name, &field.name);
                item.fields.iter().find(|field| field.name == name)
            });
            if is_derived(before, old, field) {
                after.embedded[at].fields[index].columns = implied_columns(after, field);
            }
        }
    }
}

/// Fields of blocks have no columns: a block is JSON.
fn clear_blocks(after: &mut Model) {
    let fields = after
        .blocks
        .iter_mut()
        .flat_map(|set| &mut set.kinds)
        .flat_map(|kind| &mut kind.fields);
    fields.for_each(|field| field.columns.clear());
}

fn old_field<'a>(before: &'a Model, after: &Model, at: usize, index: usize, renames: &Renames) -> Option<(&'a Entity, &'a Field)> {
    let entity = after.entities.get(at)?;
    let old = before.entity(renames.entity_before(&entity.name))?;
    let name = renames.field_before(&entity.name, &entity.fields.get(index)?.name);
    Some((old, old.field(name)?))
}

/// Positions of the fields whose columns are derived.
fn derived_fields(before: &Model, after: &Model, renames: &Renames) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for (at, entity) in after.entities.iter().enumerate() {
        for (index, field) in entity.fields.iter().enumerate() {
            let old = old_field(before, after, at, index, renames).map(|(_, field)| field);
            let stores = !matches!(field.kind, FieldKind::Many(_) | FieldKind::Inverse(_)) && !field.is_virtual();
            if !stores || is_derived(before, old, field) {
                out.push((at, index));
            }
        }
    }
    out
}

fn derive_join(before: &Model, after: &mut Model, at: usize, index: usize, renames: &Renames) {
    let entity = &after.entities[at];
    let field = &entity.fields[index];
    let FieldKind::Many(many) = &field.kind else { return };
    let Some(target) = after.entity(&many.target) else { return };
    let implied = join_names(after, entity, &field.name, target);
    let was = old_field(before, after, at, index, renames).and_then(|(entity, field)| match &field.kind {
        FieldKind::Many(old) => Some(join_names(before, entity, &field.name, before.entity(&old.target)?)),
        _ => None,
    });
    let mut many = many.clone();
    if !many.owner {
        return;
    }
    if many.table.is_empty() || was.as_ref().is_some_and(|was| was.table == many.table) {
        many.table = implied.table;
    }
    if many.schema.is_none() || was.as_ref().is_some_and(|was| was.schema == many.schema) {
        many.schema = implied.schema;
    }
    if many.from_columns.is_empty() || was.as_ref().is_some_and(|was| was.from == many.from_columns) {
        many.from_columns = implied.from;
    }
    if many.to_columns.is_empty() || was.as_ref().is_some_and(|was| was.to == many.to_columns) {
        many.to_columns = implied.to;
    }
    after.entities[at].fields[index].kind = FieldKind::Many(many);
}

/// The second side of a join table follows the first.
fn follow_owner(before: &Model, after: &mut Model, at: usize, index: usize, renames: &Renames) {
    let FieldKind::Many(many) = &after.entities[at].fields[index].kind else {
        return;
    };
    if many.owner {
        return;
    }
    let Some((
        _,
        Field {
            kind: FieldKind::Many(old),
            ..
        },
    )) = old_field(before, after, at, index, renames)
    else {
        return;
    };
    let Some(target) = before.entity(&old.target) else { return };
    let first = target.fields.iter().find(|field| match &field.kind {
        FieldKind::Many(first) => first.owner && first.table == old.table && first.schema == old.schema,
        _ => false,
    });
    let Some(first) = first else { return };
    let name = match &renames.field {
        Some((entity, old, new)) if *entity == target.name && *old == first.name => new.as_str(),
        _ => first.name.as_str(),
    };
    let Some(Field {
        kind: FieldKind::Many(first),
        ..
    }) = after.entity(&many.target).and_then(|target| target.field(name))
    else {
        return;
    };
    let mut many = many.clone();
    many.schema = first.schema.clone();
    many.table = first.table.clone();
    many.from_columns = first.to_columns.clone();
    many.to_columns = first.from_columns.clone();
    after.entities[at].fields[index].kind = FieldKind::Many(many);
}
