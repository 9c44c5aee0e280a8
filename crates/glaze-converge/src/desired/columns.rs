//! Fields flattened into columns. One place for it: keys of references, embedded structs, polymorphic pairs.

use glaze_model::{Computed, Constraints, DbHints, DefaultValue, Entity, EnumType, Field, FieldKind, Model, Scalar};

use crate::dialect::{ColumnSpec, Stored};

/// One column of an entity's table.
#[derive(Debug, Clone)]
pub struct FlatColumn<'a> {
    /// What a dialect must know.
    pub spec: ColumnSpec<'a>,
    /// Fields on the way to it: the entity's field first, then inner fields of embedded structs.
    pub path: Vec<&'a Field>,
    /// Value when none is given.
    pub default: Option<&'a DefaultValue>,
    /// Stored computed field.
    pub computed: Option<&'a Computed>,
}

impl<'a> FlatColumn<'a> {
    /// The field that the column belongs to, the innermost one.
    pub fn field(&self) -> &'a Field {
        self.path[self.path.len() - 1]
    }

    /// The enum whose values it holds.
    pub fn enum_type(&self) -> Option<&'a EnumType> {
        match self.spec.stored {
            Stored::Enum(item) | Stored::EnumList(item) => Some(item),
            _ => None,
        }
    }
}

/// The columns of an entity's own table, in table order.
pub fn columns<'a>(model: &'a Model, entity: &'a Entity) -> Vec<FlatColumn<'a>> {
    let mut out = Vec::new();
    for field in &entity.fields {
        flatten(
            model,
            field,
            Place {
                prefix: "",
                nullable: false,
                path: &[],
            },
            0,
            &mut out,
        );
    }
    out
}

/// The columns of one of the entity's fields.
pub fn field_columns<'a>(model: &'a Model, field: &'a Field) -> Vec<FlatColumn<'a>> {
    let mut out = Vec::new();
    flatten(
        model,
        field,
        Place {
            prefix: "",
            nullable: false,
            path: &[],
        },
        0,
        &mut out,
    );
    out
}

#[derive(Clone, Copy)]
struct Place<'p, 'a> {
    prefix: &'p str,
    nullable: bool,
    path: &'p [&'a Field],
}

/// References to entities whose key is a reference, and embedded structs in embedded structs, end somewhere; the reader
/// refuses cycles, this only makes sure.
const DEEPEST: usize = 16;

fn flatten<'a>(model: &'a Model, field: &'a Field, place: Place<'_, 'a>, depth: usize, out: &mut Vec<FlatColumn<'a>>) {
    if field.is_virtual() || depth > DEEPEST {
        return;
    }
    let nullable = field.nullable || place.nullable;
    let mut path = place.path.to_vec();
    path.push(field);
    let name = |column: &str| format!("{}{column}", place.prefix);
    let stored = match &field.kind {
        FieldKind::Many(_) | FieldKind::Inverse(_) => return,
        FieldKind::Scalar(scalar) => Stored::Scalar(*scalar),
        FieldKind::List(scalar) => Stored::List(*scalar),
        FieldKind::Enum(item) => model.enum_type(item).map_or(Stored::Custom, Stored::Enum),
        FieldKind::EnumList(item) => model.enum_type(item).map_or(Stored::Custom, Stored::EnumList),
        FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => Stored::JsonList,
        FieldKind::Custom => Stored::Custom,
        FieldKind::Embedded(item) => {
            let prefix = format!("{}_", name(field.columns.first().map_or(field.name.as_str(), String::as_str)));
            let place = Place {
                prefix: &prefix,
                nullable,
                path: &path,
            };
            for inner in model.embedded_type(item).map_or(&[][..], |item| &item.fields) {
                flatten(model, inner, place, depth + 1, out);
            }
            return;
        }
        FieldKind::Ref(_) => {
            for (column, target) in field.columns.iter().zip(target_specs(model, field, depth)) {
                let db = DbHints {
                    ty: field.db.ty.clone().or(target.db.ty),
                    collate: field.db.collate.clone().or(target.db.collate),
                    identity: None,
                    generated: field.db.generated.clone(),
                    ..field.db.clone()
                };
                let spec = ColumnSpec {
                    column: name(column),
                    db,
                    nullable,
                    reference: true,
                    ..target
                };
                out.push(FlatColumn {
                    spec,
                    path: path.clone(),
                    default: field.default.as_ref(),
                    computed: None,
                });
            }
            return;
        }
        FieldKind::AnyOf(_) => {
            for column in &field.columns {
                let spec = ColumnSpec {
                    column: name(column),
                    stored: Stored::Scalar(Scalar::Text),
                    constraints: Constraints::default(),
                    db: field.db.clone(),
                    nullable,
                    reference: true,
                };
                out.push(FlatColumn {
                    spec,
                    path: path.clone(),
                    default: None,
                    computed: None,
                });
            }
            return;
        }
    };
    let column = name(field.columns.first().map_or(field.name.as_str(), String::as_str));
    let spec = ColumnSpec {
        column,
        stored,
        constraints: field.constraints.clone(),
        db: field.db.clone(),
        nullable,
        reference: false,
    };
    out.push(FlatColumn {
        spec,
        path,
        default: field.default.as_ref(),
        computed: field.computed.as_ref(),
    });
}

/// What the columns hold that a reference points at: the target's key, or those of `#[db(references)]`.
fn target_specs<'a>(model: &'a Model, field: &'a Field, depth: usize) -> Vec<ColumnSpec<'a>> {
    let FieldKind::Ref(reference) = &field.kind else {
        return Vec::new();
    };
    let Some(target) = model.entity(&reference.target) else {
        return Vec::new();
    };
    let mut there = Vec::new();
    // Any column that is unique there may be pointed at; references outside the key are left out, they could lead back here.
    for field in &target.fields {
        let wanted = target.key.contains(&field.name) || !matches!(field.kind, FieldKind::Ref(_) | FieldKind::AnyOf(_));
        if wanted {
            flatten(
                model,
                field,
                Place {
                    prefix: "",
                    nullable: false,
                    path: &[],
                },
                depth + 1,
                &mut there,
            );
        }
    }
    let columns = model.referenced_columns(field);
    columns
        .iter()
        .filter_map(|column| there.iter().find(|item| item.spec.column == *column))
        .map(|item| {
            let mut spec = item.spec.clone();
            // The length of text is part of the type where there is one; other limits hold at the target.
            spec.constraints.min = None;
            spec.constraints.pattern = None;
            spec
        })
        .collect()
}
