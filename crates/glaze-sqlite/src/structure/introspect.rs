//! What is there. A handful of queries over all tables at once, and the texts SQLite keeps.

use std::collections::{BTreeMap, HashMap};

use glaze_converge::catalog::{
    Catalog, Check, Column, Dependency, ForeignKey, Generated, Index, IndexPart, Key, ObjectName, Table, Unmodelled, ViewDef,
};
use glaze_converge::port::Scope;
use glaze_converge::scope::{Belongs, TOOL_TABLE};
use glaze_model::{IdentityHint, OnDelete};
use rusqlite::{Connection, Result};

use super::parse::{Kind, ParsedKey, ParsedTable, parse_index, parse_table, tokens};
use super::types::declared;

/// Reads the structure of the database behind `connection`.
pub fn introspect(connection: &Connection, scope: &Scope) -> Result<Catalog> {
    let objects = objects(connection)?;
    let kinds = table_kinds(connection)?;
    let mut catalog = Catalog {
        dialect: "sqlite".to_owned(),
        ..Catalog::default()
    };
    let mut parsed: HashMap<String, ParsedTable> = HashMap::new();
    let mut keys: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for object in objects
        .iter()
        .filter(|object| object.kind == "table" && in_scope(&object.name, scope))
    {
        let kind = kinds.get(&object.name);
        match kind.map(|kind| kind.kind.as_str()) {
            Some("shadow") => continue,
            Some("virtual") => {
                catalog.unmodelled.push(Unmodelled {
                    kind: "virtual table".to_owned(),
                    name: object.name.clone(),
                    sql: object.sql.clone(),
                    table: None,
                    depends_on: Vec::new(),
                });
                continue;
            }
            _ => {}
        }
        let mut table = Table {
            name: name(&object.name),
            ..Table::default()
        };
        if scope.belongs(&table.name) == Belongs::Tool {
            catalog.unmodelled.push(Unmodelled {
                kind: TOOL_TABLE.to_owned(),
                name: object.name.clone(),
                sql: None,
                table: None,
                depends_on: Vec::new(),
            });
            continue;
        }
        if let Some(kind) = kind {
            table.options.extend(kind.strict.then(|| "STRICT".to_owned()));
            table.options.extend(kind.without_rowid.then(|| "WITHOUT ROWID".to_owned()));
        }
        parsed.insert(object.name.clone(), parse_table(object.sql.as_deref().unwrap_or_default()));
        catalog.tables.push(table);
    }
    let places: HashMap<String, usize> = catalog
        .tables
        .iter()
        .enumerate()
        .map(|(at, table)| (table.name.name.clone(), at))
        .collect();
    columns(connection, &mut catalog, &places, &parsed, &mut keys)?;
    for (table, mut columns) in keys {
        columns.sort();
        let columns: Vec<String> = columns.into_iter().map(|(_, column)| column).collect();
        let extra = extra(parsed.get(&table), true, &columns, 0);
        catalog.tables[places[&table]].primary_key = Some(Key {
            columns,
            extra,
            ..Key::default()
        });
    }
    foreign_keys(connection, &mut catalog, &places, &parsed)?;
    indexes(connection, &mut catalog, &places, &parsed, &objects)?;
    for table in &mut catalog.tables {
        let Some(parsed) = parsed.get(&table.name.name) else { continue };
        table.checks.extend(parsed.checks.iter().map(|(name, expr)| Check {
            name: name.clone(),
            expr: expr.clone(),
            not_valid: false,
        }));
    }
    others(connection, &objects, scope, &mut catalog);
    Ok(catalog)
}

struct Object {
    kind: String,
    name: String,
    table: String,
    sql: Option<String>,
}

struct TableKind {
    kind: String,
    without_rowid: bool,
    strict: bool,
}

fn name(name: &str) -> ObjectName {
    ObjectName {
        schema: None,
        name: name.to_owned(),
    }
}

fn objects(connection: &Connection) -> Result<Vec<Object>> {
    let mut statement = connection
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        Ok(Object {
            kind: row.get(0)?,
            name: row.get(1)?,
            table: row.get(2)?,
            sql: row.get(3)?,
        })
    })?;
    rows.collect()
}

fn table_kinds(connection: &Connection) -> Result<HashMap<String, TableKind>> {
    let mut statement = connection.prepare("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'")?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get(0)?,
            TableKind {
                kind: row.get(1)?,
                without_rowid: row.get(2)?,
                strict: row.get(3)?,
            },
        ))
    })?;
    rows.collect()
}

/// What the names of search indexes and their triggers begin with.
const SEARCH: &str = "glaze_search_";

/// System tables have the prefix `glaze_` and are looked at only when asked for.
fn in_scope(name: &str, scope: &Scope) -> bool {
    let system = name.starts_with("glaze_");
    // Search indexes are the store's own affair: it makes them anew when they are gone.
    if name.starts_with(SEARCH) {
        return false;
    }
    if scope.schemas.iter().any(|schema| schema == "glaze") {
        return system;
    }
    !system && scope.belongs(&self::name(name)) != Belongs::Others
}

fn columns(
    connection: &Connection,
    catalog: &mut Catalog,
    places: &HashMap<String, usize>,
    parsed: &HashMap<String, ParsedTable>,
    keys: &mut BTreeMap<String, Vec<(i64, String)>>,
) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden \
         FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' ORDER BY m.rowid, x.cid",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table_name: String = row.get(0)?;
        let Some(at) = places.get(&table_name) else { continue };
        let column_name: String = row.get(1)?;
        let hidden: i64 = row.get(6)?;
        let text = parsed
            .get(&table_name)
            .and_then(|table| table.columns.iter().find(|column| column.name == column_name));
        let declared = declared(&row.get::<_, String>(2)?);
        // The pragma shows `GENERATED ALWAYS` as part of the type.
        let declared = declared
            .strip_suffix("GENERATED ALWAYS")
            .map_or(declared.as_str(), str::trim)
            .to_owned();
        let ty = match text.and_then(|column| column.tag.as_ref()) {
            Some(tag) => format!("{}:{tag}", declared.to_ascii_lowercase()),
            None => declared,
        };
        let generated = text.and_then(|column| column.generated.clone()).filter(|_| hidden > 1);
        let pk: i64 = row.get(5)?;
        if pk > 0 {
            keys.entry(table_name.clone()).or_default().push((pk, column_name.clone()));
        }
        let autoincrement = pk > 0 && parsed.get(&table_name).is_some_and(|table| table.autoincrement);
        catalog.tables[*at].columns.push(Column {
            name: column_name,
            ty,
            nullable: !row.get::<_, bool>(3)?,
            default: row.get(4)?,
            generated: generated.map(|expr| Generated { expr, stored: hidden == 3 }),
            identity: autoincrement.then_some(IdentityHint::AutoIncrement),
            sequence: None,
            collation: text.and_then(|column| column.collation.clone()),
            comment: None,
            on_null: text.and_then(|column| column.on_null.clone()),
        });
    }
    Ok(())
}

fn foreign_keys(
    connection: &Connection,
    catalog: &mut Catalog,
    places: &HashMap<String, usize>,
    parsed: &HashMap<String, ParsedTable>,
) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete \
         FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.rowid, f.id DESC, f.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut last: Option<(usize, i64)> = None;
    while let Some(row) = rows.next()? {
        let Some(at) = places.get(&row.get::<_, String>(0)?) else {
            continue;
        };
        let id: i64 = row.get(1)?;
        let (from, to): (String, Option<String>) = (row.get(3)?, row.get(4)?);
        let keys = &mut catalog.tables[*at].foreign_keys;
        if last != Some((*at, id)) {
            last = Some((*at, id));
            keys.push(ForeignKey {
                name: None,
                columns: Vec::new(),
                target: name(&row.get::<_, String>(2)?),
                target_columns: Vec::new(),
                on_update: action(&row.get::<_, String>(5)?),
                on_delete: action(&row.get::<_, String>(6)?),
                deferrable: None,
                not_valid: false,
                match_full: false,
            });
        }
        if let Some(key) = keys.last_mut() {
            key.columns.push(from);
            key.target_columns.extend(to);
        }
    }
    // Ids count down from the last one in the text, so the order above is the text's.
    let targets: HashMap<String, Target> = catalog
        .tables
        .iter()
        .map(|table| (table.name.name.to_ascii_lowercase(), Target::of(table)))
        .collect();
    for table in &mut catalog.tables {
        let deferrable = parsed
            .get(&table.name.name)
            .map(|table| table.foreign_keys.as_slice())
            .unwrap_or_default();
        for (key, deferrable) in table.foreign_keys.iter_mut().zip(deferrable) {
            key.deferrable = *deferrable;
        }
        for key in &mut table.foreign_keys {
            if let Some(target) = targets.get(&key.target.name.to_ascii_lowercase()) {
                target.spell(key);
            }
        }
    }
    Ok(())
}

/// A table that a foreign key may point at. Names are compared without case.
struct Target {
    name: ObjectName,
    columns: Vec<String>,
    primary: Vec<String>,
}

impl Target {
    fn of(table: &Table) -> Target {
        Target {
            name: table.name.clone(),
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            primary: table.primary_key.iter().flat_map(|key| key.columns.clone()).collect(),
        }
    }

    /// Names as the table has them; without columns the primary key is meant, when it fits.
    fn spell(&self, key: &mut ForeignKey) {
        key.target = self.name.clone();
        if key.target_columns.is_empty() && self.primary.len() == key.columns.len() {
            key.target_columns.clone_from(&self.primary);
        }
        for column in &mut key.target_columns {
            if let Some(exact) = self.columns.iter().find(|exact| exact.eq_ignore_ascii_case(column)) {
                column.clone_from(exact);
            }
        }
    }
}

fn action(text: &str) -> OnDelete {
    match text {
        "CASCADE" => OnDelete::Cascade,
        "RESTRICT" => OnDelete::Restrict,
        "SET NULL" => OnDelete::SetNull,
        "SET DEFAULT" => OnDelete::SetDefault,
        _ => OnDelete::NoAction,
    }
}

struct IndexColumn {
    column: Option<String>,
    desc: bool,
    collation: Option<String>,
}

fn indexes(
    connection: &Connection,
    catalog: &mut Catalog,
    places: &HashMap<String, usize>,
    parsed: &HashMap<String, ParsedTable>,
    objects: &[Object],
) -> Result<()> {
    let mut statement = connection.prepare(
        "SELECT m.name, l.name, l.\"unique\", l.origin, x.name, x.\"desc\", x.coll, x.cid \
         FROM sqlite_schema m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) x \
         WHERE m.type = 'table' AND x.key = 1 ORDER BY m.rowid, l.seq DESC, x.seqno",
    )?;
    let mut rows = statement.query([])?;
    // Per index: its table, whether unique, origin, columns.
    let mut found: Vec<(String, usize, bool, String, Vec<IndexColumn>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(at) = places.get(&row.get::<_, String>(0)?) else {
            continue;
        };
        let index: String = row.get(1)?;
        if found.last().is_none_or(|(last, on, ..)| *last != index || on != at) {
            found.push((index, *at, row.get(2)?, row.get(3)?, Vec::new()));
        }
        if let Some((.., columns)) = found.last_mut() {
            columns.push(IndexColumn {
                column: row.get(4)?,
                desc: row.get(5)?,
                collation: row.get(6)?,
            });
        }
    }
    let texts: HashMap<&str, &str> = objects
        .iter()
        .filter(|object| object.kind == "index")
        .filter_map(|object| Some((object.name.as_str(), object.sql.as_deref()?)))
        .collect();
    for (name, at, unique, origin, columns) in found {
        let table = &mut catalog.tables[at];
        match origin.as_str() {
            "pk" => {}
            "u" => {
                let columns: Vec<String> = columns.into_iter().filter_map(|item| item.column).collect();
                let before = table.uniques.iter().filter(|key| key.columns == columns).count();
                let extra = extra(parsed.get(&table.name.name), false, &columns, before);
                table.uniques.push(Key {
                    columns,
                    extra,
                    ..Key::default()
                });
            }
            _ => {
                let sql = texts.get(name.as_str()).copied().unwrap_or_default();
                let index = index(table, name, unique, &columns, sql);
                table.indexes.push(index);
            }
        }
    }
    Ok(())
}

/// What a key says besides its columns: collations and directions of its own, and what happens on a conflict. Then it is another key
/// than a plain one of the same columns, and carried. `before` counts the keys of these columns that came earlier: indexes come in the
/// order of the text, one for those that say the same.
fn extra(parsed: Option<&ParsedTable>, primary: bool, columns: &[String], before: usize) -> Option<String> {
    let same = |names: &[String]| names.len() == columns.len() && names.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b));
    let mut keys: Vec<&ParsedKey> = Vec::new();
    for key in parsed?.keys.iter().filter(|key| key.primary == primary && same(&key.columns)) {
        if !keys.iter().any(|known| known.list == key.list) {
            keys.push(key);
        }
    }
    keys.get(before)?.extra()
}

fn index(table: &Table, name: String, unique: bool, columns: &[IndexColumn], sql: &str) -> Index {
    let (texts, filter) = parse_index(sql);
    let mut exotic = false;
    let parts = columns
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let own = item
                .column
                .as_ref()
                .and_then(|name| table.column(name))
                .and_then(|column| column.collation.clone());
            let collation = item.collation.as_deref().unwrap_or("BINARY");
            exotic |= !collation.eq_ignore_ascii_case(own.as_deref().unwrap_or("BINARY"));
            match &item.column {
                Some(text) => IndexPart {
                    text: text.clone(),
                    is_expr: false,
                    desc: item.desc,
                },
                None => IndexPart {
                    text: texts.get(at).cloned().unwrap_or_default(),
                    is_expr: true,
                    desc: item.desc,
                },
            }
        })
        .collect();
    Index {
        name,
        parts,
        unique,
        method: "btree".to_owned(),
        filter,
        exotic: exotic.then(|| sql.to_owned()),
        invalid: false,
    }
}

/// Views and triggers, with what they speak of.
fn others(connection: &Connection, objects: &[Object], scope: &Scope, catalog: &mut Catalog) {
    let seen = |object: &&Object| in_scope(&object.table, scope) && !object.name.starts_with(SEARCH);
    for object in objects.iter().filter(seen) {
        match object.kind.as_str() {
            "view" => {
                let sql = object.sql.clone().unwrap_or_default();
                let depends_on = dependencies(&sql, &object.name, &catalog.tables);
                catalog.views.push(ViewDef {
                    name: name(&object.name),
                    definition: sql,
                    depends_on,
                    columns: columns_of_view(connection, &object.name),
                    ..ViewDef::default()
                });
            }
            "trigger" => {
                let sql = object.sql.clone().unwrap_or_default();
                catalog.unmodelled.push(Unmodelled {
                    kind: "trigger".to_owned(),
                    name: format!("{}.{}", object.table, object.name),
                    depends_on: dependencies(&sql, &object.name, &catalog.tables),
                    sql: Some(sql),
                    table: Some(name(&object.table)),
                });
            }
            _ => {}
        }
    }
}

/// Names of a view's columns; none when it does not work as things are.
fn columns_of_view(connection: &Connection, view: &str) -> Vec<String> {
    let read = || -> Result<Vec<String>> {
        let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        let rows = statement.query_map([view], |row| row.get(0))?;
        rows.collect()
    };
    read().unwrap_or_default()
}

/// Tables whose names stand in the text, and those of their columns that do.
fn dependencies(sql: &str, own: &str, tables: &[Table]) -> Vec<Dependency> {
    let names: Vec<String> = tokens(sql)
        .iter()
        .filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted))
        .map(|token| token.name().to_ascii_lowercase())
        .collect();
    let has = |name: &str| names.contains(&name.to_ascii_lowercase());
    let mut out = Vec::new();
    for table in tables.iter().filter(|table| table.name.name != own && has(&table.name.name)) {
        out.push(Dependency {
            table: table.name.clone(),
            column: None,
        });
        for column in table.columns.iter().filter(|column| has(&column.name)) {
            out.push(Dependency {
                table: table.name.clone(),
                column: Some(column.name.clone()),
            });
        }
    }
    out
}
