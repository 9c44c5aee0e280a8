//! Reads a catalog from `pg_catalog`: one query for each kind of object, over all tables at once, sent together.
//!
//! Expressions come as PostgreSQL spells them (`pg_get_expr` and friends) under the session settings of
//! [`super::SESSION`], so the same structure always gives the same text.

mod comments;
mod constraints;
mod indexes;
mod others;
mod partitions;
mod scope;
mod tables;
mod unmodelled;
mod views;

use std::collections::HashMap;

use glaze_converge::{
    catalog::{Catalog, ObjectName, Table},
    port::{DatabaseError, Scope},
};
use tokio_postgres::{Client, Row, types::Type};

use scope::Filter;

/// Reads what is in scope.
pub(super) async fn introspect(client: &Client, scope: &Scope) -> Result<Catalog, DatabaseError> {
    let filter = Filter::new(scope);
    let version = version(client).await?;
    let read = |sql: &'static str| read(client, sql, version, &filter.schemas);
    let (relations, columns, constraints, indexes, views, view_needs) = tokio::try_join!(
        read(tables::RELATIONS),
        read(tables::COLUMNS),
        read(constraints::CONSTRAINTS),
        read(indexes::INDEXES),
        read(views::VIEWS),
        read(views::NEEDS),
    )?;
    let (enums, domains, sequences, extras, extra_needs, comments, schemas, parts) = tokio::try_join!(
        read(others::ENUMS),
        read(others::DOMAINS),
        read(others::SEQUENCES),
        read(unmodelled::OBJECTS),
        read(unmodelled::NEEDS),
        read(comments::COMMENTS),
        read(comments::SCHEMAS),
        read(partitions::PARTS),
    )?;

    let mut found = Found {
        filter,
        tables: Vec::new(),
        at: HashMap::new(),
        catalog: Catalog::default(),
    };
    found.relations(&relations);
    found.columns(&columns);
    found.constraints(&constraints);
    found.indexes(&indexes);
    found.views(&views, &view_needs);
    found.enums(&enums, &columns);
    found.domains(&domains);
    found.sequences(&sequences);
    found.unmodelled(&extras, &extra_needs);
    found.parts(&parts);
    found.comments(&comments);
    found.schemas(&schemas);
    Ok(found.finish())
}

async fn read(client: &Client, sql: &'static str, version: u32, schemas: &Vec<String>) -> Result<Vec<Row>, DatabaseError> {
    let (nulls, columns) = if version >= 150_000 {
        ("i.indnullsnotdistinct", "c.confdelsetcols IS NOT NULL")
    } else {
        ("false", "false")
    };
    let sql = sql.replace("{nulls_not_distinct}", nulls).replace("{set_columns}", columns);
    client
        .query_typed(&sql, &[(schemas, Type::TEXT_ARRAY)])
        .await
        .map_err(|error| super::refused(&error, &sql))
}

/// Version of the server: 15.3 is 150003.
async fn version(client: &Client) -> Result<u32, DatabaseError> {
    const SQL: &str = "SELECT current_setting('server_version_num')::integer";
    let rows = client.query_typed(SQL, &[]).await.map_err(|error| super::refused(&error, SQL))?;
    Ok(rows
        .first()
        .and_then(|row| u32::try_from(row.get::<_, i32>(0)).ok())
        .unwrap_or_default())
}

/// What has been read so far.
struct Found {
    filter: Filter,
    tables: Vec<Table>,
    /// Position in `tables` by oid.
    at: HashMap<u32, usize>,
    catalog: Catalog,
}

impl Found {
    fn table(&mut self, oid: u32) -> Option<&mut Table> {
        self.at.get(&oid).map(|at| &mut self.tables[*at])
    }

    /// Whether this is a table that is ours.
    fn is_ours(&self, name: &ObjectName) -> bool {
        self.tables.iter().any(|table| table.name == *name)
    }

    fn finish(self) -> Catalog {
        let mut catalog = self.catalog;
        catalog.dialect = "postgres".to_owned();
        catalog.tables = self.tables;
        for table in &mut catalog.tables {
            table.uniques.sort_by(|a, b| a.columns.cmp(&b.columns));
            table
                .foreign_keys
                .sort_by(|a, b| (&a.columns, &a.target).cmp(&(&b.columns, &b.target)));
            table.checks.sort_by(|a, b| a.expr.cmp(&b.expr));
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        catalog
    }
}

/// A name from two columns of a row, the schema first.
fn name(row: &Row, at: usize) -> ObjectName {
    ObjectName {
        schema: Some(row.get(at)),
        name: row.get(at + 1),
    }
}

/// An expression without the parentheses around all of it: PostgreSQL adds them or not depending on the expression.
pub(super) fn bare(expr: &str) -> &str {
    let mut text = expr.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
        && is_balanced(inner)
    {
        text = inner.trim();
    }
    text
}

/// Whether no parenthesis closes that was not opened before, quotes left aside.
fn is_balanced(text: &str) -> bool {
    let (mut depth, mut quote) = (0i32, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn only_parentheses_around_everything_go() {
        for (written, wanted) in [
            ("((a > 0))", "a > 0"),
            ("(a > 0) AND (b > 0)", "(a > 0) AND (b > 0)"),
            ("((a > 0) AND (b > 0))", "(a > 0) AND (b > 0)"),
            ("lower(a)", "lower(a)"),
            ("(a = ')'::text)", "a = ')'::text"),
        ] {
            assert_eq!(bare(written), wanted);
        }
    }
}
