//! Foreign keys that are no relation of the model, because a reference cannot say them: they share a column with another one, point
//! at a table outside the schema, at a generated column, … Kept so that the database has them wherever the model is made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::OnDelete;

/// One of them, written as SQL says it: `(tenant, number) REFERENCES other.orders (tenant, number) ON DELETE CASCADE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DbForeignKey {
    /// Columns here.
    pub columns: Vec<String>,
    /// Schema of the table that it points at; `None` for the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table that it points at.
    pub table: String,
    /// Columns there; empty where the database knows none (SQLite takes a reference to a table that is not there).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_columns: Vec<String>,
    /// On deletion of the target.
    pub on_delete: OnDelete,
    /// On change of the target's key.
    pub on_update: OnDelete,
    /// Judged at commit (`deferred`), or when asked to be (`immediate`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<String>,
}

impl DbForeignKey {
    /// Reads the SQL.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<DbForeignKey, String> {
        let mut words = Words::new(text)?;
        let columns = words.names()?;
        words.expect("REFERENCES")?;
        let first = words.name()?;
        let (schema, table) = match words.takes(".") {
            true => (Some(first), words.name()?),
            false => (None, first),
        };
        let target_columns = match words.sees("(") {
            true => words.names()?,
            false => Vec::new(),
        };
        let mut key = DbForeignKey {
            columns,
            schema,
            table,
            target_columns,
            on_delete: OnDelete::NoAction,
            on_update: OnDelete::NoAction,
            deferrable: None,
        };
        while !words.is_done() {
            words.clause(&mut key)?;
        }
        Ok(key)
    }
}

impl fmt::Display for DbForeignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}) REFERENCES ", column_list(&self.columns))?;
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quoted(schema))?;
        }
        f.write_str(&quoted(&self.table))?;
        if !self.target_columns.is_empty() {
            write!(f, " ({})", column_list(&self.target_columns))?;
        }
        for (word, action) in [("DELETE", self.on_delete), ("UPDATE", self.on_update)] {
            if action != OnDelete::NoAction {
                write!(f, " ON {word} {}", action_words(action))?;
            }
        }
        match self.deferrable.as_deref() {
            Some("deferred") => f.write_str(" DEFERRABLE INITIALLY DEFERRED"),
            Some(_) => f.write_str(" DEFERRABLE"),
            None => Ok(()),
        }
    }
}

/// Names of columns as they stand in `#[db(…)]`: `tenant, "odd name"`.
pub fn column_list(columns: &[String]) -> String {
    columns.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// Reads what [`column_list`] writes.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_column_list(text: &str) -> Result<Vec<String>, String> {
    let mut words = Words::new(text)?;
    let mut out = vec![words.name()?];
    while words.takes(",") {
        out.push(words.name()?);
    }
    match words.is_done() {
        true => Ok(out),
        false => Err(words.unexpected("a comma")),
    }
}

/// A name is taken as it is written, so quotes are for what is no word.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    match plain && !name.is_empty() {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

const ACTIONS: [(OnDelete, &str); 5] = [
    (OnDelete::Restrict, "RESTRICT"),
    (OnDelete::Cascade, "CASCADE"),
    (OnDelete::SetNull, "SET NULL"),
    (OnDelete::NoAction, "NO ACTION"),
    (OnDelete::SetDefault, "SET DEFAULT"),
];

fn action_words(action: OnDelete) -> &'static str {
    ACTIONS
        .iter()
        .find(|(known, _)| *known == action)
        .map_or("NO ACTION", |(_, words)| words)
}

/// Words, names in quotes and punctuation, one after the other.
struct Words {
    /// The text, and whether it stood in quotes.
    items: Vec<(String, bool)>,
    at: usize,
}

impl Words {
    fn new(text: &str) -> Result<Words, String> {
        let mut items = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                c if c.is_whitespace() => {}
                '(' | ')' | ',' | '.' => items.push((c.to_string(), false)),
                '"' => {
                    let mut name = String::new();
                    loop {
                        match chars.next() {
                            Some('"') if chars.peek() == Some(&'"') => {
                                chars.next();
                                name.push('"');
                            }
                            Some('"') => break,
                            Some(c) => name.push(c),
                            None => return Err("a quote is not closed".to_owned()),
                        }
                    }
                    items.push((name, true));
                }
                c => {
                    let mut word = c.to_string();
                    while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !"(),.\"".contains(*c)) {
                        word.push(c);
                    }
                    items.push((word, false));
                }
            }
        }
        Ok(Words { items, at: 0 })
    }

    fn is_done(&self) -> bool {
        self.at >= self.items.len()
    }

    fn sees(&self, word: &str) -> bool {
        self.items
            .get(self.at)
            .is_some_and(|(text, quoted)| !quoted && text.eq_ignore_ascii_case(word))
    }

    fn takes(&mut self, word: &str) -> bool {
        let sees = self.sees(word);
        self.at += usize::from(sees);
        sees
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        match self.takes(word) {
            true => Ok(()),
            false => Err(self.unexpected(&format!("`{word}`"))),
        }
    }

    fn unexpected(&self, wanted: &str) -> String {
        match self.items.get(self.at) {
            Some((found, _)) => format!("expected {wanted}, found `{found}`"),
            None => format!("expected {wanted} at the end"),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.items.get(self.at) {
            Some((text, quoted)) if *quoted || !["(", ")", ",", "."].contains(&text.as_str()) => {
                self.at += 1;
                Ok(text.clone())
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        self.expect("(")?;
        let mut out = vec![self.name()?];
        while self.takes(",") {
            out.push(self.name()?);
        }
        self.expect(")")?;
        Ok(out)
    }

    fn clause(&mut self, key: &mut DbForeignKey) -> Result<(), String> {
        if self.takes("DEFERRABLE") {
            let deferred = self.takes("INITIALLY") && !self.takes("IMMEDIATE") && {
                self.expect("DEFERRED")?;
                true
            };
            key.deferrable = Some(if deferred { "deferred" } else { "immediate" }.to_owned());
            return Ok(());
        }
        if !self.takes("ON") {
            return Err(self.unexpected("`ON DELETE`, `ON UPDATE` or `DEFERRABLE`"));
        }
        let delete = self.takes("DELETE");
        if !delete {
            self.expect("UPDATE")?;
        }
        let action = ACTIONS.iter().find(|(_, words)| {
            let mut words = words.split(' ').enumerate();
            words.all(|(at, word)| {
                let item = self.items.get(self.at + at);
                item.is_some_and(|(text, quoted)| !quoted && text.eq_ignore_ascii_case(word))
            })
        });
        let (action, words) = action.ok_or_else(|| self.unexpected("an action"))?;
        self.at += words.split(' ').count();
        match delete {
            true => key.on_delete = *action,
            false => key.on_update = *action,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "(a) REFERENCES b",
            "(a, \"b c\") REFERENCES other.\"T\"\"t\" (x, \"1y\") ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
            "(\"ü\") REFERENCES t (id) ON DELETE SET DEFAULT DEFERRABLE",
        ] {
            assert_eq!(DbForeignKey::parse(text).map(|key| key.to_string()), Ok(text.to_owned()));
        }
        let same =
            DbForeignKey::parse("(A) references T (Id) on delete no action deferrable initially immediate").map(|key| key.to_string());
        assert_eq!(same, Ok("(A) REFERENCES T (Id) DEFERRABLE".to_owned()));
        assert_eq!(parse_column_list("a, \"b, c\""), Ok(vec!["a".to_owned(), "b, c".to_owned()]));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            ("a REFERENCES b", "expected `(`, found `a`"),
            ("(a) REFERENCES", "expected a name at the end"),
            ("(a) REFERENCES b ON DELETE vanish", "expected an action, found `vanish`"),
            (
                "(a) REFERENCES b NOW",
                "expected `ON DELETE`, `ON UPDATE` or `DEFERRABLE`, found `NOW`",
            ),
            ("(\"a) REFERENCES b", "a quote is not closed"),
        ] {
            assert_eq!(DbForeignKey::parse(text), Err(message.to_owned()), "{text}");
        }
        assert!(parse_column_list("").is_err());
    }
}
