//! What the statements of a migration are about, as far as a runner has to know: which tables they change, whether rows come or
//! go, whether they are repeated, and that they leave the runner's transaction alone.

use super::words::{Word, words};
use crate::catalog::ObjectName;

/// A line before a statement that says: again, each time in a transaction of its own, until it changes no row.
pub const REPEAT: &str = "-- glaze:repeat";

/// A table as a statement names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    schema: Option<String>,
    name: String,
}

impl Named {
    /// Whether it may be this table. Case does not count: better one too many than one too few.
    pub(super) fn is(&self, table: &ObjectName) -> bool {
        let schema = match (&self.schema, &table.schema) {
            (Some(said), Some(there)) => said.eq_ignore_ascii_case(there),
            _ => true,
        };
        schema && self.name.eq_ignore_ascii_case(&table.name)
    }
}

impl From<&ObjectName> for Named {
    fn from(table: &ObjectName) -> Named {
        Named {
            schema: table.schema.clone(),
            name: table.name.clone(),
        }
    }
}

/// What a statement does to the number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rows {
    /// Nothing.
    Same,
    /// Rows come into this table or go from it, and from no other.
    Of(Named),
    /// It cannot be seen.
    Unknown,
}

/// Whether the statement is to be repeated.
pub(super) fn repeats(statement: &str) -> bool {
    statement
        .lines()
        .take_while(|line| line.trim().is_empty() || line.trim_start().starts_with("--"))
        .any(|line| line.trim() == REPEAT)
}

/// `BEGIN`, `COMMIT` and the like: the transaction is the runner's.
pub(super) fn controls_transaction(statement: &str) -> bool {
    let all = words(statement);
    let word = |at: usize| all.get(at).map_or("", Word::keyword);
    matches!(word(0), "BEGIN" | "COMMIT" | "ROLLBACK" | "END" | "SAVEPOINT" | "RELEASE" | "ABORT")
        || (matches!(word(0), "START" | "PREPARE") && word(1) == "TRANSACTION")
}

/// Tables that are altered, dropped or emptied.
pub(super) fn altered(statement: &str) -> Vec<Named> {
    let all = words(statement);
    let word = |at: usize| all.get(at).map_or("", Word::keyword);
    match (word(0), word(1)) {
        ("ALTER", "TABLE") => names(&all, 2).into_iter().take(1).collect(),
        ("DROP", "TABLE") => names(&all, 2),
        ("TRUNCATE", "TABLE") => names(&all, 2),
        ("TRUNCATE", _) => names(&all, 1),
        _ => Vec::new(),
    }
}

/// Tables that are dropped; a rebuild drops the old one.
pub(super) fn dropped(statement: &str) -> Vec<Named> {
    let all = words(statement);
    match (all.first().map(Word::keyword), all.get(1).map(Word::keyword)) {
        (Some("DROP"), Some("TABLE")) => names(&all, 2),
        _ => Vec::new(),
    }
}

/// Names of things other than tables that the statement takes away.
pub(super) fn removed(statement: &str) -> Vec<String> {
    let all = words(statement);
    let word = |at: usize| all.get(at).map_or("", Word::keyword);
    if word(0) == "ALTER" && word(1) == "TABLE" {
        return all
            .windows(3)
            .filter(|three| three[0].keyword() == "DROP" && three[1].keyword() == "CONSTRAINT")
            .filter_map(|three| three[2].name().map(str::to_owned))
            .collect();
    }
    if word(0) != "DROP" || word(1) == "TABLE" {
        return Vec::new();
    }
    let at = if word(1) == "MATERIALIZED" { 3 } else { 2 };
    names(&all, at).into_iter().map(|named| named.name).collect()
}

/// What happens to the number of rows.
pub(super) fn rows(statement: &str) -> Rows {
    let all = words(statement);
    let word = |at: usize| all.get(at).map_or("", Word::keyword);
    let of = |at: usize| names(&all, at).into_iter().next().map_or(Rows::Unknown, Rows::Of);
    match (word(0), word(1)) {
        ("INSERT" | "REPLACE" | "MERGE", "INTO") => of(2),
        ("INSERT", "OR") => of(4),
        ("COPY", _) => of(1),
        // Others may go with them, by their foreign keys.
        ("DELETE" | "TRUNCATE" | "WITH" | "DO" | "CALL" | "SELECT" | "EXECUTE" | "MERGE", _) => Rows::Unknown,
        _ => Rows::Same,
    }
}

/// A list of names from `at` on, with what may stand before it.
fn names(all: &[Word], at: usize) -> Vec<Named> {
    let mut out = Vec::new();
    let mut at = at;
    while all
        .get(at)
        .is_some_and(|word| matches!(word.keyword(), "IF" | "NOT" | "EXISTS" | "ONLY" | "CONCURRENTLY"))
    {
        at += 1;
    }
    while let Some(first) = all.get(at).and_then(Word::name) {
        let second = match (all.get(at + 1), all.get(at + 2).and_then(Word::name)) {
            (Some(Word::Sign('.')), Some(second)) => Some(second),
            _ => None,
        };
        out.push(match second {
            Some(second) => Named {
                schema: Some(first.to_owned()),
                name: second.to_owned(),
            },
            None => Named {
                schema: None,
                name: first.to_owned(),
            },
        });
        at += if second.is_some() { 3 } else { 1 };
        if all.get(at) != Some(&Word::Sign(',')) {
            break;
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(list: Vec<Named>) -> Vec<String> {
        list.into_iter()
            .map(|named| named.schema.map_or(named.name.clone(), |schema| format!("{schema}.{}", named.name)))
            .collect()
    }

    #[test]
    fn tables_that_a_statement_changes_are_seen() {
        assert_eq!(
            named(altered("-- x\nALTER TABLE IF EXISTS ONLY \"a\".\"B c\" ADD d text")),
            ["a.B c"]
        );
        assert_eq!(named(altered("drop table if exists a, b.c cascade")), ["a", "b.c"]);
        assert_eq!(named(altered("TRUNCATE posts")), ["posts"]);
        assert!(altered("CREATE TABLE a (b integer REFERENCES posts)").is_empty());
        assert_eq!(named(dropped("DROP TABLE `posts`")), ["posts"]);
        assert!(dropped("ALTER TABLE posts DROP COLUMN x").is_empty());
        assert_eq!(removed("DROP MATERIALIZED VIEW IF EXISTS s.v"), ["v"]);
        assert_eq!(removed("ALTER TABLE a DROP CONSTRAINT \"no overlap\""), ["no overlap"]);
    }

    #[test]
    fn what_happens_to_rows_is_seen() {
        assert_eq!(rows("UPDATE a SET b = 1"), Rows::Same);
        assert!(matches!(rows("INSERT OR IGNORE INTO a SELECT 1"), Rows::Of(named) if named.name == "a"));
        assert_eq!(rows("DELETE FROM a"), Rows::Unknown);
        assert_eq!(rows("DO $$ BEGIN DELETE FROM a; END $$"), Rows::Unknown);
    }

    #[test]
    fn marks_and_transactions_are_seen() {
        assert!(repeats("-- fill\n-- glaze:repeat\nUPDATE a SET b = 1"));
        assert!(!repeats("UPDATE a SET b = '\n-- glaze:repeat\n'"));
        assert!(controls_transaction("begin"));
        assert!(controls_transaction("START TRANSACTION"));
        assert!(!controls_transaction("UPDATE commit SET a = 1"));
    }
}
