//! The catalog that a model asks for.

pub mod columns;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use glaze_model::{Entity, FieldKind, Model, Ownership};

use crate::catalog::{Catalog, EnumDef, ObjectName, Table};
use crate::dialect::CatalogDialect;

/// What a model asks for, and what the planner must know besides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desired {
    /// The catalog, normalised.
    pub catalog: Catalog,
    /// Values for rows that are there when a required column is added: defaults that the application gives (`now`, `uuid`).
    pub fills: BTreeMap<(ObjectName, String), String>,
    /// Join tables: see the carry rule.
    pub joins: BTreeSet<ObjectName>,
    /// Columns that hold values of an enum, with its name in the model.
    pub enum_columns: BTreeMap<(ObjectName, String), String>,
}

/// Why a model cannot become tables in this database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct DesiredError(pub Vec<String>);

/// The tables of the project's own entities.
///
/// # Errors
/// When an expression or a default cannot be said in this database's SQL; all of them.
pub fn desired(model: &Model, dialect: &dyn CatalogDialect) -> Result<Desired, DesiredError> {
    build(model, dialect, Ownership::Project)
}

/// The tables of Glaze's own entities.
///
/// # Errors
/// As [`desired`].
pub fn desired_system(model: &Model, dialect: &dyn CatalogDialect) -> Result<Desired, DesiredError> {
    build(model, dialect, Ownership::System)
}

/// The table of one entity alone, which need not be in the model as it is: an edit that has not been made.
///
/// # Errors
/// As [`desired`].
pub fn desired_table(model: &Model, entity: &Entity, dialect: &dyn CatalogDialect) -> Result<Table, DesiredError> {
    let (mut out, mut problems) = (Desired::default(), Vec::new());
    let table = table::table(model, entity, dialect, &mut out, &mut problems);
    let mut catalog = Catalog {
        dialect: dialect.name().to_owned(),
        tables: vec![table],
        ..Catalog::default()
    };
    if dialect.capabilities().native_enums {
        catalog.enums = enums(model, dialect, entity.ownership);
    }
    dialect.normalise(&mut catalog);
    match (catalog.tables.pop(), problems.is_empty()) {
        (Some(table), true) => Ok(table),
        _ => Err(DesiredError(problems)),
    }
}

fn build(model: &Model, dialect: &dyn CatalogDialect, ownership: Ownership) -> Result<Desired, DesiredError> {
    let mut out = Desired::default();
    let mut problems = Vec::new();
    out.catalog.dialect = dialect.name().to_owned();
    for entity in model.entities.iter().filter(|entity| entity.ownership == ownership) {
        let table = table::table(model, entity, dialect, &mut out, &mut problems);
        out.catalog.tables.push(table);
        for field in &entity.fields {
            if let FieldKind::Many(many) = &field.kind
                && many.owner
            {
                let join = table::join(model, entity, many, dialect);
                out.joins.insert(join.name.clone());
                out.catalog.tables.push(join);
            }
        }
    }
    if dialect.capabilities().native_enums {
        out.catalog.enums = enums(model, dialect, ownership);
    }
    if dialect.capabilities().schemas {
        let mut schemas: BTreeSet<String> = out.catalog.tables.iter().filter_map(|table| table.name.schema.clone()).collect();
        schemas.extend(out.catalog.enums.iter().filter_map(|item| item.name.schema.clone()));
        out.catalog.schemas = schemas.into_iter().collect();
    }
    unique_index_names(&mut out.catalog, dialect.max_name());
    dialect.normalise(&mut out.catalog);
    match problems.is_empty() {
        true => Ok(out),
        false => Err(DesiredError(problems)),
    }
}

/// Enums that are native types, unless only tables of somebody else use them.
fn enums(model: &Model, dialect: &dyn CatalogDialect, ownership: Ownership) -> Vec<EnumDef> {
    let mut by_owner: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for entity in &model.entities {
        for column in columns::columns(model, entity) {
            if let Some(item) = column.enum_type() {
                let entry = by_owner.entry(item.name.as_str()).or_default();
                match entity.ownership == ownership {
                    true => entry.0 = true,
                    false => entry.1 = true,
                }
            }
        }
    }
    let wanted = |name: &str| match by_owner.get(name) {
        Some((ours, _)) => *ours,
        None => ownership == Ownership::Project,
    };
    model
        .enums
        .iter()
        .filter(|item| item.native && wanted(&item.name))
        .map(|item| EnumDef {
            name: dialect.object_name(item.schema.as_deref(), &item.db_name),
            values: item.values.iter().map(|value| value.value.clone()).collect(),
            comment: (dialect.capabilities().comments && !item.doc.is_empty()).then(|| item.doc.clone()),
        })
        .collect()
}

/// Index names share one name space with each other and with tables, in every database we know.
fn unique_index_names(catalog: &mut Catalog, max: usize) {
    let mut taken: BTreeSet<(Option<String>, String)> = catalog
        .tables
        .iter()
        .map(|table| (table.name.schema.clone(), table.name.name.clone()))
        .collect();
    for table in &mut catalog.tables {
        let schema = table.name.schema.clone();
        let keys = table
            .primary_key
            .iter_mut()
            .chain(&mut table.uniques)
            .filter_map(|key| key.name.as_mut());
        for name in keys.chain(table.indexes.iter_mut().map(|index| &mut index.name)) {
            *name = crate::names::free(name, max, |candidate| taken.contains(&(schema.clone(), candidate.to_owned())));
            taken.insert((schema.clone(), name.clone()));
        }
    }
}
