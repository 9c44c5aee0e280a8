//! The leaves of DDL that are SQLite's own.

use glaze_converge::catalog::{Column, ObjectName, Table};
use glaze_converge::step::Step;
use glaze_model::IdentityHint;
use glaze_sql::ddl::{DdlDialect, literal, quote};

use super::parse::{Kind, tokens};

/// SQLite's DDL.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteDdl;

impl DdlDialect for SqliteDdl {
    fn object(&self, name: &ObjectName) -> String {
        quote(&name.name)
    }

    fn column_type(&self, ty: &str) -> String {
        match ty.split_once(':') {
            Some((declared, tag)) => format!("{} /* {tag} */", declared.to_ascii_uppercase()),
            None => type_text(ty),
        }
    }

    fn column(&self, table: &Table, column: &Column) -> String {
        let mut text = quote(&column.name);
        if !column.ty.is_empty() {
            text += &format!(" {}", self.column_type(&column.ty));
        }
        if column.identity == Some(IdentityHint::AutoIncrement) {
            let extra = table.primary_key.as_ref().and_then(|key| key.extra.as_deref());
            let conflict = extra.filter(|extra| !extra.starts_with('('));
            text += &format!(
                " PRIMARY KEY{} AUTOINCREMENT",
                conflict.map_or(String::new(), |words| format!(" {words}"))
            );
        }
        if let Some(collation) = &column.collation {
            text += &format!(" COLLATE {}", quote(collation));
        }
        if let Some(generated) = &column.generated {
            // `GENERATED ALWAYS` would be words of the type to SQLite, and the tag with them.
            text += &format!(" AS ({}) {}", generated.expr, if generated.stored { "STORED" } else { "VIRTUAL" });
        }
        if !column.nullable {
            text += " NOT NULL";
            if let Some(words) = &column.on_null {
                text += &format!(" {words}");
            }
        }
        if let Some(default) = &column.default {
            match is_literal(default) {
                true => text += &format!(" DEFAULT {default}"),
                false => text += &format!(" DEFAULT ({default})"),
            }
        }
        text
    }

    fn key_in_column(&self, table: &Table) -> bool {
        table
            .columns
            .iter()
            .any(|column| column.identity == Some(IdentityHint::AutoIncrement))
    }

    fn unique_is_index(&self) -> bool {
        true
    }

    fn table_tail(&self, table: &Table) -> String {
        let strict = table.columns.iter().all(|column| is_strict_type(&column.ty));
        let options: Vec<&str> = table
            .options
            .iter()
            .map(String::as_str)
            .filter(|option| *option != "STRICT" || strict)
            .collect();
        if options.is_empty() {
            String::new()
        } else {
            format!(" {}", options.join(", "))
        }
    }

    fn hidden_key(&self, from: &Table, to: &Table) -> Option<&'static str> {
        let declared = |table: &Table| {
            let without = table.options.iter().any(|option| option == "WITHOUT ROWID");
            without || table.columns.iter().any(|column| column.identity.is_some())
        };
        let taken = |name: &str| {
            let mut columns = from.columns.iter().chain(&to.columns);
            columns.any(|column| column.name.eq_ignore_ascii_case(name))
        };
        if declared(from) || declared(to) {
            return None;
        }
        ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name))
    }

    fn copy_rows(&self, table: &Table) -> &'static str {
        let keys = table.primary_key.iter().chain(&table.uniques);
        let told = table.columns.iter().any(|column| column.on_null.is_some());
        // What the table says of conflicts would take rows away silently.
        match told || keys.into_iter().any(|key| key.extra.is_some()) {
            true => "INSERT OR ABORT INTO",
            false => "INSERT INTO",
        }
    }

    fn keep_counter(&self, from: &Table, working: &Table) -> Vec<String> {
        let counts = |table: &Table| {
            let mut columns = table.columns.iter();
            columns.any(|column| column.identity == Some(IdentityHint::AutoIncrement))
        };
        if !counts(from) || !counts(working) {
            return Vec::new();
        }
        let (old, new) = (literal(&from.name.name), literal(&working.name.name));
        vec![
            format!("DELETE FROM sqlite_sequence WHERE name = {new}"),
            format!("INSERT INTO sqlite_sequence (name, seq) SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"),
        ]
    }

    fn trigger_on_table(&self) -> bool {
        false
    }

    fn comments(&self) -> bool {
        false
    }

    fn special(&self, step: &Step) -> Option<Vec<String>> {
        match step {
            Step::ColumnAdd {
                table,
                column,
                checks,
                foreign_key,
                ..
            } => {
                // The value for the rows that are there is a reason to rebuild, so there is none here.
                let step = Step::ColumnAdd {
                    table: table.clone(),
                    column: column.clone(),
                    fill: None,
                    checks: checks.clone(),
                    foreign_key: foreign_key.clone(),
                };
                Some(glaze_sql::ddl::alter(self, &step))
            }
            _ => None,
        }
    }
}

/// A declared type as SQLite reads it again: words, then perhaps one or two numbers; anything else stands in quotes.
fn type_text(ty: &str) -> String {
    let (words, numbers) = match ty.split_once('(') {
        Some((words, rest)) => (words, rest.strip_suffix(')')),
        None => (ty, Some("1")),
    };
    let is_word = |word: &str| {
        let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let clause = ENDS.iter().any(|end| word.eq_ignore_ascii_case(end));
        begins && !clause && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_number = |number: &str| number.trim().trim_start_matches(['+', '-']).parse::<f64>().is_ok();
    let numbered = numbers.is_some_and(|numbers| numbers.split(',').count() <= 2 && numbers.split(',').all(is_number));
    match numbered && words.split(' ').all(is_word) {
        true => ty.to_owned(),
        false => quote(ty),
    }
}

/// Words that end a type.
const ENDS: [&str; 12] = [
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
    "ON",
];

/// Types that a STRICT table takes.
pub fn is_strict_type(ty: &str) -> bool {
    let declared = ty.split(':').next().unwrap_or(ty);
    ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"]
        .iter()
        .any(|allowed| declared.eq_ignore_ascii_case(allowed))
}

/// Numbers, strings, blobs and the constants: these need no parentheses after `DEFAULT`.
pub fn is_literal(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    if matches!(
        upper.as_str(),
        "NULL" | "TRUE" | "FALSE" | "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME"
    ) {
        return true;
    }
    // A name alone is a text: SQLite takes `DEFAULT word` and `DEFAULT "words"`, and neither in parentheses.
    if let [only] = tokens(text).as_slice()
        && matches!(only.kind, Kind::Word | Kind::Quoted)
    {
        return true;
    }
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    if body.parse::<f64>().is_ok() && body.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return true;
    }
    let quoted = text.strip_prefix(['x', 'X']).unwrap_or(text);
    match quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => !inner.replace("''", "").contains('\''),
        None => false,
    }
}

/// Whether a default holds still, so that `ADD COLUMN` takes it.
pub fn is_constant(default: &str) -> bool {
    is_literal(default) && !default.to_ascii_uppercase().starts_with("CURRENT_")
}
