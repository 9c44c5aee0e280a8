//! Tables and what stands in them.

use glaze_converge::catalog::{Check, Column, Deferrable, ForeignKey, Index, Key, ObjectName, Table};
use glaze_model::OnDelete;

use super::{DdlDialect, literal};

/// `CREATE TABLE` and its indexes and comments.
pub fn create_table(dialect: &(impl DdlDialect + ?Sized), table: &Table) -> Vec<String> {
    let mut out = vec![create_table_only(dialect, table)];
    out.extend(create_indexes(dialect, table));
    if dialect.comments() {
        let name = dialect.object(&table.name);
        if let Some(comment) = &table.comment {
            out.push(format!("COMMENT ON TABLE {name} IS {}", literal(comment)));
        }
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                out.push(format!(
                    "COMMENT ON COLUMN {name}.{} IS {}",
                    dialect.quote(&column.name),
                    literal(comment)
                ));
            }
        }
    }
    out
}

/// The `CREATE TABLE` statement alone.
pub(super) fn create_table_only(dialect: &(impl DdlDialect + ?Sized), table: &Table) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|column| dialect.column(table, column)).collect();
    if let Some(primary) = &table.primary_key
        && !dialect.key_in_column(table)
    {
        lines.push(key(dialect, "PRIMARY KEY", primary));
    }
    for unique in &table.uniques {
        if !dialect.unique_is_index() || unique.name.is_none() {
            lines.push(key(dialect, "UNIQUE", unique));
        }
    }
    lines.extend(table.checks.iter().map(|item| check(dialect, item)));
    lines.extend(table.foreign_keys.iter().map(|item| foreign_key(dialect, item)));
    format!(
        "CREATE TABLE {} (\n  {}\n){}",
        dialect.object(&table.name),
        lines.join(",\n  "),
        dialect.table_tail(table)
    )
}

/// The statements for a table's indexes, unique keys that are indexes included.
pub(super) fn create_indexes(dialect: &(impl DdlDialect + ?Sized), table: &Table) -> Vec<String> {
    let mut out = Vec::new();
    if dialect.unique_is_index() {
        for unique in &table.uniques {
            if let Some(name) = &unique.name {
                out.push(unique_index(dialect, &table.name, name, unique));
            }
        }
    }
    out.extend(table.indexes.iter().map(|index| create_index(dialect, &table.name, index)));
    out
}

/// A unique key as an index.
pub(super) fn unique_index(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, name: &str, unique: &Key) -> String {
    format!(
        "CREATE UNIQUE INDEX {} ON {} ({})",
        dialect.quote(name),
        dialect.object(table),
        column_list(dialect, &unique.columns)
    )
}

/// The default form of a column.
pub(super) fn column(dialect: &(impl DdlDialect + ?Sized), _table: &Table, column: &Column) -> String {
    let mut text = format!("{} {}", dialect.quote(&column.name), dialect.column_type(&column.ty));
    if let Some(collation) = &column.collation {
        text += &format!(" COLLATE {}", dialect.quote(collation));
    }
    text += &dialect.identity(column);
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
        text += &format!(" DEFAULT {default}");
    }
    text
}

/// `CONSTRAINT … PRIMARY KEY (…)`.
pub fn key(dialect: &(impl DdlDialect + ?Sized), what: &str, key: &Key) -> String {
    let distinct = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = || format!("({})", column_list(dialect, &key.columns));
    let list = match &key.extra {
        Some(extra) if extra.starts_with('(') => extra.clone(),
        Some(extra) => format!("{} {extra}", columns()),
        None => columns(),
    };
    format!(
        "{}{what}{distinct} {list}{}",
        constraint(dialect, key.name.as_deref()),
        deferrable(key.deferrable)
    )
}

/// `CONSTRAINT … CHECK (…)`.
pub fn check(dialect: &(impl DdlDialect + ?Sized), check: &Check) -> String {
    let not_valid = if check.not_valid { " NOT VALID" } else { "" };
    format!("{}CHECK ({}){not_valid}", constraint(dialect, check.name.as_deref()), check.expr)
}

/// `CONSTRAINT … FOREIGN KEY (…) REFERENCES …`.
pub fn foreign_key(dialect: &(impl DdlDialect + ?Sized), key: &ForeignKey) -> String {
    format!(
        "{}FOREIGN KEY ({}) {}",
        constraint(dialect, key.name.as_deref()),
        column_list(dialect, &key.columns),
        references(dialect, key)
    )
}

/// `REFERENCES … ON DELETE …`.
pub(super) fn references(dialect: &(impl DdlDialect + ?Sized), key: &ForeignKey) -> String {
    let mut text = format!("REFERENCES {}", dialect.object(&key.target));
    if !key.target_columns.is_empty() {
        text += &format!(" ({})", column_list(dialect, &key.target_columns));
    }
    if key.match_full {
        text += " MATCH FULL";
    }
    if key.on_delete != OnDelete::NoAction {
        text += &format!(" ON DELETE {}", referential_action(key.on_delete));
    }
    if key.on_update != OnDelete::NoAction {
        text += &format!(" ON UPDATE {}", referential_action(key.on_update));
    }
    text += deferrable(key.deferrable);
    if key.not_valid {
        text += " NOT VALID";
    }
    text
}

/// `CASCADE` and so on.
pub fn referential_action(action: OnDelete) -> &'static str {
    match action {
        OnDelete::Restrict => "RESTRICT",
        OnDelete::Cascade => "CASCADE",
        OnDelete::SetNull => "SET NULL",
        OnDelete::NoAction => "NO ACTION",
        OnDelete::SetDefault => "SET DEFAULT",
    }
}

/// `CREATE INDEX …`.
pub fn create_index(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, index: &Index) -> String {
    if let Some(exotic) = &index.exotic {
        return exotic.clone();
    }
    let parts: Vec<String> = index
        .parts
        .iter()
        .map(|part| {
            let text = if part.is_expr {
                let (expression, options) = index_options(&part.text);
                format!("({expression}){options}")
            } else {
                dialect.quote(&part.text)
            };
            if part.desc { format!("{text} DESC") } else { text }
        })
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let method = if index.method.is_empty() || index.method == "btree" {
        String::new()
    } else {
        format!("USING {} ", index.method)
    };
    let filter = index.filter.as_ref().map_or(String::new(), |filter| format!(" WHERE {filter}"));
    let name = dialect.quote(&index.name);
    format!(
        "CREATE {unique}INDEX {name} ON {} {method}({}){filter}",
        dialect.object(table),
        parts.join(", ")
    )
}

/// An indexed expression, and what stands behind it without being part of it: operator class, direction, place of nulls.
fn index_options(text: &str) -> (&str, &str) {
    let mut end = text.len();
    loop {
        let rest = text[..end].trim_end();
        let Some((before, word)) = rest.rsplit_once(char::is_whitespace) else {
            break;
        };
        let is = |wanted: &str| word.eq_ignore_ascii_case(wanted);
        let last = || before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
        let operators = word.ends_with("_ops") && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        let start = match () {
            // `a COLLATE some_ops` names a collation.
            () if (operators || is("ASC") || is("DESC")) && !last().eq_ignore_ascii_case("COLLATE") => before.len(),
            () if (is("FIRST") || is("LAST")) && last().eq_ignore_ascii_case("NULLS") => before.trim_end().len() - "NULLS".len(),
            () => break,
        };
        end = text[..start].trim_end().len();
    }
    match end {
        0 => (text, ""),
        _ => text.split_at(end),
    }
}

/// Column names, quoted, with commas.
pub fn column_list(dialect: &(impl DdlDialect + ?Sized), columns: &[String]) -> String {
    columns.iter().map(|column| dialect.quote(column)).collect::<Vec<_>>().join(", ")
}

fn constraint(dialect: &(impl DdlDialect + ?Sized), name: Option<&str>) -> String {
    name.map_or(String::new(), |name| format!("CONSTRAINT {} ", dialect.quote(name)))
}

pub(super) fn deferrable(deferrable: Option<Deferrable>) -> &'static str {
    match deferrable {
        None => "",
        Some(Deferrable::Immediate) => " DEFERRABLE INITIALLY IMMEDIATE",
        Some(Deferrable::Deferred) => " DEFERRABLE INITIALLY DEFERRED",
    }
}

#[cfg(test)]
mod tests {
    use super::index_options;

    #[test]
    fn options_of_an_index_stand_behind_its_expression() {
        for (text, expression, options) in [
            ("lower(t)", "lower(t)", ""),
            ("t", "t", ""),
            ("t COLLATE \"C\"", "t COLLATE \"C\"", ""),
            ("t text_pattern_ops", "t", " text_pattern_ops"),
            (
                "lower(t) text_pattern_ops DESC NULLS LAST",
                "lower(t)",
                " text_pattern_ops DESC NULLS LAST",
            ),
            ("a || b  nulls first", "a || b", "  nulls first"),
            ("a - first", "a - first", ""),
            ("a COLLATE my_ops", "a COLLATE my_ops", ""),
        ] {
            assert_eq!(index_options(text), (expression, options), "{text}");
        }
    }
}
