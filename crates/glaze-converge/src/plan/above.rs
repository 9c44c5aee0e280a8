//! What stands on tables: views, and on those views again; triggers, policies, rules. Where something below them changes that they hold
//! fast, they are taken down before and made again after. What cannot be made again is a refusal that names it.

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use crate::catalog::{Catalog, Dependency, ObjectName, Unmodelled, ViewDef};
use crate::dialect::Capabilities;
use crate::step::Step;
use crate::text;

/// Adds the steps that take things down and make them again.
pub(super) fn add(steps: Vec<Step>, from: &Catalog, to: &Catalog, whole: bool, can: Capabilities) -> (Vec<Step>, Vec<Refusal>) {
    let mut work = Work {
        below: Below::of(&steps, can),
        views: index(&from.views, |view| view.name.clone()),
        wanted: index(&to.views, |view| view.name.clone()),
        down: BTreeSet::new(),
        from,
        to,
        whole,
        can,
        refusals: Vec::new(),
        steps,
    };
    work.find_views();
    work.replace_views();
    work.others();
    work.comments();
    (work.steps, work.refusals)
}

fn index<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> BTreeMap<K, &T> {
    items.iter().map(|item| (key(item), item)).collect()
}

/// What changes below.
#[derive(Default)]
struct Below {
    /// Columns that get another type or are made anew.
    changed: BTreeSet<(ObjectName, String)>,
    /// Columns that go.
    dropped: BTreeSet<(ObjectName, String)>,
    /// Tables that go.
    tables: BTreeSet<ObjectName>,
    /// Types that are made anew.
    types: Vec<String>,
}

impl Below {
    fn of(steps: &[Step], can: Capabilities) -> Below {
        let mut out = Below::default();
        let added: BTreeSet<_> = steps
            .iter()
            .filter_map(|step| match step {
                Step::ColumnAdd { table, column, .. } => Some((table.clone(), column.name.clone())),
                _ => None,
            })
            .collect();
        for step in steps {
            match step {
                Step::ColumnType { table, to, .. } | Step::ColumnCollation { table, to, .. } | Step::ColumnGenerated { table, to, .. }
                    if can.views_hold_columns =>
                {
                    out.changed.insert((table.clone(), to.name.clone()));
                }
                // Where views are text, one on another breaks when the columns of that get other names.
                Step::ColumnRename { table, to, .. } if !can.views_hold_columns => {
                    out.changed.insert((table.clone(), to.clone()));
                }
                Step::ColumnDrop { table, column } => {
                    let place = (table.clone(), column.name.clone());
                    let set = if added.contains(&place) {
                        &mut out.changed
                    } else {
                        &mut out.dropped
                    };
                    set.insert(place);
                }
                Step::TableDrop { table } => drop(out.tables.insert(table.name.clone())),
                Step::EnumReplace { to, uses, .. } => {
                    out.types.push(to.name.name.clone());
                    out.changed
                        .extend(uses.iter().map(|item| (item.table.clone(), item.column.clone())));
                }
                Step::DomainAlter { from, to, uses } if from.base != to.base => {
                    out.types.push(to.name.name.clone());
                    out.changed
                        .extend(uses.iter().map(|item| (item.table.clone(), item.column.clone())));
                }
                _ => {}
            }
        }
        out
    }

    /// What of it these dependencies meet: something that goes, or something that changes.
    fn hit(&self, needs: &[Dependency]) -> Option<Hit> {
        let place = |item: &Dependency| item.column.clone().map(|column| (item.table.clone(), column));
        for item in needs {
            if self.tables.contains(&item.table) {
                return Some(Hit::Gone(item.table.to_string()));
            }
            if let Some((table, column)) = place(item).filter(|place| self.dropped.contains(place)) {
                return Some(Hit::Gone(format!("{table}.{column}")));
            }
        }
        let changed = needs.iter().filter_map(place).any(|place| self.changed.contains(&place));
        changed.then_some(Hit::Changed)
    }
}

enum Hit {
    Gone(String),
    Changed,
}

struct Work<'a> {
    below: Below,
    views: BTreeMap<ObjectName, &'a ViewDef>,
    wanted: BTreeMap<ObjectName, &'a ViewDef>,
    /// Views that are taken down.
    down: BTreeSet<ObjectName>,
    from: &'a Catalog,
    to: &'a Catalog,
    whole: bool,
    can: Capabilities,
    refusals: Vec<Refusal>,
    steps: Vec<Step>,
}

impl<'a> Work<'a> {
    /// Views that hold something fast, and those that stand on them.
    fn find_views(&mut self) {
        for step in &self.steps {
            match step {
                Step::ViewDrop { view, .. } => drop(self.down.insert(view.name.clone())),
                Step::ViewReplace { from, to } if !self.in_place(from, to) => drop(self.down.insert(from.name.clone())),
                _ => {}
            }
        }
        for view in &self.from.views {
            let of_type = self.below.types.iter().any(|name| text::mentions(&view.definition, name));
            if of_type || self.below.hit(&view.depends_on).is_some() {
                self.down.insert(view.name.clone());
            }
        }
        let mut open: Vec<ObjectName> = self.down.iter().cloned().collect();
        while let Some(name) = open.pop() {
            for view in &self.from.views {
                let stands = match self.can.views_hold_columns {
                    true => view.depends_on.iter().any(|item| item.table == name),
                    false => view.name != name && text::mentions(&view.definition, &name.name),
                };
                if stands && self.down.insert(view.name.clone()) {
                    open.push(view.name.clone());
                }
            }
        }
    }

    /// Columns may be added at the end of a view that stays.
    fn in_place(&self, from: &ViewDef, to: &ViewDef) -> bool {
        self.can.views_hold_columns
            && !from.materialized
            && !to.materialized
            && from.options == to.options
            && !from.columns.is_empty()
            && to.columns.starts_with(&from.columns)
    }

    fn replace_views(&mut self) {
        let down = self.down.clone();
        self.steps.retain(|step| match step {
            Step::ViewReplace { to, .. } => !down.contains(&to.name),
            _ => true,
        });
        let dropped: BTreeSet<ObjectName> = self
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::ViewDrop { view, .. } => Some(view.name.clone()),
                _ => None,
            })
            .collect();
        for name in down.iter().filter(|name| !dropped.contains(*name)) {
            let Some(old) = self.views.get(name).copied() else { continue };
            let Some(new) = self.wanted.get(name).copied() else { continue };
            if let Some(missing) = self.missing(&new.depends_on) {
                self.refuse(&missing, &format!("view {name}"));
                continue;
            }
            self.steps.push(Step::ViewDrop {
                view: old.clone(),
                again: true,
            });
            let mut view = new.clone();
            if !self.whole && !self.can.views_hold_columns {
                view.definition = text::with_column_list(&view.definition, &old.columns);
            }
            if view.grants.is_empty() || self.whole {
                view.grants.clone_from(&old.grants);
            }
            self.steps.push(Step::ViewCreate { view, again: true });
            self.hanging(name);
        }
    }

    /// What the thing needs and the end state does not have.
    fn missing(&self, needs: &[Dependency]) -> Option<String> {
        let gone = |item: &&Dependency| {
            let place = |column: &String| (item.table.clone(), column.clone());
            self.below.tables.contains(&item.table)
                || item
                    .column
                    .as_ref()
                    .is_some_and(|column| self.below.dropped.contains(&place(column)))
        };
        let item = needs.iter().find(gone)?;
        Some(match &item.column {
            Some(column) if !self.below.tables.contains(&item.table) => format!("{}.{column}", item.table),
            _ => item.table.to_string(),
        })
    }

    fn refuse(&mut self, object: &str, what: &str) {
        let message = format!("{object} is used by {what}; change or drop that first");
        let refusal = Refusal {
            code: "has_dependents".to_owned(),
            object: object.to_owned(),
            message,
        };
        // One refusal for each thing that goes, with all that holds it.
        match self.refusals.iter_mut().find(|other| other.object == refusal.object) {
            Some(there) => there.message = there.message.replacen("; change", &format!(", {what}; change"), 1),
            None => self.refusals.push(refusal),
        }
    }

    /// Triggers, rules and indexes that go with the view.
    fn hanging(&mut self, view: &ObjectName) {
        let items: Vec<Unmodelled> = self
            .to
            .unmodelled
            .iter()
            .filter(|item| item.table.as_ref() == Some(view))
            .cloned()
            .collect();
        for item in items.into_iter().filter(|item| item.sql.is_some()) {
            let same = |other: &Unmodelled| other.kind == item.kind && other.name == item.name;
            self.steps.retain(|step| match step {
                Step::UnmodelledCreate { item: other, .. }
                | Step::UnmodelledReplace { to: other, .. }
                | Step::UnmodelledDrop { item: other, .. } => !same(other),
                _ => true,
            });
            self.steps.push(Step::UnmodelledCreate { item, again: true });
        }
    }

    /// Triggers and the like that hold a column fast, and those that are replaced.
    fn others(&mut self) {
        self.split_replacements();
        let (from, to) = (self.from, self.to);
        for item in &from.unmodelled {
            let on_view = item.table.as_ref().is_some_and(|table| self.down.contains(table));
            let with_table = item.table.as_ref().is_some_and(|table| self.below.tables.contains(table)) && item.kind != "partition";
            if on_view || with_table || self.is_handled(item) {
                continue;
            }
            let of_view = item.depends_on.iter().any(|needs| self.down.contains(&needs.table));
            let hit = match self.below.hit(&item.depends_on) {
                None if of_view && self.can.views_hold_columns => Some(Hit::Changed),
                other => other,
            };
            if hit.is_none() {
                continue;
            }
            let wanted = to
                .unmodelled
                .iter()
                .find(|other| other.kind == item.kind && other.name == item.name);
            match hit {
                None => {}
                // A partition or a child table goes with its parent, and changes with it.
                Some(_) if matches!(item.kind.as_str(), "partition" | "inheritance") => {}
                Some(Hit::Changed) if !self.can.views_hold_columns => {}
                Some(Hit::Changed) => match wanted {
                    Some(wanted) if self.can_be_remade(item) => self.remake(item, wanted),
                    None if self.whole && self.can_be_remade(item) => self.let_go(item),
                    _ if item.kind == "statistics" || item.kind == "foreign key" => {}
                    _ => self.refuse_changed(item),
                },
                Some(Hit::Gone(_)) if wanted.is_none() && self.whole && self.can_be_remade(item) => self.let_go(item),
                Some(Hit::Gone(object)) => self.refuse(&object, &format!("{} {}", item.kind, item.name)),
            }
        }
    }

    fn refuse_changed(&mut self, item: &Unmodelled) {
        let object = item.depends_on.iter().find_map(|needs| {
            let column = needs.column.clone()?;
            let place = (needs.table.clone(), column);
            self.below.changed.contains(&place).then(|| format!("{}.{}", place.0, place.1))
        });
        let object = object.unwrap_or_else(|| item.name.clone());
        self.refuse(&object, &format!("{} {}", item.kind, item.name));
    }

    /// Kinds that have a statement to drop them and one to make them, and hold no rows.
    fn can_be_remade(&self, item: &Unmodelled) -> bool {
        let kinds = match self.can.views_hold_columns {
            true => [
                "trigger",
                "policy",
                "rule",
                "statistics",
                "check",
                "exclusion",
                "unique",
                "index",
                "function",
                "procedure",
            ]
            .as_slice(),
            false => ["trigger"].as_slice(),
        };
        item.sql.is_some() && kinds.contains(&item.kind.as_str())
    }

    fn is_handled(&self, item: &Unmodelled) -> bool {
        self.steps.iter().any(|step| match step {
            Step::UnmodelledDrop { item: other, .. } => other.kind == item.kind && other.name == item.name,
            _ => false,
        })
    }

    fn remake(&mut self, item: &Unmodelled, wanted: &Unmodelled) {
        self.steps.push(Step::UnmodelledDrop {
            item: item.clone(),
            again: true,
        });
        self.steps.push(Step::UnmodelledCreate {
            item: wanted.clone(),
            again: true,
        });
    }

    /// What neither the end state has nor the way there lets be.
    fn let_go(&mut self, item: &Unmodelled) {
        self.steps.push(Step::UnmodelledDrop {
            item: item.clone(),
            again: false,
        });
    }

    /// What cannot be replaced where it stands goes before the tables change and comes back after.
    fn split_replacements(&mut self) {
        let mut out = Vec::with_capacity(self.steps.len());
        for step in std::mem::take(&mut self.steps) {
            match step {
                Step::UnmodelledReplace { from, to } if !stays(&from, &to) && self.can_be_remade(&to) => {
                    let again = true;
                    out.push(Step::UnmodelledDrop { item: from, again });
                    out.push(Step::UnmodelledCreate { item: to, again });
                }
                Step::UnmodelledReplace { from, to } if !stays(&from, &to) => {
                    self.refuse_replacement(&from);
                    out.push(Step::UnmodelledReplace { from, to });
                }
                Step::UnmodelledCreate { item, again } if item.sql.is_none() => {
                    self.refusals.push(Refusal {
                        code: "no_statement".to_owned(),
                        object: item.name.clone(),
                        message: format!(
                            "{} {} is missing and cannot be made from what the database tells of it; make it first",
                            item.kind, item.name
                        ),
                    });
                    out.push(Step::UnmodelledCreate { item, again });
                }
                other => out.push(other),
            }
        }
        self.steps = out;
    }

    fn refuse_replacement(&mut self, item: &Unmodelled) {
        self.refusals.push(Refusal {
            code: "not_replaceable".to_owned(),
            object: item.name.clone(),
            message: format!(
                "{} {} differs and cannot be changed without making it anew; do that by hand",
                item.kind, item.name
            ),
        });
    }

    /// Comments on what was made again.
    fn comments(&mut self) {
        let mut more = Vec::new();
        let made: BTreeSet<(Option<ObjectName>, String)> = self.steps.iter().filter_map(made).collect();
        for item in &self.to.comments {
            let view = item
                .on
                .as_ref()
                .is_some_and(|on| self.down.contains(on) && self.wanted.contains_key(on));
            if view || made.contains(&(item.on.clone(), item.name.clone())) {
                more.push(Step::CommentSet {
                    target: item.target.clone(),
                    comment: Some(item.text.clone()),
                });
            }
        }
        for step in more {
            if !self.steps.contains(&step) {
                self.steps.push(step);
            }
        }
    }
}

/// The name of an index, constraint or trigger that this step makes, with its table.
fn made(step: &Step) -> Option<(Option<ObjectName>, String)> {
    let on = step.table().cloned();
    match step {
        Step::IndexCreate { index, .. } => Some((on, index.name.clone())),
        Step::CheckAdd { check, .. } => Some((on, check.name.clone()?)),
        Step::FkAdd { key, .. } => Some((on, key.name.clone()?)),
        Step::UniqueAdd { key, .. } => Some((on, key.name.clone()?)),
        Step::PrimaryKeySet { to: Some(key), .. } => Some((on, key.name.clone()?)),
        Step::UnmodelledCreate { item, again: true } => {
            let table = item.table.clone()?;
            let name = item.name.strip_prefix(&format!("{table}."))?.to_owned();
            Some((Some(table), name))
        }
        _ => None,
    }
}

/// Whether the database replaces it where it stands.
fn stays(from: &Unmodelled, to: &Unmodelled) -> bool {
    let returns = |item: &Unmodelled| {
        let sql = item.sql.as_deref().unwrap_or_default();
        let head = &sql[..sql.find("\n LANGUAGE").unwrap_or(sql.len())];
        head.to_owned()
    };
    match to.kind.as_str() {
        "function" | "procedure" => returns(from) == returns(to),
        "row security" | "partition" => true,
        _ => false,
    }
}
