//! The full-text index behind `search`. Triggers note the keys of rows that changed; the writing thread brings the words of those rows
//! into an FTS5 table a few at a time. A row is looked at when its words match or when it was noted, and the exact condition decides:
//! the index can be behind, but never wrong. The triggers use nothing but SQL, so whoever else writes to the file needs no FTS5.
//!
//! It is made when a table of a database that Glaze has migrated is searched and is large enough to matter. Whatever takes the triggers
//! away (a table made anew by a migration) ends the index; the next search begins another one.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use glaze_data::{
    bound::Args,
    store::{Answer, StoreError},
};
use glaze_model::Value;
use glaze_sql::query::{Attempts, PreparedRead, SearchIndex, Searched, quote};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter, types::Value as Native, types::ValueRef};

use super::{error::from_sqlite, functions::rich_text, session::Session};

/// Rows brought into the index at a time: other writes wait meanwhile.
const BATCH: usize = 64;
/// Noted rows from which on they are brought into the index.
const MANY: i64 = 64;
/// Noted rows, or rows that match, from which on reading the table is no slower.
const TOO_MANY: i64 = 4000;

/// Beginning of the names of everything that belongs to search indexes.
const PREFIX: &str = "glaze_search_";

/// The index of one table.
pub struct Search {
    index: SearchIndex,
    pub(super) attempts: Attempts,
    /// Rows are being brought in.
    pub(super) folding: AtomicBool,
    /// It was found damaged, and must be made anew.
    damaged: AtomicBool,
}

/// What a search left to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// There is no index.
    Create,
    /// Many rows are noted.
    Fold,
}

/// Quoted name of a part of a table's index.
fn part(part: &str, table: &str) -> String {
    quote(&format!("{PREFIX}{part}_{table}"))
}

/// Quoted name of the FTS5 table. SQLite adds words to it for tables of its own: the underscore keeps those apart from other tables' indexes.
fn words_table(table: &str) -> String {
    quote(&format!("{PREFIX}index_{table}_"))
}

fn key_columns(index: &SearchIndex, prefix: &str) -> String {
    let columns: Vec<_> = (0..index.key.len()).map(|at| format!("{prefix}k{at}")).collect();
    columns.join(", ")
}

fn own_key(index: &SearchIndex, prefix: &str) -> Vec<String> {
    index.key.iter().map(|column| format!("{prefix}{}", quote(&column.name))).collect()
}

/// `k0 = ?1 AND k1 = ?2`
fn matches_key(columns: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<_> = columns
        .into_iter()
        .enumerate()
        .map(|(at, column)| format!("{column} = ?{}", at + 1))
        .collect();
    parts.join(" AND ")
}

/// The key is noted, or the words of its row match. `words` is an array of words; a word has nothing in it that FTS5 would take for
/// something else.
pub(super) fn sieve(index: &SearchIndex, alias: &str, words: &str) -> String {
    let (changed, rows, fts) = (part("changed", &index.name), part("rows", &index.name), words_table(&index.name));
    let keys = key_columns(index, "");
    let own = own_key(index, &format!("{alias}."));
    format!(
        "({}) IN (SELECT {keys} FROM {changed} UNION ALL SELECT {keys} FROM {rows} WHERE id IN (SELECT rowid FROM {fts} WHERE {fts} MATCH \
         (SELECT group_concat('\"' || value || '\"*', ' ') FROM rarray({words}))))",
        own.join(", ")
    )
}

impl Search {
    /// Of what an entity's index covers.
    pub fn new(index: SearchIndex) -> Search {
        Search {
            index,
            attempts: Attempts::default(),
            folding: AtomicBool::new(false),
            damaged: AtomicBool::new(false),
        }
    }

    /// It is damaged: not used until it has been made anew.
    pub(super) fn doubt(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }

    /// Names and texts of the triggers, which are also how an index is recognised: what they name is what it covers.
    fn triggers(&self) -> Vec<(String, String)> {
        let SearchIndex { name, table, texts, .. } = &self.index;
        let changed = part("changed", name);
        let note = |row: &str| {
            let keys = own_key(&self.index, &format!("{row}."));
            let known: Vec<_> = keys.iter().enumerate().map(|(at, key)| format!("k{at} = {key}")).collect();
            format!(
                "INSERT INTO {changed} SELECT {} WHERE NOT EXISTS (SELECT 1 FROM {changed} WHERE {});",
                keys.join(", "),
                known.join(" AND ")
            )
        };
        let covered: Vec<_> = texts
            .iter()
            .map(|text| {
                format!(
                    "{}{}",
                    quote(&text.column).replace("*/", "* /"),
                    if text.rich { " rich" } else { "" }
                )
            })
            .collect();
        let covered = covered.join(", ");
        let trigger = |event: &str, body: String| {
            let name = format!("{PREFIX}{event}_{name}");
            let sql = format!(
                "CREATE TRIGGER {} AFTER {} ON {table} BEGIN /* words of {covered} */ {body} END",
                quote(&name),
                event.to_uppercase()
            );
            (name, sql)
        };
        vec![
            trigger("insert", note("new")),
            trigger("update", format!("{} {}", note("old"), note("new"))),
            trigger("delete", note("old")),
        ]
    }

    /// Whether all triggers are there as they must be.
    fn is_there(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let mut statement =
            connection.prepare_cached("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1 AND tbl_name = ?2")?;
        for (name, sql) in self.triggers() {
            let found: Option<String> = statement.query_row([&name, &self.index.name], |row| row.get(0)).optional()?;
            if found.as_deref() != Some(&sql) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the table is one that Glaze made, in a database that it has migrated, with at least `rows` rows.
    fn is_wanted(&self, connection: &Connection, rows: u64) -> rusqlite::Result<bool> {
        let journal = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'glaze_migrations'";
        let migrated = connection.query_row(journal, [], |row| row.get::<_, i64>(0))? > 0
            && connection.query_row("SELECT EXISTS (SELECT 1 FROM glaze_migrations WHERE finished)", [], |row| {
                row.get(0)
            })?;
        let strict = "SELECT EXISTS (SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict AND name = ?1)";
        if !migrated || !connection.query_row(strict, [&self.index.name], |row| row.get(0))? {
            return Ok(false);
        }
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
        let key: Vec<String> = statement
            .query_map([&self.index.name], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if !key.iter().eq(self.index.key.iter().map(|column| &column.name)) {
            return Ok(false);
        }
        let count = format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT ?1)", self.index.table);
        let limit = i64::try_from(rows).unwrap_or(i64::MAX);
        Ok(connection.query_row(&count, [limit], |row| row.get::<_, i64>(0))? >= limit)
    }

    /// Makes the index where it is wanted, with every row noted; gives whether it is there.
    pub(super) fn ensure(&self, connection: &Connection, rows: u64) -> rusqlite::Result<bool> {
        if !self.damaged.load(Ordering::Relaxed) && self.is_there(connection)? {
            return Ok(true);
        }
        if !self.is_wanted(connection, rows)? {
            return Ok(false);
        }
        self.clear(connection)?;
        let SearchIndex { name, table, .. } = &self.index;
        let (changed, known, fts) = (part("changed", name), part("rows", name), words_table(name));
        let keys = key_columns(&self.index, "");
        connection.execute_batch(&format!(
            "CREATE TABLE {changed} ({keys}, PRIMARY KEY ({keys})) WITHOUT ROWID; \
             CREATE TABLE {known} (id INTEGER PRIMARY KEY, {keys}, UNIQUE ({keys})); \
             CREATE VIRTUAL TABLE {fts} USING fts5(words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'); \
             INSERT INTO {changed} SELECT {} FROM {table}",
            own_key(&self.index, "").join(", ")
        ))?;
        for (_, sql) in self.triggers() {
            connection.execute_batch(&sql)?;
        }
        self.damaged.store(false, Ordering::Relaxed);
        Ok(true)
    }

    /// Removes what there is of this index, of earlier ones of the table under another name, and of tables that are gone.
    fn clear(&self, connection: &Connection) -> rusqlite::Result<()> {
        let names = |sql: &str, value: &str| -> rusqlite::Result<Vec<String>> {
            connection.prepare(sql)?.query_map([value], |row| row.get(0))?.collect()
        };
        let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 AND substr(name, 1, 13) = 'glaze_search_'";
        for name in names(triggers, &self.index.name)? {
            connection.execute_batch(&format!("DROP TRIGGER {}", quote(&name)))?;
        }
        let orphans = "SELECT substr(name, 22) FROM sqlite_schema t WHERE type = 'table' AND substr(name, 1, 21) = ?1 AND NOT EXISTS \
                       (SELECT 1 FROM sqlite_schema g WHERE g.type = 'trigger' AND g.name = 'glaze_search_insert_' || substr(t.name, 22))";
        for name in names(orphans, "glaze_search_changed_")? {
            connection.execute_batch(&format!(
                "DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}",
                part("changed", &name),
                part("rows", &name),
                words_table(&name)
            ))?;
        }
        Ok(())
    }

    /// Brings a batch of noted rows into the index; gives whether more are noted.
    pub(super) fn fold(&self, connection: &Connection) -> rusqlite::Result<bool> {
        if !self.is_there(connection)? {
            return Ok(false);
        }
        let index = &self.index;
        let (changed, keys) = (part("changed", &index.name), key_columns(index, ""));
        let mut noted = connection.prepare_cached(&format!("SELECT {keys} FROM {changed} LIMIT {BATCH}"))?;
        let noted: Vec<Vec<Native>> = noted
            .query_map([], |row| (0..index.key.len()).map(|at| row.get(at)).collect())?
            .collect::<rusqlite::Result<_>>()?;
        let mut done = connection.prepare_cached(&format!("DELETE FROM {changed} WHERE {}", matches_key(self.own_names())))?;
        for key in &noted {
            self.fold_row(connection, key)?;
            done.execute(params_from_iter(key))?;
        }
        Ok(noted.len() == BATCH)
    }

    fn own_names(&self) -> impl Iterator<Item = String> {
        (0..self.index.key.len()).map(|at| format!("k{at}"))
    }

    fn fold_row(&self, connection: &Connection, key: &[Native]) -> rusqlite::Result<()> {
        let index = &self.index;
        let (known, fts) = (part("rows", &index.name), words_table(&index.name));
        let texts: Vec<_> = index.texts.iter().map(|text| quote(&text.column)).collect();
        let select = format!(
            "SELECT {} FROM {} WHERE {}",
            texts.join(", "),
            index.table,
            matches_key(own_key(index, ""))
        );
        let words = connection
            .prepare_cached(&select)?
            .query_row(params_from_iter(key), |row| self.words(row))
            .optional()?;
        let find = format!("SELECT id FROM {known} WHERE {}", matches_key(self.own_names()));
        let id: Option<i64> = connection
            .prepare_cached(&find)?
            .query_row(params_from_iter(key), |row| row.get(0))
            .optional()?;
        let (id, words) = match (id, words) {
            (None, None) => return Ok(()),
            (Some(id), None) => {
                connection
                    .prepare_cached(&format!("DELETE FROM {fts} WHERE rowid = ?1"))?
                    .execute([id])?;
                connection
                    .prepare_cached(&format!("DELETE FROM {known} WHERE id = ?1"))?
                    .execute([id])?;
                return Ok(());
            }
            (Some(id), Some(words)) => (id, words),
            (None, Some(words)) => {
                let marks: Vec<_> = (1..=key.len()).map(|at| format!("?{at}")).collect();
                let add = format!("INSERT INTO {known} ({}) VALUES ({})", key_columns(index, ""), marks.join(", "));
                connection.prepare_cached(&add)?.execute(params_from_iter(key))?;
                (connection.last_insert_rowid(), words)
            }
        };
        let write = format!("INSERT OR REPLACE INTO {fts} (rowid, words) VALUES (?1, ?2)");
        connection.prepare_cached(&write)?.execute((id, words)).map(drop)
    }

    /// The different words of a row as the exact condition sees them, with spaces between: FTS5 parts them at nothing else, and ignores the
    /// case of ASCII letters as the condition does.
    fn words(&self, row: &Row<'_>) -> rusqlite::Result<String> {
        let mut seen = HashSet::new();
        let mut out = String::new();
        for (at, text) in self.index.texts.iter().enumerate() {
            let ValueRef::Text(bytes) = row.get_ref(at)? else { continue };
            let whole = String::from_utf8_lossy(bytes);
            let whole = if text.rich { rich_text(&whole).into() } else { whole };
            for word in whole
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
            {
                let word = word.to_ascii_lowercase();
                if !seen.contains(&word) {
                    out.push_str(&word);
                    out.push(' ');
                    seen.insert(word);
                }
            }
        }
        Ok(out)
    }
}

impl Session<'_> {
    /// Runs a read that searches, through the index when it is there and of use.
    ///
    /// # Errors
    /// When the database refuses, or the time is up.
    pub(super) fn search(
        &self,
        search: &Search,
        read: &PreparedRead,
        searched: &Searched,
        args: &Args,
        body: Vec<u8>,
    ) -> Result<(Answer, Need), StoreError> {
        // The look at the index and the reading must see the same state of the file.
        let outer = !self.conn.is_autocommit();
        if !outer {
            self.run("BEGIN")?;
        }
        let outcome = self.search_inside(search, read, searched, args, body);
        if !outer {
            // Nothing was written: what matters is that it ends.
            let _ = self.run("COMMIT");
        }
        outcome
    }

    fn search_inside(
        &self,
        search: &Search,
        read: &PreparedRead,
        searched: &Searched,
        args: &Args,
        body: Vec<u8>,
    ) -> Result<(Answer, Need), StoreError> {
        let words = read.literals.get(searched.words);
        let (serves, need) = match self.look(search, words) {
            Ok(look) => look,
            Err(error) => return self.without(search, &error, read, args, body),
        };
        if !serves {
            return Ok((self.read(read, args, body)?, need));
        }
        match self.read_plan(&searched.plan, read, args, body.clone()) {
            Ok(answer) => Ok((answer, need)),
            Err(error @ StoreError::Other(_)) => self.without(search, &error, read, args, body),
            Err(error) => Err(error),
        }
    }

    /// The index failed, which must not be the reader's trouble.
    fn without(
        &self,
        search: &Search,
        error: &StoreError,
        read: &PreparedRead,
        args: &Args,
        body: Vec<u8>,
    ) -> Result<(Answer, Need), StoreError> {
        if matches!(error, StoreError::Timeout) {
            return Err(error.clone());
        }
        tracing::warn!(%error, table = search.index.name, "a search index could not be used; it is made anew");
        search.doubt();
        Ok((self.read(read, args, body)?, Need::Create))
    }

    /// Whether the index is there and of use for these words, and what is to be done for it.
    fn look(&self, search: &Search, words: Option<&Value>) -> Result<(bool, Need), StoreError> {
        if search.damaged.load(Ordering::Relaxed) || !self.has_index(search).map_err(|error| from_sqlite(&error))? {
            return Ok((false, Need::Create));
        }
        let look = || -> rusqlite::Result<(bool, Need)> {
            let name = &search.index.name;
            let count = |from: String, value: Option<&str>| -> rusqlite::Result<i64> {
                let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {from} LIMIT {TOO_MANY})");
                let mut statement = self.conn.prepare_cached(&sql)?;
                statement.query_row(params_from_iter(value), |row| row.get(0))
            };
            let noted = count(part("changed", name), None)?;
            let need = if noted >= MANY { Need::Fold } else { Need::Nothing };
            if noted >= TOO_MANY {
                return Ok((false, need));
            }
            let fts = words_table(name);
            let hits = count(format!("{fts} WHERE {fts} MATCH ?1"), Some(&question(words)))?;
            Ok((hits < TOO_MANY, need))
        };
        look().map_err(|error| from_sqlite(&error))
    }

    /// Looked up again when the schema of the file has changed.
    fn has_index(&self, search: &Search) -> rusqlite::Result<bool> {
        let version: i64 = self.conn.prepare_cached("PRAGMA schema_version")?.query_row([], |row| row.get(0))?;
        let mut known = self.searches.borrow_mut();
        if let Some((_, there)) = known.get(&search.index.name).filter(|(at, _)| *at == version) {
            return Ok(*there);
        }
        let there = search.is_there(self.conn)?;
        known.insert(search.index.name.clone(), (version, there));
        Ok(there)
    }

    fn run(&self, sql: &str) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(sql).map_err(|error| from_sqlite(&error))?;
        statement.raw_execute().map(drop).map_err(|error| from_sqlite(&error))
    }
}

/// The words as FTS5 asks for them: each the beginning of a word.
fn question(words: Option<&Value>) -> String {
    let Some(Value::List(words)) = words else {
        return String::new();
    };
    let text = |word: &Value| match word {
        Value::Text(word) => Some(format!("\"{word}\"*")),
        _ => None,
    };
    words.iter().filter_map(text).collect::<Vec<_>>().join(" ")
}
