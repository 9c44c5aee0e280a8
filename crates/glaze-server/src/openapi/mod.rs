//! OpenAPI 3.1 from the model: every path, parameter and schema, and only what the model says. Private fields and internal
//! entities are not in it.

mod filters;
mod inputs;
mod outputs;
mod paths;
mod scalars;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    extract::{OriginalUri, Request},
    http::StatusCode,
    response::Response,
};
use bytes::Bytes;
use glaze_app::{App, Live, Problem, Settings, problem};
use glaze_data::Schema;
use serde_json::{Value as Json, json};

use crate::{admin, answer, edge};

const PATH: &str = "/api/openapi.json";

/// `GET /api/openapi.json`
pub(crate) async fn openapi(app: Arc<App>, request: Request) -> Result<Response, Problem> {
    if !matches!(request.method().as_str(), "GET" | "HEAD") {
        return Ok(edge::methods(request.method(), "GET, HEAD, OPTIONS"));
    }
    let original = request
        .extensions()
        .get::<OriginalUri>()
        .map_or(request.uri().path(), |original| original.path());
    let mount = original.strip_suffix(PATH).unwrap_or_default();
    Ok(answer::bytes(
        StatusCode::OK,
        answer::JSON,
        of_live(&app.live(), &app.settings, mount),
    ))
}

/// The document, made once for each model and mount.
fn of_live(live: &Live, settings: &Settings, mount: &str) -> Bytes {
    let make = || {
        let mut document = document(&live.schema, &settings.name, mount);
        if !settings.production {
            admin::describe(&mut document);
        }
        Bytes::from(document.to_string())
    };
    let (of, bytes) = live.openapi.get_or_init(|| (mount.to_owned(), make()));
    if of == mount { bytes.clone() } else { make() }
}

/// The document for a schema; `mount` is where the router is mounted (empty at the root).
pub fn document(schema: &Schema, name: &str, mount: &str) -> Json {
    let mut components = Components {
        schema,
        schemas: BTreeMap::new(),
        begun: BTreeSet::new(),
    };
    let mut paths = BTreeMap::new();
    let mut tags = Vec::new();
    for entity in schema.public() {
        let declared = schema.declared(entity.ix);
        tags.push(match declared.doc.as_str() {
            "" => json!({"name": entity.name}),
            doc => json!({"name": entity.name, "description": doc}),
        });
        paths.extend(paths::of_entity(&mut components, entity, declared));
    }
    paths.extend(paths::of_node());
    components.schemas.insert("Problem".into(), problem_schema());
    components.schemas.insert("Page".into(), page_schema());
    json!({
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1", "description": DESCRIPTION},
        "servers": [{"url": if mount.is_empty() { "/" } else { mount }}],
        "security": [{}, {"bearer": []}, {"apiKey": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": components.schemas,
            "parameters": paths::parameters(),
            "responses": paths::responses(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer glz_…`"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "The same API key in a header of its own"}
            }
        }
    })
}

const DESCRIPTION: &str = "Times are RFC 3339 in UTC, decimals are strings, 64-bit integers are numbers when a double holds them exactly and strings \
otherwise. A reference shows the key of its target, or the target itself when it is included; it is null when the target may not be read. \
To-many relations appear only when included. What no policy allows is refused.";

/// Schemas as they are collected.
pub(crate) struct Components<'a> {
    schema: &'a Schema,
    schemas: BTreeMap<String, Json>,
    /// Schemas that are made or being made: they refer to each other in circles.
    begun: BTreeSet<String>,
}

impl<'a> Components<'a> {
    /// A reference to a schema, which `make` makes the first time somebody refers to it.
    fn named(&mut self, name: String, make: impl FnOnce(&mut Self) -> Json) -> Json {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        if self.begun.insert(name.clone()) {
            let made = make(self);
            self.schemas.insert(name, made);
        }
        reference
    }
}

/// With null allowed.
fn nullable(schema: Json) -> Json {
    match schema {
        Json::Object(mut map) if map.contains_key("type") && !map.contains_key("enum") => {
            let kind = match map.remove("type") {
                Some(Json::Array(mut kinds)) => {
                    kinds.push("null".into());
                    Json::Array(kinds)
                }
                Some(kind) => json!([kind, "null"]),
                None => json!("null"),
            };
            map.insert("type".into(), kind);
            Json::Object(map)
        }
        // Everything is allowed already.
        Json::Object(map) if map.is_empty() => Json::Object(map),
        other => json!({"anyOf": [other, {"type": "null"}]}),
    }
}

/// With members added; a bare reference may have siblings in 3.1.
fn with(schema: Json, members: Json) -> Json {
    match (schema, members) {
        (Json::Object(mut map), Json::Object(more)) => {
            map.extend(more);
            Json::Object(map)
        }
        (schema, _) => schema,
    }
}

fn problem_schema() -> Json {
    let codes: Vec<&str> = problem::TABLE.iter().map(|kind| kind.code).collect();
    json!({
        "type": "object",
        "description": format!("RFC 9457. `code` is one of {}, or a code of the application's own.", codes.join(", ")),
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string", "description": "Field in the body (`seo.title`, `[2].slug`), or parameter of the query"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "limit": {"description": "The limit that was passed"}
                }
            }},
            "count": {"type": "integer", "description": "With `confirm_count`: the number to confirm"}
        }
    })
}

fn page_schema() -> Json {
    json!({
        "type": "object",
        "properties": {
            "next": {"type": ["string", "null"], "description": "Cursor for `after`; null on the last page"},
            "previous": {"type": ["string", "null"], "description": "Cursor for `before`; null on the first page"},
            "total": {"type": "integer", "description": "With `count=exact` or `count=estimated`"}
        }
    })
}
