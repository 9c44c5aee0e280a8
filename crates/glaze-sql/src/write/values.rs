//! Values of fields as values of columns.

use glaze_data::{bound::Link, store::StoreError};
use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::{Field, FieldKind, Value};

use super::broken;
use crate::query::Tables;

/// Adds the values of a field's columns, in the order of [`Tables::columns`].
///
/// # Errors
/// When the value has not the parts that the field has.
pub fn spread(tables: Tables<'_>, entity: EntityIx, field: FieldIx, value: &Value, out: &mut Vec<Value>) -> Result<(), StoreError> {
    let definition = tables.field(entity, field);
    if is_single(definition) {
        out.push(value.clone());
        return Ok(());
    }
    let width = tables.columns(entity, field)?.len();
    let before = out.len();
    match &definition.kind {
        FieldKind::Embedded(_) => spread_embedded(tables, definition, value, out)?,
        _ => spread_parts(value, width, out),
    }
    match out.len() - before == width {
        true => Ok(()),
        false => Err(broken(format!(
            "a value of `{}` has {} parts instead of {width}",
            definition.name,
            out.len() - before
        ))),
    }
}

/// Whether a field is one column that takes the value as it is.
fn is_single(field: &Field) -> bool {
    field.columns.len() == 1 && !matches!(field.kind, FieldKind::Embedded(_) | FieldKind::AnyOf(_))
}

fn spread_parts(value: &Value, width: usize, out: &mut Vec<Value>) {
    match value {
        Value::Null => out.extend(std::iter::repeat_n(Value::Null, width)),
        Value::List(parts) => out.extend(parts.iter().cloned()),
        single => out.push(single.clone()),
    }
}

fn spread_embedded(tables: Tables<'_>, field: &Field, value: &Value, out: &mut Vec<Value>) -> Result<(), StoreError> {
    for inner in 0..tables.inner_count(field) {
        let width = tables.inner_columns(field, inner as FieldIx)?.len();
        let part = match value {
            Value::List(parts) => parts.get(inner).unwrap_or(&Value::Null),
            _ => &Value::Null,
        };
        // A list field inside is one column with a list in it.
        match width {
            1 => out.push(part.clone()),
            _ => spread_parts(part, width, out),
        }
    }
    Ok(())
}

/// Values of a link for one target: the key of this side, then that of the target.
#[must_use]
pub fn link_values(link: &Link, target: &[Value]) -> Vec<Value> {
    link.from.iter().chain(target).cloned().collect()
}

/// Values of a link for all its targets: the key of this side, then one array per column of the target's key.
#[must_use]
pub fn link_arrays(link: &Link, width: usize) -> Vec<Value> {
    let column = |at: usize| Value::List(link.to.iter().map(|key| key.get(at).cloned().unwrap_or(Value::Null)).collect());
    link.from.iter().cloned().chain((0..width).map(column)).collect()
}
