//! One field.

use glaze_model::{Constraints, DefaultValue, Entity, Field, FieldKind, IdentityHint, Model, OnDelete, Value, snake_case};

use super::literal::{ident, text_literal, value_text};
use super::{doc_lines, rule_attribute};
use crate::rust::names;

/// A field with its attributes, each on a line of its own. `entity` is where it is, if it is in one.
pub(crate) fn field_lines(model: &Model, entity: Option<&Entity>, field: &Field, indent: &str) -> String {
    let mut out = doc_lines(&field.doc, indent);
    for line in attributes(model, entity, field) {
        out.push_str(&format!("{indent}{line}\n"));
    }
    out.push_str(&format!("{indent}pub {}: {},\n", ident(&field.name), type_text(field)));
    out
}

/// The type of a field.
pub(crate) fn type_text(field: &Field) -> String {
    let inner = match &field.kind {
        FieldKind::Scalar(scalar) => scalar.name().to_owned(),
        FieldKind::List(scalar) => format!("Vec<{}>", scalar.name()),
        FieldKind::Enum(name) | FieldKind::Embedded(name) => name.clone(),
        FieldKind::EnumList(name) | FieldKind::EmbeddedList(name) | FieldKind::Blocks(name) => format!("Vec<{name}>"),
        FieldKind::Ref(reference) if reference.target == "Asset" => "Asset".to_owned(),
        FieldKind::Ref(reference) => format!("Ref<{}>", reference.target),
        FieldKind::Many(many) => return format!("Many<{}>", many.target),
        FieldKind::Inverse(inverse) if inverse.one => return format!("Option<{}>", inverse.target),
        FieldKind::Inverse(inverse) => return format!("Many<{}>", inverse.target),
        FieldKind::AnyOf(any) if any.targets.len() == 1 => format!("AnyOf<({},)>", any.targets[0]),
        FieldKind::AnyOf(any) => format!("AnyOf<({})>", any.targets.join(", ")),
        FieldKind::Custom => "Custom".to_owned(),
    };
    if field.nullable { format!("Option<{inner}>") } else { inner }
}

/// An attribute to be written: its name and its arguments, with or without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub name: &'static str,
    pub args: Vec<(Option<&'static str>, String)>,
}

impl Written {
    pub(crate) fn new(name: &'static str) -> Written {
        Written { name, args: Vec::new() }
    }

    pub(crate) fn arg(mut self, value: impl Into<String>) -> Written {
        self.args.push((None, value.into()));
        self
    }

    fn key(&mut self, key: &'static str, value: Option<String>) {
        self.args.extend(value.map(|value| (Some(key), value)));
    }
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.args.is_empty() {
            return write!(f, "#[{}]", self.name);
        }
        let args: Vec<String> = self
            .args
            .iter()
            .map(|(key, value)| match key {
                Some(key) => format!("{key} = {value}"),
                None => value.clone(),
            })
            .collect();
        write!(f, "#[{}({})]", self.name, args.join(", "))
    }
}

/// The attributes of a field, in the order in which they are written.
pub(crate) fn attributes(model: &Model, entity: Option<&Entity>, field: &Field) -> Vec<Written> {
    let mut out = Vec::new();
    out.extend(field.was.as_ref().map(|was| Written::new("was").arg(text_literal(was))));
    out.extend(entity.and_then(|entity| id_attribute(entity, field)));
    out.extend(field.unique.then(|| Written::new("unique")));
    out.extend(constraints(&field.constraints, field.help.as_deref()));
    out.extend(default_text(model, field).map(|text| Written::new("default").arg(text)));
    out.extend(field.slug_from.as_ref().map(|from| {
        let mut slug = Written::new("slug");
        slug.key("from", Some(from.clone()));
        slug
    }));
    out.extend(relation(model, entity, field));
    out.extend(field.computed.as_ref().map(|computed| {
        let written = Written::new("computed").arg(text_literal(&computed.expr.0));
        if computed.stored { written.arg("stored") } else { written }
    }));
    out.extend(field.private.then(|| Written::new("private")));
    out.extend(field.rules.iter().map(rule_attribute));
    let mut db = Written::new("db");
    column_args(model, field, &mut db);
    if let (FieldKind::Many(many), Some(entity)) = (&field.kind, entity) {
        join_args(model, entity, &field.name, many, &mut db);
    }
    db_args(field, &mut db);
    out.extend((!db.args.is_empty()).then_some(db));
    out
}

/// `#[id]`
pub(crate) fn id_attribute(entity: &Entity, field: &Field) -> Option<Written> {
    let at = entity.key.iter().position(|key| *key == field.name)?;
    if let Some(base) = &entity.extends
        && entity.key == [snake_case(base)]
    {
        return None;
    }
    let in_order: Vec<&str> = entity
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .filter(|name| entity.key.iter().any(|key| key == name))
        .collect();
    let id = Written::new("id");
    Some(if entity.key == in_order { id } else { id.arg((at + 1).to_string()) })
}

/// `#[field(…)]`
fn constraints(constraints: &Constraints, help: Option<&str>) -> Option<Written> {
    let mut out = Written::new("field");
    out.key("max", constraints.max.as_ref().map(value_text));
    out.key("min", constraints.min.as_ref().map(value_text));
    out.key("pattern", constraints.pattern.as_deref().map(text_literal));
    out.key("precision", constraints.precision.map(|digits| digits.to_string()));
    out.key("scale", constraints.scale.map(|digits| digits.to_string()));
    out.key("currency", constraints.currency.as_deref().map(text_literal));
    out.key("help", help.map(text_literal));
    out.key("search", constraints.search.map(|search| search.to_string()));
    (!out.args.is_empty()).then_some(out)
}

/// What is inside `#[default(…)]`.
fn default_text(model: &Model, field: &Field) -> Option<String> {
    let inner = match field.default.as_ref()? {
        DefaultValue::Now if field.implicit => return None,
        DefaultValue::Now => "now".to_owned(),
        DefaultValue::Uuid => "uuid".to_owned(),
        DefaultValue::Sql(_) => return None,
        DefaultValue::Literal(value) => match &field.kind {
            FieldKind::Enum(name) | FieldKind::EnumList(name) => enum_value_text(model, name, value),
            _ => value_text(value),
        },
    };
    Some(inner)
}

fn enum_value_text(model: &Model, name: &str, value: &Value) -> String {
    match value {
        Value::Text(text) => {
            let item = model
                .enum_type(name)
                .and_then(|item| item.values.iter().find(|value| value.value == *text));
            item.map_or_else(|| text_literal(text), |value| value.name.clone())
        }
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| enum_value_text(model, name, item)).collect();
            format!("[{}]", items.join(", "))
        }
        other => value_text(other),
    }
}

fn relation(model: &Model, entity: Option<&Entity>, field: &Field) -> Option<Written> {
    match &field.kind {
        FieldKind::Ref(reference) if reference.on_delete != OnDelete::Restrict => {
            Some(Written::new("on_delete").arg(on_delete_word(reference.on_delete)))
        }
        FieldKind::Inverse(inverse) => Some(Written::new("inverse").arg(&inverse.field)),
        FieldKind::Many(many) if !many.owner => Some(Written::new("inverse").arg(other_side(model, entity?, many)?)),
        _ => None,
    }
}

/// The field that declares the join table which `many` is the second side of.
fn other_side<'a>(model: &'a Model, entity: &Entity, many: &glaze_model::Many) -> Option<&'a str> {
    let target = model.entity(&many.target)?;
    let field = target.fields.iter().find(|field| match &field.kind {
        FieldKind::Many(first) => {
            first.owner
                && first.target == entity.name
                && (&first.schema, &first.table, &first.from_columns, &first.to_columns)
                    == (&many.schema, &many.table, &many.to_columns, &many.from_columns)
        }
        _ => false,
    })?;
    Some(&field.name)
}

/// The word for a referential action.
fn on_delete_word(action: OnDelete) -> &'static str {
    match action {
        OnDelete::Restrict => "restrict",
        OnDelete::Cascade => "cascade",
        OnDelete::SetNull => "set_null",
        OnDelete::NoAction => "no_action",
        OnDelete::SetDefault => "set_default",
    }
}

fn db_args(field: &Field, out: &mut Written) {
    let db = &field.db;
    out.key("type", db.ty.as_deref().map(text_literal));
    out.key("collate", db.collate.as_deref().map(text_literal));
    if let Some(DefaultValue::Sql(sql)) = &field.default {
        out.key("default", Some(text_literal(sql)));
    }
    if let Some(generated) = &db.generated {
        out.key("generated", Some(text_literal(&generated.sql)));
        out.key("stored", (!generated.stored).then(|| "false".to_owned()));
    }
    out.key("identity", db.identity.map(|identity| identity_word(identity).to_owned()));
    out.key("fk", db.no_fk.then(|| "false".to_owned()));
    out.key(
        "references",
        (!db.references.is_empty()).then(|| text_literal(&db.references.join(", "))),
    );
    out.key("on_update", db.on_update.map(|action| on_delete_word(action).to_owned()));
    out.key("deferrable", db.deferrable.as_deref().map(super::word_or_text));
}

fn column_args(model: &Model, field: &Field, out: &mut Written) {
    if field.columns.is_empty() || field.columns == names::implied_columns(model, field) {
        return;
    }
    match field.columns.as_slice() {
        [column] => out.key("column", Some(text_literal(column))),
        columns => out.key("columns", Some(text_literal(&columns.join(", ")))),
    }
}

fn join_args(model: &Model, entity: &Entity, name: &str, many: &glaze_model::Many, out: &mut Written) {
    if !many.owner && other_side(model, entity, many).is_some() {
        return;
    }
    let Some(target) = model.entity(&many.target) else { return };
    let implied = names::join_names(model, entity, name, target);
    let differing = |given: &[String], implied: &[String]| (given != implied).then(|| text_literal(&given.join(", ")));
    out.key("table", (many.table != implied.table).then(|| text_literal(&many.table)));
    out.key(
        "schema",
        many.schema.as_deref().filter(|_| many.schema != implied.schema).map(text_literal),
    );
    out.key("from_columns", differing(&many.from_columns, &implied.from));
    out.key("to_columns", differing(&many.to_columns, &implied.to));
}

fn identity_word(identity: IdentityHint) -> &'static str {
    match identity {
        IdentityHint::Always => "always",
        IdentityHint::ByDefault => "by_default",
        IdentityHint::Serial => "serial",
        IdentityHint::RowId => "rowid",
        IdentityHint::AutoIncrement => "autoincrement",
    }
}
