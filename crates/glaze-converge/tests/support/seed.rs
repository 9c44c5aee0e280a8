//! Rows for any catalog. A value depends only on the column's type and the row's number, so references find their targets.

use std::collections::BTreeMap;

use glaze_converge::catalog::{Catalog, Check, Column, Table};
use glaze_converge::dialect::CatalogDialect;

/// Rows per table.
pub const ROWS: usize = 3;

/// Statements that fill every table; run as one, with foreign keys not enforced meanwhile.
pub fn seed(catalog: &Catalog, dialect: &dyn CatalogDialect) -> Vec<String> {
    seed_with(catalog, dialect, &BTreeMap::new())
}

/// The same with values of one's own: literals by column (`posts.v`), or none at all by table (`posts`) for no rows.
pub fn seed_with(catalog: &Catalog, dialect: &dyn CatalogDialect, own: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut out = Vec::new();
    if dialect.name() == "postgres" {
        out.push("SET LOCAL session_replication_role = replica".to_owned());
    }
    for table in catalog.tables.iter().filter(|table| !own.contains_key(&table.name.name)) {
        let columns: Vec<&Column> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
        let names: Vec<String> = columns.iter().map(|column| dialect.quote(&column.name)).collect();
        for row in 1..=ROWS {
            let values: Vec<String> = columns
                .iter()
                .map(|column| match own.get(&format!("{}.{}", table.name.name, column.name)) {
                    Some(values) => values[(row - 1) % values.len()].clone(),
                    None => cell(catalog, table, column, row, dialect),
                })
                .collect();
            let overriding = if dialect.name() == "postgres" {
                "OVERRIDING SYSTEM VALUE "
            } else {
                ""
            };
            let name = dialect.quote_table(&table.name);
            out.push(format!(
                "INSERT INTO {name} ({}) {overriding}VALUES ({})",
                names.join(", "),
                values.join(", ")
            ));
        }
    }
    out
}

fn cell(catalog: &Catalog, table: &Table, column: &Column, row: usize, dialect: &dyn CatalogDialect) -> String {
    if column.nullable && row == ROWS {
        return "NULL".to_owned();
    }
    let lists = |check: &Check| {
        dialect
            .check_values(&check.expr)
            .is_some_and(|found| found.list && found.column == column.name)
    };
    let single = !table.checks.iter().any(lists);
    if let Some(values) = values(catalog, table, column, dialect).filter(|_| single) {
        let value = format!("'{}'", values[row % values.len()].replace('\'', "''"));
        return value;
    }
    let array = table
        .checks
        .iter()
        .any(|check| check.expr.contains("'array'") && check.expr.contains(&format!("\"{}\"", column.name)));
    if array {
        "'[]'".to_owned()
    } else {
        literal(&column.ty, row, dialect)
    }
}

/// Values of an enum column, native or checked.
pub fn values(catalog: &Catalog, table: &Table, column: &Column, dialect: &dyn CatalogDialect) -> Option<Vec<String>> {
    let native = catalog
        .enums
        .iter()
        .find(|item| column.ty == item.name.name || column.ty == item.name.to_string());
    let checked = || {
        table
            .checks
            .iter()
            .filter_map(|check| dialect.check_values(&check.expr))
            .find(|found| found.column == column.name)
    };
    native
        .map(|item| item.values.clone())
        .or_else(|| checked().map(|found| found.values))
}

/// The row's value of a type.
pub fn literal(ty: &str, row: usize, dialect: &dyn CatalogDialect) -> String {
    let name = ty.rsplit(':').next().unwrap_or(ty).to_ascii_lowercase();
    let base = name.split('(').next().unwrap_or(&name).trim();
    let sqlite = dialect.name() == "sqlite";
    let scale: u32 = name
        .trim_end_matches(')')
        .rsplit(',')
        .next()
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(0);
    match base {
        _ if ty.ends_with("[]") => "'{}'".to_owned(),
        "list" => "'[]'".to_owned(),
        "bool" | "boolean" => {
            if sqlite {
                (row % 2).to_string()
            } else {
                (row % 2 == 1).to_string()
            }
        }
        "decimal" if sqlite => (row as i64 * 10i64.pow(scale)).to_string(),
        "uuid" => format!("'00000000-0000-7000-8000-00000000000{row}'"),
        "date" => format!("'2026-01-0{row}'"),
        "time" | "time without time zone" => format!("'0{row}:00:00.000000'"),
        "datetime" | "timestamp with time zone" | "timestamp without time zone" => format!("'2026-01-0{row}T00:00:00.000000Z'"),
        "interval" => format!("'{row} hours'"),
        "json" | "jsonb" => format!("'{{\"n\":{row}}}'"),
        "point" if sqlite => format!("'{{\"lat\":{row},\"lng\":{row}}}'"),
        "point" => format!("'({row},{row})'"),
        "bytea" => format!("'\\x0{row}'"),
        "blob" => format!("X'0{row}'"),
        "text" | "varchar" | "character varying" | "nvarchar" | "character" => format!("'{row}'"),
        _ => row.to_string(),
    }
}

/// An expression that gives another value in each row where the type is text, else a plain value.
pub fn filling(ty: &str, dialect: &dyn CatalogDialect) -> String {
    let text = ty == "TEXT" || ty == "text" || ty.contains("varchar") || ty.contains("character varying");
    match (text, dialect.name()) {
        (true, "sqlite") => "lower(hex(randomblob(6)))".to_owned(),
        (true, _) => "substr(md5(random()::text), 1, 12)".to_owned(),
        (false, "sqlite") => literal(ty, 1, dialect),
        (false, _) => format!("{}::{ty}", literal(ty, 1, dialect)),
    }
}
