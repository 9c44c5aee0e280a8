//! Steps on large tables, in pieces that hold nobody up for long: constraints are added without looking and validated after, indexes
//! are built while others write, rows are filled in batches. Each piece can be run again after a crash.

use glaze_converge::catalog::{Check, Column, ForeignKey, Index, Key, ObjectName, Table};
use glaze_converge::migrations::REPEAT;
use glaze_converge::names::shorten;
use glaze_converge::online::ALONE;
use glaze_converge::step::Step;

use super::{DdlDialect, alter, table};

/// Longest name of a constraint.
const MAX_NAME: usize = 63;

/// Statements of a step in its online form; none where there is no form that is right for every table. `volatile` says that the
/// default of an added column differs from row to row.
pub fn online(dialect: &(impl DdlDialect + ?Sized), step: &Step, batch: u64, volatile: bool) -> Option<Vec<String>> {
    match step {
        Step::CheckAdd { table, check } if !check.not_valid => add_check(dialect, table, check),
        Step::FkAdd { table, key } if !key.not_valid => add_foreign_key(dialect, table, key),
        Step::ColumnNullableDrop { table, column, fill } => {
            let mut out: Vec<String> = fill.iter().map(|fill| fill_batch(dialect, table, column, fill, batch)).collect();
            out.extend(set_not_null(dialect, table, column));
            Some(out)
        }
        Step::IndexCreate { table, index } => create_index(dialect, table, index),
        Step::IndexDrop { table, index } => Some(vec![format!("DROP INDEX CONCURRENTLY {}", dialect.index_name(table, &index.name))]),
        Step::UniqueAdd { table, key } => add_key(dialect, table, key, "UNIQUE"),
        Step::PrimaryKeySet {
            table,
            from: None,
            to: Some(key),
        } => add_key(dialect, table, key, "PRIMARY KEY"),
        Step::ColumnAdd { table, column, fill, .. } => add_column(dialect, table, column, fill.as_deref(), (batch, volatile)),
        _ => None,
    }
}

fn on(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName) -> String {
    format!("ALTER TABLE {}", dialect.object(table))
}

fn validate(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, name: &str) -> String {
    format!("{ALONE}\n{} VALIDATE CONSTRAINT {}", on(dialect, table), dialect.quote(name))
}

fn add_check(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, check: &Check) -> Option<Vec<String>> {
    let name = check.name.as_deref()?;
    let check = Check {
        not_valid: true,
        ..check.clone()
    };
    Some(vec![
        format!("{} ADD {}", on(dialect, table), table::check(dialect, &check)),
        validate(dialect, table, name),
    ])
}

fn add_foreign_key(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, key: &ForeignKey) -> Option<Vec<String>> {
    let name = key.name.as_deref()?;
    let key = ForeignKey {
        not_valid: true,
        ..key.clone()
    };
    Some(vec![
        format!("{} ADD {}", on(dialect, table), table::foreign_key(dialect, &key)),
        validate(dialect, table, name),
    ])
}

/// The check is validated while others write; `SET NOT NULL` then takes its word for it.
fn set_not_null(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, column: &str) -> Vec<String> {
    let name = shorten(&format!("glaze_not_null_{}_{column}", table.name), MAX_NAME);
    let (on, quoted, column) = (on(dialect, table), dialect.quote(&name), dialect.quote(column));
    vec![
        format!("{on} ADD CONSTRAINT {quoted} CHECK ({column} IS NOT NULL) NOT VALID"),
        validate(dialect, table, &name),
        format!("{on} ALTER COLUMN {column} SET NOT NULL"),
        format!("{on} DROP CONSTRAINT {quoted}"),
    ]
}

/// Rows whose value would be null again are left out, or it would never end; they make what follows fail, as they should.
fn fill_batch(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, column: &str, fill: &str, batch: u64) -> String {
    let (table, column) = (dialect.object(table), dialect.quote(column));
    // Asking a sequence would move it, and it never gives null.
    let some = if fill.contains("nextval") {
        String::new()
    } else {
        format!(" AND ({fill}) IS NOT NULL")
    };
    format!(
        "{REPEAT}\nUPDATE {table} SET {column} = {fill} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {column} IS NULL{some} LIMIT {batch}))"
    )
}

fn create_index(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, index: &Index) -> Option<Vec<String>> {
    let text = table::create_index(dialect, table, index);
    let (make, rest) = ["CREATE UNIQUE INDEX ", "CREATE INDEX "]
        .iter()
        .find_map(|start| Some((*start, text.strip_prefix(start)?)))?;
    let already = rest.get(..12).is_some_and(|word| word.eq_ignore_ascii_case("CONCURRENTLY"));
    Some(vec![if already { text } else { format!("{make}CONCURRENTLY {rest}") }])
}

/// The index is built while others write; the constraint then takes it over, under its name.
fn add_key(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, key: &Key, what: &str) -> Option<Vec<String>> {
    let name = dialect.quote(key.name.as_deref()?);
    if key.extra.is_some() {
        return None;
    }
    let distinct = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    Some(vec![
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {} ({}){distinct}",
            dialect.object(table),
            table::column_list(dialect, &key.columns)
        ),
        format!(
            "{} ADD CONSTRAINT {name} {what} USING INDEX {name}{}",
            on(dialect, table),
            table::deferrable(key.deferrable)
        ),
    ])
}

/// A value for every row: the column first, then the default for new rows, then the rows that are there. Only for required columns:
/// where null is a value, nobody can tell a row that has to be filled from one that was written since.
fn add_column(
    dialect: &(impl DdlDialect + ?Sized),
    table: &ObjectName,
    column: &Column,
    fill: Option<&str>,
    (batch, volatile): (u64, bool),
) -> Option<Vec<String>> {
    let fill = fill.or(column.default.as_deref().filter(|_| volatile))?;
    if column.nullable || column.generated.is_some() || column.identity.is_some() {
        return None;
    }
    let shell = Table {
        name: table.clone(),
        ..Table::default()
    };
    let bare = Column {
        nullable: true,
        default: None,
        ..column.clone()
    };
    let (on, quoted) = (on(dialect, table), dialect.quote(&column.name));
    let mut out = vec![format!("{on} ADD COLUMN {}", dialect.column(&shell, &bare))];
    out.extend(
        column
            .default
            .iter()
            .map(|default| format!("{on} ALTER COLUMN {quoted} SET DEFAULT {default}")),
    );
    out.push(fill_batch(dialect, table, &column.name, fill, batch));
    out.extend(set_not_null(dialect, table, &column.name));
    if column.comment.is_some() {
        let step = Step::ColumnComment {
            table: table.clone(),
            column: column.name.clone(),
            comment: column.comment.clone(),
        };
        out.extend(alter(dialect, &step));
    }
    Some(out)
}
