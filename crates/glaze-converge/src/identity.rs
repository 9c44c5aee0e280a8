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

/// Entities of which `#[was]` newly says that they are one that has gone, although they were there beside it.
pub fn claimed_entities(pairs: &Pairs, previous: &Model, next: &Model) -> Pairs {
    let was = |entity: &Entity| entity.was.clone();
    let called = |entity: &Entity, name: &str| entity.name == name || entity.table == name;
    claimed(pairs, &previous.entities, &next.entities, was, called)
}

/// The same of fields.
pub fn claimed_fields(previous: &[Field], next: &[Field]) -> Pairs {
    let was = |field: &Field| field.was.clone();
    let called = |field: &Field, name: &str| field.name == name || field.columns.iter().any(|column| column == name);
    claimed(&fields(previous, next), previous, next, was, called)
}

fn claimed<T>(pairs: &Pairs, previous: &[T], next: &[T], was: impl Fn(&T) -> Option<String>, called: impl Fn(&T, &str) -> bool) -> Pairs {
    let gone = |at: usize| !pairs.iter().any(|(old, _)| *old == at);
    pairs
        .iter()
        .filter_map(|(old, new)| {
            let said = was(&next[*new]).filter(|said| was(&previous[*old]).as_ref() != Some(said))?;
            let other = previous.iter().position(|other| called(other, &said))?;
            (other != *old && gone(other)).then_some((other, *new))
        })
        .collect()
}

/// Equal ids first; then `#[was]` where it says something new; then names.
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
    // Names may change places: then `#[was]` is new on what has the name now, what it names has gone on or away, and what had the
    // name goes on under another.
    let newly = |item: &T| {
        let wanted = was(item)?;
        let keeps = previous.iter().find(|old| name(old) == name(item));
        let said = keeps.is_some_and(|old| was(old).as_ref() == Some(&wanted));
        let still = next.iter().any(|other| called(other, &wanted) && was(other).is_none());
        let passed_on = |old: &T| next.iter().any(|other| was(other).is_some_and(|wanted| called(old, &wanted)));
        keeps.is_none_or(|old| !said && !still && passed_on(old)).then_some(wanted)
    };
    for (at, item) in next.iter().enumerate() {
        let old = newly(item).and_then(|was| previous.iter().position(|old| called(old, &was)));
        join(old, at, &mut taken, &mut done);
    }
    for (at, item) in next.iter().enumerate() {
        let old = previous.iter().position(|old| name(old) == name(item));
        join(old, at, &mut taken, &mut done);
    }
    pairs
}
