//! What PostgreSQL means structurally, without a connection.

use glaze_converge::{
    catalog::{Catalog, Column, ObjectName},
    dialect::{Blocking, Capabilities, CatalogDialect, CheckValues, ColumnSpec, Conversion},
    lint::LintFinding,
    online::ALONE,
    pull::ReadType,
    step::{Action, Step},
};
use glaze_model::{Expression, Model, Value};
use glaze_sql::ddl::{self, DdlDialect, SplitRules};

use super::{DEFAULT_SCHEMA, checks, convert, expression, journal, lint, literal, locks, normalise, types};

/// The structural rules of PostgreSQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct PostgresDialect;

impl CatalogDialect for PostgresDialect {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            schemas: true,
            native_enums: true,
            comments: true,
            alter_in_place: true,
            add_foreign_keys: true,
            unique_is_index: false,
            transactional: true,
            fold_case: false,
            views_hold_columns: true,
        }
    }

    fn object_name(&self, schema: Option<&str>, name: &str) -> ObjectName {
        ObjectName {
            schema: Some(schema.unwrap_or(DEFAULT_SCHEMA).to_owned()),
            name: name.to_owned(),
        }
    }

    fn column_type(&self, spec: &ColumnSpec<'_>) -> String {
        types::column_type(spec)
    }

    fn checks(&self, spec: &ColumnSpec<'_>) -> Vec<String> {
        checks::checks(spec)
    }

    fn literal(&self, spec: &ColumnSpec<'_>, value: &Value) -> Option<String> {
        literal::literal(spec, value)
    }

    fn now(&self, spec: &ColumnSpec<'_>) -> Option<String> {
        let now = match types::column_type(spec).as_str() {
            "timestamp with time zone" => "now()",
            "timestamp without time zone" => "(now() AT TIME ZONE 'UTC'::text)",
            "date" => "CURRENT_DATE",
            "time without time zone" => "LOCALTIME",
            _ => return None,
        };
        Some(now.to_owned())
    }

    fn uuid(&self, spec: &ColumnSpec<'_>) -> Option<String> {
        match types::column_type(spec).as_str() {
            "uuid" => Some("gen_random_uuid()".to_owned()),
            "text" => Some("gen_random_uuid()::text".to_owned()),
            _ => None,
        }
    }

    fn expression(&self, model: &Model, entity: &str, expression: &Expression) -> Result<String, String> {
        expression::render(model, entity, expression)
    }

    fn normalise(&self, catalog: &mut Catalog) {
        normalise::normalise(catalog);
    }

    fn same_default(&self, column: &Column, a: &str, b: &str) -> bool {
        self.same_text(a, b) || literal::same_number(&column.ty, a, b)
    }

    fn check_values(&self, check: &str) -> Option<CheckValues> {
        checks::check_values(check)
    }

    fn has_item(&self, list: &str, item: &str) -> String {
        format!("{} = ANY (CAST({list} AS text[]))", ddl::literal(item))
    }

    fn replaced_items(&self, list: &str, cases: &[(String, String)]) -> String {
        cases.iter().fold(list.to_owned(), |list, (old, new)| {
            format!("array_replace({list}, {}, {})", ddl::literal(old), ddl::literal(new))
        })
    }

    fn read_type(&self, ty: &str) -> Option<ReadType> {
        types::read_type(ty)
    }

    fn convert(&self, from: &Column, to: &Column) -> Conversion {
        convert::convert(from, to)
    }

    fn quote(&self, name: &str) -> String {
        ddl::quote(name)
    }

    fn quote_table(&self, name: &ObjectName) -> String {
        self.object(name)
    }

    fn render(&self, action: &Action) -> Vec<String> {
        ddl::render(self, action)
    }

    fn render_online(&self, action: &Action, batch: u64) -> Option<Vec<String>> {
        let Action::Alter(step) = action else { return None };
        let volatile = locks::blocking(step) == Some(Blocking::VolatileDefault);
        ddl::online(self, step, batch, volatile)
    }

    fn blocking(&self, step: &Step) -> Option<Blocking> {
        locks::blocking(step)
    }

    fn table_size(&self, table: &ObjectName) -> Option<String> {
        let name = ddl::literal(&self.object(table));
        Some(format!(
            "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint, coalesce(sum(pg_relation_size(c.oid)), 0)::bigint FROM pg_class c \
             WHERE c.oid = to_regclass({name}) OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass({name})) WHERE isleaf)"
        ))
    }

    fn lint(&self, sql: &str) -> Vec<LintFinding> {
        lint::lint(sql)
    }

    fn journal_tables(&self) -> Vec<String> {
        journal::TABLES.map(str::to_owned).to_vec()
    }

    fn split(&self, sql: &str) -> Vec<String> {
        ddl::split(
            sql,
            SplitRules {
                dollar_quotes: true,
                nested_comments: true,
                trigger_bodies: true,
                bracket_quotes: false,
            },
        )
    }

    fn outside_transaction(&self, statement: &str) -> bool {
        let mut above = statement
            .lines()
            .map(str::trim)
            .take_while(|line| line.is_empty() || line.starts_with("--"));
        if above.any(|line| line == ALONE) {
            return true;
        }
        let words = words(statement);
        let starts = |prefix: &[&str]| words.iter().map(String::as_str).take(prefix.len()).eq(prefix.iter().copied());
        let concurrently = words.iter().take(6).any(|word| word == "CONCURRENTLY");
        let index = starts(&["CREATE", "INDEX"]) || starts(&["CREATE", "UNIQUE", "INDEX"]) || starts(&["DROP", "INDEX"]);
        let refresh_or_reindex = starts(&["REINDEX"]) || (starts(&["ALTER", "TABLE"]) && words.iter().any(|word| word == "DETACH"));
        ((index || refresh_or_reindex) && words.iter().any(|word| word == "CONCURRENTLY") && (concurrently || refresh_or_reindex))
            || starts(&["VACUUM"])
            || starts(&["ALTER", "SYSTEM"])
            || starts(&["CREATE", "DATABASE"])
            || starts(&["DROP", "DATABASE"])
            || starts(&["CREATE", "TABLESPACE"])
            // Allowed in a transaction, but the value cannot be used before it ends.
            || (starts(&["ALTER", "TYPE"]) && words.windows(2).any(|pair| pair[0] == "ADD" && pair[1] == "VALUE"))
    }
}

/// Words of a statement in capitals, comments left out.
fn words(statement: &str) -> Vec<String> {
    let mut text = String::with_capacity(statement.len());
    let mut rest = statement;
    while let Some(at) = rest.find("--").into_iter().chain(rest.find("/*")).min() {
        text.push_str(&rest[..at]);
        text.push(' ');
        let end = if rest[at..].starts_with("--") {
            rest[at..].find('\n').map(|end| end + 1)
        } else {
            rest[at..].find("*/").map(|end| end + 2)
        };
        rest = end.map_or("", |end| &rest[at + end..]);
    }
    text.push_str(rest);
    text.split_whitespace().take(64).map(str::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_cannot_be_in_a_transaction_are_known() {
        for (statement, outside) in [
            ("CREATE INDEX CONCURRENTLY a ON b (c)", true),
            ("-- slow\ncreate unique index concurrently a on b (c)", true),
            ("CREATE INDEX a ON b (c)", false),
            ("ALTER TYPE s ADD VALUE 'x'", true),
            ("ALTER TYPE s RENAME VALUE 'x' TO 'y'", false),
            ("REINDEX INDEX CONCURRENTLY a", true),
            ("VACUUM a", true),
            ("UPDATE a SET b = 'CREATE INDEX CONCURRENTLY'", false),
        ] {
            assert_eq!(PostgresDialect.outside_transaction(statement), outside, "{statement}");
        }
    }
}
