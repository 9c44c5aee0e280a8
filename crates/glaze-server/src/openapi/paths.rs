//! Paths, parameters and answers.

use std::collections::BTreeMap;

use glaze_data::schema::EntityInfo;
use glaze_model::{Entity, Ownership};
use serde_json::{Map, Value as Json, json};

use super::{Components, inputs::Use};

/// Whether entries can be written through the API: tables of Glaze's own and tables without a key can't.
pub(super) fn is_writable(entity: &Entity) -> bool {
    entity.ownership != Ownership::System && !entity.key.is_empty() && !entity.internal
}

/// The paths of an entity.
pub(super) fn of_entity(all: &mut Components<'_>, entity: &EntityInfo, declared: &Entity) -> BTreeMap<String, Json> {
    let entry = all.entry(entity);
    let filter = all.filter(entity);
    let write = is_writable(declared);
    let bodies = write.then(|| (all.input(entity, Use::Whole), all.input(entity, Use::Part)));
    let about = About {
        entity,
        filter: json!({
            "name": "filter", "in": "query", "style": "deepObject", "explode": true, "schema": filter,
            "description": "`filter[field]=value`, `filter[field][_op]=value`, nested through relations, or one JSON object"
        }),
    };
    let mut paths = BTreeMap::new();
    let base = format!("/api/{}", entity.path);
    let mut many = Map::new();
    many.insert("get".into(), about.list(&entry));
    if let Some((create, update)) = &bodies {
        many.insert("post".into(), about.create(&entry, create));
        many.insert("patch".into(), about.update_many(update));
        many.insert("delete".into(), about.delete_many());
    }
    paths.insert(base.clone(), Json::Object(many));
    paths.insert(format!("{base}/aggregate"), json!({"get": about.aggregate()}));
    if !declared.key.is_empty() {
        let mut one = Map::new();
        one.insert("parameters".into(), json!([about.id(all)]));
        one.insert("get".into(), about.one(&entry));
        if let Some((create, update)) = &bodies {
            one.insert("put".into(), about.change("replace", "Replace", &entry, create));
            one.insert("patch".into(), about.change("update", "Change", &entry, update));
            one.insert("delete".into(), about.delete());
        }
        paths.insert(format!("{base}/{{id}}"), Json::Object(one));
    }
    paths
}

struct About<'e> {
    entity: &'e EntityInfo,
    filter: Json,
}

impl About<'_> {
    fn operation(&self, verb: &str, summary: &str, parameters: Vec<Json>, responses: Json) -> Json {
        let mut all = failures();
        if let Json::Object(own) = responses {
            all.extend(own);
        }
        json!({
            "operationId": format!("{verb}{}", self.entity.name),
            "summary": summary,
            "tags": [self.entity.name],
            "parameters": parameters,
            "responses": all
        })
    }

    fn list(&self, entry: &Json) -> Json {
        let words = ["sort", "fields", "include", "limit", "offset", "after", "before", "count", "search"];
        let mut parameters = vec![self.filter.clone()];
        parameters.extend(words.into_iter().map(parameter));
        let body = json!({
            "type": "object",
            "required": ["data", "page"],
            "properties": {"data": {"type": "array", "items": entry}, "page": {"$ref": "#/components/schemas/Page"}}
        });
        self.operation(
            "list",
            &format!("List {}", self.entity.path),
            parameters,
            json!({"200": answer("Entries", body)}),
        )
    }

    fn one(&self, entry: &Json) -> Json {
        let parameters = ["fields", "include", "ifNoneMatch"].into_iter().map(parameter).collect();
        let responses = json!({"200": tagged("The entry", data(entry)), "304": {"description": "The entry is as `If-None-Match` says"},
            "404": response("NotFound")});
        self.operation("get", &format!("One entry of {}", self.entity.path), parameters, responses)
    }

    fn create(&self, entry: &Json, body: &Json) -> Json {
        let parameters = ["fields", "include", "idempotencyKey"].into_iter().map(parameter).collect();
        let answered = json!({"oneOf": [data(entry), data(&json!({"type": "array", "items": entry}))]});
        let mut created = tagged("Created", answered);
        created["headers"]["Location"] =
            json!({"schema": {"type": "string", "format": "uri-reference"}, "description": "Of a single entry"});
        let responses = json!({"201": created, "409": response("Conflict"), "422": response("Invalid")});
        let operation = self.operation(
            "create",
            &format!("Create one entry or many in {}", self.entity.path),
            parameters,
            responses,
        );
        with_body(operation, json!({"oneOf": [body, {"type": "array", "items": body}]}))
    }

    fn change(&self, verb: &str, summary: &str, entry: &Json, body: &Json) -> Json {
        let parameters = ["fields", "include", "ifMatch"].into_iter().map(parameter).collect();
        let responses = json!({"200": tagged("The entry", data(entry)), "404": response("NotFound"), "409": response("Conflict"),
            "412": response("PreconditionFailed"), "422": response("Invalid")});
        with_body(
            self.operation(verb, &format!("{summary} one entry of {}", self.entity.path), parameters, responses),
            body.clone(),
        )
    }

    fn delete(&self) -> Json {
        let parameters = vec![parameter("ifMatch")];
        let responses = json!({"204": {"description": "Removed"}, "404": response("NotFound"), "409": response("Conflict"),
            "412": response("PreconditionFailed")});
        self.operation(
            "delete",
            &format!("Remove one entry of {}", self.entity.path),
            parameters,
            responses,
        )
    }

    fn update_many(&self, body: &Json) -> Json {
        let responses =
            json!({"200": answer("Number of entries changed", counted()), "409": response("Conflict"), "422": response("Invalid")});
        with_body(
            self.operation(
                "updateMany",
                &format!("Change many entries of {}", self.entity.path),
                self.bulk(),
                responses,
            ),
            body.clone(),
        )
    }

    fn delete_many(&self) -> Json {
        let responses = json!({"200": answer("Number of entries removed", counted()), "409": response("Conflict")});
        self.operation(
            "deleteMany",
            &format!("Remove many entries of {}", self.entity.path),
            self.bulk(),
            responses,
        )
    }

    fn bulk(&self) -> Vec<Json> {
        vec![self.filter.clone(), parameter("search"), parameter("confirm")]
    }

    fn aggregate(&self) -> Json {
        let words = [
            "aggregateCount",
            "countDistinct",
            "sum",
            "avg",
            "min",
            "max",
            "groupBy",
            "aggregateSort",
            "limit",
            "offset",
            "search",
        ];
        let mut parameters = vec![self.filter.clone()];
        parameters.extend(words.into_iter().map(parameter));
        let row = json!({
            "type": "object",
            "properties": {
                "group": {"type": "object"},
                "count": {"anyOf": [{"type": "integer"}, {"type": "object"}]},
                "countDistinct": {"type": "object"}, "sum": {"type": "object"}, "avg": {"type": "object"}, "min": {"type": "object"}, "max": {"type": "object"}
            }
        });
        let body = data(&json!({"type": "array", "items": row}));
        self.operation(
            "aggregate",
            &format!("Aggregate {}", self.entity.path),
            parameters,
            json!({"200": answer("Groups", body)}),
        )
    }

    /// The key in the path.
    fn id(&self, all: &mut Components<'_>) -> Json {
        match self.entity.key.as_slice() {
            [_] => json!({"name": "id", "in": "path", "required": true, "schema": all.key(self.entity.ix)}),
            parts => {
                let names: Vec<&str> = parts.iter().map(|part| part.json.as_str()).collect();
                json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"},
                    "description": format!("The parts of the key joined by `,`: {}", names.join(","))})
            }
        }
    }
}

fn data(schema: &Json) -> Json {
    json!({"type": "object", "required": ["data"], "properties": {"data": schema}})
}

fn counted() -> Json {
    data(&json!({"type": "object", "required": ["count"], "properties": {"count": {"type": "integer"}}}))
}

fn answer(text: &str, body: Json) -> Json {
    json!({"description": text, "content": {"application/json": {"schema": body}}})
}

fn tagged(text: &str, body: Json) -> Json {
    let mut answer = answer(text, body);
    answer["headers"] = json!({"ETag": {"schema": {"type": "string"}}});
    answer
}

fn with_body(operation: Json, schema: Json) -> Json {
    super::with(
        operation,
        json!({"requestBody": {"required": true, "content": {"application/json": {"schema": schema}}}}),
    )
}

fn parameter(name: &str) -> Json {
    json!({"$ref": format!("#/components/parameters/{name}")})
}

fn response(name: &str) -> Json {
    json!({"$ref": format!("#/components/responses/{name}")})
}

/// What any operation may be answered.
fn failures() -> Map<String, Json> {
    let all = [
        ("400", "BadRequest"),
        ("401", "Unauthenticated"),
        ("403", "Forbidden"),
        ("default", "Failure"),
    ];
    all.into_iter().map(|(status, name)| (status.to_owned(), response(name))).collect()
}

/// Answers that many operations share.
pub(super) fn responses() -> Json {
    let problem = |text: &str| json!({"description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
    json!({
        "BadRequest": problem("The query or the body can't be understood"),
        "Unauthenticated": problem("The credentials are not valid"),
        "Forbidden": problem("No policy allows it"),
        "NotFound": problem("There is no such entry, or it may not be read"),
        "Conflict": problem("Other entries refer to it, or somebody else changed it at the same time"),
        "PreconditionFailed": problem("The entry is not as `If-Match` says"),
        "Invalid": problem("The entry is not valid: every problem with its path"),
        "Failure": problem("Something else went wrong")
    })
}

/// Parameters that many operations share.
pub(super) fn parameters() -> Json {
    let query = |name: &str, schema: Json, text: &str| json!({"name": name, "in": "query", "schema": schema, "description": text});
    let list = |name: &str, text: &str| {
        json!({"name": name, "in": "query", "style": "form", "explode": false,
        "schema": {"type": "array", "items": {"type": "string"}}, "description": text})
    };
    let header = |name: &str, text: &str| json!({"name": name, "in": "header", "schema": {"type": "string"}, "description": text});
    let number = || json!({"type": "integer", "minimum": 0});
    let text = || json!({"type": "string"});
    json!({
        "sort": list("sort", "Fields to sort by, `-` for descending: `-publishedAt,author.name`. The key is always added last"),
        "fields": list("fields", "Only these: `id,title,author.name`"),
        "include": list("include", "Related entries: `author,tags,comments.author`. To-many take `include[comments][limit]`, `[sort]`, `[filter]`"),
        "limit": query("limit", number(), "Entries on a page"),
        "offset": query("offset", number(), "Entries passed over"),
        "after": query("after", text(), "`page.next` of the page before"),
        "before": query("before", text(), "`page.previous` of the page after"),
        "count": query("count", json!({"type": "string", "enum": ["none", "exact", "estimated"], "default": "none"}), "Whether to count all entries"),
        "search": query("search", text(), "Words that entries must have, as beginnings of words"),
        "confirm": json!({"name": "confirm", "in": "query", "required": true, "schema": number(), "description": "How many entries this is about"}),
        "aggregateCount": list("count", "`*` counts entries, a field counts those that have it"),
        "countDistinct": list("countDistinct", "Fields of which to count the different values"),
        "sum": list("sum", "Fields to add up"),
        "avg": list("avg", "Fields to take the mean of"),
        "min": list("min", "Fields to take the smallest of"),
        "max": list("max", "Fields to take the largest of"),
        "groupBy": list("groupBy", "Fields to group by; times by unit: `status,publishedAt:month`"),
        "aggregateSort": list("sort", "What to sort by: `-count,group.status`"),
        "ifMatch": header("If-Match", "Only when the entry still has this `ETag`"),
        "ifNoneMatch": header("If-None-Match", "304 when the entry still has this `ETag`"),
        "idempotencyKey": header("Idempotency-Key", "A repetition with the same key is answered as the first time, for 24 hours")
    })
}

/// What a node says about itself.
pub(super) fn of_node() -> BTreeMap<String, Json> {
    let plain = |id: &str, text: &str, kind: &str| {
        json!({"get": {"operationId": id, "summary": text, "security": [{}],
        "responses": {"200": {"description": text, "content": {kind: {"schema": {}}}}}}})
    };
    let mut ready = plain("ready", "The node can do its work", "application/json");
    ready["get"]["responses"]["503"] = json!({"description": "It can't", "content": {"application/json": {"schema": {}}}});
    BTreeMap::from([
        ("/healthz".to_owned(), plain("health", "The process is alive", "application/json")),
        ("/readyz".to_owned(), ready),
        ("/metrics".to_owned(), plain("metrics", "Counters for Prometheus", "text/plain")),
        (
            "/api/openapi.json".to_owned(),
            plain("openapi", "This document", "application/json"),
        ),
    ])
}
