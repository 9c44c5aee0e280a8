//! What is beside tables, where the catalog that is wanted says everything: extensions, schemas, domains, sequences, views, comments, and
//! what no type of the catalog expresses.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Dependency, DomainDef, ObjectComment, ObjectName, Unmodelled, ViewDef};
use crate::dialect::CatalogDialect;
use crate::hints::Hints;
use crate::step::Step;

/// Steps for everything but tables and enums.
pub(super) fn compare(before: &Catalog, to: &Catalog, hints: &Hints, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    for name in to.extensions.iter().filter(|name| !before.extensions.contains(name)) {
        steps.push(Step::ExtensionCreate { name: name.clone() });
    }
    for name in before.schemas.iter().filter(|name| !to.schemas.contains(name) && *name != "public") {
        steps.push(Step::SchemaDrop { name: name.clone() });
    }
    domains(before, to, steps);
    super::sequences::compare(before, to, steps);
    let moved = Moved::new(hints);
    views(before, to, &moved, dialect, steps);
    unmodelled(before, to, &moved, dialect, steps);
    for item in &to.enums {
        let there = before.enums.iter().find(|other| other.name == item.name);
        if there.is_some_and(|there| there.comment != item.comment) {
            steps.push(Step::EnumComment {
                name: item.name.clone(),
                comment: item.comment.clone(),
            });
        }
    }
}

/// Tables and columns with new names. What speaks of them in text has been rewritten by the database, in its own way.
struct Moved {
    tables: BTreeSet<ObjectName>,
    columns: BTreeSet<(ObjectName, String)>,
}

impl Moved {
    fn new(hints: &Hints) -> Moved {
        Moved {
            tables: hints.tables.values().cloned().collect(),
            columns: hints
                .columns
                .iter()
                .map(|((table, _), column)| (table.clone(), column.clone()))
                .collect(),
        }
    }

    fn touches(&self, needs: &[Dependency]) -> bool {
        needs.iter().any(|item| {
            self.tables.contains(&item.table)
                || item
                    .column
                    .as_ref()
                    .is_some_and(|column| self.columns.contains(&(item.table.clone(), column.clone())))
        })
    }
}

fn domains(before: &Catalog, to: &Catalog, steps: &mut Vec<Step>) {
    for item in &before.domains {
        if !to.domains.iter().any(|other| other.name == item.name) {
            steps.push(Step::DomainDrop { item: item.clone() });
        }
    }
    for item in &to.domains {
        match before.domains.iter().find(|other| other.name == item.name) {
            None => steps.push(Step::DomainCreate { item: item.clone() }),
            Some(there) if !same_domain(there, item) => {
                let uses = super::enum_uses(before, to, &item.name);
                steps.push(Step::DomainAlter {
                    from: there.clone(),
                    to: item.clone(),
                    uses,
                });
            }
            Some(_) => {}
        }
    }
}

/// Equal but for the names of checks.
fn same_domain(a: &DomainDef, b: &DomainDef) -> bool {
    let checks = |item: &DomainDef| {
        item.checks
            .iter()
            .map(|check| (check.expr.clone(), check.not_valid))
            .collect::<BTreeSet<_>>()
    };
    a.base == b.base && a.default == b.default && a.not_null == b.not_null && checks(a) == checks(b)
}

fn views(before: &Catalog, to: &Catalog, moved: &Moved, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    let names: BTreeMap<&ObjectName, &ViewDef> = before.views.iter().map(|view| (&view.name, view)).collect();
    let wanted: BTreeSet<&ObjectName> = to.views.iter().map(|view| &view.name).collect();
    for view in before.views.iter().filter(|view| !wanted.contains(&view.name)) {
        steps.push(Step::ViewDrop {
            view: view.clone(),
            again: false,
        });
    }
    for view in &to.views {
        match names.get(&view.name) {
            None => steps.push(Step::ViewCreate {
                view: view.clone(),
                again: false,
            }),
            Some(there) => {
                let same = dialect.same_text(&there.definition, &view.definition)
                    && there.materialized == view.materialized
                    && there.options == view.options
                    && !moved.touches(&there.depends_on);
                if !same {
                    steps.push(Step::ViewReplace {
                        from: (*there).clone(),
                        to: view.clone(),
                    });
                }
            }
        }
    }
}

/// Parts of tables that have no type of their own but are as much a matter of the table as a check is.
fn is_part(kind: &str) -> bool {
    matches!(
        kind,
        "index" | "exclusion" | "check" | "unique" | "foreign key" | "partition" | "inheritance"
    )
}

fn unmodelled(before: &Catalog, to: &Catalog, moved: &Moved, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    let key = |item: &Unmodelled| (item.kind.clone(), item.name.clone());
    let there: BTreeMap<_, _> = before.unmodelled.iter().map(|item| (key(item), item)).collect();
    let wanted: BTreeSet<_> = to.unmodelled.iter().map(key).collect();
    // Views of others in schemas that are not looked at, and what stands on tables that are not ours.
    let foreign = |item: &Unmodelled, catalog: &Catalog| {
        let on = |table: &ObjectName| {
            catalog.table(table).is_some() || catalog.views.iter().any(|view| view.name == *table) || is_partition(catalog, table)
        };
        let kind = item.kind.as_str();
        matches!(kind, "view" | "materialized view" | crate::scope::TOOL_TABLE) || item.table.as_ref().is_some_and(|table| !on(table))
    };
    for item in before
        .unmodelled
        .iter()
        .filter(|item| is_part(&item.kind) && !wanted.contains(&key(item)))
    {
        if foreign(item, before) || foreign(item, to) || goes_along(item, to) || adopted_partition(item, to, steps) {
            continue;
        }
        steps.push(Step::UnmodelledDrop {
            item: item.clone(),
            again: false,
        });
    }
    for item in to.unmodelled.iter().filter(|item| !foreign(item, to)) {
        match there.get(&key(item)) {
            None if goes_along(item, before) => {}
            None => create(before, item, steps),
            Some(old) => {
                let rewritten = moved.touches(&old.depends_on) && (item.kind == "rule" || !dialect.capabilities().views_hold_columns);
                let same = match (&old.sql, &item.sql) {
                    (Some(a), Some(b)) => dialect.same_text(a, b),
                    _ => true,
                };
                if !same || (rewritten && item.sql.is_some()) {
                    steps.push(Step::UnmodelledReplace {
                        from: (*old).clone(),
                        to: item.clone(),
                    });
                }
            }
        }
    }
}

/// A part of a partition that is a part of a table by itself in the other catalog: it stays where it is.
fn goes_along(item: &Unmodelled, other: &Catalog) -> bool {
    let table = item.table.as_ref().and_then(|table| other.table(table));
    table.is_some_and(|table| {
        let own = owned(item).1;
        matches!(item.kind.as_str(), "index" | "check" | "unique" | "foreign key") && names_of(table).contains(&own)
    })
}

/// Partitions may have partitions.
fn is_partition(catalog: &Catalog, table: &ObjectName) -> bool {
    let name = table.to_string();
    catalog.unmodelled.iter().any(|item| item.kind == "partition" && item.name == name)
}

/// A partition that becomes a table by itself is let go with its rows.
fn adopted_partition(item: &Unmodelled, to: &Catalog, steps: &mut Vec<Step>) -> bool {
    let same = |name: &ObjectName| name.to_string() == item.name;
    if item.kind != "partition" || !to.tables.iter().any(|table| same(&table.name)) {
        return false;
    }
    steps.retain(|step| !matches!(step, Step::TableCreate { table } if same(&table.name)));
    steps.push(Step::UnmodelledReplace {
        from: item.clone(),
        to: Unmodelled { sql: None, ..item.clone() },
    });
    true
}

/// A table that becomes a partition is taken in with its rows.
fn create(before: &Catalog, item: &Unmodelled, steps: &mut Vec<Step>) {
    let same = |name: &ObjectName| name.to_string() == item.name;
    if item.kind == "partition" && before.tables.iter().any(|table| same(&table.name)) {
        steps.retain(|step| !matches!(step, Step::TableDrop { table } if same(&table.name)));
        steps.push(Step::UnmodelledReplace {
            from: Unmodelled {
                table: None,
                ..item.clone()
            },
            to: item.clone(),
        });
    } else {
        steps.push(Step::UnmodelledCreate {
            item: item.clone(),
            again: false,
        });
    }
}

/// Comments that differ, on things that are there in the end.
pub(super) fn comments(before: &Catalog, to: &Catalog, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    if !dialect.capabilities().comments {
        return;
    }
    let texts = |catalog: &Catalog| -> BTreeMap<String, ObjectComment> {
        let items = catalog.comments.iter();
        items.map(|item| (item.target.clone(), item.clone())).collect()
    };
    let (old, new) = (texts(before), texts(to));
    let ends = Ends::new(before, steps);
    let mut more = Vec::new();
    for item in new.values().filter(|item| ends.has(item, to)) {
        if old.get(&item.target).is_none_or(|old| old.text != item.text) {
            more.push(Step::CommentSet {
                target: item.target.clone(),
                comment: Some(item.text.clone()),
            });
        }
    }
    for item in old.values().filter(|item| !new.contains_key(&item.target)) {
        let stays = match &item.on {
            Some(_) => ends.has(item, to),
            None => !ends.gone.contains(&(None, item.name.clone())) && is_in(to, &item.name),
        };
        if stays {
            more.push(Step::CommentSet {
                target: item.target.clone(),
                comment: None,
            });
        }
    }
    steps.extend(more);
}

fn is_in(to: &Catalog, name: &str) -> bool {
    to.unmodelled.iter().any(|item| item.name == name)
        || to.domains.iter().any(|item| item.name.to_string() == name)
        || to.sequences.iter().any(|item| item.name.to_string() == name)
        || to.schemas.iter().any(|schema| schema == name)
}

type OwnedNames = BTreeSet<(Option<ObjectName>, String)>;

/// Names of indexes, constraints and triggers by their table: what is there, made, and dropped.
struct Ends {
    there: OwnedNames,
    made: OwnedNames,
    gone: OwnedNames,
}

impl Ends {
    fn new(before: &Catalog, steps: &[Step]) -> Ends {
        let mut there = OwnedNames::new();
        for table in &before.tables {
            there.extend(names_of(table).into_iter().map(|name| (Some(table.name.clone()), name)));
        }
        there.extend(before.unmodelled.iter().map(owned));
        let (mut made, mut gone) = (OwnedNames::new(), OwnedNames::new());
        for step in steps {
            let on = step.table().cloned();
            match step {
                Step::TableCreate { table } => made.extend(names_of(table).into_iter().map(|name| (on.clone(), name))),
                Step::IndexCreate { index, .. } => drop(made.insert((on, index.name.clone()))),
                Step::IndexDrop { index, .. } => drop(gone.insert((on, index.name.clone()))),
                Step::CheckAdd { check, .. } => made.extend(check.name.clone().map(|name| (on, name))),
                Step::CheckDrop { check, .. } => gone.extend(check.name.clone().map(|name| (on, name))),
                Step::FkAdd { key, .. } => made.extend(key.name.clone().map(|name| (on, name))),
                Step::FkDrop { key, .. } => gone.extend(key.name.clone().map(|name| (on, name))),
                Step::UniqueAdd { key, .. } => made.extend(key.name.clone().map(|name| (on, name))),
                Step::UniqueDrop { key, .. } => gone.extend(key.name.clone().map(|name| (on, name))),
                Step::PrimaryKeySet { from, to, .. } => {
                    let name = |key: &Option<crate::catalog::Key>| key.as_ref().and_then(|key| key.name.clone());
                    gone.extend(name(from).map(|name| (on.clone(), name)));
                    made.extend(name(to).map(|name| (on, name)));
                }
                Step::UnmodelledCreate { item, .. } => drop(made.insert(owned(item))),
                Step::UnmodelledDrop { item, .. } => drop(gone.insert(owned(item))),
                Step::DomainDrop { item } => drop(gone.insert((None, item.name.to_string()))),
                Step::SequenceDrop { item } => drop(gone.insert((None, item.name.to_string()))),
                _ => {}
            }
        }
        Ends { there, made, gone }
    }

    fn has(&self, item: &ObjectComment, to: &Catalog) -> bool {
        let Some(on) = &item.on else { return true };
        if to.views.iter().any(|view| view.name == *on) && (item.name == on.name || item.target.starts_with("COLUMN ")) {
            return true;
        }
        let place = (Some(on.clone()), item.name.clone());
        self.made.contains(&place) || (self.there.contains(&place) && !self.gone.contains(&place))
    }
}

fn names_of(table: &crate::catalog::Table) -> Vec<String> {
    let keys = table.primary_key.iter().chain(&table.uniques).filter_map(|key| key.name.clone());
    keys.chain(table.foreign_keys.iter().filter_map(|key| key.name.clone()))
        .chain(table.checks.iter().filter_map(|check| check.name.clone()))
        .chain(table.indexes.iter().map(|index| index.name.clone()))
        .collect()
}

fn owned(item: &Unmodelled) -> (Option<ObjectName>, String) {
    let name = match &item.table {
        Some(table) => item.name.strip_prefix(&format!("{table}.")).unwrap_or(&item.name).to_owned(),
        None => item.name.clone(),
    };
    (item.table.clone(), name)
}
