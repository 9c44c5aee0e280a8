//! The example schemas, on both databases.
#![allow(clippy::unwrap_used)]

mod support;

use support::{DIALECTS, block_on, fresh, model};

#[test]
fn the_templates_become_tables_and_nothing_differs_afterwards() {
    block_on(async {
        for template in ["shop", "blog"] {
            let path = glaze_testkit::repository().join(format!("crates/glaze/templates/{template}/schema.rs"));
            let model = model(&std::fs::read_to_string(path).unwrap());
            for dialect in DIALECTS {
                let place = fresh(dialect).await;
                place
                    .create(&model)
                    .await
                    .unwrap_or_else(|error| panic!("{template} on {dialect}: {error}"));
                let left = place.difference(&model).await;
                assert!(left.is_empty(), "{template} on {dialect}: {left:#?}");
            }
        }
    });
}
