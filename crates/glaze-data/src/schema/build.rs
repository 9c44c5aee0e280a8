//! Preparing a model.

use std::collections::HashMap;

use glaze_expr::tree::{EntityIx, FieldIx, Part, Type};
use glaze_model::{Entity, Field, FieldKind, Model, Scalar, snake_case};

use super::{EntityInfo, FieldInfo, Inner, KeyPart, Relation, Schema, SchemaError, SchemaProblem, expressions::Compiler};

pub(super) fn schema(model: Model) -> Result<Schema, SchemaError> {
    let mut compiler = Compiler {
        model: &model,
        problems: Vec::new(),
    };
    let entities: Vec<EntityInfo> = model
        .entities
        .iter()
        .enumerate()
        .map(|(ix, entity)| prepare(&mut compiler, ix as EntityIx, entity))
        .collect();
    let problems = compiler.problems;
    if !problems.is_empty() {
        return Err(SchemaError { problems });
    }
    let by_name = entities.iter().map(|entity| (entity.name.clone(), entity.ix)).collect();
    let mut by_path = HashMap::new();
    // Of two entities with one path the first declared has it: built-in ones come last and give way.
    for entity in entities.iter().filter(|entity| !entity.internal) {
        by_path.entry(entity.path.clone()).or_insert(entity.ix);
    }
    for entity in entities.iter().filter(|entity| !entity.internal) {
        by_path.entry(entity.path.replace('-', "_")).or_insert(entity.ix);
    }
    Ok(Schema {
        model,
        entities,
        by_name,
        by_path,
    })
}

fn prepare(compiler: &mut Compiler<'_>, ix: EntityIx, entity: &Entity) -> EntityInfo {
    let fields: Vec<FieldInfo> = entity
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| prepare_field(compiler, entity, at as FieldIx, field))
        .collect();
    let searchable = entity
        .fields
        .iter()
        .zip(&fields)
        .filter(|(field, _)| is_searchable(field))
        .map(|(_, info)| info.ix)
        .collect();
    EntityInfo {
        ix,
        name: entity.name.clone(),
        type_name: snake_case(&entity.name),
        path: entity.path(),
        internal: entity.internal,
        by_json: fields.iter().map(|field| (field.json.clone(), field.ix)).collect(),
        by_name: fields.iter().map(|field| (field.name.clone(), field.ix)).collect(),
        key: key_parts(compiler.model, entity, 8),
        can: compiler.actions(entity),
        validations: compiler.validations(entity),
        searchable,
        fields,
    }
}

fn prepare_field(compiler: &mut Compiler<'_>, entity: &Entity, ix: FieldIx, field: &Field) -> FieldInfo {
    let model = compiler.model;
    let relation = match relation(model, field) {
        Ok(relation) => relation,
        Err(message) => {
            compiler.problems.push(SchemaProblem {
                entity: entity.name.clone(),
                field: Some(field.name.clone()),
                part: "relation".to_owned(),
                message,
                help: None,
            });
            None
        }
    };
    let ty = field_type(&field.kind, relation.as_ref());
    FieldInfo {
        ix,
        name: field.name.clone(),
        json: field.json.clone(),
        nullable: field.nullable || matches!(&relation, Some(Relation::Inverse { one: true, .. })),
        private: field.private,
        computed: compiler.computed(entity, field),
        is_virtual: field.is_virtual(),
        read: compiler.field_rules(entity, field, "read"),
        create: compiler.field_rules(entity, field, "create"),
        update: compiler.field_rules(entity, field, "update"),
        inner: inner_fields(model, field),
        values: enum_values(model, &field.kind),
        relation,
        ty,
    }
}

/// Type in expressions.
fn field_type(kind: &FieldKind, relation: Option<&Relation>) -> Type {
    match kind {
        FieldKind::Scalar(Scalar::Json) => Type::Json,
        FieldKind::Scalar(scalar) => Type::Scalar(*scalar),
        FieldKind::List(scalar) => Type::List(Box::new(Type::Scalar(*scalar))),
        FieldKind::Enum(name) => Type::Enum(name.clone()),
        FieldKind::EnumList(name) => Type::List(Box::new(Type::Enum(name.clone()))),
        FieldKind::EmbeddedList(_) | FieldKind::Blocks(_) => Type::Json,
        FieldKind::Embedded(_) | FieldKind::Custom => Type::Opaque,
        FieldKind::AnyOf(_) => Type::AnyRow,
        FieldKind::Ref(_) | FieldKind::Many(_) | FieldKind::Inverse(_) => match relation {
            Some(relation) => {
                let row = relation.target().map_or(Type::AnyRow, Type::Row);
                if relation.is_to_many() { Type::List(Box::new(row)) } else { row }
            }
            None => Type::Opaque,
        },
    }
}

fn enum_values(model: &Model, kind: &FieldKind) -> Vec<String> {
    match kind {
        FieldKind::Enum(name) | FieldKind::EnumList(name) => model
            .enum_type(name)
            .map(|item| item.values.iter().map(|value| value.value.clone()).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn inner_fields(model: &Model, field: &Field) -> Vec<Inner> {
    let FieldKind::Embedded(name) = &field.kind else {
        return Vec::new();
    };
    let Some(embedded) = model.embedded_type(name) else {
        return Vec::new();
    };
    let prepare = |(ix, inner): (usize, &Field)| Inner {
        ix: ix as FieldIx,
        name: inner.name.clone(),
        json: inner.json.clone(),
        ty: field_type(&inner.kind, relation(model, inner).ok().flatten().as_ref()),
        nullable: field.nullable || inner.nullable,
        private: field.private || inner.private,
        values: enum_values(model, &inner.kind),
    };
    embedded.fields.iter().enumerate().map(prepare).collect()
}

/// Whether `search` looks into the field.
pub fn is_searchable(field: &Field) -> bool {
    let text = match &field.kind {
        FieldKind::Scalar(Scalar::String | Scalar::Text | Scalar::RichText) => field.constraints.search != Some(false),
        FieldKind::Scalar(scalar) if scalar.is_text() => field.constraints.search == Some(true),
        _ => false,
    };
    text && !field.private && !field.is_virtual()
}

fn position(model: &Model, name: &str) -> Result<EntityIx, String> {
    let found = model.entities.iter().position(|entity| entity.name == name);
    found.map(|ix| ix as EntityIx).ok_or_else(|| format!("there is no entity `{name}`"))
}

fn relation(model: &Model, field: &Field) -> Result<Option<Relation>, String> {
    Ok(Some(match &field.kind {
        FieldKind::Ref(reference) => {
            let target = position(model, &reference.target)?;
            Relation::Ref {
                target,
                parts: reference_parts(model, field, &model.entities[target as usize])?,
            }
        }
        FieldKind::Many(many) => Relation::Many {
            target: position(model, &many.target)?,
        },
        FieldKind::Inverse(inverse) => {
            let target = position(model, &inverse.target)?;
            let holder = &model.entities[target as usize];
            let at = holder.fields.iter().position(|field| field.name == inverse.field);
            let at = at.ok_or_else(|| format!("`{}` has no field `{}`", inverse.target, inverse.field))?;
            let polymorphic = matches!(holder.fields[at].kind, FieldKind::AnyOf(_));
            Relation::Inverse {
                target,
                field: at as FieldIx,
                one: inverse.one,
                polymorphic,
            }
        }
        FieldKind::AnyOf(any) => {
            let targets: Result<Vec<EntityIx>, String> = any.targets.iter().map(|name| position(model, name)).collect();
            Relation::AnyOf { targets: targets? }
        }
        _ => return Ok(None),
    }))
}

/// What the columns of a reference hold.
fn reference_parts(model: &Model, field: &Field, target: &Entity) -> Result<Vec<KeyPart>, String> {
    if field.db.references.is_empty() {
        return Ok(key_parts(model, target, 8));
    }
    let all: Vec<KeyPart> = target
        .fields
        .iter()
        .enumerate()
        .flat_map(|(ix, field)| column_parts(model, ix as FieldIx, field, 8))
        .collect();
    let find = |column: &String| {
        let part = all.iter().find(|part| part.column == *column).cloned();
        part.ok_or_else(|| format!("`{}` has no column `{column}`", target.name))
    };
    field.db.references.iter().map(find).collect()
}

/// One part per key column.
fn key_parts(model: &Model, entity: &Entity, depth: u8) -> Vec<KeyPart> {
    let at = |name: &String| entity.fields.iter().position(|field| field.name == *name);
    let parts = entity
        .key
        .iter()
        .filter_map(at)
        .flat_map(|ix| column_parts(model, ix as FieldIx, &entity.fields[ix], depth));
    parts.collect()
}

/// One part per column of a field that can be part of a key.
fn column_parts(model: &Model, ix: FieldIx, field: &Field, depth: u8) -> Vec<KeyPart> {
    let one = |column: &str, part: Part, json: String, ty: Type| KeyPart {
        field: ix,
        part,
        column: column.to_owned(),
        json,
        ty,
        nullable: field.nullable,
    };
    match &field.kind {
        // Depth bounds keys made of references that go in a circle.
        FieldKind::Ref(reference) if depth > 0 => {
            let Some(target) = model.entity(&reference.target) else {
                return Vec::new();
            };
            let theirs = match field.db.references.is_empty() {
                true => key_parts(model, target, depth - 1),
                false => referenced(model, field, target, depth - 1),
            };
            let single = theirs.len() == 1;
            let mine = field.columns.iter().zip(theirs).enumerate();
            mine.map(|(at, (column, theirs))| match single {
                true => one(column, Part::Whole, field.json.clone(), theirs.ty),
                false => {
                    let json = glaze_model::camel_case(&format!("{}_{}", field.name, snake_case(&theirs.json)));
                    one(column, Part::Key(at as u32), json, theirs.ty)
                }
            })
            .collect()
        }
        kind => match (field.columns.as_slice(), field_type(kind, None)) {
            ([column], ty @ (Type::Scalar(_) | Type::Enum(_))) => vec![one(column, Part::Whole, field.json.clone(), ty)],
            ([column], _) => vec![one(column, Part::Whole, field.json.clone(), Type::Scalar(Scalar::String))],
            _ => Vec::new(),
        },
    }
}

/// Parts named by `#[db(references)]`.
fn referenced(model: &Model, field: &Field, target: &Entity, depth: u8) -> Vec<KeyPart> {
    let find = |column: &String| {
        let mut all = target
            .fields
            .iter()
            .enumerate()
            .flat_map(|(ix, field)| column_parts(model, ix as FieldIx, field, depth));
        all.find(|part| part.column == *column)
    };
    field.db.references.iter().filter_map(find).collect()
}
