//! New rows.

use glaze_data::{bound::Insert, store::StoreError};
use glaze_model::Value;

use super::{Filled, WriteCache, WriteDialect, broken, column_param, link::Ends, spread};
use crate::query::{Column, Form, Kind, Param, Slot, Statement, Tables, quote};

/// A compiled insert.
#[derive(Debug)]
pub struct InsertPlan {
    /// The statement. Gives the keys of the new rows when [`InsertPlan::returning`] is there.
    pub statement: Statement,
    /// Kinds of the key columns that the statement gives back.
    pub returning: Option<Vec<Kind>>,
    /// The links are part of the statement.
    pub linked: bool,
}

/// The insert with its values. On databases with array parameters its links are part of the same statement.
///
/// # Errors
/// When the model is not whole or a row has not the right parts.
pub fn insert_plan(
    tables: Tables<'_>,
    dialect: &dyn WriteDialect,
    cache: &WriteCache,
    insert: &Insert,
) -> Result<Filled<InsertPlan>, StoreError> {
    let linked = dialect.batches() && insert.rows.len() == 1 && insert.links.iter().any(|(_, keys)| !keys.is_empty());
    let mut shape = Vec::with_capacity(16 + insert.fields.len() * 4);
    let mut number = |value: u32| shape.extend_from_slice(&value.to_le_bytes());
    number(insert.entity);
    number(insert.rows.len() as u32);
    insert.fields.iter().for_each(|field| number(*field));
    if linked {
        number(u32::MAX);
        insert
            .links
            .iter()
            .filter(|(_, keys)| !keys.is_empty())
            .for_each(|(field, _)| number(*field));
    }
    let plan = cache.inserts.get(&shape, || compile(tables, dialect, insert, linked))?;
    let mut values = Vec::with_capacity(insert.fields.len() * insert.rows.len() + 4);
    for row in &insert.rows {
        if row.len() != insert.fields.len() {
            return Err(broken("a row has another number of values than fields"));
        }
        for (field, value) in insert.fields.iter().zip(row) {
            spread(tables, insert.entity, *field, value, &mut values)?;
        }
    }
    if linked {
        for (_, keys) in insert.links.iter().filter(|(_, keys)| !keys.is_empty()) {
            let width = keys.first().map_or(1, Vec::len);
            for at in 0..width {
                values.push(Value::List(
                    keys.iter().map(|key| key.get(at).cloned().unwrap_or(Value::Null)).collect(),
                ));
            }
        }
    }
    Ok(Filled { plan, values })
}

fn compile(tables: Tables<'_>, dialect: &dyn WriteDialect, insert: &Insert, linked: bool) -> Result<InsertPlan, StoreError> {
    let mut columns: Vec<(Column, Option<&str>)> = Vec::new();
    for field in &insert.fields {
        let native = tables.field(insert.entity, *field).db.ty.as_deref();
        columns.extend(tables.columns(insert.entity, *field)?.into_iter().map(|column| (column, native)));
    }
    let key = tables.key(insert.entity)?;
    let known = key
        .iter()
        .all(|column| columns.iter().any(|(written, _)| written.name == column.name));
    let mut params = Vec::new();
    let mut sql = format!("INSERT INTO {}", tables.table(insert.entity));
    if columns.is_empty() {
        sql += " DEFAULT VALUES";
    } else {
        let names: Vec<String> = columns.iter().map(|(column, _)| quote(&column.name)).collect();
        sql += &format!(" ({}) VALUES ", names.join(", "));
        for row in 0..insert.rows.len() {
            let mut places = Vec::with_capacity(columns.len());
            for (at, (column, native)) in columns.iter().enumerate() {
                let slot = (row * columns.len() + at) as u32;
                places.push(column_param(dialect, column, *native, slot, &mut params));
            }
            sql += if row > 0 { ", " } else { "" };
            sql += &format!("({})", places.join(", "));
        }
    }
    if !linked {
        if !known {
            sql += &format!(" RETURNING {}", outputs(dialect, &key, "").join(", "));
        }
        let returning = (!known).then(|| key.iter().map(|column| column.kind).collect());
        return Ok(InsertPlan {
            statement: Statement::new(sql, params),
            returning,
            linked,
        });
    }
    let sql = with_links(tables, dialect, insert, &sql, columns.len() as u32, &mut params)?;
    let returning = Some(key.iter().map(|column| column.kind).collect());
    Ok(InsertPlan {
        statement: Statement::new(sql, params),
        returning,
        linked,
    })
}

/// The insert with the rows of its join tables in one statement. The targets' values come after the `slot` values of the row.
fn with_links(
    tables: Tables<'_>,
    dialect: &dyn WriteDialect,
    insert: &Insert,
    sql: &str,
    mut slot: u32,
    params: &mut Vec<Param>,
) -> Result<String, StoreError> {
    let key = tables.key(insert.entity)?;
    let names: Vec<String> = key.iter().map(|column| quote(&column.name)).collect();
    let from: Vec<String> = names.iter().map(|name| format!("\"new\".{name}")).collect();
    let mut all = format!("WITH \"new\" AS ({sql} RETURNING {})", names.join(", "));
    for (at, (field, _)) in insert.links.iter().filter(|(_, keys)| !keys.is_empty()).enumerate() {
        let ends = Ends::of(tables, insert.entity, *field)?;
        let there = ends.arrays(dialect, &mut slot, params);
        all += &format!(
            ", \"link{at}\" AS (INSERT INTO {} ({}) SELECT {}, \"to\".* FROM \"new\", {there} AS \"to\" ON CONFLICT DO NOTHING)",
            ends.table,
            ends.names().join(", "),
            from.join(", ")
        );
    }
    Ok(format!(
        "{all} SELECT {} FROM \"new\"",
        outputs(dialect, &key, "\"new\".").join(", ")
    ))
}

/// Key columns as they are given out.
fn outputs(dialect: &dyn WriteDialect, key: &[Column], prefix: &str) -> Vec<String> {
    key.iter()
        .map(|column| dialect.output(&format!("{prefix}{}", quote(&column.name)), column.kind))
        .collect()
}

/// A parameter with a list of values of one column.
pub(super) fn array_param(dialect: &dyn WriteDialect, kind: Kind, slot: u32, params: &mut Vec<Param>) -> String {
    params.push(Param {
        slot: Slot::Literal(slot),
        form: Form::Items(kind),
    });
    dialect.param(params.len(), Some(Kind { list: true, ..kind }))
}
