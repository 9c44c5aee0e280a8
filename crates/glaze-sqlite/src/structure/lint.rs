//! Migrations written by hand: what costs rows, and what does nothing inside the runner's transaction.
//!
//! A statement that the parser does not know is none of its business: SQLite says at once when it is wrong.

use glaze_converge::dialect::CatalogDialect;
use glaze_converge::lint::LintFinding;
use glaze_converge::migrations::words::{Word, words};
use sqlparser::ast::{AlterTableOperation, ColumnDef, ColumnOption, Insert, ObjectType, RenameTableNameKind, Statement, TableObject};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::SqliteCatalog;

/// What is said: code, message, hint.
type Said = (&'static str, String, &'static str);

const IN_TRANSACTION: &str = "the runner switches foreign keys off before its transaction and checks them at its end";

/// What is to be looked at again, in the order of the text.
pub(super) fn lint(sql: &str) -> Vec<LintFinding> {
    let texts = texts(sql);
    let mut out = Vec::new();
    for (start, text) in &texts {
        out.extend(plain(text).map(|(code, message, hint)| LintFinding::at(sql, *start, code, message, hint)));
    }
    let statements = statements(&texts);
    for (at, (start, statement)) in statements.iter().enumerate() {
        let after: Vec<&Statement> = statements[at + 1..].iter().map(|(_, statement)| statement).collect();
        let before: Vec<&Statement> = statements[..at].iter().map(|(_, statement)| statement).collect();
        for (code, message, hint) in said(statement, &before, &after) {
            out.push(LintFinding::at(sql, *start, code, message, hint));
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Each statement with the byte where it begins.
fn texts(sql: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut from = 0;
    for text in SqliteCatalog.split(sql) {
        let Some(at) = sql[from..].find(&text) else { continue };
        let start = from + at;
        from = start + text.len();
        out.push((start + comments(&text), text));
    }
    out
}

/// What the parser does not read, and whose first words say it all.
fn plain(text: &str) -> Option<Said> {
    let all = words(text);
    let word = |at: usize| all.get(at).and_then(Word::name).unwrap_or_default().to_ascii_lowercase();
    match (word(0).as_str(), word(1).as_str()) {
        ("pragma", "foreign_keys") => Some((
            "pragma_in_transaction",
            "PRAGMA foreign_keys does nothing inside a transaction".to_owned(),
            IN_TRANSACTION,
        )),
        ("vacuum", _) => Some((
            "not_in_transaction",
            "VACUUM cannot run in a transaction, and migrations of SQLite always do".to_owned(),
            "run it by hand",
        )),
        _ => None,
    }
}

/// The statements that are understood, each with the byte where it begins.
fn statements(texts: &[(usize, String)]) -> Vec<(usize, Statement)> {
    let parsed = |(start, text): &(usize, String)| {
        let parsed = Parser::parse_sql(&SQLiteDialect {}, text).unwrap_or_default();
        parsed.into_iter().map(|statement| (*start, statement)).collect::<Vec<_>>()
    };
    texts.iter().flat_map(parsed).collect()
}

/// Bytes of the comments and the space before a statement.
fn comments(text: &str) -> usize {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("--") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 1)
        } else {
            None
        };
        match end {
            Some(end) => rest = rest[end + 1..].trim_start(),
            None => return text.len() - rest.len(),
        }
    }
}

fn said(statement: &Statement, before: &[&Statement], after: &[&Statement]) -> Vec<Said> {
    match statement {
        Statement::Drop {
            object_type: ObjectType::Table,
            names,
            ..
        } => names.iter().map(|name| dropped(&name.to_string(), before, after)).collect(),
        Statement::AlterTable(alter) => alter
            .operations
            .iter()
            .filter_map(|operation| altered(&alter.name.to_string(), operation, before))
            .collect(),
        Statement::Update(update) if update.selection.is_none() => vec![(
            "missing_where",
            format!("without WHERE every row of {} is changed", update.table),
            "say which rows",
        )],
        Statement::Delete(delete) if delete.selection.is_none() => {
            vec![("missing_where", "without WHERE every row is deleted".to_owned(), "say which rows")]
        }
        Statement::CreateIndex(index) if index.unique && !created(&index.table_name.to_string(), before) => vec![(
            "unique_over_duplicates",
            format!("fails where {} has the same values twice", index.table_name),
            "settle the duplicates first",
        )],
        Statement::StartTransaction { .. } | Statement::Commit { .. } | Statement::Rollback { .. } => vec![(
            "transaction_in_migration",
            "the runner begins and ends the transaction; a migration that does so itself is refused".to_owned(),
            "leave it out",
        )],
        _ => Vec::new(),
    }
}

/// A table that goes for good, or gives way to the one that was made from it.
fn dropped(name: &str, before: &[&Statement], after: &[&Statement]) -> Said {
    if replaced(name, before, after) {
        return (
            "rebuild_under_foreign_keys",
            format!("{name} is rebuilt: with foreign keys on, rows that refer to it would go with the old table"),
            IN_TRANSACTION,
        );
    }
    (
        "table_dropped",
        format!("all rows of {name} are lost, and with ON DELETE CASCADE those that refer to them"),
        "",
    )
}

/// Rows were copied from the table into another, which then takes its name.
fn replaced(name: &str, before: &[&Statement], after: &[&Statement]) -> bool {
    after.iter().any(|statement| match statement {
        Statement::AlterTable(alter) => {
            let takes = alter.operations.iter().any(|operation| match operation {
                AlterTableOperation::RenameTable {
                    table_name: RenameTableNameKind::To(to) | RenameTableNameKind::As(to),
                } => same(&to.to_string(), name),
                _ => false,
            });
            takes && before.iter().any(|copy| copies(copy, &alter.name.to_string(), name))
        }
        _ => false,
    })
}

fn copies(statement: &Statement, into: &str, from: &str) -> bool {
    let Statement::Insert(Insert {
        table: TableObject::TableName(table),
        source: Some(source),
        ..
    }) = statement
    else {
        return false;
    };
    let text = source.to_string();
    same(&table.to_string(), into) && glaze_converge::text::mentions(&text, bare(from))
}

fn altered(table: &str, operation: &AlterTableOperation, before: &[&Statement]) -> Option<Said> {
    match operation {
        AlterTableOperation::DropColumn { column_names, .. } => {
            let names: Vec<String> = column_names.iter().map(ToString::to_string).collect();
            Some(("column_dropped", format!("the values of {table}.{} are lost", names.join(", ")), ""))
        }
        AlterTableOperation::AddColumn { column_def, .. } if required(column_def) => Some((
            "required_without_value",
            format!("fails: {table}.{} is required and has no default", column_def.name),
            "give it a default, or let it be null",
        )),
        AlterTableOperation::RenameColumn { old_column_name, .. } => Some((
            "breaks_clients",
            format!("whoever uses {table}.{old_column_name} finds nothing there any more"),
            "keep both for a while",
        )),
        AlterTableOperation::RenameTable { .. } if !created(table, before) => Some((
            "breaks_clients",
            format!("whoever uses {table} finds nothing there any more"),
            "keep a view of the old name for a while",
        )),
        _ => None,
    }
}

fn required(column: &ColumnDef) -> bool {
    let has = |wanted: fn(&ColumnOption) -> bool| column.options.iter().any(|option| wanted(&option.option));
    has(|option| matches!(option, ColumnOption::NotNull))
        && !has(|option| matches!(option, ColumnOption::Default(_) | ColumnOption::Generated { .. }))
}

/// The table was made by this migration.
fn created(table: &str, before: &[&Statement]) -> bool {
    before
        .iter()
        .any(|statement| matches!(statement, Statement::CreateTable(create) if same(&create.name.to_string(), table)))
}

/// Quotes and case do not count in SQLite.
fn same(a: &str, b: &str) -> bool {
    bare(a).eq_ignore_ascii_case(bare(b))
}

fn bare(name: &str) -> &str {
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    name.trim_matches(|c| matches!(c, '"' | '`' | '[' | ']' | '\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hurts_is_found_where_it_stands() {
        for (sql, wanted) in [
            ("ALTER TABLE a ADD COLUMN b TEXT", &[][..]),
            ("ALTER TABLE a ADD COLUMN b TEXT NOT NULL", &[(1, "required_without_value")]),
            ("ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT ''", &[]),
            ("-- all of it\nDROP TABLE a", &[(2, "table_dropped")]),
            ("ALTER TABLE a DROP COLUMN b", &[(1, "column_dropped")]),
            ("ALTER TABLE a RENAME TO b", &[(1, "breaks_clients")]),
            ("ALTER TABLE a RENAME COLUMN b TO c", &[(1, "breaks_clients")]),
            ("UPDATE a SET b = 1 WHERE c;\n/* now */ UPDATE a SET b = 1", &[(2, "missing_where")]),
            ("DELETE FROM a", &[(1, "missing_where")]),
            ("CREATE UNIQUE INDEX i ON a (b)", &[(1, "unique_over_duplicates")]),
            ("CREATE TABLE a (b); CREATE UNIQUE INDEX i ON a (b)", &[]),
            ("PRAGMA foreign_keys = OFF", &[(1, "pragma_in_transaction")]),
            (
                "BEGIN;\nCOMMIT",
                &[(1, "transaction_in_migration"), (2, "transaction_in_migration")],
            ),
            ("VACUUM", &[(1, "not_in_transaction")]),
            ("nonsense; DROP TABLE a", &[(1, "table_dropped")]),
            (
                "CREATE TABLE new_a (b TEXT);\nINSERT INTO new_a SELECT b FROM a;\nDROP TABLE \"a\";\nALTER TABLE new_a RENAME TO a",
                &[(3, "rebuild_under_foreign_keys")],
            ),
            (
                "CREATE TABLE new_a (b TEXT);\nDROP TABLE a;\nALTER TABLE new_a RENAME TO a",
                &[(2, "table_dropped")],
            ),
        ] {
            let found: Vec<(usize, String)> = lint(sql).into_iter().map(|finding| (finding.line, finding.code)).collect();
            let wanted: Vec<(usize, String)> = wanted.iter().map(|(line, code)| (*line, (*code).to_owned())).collect();
            assert_eq!(found, wanted, "{sql}");
        }
    }
}
