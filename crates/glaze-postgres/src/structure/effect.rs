//! Statements that cannot be in a transaction: whether one of them happened is seen from what it left.

use glaze_converge::{
    migrations::words::{Word, words},
    port::{DatabaseError, Effect},
};
use tokio_postgres::{Client, types::Type};

use super::{ident::quote_ident, refused};

/// Indexes whose building failed.
const INVALID: &str = "SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i \
     JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid \
     AND c.relkind = 'i' AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) ORDER BY 1";

const INDEX: &str = "SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass($1)";

const VALUE: &str = "SELECT EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype($1) AND enumlabel = $2)";

/// What became of a statement of which it is not known whether it ran.
pub(super) async fn effect(client: &Client, statement: &str) -> Result<Effect, DatabaseError> {
    match Known::of(statement) {
        Known::MakesIndex(name) => index(client, &name).await,
        Known::DropsIndex(name) => {
            let there = valid(client, &name).await?;
            Ok(if there.is_none() { Effect::Done } else { Effect::NotDone })
        }
        Known::AddsValue { ty, value } => {
            let rows = client
                .query_typed(VALUE, &[(&ty, Type::TEXT), (&value, Type::TEXT)])
                .await
                .map_err(|error| refused(&error, VALUE))?;
            let there = rows.first().is_some_and(|row| row.get(0));
            Ok(if there { Effect::Done } else { Effect::NotDone })
        }
        Known::Harmless => Ok(Effect::NotDone),
        Known::Other => Ok(Effect::Unknown),
    }
}

/// Names and removals of the indexes that failed attempts have left.
pub(super) async fn leftovers(client: &Client) -> Result<Vec<(String, String)>, DatabaseError> {
    let rows = client.query_typed(INVALID, &[]).await.map_err(|error| refused(&error, INVALID))?;
    let removal = |name: String| format!("DROP INDEX CONCURRENTLY IF EXISTS {name}");
    Ok(rows.iter().map(|row| (row.get(0), removal(row.get(1)))).collect())
}

async fn index(client: &Client, name: &str) -> Result<Effect, DatabaseError> {
    Ok(match valid(client, name).await? {
        None => Effect::NotDone,
        Some(true) => Effect::Done,
        Some(false) => Effect::Half {
            undo: format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"),
            found: format!("index {name} is there, but its building failed (INVALID)"),
        },
    })
}

async fn valid(client: &Client, name: &str) -> Result<Option<bool>, DatabaseError> {
    let rows = client
        .query_typed(INDEX, &[(&name, Type::TEXT)])
        .await
        .map_err(|error| refused(&error, INDEX))?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// What a statement is, as far as its effect can be looked for. Names are quoted as SQL wants them.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    MakesIndex(String),
    DropsIndex(String),
    AddsValue { ty: String, value: String },
    Harmless,
    Other,
}

impl Known {
    fn of(statement: &str) -> Known {
        let all = words(statement);
        let plain: Vec<&str> = all.iter().map(Word::keyword).collect();
        match plain.as_slice() {
            ["CREATE", "UNIQUE", "INDEX", ..] => made(&all, 3),
            ["CREATE", "INDEX", ..] => made(&all, 2),
            ["DROP", "INDEX", ..] => {
                let at = skip(&all, 2, &["CONCURRENTLY", "IF", "EXISTS"]);
                name(&all, at).map_or(Known::Other, |(name, _)| Known::DropsIndex(name))
            }
            ["ALTER", "TYPE", ..] => value(&all),
            ["VACUUM" | "ANALYZE" | "REINDEX" | "REFRESH", ..] => Known::Harmless,
            ["ALTER", "TABLE", rest @ ..] if rest.contains(&"VALIDATE") => Known::Harmless,
            _ => Known::Other,
        }
    }
}

fn made(all: &[Word], at: usize) -> Known {
    let at = skip(all, at, &["CONCURRENTLY", "IF", "NOT", "EXISTS"]);
    let Some((index, after)) = name(all, at) else { return Known::Other };
    // An index is in the schema of its table.
    let on = skip(all, after, &["ON", "ONLY"]);
    match name(all, on) {
        Some((table, _)) if on > after => match table.rsplit_once('.') {
            Some((schema, _)) => Known::MakesIndex(format!("{schema}.{index}")),
            None => Known::MakesIndex(index),
        },
        _ => Known::Other,
    }
}

fn value(all: &[Word]) -> Known {
    let Some((ty, at)) = name(all, 2) else { return Known::Other };
    if all.get(at).map(Word::keyword) != Some("ADD") || all.get(at + 1).map(Word::keyword) != Some("VALUE") {
        return Known::Other;
    }
    let at = skip(all, at + 2, &["IF", "NOT", "EXISTS"]);
    match all.get(at) {
        Some(Word::Text(value)) => Known::AddsValue { ty, value: value.clone() },
        _ => Known::Other,
    }
}

fn skip(all: &[Word], mut at: usize, keywords: &[&str]) -> usize {
    while all
        .get(at)
        .is_some_and(|word| matches!(word, Word::Bare { .. }) && keywords.contains(&word.keyword()))
    {
        at += 1;
    }
    at
}

/// A name with perhaps a schema, quoted, and where it ends.
fn name(all: &[Word], at: usize) -> Option<(String, usize)> {
    let one = |at: usize| match all.get(at)? {
        Word::Bare { text, .. } => Some(quote_ident(&text.to_lowercase())),
        Word::Quoted(text) => Some(quote_ident(text)),
        Word::Text(_) | Word::Sign(_) => None,
    };
    let first = one(at)?;
    match (all.get(at + 1), one(at + 2)) {
        (Some(Word::Sign('.')), Some(second)) => Some((format!("{first}.{second}"), at + 3)),
        _ => Some((first, at + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_leaves_is_known() {
        let makes = |name: &str| Known::MakesIndex(name.to_owned());
        for (statement, known) in [
            (
                "-- slow\nCREATE INDEX CONCURRENTLY posts_title ON posts (title)",
                makes("posts_title"),
            ),
            (
                "create unique index concurrently if not exists \"A b\" on only \"public\".\"posts\" (x)",
                makes("public.\"A b\""),
            ),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS public.posts_title",
                Known::DropsIndex("public.posts_title".to_owned()),
            ),
            (
                "ALTER TYPE \"public\".\"mood\" ADD VALUE IF NOT EXISTS 'it''s' BEFORE 'x'",
                Known::AddsValue {
                    ty: "public.mood".to_owned(),
                    value: "it's".to_owned(),
                },
            ),
            ("VACUUM posts", Known::Harmless),
            ("CREATE DATABASE x", Known::Other),
        ] {
            assert_eq!(Known::of(statement), known, "{statement}");
        }
    }
}
