//! Query strings: reading and binding.

use glaze_data::{Actor, Cursors, Limits, Schema, bind, query};

use super::{Outcome, Target};

pub const TARGET: Target = Target {
    name: "query",
    seeds: &["glaze-fuzz/seeds/query"],
    words: &[
        "filter",
        "sort",
        "fields",
        "include",
        "limit",
        "offset",
        "after",
        "before",
        "count",
        "search",
        "[",
        "]",
        "&",
        "=",
        ",",
        ".",
        "-",
        "%",
        "%5B",
        "%00",
        "%F0%9F",
        "+",
        "_and",
        "_or",
        "_not",
        "_some",
        "_none",
        "_every",
        "_eq",
        "_neq",
        "_in",
        "_between",
        "_null",
        "_icontains",
        "name",
        "price",
        "brand",
        "category",
        "tags",
        "reviews",
        "status",
        "id",
        "createdAt",
        "exact",
        "null",
        "true",
        "*",
        "[0]",
        "[_and][0]",
        "{\"name\":{\"_eq\":1}}",
    ],
    prepare: || {
        let schema = super::shop_schema();
        let cursors = Cursors::new(b"a secret of thirty-two bytes or so");
        let limits = Limits::default();
        Box::new(move |input| judge(&schema, &limits, &cursors, &String::from_utf8_lossy(input)))
    },
};

fn judge(schema: &Schema, limits: &Limits, cursors: &Cursors, text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let params = match query::split(text) {
        Ok(params) => params,
        Err(error) => {
            outcome.message(&error.to_string());
            return outcome;
        }
    };
    for entity in ["Product", "Review"] {
        let entity = schema.entity_by_name(entity).expect("an entity of the shop");
        let query = match query::parse(schema, entity, &params, limits) {
            Ok(query) => query,
            Err(errors) => {
                assert!(!errors.is_empty(), "refused without a reason");
                errors.iter().for_each(|error| outcome.message(&error.to_string()));
                continue;
            }
        };
        outcome.add((query.filter.is_some(), query.sort.len(), query.search.is_some()));
        let editor = Actor::Key {
            id: uuid::Uuid::nil(),
            roles: vec!["editor".to_owned()],
        };
        for actor in [Actor::Anonymous, editor, Actor::System] {
            match bind::bind(schema, &actor, &query, limits, cursors) {
                Ok(bound) => {
                    assert!(!glaze_expr::needs(&bound.filter).me, "bound, and still asks who");
                    outcome.add((bound.select.len(), bound.order.len()));
                }
                Err(error) => outcome.message(&error.to_string()),
            }
        }
    }
    outcome
}
