//! SQLite's structural rules, without a connection.

use glaze_converge::catalog::{Catalog, Column, ObjectName, Table};
use glaze_converge::dialect::{Capabilities, CatalogDialect, CheckValues, ColumnSpec, Conversion, Stored};
use glaze_converge::lint::LintFinding;
use glaze_converge::step::Action;
use glaze_model::{Expression, Model, Scalar, Value};
use glaze_sql::ddl::{self, DdlDialect, SplitRules};

use super::render::{SqliteDdl, is_constant, is_strict_type};
use super::{convert, journal, lint, lists, normalise, parse, types};

/// SQLite's structural rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteCatalog;

impl CatalogDialect for SqliteCatalog {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            schemas: false,
            native_enums: false,
            comments: false,
            alter_in_place: false,
            add_foreign_keys: false,
            unique_is_index: true,
            transactional: true,
            fold_case: true,
            views_hold_columns: false,
        }
    }

    fn object_name(&self, schema: Option<&str>, name: &str) -> ObjectName {
        let name = match schema {
            None | Some("public" | "main") => name.to_owned(),
            Some(schema) => format!("{schema}_{name}"),
        };
        ObjectName { schema: None, name }
    }

    fn column_type(&self, spec: &ColumnSpec<'_>) -> String {
        types::column_type(spec)
    }

    fn checks(&self, spec: &ColumnSpec<'_>) -> Vec<String> {
        types::checks(spec)
    }

    fn literal(&self, spec: &ColumnSpec<'_>, value: &Value) -> Option<String> {
        types::literal(spec, value)
    }

    fn now(&self, spec: &ColumnSpec<'_>) -> Option<String> {
        match spec.stored {
            Stored::Scalar(Scalar::DateTime) => Some("strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'".to_owned()),
            Stored::Scalar(Scalar::Date) => Some("date('now')".to_owned()),
            Stored::Scalar(Scalar::Time) => Some("strftime('%H:%M:%f', 'now') || '000'".to_owned()),
            _ => None,
        }
    }

    fn uuid(&self, spec: &ColumnSpec<'_>) -> Option<String> {
        let part = |bytes: u8| format!("hex(randomblob({bytes}))");
        matches!(spec.stored, Stored::Scalar(Scalar::Uuid)).then(|| {
            let (four, two, six) = (part(4), part(2), part(6));
            let version = format!("'4' || substr({two}, 2)");
            let variant = format!("substr('89AB', 1 + (abs(random()) % 4), 1) || substr({two}, 2)");
            format!("lower({four} || '-' || {two} || '-' || {version} || '-' || {variant} || '-' || {six})")
        })
    }

    fn expression(&self, model: &Model, entity: &str, expression: &Expression) -> Result<String, String> {
        super::expression::render(model, entity, expression)
    }

    fn table_options(&self) -> Vec<String> {
        vec!["STRICT".to_owned()]
    }

    fn normalise(&self, catalog: &mut Catalog) {
        normalise::normalise(catalog);
    }

    fn same_text(&self, a: &str, b: &str) -> bool {
        a == b || parse::same_tokens(a, b)
    }

    fn check_values(&self, check: &str) -> Option<CheckValues> {
        parse::check_values(check).or_else(|| lists::check_values(check))
    }

    fn has_item(&self, list: &str, item: &str) -> String {
        lists::has_item(list, &[item])
    }

    fn replaced_items(&self, list: &str, cases: &[(String, String)]) -> String {
        lists::replaced_items(list, cases)
    }

    fn implied_check(&self, column: &Column, check: &str) -> bool {
        types::implied_check(column, check)
    }

    fn convert(&self, from: &Column, to: &Column) -> Conversion {
        convert::convert(from, to)
    }

    fn quote(&self, name: &str) -> String {
        ddl::quote(name)
    }

    fn quote_table(&self, name: &ObjectName) -> String {
        SqliteDdl.object(name)
    }

    fn max_name(&self) -> usize {
        // SQLite has no limit; the same names as elsewhere are easier to find.
        63
    }

    fn render(&self, action: &Action) -> Vec<String> {
        ddl::render(&SqliteDdl, action)
    }

    fn can_add_column(&self, table: &Table, column: &Column) -> bool {
        let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
        let strict = table.options.iter().any(|option| option == "STRICT");
        let default = column.default.as_deref().is_none_or(is_constant);
        !stored && default && column.identity.is_none() && (!strict || is_strict_type(&column.ty))
    }

    fn lint(&self, sql: &str) -> Vec<LintFinding> {
        lint::lint(sql)
    }

    fn journal_tables(&self) -> Vec<String> {
        journal::TABLES.iter().map(|sql| (*sql).to_owned()).collect()
    }

    fn split(&self, sql: &str) -> Vec<String> {
        ddl::split(
            sql,
            SplitRules {
                dollar_quotes: false,
                nested_comments: false,
                trigger_bodies: true,
                bracket_quotes: true,
            },
        )
    }
}
