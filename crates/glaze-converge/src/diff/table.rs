//! Two states of one table.

use super::Depth;
use super::pairs::{pairs, unmatched};
use crate::catalog::{Check, Column, ForeignKey, Index, Key, Table};
use crate::desired::Desired;
use crate::dialect::CatalogDialect;
use crate::hints::Answers;
use crate::step::Step;

pub(super) fn compare(
    from: &Table,
    to: &Table,
    desired: &Desired,
    answers: &Answers,
    dialect: &dyn CatalogDialect,
    depth: Depth,
    steps: &mut Vec<Step>,
) {
    let name = &to.name;
    if depth == Depth::Whole {
        whole(from, to, dialect, steps);
    }
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
    let (gone, new) = unmatched(&from.checks, &to.checks, |a, b| dialect.same_text(&a.expr, &b.expr));
    steps.extend(gone.into_iter().map(|check| Step::CheckDrop { table: table(), check }));
    steps.extend(new.into_iter().map(|check| Step::CheckAdd { table: table(), check }));
    let (gone, new) = unmatched(&from.indexes, &to.indexes, |a, b| same_index_in(a, b, depth, dialect));
    steps.extend(gone.into_iter().map(|index| Step::IndexDrop { table: table(), index }));
    steps.extend(new.into_iter().map(|index| Step::IndexCreate { table: table(), index }));
}

/// What only a catalog that is wanted as a whole says of a table.
fn whole(from: &Table, to: &Table, dialect: &dyn CatalogDialect, steps: &mut Vec<Step>) {
    let table = || to.name.clone();
    if from.partition_by != to.partition_by {
        steps.push(Step::TablePartitioning {
            from: from.clone(),
            to: to.clone(),
        });
    }
    if from.options != to.options {
        steps.push(Step::TableOptions {
            table: table(),
            from: from.options.clone(),
            to: to.options.clone(),
        });
    }
    for column in &to.columns {
        let Some(old) = from.column(&column.name) else { continue };
        if let (Some(was), Some(will)) = (&old.sequence, &column.sequence)
            && was.definition != will.definition
            && old.identity.is_some()
            && column.identity.is_some()
        {
            steps.push(Step::ColumnSequence {
                table: table(),
                column: column.name.clone(),
                from: was.clone(),
                to: will.clone(),
            });
        }
    }
    for column in to.columns.iter().filter(|column| !column.nullable) {
        // Another word of what a missing value does is another NOT NULL.
        if from
            .column(&column.name)
            .is_some_and(|old| !old.nullable && old.on_null != column.on_null)
        {
            steps.push(Step::ColumnNullableDrop {
                table: table(),
                column: column.name.clone(),
                fill: None,
            });
        }
    }
    for (old, new) in pairs(&from.foreign_keys, &to.foreign_keys, same_foreign_key).0 {
        if from.foreign_keys[old].not_valid && !to.foreign_keys[new].not_valid {
            steps.push(Step::FkValidate {
                table: table(),
                key: from.foreign_keys[old].clone(),
            });
        }
    }
    for (old, new) in pairs(&from.checks, &to.checks, |a, b| dialect.same_text(&a.expr, &b.expr)).0 {
        if from.checks[old].not_valid && !to.checks[new].not_valid {
            steps.push(Step::CheckValidate {
                table: table(),
                check: from.checks[old].clone(),
            });
        }
    }
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
    if !same_generated(from, to, dialect) {
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
        (Some(a), Some(b)) if dialect.same_default(to, a, b) => {}
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

pub(super) fn same_key(a: &Key, b: &Key) -> bool {
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
    same_index_by(a, b, |a, b| a == b)
}

fn same_index_in(a: &Index, b: &Index, depth: Depth, dialect: &dyn CatalogDialect) -> bool {
    let usable = depth != Depth::Whole || !a.invalid || b.invalid;
    usable && same_index_by(a, b, |a, b| dialect.same_text(a, b))
}

fn same_index_by(a: &Index, b: &Index, same: impl Fn(&str, &str) -> bool) -> bool {
    let part = |one: &crate::catalog::IndexPart, two: &crate::catalog::IndexPart| {
        one.is_expr == two.is_expr && one.desc == two.desc && same(&one.text, &two.text)
    };
    let parts = || a.parts.len() == b.parts.len() && a.parts.iter().zip(&b.parts).all(|(one, two)| part(one, two));
    let filter = || match (&a.filter, &b.filter) {
        (Some(one), Some(two)) => same(one, two),
        (one, two) => one.is_none() && two.is_none(),
    };
    match (&a.exotic, &b.exotic) {
        (None, None) => a.unique == b.unique && a.method == b.method && parts() && filter(),
        (Some(one), Some(two)) if a.name == b.name => same(one, two),
        (Some(one), Some(two)) => same(&crate::text::rename(one, &a.name, "_"), &crate::text::rename(two, &b.name, "_")),
        _ => false,
    }
}

fn same_generated(from: &Column, to: &Column, dialect: &dyn CatalogDialect) -> bool {
    match (&from.generated, &to.generated) {
        (Some(a), Some(b)) => a.stored == b.stored && dialect.same_text(&a.expr, &b.expr),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Checks of `table` that mention the column.
pub(crate) fn checks_on<'a>(table: &'a Table, column: &'a str) -> impl Iterator<Item = &'a Check> {
    table.checks.iter().filter(move |check| crate::text::mentions(&check.expr, column))
}
