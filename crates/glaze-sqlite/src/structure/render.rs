//! The leaves of DDL that are SQLite's own.

use glaze_converge::catalog::{Column, ObjectName, Table};
use glaze_converge::step::Step;
use glaze_model::IdentityHint;
use glaze_sql::ddl::{DdlDialect, quote};

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
            None => ty.to_owned(),
        }
    }

    fn column(&self, _table: &Table, column: &Column) -> String {
        let mut text = quote(&column.name);
        if !column.ty.is_empty() {
            text += &format!(" {}", self.column_type(&column.ty));
        }
        if column.identity == Some(IdentityHint::AutoIncrement) {
            text += " PRIMARY KEY AUTOINCREMENT";
        }
        if let Some(collation) = &column.collation {
            text += &format!(" COLLATE {}", quote(collation));
        }
        if let Some(generated) = &column.generated {
            text += &format!(
                " GENERATED ALWAYS AS ({}) {}",
                generated.expr,
                if generated.stored { "STORED" } else { "VIRTUAL" }
            );
        }
        if !column.nullable {
            text += " NOT NULL";
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
