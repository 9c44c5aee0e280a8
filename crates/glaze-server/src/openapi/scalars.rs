//! Schemas of single values.

use glaze_model::{Constraints, Field, Scalar, Value};
use serde_json::{Map, Value as Json, json};

/// A scalar as it is written.
pub(super) fn scalar(scalar: Scalar, constraints: &Constraints) -> Json {
    match scalar {
        Scalar::Bool => json!({"type": "boolean"}),
        Scalar::I16 => json!({"type": "integer", "format": "int32", "minimum": i16::MIN, "maximum": i16::MAX}),
        Scalar::I32 => json!({"type": "integer", "format": "int32"}),
        Scalar::I64 => json!({"type": ["integer", "string"], "format": "int64", "description": "A string beyond ±(2^53 − 1)"}),
        Scalar::F32 => json!({"type": "number", "format": "float"}),
        Scalar::F64 => json!({"type": "number", "format": "double"}),
        Scalar::String | Scalar::Text => json!({"type": "string"}),
        Scalar::Uuid => json!({"type": "string", "format": "uuid"}),
        Scalar::Date => json!({"type": "string", "format": "date"}),
        Scalar::Time => json!({"type": "string", "format": "time", "examples": ["06:52:00"]}),
        Scalar::DateTime => json!({"type": "string", "format": "date-time"}),
        Scalar::Duration => json!({"type": "string", "format": "duration", "examples": ["PT1H30M"]}),
        Scalar::Json => json!({}),
        Scalar::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
        Scalar::Decimal | Scalar::Money => decimal(scalar, constraints),
        Scalar::RichText => {
            json!({"type": "object", "required": ["type"], "properties": {"type": {"const": "doc"}}, "description": "ProseMirror document"})
        }
        Scalar::Email => json!({"type": "string", "format": "email", "maxLength": 254}),
        Scalar::Url => json!({"type": "string", "format": "uri"}),
        Scalar::Slug => json!({"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}),
        Scalar::Color => json!({"type": "string", "pattern": "^#[0-9a-f]{6}([0-9a-f]{2})?$"}),
        Scalar::Point => json!({
            "type": "object",
            "required": ["lat", "lng"],
            "properties": {
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lng": {"type": "number", "minimum": -180, "maximum": 180}
            },
            "additionalProperties": false
        }),
    }
}

fn decimal(scalar: Scalar, constraints: &Constraints) -> Json {
    let (precision, scale) = scalar.default_precision().unwrap_or((19, 4));
    let (precision, scale) = (constraints.precision.unwrap_or(precision), constraints.scale.unwrap_or(scale));
    let point = if scale == 0 {
        String::new()
    } else {
        format!("(\\.[0-9]{{1,{scale}}})?")
    };
    let mut schema = json!({
        "type": "string",
        "format": "decimal",
        "pattern": format!("^-?[0-9]{{1,{}}}{point}$", precision.saturating_sub(scale).max(1))
    });
    let limits = [("At least", &constraints.min), ("At most", &constraints.max)];
    let said: Vec<String> = limits
        .iter()
        .filter_map(|(word, limit)| Some(format!("{word} {}", limit.as_ref()?)))
        .collect();
    if !said.is_empty() {
        schema["description"] = said.join(", ").into();
    }
    if let Some(currency) = &constraints.currency {
        schema["x-currency"] = currency.as_str().into();
    }
    schema
}

/// A scalar with what `#[field(…)]` says about it.
pub(super) fn constrained(kind: Scalar, constraints: &Constraints) -> Json {
    let mut schema = scalar(kind, constraints);
    let Json::Object(map) = &mut schema else { return schema };
    if kind.is_text() {
        limit(map, "maxLength", &constraints.max);
        limit(map, "minLength", &constraints.min);
        if let Some(pattern) = &constraints.pattern {
            map.insert("pattern".into(), format!("^(?:{pattern})$").into());
        }
    } else if kind.is_integer() || matches!(kind, Scalar::F32 | Scalar::F64) {
        limit(map, "maximum", &constraints.max);
        limit(map, "minimum", &constraints.min);
    }
    schema
}

/// A list with its limits.
pub(super) fn list(items: Json, constraints: &Constraints) -> Json {
    let mut map = Map::new();
    map.insert("type".into(), "array".into());
    map.insert("items".into(), items);
    limit(&mut map, "maxItems", &constraints.max);
    limit(&mut map, "minItems", &constraints.min);
    Json::Object(map)
}

fn limit(map: &mut Map<String, Json>, name: &str, limit: &Option<Value>) {
    if let Some(value @ (Value::Int(_) | Value::Float(_))) = limit {
        map.insert(name.into(), value.to_json());
    }
}

/// What people are told about a field.
pub(super) fn described(schema: Json, field: &Field) -> Json {
    let said = [field.doc.as_str(), field.help.as_deref().unwrap_or_default()];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    if said.is_empty() {
        return schema;
    }
    let mut text = said.join("\n\n");
    if let Some(more) = schema.get("description").and_then(Json::as_str) {
        text = format!("{text}\n\n{more}");
    }
    super::with(schema, json!({"description": text}))
}
