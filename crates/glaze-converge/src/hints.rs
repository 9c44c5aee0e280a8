//! What is known to have been renamed: from `#[was]`, from stable ids against the snapshot's model, and from answers.

use std::collections::BTreeMap;

use glaze_model::{Entity, Field, FieldKind, Model, Ownership};
use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, ObjectName};
use crate::desired::columns::field_columns;
use crate::dialect::CatalogDialect;
use crate::identity;

/// Renames, each from the old to the new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// Tables.
    pub tables: BTreeMap<ObjectName, ObjectName>,
    /// Columns: new name of the table, old name of the column; new name of the column.
    pub columns: BTreeMap<(ObjectName, String), String>,
    /// Native enum types.
    pub enums: BTreeMap<ObjectName, ObjectName>,
    /// Values by the enum's name in the model: old value to new.
    pub enum_values: BTreeMap<String, BTreeMap<String, String>>,
    /// Known from `#[was]` alone, without an earlier model: what it says may have been done long ago.
    pub by_words: bool,
    /// Tables that `#[was]` speaks of although the new name was taken already in the earlier model; as in `tables`.
    pub claimed_tables: BTreeMap<ObjectName, ObjectName>,
    /// The same of columns; as in `columns`.
    pub claimed_columns: BTreeMap<(ObjectName, String), String>,
    /// What `#[was]` says and cannot be, found when catalogs are compared.
    pub contradictions: Vec<Claim>,
}

/// A rename that cannot be, because both names are taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// What would go.
    pub from: String,
    /// What is there already.
    pub to: String,
}

/// What a person (or a script, by `--answers`) decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// `"public.posts.old": "public.posts.new"`, or null: not a rename, drop it.
    pub renames: BTreeMap<String, Option<String>>,
    /// Expression that converts a column: `"public.posts.views": "views::integer"`.
    pub using: BTreeMap<String, String>,
    /// Expression for rows that have no value yet.
    pub backfill: BTreeMap<String, String>,
    /// What becomes of removed enum values, by type (`public.post_status`) or column (`posts.status`).
    pub enum_value_map: BTreeMap<String, BTreeMap<String, String>>,
}

impl Answers {
    /// Renames among the things in `owner` (the values of an enum): old name to new, both without the owner.
    pub(crate) fn renames_in(&self, owner: &str) -> BTreeMap<String, String> {
        let short = owner.split_once('.').map_or(owner, |(_, rest)| rest);
        let inner = |text: &str| {
            [owner, short]
                .iter()
                .find_map(|owner| Some(text.strip_prefix(owner)?.strip_prefix('.')?.to_owned()))
        };
        self.renames
            .iter()
            .filter_map(|(from, to)| Some((inner(from)?, inner(to.as_ref()?)?)))
            .collect()
    }

    /// An answer in `map` for `object`, written with or without the schema.
    pub(crate) fn find<'a, T>(map: &'a BTreeMap<String, T>, object: &str) -> Option<&'a T> {
        map.get(object).or_else(|| {
            map.iter()
                .find(|(key, _)| object.split_once('.').is_some_and(|(_, rest)| rest == *key))
                .map(|(_, value)| value)
        })
    }
}

/// Renames between `base` and the next model. `previous` is the snapshot's model; without one only `#[was]` speaks.
pub fn hints(next: &Model, previous: Option<&Model>, base: &Catalog, dialect: &dyn CatalogDialect) -> Hints {
    let mut out = Hints {
        by_words: previous.is_none(),
        ..Hints::default()
    };
    let mut gather = Gather {
        dialect,
        base,
        out: &mut out,
    };
    match previous {
        Some(previous) => {
            for (old, new) in identity::entities(previous, next) {
                gather.entity(previous, &previous.entities[old], next, &next.entities[new]);
            }
            gather.claimed(previous, next);
            for (old, new) in identity::enums(previous, next) {
                let (old, new) = (&previous.enums[old], &next.enums[new]);
                let (from, to) = (
                    gather.name(old.schema.as_deref(), &old.db_name),
                    gather.name(new.schema.as_deref(), &new.db_name),
                );
                gather.rename_enum(from, to);
            }
        }
        None => {
            for entity in next.entities.iter().filter(|entity| entity.ownership == Ownership::Project) {
                gather.was(next, entity);
            }
            for item in &next.enums {
                if let Some(was) = &item.was {
                    let to = gather.name(item.schema.as_deref(), &item.db_name);
                    for old in [was.clone(), glaze_model::snake_case(was)] {
                        gather.rename_enum(gather.name(item.schema.as_deref(), &old), to.clone());
                    }
                }
            }
        }
    }
    for item in &next.enums {
        let map = out.enum_values.entry(item.name.clone()).or_default();
        for value in &item.values {
            for old in value.was.iter().flat_map(|was| [was.clone(), glaze_model::snake_case(was)]) {
                if !item.values.iter().any(|other| other.value == old) {
                    map.insert(old, value.value.clone());
                }
            }
        }
    }
    out.enum_values.retain(|_, map| !map.is_empty());
    out
}

struct Gather<'a> {
    dialect: &'a dyn CatalogDialect,
    base: &'a Catalog,
    out: &'a mut Hints,
}

impl Gather<'_> {
    fn name(&self, schema: Option<&str>, name: &str) -> ObjectName {
        self.dialect.object_name(schema, name)
    }

    fn entity(&mut self, previous: &Model, old: &Entity, next: &Model, new: &Entity) {
        if new.ownership != Ownership::Project {
            return;
        }
        let from = self.name(old.schema.as_deref(), &old.table);
        let to = self.name(new.schema.as_deref(), &new.table);
        self.rename_table(&from, &to);
        for (at, now) in identity::fields(&old.fields, &new.fields) {
            let (was, now) = (&old.fields[at], &new.fields[now]);
            self.field(previous, was, next, now, (&from, &to));
            if let (FieldKind::Many(was), FieldKind::Many(now)) = (&was.kind, &now.kind)
                && now.owner
            {
                let from = self.name(was.schema.as_deref().or(old.schema.as_deref()), &was.table);
                let to = self.name(now.schema.as_deref().or(new.schema.as_deref()), &now.table);
                self.rename_table(&from, &to);
                let columns = was
                    .from_columns
                    .iter()
                    .zip(&now.from_columns)
                    .chain(was.to_columns.iter().zip(&now.to_columns));
                for (was, now) in columns {
                    self.rename_column((&from, &to), was, now);
                }
            }
        }
    }

    fn field(&mut self, previous: &Model, was: &Field, next: &Model, now: &Field, tables: (&ObjectName, &ObjectName)) {
        let (was, now) = (field_columns(previous, was), field_columns(next, now));
        let unpaired = was.len() != now.len();
        for (at, now) in now.iter().enumerate() {
            // Inner fields of embedded structs are paired by their own names; all others by place.
            let old = match now.path.len() > 1 || unpaired {
                true => was.iter().find(|old| inner_path(old) == inner_path(now)),
                false => was.get(at),
            };
            if let Some(old) = old {
                self.rename_column(tables, &old.spec.column, &now.spec.column);
            }
        }
    }

    /// `#[was]` that is new and names something that has gone, on something that was there under its own name.
    fn claimed(&mut self, previous: &Model, next: &Model) {
        let pairs = identity::entities(previous, next);
        for old in identity::claimed_entities(&pairs, previous, next) {
            let (old, new) = (&previous.entities[old.0], &next.entities[old.1]);
            let (from, to) = (
                self.name(old.schema.as_deref(), &old.table),
                self.name(new.schema.as_deref(), &new.table),
            );
            self.out.claimed_tables.insert(from, to);
        }
        for (old, new) in pairs {
            let (old, new) = (&previous.entities[old], &next.entities[new]);
            let table = self.name(new.schema.as_deref(), &new.table);
            for (was, now) in identity::claimed_fields(&old.fields, &new.fields) {
                let was = field_columns(previous, &old.fields[was]);
                for (was, now) in was.iter().zip(field_columns(next, &new.fields[now])) {
                    let place = (table.clone(), was.spec.column.clone());
                    self.out.claimed_columns.insert(place, now.spec.column);
                }
            }
        }
    }

    /// Without an earlier model: what `#[was]` says, as a name in the schema or in the database.
    fn was(&mut self, model: &Model, entity: &Entity) {
        let to = self.name(entity.schema.as_deref(), &entity.table);
        let mut from = to.clone();
        if let Some(was) = &entity.was {
            for old in [was.clone(), glaze_model::plural(&glaze_model::snake_case(was))] {
                let old = self.name(entity.schema.as_deref(), &old);
                if self.base.table(&old).is_some() {
                    self.rename_table(&old, &to);
                    from = old;
                }
            }
        }
        for field in &entity.fields {
            let Some(was) = &field.was else { continue };
            for column in field_columns(model, field) {
                let now = &column.spec.column;
                let derived = now.strip_prefix(field.name.as_str()).map(|rest| format!("{was}{rest}"));
                for old in [Some(was.clone()), derived].into_iter().flatten() {
                    self.rename_column((&from, &to), &old, now);
                }
            }
        }
    }

    fn rename_table(&mut self, from: &ObjectName, to: &ObjectName) {
        if from != to && self.base.table(from).is_some() {
            self.out.tables.insert(from.clone(), to.clone());
        }
    }

    fn rename_column(&mut self, (from, to): (&ObjectName, &ObjectName), old: &str, new: &str) {
        let there = self.base.table(from).is_some_and(|table| table.column(old).is_some());
        if old != new && there {
            self.out.columns.insert((to.clone(), old.to_owned()), new.to_owned());
        }
    }

    fn rename_enum(&mut self, from: ObjectName, to: ObjectName) {
        let there = |name: &ObjectName| self.base.enums.iter().any(|item| item.name == *name);
        if from != to && there(&from) && !there(&to) {
            self.out.enums.insert(from, to);
        }
    }
}

fn inner_path(column: &crate::desired::columns::FlatColumn<'_>) -> (Vec<String>, String) {
    let names = column.path.iter().skip(1).map(|field| field.name.clone()).collect();
    let inner = column
        .path
        .iter()
        .skip(1)
        .next_back()
        .and_then(|field| field.columns.first().cloned());
    (names, inner.unwrap_or_default())
}
