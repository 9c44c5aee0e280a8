//! Schemas of `filter`: which operators fit which field.

use glaze_data::{
    query::words::{Op, for_json_list, for_json_path, for_type},
    schema::{EntityInfo, FieldInfo, Inner, Relation},
};
use glaze_expr::tree::Type;
use glaze_model::FieldKind;
use serde_json::{Map, Value as Json, json};

use super::{Components, scalars};

impl<'a> Components<'a> {
    /// A filter over an entity.
    pub(super) fn filter(&mut self, entity: &EntityInfo) -> Json {
        self.named(format!("{}Filter", entity.name), |all| {
            let declared = all.schema.declared(entity.ix);
            let mut properties = Map::new();
            for (field, info) in declared.fields.iter().zip(&entity.fields).filter(|(field, _)| !field.private) {
                let holds_json = matches!(field.kind, FieldKind::EmbeddedList(_) | FieldKind::Blocks(_));
                properties.insert(field.json.clone(), all.condition(info, holds_json));
            }
            let itself = json!({"$ref": format!("#/components/schemas/{}Filter", entity.name)});
            properties.insert("_and".into(), json!({"type": "array", "items": itself}));
            properties.insert("_or".into(), json!({"type": "array", "items": itself}));
            properties.insert("_not".into(), itself);
            json!({"type": "object", "properties": properties, "additionalProperties": false})
        })
    }

    fn condition(&mut self, info: &FieldInfo, holds_json: bool) -> Json {
        if holds_json {
            return operators(for_json_list(), &json!({}));
        }
        if !info.inner.is_empty() {
            let members: Map<String, Json> = info
                .inner
                .iter()
                .filter(|inner| !inner.private)
                .map(|inner| (inner.json.clone(), self.inner(inner)))
                .collect();
            return json!({"type": "object", "properties": members});
        }
        match &info.relation {
            Some(Relation::AnyOf { targets }) => {
                let types: Vec<String> = targets.iter().map(|target| self.schema.entity(*target).type_name.clone()).collect();
                let mut members = Map::new();
                members.insert("type".into(), json!({"type": "string", "enum": types}));
                members.insert("id".into(), json!({}));
                for target in targets {
                    let entity = self.schema.entity(*target);
                    members.insert(entity.type_name.clone(), self.filter(entity));
                }
                json!({"type": "object", "properties": members})
            }
            Some(relation) => {
                let Some(target) = relation.target() else { return json!({}) };
                let entity = self.schema.entity(target);
                let key = self.key(target);
                let through = self.filter(entity);
                let mut forms = vec![key.clone(), operators(for_type(&info.ty), &key), through.clone()];
                if relation.is_to_many() {
                    let words = ["_some", "_every", "_none"].map(|word| (word.to_owned(), through.clone()));
                    forms.push(json!({"type": "object", "properties": Map::from_iter(words)}));
                }
                json!({"anyOf": forms})
            }
            None => {
                let value = plain(&info.ty, &info.values);
                match info.ty {
                    Type::Json => {
                        let path = operators(for_json_path(), &json!({"type": "string"}));
                        json!({"anyOf": [operators(for_type(&info.ty), &value), {"type": "object", "additionalProperties": path}]})
                    }
                    _ => shorthand(&info.ty, &value),
                }
            }
        }
    }

    fn inner(&mut self, inner: &Inner) -> Json {
        shorthand(&inner.ty, &plain(&inner.ty, &inner.values))
    }
}

/// A bare value means `_eq`, where that fits.
fn shorthand(ty: &Type, value: &Json) -> Json {
    let all = for_type(ty);
    let words = operators(all, value);
    if all.contains(&Op::Eq) {
        json!({"anyOf": [value, words]})
    } else {
        words
    }
}

fn plain(ty: &Type, values: &[String]) -> Json {
    match ty {
        Type::Scalar(kind) => scalars::scalar(*kind, &Default::default()),
        Type::Enum(_) => json!({"type": "string", "enum": values}),
        Type::List(item) => plain(item, values),
        _ => json!({}),
    }
}

fn operators(ops: &[Op], value: &Json) -> Json {
    let members = ops.iter().map(|op| {
        let schema = match op {
            Op::Null | Op::Nnull | Op::Empty | Op::Nempty => json!({"type": "boolean"}),
            Op::In | Op::Nin => json!({"type": "array", "items": value}),
            Op::Between | Op::Nbetween => json!({"type": "array", "items": value, "minItems": 2, "maxItems": 2}),
            Op::Contains | Op::Icontains | Op::StartsWith | Op::IstartsWith | Op::EndsWith | Op::IendsWith => {
                // Inside a list it is an item, in text it is text.
                if value.get("type") == Some(&json!("string")) {
                    json!({"type": "string"})
                } else {
                    value.clone()
                }
            }
            _ => value.clone(),
        };
        (op.word().to_owned(), schema)
    });
    json!({"type": "object", "properties": Map::from_iter(members), "additionalProperties": false})
}
