//! Migrations written by hand: squawk's rules under our codes, and what it does not look at.
//!
//! Left out are its rules of style, and those about what the runner does anyway: it sets `lock_timeout`, gives statements that need it
//! a place outside the transaction, and takes a half-done migration up again.

use std::collections::BTreeSet;

use glaze_converge::{lint::LintFinding, online::ALONE};
use squawk_linter::{Linter, Rule, Violation};
use squawk_syntax::{
    Parse, SourceFile,
    ast::{AstNode, Stmt},
};

/// What is to be looked at again, in the order of the text.
pub(super) fn lint(sql: &str) -> Vec<LintFinding> {
    let parse = SourceFile::parse(sql);
    let mut out = BTreeSet::new();
    for error in parse.errors() {
        let found = LintFinding::at(sql, usize::from(error.range().start()), "syntax", error.message(), "");
        // What follows the first on a line is mostly its consequence.
        if !out.iter().any(|other: &LintFinding| other.line == found.line) {
            out.insert(found);
        }
    }
    let mut linter = Linter::with_default_rules();
    linter.settings.assume_in_transaction = true;
    for violation in linter.lint(&parse, sql) {
        out.extend(from_squawk(sql, violation));
    }
    out.extend(own(sql, &parse));
    out.into_iter().collect()
}

fn from_squawk(sql: &str, violation: Violation) -> Option<LintFinding> {
    let (start, end) = (usize::from(violation.text_range.start()), usize::from(violation.text_range.end()));
    let text = sql.get(start..end).unwrap_or_default().to_ascii_uppercase();
    // The runner gives such a statement a transaction of its own.
    let alone = sql[..start].rsplit(';').next().is_some_and(|before| before.contains(ALONE));
    if text.starts_with("VALIDATE") && alone {
        return None;
    }
    // Foreign keys and unique constraints have rules of their own.
    if violation.code == Rule::ConstraintMissingNotValid && !text.starts_with("VALIDATE") && !text.contains("CHECK") {
        return None;
    }
    let code = code_of(violation.code)?;
    let hint = violation.help.unwrap_or_default();
    Some(LintFinding::at(sql, start, code, violation.message, hint))
}

/// Our name for what a rule finds; none for what we do not look at.
fn code_of(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::RequireConcurrentIndexCreation | Rule::RequireConcurrentIndexDeletion | Rule::RequireConcurrentReindex => {
            "index_blocks_writes"
        }
        Rule::ConstraintMissingNotValid => "check_validation",
        Rule::AddingForeignKeyConstraint => "fk_validation",
        Rule::AddingFieldWithDefault => "volatile_default",
        Rule::ChangingColumnType => "table_rewrite",
        Rule::AddingNotNullableField => "set_not_null_scan",
        Rule::AddingSerialPrimaryKeyField | Rule::DisallowedUniqueConstraint => "unique_blocks_access",
        Rule::AddingRequiredField => "required_without_value",
        Rule::RenamingColumn | Rule::RenamingTable | Rule::RenamingObject | Rule::BanSetSchema | Rule::BanDropView => "breaks_clients",
        Rule::BanDropColumn => "column_dropped",
        Rule::BanDropTable => "table_dropped",
        Rule::BanDropSchema | Rule::BanDropDatabase => "schema_dropped",
        Rule::BanDropSequence => "sequence_dropped",
        Rule::BanTruncateCascade => "rows_removed",
        Rule::TransactionNesting | Rule::BanUncommittedTransaction => "transaction_in_migration",
        _ => return None,
    })
}

fn own(sql: &str, parse: &Parse<SourceFile>) -> Vec<LintFinding> {
    let mut out = Vec::new();
    for statement in parse.tree().stmts() {
        let (code, message, hint) = match &statement {
            Stmt::Update(update) if update.where_clause_or_current_of().is_none() => (
                "missing_where",
                "Without WHERE every row is changed, in one transaction.",
                "say which rows, and change many of them in batches (-- glaze:repeat)",
            ),
            Stmt::Delete(delete) if delete.where_clause_or_current_of().is_none() => {
                ("missing_where", "Without WHERE every row is deleted.", "say which rows")
            }
            Stmt::Truncate(_) => ("rows_removed", "All rows are removed.", "say which rows, with DELETE"),
            Stmt::Begin(_) | Stmt::Commit(_) | Stmt::Rollback(_) => (
                "transaction_in_migration",
                "The runner begins and ends the transaction; a migration that does so itself is refused.",
                "leave it out",
            ),
            _ => continue,
        };
        out.push(LintFinding::at(sql, start_of(&statement), code, message, hint));
    }
    out
}

/// Where a statement begins, after the comments before it.
fn start_of(statement: &Stmt) -> usize {
    let node = statement.syntax();
    let first = node
        .children_with_tokens()
        .find(|item| !item.kind().is_trivia())
        .map_or(node.text_range(), |item| item.text_range());
    usize::from(first.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(sql: &str) -> Vec<(usize, String)> {
        lint(sql).into_iter().map(|finding| (finding.line, finding.code)).collect()
    }

    #[test]
    fn what_hurts_is_found_where_it_stands() {
        for (sql, wanted) in [
            ("ALTER TABLE a ADD COLUMN b text", &[][..]),
            ("CREATE TABLE a (b integer); CREATE INDEX i ON a (b)", &[]),
            ("\nCREATE INDEX i ON a (b)", &[(2, "index_blocks_writes")]),
            ("CREATE INDEX CONCURRENTLY i ON a (b)", &[]),
            ("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0)", &[(1, "check_validation")]),
            (
                "ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (e)",
                &[(1, "fk_validation")],
            ),
            ("ALTER TABLE a ADD CONSTRAINT c UNIQUE (b)", &[(1, "unique_blocks_access")]),
            ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", &[(1, "set_not_null_scan")]),
            ("ALTER TABLE a ALTER COLUMN b TYPE bigint", &[(1, "table_rewrite")]),
            ("ALTER TABLE a ADD COLUMN b text NOT NULL", &[(1, "required_without_value")]),
            ("ALTER TABLE a RENAME COLUMN b TO c", &[(1, "breaks_clients")]),
            ("-- all of it\nDROP TABLE a", &[(2, "table_dropped")]),
            ("ALTER TABLE a DROP COLUMN b", &[(1, "column_dropped")]),
            ("UPDATE a SET b = 1 WHERE c;\n-- now\nUPDATE a SET b = 1", &[(3, "missing_where")]),
            ("DELETE FROM a", &[(1, "missing_where")]),
            ("TRUNCATE a", &[(1, "rows_removed")]),
            ("SELEC 1", &[(1, "syntax")]),
        ] {
            let wanted: Vec<(usize, String)> = wanted.iter().map(|(line, code)| (*line, (*code).to_owned())).collect();
            assert_eq!(codes(sql), wanted, "{sql}");
        }
        assert!(
            codes("BEGIN; SELECT 1; COMMIT")
                .iter()
                .any(|(_, code)| code == "transaction_in_migration")
        );
    }

    #[test]
    fn what_glaze_writes_for_large_tables_is_in_order() {
        let sql = "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;\n-- glaze:alone\nALTER TABLE a VALIDATE CONSTRAINT c;\n";
        assert_eq!(lint(sql), []);
    }
}
