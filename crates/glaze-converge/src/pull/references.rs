//! Which foreign keys become a `Ref`. The others stay foreign keys in the schema file's own words, so that none is lost.

use std::collections::HashSet;

use glaze_model::{DbForeignKey, OnDelete, Ownership, snake_case};

use super::Pull;
use super::names::words;
use crate::catalog::{Column, Deferrable, ForeignKey, ObjectName, Table};
use crate::dialect::CatalogDialect;

/// A foreign key that becomes a `Ref`.
pub(super) struct Reference<'t> {
    pub key: &'t ForeignKey,
    /// Target columns, when they are not its key.
    pub pointed: Vec<String>,
}

impl<'t> Reference<'t> {
    pub fn columns(&self) -> impl Iterator<Item = &'t str> {
        self.key.columns.iter().map(String::as_str)
    }

    /// What the field could be called: the column without `_id`, else by its target.
    pub fn names(&self, target: &str) -> Vec<String> {
        let target = snake_case(target);
        let [column] = self.key.columns.as_slice() else {
            return vec![target.clone(), format!("{target}_ref")];
        };
        let plain = words(column);
        let stem = match plain.strip_suffix("_id").filter(|stem| !stem.is_empty()) {
            Some(stem) => stem.to_owned(),
            None if plain == "id" => target,
            None => plain,
        };
        vec![stem.clone(), format!("{stem}_ref")]
    }
}

impl Pull<'_> {
    /// The foreign keys of a table: those that are references, and those that the schema file says in SQL. Of several with one
    /// column, the one with the fewest columns is the reference.
    pub(super) fn references<'t>(&self, table: &'t Table) -> (Vec<Reference<'t>>, Vec<DbForeignKey>) {
        let (mut found, mut others): (Vec<Reference<'t>>, Vec<DbForeignKey>) = Default::default();
        let mut used: HashSet<&str> = HashSet::new();
        let mut keys: Vec<&ForeignKey> = table.foreign_keys.iter().collect();
        keys.sort_by_key(|key| key.columns.len());
        for key in keys {
            let free = !key.columns.iter().any(|column| used.contains(column.as_str()));
            match self.reference(table, key).filter(|_| free) {
                Some(reference) => {
                    used.extend(key.columns.iter().map(String::as_str));
                    found.push(reference);
                }
                None => others.push(self.written(key)),
            }
        }
        (found, others)
    }

    /// The foreign key as a reference, where one can say all of it.
    fn reference<'t>(&self, table: &'t Table, key: &'t ForeignKey) -> Option<Reference<'t>> {
        let columns: Vec<&Column> = key.columns.iter().filter_map(|name| table.column(name)).collect();
        let first = *columns.first()?;
        let target = self.entity_of.get(&key.target).map(|at| &self.model.entities[*at])?;
        let whole = columns.len() == key.columns.len() && !key.columns.iter().any(|name| name.contains(','));
        let plain = |column: &&Column| column.identity.is_none() && column.generated.is_none() && column.nullable == first.nullable;
        let empties = key.on_delete == OnDelete::SetNull && !first.nullable;
        if !whole || empties || !columns.iter().all(plain) || !keeps_keys_whole(table, key) {
            return None;
        }
        // One default or description could not stand for several columns.
        let bare = |column: &&Column| column.default.is_none() && column.comment.is_none();
        if columns.len() > 1 && !columns.iter().all(bare) {
            return None;
        }
        if target.ownership == Ownership::System {
            let same = self.model.key_columns(target).iter().eq(key.target_columns.iter());
            return same.then(|| Reference { key, pointed: Vec::new() });
        }
        let target = self.catalog.table(&key.target)?;
        if !self.same_columns(&columns, target, key) || self.leads_back(table, key) {
            return None;
        }
        let primary = target.primary_key.as_ref().map(|primary| primary.columns.as_slice());
        if primary == Some(&key.target_columns) {
            return self.has_key(target).then(|| Reference { key, pointed: Vec::new() });
        }
        // A column that is a reference itself has its type from elsewhere, which may lead back here.
        let elsewhere = |column: &String| {
            let refers = target.foreign_keys.iter().any(|other| other.columns.contains(column));
            refers && !(self.has_key(target) && primary.is_some_and(|primary| primary.contains(column)))
        };
        let pointed = !key.target_columns.is_empty() && !key.target_columns.iter().any(|column| elsewhere(column) || column.contains(','));
        pointed.then(|| Reference {
            key,
            pointed: key.target_columns.clone(),
        })
    }

    /// Columns here are as those there: the reference takes its type from them. A single one may have another type, not another collation.
    fn same_columns(&self, here: &[&Column], target: &Table, key: &ForeignKey) -> bool {
        let there: Vec<&Column> = key.target_columns.iter().filter_map(|name| target.column(name)).collect();
        let single = here.len() == 1;
        there.len() == here.len()
            && here
                .iter()
                .zip(there)
                .all(|(here, there)| here.collation == there.collation && (single || here.ty == there.ty))
    }

    /// Whether the foreign key is in the key, and the key that it points at refers back here in the end.
    fn leads_back(&self, table: &Table, key: &ForeignKey) -> bool {
        let in_key = |table: &Table, key: &ForeignKey| {
            let primary = table.primary_key.as_ref();
            primary.is_some_and(|primary| key.columns.iter().any(|column| primary.columns.contains(column)))
        };
        if !in_key(table, key) {
            return false;
        }
        let mut seen: HashSet<&ObjectName> = HashSet::new();
        let mut next = vec![&key.target];
        while let Some(name) = next.pop() {
            if *name == table.name {
                return true;
            }
            if let Some(there) = self.catalog.table(name).filter(|_| seen.insert(name)) {
                next.extend(there.foreign_keys.iter().filter(|key| in_key(there, key)).map(|key| &key.target));
            }
        }
        false
    }

    /// Whether entries of the table can be named by its key.
    pub(super) fn has_key(&self, table: &Table) -> bool {
        has_key(table, self.dialect, &|ty| self.enum_types.contains_key(ty) && !ty.ends_with("[]"))
    }

    /// As the schema file says it in SQL.
    fn written(&self, key: &ForeignKey) -> DbForeignKey {
        let default_schema = self.dialect.object_name(None, "").schema;
        DbForeignKey {
            columns: key.columns.clone(),
            schema: key.target.schema.clone().filter(|schema| Some(schema) != default_schema.as_ref()),
            table: key.target.name.clone(),
            target_columns: key.target_columns.clone(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferrable: key.deferrable.map(deferrable_word),
        }
    }
}

/// `deferred` or `immediate`, as `#[db(deferrable = …)]` says it.
pub(super) fn deferrable_word(deferrable: Deferrable) -> String {
    match deferrable {
        Deferrable::Deferred => "deferred",
        Deferrable::Immediate => "immediate",
    }
    .to_owned()
}

/// Whether every column of the primary key is a scalar or an enum: nothing else can stand in a path.
pub(super) fn has_key(table: &Table, dialect: &dyn CatalogDialect, is_enum: &dyn Fn(&str) -> bool) -> bool {
    let usable = |name: &String| {
        let column = table.column(name);
        column.is_some_and(|column| is_enum(&column.ty) || dialect.read_type(&column.ty).is_some_and(|read| !read.list))
    };
    table.primary_key.as_ref().is_some_and(|key| key.columns.iter().all(usable))
}

/// Whether the columns are all outside of each key, or all in it, side by side and in order: as one field they cannot be taken apart.
fn keeps_keys_whole(table: &Table, key: &ForeignKey) -> bool {
    let keys = table
        .primary_key
        .iter()
        .chain(table.uniques.iter().filter(|unique| unique.extra.is_none()));
    let mut sets = keys.map(|key| key.columns.as_slice());
    sets.all(|set| {
        let inside = key.columns.iter().any(|column| set.contains(column));
        !inside || set.windows(key.columns.len()).any(|window| window == key.columns)
    })
}
