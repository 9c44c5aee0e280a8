//! The OpenAPI document of the templates: valid by an independent reader, complete, and silent about what is private.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use glaze_data::Schema;
use glaze_server::openapi::document;
use glaze_source::SourceFile;
use serde_json::Value as Json;

fn template(name: &str) -> Arc<Schema> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../glaze/templates")
        .join(name)
        .join("schema.rs");
    let text = std::fs::read_to_string(file).expect("the template");
    let reading = glaze_source::read(&[SourceFile {
        path: "schema.rs".into(),
        text,
    }]);
    Schema::new(reading.model.unwrap_or_else(|| panic!("{:#?}", reading.diagnostics))).expect("a schema")
}

/// Every `$ref` in the document.
fn references<'j>(json: &'j Json, found: &mut BTreeSet<&'j str>) {
    match json {
        Json::Object(map) => {
            if let Some(Json::String(to)) = map.get("$ref") {
                found.insert(to);
            }
            map.values().for_each(|inner| references(inner, found));
        }
        Json::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

#[test]
fn the_documents_of_the_templates_are_valid() {
    for name in ["blank", "blog", "shop"] {
        let json = document(&template(name), name, "");
        let spec = oas3::from_json(json.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(spec.openapi, "3.1.0");
        let operations: Vec<String> = spec
            .operations()
            .filter_map(|(_, _, operation)| operation.operation_id.clone())
            .collect();
        let different: BTreeSet<&String> = operations.iter().collect();
        assert_eq!(operations.len(), different.len(), "{name}: ids of operations are different");
        let mut all = BTreeSet::new();
        references(&json, &mut all);
        for reference in all {
            let pointer = reference.strip_prefix('#').expect("a reference inside the document");
            assert!(json.pointer(pointer).is_some(), "{name}: nothing at {reference}");
        }
    }
}

#[test]
fn what_the_model_says_is_there() {
    let json = document(&template("shop"), "shop", "/cms");
    assert_eq!(json["servers"][0]["url"], "/cms");
    let at = |pointer: &str| json.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"));
    assert_eq!(at("/components/schemas/ProductCreate/properties/sku/maxLength"), 32);
    assert_eq!(at("/components/schemas/ProductCreate/properties/sku/pattern"), "^(?:[A-Z0-9-]+)$");
    assert_eq!(at("/components/schemas/ProductStatus/enum/2"), "sold_out");
    assert_eq!(at("/components/schemas/ProductCreate/properties/status/default"), "draft");
    assert!(json.pointer("/components/schemas/ProductUpdate/required/0").is_none());
    let required = at("/components/schemas/ProductCreate/required").as_array().expect("a list");
    assert!(
        required.contains(&"name".into()) && !required.contains(&"slug".into()) && !required.contains(&"stock".into()),
        "{required:?}"
    );
    assert!(
        json.pointer("/components/schemas/ProductCreate/properties/available").is_none(),
        "computed fields are not sent"
    );
    assert!(json.pointer("/paths/~1api~1order-lines~1{id}/get").is_some());
    assert!(
        json.pointer("/paths/~1api~1users/get").is_some() && json.pointer("/paths/~1api~1users/post").is_none(),
        "users are only read"
    );
    assert!(json.pointer("/paths/~1api~1products~1aggregate/get").is_some());
    assert!(json.pointer("/components/schemas/ProductFilter/properties/reviews").is_some());
}

#[test]
fn what_is_private_is_not() {
    let text = document(&template("shop"), "shop", "").to_string();
    for hidden in ["purchasePrice", "keyHash", "ApiKey", "Idempotency\"", "apikey\""] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}
