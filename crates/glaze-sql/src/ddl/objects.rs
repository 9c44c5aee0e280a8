//! Things beside tables: schemas, domains, sequences, views, and what no type of the catalog expresses.

use glaze_converge::catalog::{Check, Column, DomainDef, ObjectName, SequenceDef, Unmodelled, ViewDef};
use glaze_converge::step::{EnumUse, Step};

use super::{DdlDialect, literal, quote, table};

/// Statements of the steps that are about no table.
pub(super) fn alter(dialect: &(impl DdlDialect + ?Sized), step: &Step) -> Vec<String> {
    match step {
        Step::ExtensionCreate { name } => vec![format!("CREATE EXTENSION IF NOT EXISTS {}", dialect.quote(name))],
        Step::SchemaCreate { name } => vec![format!("CREATE SCHEMA IF NOT EXISTS {}", dialect.quote(name))],
        Step::SchemaDrop { name } => vec![format!("DROP SCHEMA {}", dialect.quote(name))],
        Step::DomainCreate { item } => vec![create_domain(dialect, &item.name, item)],
        Step::DomainAlter { from, to, .. } if from.base == to.base => alter_domain(dialect, from, to),
        Step::DomainAlter { from, to, uses } => replace_domain(dialect, from, to, uses),
        Step::DomainDrop { item } => vec![format!("DROP DOMAIN {}", dialect.object(&item.name))],
        Step::SequenceCreate { item } => vec![format!("CREATE SEQUENCE {} {}", dialect.object(&item.name), item.definition)],
        // Its own name may be another one than that of the sequence it shall be like.
        Step::SequenceAlter { from, to } | Step::ColumnSequence { from, to, .. } => alter_sequence(dialect, from, to),
        Step::SequenceOwner { name, owner } => {
            let owner = owner.as_ref().map_or("NONE".to_owned(), |(table, column)| {
                format!("{}.{}", dialect.object(table), dialect.quote(column))
            });
            vec![format!("ALTER SEQUENCE {} OWNED BY {owner}", dialect.object(name))]
        }
        Step::SequenceDrop { item } => vec![format!("DROP SEQUENCE {}", dialect.object(&item.name))],
        Step::ViewCreate { view, .. } => {
            let mut out = vec![create_view(dialect, view, false)];
            out.extend(view.grants.iter().cloned());
            out
        }
        Step::ViewReplace { to, .. } => vec![create_view(dialect, to, true)],
        Step::ViewDrop { view, .. } => {
            let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
            vec![format!("DROP {kind} {}", dialect.object(&view.name))]
        }
        Step::UnmodelledCreate { item, .. } => item.sql.iter().cloned().collect(),
        Step::UnmodelledReplace { from, to } => replace_unmodelled(dialect, from, to),
        Step::UnmodelledDrop { item, .. } => drop_unmodelled(dialect, item).into_iter().collect(),
        Step::CommentSet { target, comment } => super::alter::comment_on(dialect, target.clone(), comment.as_deref()),
        Step::EnumComment { name, comment } => {
            super::alter::comment_on(dialect, format!("TYPE {}", dialect.object(name)), comment.as_deref())
        }
        _ => Vec::new(),
    }
}

/// The statement that makes a view. Some databases keep the whole statement, others the query alone.
pub fn create_view(dialect: &(impl DdlDialect + ?Sized), view: &ViewDef, replace: bool) -> String {
    let body = view.definition.trim().trim_end_matches(';');
    if body.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create")) {
        return body.to_owned();
    }
    let or = if replace { "OR REPLACE " } else { "" };
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let options = match view.options.is_empty() {
        true => String::new(),
        false => format!(" WITH ({})", view.options.join(", ")),
    };
    // Said here, the names of its columns do not depend on what the columns below are called by now.
    let columns: Vec<&str> = view.columns.iter().map(|column| quoted_name(column)).collect();
    let columns = match columns.is_empty() {
        true => String::new(),
        false => format!(" ({})", columns.join(", ")),
    };
    format!("CREATE {or}{kind} {}{columns}{options} AS\n{body}", dialect.object(&view.name))
}

/// The name in `"a name" text`, with its quotes.
fn quoted_name(column: &str) -> &str {
    let mut quoted = false;
    let end = column.find(|c: char| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    });
    &column[..end.unwrap_or(column.len())]
}

fn create_domain(dialect: &(impl DdlDialect + ?Sized), name: &ObjectName, item: &DomainDef) -> String {
    let text = format!("CREATE DOMAIN {} AS {} {}", dialect.object(name), item.base, item.definition);
    text.trim_end().to_owned()
}

fn alter_domain(dialect: &(impl DdlDialect + ?Sized), from: &DomainDef, to: &DomainDef) -> Vec<String> {
    let on = format!("ALTER DOMAIN {}", dialect.object(&to.name));
    let mut out = Vec::new();
    let gone = |check: &&Check| !to.checks.iter().any(|other| other.expr == check.expr);
    for check in from.checks.iter().filter(gone) {
        if let Some(name) = &check.name {
            out.push(format!("{on} DROP CONSTRAINT {}", dialect.quote(name)));
        }
    }
    match (&from.default, &to.default) {
        (a, b) if a == b => {}
        (_, Some(default)) => out.push(format!("{on} SET DEFAULT {default}")),
        (_, None) => out.push(format!("{on} DROP DEFAULT")),
    }
    match (from.not_null, to.not_null) {
        (true, false) => out.push(format!("{on} DROP NOT NULL")),
        (false, true) => out.push(format!("{on} SET NOT NULL")),
        _ => {}
    }
    for check in &to.checks {
        match from.checks.iter().find(|other| other.expr == check.expr) {
            None => out.push(format!("{on} ADD {}", table::check(dialect, check))),
            Some(old) if old.not_valid && !check.not_valid => {
                out.extend(
                    old.name
                        .iter()
                        .map(|name| format!("{on} VALIDATE CONSTRAINT {}", dialect.quote(name))),
                );
            }
            Some(_) => {}
        }
    }
    out
}

/// Another base type: the new domain beside the old one, every column moved over, the old one dropped.
fn replace_domain(dialect: &(impl DdlDialect + ?Sized), from: &DomainDef, to: &DomainDef, uses: &[EnumUse]) -> Vec<String> {
    let working = ObjectName {
        schema: to.name.schema.clone(),
        name: format!("{}_glaze_old", to.name.name),
    };
    let new = dialect.object(&to.name);
    let mut out = vec![
        format!(
            "ALTER DOMAIN {} RENAME TO {}",
            dialect.object(&from.name),
            dialect.quote(&working.name)
        ),
        create_domain(dialect, &to.name, to),
    ];
    for item in uses {
        let on = format!(
            "ALTER TABLE {} ALTER COLUMN {}",
            dialect.object(&item.table),
            dialect.quote(&item.column)
        );
        let list = if item.list { "[]" } else { "" };
        if item.default.0.is_some() {
            out.push(format!("{on} DROP DEFAULT"));
        }
        out.push(format!(
            "{on} TYPE {new}{list} USING {}::{}{list}::{new}{list}",
            dialect.quote(&item.column),
            to.base
        ));
        out.extend(item.default.1.iter().map(|default| format!("{on} SET DEFAULT {default}")));
    }
    out.push(format!("DROP DOMAIN {}", dialect.object(&working)));
    out
}

/// The definition says everything, also what is not as it was by default. A number outside the new bounds is moved into them.
fn alter_sequence(dialect: &(impl DdlDialect + ?Sized), from: &SequenceDef, to: &SequenceDef) -> Vec<String> {
    let name = dialect.object(&from.name);
    let bound = |item: &SequenceDef, word: &str| -> Option<i64> {
        let mut words = item.definition.split_whitespace().skip_while(|other| *other != word);
        words.nth(1)?.parse().ok()
    };
    let (least, most) = (bound(to, "MINVALUE"), bound(to, "MAXVALUE"));
    let mut out = Vec::new();
    if let (Some(least), Some(most)) = (least, most)
        && (bound(from, "MINVALUE").is_some_and(|old| old < least) || bound(from, "MAXVALUE").is_some_and(|old| old > most))
    {
        let inside = format!("LEAST(GREATEST(last_value, {least}), {most})");
        let called = format!("is_called AND last_value BETWEEN {least} AND {most}");
        out.push(format!("SELECT setval({}, {inside}, {called}) FROM {name}", literal(&name)));
    }
    let cycle = if to.definition.ends_with(" CYCLE") { "" } else { " NO CYCLE" };
    out.push(format!("ALTER SEQUENCE {name} {}{cycle}", to.definition));
    out
}

/// Sequences of serial columns that are not what `serial` makes by itself: made first, owned after.
pub fn own_sequence(dialect: &(impl DdlDialect + ?Sized), table: &ObjectName, column: &Column) -> Option<(String, String)> {
    let sequence = column.sequence.as_ref()?;
    let name = dialect.object(&sequence.name);
    let owner = format!("{}.{}", dialect.object(table), dialect.quote(&column.name));
    Some((
        format!("CREATE SEQUENCE {name} {}", sequence.definition),
        format!("ALTER SEQUENCE {name} OWNED BY {owner}"),
    ))
}

fn replace_unmodelled(dialect: &(impl DdlDialect + ?Sized), from: &Unmodelled, to: &Unmodelled) -> Vec<String> {
    match (to.kind.as_str(), &to.table) {
        ("partition", Some(parent)) => repartition(dialect, from, to, &dialect.object(parent)),
        ("row security", Some(table)) => {
            let mut out = vec![format!("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", dialect.object(table))];
            out.extend(to.sql.iter().cloned());
            out
        }
        ("function" | "procedure", _) => to.sql.iter().cloned().collect(),
        _ => drop_unmodelled(dialect, from).into_iter().chain(to.sql.iter().cloned()).collect(),
    }
}

/// A partition with other bounds, let go (`to` has no statement), or a table taken in (`from` has no parent): never made anew, so that
/// its rows stay.
fn repartition(dialect: &(impl DdlDialect + ?Sized), from: &Unmodelled, to: &Unmodelled, parent: &str) -> Vec<String> {
    let name = qualified(dialect, &to.name);
    let mut out = Vec::new();
    if let Some(old) = &from.table {
        out.push(format!("ALTER TABLE {} DETACH PARTITION {name}", dialect.object(old)));
    }
    if let Some((_, rest)) = to.sql.as_deref().and_then(|sql| sql.split_once(" PARTITION OF ")) {
        let at = rest.find(" FOR VALUES ").or_else(|| rest.find(" DEFAULT")).unwrap_or(rest.len());
        let bound = rest[at..].split(" PARTITION BY ").next().unwrap_or_default();
        out.push(format!("ALTER TABLE {parent} ATTACH PARTITION {name}{bound}"));
    }
    out
}

/// The last part of the name of something on a table.
fn own_name(item: &Unmodelled) -> &str {
    let prefix = item.table.as_ref().map(|table| format!("{table}."));
    prefix
        .and_then(|prefix| item.name.strip_prefix(prefix.as_str()))
        .unwrap_or(&item.name)
}

/// `schema.name` of something that is on no table, quoted; what stands in parentheses stays.
fn qualified(dialect: &(impl DdlDialect + ?Sized), name: &str) -> String {
    let (name, arguments) = name.find('(').map_or((name, ""), |at| name.split_at(at));
    let object = match name.split_once('.') {
        Some((schema, name)) => ObjectName {
            schema: Some(schema.to_owned()),
            name: name.to_owned(),
        },
        None => ObjectName {
            schema: None,
            name: name.to_owned(),
        },
    };
    dialect.object(&object) + arguments
}

/// The statement that drops it; none for kinds that nothing drops.
fn drop_unmodelled(dialect: &(impl DdlDialect + ?Sized), item: &Unmodelled) -> Option<String> {
    let name = quote(own_name(item));
    let table = item.table.as_ref().map(|table| dialect.object(table));
    let in_schema = |name: &str| {
        let schema = item.table.as_ref().and_then(|table| table.schema.clone());
        dialect.object(&ObjectName {
            schema,
            name: name.to_owned(),
        })
    };
    Some(match (item.kind.as_str(), table) {
        ("trigger", Some(table)) if dialect.trigger_on_table() => format!("DROP TRIGGER {name} ON {table}"),
        ("trigger", _) => format!("DROP TRIGGER {name}"),
        ("policy", Some(table)) => format!("DROP POLICY {name} ON {table}"),
        ("rule", Some(table)) => format!("DROP RULE {name} ON {table}"),
        ("statistics", _) => format!("DROP STATISTICS {}", in_schema(own_name(item))),
        ("index", _) => format!("DROP INDEX {}", in_schema(own_name(item))),
        ("exclusion" | "check" | "unique" | "foreign key", Some(table)) => format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
        ("row security", Some(table)) => format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
        ("inheritance", Some(table)) => {
            let parent = dialect.object(&item.depends_on.first()?.table);
            format!("ALTER TABLE {table} NO INHERIT {parent}")
        }
        ("partition", _) => format!("DROP TABLE {}", qualified(dialect, &item.name)),
        ("function", _) => format!("DROP FUNCTION {}", qualified(dialect, &item.name)),
        ("procedure", _) => format!("DROP PROCEDURE {}", qualified(dialect, &item.name)),
        ("aggregate", _) => format!("DROP AGGREGATE {}", qualified(dialect, &item.name)),
        ("composite type" | "range type", _) => format!("DROP TYPE {}", qualified(dialect, &item.name)),
        ("collation", _) => format!("DROP COLLATION {}", qualified(dialect, &item.name)),
        _ => return None,
    })
}
