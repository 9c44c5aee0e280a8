//! Rows of join tables.

use glaze_data::{bound::Link, store::StoreError};
use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::FieldKind;

use super::{WriteCache, WriteDialect, broken, insert::array_param};
use crate::query::{Column, Form, Param, Slot, Statement, Tables, quote};

/// Statements over a join table. On databases with array parameters each takes all targets at once, else one.
#[derive(Debug)]
pub struct LinkPlan {
    /// Adds pairs; those that are there stay.
    pub add: Statement,
    /// Removes pairs.
    pub remove: Statement,
    /// Removes all pairs of this side (array databases: but those of the targets).
    pub clear: Statement,
    /// Takes all targets at once.
    pub batched: bool,
    /// Columns of the target's key.
    pub width: usize,
}

/// The statements for a relation.
///
/// # Errors
/// When the model is not whole.
pub fn link_plan(
    tables: Tables<'_>,
    dialect: &dyn WriteDialect,
    cache: &WriteCache,
    link: &Link,
) -> Result<std::sync::Arc<LinkPlan>, StoreError> {
    let mut shape = link.entity.to_le_bytes().to_vec();
    shape.extend_from_slice(&link.field.to_le_bytes());
    cache.links.get(&shape, || compile(tables, dialect, link))
}

/// The join table of a `Many` field.
pub(super) struct Ends {
    /// Quoted name.
    pub(super) table: String,
    from: Vec<Column>,
    to: Vec<Column>,
}

impl Ends {
    pub(super) fn of(tables: Tables<'_>, entity: EntityIx, field: FieldIx) -> Result<Ends, StoreError> {
        let relation = tables.field(entity, field);
        let FieldKind::Many(many) = &relation.kind else {
            return Err(broken(format!("`{}` has no join table", relation.name)));
        };
        let named = |keys: Vec<Column>, names: &[String]| -> Vec<Column> {
            keys.into_iter()
                .zip(names)
                .map(|(key, name)| Column { name: name.clone(), ..key })
                .collect()
        };
        let target = tables.target(entity, field)?;
        Ok(Ends {
            table: tables.dialect.table(many.schema.as_deref(), &many.table),
            from: named(tables.key(entity)?, &many.from_columns),
            to: named(tables.key(target)?, &many.to_columns),
        })
    }

    /// Quoted names of the columns: this side's, then the target's.
    pub(super) fn names(&self) -> Vec<String> {
        self.from.iter().chain(&self.to).map(|column| quote(&column.name)).collect()
    }

    /// The targets as rows of arrays.
    pub(super) fn arrays(&self, dialect: &dyn WriteDialect, slot: &mut u32, params: &mut Vec<Param>) -> String {
        let mut arrays = Vec::with_capacity(self.to.len());
        for column in &self.to {
            arrays.push(array_param(dialect, column.kind, *slot, params));
            *slot += 1;
        }
        format!("unnest({})", arrays.join(", "))
    }
}

fn compile(tables: Tables<'_>, dialect: &dyn WriteDialect, link: &Link) -> Result<LinkPlan, StoreError> {
    let ends = Ends::of(tables, link.entity, link.field)?;
    let batched = dialect.batches();
    let from = |params: &mut Vec<Param>| -> Vec<String> { values(dialect, &ends.from, 0, params) };
    let offset = ends.from.len() as u32;
    let to_names: Vec<String> = ends.to.iter().map(|column| quote(&column.name)).collect();
    let here = |places: Vec<String>| -> String {
        let pairs: Vec<String> = ends
            .from
            .iter()
            .zip(places)
            .map(|(column, place)| format!("{} = {place}", quote(&column.name)))
            .collect();
        pairs.join(" AND ")
    };

    let mut params = Vec::new();
    let mut places = from(&mut params);
    let add = if batched {
        let there = ends.arrays(dialect, &mut { offset }, &mut params);
        format!(
            "INSERT INTO {} ({}) SELECT {}, \"to\".* FROM {there} AS \"to\" ON CONFLICT DO NOTHING",
            ends.table,
            ends.names().join(", "),
            places.join(", ")
        )
    } else {
        places.extend(values(dialect, &ends.to, offset, &mut params));
        format!(
            "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT DO NOTHING",
            ends.table,
            ends.names().join(", "),
            places.join(", ")
        )
    };
    let add = Statement::new(add, params);

    let mut params = Vec::new();
    let mine = here(from(&mut params));
    let there = targets(dialect, &ends, &to_names, offset, batched, &mut params);
    let remove = Statement::new(format!("DELETE FROM {} WHERE {mine} AND {there}", ends.table), params);

    let mut params = Vec::new();
    let mine = here(from(&mut params));
    let clear = if batched {
        let there = targets(dialect, &ends, &to_names, offset, true, &mut params);
        format!("DELETE FROM {} WHERE {mine} AND NOT {there}", ends.table)
    } else {
        format!("DELETE FROM {} WHERE {mine}", ends.table)
    };
    Ok(LinkPlan {
        add,
        remove,
        clear: Statement::new(clear, params),
        batched,
        width: ends.to.len(),
    })
}

/// The condition that the target is (one of) those given.
fn targets(dialect: &dyn WriteDialect, ends: &Ends, names: &[String], offset: u32, batched: bool, params: &mut Vec<Param>) -> String {
    if batched {
        let there = ends.arrays(dialect, &mut { offset }, params);
        return format!("(({}) IN (SELECT * FROM {there}))", names.join(", "));
    }
    let places = values(dialect, &ends.to, offset, params);
    let pairs: Vec<String> = names.iter().zip(places).map(|(name, place)| format!("{name} = {place}")).collect();
    pairs.join(" AND ")
}

fn values(dialect: &dyn WriteDialect, columns: &[Column], offset: u32, params: &mut Vec<Param>) -> Vec<String> {
    let place = |(at, column): (usize, &Column)| {
        params.push(Param {
            slot: Slot::Literal(offset + at as u32),
            form: Form::Column(column.kind),
        });
        dialect.param(params.len(), Some(column.kind))
    };
    columns.iter().enumerate().map(place).collect()
}
