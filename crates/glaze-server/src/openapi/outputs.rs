//! Schemas of what is answered.

use glaze_data::schema::{EntityInfo, FieldInfo, Relation};
use glaze_model::{BlockSet, Embedded, EnumType, Field, FieldKind, Scalar};
use serde_json::{Map, Value as Json, json};

use super::{Components, nullable, scalars, with};

/// Which way values go: what is answered, or what is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
}

impl Way {
    fn suffix(self) -> &'static str {
        if self == Way::In { "Input" } else { "" }
    }
}

impl<'a> Components<'a> {
    /// An entry.
    pub(super) fn entry(&mut self, entity: &EntityInfo) -> Json {
        self.named(entity.name.clone(), |all| {
            let declared = all.schema.declared(entity.ix);
            let mut properties = Map::new();
            let mut required = Vec::new();
            for (field, info) in declared.fields.iter().zip(&entity.fields).filter(|(field, _)| !field.private) {
                let to_many = info.relation.as_ref().is_some_and(Relation::is_to_many);
                let always = !to_many && !matches!(field.kind, FieldKind::Inverse(_));
                // With `fields` anything may be left out, and so is what a rule of its own hides; without them these are there.
                if always && info.read.is_none() {
                    required.push(field.json.clone());
                }
                properties.insert(field.json.clone(), all.output(field, info));
            }
            let mut schema = json!({"type": "object", "properties": properties, "required": required});
            if !declared.doc.is_empty() {
                schema["description"] = declared.doc.as_str().into();
            }
            schema
        })
    }

    /// A field of an entry.
    fn output(&mut self, field: &Field, info: &FieldInfo) -> Json {
        let schema = match &info.relation {
            Some(relation) => self.related(relation),
            None => self.value(field, Way::Out),
        };
        // A target that may not be read makes it null.
        let may_be_null = info.nullable || matches!(info.relation, Some(Relation::Ref { .. }));
        let schema = if may_be_null { nullable(schema) } else { schema };
        let schema = if field.is_writable() {
            schema
        } else {
            with(schema, json!({"readOnly": true}))
        };
        scalars::described(schema, field)
    }

    fn related(&mut self, relation: &Relation) -> Json {
        match relation {
            Relation::Ref { target, .. } => {
                let key = self.key(*target);
                let entity = self.schema.entity(*target);
                if entity.internal {
                    return key;
                }
                json!({"anyOf": [key, self.entry(entity)], "description": "The key, or the entry when it is included"})
            }
            Relation::AnyOf { targets } => {
                let types: Vec<String> = targets.iter().map(|target| self.schema.entity(*target).type_name.clone()).collect();
                json!({
                    "type": "object",
                    "required": ["type", "id"],
                    "properties": {"type": {"type": "string", "enum": types}, "id": {}},
                    "description": "Has the fields of the entry too when it is included"
                })
            }
            Relation::Inverse { target, one: true, .. } => with(
                self.entry(self.schema.entity(*target)),
                json!({"description": "Only when it is included"}),
            ),
            Relation::Many { target } | Relation::Inverse { target, .. } => {
                let items = self.entry(self.schema.entity(*target));
                json!({"type": "array", "items": items, "description": "Only when it is included"})
            }
        }
    }

    /// The key of an entity: a value, or an object of its parts.
    pub(super) fn key(&mut self, entity: u32) -> Json {
        let info = self.schema.entity(entity);
        let part = |ty: &glaze_expr::tree::Type| match ty {
            glaze_expr::tree::Type::Scalar(kind) => scalars::scalar(*kind, &Default::default()),
            _ => json!({"type": "string"}),
        };
        match info.key.as_slice() {
            [one] => part(&one.ty),
            parts => {
                let names: Vec<&str> = parts.iter().map(|part| part.json.as_str()).collect();
                let properties: Map<String, Json> = parts.iter().map(|key| (key.json.clone(), part(&key.ty))).collect();
                json!({"type": "object", "properties": properties, "required": names})
            }
        }
    }

    /// A value that is not a relation.
    pub(super) fn value(&mut self, field: &Field, way: Way) -> Json {
        let limits = &field.constraints;
        match &field.kind {
            FieldKind::Scalar(Scalar::RichText) if way == Way::In => {
                json!({"anyOf": [scalars::scalar(Scalar::RichText, limits), {"type": "string", "description": "Plain text: a paragraph a line"}]})
            }
            FieldKind::Scalar(kind) => scalars::constrained(*kind, limits),
            FieldKind::List(kind) => scalars::list(scalars::scalar(*kind, &Default::default()), limits),
            FieldKind::Enum(name) => self.enumeration(name),
            FieldKind::EnumList(name) => scalars::list(self.enumeration(name), limits),
            FieldKind::Embedded(name) => self.embedded(name, way),
            FieldKind::EmbeddedList(name) => scalars::list(self.embedded(name, way), limits),
            FieldKind::Blocks(name) => scalars::list(self.blocks(name, way), limits),
            FieldKind::Custom => json!({"type": "string"}),
            FieldKind::Ref(reference) => match self.schema.entity_by_name(&reference.target).map(|target| target.ix) {
                Some(target) => self.key(target),
                None => json!({}),
            },
            FieldKind::Many(_) | FieldKind::Inverse(_) | FieldKind::AnyOf(_) => json!({}),
        }
    }

    fn enumeration(&mut self, name: &str) -> Json {
        let Some(item) = self.schema.model().enum_type(name) else {
            return json!({"type": "string"});
        };
        self.named(name.to_owned(), |_| enum_schema(item))
    }

    fn embedded(&mut self, name: &str, way: Way) -> Json {
        let Some(item) = self.schema.model().embedded_type(name) else {
            return json!({"type": "object"});
        };
        self.named(format!("{name}{}", way.suffix()), |all| {
            let Embedded { doc, fields, .. } = item;
            all.object(doc, fields, None, way)
        })
    }

    fn blocks(&mut self, name: &str, way: Way) -> Json {
        let Some(item) = self.schema.model().block_set(name) else {
            return json!({"type": "object"});
        };
        self.named(format!("{name}{}", way.suffix()), |all| {
            let BlockSet { kinds, doc, .. } = item;
            let kinds: Vec<Json> = kinds
                .iter()
                .map(|kind| all.object(&kind.doc, &kind.fields, Some(&kind.value), way))
                .collect();
            let schema = json!({"oneOf": kinds});
            if doc.is_empty() {
                schema
            } else {
                with(schema, json!({"description": doc}))
            }
        })
    }

    /// Fields as an object; `kind` is the `type` of a block.
    fn object(&mut self, doc: &str, fields: &[Field], kind: Option<&str>, way: Way) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        if let Some(kind) = kind {
            properties.insert("type".into(), json!({"const": kind}));
            required.push("type".to_owned());
        }
        for field in fields.iter().filter(|field| !field.private) {
            let schema = self.value(field, way);
            let schema = if field.nullable { nullable(schema) } else { schema };
            properties.insert(field.json.clone(), scalars::described(schema, field));
            if way == Way::Out || !(field.nullable || field.default.is_some()) {
                required.push(field.json.clone());
            }
        }
        let schema = json!({"type": "object", "properties": properties, "required": required});
        let schema = if way == Way::In {
            with(schema, json!({"additionalProperties": false}))
        } else {
            schema
        };
        if doc.is_empty() {
            schema
        } else {
            with(schema, json!({"description": doc}))
        }
    }
}

fn enum_schema(item: &EnumType) -> Json {
    let values: Vec<&str> = item.values.iter().map(|value| value.value.as_str()).collect();
    let told: Vec<String> = item
        .values
        .iter()
        .filter(|value| !value.doc.is_empty())
        .map(|value| format!("`{}`: {}", value.value, value.doc))
        .collect();
    let text = [item.doc.clone(), told.join("\n")]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    let schema = json!({"type": "string", "enum": values});
    if text.is_empty() {
        schema
    } else {
        with(schema, json!({"description": text}))
    }
}
