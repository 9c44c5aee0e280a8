//! What the database refuses, in the words of the API: named by the fields of the entry.

use glaze_model::{Entity, Field, FieldKind};

use super::{Change, WriteContext, WriteError, engine::refuse};
use crate::{
    bind::field_policy,
    schema::EntityInfo,
    store::{JobError, StoreError},
    validate::FieldError,
};

/// A refusal that came up while `change` was written.
pub(super) fn refusal(ctx: &WriteContext, error: StoreError, change: &Change) -> JobError {
    match explain(ctx, &error, change) {
        Some(reason) => refuse(reason),
        None => JobError::Store(error),
    }
}

/// What came up at the end of a transaction: it is not known which of the values it is about.
pub(super) fn store(error: StoreError) -> WriteError {
    let problem = |code, message: &str| WriteError::Validation(vec![FieldError::new("", code, message)]);
    match error {
        StoreError::ForeignKey { referenced: true, .. } => WriteError::Referenced { by: None },
        StoreError::ForeignKey { .. } => problem("not_found_reference", "refers to an entry that is not there"),
        StoreError::Unique { .. } => problem("unique", "there is such an entry already"),
        other => WriteError::Store(other),
    }
}

/// A removal that rows forbid which refer to the entry.
pub(super) fn removal(ctx: &WriteContext, error: &StoreError) -> WriteError {
    let table = if let StoreError::ForeignKey { table, .. } = error {
        table.as_str()
    } else {
        ""
    };
    WriteError::Referenced { by: referrer(ctx, table) }
}

/// The reason in the words of the API, when the error is about what was sent.
pub(super) fn explain(ctx: &WriteContext, error: &StoreError, change: &Change) -> Option<WriteError> {
    let entity = ctx.schema.declared(change.entity);
    let own = |table: &str| {
        table.is_empty()
            || table == entity.table
            || table.ends_with(&format!(".{}", entity.table))
            || table.ends_with(&format!("_{}", entity.table))
    };
    let errors = match error {
        StoreError::Unique { table, columns } if own(table) => unique(entity, ctx, columns),
        // A pair of a join table can't come twice from here, so it is a unique rule of the table's own.
        StoreError::Unique { .. } => vec![FieldError::new("", "unique", "there is such an entry already")],
        StoreError::ForeignKey {
            referenced: true, table, ..
        } => {
            return Some(WriteError::Referenced { by: referrer(ctx, table) });
        }
        StoreError::ForeignKey { table, columns, .. } => missing(ctx, entity, table, columns, change),
        StoreError::NotNull { column, .. } => {
            vec![FieldError::new(
                path_of(entity, ctx, column).unwrap_or_default(),
                "required",
                "is required",
            )]
        }
        StoreError::Check { name, .. } => {
            let path = checked_field(entity, name).map(|field| field.json.clone()).unwrap_or_default();
            // A check without a name is its text, which may speak of private fields.
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            let which = if plain { format!(" `{name}`") } else { String::new() };
            vec![FieldError::new(path, "check", format!("the database's check{which} refuses this"))]
        }
        StoreError::Value(_) => vec![FieldError::new("", "invalid_value", "a value does not fit the type of its column")],
        _ => return None,
    };
    Some(WriteError::Validation(
        errors.into_iter().map(|error| error.within(&change.path)).collect(),
    ))
}

fn unique(entity: &Entity, ctx: &WriteContext, columns: &[String]) -> Vec<FieldError> {
    let mut paths: Vec<String> = columns.iter().filter_map(|column| path_of(entity, ctx, column)).collect();
    paths.dedup();
    if paths.is_empty() {
        return vec![FieldError::new("", "unique", "there is such an entry already")];
    }
    let message = match paths.as_slice() {
        [_] => "is taken already".to_owned(),
        several => format!("there is an entry with the same {} already", several.join(", ")),
    };
    paths.iter().map(|path| FieldError::new(path, "unique", message.clone())).collect()
}

fn missing(ctx: &WriteContext, entity: &Entity, table: &str, columns: &[String], change: &Change) -> Vec<FieldError> {
    let mut paths: Vec<String> = if table == entity.table || table.is_empty() {
        columns.iter().filter_map(|column| path_of(entity, ctx, column)).collect()
    } else {
        // The join table of one of the relations.
        let of_table = |field: &&Field| matches!(&field.kind, FieldKind::Many(many) if many.table == table);
        let named = |field: &&Field| {
            change
                .relations
                .iter()
                .any(|relation| entity.fields[relation.field as usize].name == field.name)
        };
        entity
            .fields
            .iter()
            .filter(of_table)
            .filter(named)
            .map(|field| field.json.clone())
            .collect()
    };
    paths.dedup();
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
        .into_iter()
        .map(|path| FieldError::new(path, "not_found_reference", "refers to an entry that is not there"))
        .collect()
}

/// JSON path of a column; fields that the actor may never read have none.
fn path_of(entity: &Entity, ctx: &WriteContext, column: &str) -> Option<String> {
    let open = |field: &&Field| {
        ctx.schema
            .entity_by_name(&entity.name)
            .is_none_or(|info| readable(ctx, info, field))
    };
    for field in entity.fields.iter().filter(open) {
        match &field.kind {
            FieldKind::Embedded(name) => {
                let prefix = field.columns.first().map_or(field.name.as_str(), String::as_str);
                let inner = column.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
                let fields = ctx
                    .schema
                    .model()
                    .embedded_type(name)
                    .map(|item| item.fields.as_slice())
                    .unwrap_or_default();
                if let Some(inner) = inner.and_then(|inner| fields.iter().find(|field| field.columns.iter().any(|own| own == inner))) {
                    return Some(format!("{}.{}", field.json, inner.json));
                }
            }
            _ if field.columns.iter().any(|own| own == column) => return Some(field.json.clone()),
            _ => {}
        }
    }
    None
}

fn readable(ctx: &WriteContext, info: &EntityInfo, field: &Field) -> bool {
    let own = info.field_by_name(&field.name);
    own.is_some_and(|own| !own.private && !field_policy(&ctx.schema, &ctx.actor, info.ix, own.ix, "read").is_false())
}

/// The field that a check speaks of: checks made by Glaze have its name in theirs (`posts_views_check`), on SQLite the text of the
/// check stands there, in which the column is quoted.
fn checked_field<'a>(entity: &'a Entity, name: &str) -> Option<&'a Field> {
    let speaks_of = |field: &&Field| {
        field.columns.iter().any(|column| {
            let named = name
                .strip_prefix(&entity.table)
                .and_then(|rest| rest.strip_prefix('_'))
                .and_then(|rest| rest.strip_prefix(column.as_str()));
            named.is_some_and(|rest| rest.starts_with('_')) || name.contains(&format!("\"{column}\""))
        })
    };
    let mut all = entity.fields.iter().filter(|field| !field.private).filter(speaks_of);
    let first = all.next();
    if all.next().is_some() { None } else { first }
}

/// Name of the entity whose rows refer to the one that should go, if the actor may read some of its rows.
fn referrer(ctx: &WriteContext, table: &str) -> Option<String> {
    let found = ctx
        .schema
        .entities()
        .iter()
        .find(|entity| !entity.internal && ctx.schema.declared(entity.ix).table == table)?;
    (!ctx.read_rule(found.ix).is_false()).then(|| found.name.clone())
}
