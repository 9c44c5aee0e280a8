//! Two states of one table.

use crate::catalog::{Check, Column, ForeignKey, Index, Key, Table};
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::hints::Answers;
use crate::step::Step;

pub(super) fn compare(from: &Table, to: &Table, desired: &Desired, answers: &Answers, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    let name = &to.name;
    if from.comment != to.comment {
        steps.push(Step::TableComment {
            table: name.clone(),
            comment: to.comment.clone(),
        });
    }
    for column in &from.columns {
        if to.column(&column.name).is_none() {
            steps.push(Step::ColumnDrop {
                table: name.clone(),
                column: column.clone(),
            });
        }
    }
    for column in &to.columns {
        let object = format!("{name}.{}", column.name);
        let answer = Answers::find(&answers.backfill, &object).cloned();
        let fill = answer.or_else(|| desired.fills.get(&(name.clone(), column.name.clone())).cloned());
        match from.column(&column.name) {
            Some(old) => compare_column(to, (old, column), fill, answers, dialect, steps),
            None => {
                let needed = !column.nullable && column.default.is_none() && column.generated.is_none() && column.identity.is_none();
                let fill = fill.filter(|_| needed || Answers::find(&answers.backfill, &object).is_some());
                let (table, column) = (name.clone(), column.clone());
                steps.push(Step::ColumnAdd {
                    table,
                    column,
                    fill,
                    checks: Vec::new(),
                    foreign_key: None,
                });
            }
        }
    }
    keys(from, to, steps);
    let table = || name.clone();
    let (gone, new) = unmatched(&from.foreign_keys, &to.foreign_keys, same_foreign_key);
    steps.extend(gone.into_iter().map(|key| Step::FkDrop { table: table(), key }));
    steps.extend(new.into_iter().map(|key| Step::FkAdd { table: table(), key }));
    let (gone, new) = unmatched(&from.checks, &to.checks, |a, b| a.expr == b.expr);
    steps.extend(gone.into_iter().map(|check| Step::CheckDrop { table: table(), check }));
    steps.extend(new.into_iter().map(|check| Step::CheckAdd { table: table(), check }));
    let (gone, new) = unmatched(&from.indexes, &to.indexes, same_index);
    steps.extend(gone.into_iter().map(|index| Step::IndexDrop { table: table(), index }));
    steps.extend(new.into_iter().map(|index| Step::IndexCreate { table: table(), index }));
}

fn keys(from: &Table, to: &Table, steps: &mut Vec<Step>) {
    let table = || to.name.clone();
    let same = match (&from.primary_key, &to.primary_key) {
        (Some(a), Some(b)) => same_key(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    if !same {
        let (from, to) = (from.primary_key.clone(), to.primary_key.clone());
        steps.push(Step::PrimaryKeySet { table: table(), from, to });
    }
    let (gone, new) = unmatched(&from.uniques, &to.uniques, same_key);
    steps.extend(gone.into_iter().map(|key| Step::UniqueDrop { table: table(), key }));
    steps.extend(new.into_iter().map(|key| Step::UniqueAdd { table: table(), key }));
}

fn compare_column(
    to_table: &Table,
    (from, to): (&Column, &Column),
    fill: Option<String>,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
    steps: &mut Vec<Step>,
) {
    let table = || to_table.name.clone();
    let column = || to.name.clone();
    if from.comment != to.comment {
        steps.push(Step::ColumnComment {
            table: table(),
            column: column(),
            comment: to.comment.clone(),
        });
    }
    if from.generated != to.generated {
        steps.push(Step::ColumnGenerated {
            table: table(),
            from: from.clone(),
            to: to.clone(),
        });
        // A column that is or becomes generated is made anew, with its type and the rest.
        if to.generated.is_some() {
            return;
        }
    }
    if from.ty != to.ty {
        let answer = Answers::find(&answers.using, &format!("{}.{}", to_table.name, to.name)).cloned();
        let using = answer.or_else(|| dialect.convert(from, to).using);
        steps.push(Step::ColumnType {
            table: table(),
            from: from.clone(),
            to: to.clone(),
            using,
        });
    } else if from.collation != to.collation {
        steps.push(Step::ColumnCollation {
            table: table(),
            from: from.clone(),
            to: to.clone(),
        });
    }
    if from.identity != to.identity {
        steps.push(Step::ColumnIdentity {
            table: table(),
            from: from.clone(),
            to: to.clone(),
        });
    }
    match (&from.default, &to.default) {
        (a, b) if a == b => {}
        (before, Some(to)) => {
            steps.push(Step::ColumnDefaultSet {
                table: table(),
                column: column(),
                from: before.clone(),
                to: to.clone(),
            });
        }
        (Some(before), None) => steps.push(Step::ColumnDefaultDrop {
            table: table(),
            column: column(),
            from: before.clone(),
        }),
        (None, None) => {}
    }
    match (from.nullable, to.nullable) {
        (false, true) => steps.push(Step::ColumnNullableSet {
            table: table(),
            column: column(),
        }),
        (true, false) => {
            let fill = fill.or_else(|| to.default.clone());
            steps.push(Step::ColumnNullableDrop {
                table: table(),
                column: column(),
                fill,
            });
        }
        _ => {}
    }
}

/// What one side has more of than the other; equal things cancel one by one.
fn unmatched<T: Clone>(from: &[T], to: &[T], same: impl Fn(&T, &T) -> bool) -> (Vec<T>, Vec<T>) {
    let mut gone: Vec<T> = from.to_vec();
    let mut new = Vec::new();
    for item in to {
        match gone.iter().position(|old| same(old, item)) {
            Some(at) => {
                gone.remove(at);
            }
            None => new.push(item.clone()),
        }
    }
    (gone, new)
}

fn same_key(a: &Key, b: &Key) -> bool {
    a.columns == b.columns && a.nulls_not_distinct == b.nulls_not_distinct && a.deferrable == b.deferrable && a.extra == b.extra
}

/// Equal but for name and validity.
pub fn same_foreign_key(a: &ForeignKey, b: &ForeignKey) -> bool {
    a.columns == b.columns
        && a.target == b.target
        && a.target_columns == b.target_columns
        && a.on_delete == b.on_delete
        && a.on_update == b.on_update
        && a.deferrable == b.deferrable
        && a.match_full == b.match_full
}

/// Equal but for the name.
pub fn same_index(a: &Index, b: &Index) -> bool {
    let plain = |index: &Index| index.exotic.is_none();
    match plain(a) && plain(b) {
        true => a.parts == b.parts && a.unique == b.unique && a.method == b.method && a.filter == b.filter,
        false => a.exotic == b.exotic && a.name == b.name,
    }
}

/// Checks of `table` that mention the column.
pub(crate) fn checks_on<'a>(table: &'a Table, column: &'a str) -> impl Iterator<Item = &'a Check> {
    table.checks.iter().filter(move |check| crate::text::mentions(&check.expr, column))
}
