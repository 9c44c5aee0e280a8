//! The full-text index behind `search`: a GIN index over the words of a row. The server maintains it; the exact condition stands behind
//! it and decides. It is made when a table of a database that Glaze has migrated is searched and is large enough to matter.
//!
//! What is indexed are the runs of letters and digits as the regular expressions of the exact condition know them, cut by the same
//! character class of the same server, so that no row which matches is left out. Rows with more text than a `tsvector` takes have
//! one lexeme that every question asks for as well.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use glaze_data::store::StoreError;
use glaze_sql::query::{Attempts, SearchIndex, quote};
use tokio_postgres::Client;

use super::{error::from_postgres, pool::PgPool};

/// Beginning of the names of all search indexes.
const PREFIX: &str = "glaze_search_";

/// Functions of the index. They take values of any type, so that a migration may change a column's type under the index. A change in what
/// they do needs new names: indexes made with the old ones would be wrong.
const FUNCTIONS: [&str; 4] = [
    "CREATE SCHEMA IF NOT EXISTS glaze",
    // The text of a value; of a document that of its `text` members.
    "CREATE OR REPLACE FUNCTION glaze.search_text(value anyelement) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ \
     SELECT coalesce(CASE WHEN jsonb_typeof(to_jsonb($1)) IN ('object', 'array') THEN \
     (SELECT string_agg(v #>> '{}', ' ') FROM jsonb_path_query(to_jsonb($1), '$.**.text ? (@.type() == \"string\")') AS v) \
     ELSE to_jsonb($1) #>> '{}' END, '') $$",
    // Long words are cut, as they are in questions; too much text becomes one lexeme, which no word can be.
    "CREATE OR REPLACE FUNCTION glaze.search_words(text text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ \
     SELECT CASE WHEN octet_length($1) > 200000 THEN array_to_tsvector(ARRAY['*']) ELSE coalesce((\
     SELECT array_to_tsvector(array_agg(DISTINCT left(lower(word COLLATE \"C\"), 50))) \
     FROM regexp_split_to_table($1 COLLATE \"default\", '[^[:alnum:]]+') AS word WHERE word <> ''), ''::tsvector) END $$",
    // What of the words is letters and digits for the server, each the beginning of a word. When nothing is, every row may match.
    "CREATE OR REPLACE FUNCTION glaze.search_question(words text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ \
     SELECT coalesce('''*'' | (' || string_agg(quote_literal(left(lower(word COLLATE \"C\"), 50)) || ':*', ' & ') || ')', \
     '''*'' | !''*''')::tsquery \
     FROM regexp_split_to_table(array_to_string($1, ' ') COLLATE \"default\", '[^[:alnum:]]+') AS word WHERE word <> '' $$",
];

/// The index of one table.
pub struct Search {
    index: SearchIndex,
    name: String,
    state: AtomicU8,
    attempts: Attempts,
}

const UNKNOWN: u8 = 0;
const THERE: u8 = 1;

/// The words of a row, as they are indexed.
fn words(index: &SearchIndex, prefix: &str) -> String {
    let texts = index.texts.iter();
    let texts: Vec<_> = texts
        .map(|text| format!("glaze.search_text({prefix}{})", quote(&text.column)))
        .collect();
    format!("glaze.search_words({})", texts.join(" || ' ' || "))
}

/// The words of the row match, or there are too many to tell. `list` is an array of words.
pub(super) fn sieve(index: &SearchIndex, alias: &str, list: &str) -> String {
    format!("{} @@ glaze.search_question({list})", words(index, &format!("{alias}.")))
}

/// FNV-1a: tells texts apart, the same in every version and on every machine.
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

impl Search {
    /// Of what an entity's index covers.
    pub fn new(index: SearchIndex) -> Search {
        let name = format!("{PREFIX}{:016x}", hash(&format!("{} {}", index.table, words(&index, ""))));
        Search {
            index,
            name,
            state: AtomicU8::new(UNKNOWN),
            attempts: Attempts::default(),
        }
    }

    /// Whether statements may use it.
    pub fn is_there(&self) -> bool {
        self.state.load(Ordering::Relaxed) == THERE
    }

    /// A statement that uses it failed: it is looked for again, later.
    pub fn failed(&self, error: &StoreError) {
        tracing::warn!(%error, table = self.index.name, "a search index could not be used");
        self.state.store(UNKNOWN, Ordering::Relaxed);
    }

    /// Makes the index where it is wanted and not there; gives whether it is there.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn ensure(&self, pool: &PgPool, rows: u64) -> Result<bool, StoreError> {
        let client = pool.apart().await?;
        let there = self.make(&client, rows).await.map_err(|error| from_postgres(&error))?;
        self.state.store(if there { THERE } else { UNKNOWN }, Ordering::Relaxed);
        Ok(there)
    }

    async fn make(&self, client: &Client, rows: u64) -> Result<bool, tokio_postgres::Error> {
        if self.is_valid(client).await? {
            return Ok(true);
        }
        if !self.is_wanted(client, rows).await? {
            return Ok(false);
        }
        // One process makes it; the others find it later. The lock ends with the connection.
        let lock = format!("SELECT pg_try_advisory_lock({})", hash(&self.name) as i64);
        if !client.query_one(&lock, &[]).await?.get::<_, bool>(0) {
            return Ok(false);
        }
        for sql in FUNCTIONS {
            client.batch_execute(sql).await?;
        }
        // What an attempt that failed left behind, and what was for other columns.
        for name in self.others(client).await? {
            client.batch_execute(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
        }
        let sql = format!(
            "CREATE INDEX CONCURRENTLY {} ON {} USING gin (({}))",
            quote(&self.name),
            self.index.table,
            words(&self.index, "")
        );
        client.batch_execute(&sql).await?;
        // Without knowing how common words are the planner would think that every search finds a hundredth of the table.
        client.batch_execute(&format!("ANALYZE {}", self.index.table)).await?;
        self.is_valid(client).await
    }

    async fn is_valid(&self, client: &Client) -> Result<bool, tokio_postgres::Error> {
        let sql = "SELECT count(*) > 0 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                   WHERE i.indrelid = to_regclass($1) AND c.relname = $2 AND i.indisvalid";
        Ok(client.query_one(sql, &[&self.index.table, &self.name]).await?.get(0))
    }

    /// Search indexes of the table, quoted and qualified.
    async fn others(&self, client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
        let sql = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
                   JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indrelid = to_regclass($1) AND starts_with(c.relname, $2)";
        let rows = client.query(sql, &[&self.index.table, &PREFIX]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Whether Glaze has migrated the database, and the table has at least `rows` rows.
    async fn is_wanted(&self, client: &Client, rows: u64) -> Result<bool, tokio_postgres::Error> {
        let journal = "SELECT to_regclass('glaze.migrations') IS NOT NULL";
        if !client.query_one(journal, &[]).await?.get::<_, bool>(0) {
            return Ok(false);
        }
        let limit = i64::try_from(rows).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM glaze.migrations WHERE finished) AND to_regclass('{}') IS NOT NULL \
             AND (SELECT relkind = 'r' FROM pg_class WHERE oid = to_regclass('{0}'))",
            self.index.table.replace('\'', "''")
        );
        if !client.query_one(&sql, &[]).await?.get::<_, Option<bool>>(0).unwrap_or(false) {
            return Ok(false);
        }
        let count = format!("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {limit}) AS first", self.index.table);
        Ok(client.query_one(&count, &[]).await?.get::<_, i64>(0) >= limit)
    }
}

/// After a search without the index: sees to it once in a while. Nobody waits for it.
pub(super) fn see_to(pool: &Arc<PgPool>, search: &Arc<Search>) {
    if !search.attempts.is_due() {
        return;
    }
    let (pool, search) = (pool.clone(), search.clone());
    tokio::spawn(async move {
        if let Err(error) = search.ensure(&pool, pool.search_rows()).await {
            tracing::info!(%error, table = search.index.name, "no search index could be made; searches read the table");
        }
    });
}
