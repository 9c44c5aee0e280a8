//! The routes of development in the OpenAPI document; a document of production does not speak of them.

use serde_json::{Map, Value as Json, json};

use super::Operation;

/// Adds paths and schemas to a document.
pub(crate) fn describe(document: &mut Json) {
    for operation in Operation::ALL {
        let method = if operation.reads() { "get" } else { "post" };
        document["paths"][operation.path()][method] = about(operation);
    }
    for (name, schema) in schemas() {
        document["components"]["schemas"][name] = schema;
    }
    if let Some(tags) = document["tags"].as_array_mut() {
        tags.push(json!({"name": TAG, "description": "Schema and convergence; in development only, for the role `admin`"}));
    }
}

const TAG: &str = "Administration";

/// Id, summary, and the schemas of body and answer.
struct Words {
    id: &'static str,
    summary: &'static str,
    body: Option<&'static str>,
    answer: &'static str,
}

fn words(operation: Operation) -> Words {
    let of = |id, summary, body, answer| Words { id, summary, body, answer };
    match operation {
        Operation::Schema => of(
            "adminSchema",
            "The schema: model, files, and where everything stands in them",
            None,
            "AdminSchema",
        ),
        Operation::Preview => of(
            "adminPreviewEdits",
            "What edits would do to files, tables and rows; changes nothing",
            Some("AdminEdits"),
            "AdminPreview",
        ),
        Operation::Edit => of(
            "adminEdit",
            "Make edits: write files and migration, and apply it",
            Some("AdminEdits"),
            "AdminDone",
        ),
        Operation::Undo => of(
            "adminUndo",
            "Take back the last change made here",
            Some("AdminDecision"),
            "AdminDone",
        ),
        Operation::Status => of(
            "adminConvergence",
            "How code, migrations and database agree, item by item",
            None,
            "AdminConvergence",
        ),
        Operation::Differences => of(
            "adminDifferences",
            "The differences in full, as schema source and as SQL",
            None,
            "AdminDifferences",
        ),
        Operation::Accept => of(
            "adminAccept",
            "Take over what somebody else has changed in the database",
            Some("AdminChoice"),
            "AdminAccepted",
        ),
        Operation::Reject => of(
            "adminReject",
            "Undo what somebody else has changed in the database",
            Some("AdminChoice"),
            "AdminRejected",
        ),
        Operation::Apply => of(
            "adminApply",
            "Bring the database to what the code says",
            Some("AdminDecision"),
            "AdminApplied",
        ),
        Operation::Migrations => of(
            "adminMigrations",
            "Every migration with its SQL, who ran it when, and what is wrong",
            None,
            "AdminMigrations",
        ),
        Operation::Repair => of(
            "adminRepair",
            "Repair what is wrong in the history",
            Some("AdminRepair"),
            "AdminRepaired",
        ),
    }
}

fn about(operation: Operation) -> Json {
    let words = words(operation);
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let response = |name: &str| json!({"$ref": format!("#/components/responses/{name}")});
    let mut responses = json!({
        "200": {"description": words.summary, "content": {"application/json": {"schema": reference(words.answer)}}},
        "400": response("BadRequest"), "401": response("Unauthenticated"), "403": response("Forbidden"), "default": response("Failure")
    });
    if !operation.reads() {
        responses["409"] = json!({
            "description": "Something has to be decided first, can't be done as things are, or the migration failed; nothing was changed",
            "content": {"application/problem+json": {"schema": reference("AdminRefused")}}
        });
    }
    let mut parameters = Vec::new();
    if matches!(operation, Operation::Edit | Operation::Undo) {
        responses["412"] = response("PreconditionFailed");
        parameters.push(json!({"name": "If-Match", "in": "header", "schema": {"type": "string"},
            "description": "Only while the schema files are those of this `ETag`"}));
    }
    if matches!(operation, Operation::Edit | Operation::Preview) {
        responses["422"] = response("Invalid");
    }
    if operation == Operation::Differences {
        parameters.push(json!({"name": "only", "in": "query", "style": "form", "explode": true,
            "schema": {"type": "array", "items": {"type": "string"}}, "description": "Only these items: `only=post.title&only=post.%23key`"}));
    }
    let mut operation = json!({"operationId": words.id, "summary": words.summary, "tags": [TAG], "security": [{"bearer": []}, {"apiKey": []}],
        "parameters": parameters, "responses": responses});
    if let Some(body) = words.body {
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": reference(body)}}});
    }
    operation
}

fn object(members: Json) -> Json {
    json!({"type": "object", "properties": members})
}

fn list(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

fn of(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn merged(one: &Json, other: Json) -> Json {
    let mut all = one.as_object().cloned().unwrap_or_default();
    all.extend(other.as_object().cloned().unwrap_or_default());
    Json::Object(all)
}

fn schemas() -> Map<String, Json> {
    let mut all = requests();
    all.extend(parts());
    all.extend(reports());
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn requests() -> Vec<(&'static str, Json)> {
    let decision = json!({
        "answers": {"type": "object", "description": "Answers to questions, in the form of an answers file: `renames`, `using`, `backfill`, `enum_value_map`"},
        "consent": {"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}], "default": false,
            "description": "What may be lost: nothing, anything, or what is on the objects named"},
        "dryRun": {"type": "boolean", "default": false, "description": "Only look"}
    });
    let closed = |members: Json| json!({"type": "object", "additionalProperties": false, "properties": members});
    let mut edits = closed(json!({
        "edits": {"type": "array", "items": {"type": "object", "required": ["edit"], "properties": {"edit": {"type": "string"}}},
            "description": "`{\"edit\": \"rename_field\", \"entity\": \"Post\", \"field\": \"title\", \"to\": \"headline\"}`, in order"},
        "answers": decision["answers"], "consent": decision["consent"]
    }));
    edits["required"] = json!(["edits"]);
    let only =
        json!({"only": {"type": "array", "items": {"type": "string"}, "description": "Keys of items; all of them when it is left out"}});
    let repair = json!({"choice": {"type": "string", "description": "A way back that is not taken by itself"},
        "migration": {"type": "string", "description": "For this migration only"}, "dryRun": decision["dryRun"]});
    vec![
        ("AdminEdits", edits),
        ("AdminChoice", closed(merged(&decision, only))),
        ("AdminDecision", closed(decision)),
        ("AdminRepair", closed(repair)),
    ]
}

fn parts() -> Vec<(&'static str, Json)> {
    let text = json!({"type": "string"});
    let some_text = json!({"type": ["string", "null"]});
    let line = object(json!({"change": {"enum": ["same", "removed", "added"]}, "text": text}));
    let hunk = object(json!({"line": {"type": "integer"}, "lines": list(line)}));
    let file = object(json!({"file": text, "before": text, "after": text, "diff": list(hunk)}));
    let hazard = object(json!({"code": text, "message": text, "rows": {"type": "integer"}}));
    let step = object(
        json!({"kind": text, "object": text, "risk": {"enum": ["safe", "caution", "destructive"]},
        "hazards": list(hazard), "sql": list(text.clone())}),
    );
    let item = object(
        json!({"key": text, "state": {"enum": ["pending", "drift", "conflict", "agreed"]}, "code": some_text,
        "snapshot": some_text, "database": some_text, "steps": list(of("AdminStep")), "drift": list(text.clone())}),
    );
    vec![
        ("AdminFile", file),
        ("AdminStep", step),
        ("AdminItem", item),
        ("AdminReason", object(json!({"code": text, "object": text, "message": text}))),
        ("AdminQuestion", object(json!({"kind": text, "from": text, "to": text}))),
        (
            "AdminDiagnostic",
            object(
                json!({"code": text, "severity": {"enum": ["warning", "error"]}, "message": text, "file": text,
            "line": {"type": "integer"}, "column": {"type": "integer"}}),
            ),
        ),
    ]
}

fn reports() -> Vec<(&'static str, Json)> {
    let text = || json!({"type": "string"});
    let anything = || json!({"type": "object"});
    let reasons = json!({"reasons": list(of("AdminReason"))});
    let status = json!({"status": {"enum": ["in_sync", "pending", "drift", "conflict", "history"]}, "steps": list(of("AdminStep")),
        "questions": list(of("AdminQuestion")), "refusals": list(of("AdminReason")), "unmodelled": list(text()), "drift": list(of("AdminStep")),
        "history": list(anything())});
    let source = json!({"source": list(of("AdminFile"))});
    let files = json!({"files": list(text())});
    let preview = merged(
        &merged(&merged(&status, reasons.clone()), source.clone()),
        json!({"diagnostics": list(of("AdminDiagnostic"))}),
    );
    let done = merged(
        &merged(&preview, files.clone()),
        json!({"migrations": list(text()), "undo": {"type": "integer", "description": "Changes that can be taken back"}}),
    );
    let convergence = merged(&status, json!({"items": list(of("AdminItem")), "waiting": list(text())}));
    let accepted = merged(
        &merged(&source, files.clone()),
        json!({"accepted": list(text()), "along": list(anything()), "left": list(anything()), "questions": list(of("AdminQuestion")),
            "migration": {"type": ["string", "null"]}}),
    );
    let rejected =
        json!({"rejected": list(text()), "along": list(anything()), "steps": list(of("AdminStep")), "refused": list(of("AdminReason"))});
    let differences = merged(
        &merged(&convergence, source),
        json!({"accepting": of("AdminAccepted"), "rejecting": of("AdminRejected")}),
    );
    let entity = object(json!({"name": text(), "file": text(), "line": {"type": "integer"},
        "fields": list(object(json!({"name": text(), "file": text(), "line": {"type": "integer"}})))}));
    let file = object(json!({"path": text(), "text": text(), "hash": text()}));
    let refused = json!({"allOf": [of("Problem"), object(merged(&preview, json!({"left": list(anything())})))]});
    let migration = object(
        json!({"name": text(), "file": text(), "state": {"enum": ["applied", "unfinished", "pending"]}, "appliedAt": text(),
        "by": text(), "durationMs": {"type": "integer"}, "statements": list(json!({"type": "integer"})), "sql": text(), "edited": {"type": "boolean"}}),
    );
    vec![
        (
            "AdminSchema",
            object(
                json!({"model": {"type": ["object", "null"], "description": "The canonical model; null while the files have errors"},
            "files": list(file), "entities": list(entity), "diagnostics": list(of("AdminDiagnostic"))}),
            ),
        ),
        ("AdminPreview", object(preview)),
        ("AdminDone", object(done)),
        ("AdminConvergence", object(convergence.clone())),
        ("AdminDifferences", object(differences)),
        ("AdminAccepted", object(accepted)),
        ("AdminRejected", object(rejected)),
        (
            "AdminApplied",
            object(merged(&merged(&convergence, files), merged(&reasons, json!({"applied": text()})))),
        ),
        (
            "AdminMigrations",
            object(json!({"migrations": list(migration), "problems": list(anything())})),
        ),
        (
            "AdminRepaired",
            object(json!({"repaired": list(anything()), "problems": list(anything())})),
        ),
        ("AdminRefused", refused),
    ]
}
