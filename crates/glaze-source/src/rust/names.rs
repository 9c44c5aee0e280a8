//! Names of columns and tables as they are derived: one place, used when reading and when printing.

use glaze_model::{Entity, Field, FieldKind, Model, singular, snake_case};

/// How a join table is called and what its columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JoinNames {
    pub schema: Option<String>,
    pub table: String,
    pub from: Vec<String>,
    pub to: Vec<String>,
}

/// Columns that a reference points at.
pub(crate) fn pointed_columns(model: &Model, field: &Field, target: &Entity) -> Vec<String> {
    if !field.db.references.is_empty() {
        return field.db.references.clone();
    }
    model.key_columns(target).into_iter().map(str::to_owned).collect()
}

/// Columns of a reference that points at these columns.
pub(crate) fn ref_columns(field: &str, pointed: &[String]) -> Vec<String> {
    match pointed {
        [_] => vec![format!("{field}_id")],
        many => many.iter().map(|column| format!("{field}_{column}")).collect(),
    }
}

/// The two columns of a polymorphic reference.
pub(crate) fn any_columns(field: &str) -> Vec<String> {
    vec![format!("{field}_type"), format!("{field}_id")]
}

/// Names of the join table of `entity.field`, a many-to-many relation to `target`.
pub(crate) fn join_names(model: &Model, entity: &Entity, field: &str, target: &Entity) -> JoinNames {
    let here = snake_case(&entity.name);
    let there = if entity.name == target.name {
        singular(field)
    } else {
        snake_case(&target.name)
    };
    let from = join_columns(&here, &model.key_columns(entity));
    let keys = model.key_columns(target);
    let mut to = join_columns(&there, &keys);
    if from == to {
        to = join_columns(&format!("other_{there}"), &keys);
    }
    JoinNames {
        schema: entity.schema.clone(),
        table: format!("{here}_{field}"),
        from,
        to,
    }
}

fn join_columns(prefix: &str, keys: &[&str]) -> Vec<String> {
    match keys {
        [_] => vec![format!("{prefix}_id")],
        keys => keys.iter().map(|key| format!("{prefix}_{key}")).collect(),
    }
}

/// Columns that a field has when nothing else is said. Empty for fields without columns.
pub(crate) fn implied_columns(model: &Model, field: &Field) -> Vec<String> {
    match &field.kind {
        _ if field.is_virtual() => Vec::new(),
        FieldKind::Many(_) | FieldKind::Inverse(_) => Vec::new(),
        FieldKind::AnyOf(_) => any_columns(&field.name),
        FieldKind::Ref(reference) => match model.entity(&reference.target) {
            Some(target) => ref_columns(&field.name, &pointed_columns(model, field, target)),
            None => vec![format!("{}_id", field.name)],
        },
        _ => vec![field.name.clone()],
    }
}
