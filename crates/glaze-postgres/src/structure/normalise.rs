//! One spelling for what is wanted and what is there. What these rules cannot settle is asked of the database
//! (`canonical.rs`).

use glaze_converge::catalog::{Catalog, ObjectName, Table};

use super::{
    DEFAULT_SCHEMA,
    ident::{cut, quote_ident},
    introspect::bare,
    types::canonical_type,
};

/// Brings a catalog, wanted or read, into the spelling in which it is compared.
pub(super) fn normalise(catalog: &mut Catalog) {
    for table in &mut catalog.tables {
        object(&mut table.name);
        comment(&mut table.comment);
        columns(table);
        keys(table);
        for check in &mut table.checks {
            check.expr = expression(&check.expr);
        }
        for index in &mut table.indexes {
            name(&mut index.name);
            index.filter = index.filter.as_deref().map(expression);
            if index.method.is_empty() {
                index.method = "btree".to_owned();
            }
            for part in &mut index.parts {
                part.text = if part.is_expr {
                    expression(&part.text)
                } else {
                    cut(&part.text).to_owned()
                };
            }
        }
        sort(table);
    }
    for item in &mut catalog.enums {
        object(&mut item.name);
        comment(&mut item.comment);
    }
    catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.enums.sort_by(|a, b| a.name.cmp(&b.name));
}

/// A schema file has its own line endings, so those of a comment say nothing.
fn comment(text: &mut Option<String>) {
    if let Some(text) = text.as_mut().filter(|text| text.contains('\r')) {
        *text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
}

fn columns(table: &mut Table) {
    for column in &mut table.columns {
        name(&mut column.name);
        comment(&mut column.comment);
        column.ty = canonical_type(&column.ty);
        if let Some(generated) = &mut column.generated {
            generated.expr = expression(&generated.expr);
        }
        column.default = column.default.as_deref().map(default);
        // Two ways to say nothing.
        if column
            .default
            .as_deref()
            .is_some_and(|default| default == "NULL" || default.starts_with("NULL::"))
        {
            column.default = None;
        }
    }
}

fn keys(table: &mut Table) {
    for key in table.primary_key.iter_mut().chain(&mut table.uniques) {
        key.columns.iter_mut().for_each(name);
        key.name.iter_mut().for_each(name);
    }
    for key in &mut table.foreign_keys {
        object(&mut key.target);
        key.columns.iter_mut().chain(&mut key.target_columns).for_each(name);
        key.name.iter_mut().for_each(name);
    }
    for check in &mut table.checks {
        check.name.iter_mut().for_each(name);
    }
}

fn sort(table: &mut Table) {
    table.uniques.sort_by(|a, b| a.columns.cmp(&b.columns));
    table
        .foreign_keys
        .sort_by(|a, b| (&a.columns, &a.target).cmp(&(&b.columns, &b.target)));
    table.checks.sort_by(|a, b| a.expr.cmp(&b.expr));
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.options.sort();
}

/// An expression without outer parentheses, without quotes around names that need none, with lists cast as a whole and with its
/// conditions in a row.
fn expression(expr: &str) -> String {
    super::conditions::flat(&unquote_names(&cast_lists(bare(expr))))
}

/// `ARRAY[('a'::character varying)::text, …]` as `(ARRAY['a'::character varying, …])::text[]`: PostgreSQL gives the second form back
/// for what a person wrote, and the first for what it gave back itself.
fn cast_lists(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len());
    let mut rest = expr;
    while let Some(at) = rest.find("ARRAY[('") {
        let start = at + "ARRAY[".len();
        out.push_str(&rest[..at]);
        match cast_items(&rest[start..]) {
            Some((items, length)) => {
                out.push_str(&format!("(ARRAY[{}])::text[]", items.join(", ")));
                rest = &rest[start + length..];
            }
            None => {
                out.push_str(&rest[at..start]);
                rest = &rest[start..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The items of such a list without their second cast, and the length of it all with the closing bracket.
fn cast_items(list: &str) -> Option<(Vec<&str>, usize)> {
    let (mut items, mut rest) = (Vec::new(), list);
    loop {
        let item = rest.strip_prefix('(')?;
        let end = literal_end(item)?;
        let after = item[end..].strip_prefix("::character varying)::text")?;
        items.push(&item[..end + "::character varying".len()]);
        match after.strip_prefix(", ") {
            Some(more) => rest = more,
            None => return after.strip_prefix(']').map(|after| (items, list.len() - after.len())),
        }
    }
}

/// Where the literal ends that the text begins with.
fn literal_end(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let mut at = 0;
    loop {
        at += inner[at..].find('\'')? + 1;
        match inner[at..].starts_with('\'') {
            true => at += 1,
            false => return Some(at + 1),
        }
    }
}

fn unquote_names(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len());
    let mut rest = expr;
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = if rest.as_bytes()[at] == b'"' { '"' } else { '\'' };
        let Some(length) = rest[at + 1..].find(quote) else { break };
        let (inner, end) = (&rest[at + 1..at + 1 + length], at + length + 2);
        out.push_str(&rest[..at]);
        match quote {
            // A doubled quote is two texts side by side to this loop, and stays what it is.
            '"' if !rest[end..].starts_with('"') && !out.ends_with('"') && quote_ident(inner) == inner => out.push_str(inner),
            _ => out.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Functions that have two names, and whose second one PostgreSQL never gives back.
fn default(expr: &str) -> String {
    let expr = bare(expr);
    match expr.to_ascii_lowercase().as_str() {
        "current_timestamp" => "CURRENT_TIMESTAMP".to_owned(),
        "current_date" => "CURRENT_DATE".to_owned(),
        "now()" | "pg_catalog.now()" => "now()".to_owned(),
        "true" => "true".to_owned(),
        "false" => "false".to_owned(),
        "null" => "NULL".to_owned(),
        _ => expr.to_owned(),
    }
}

fn object(object: &mut ObjectName) {
    name(&mut object.name);
    if object.schema.is_none() {
        object.schema = Some(DEFAULT_SCHEMA.to_owned());
    }
}

fn name(name: &mut String) {
    if name.len() > 63 {
        *name = cut(name).to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn names_lose_quotes_that_they_do_not_need() {
        for (written, spelled) in [
            ("(\"n\" > 5)", "n > 5"),
            ("\"order\" = 'a \"b\" c'", "\"order\" = 'a \"b\" c'"),
            ("\"a\"\"b\" = 1", "\"a\"\"b\" = 1"),
            ("\"Mixed\" = \"plain\"", "\"Mixed\" = plain"),
            ("t = 'it''s \"x\"'", "t = 'it''s \"x\"'"),
            ("t = 'open", "t = 'open"),
            (
                "(a)::text = ANY (ARRAY[('it''s]'::character varying)::text, ('b'::character varying)::text])",
                "(a)::text = ANY ((ARRAY['it''s]'::character varying, 'b'::character varying])::text[])",
            ),
            ("a = ANY (ARRAY[('a'::citext)::text])", "a = ANY (ARRAY[('a'::citext)::text])"),
        ] {
            assert_eq!(expression(written), spelled);
        }
    }
}
