//! Schemas of what is sent.

use glaze_data::schema::{EntityInfo, Relation};
use glaze_model::{DefaultValue, Field, FieldKind, Scalar};
use serde_json::{Map, Value as Json, json};

use super::{Components, nullable, outputs::Way, scalars, with};

/// What a body is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// `POST`, `PUT`: what is missing takes its default.
    Whole,
    /// `PATCH`: what is missing stays.
    Part,
}

impl<'a> Components<'a> {
    /// A body that makes or changes an entry.
    pub(super) fn input(&mut self, entity: &EntityInfo, purpose: Use) -> Json {
        let name = format!("{}{}", entity.name, if purpose == Use::Whole { "Create" } else { "Update" });
        self.named(name, |all| {
            let declared = all.schema.declared(entity.ix);
            let mut properties = Map::new();
            let mut required = Vec::new();
            for (field, info) in declared.fields.iter().zip(&entity.fields) {
                let key = declared.key.contains(&field.name);
                if !is_input(field) || (key && purpose == Use::Part) {
                    continue;
                }
                let schema = match &info.relation {
                    Some(relation) => all.connection(relation),
                    None => all.value(field, Way::In),
                };
                let schema = if field.nullable { nullable(schema) } else { schema };
                let schema = match &field.default {
                    Some(DefaultValue::Literal(value)) if purpose == Use::Whole => with(schema, json!({"default": value.to_json()})),
                    _ => schema,
                };
                if purpose == Use::Whole && is_required(field, key) {
                    required.push(field.json.clone());
                }
                properties.insert(field.json.clone(), scalars::described(schema, field));
            }
            json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
        })
    }

    /// How a relation is sent.
    fn connection(&mut self, relation: &Relation) -> Json {
        match relation {
            Relation::Ref { target, .. } => {
                let key = self.key(*target);
                let mut forms = vec![key.clone(), form("connect", key)];
                if let Some(create) = self.creatable(*target) {
                    forms.push(form("create", create));
                }
                json!({"anyOf": forms})
            }
            Relation::AnyOf { targets } => {
                let types: Vec<String> = targets.iter().map(|target| self.schema.entity(*target).type_name.clone()).collect();
                json!({
                    "type": "object",
                    "required": ["type", "id"],
                    "properties": {"type": {"type": "string", "enum": types}, "id": {}},
                    "additionalProperties": false
                })
            }
            Relation::Many { target } | Relation::Inverse { target, .. } => {
                let keys = json!({"type": "array", "items": self.key(*target)});
                let mut properties = Map::new();
                for word in ["set", "connect", "disconnect"] {
                    properties.insert(word.into(), keys.clone());
                }
                if let Some(create) = self.creatable(*target) {
                    properties.insert("create".into(), json!({"type": "array", "items": create}));
                }
                let words = json!({"type": "object", "properties": properties, "additionalProperties": false});
                json!({"anyOf": [with(keys, json!({"description": "Exactly these"})), words]})
            }
        }
    }

    fn creatable(&mut self, target: u32) -> Option<Json> {
        let entity = self.schema.entity(target);
        super::paths::is_writable(self.schema.declared(target)).then(|| self.input(entity, Use::Whole))
    }
}

fn form(word: &str, schema: Json) -> Json {
    json!({"type": "object", "properties": {word: schema}, "required": [word], "additionalProperties": false})
}

/// Whether clients may send it at all.
fn is_input(field: &Field) -> bool {
    let timestamp = field.implicit && matches!(field.kind, FieldKind::Scalar(Scalar::DateTime));
    let own_id = field.implicit && field.name == "id";
    field.is_writable() && !field.private && !timestamp && !own_id
}

fn is_required(field: &Field, key: bool) -> bool {
    let list = matches!(
        field.kind,
        FieldKind::List(_)
            | FieldKind::EnumList(_)
            | FieldKind::EmbeddedList(_)
            | FieldKind::Blocks(_)
            | FieldKind::Many(_)
            | FieldKind::Inverse(_)
    );
    // A key that the database numbers, or that Glaze makes, need not be sent.
    let numbered = field.db.identity.is_some() || (key && matches!(field.kind, FieldKind::Scalar(Scalar::Uuid)) && field.default.is_some());
    !(field.nullable || field.default.is_some() || field.slug_from.is_some() || list || numbered)
}
