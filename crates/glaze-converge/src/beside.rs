//! What stands beside the tables in a database at hand: views, triggers and the like that somebody has made or changed since the last
//! migration. That is no drift; but a plan that makes a table anew has to know of it, or it would be lost.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Dependency, Index, ObjectName, Table};
use crate::text;

/// The catalog a plan starts from, with what the database has beside its tables instead of what a migration knew of.
pub(crate) fn adopted(start: &Catalog, current: &Catalog) -> Catalog {
    let mut out = start.clone();
    let tables: BTreeSet<&ObjectName> = start.tables.iter().map(|table| &table.name).collect();
    let views: BTreeSet<&ObjectName> = current.views.iter().map(|view| &view.name).collect();
    // A table of which the migrations do not know takes what hangs on it along.
    let known = |name: &ObjectName| tables.contains(name) || views.contains(name) || current.table(name).is_none();
    let stands = |needs: &[Dependency]| needs.iter().all(|item| known(&item.table));
    out.views = current.views.iter().filter(|view| stands(&view.depends_on)).cloned().collect();
    let things = current.unmodelled.iter();
    out.unmodelled = things
        .filter(|item| item.table.as_ref().is_none_or(known) && stands(&item.depends_on))
        .cloned()
        .collect();
    out
}

/// The same with the indexes that only the database can say.
pub(crate) fn with_indexes(start: &Catalog, current: &Catalog) -> Catalog {
    let mut out = adopted(start, current);
    for table in &mut out.tables {
        let Some(there) = current.table(&table.name) else { continue };
        let more: Vec<Index> = there.indexes.iter().filter(|index| is_new(index, table)).cloned().collect();
        table.indexes.extend(more);
    }
    out
}

fn is_new(index: &Index, table: &Table) -> bool {
    let fits = index.parts.iter().all(|part| part.is_expr || table.column(&part.text).is_some());
    index.exotic.is_some() && fits && !table.indexes.iter().any(|other| other.name == index.name)
}

/// What the migrations know of and the database has otherwise, or no more: for people.
pub(crate) fn changes(start: &Catalog, current: &Catalog) -> Vec<String> {
    let (before, now) = (things(start), things(current));
    let said = |thing: &Thing| match now.iter().find(|other| other.title == thing.title) {
        None => Some(format!("{}: no longer in the database", thing.title)),
        Some(other) => (other.text != thing.text).then(|| format!("{}: changed since the last migration", thing.title)),
    };
    before.iter().filter_map(said).collect()
}

struct Thing {
    title: String,
    text: Option<String>,
}

fn things(catalog: &Catalog) -> Vec<Thing> {
    let views = catalog.views.iter().map(|view| Thing {
        title: format!("view {}", view.name),
        text: Some(text::tidy(&view.definition)),
    });
    let others = catalog.unmodelled.iter().map(|item| Thing {
        title: format!("{} {}", item.kind, item.name),
        text: item.sql.as_deref().map(text::tidy),
    });
    views.chain(others).collect()
}
