//! Tables whose structure somebody else owns (`#[entity(external)]`): their content is served, so what the model says of them must be
//! there. They are looked at by themselves and take no part in any comparison, so no plan can ever hold a step on them.

use glaze_model::{Entity, FieldKind, Model, Ownership};

use crate::catalog::{Catalog, Column, ObjectName, Table};
use crate::desired::{DesiredError, desired_table};
use crate::dialect::CatalogDialect;
use crate::plan::Refusal;
use crate::port::{Database, DatabaseError, Scope};
use crate::states::StatusError;

/// Their names, with the join tables that they declare.
pub fn tables(model: &Model, dialect: &dyn CatalogDialect) -> Vec<ObjectName> {
    let mut out = Vec::new();
    for entity in external(model) {
        out.push(dialect.object_name(entity.schema.as_deref(), &entity.table));
        for field in &entity.fields {
            if let FieldKind::Many(many) = &field.kind
                && many.owner
            {
                let schema = many.schema.as_deref().or(entity.schema.as_deref());
                out.push(dialect.object_name(schema, &many.table));
            }
        }
    }
    out
}

fn external(model: &Model) -> impl Iterator<Item = &Entity> {
    model.entities.iter().filter(|entity| entity.ownership == Ownership::External)
}

/// What the model says of them and the database does not have.
///
/// # Errors
/// When the database cannot be read, or an entity cannot be a table of it.
pub async fn mismatches(model: &Model, database: &dyn Database, dialect: &dyn CatalogDialect) -> Result<Vec<Refusal>, StatusError> {
    if external(model).next().is_none() {
        return Ok(Vec::new());
    }
    let there = introspect(model, database, dialect).await?;
    compare(model, &there, dialect).map_err(StatusError::from)
}

/// The catalog of all schemas in which there are any of them.
async fn introspect(model: &Model, database: &dyn Database, dialect: &dyn CatalogDialect) -> Result<Catalog, DatabaseError> {
    let mut schemas: Vec<String> = tables(model, dialect).into_iter().filter_map(|name| name.schema).collect();
    schemas.sort();
    schemas.dedup();
    let scope = Scope {
        schemas,
        tool_tables: true,
        ..Scope::default()
    };
    let mut catalog = database.introspect(&scope).await?;
    dialect.normalise(&mut catalog);
    Ok(catalog)
}

fn compare(model: &Model, there: &Catalog, dialect: &dyn CatalogDialect) -> Result<Vec<Refusal>, DesiredError> {
    let mut out = Vec::new();
    for entity in external(model) {
        let wanted = desired_table(model, entity, dialect)?;
        let mut refuse = |object: String, message: String| {
            out.push(Refusal {
                code: "external_mismatch".to_owned(),
                object,
                message,
            });
        };
        if let Some(table) = there.table(&wanted.name) {
            for (object, message) in table_mismatches(entity, &wanted, table) {
                refuse(object, message);
            }
        } else if !there.views.iter().any(|view| view.name == wanted.name) {
            refuse(
                wanted.name.to_string(),
                format!(
                    "`{}` is external, and the database has no table {}: name the right one with `#[db(table = \"…\")]`, or leave `external` out to have it made",
                    entity.name, wanted.name
                ),
            );
        }
    }
    Ok(out)
}

fn table_mismatches(entity: &Entity, wanted: &Table, there: &Table) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for column in &wanted.columns {
        let object = format!("{}.{}", there.name, column.name);
        match there.column(&column.name) {
            None => out.push((
                object,
                format!(
                    "`{}` is external, and its table has no column {}: correct or remove the field; the table itself is not ours to change",
                    entity.name, column.name
                ),
            )),
            Some(found) => out.extend(column_mismatch(entity, column, found).map(|message| (object, message))),
        }
    }
    let names = |columns: &[String]| columns.join(", ");
    if let Some(key) = &wanted.primary_key {
        let same = |other: &[String]| {
            let mut sorted = (key.columns.clone(), other.to_vec());
            sorted.0.sort();
            sorted.1.sort();
            sorted.0 == sorted.1
        };
        let unique_indexes = there
            .indexes
            .iter()
            .filter(|index| index.unique && index.filter.is_none() && !index.invalid);
        let columns_of = |index: &crate::catalog::Index| index.parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>();
        let is_key = there.primary_key.iter().chain(&there.uniques).any(|other| same(&other.columns));
        if !is_key && !unique_indexes.map(columns_of).any(|columns| same(&columns)) {
            out.push((
                there.name.to_string(),
                format!(
                    "the key of `{}` is ({}), which is not unique in its table: mark the fields of its real key with `#[id]`, or say `id = false`",
                    entity.name,
                    names(&key.columns)
                ),
            ));
        }
    }
    out
}

fn column_mismatch(entity: &Entity, wanted: &Column, found: &Column) -> Option<String> {
    if wanted.ty != found.ty {
        return Some(format!(
            "`{}` says {} for the column {}, its table has {}: give the field that type, or name it with `#[db(type = \"{}\")]`",
            entity.name, wanted.ty, wanted.name, found.ty, found.ty
        ));
    }
    (!wanted.nullable && found.nullable).then(|| {
        format!(
            "`{}` says that the column {} always has a value, and in its table it may be null: make the field an `Option`",
            entity.name, wanted.name
        )
    })
}
