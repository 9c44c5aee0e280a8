//! Findings in migrations written by hand. The rules are the adapters' (`structure/lint.rs`, behind
//! [`CatalogDialect::lint`](crate::dialect::CatalogDialect::lint)): each knows its database's own traps.

use serde::{Deserialize, Serialize};

/// One thing to look at again.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LintFinding {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// A code of [`crate::assess::HAZARDS`] where it is the same thing, else one of [`LINTS`].
    pub code: String,
    /// What can happen.
    pub message: String,
    /// What to write instead; empty where there is nothing better.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

/// Codes of findings that no planned step has, each with a title. They have pages beside those of the hazards.
pub const LINTS: &[(&str, &str)] = &[
    ("missing_where", "All rows are changed or deleted"),
    ("rows_removed", "All rows of a table are removed"),
    ("transaction_in_migration", "The migration begins or ends transactions itself"),
    ("pragma_in_transaction", "A pragma that does nothing inside a transaction"),
    ("not_in_transaction", "A statement that cannot run in a transaction"),
    ("syntax", "The text is no SQL that this database knows"),
];

impl LintFinding {
    /// A finding at a byte of the text.
    pub fn at(sql: &str, byte: usize, code: &str, message: impl Into<String>, hint: impl Into<String>) -> LintFinding {
        let (line, column) = position(sql, byte);
        LintFinding {
            line,
            column,
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// Line and column (both from 1) of a byte.
pub fn position(sql: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(sql.len());
    while !sql.is_char_boundary(end) {
        end -= 1;
    }
    let before = &sql[..end];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn positions_count_characters() {
        assert_eq!(position("a\nüb", 0), (1, 1));
        assert_eq!(position("a\nüb", 4), (2, 2));
        assert_eq!(position("a\nüb", 99), (2, 3));
    }
}
