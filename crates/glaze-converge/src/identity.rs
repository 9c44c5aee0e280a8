//! Which entity, field or value of one model is which of an earlier one. Stable ids are kept in snapshots; a name that was
//! dropped never gets its id back, because a new one is always made.

use std::collections::{BTreeMap, BTreeSet};

use glaze_model::{Entity, EnumType, Field, Model};
use uuid::Uuid;

/// Pairs of positions: in the earlier list, in the later one.
pub type Pairs = Vec<(usize, usize)>;

/// Gives every entity, enum and field its id: the one it has in `previous`, else the one it has already (given for another
/// dialect's migrations a moment ago), else a new one.
pub fn assign_ids(model: &mut Model, previous: Option<&Model>) {
    let empty = Model::default();
    let previous = previous.unwrap_or(&empty);
    let before: BTreeMap<usize, usize> = entities(previous, model).into_iter().map(|(old, new)| (new, old)).collect();
    let enums_before: BTreeMap<usize, usize> = enums(previous, model).into_iter().map(|(old, new)| (new, old)).collect();
    for (index, entity) in model.entities.iter_mut().enumerate() {
        let old = before.get(&index).map(|at| &previous.entities[*at]);
        entity.id = old
            .and_then(|old| old.id.clone())
            .or_else(|| entity.id.take())
            .or_else(|| Some(new_id()));
        let fields: BTreeMap<usize, usize> = old
            .map(|old| fields(&old.fields, &entity.fields))
            .unwrap_or_default()
            .into_iter()
            .map(|(old, new)| (new, old))
            .collect();
        for (index, field) in entity.fields.iter_mut().enumerate() {
            let old = fields.get(&index).and_then(|at| old?.fields.get(*at));
            field.id = old
                .and_then(|old| old.id.clone())
                .or_else(|| field.id.take())
                .or_else(|| Some(new_id()));
        }
    }
    for (index, item) in model.enums.iter_mut().enumerate() {
        let old = enums_before.get(&index).and_then(|at| previous.enums[*at].id.clone());
        item.id = old.or_else(|| item.id.take()).or_else(|| Some(new_id()));
    }
}

fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// Entities that are the same, by `#[was]` and by name.
pub fn entities(previous: &Model, next: &Model) -> Pairs {
    let was = |entity: &Entity| entity.was.clone();
    let called = |entity: &Entity, name: &str| entity.name == name || entity.table == name;
    pair(
        &previous.entities,
        &next.entities,
        |entity| &entity.id,
        |entity| &entity.name,
        was,
        called,
    )
}

/// Enums that are the same.
pub fn enums(previous: &Model, next: &Model) -> Pairs {
    let was = |item: &EnumType| item.was.clone();
    let called = |item: &EnumType, name: &str| item.name == name || item.db_name == name;
    pair(&previous.enums, &next.enums, |item| &item.id, |item| &item.name, was, called)
}

/// Fields that are the same.
pub fn fields(previous: &[Field], next: &[Field]) -> Pairs {
    let was = |field: &Field| field.was.clone();
    let called = |field: &Field, name: &str| field.name == name || field.columns.iter().any(|column| column == name);
    pair(previous, next, |field| &field.id, |field| &field.name, was, called)
}

/// Equal ids first; then `#[was]` of those whose name is new; then names.
fn pair<T>(
    previous: &[T],
    next: &[T],
    id: impl Fn(&T) -> &Option<String>,
    name: impl Fn(&T) -> &String,
    was: impl Fn(&T) -> Option<String>,
    called: impl Fn(&T, &str) -> bool,
) -> Pairs {
    let mut pairs = Pairs::new();
    let (mut taken, mut done) = (BTreeSet::new(), BTreeSet::new());
    let mut join = |old: Option<usize>, new: usize, taken: &mut BTreeSet<usize>, done: &mut BTreeSet<usize>| {
        if let Some(old) = old
            && !done.contains(&new)
            && taken.insert(old)
        {
            done.insert(new);
            pairs.push((old, new));
        }
    };
    for (at, item) in next.iter().enumerate() {
        let old = id(item)
            .as_ref()
            .and_then(|wanted| previous.iter().position(|old| id(old).as_ref() == Some(wanted)));
        join(old, at, &mut taken, &mut done);
    }
    for (at, item) in next.iter().enumerate() {
        if previous.iter().any(|old| name(old) == name(item)) {
            continue;
        }
        let old = was(item).and_then(|was| previous.iter().position(|old| called(old, &was)));
        join(old, at, &mut taken, &mut done);
    }
    for (at, item) in next.iter().enumerate() {
        let old = previous.iter().position(|old| name(old) == name(item));
        join(old, at, &mut taken, &mut done);
    }
    pairs
}
