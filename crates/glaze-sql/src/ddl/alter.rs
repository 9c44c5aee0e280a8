//! Steps by themselves.

use glaze_converge::catalog::{Column, Generated, ObjectName, Table};
use glaze_converge::step::Step;

use super::{DdlDialect, enums, literal, objects, table};

/// Statements of a step in their common form.
pub fn alter(dialect: &(impl DdlDialect + ?Sized), step: &Step) -> Vec<String> {
    let on = |table: &ObjectName| format!("ALTER TABLE {}", dialect.object(table));
    let column_of = |table: &ObjectName, column: &str| format!("{} ALTER COLUMN {}", on(table), dialect.quote(column));
    match step {
        Step::ExtensionCreate { .. }
        | Step::SchemaCreate { .. }
        | Step::SchemaDrop { .. }
        | Step::DomainCreate { .. }
        | Step::DomainAlter { .. }
        | Step::DomainDrop { .. }
        | Step::SequenceCreate { .. }
        | Step::SequenceAlter { .. }
        | Step::SequenceOwner { .. }
        | Step::SequenceDrop { .. }
        | Step::ColumnSequence { .. }
        | Step::ViewCreate { .. }
        | Step::ViewReplace { .. }
        | Step::ViewDrop { .. }
        | Step::UnmodelledCreate { .. }
        | Step::UnmodelledReplace { .. }
        | Step::UnmodelledDrop { .. }
        | Step::CommentSet { .. }
        | Step::EnumComment { .. } => objects::alter(dialect, step),
        // Only in a rebuild, or refused.
        Step::TableOptions { .. } | Step::TablePartitioning { .. } => Vec::new(),
        Step::EnumCreate { .. }
        | Step::EnumDrop { .. }
        | Step::EnumRename { .. }
        | Step::EnumAddValue { .. }
        | Step::EnumRenameValue { .. }
        | Step::EnumRemoveValue { .. }
        | Step::EnumReplace { .. } => enums::alter(dialect, step),
        Step::TableCreate { table } => table::create_table(dialect, table),
        Step::TableDrop { table } => vec![format!("DROP TABLE {}", dialect.object(&table.name))],
        Step::TableRename { from, to } => rename_table(dialect, from, to),
        Step::TableComment { table, comment } => comment_on(dialect, format!("TABLE {}", dialect.object(table)), comment.as_deref()),
        Step::ColumnComment { table, column, comment } => comment_on(
            dialect,
            format!("COLUMN {}.{}", dialect.object(table), dialect.quote(column)),
            comment.as_deref(),
        ),
        Step::ColumnAdd { table, column, .. } => add_column(dialect, step, table, column),
        Step::ColumnDrop { table, column } => vec![format!("{} DROP COLUMN {}", on(table), dialect.quote(&column.name))],
        Step::ColumnRename { table, from, to } => {
            vec![format!(
                "{} RENAME COLUMN {} TO {}",
                on(table),
                dialect.quote(from),
                dialect.quote(to)
            )]
        }
        Step::ColumnType { table, to, using, .. } => {
            let using = using.as_ref().map_or(String::new(), |using| format!(" USING {using}"));
            vec![format!(
                "{} TYPE {}{using}",
                column_of(table, &to.name),
                dialect.column_type(&to.ty)
            )]
        }
        Step::ColumnNullableSet { table, column } => vec![format!("{} DROP NOT NULL", column_of(table, column))],
        Step::ColumnNullableDrop { table, column, fill } => {
            let mut out: Vec<String> = fill.iter().map(|fill| fill_nulls(dialect, table, column, fill)).collect();
            out.push(format!("{} SET NOT NULL", column_of(table, column)));
            out
        }
        Step::ColumnDefaultSet { table, column, to, .. } => vec![format!("{} SET DEFAULT {to}", column_of(table, column))],
        Step::ColumnDefaultDrop { table, column, .. } => vec![format!("{} DROP DEFAULT", column_of(table, column))],
        Step::ColumnGenerated { table, from, to } => generated(dialect, table, from, to),
        Step::ColumnIdentity { table, from, to } => identity(dialect, table, from, to),
        Step::ColumnCollation { table, to, .. } => {
            let collation = to.collation.as_ref().map_or("\"default\"".to_owned(), |name| dialect.quote(name));
            vec![format!(
                "{} TYPE {} COLLATE {collation}",
                column_of(table, &to.name),
                dialect.column_type(&to.ty)
            )]
        }
        Step::PrimaryKeySet { table, from, to } => {
            let drop = from
                .iter()
                .filter_map(|key| key.name.as_ref())
                .map(|name| drop_constraint(dialect, table, name));
            let add = to
                .iter()
                .map(|key| format!("{} ADD {}", on(table), table::key(dialect, "PRIMARY KEY", key)));
            drop.chain(add).collect()
        }
        Step::UniqueAdd { table, key } => match (&key.name, dialect.unique_is_index()) {
            (Some(name), true) => vec![table::unique_index(dialect, table, name, key)],
            _ => vec![format!("{} ADD {}", on(table), table::key(dialect, "UNIQUE", key))],
        },
        Step::UniqueDrop { table, key } => match (&key.name, dialect.unique_is_index()) {
            (Some(name), true) => vec![format!("DROP INDEX {}", dialect.index_name(table, name))],
            (name, _) => named_drop(dialect, table, name.as_deref()),
        },
        Step::FkAdd { table, key } => vec![format!("{} ADD {}", on(table), table::foreign_key(dialect, key))],
        Step::FkDrop { table, key } => named_drop(dialect, table, key.name.as_deref()),
        Step::FkValidate { table, key } => validate(dialect, table, key.name.as_deref()),
        Step::CheckValidate { table, check } => validate(dialect, table, check.name.as_deref()),
        Step::CheckAdd { table, check } => vec![format!("{} ADD {}", on(table), table::check(dialect, check))],
        Step::CheckDrop { table, check } => named_drop(dialect, table, check.name.as_deref()),
        Step::IndexCreate { table, index } => vec![table::create_index(dialect, table, index)],
        Step::IndexDrop { table, index } => vec![format!("DROP INDEX {}", dialect.index_name(table, &index.name))],
    }
}

/// A table moves to its schema before it gets its name.
fn rename_table(dialect: &(impl DdlDialect + ?Sized), from: &ObjectName, to: &ObjectName) -> Vec<String> {
    let mut out = Vec::new();
    let moved = ObjectName {
        schema: to.schema.clone(),
        name: from.name.clone(),
    };
    if let Some(schema) = to.schema.as_ref().filter(|_| from.schema != to.schema) {
        out.push(format!("ALTER TABLE {} SET SCHEMA {}", dialect.object(from), dialect.quote(schema)));
    }
    if from.name != to.name {
        out.push(format!(
            "ALTER TABLE {} RENAME TO {}",
            dialect.object(&moved),
            dialect.quote(&to.name)
        ));
    }
    out
}

fn validate(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, name: Option<&str>) -> Vec<String> {
    name.map(|name| format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", dialect.object(table), dialect.quote(name)))
        .into_iter()
        .collect()
}

pub(super) fn comment_on(dialect: &(impl DdlDialect + ?Sized), what: String, comment: Option<&str>) -> Vec<String> {
    match dialect.comments() {
        true => vec![format!("COMMENT ON {what} IS {}", comment.map_or("NULL".to_owned(), literal))],
        false => Vec::new(),
    }
}

fn fill_nulls(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, column: &str, fill: &str) -> String {
    let (table, column) = (dialect.object(table), dialect.quote(column));
    format!("UPDATE {table} SET {column} = {fill} WHERE {column} IS NULL")
}

/// A required column with a value for the rows that are there is added nullable, filled, and then made required: that works for
/// every expression and leaves no default behind.
fn add_column(dialect: &(impl DdlDialect + ?Sized), step: &Step, name: &ObjectName, column: &Column) -> Vec<String> {
    let Step::ColumnAdd {
        fill, checks, foreign_key, ..
    } = step
    else {
        return Vec::new();
    };
    let shell = Table {
        name: name.clone(),
        ..Table::default()
    };
    let mut added = column.clone();
    added.nullable |= fill.is_some();
    // Rows that are there get the fill, later ones the default.
    let default = column.default.as_ref().filter(|_| fill.is_some());
    if default.is_some() {
        added.default = None;
    }
    let mut text = format!("ALTER TABLE {} ADD COLUMN {}", dialect.object(name), dialect.column(&shell, &added));
    for item in checks {
        text += &format!(" {}", table::check(dialect, item));
    }
    if let Some(key) = foreign_key {
        text += &format!(" {}", table::references(dialect, key));
    }
    let mut out = vec![text];
    if let Some(fill) = fill {
        out.push(fill_nulls(dialect, name, &column.name, fill));
        if let Some(default) = default {
            let (table, column) = (dialect.object(name), dialect.quote(&column.name));
            out.push(format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"));
        }
        if !column.nullable {
            out.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} SET NOT NULL",
                dialect.object(name),
                dialect.quote(&column.name)
            ));
        }
    }
    if dialect.comments() && column.comment.is_some() {
        let what = format!("COLUMN {}.{}", dialect.object(name), dialect.quote(&column.name));
        out.extend(comment_on(dialect, what, column.comment.as_deref()));
    }
    out
}

/// Another expression needs the column anew; ceasing to be generated keeps the values.
fn generated(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, from: &Column, to: &Column) -> Vec<String> {
    let on = format!("ALTER TABLE {}", dialect.object(table));
    let column = dialect.quote(&to.name);
    match (&from.generated, &to.generated) {
        (Some(Generated { stored: true, .. }), None) => vec![format!("{on} ALTER COLUMN {column} DROP EXPRESSION")],
        _ => {
            let shell = Table {
                name: table.clone(),
                ..Table::default()
            };
            vec![
                format!("{on} DROP COLUMN {column}"),
                format!("{on} ADD COLUMN {}", dialect.column(&shell, to)),
            ]
        }
    }
}

fn identity(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, from: &Column, to: &Column) -> Vec<String> {
    let on = format!("ALTER TABLE {} ALTER COLUMN {}", dialect.object(table), dialect.quote(&to.name));
    let wanted = dialect.identity(to);
    match (from.identity.is_some(), to.identity.is_some()) {
        (true, true) => vec![format!("{on} SET{}", wanted.replace(" AS IDENTITY", ""))],
        (false, true) => vec![format!("{on} ADD{wanted}")],
        _ => vec![format!("{on} DROP IDENTITY IF EXISTS")],
    }
}

fn drop_constraint(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, name: &str) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {}", dialect.object(table), dialect.quote(name))
}

fn named_drop(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, name: Option<&str>) -> Vec<String> {
    name.map(|name| drop_constraint(dialect, table, name)).into_iter().collect()
}
