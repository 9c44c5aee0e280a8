//! The schema reader.

use glaze_source::{SourceFile, print, read};

use super::{Outcome, Target};

pub const TARGET: Target = Target {
    name: "schema",
    seeds: &[
        "glaze/templates/blank/schema.rs",
        "glaze/templates/blog/schema.rs",
        "glaze/templates/shop/schema.rs",
        "glaze-source/src/builtin/schema.rs",
        "glaze-source/tests/fixtures/ok",
        "glaze-source/tests/fixtures/err",
    ],
    words: &[
        "#[entity]",
        "#[entity(label = title)]",
        "#[id]",
        "#[unique]",
        "#[index(a, b desc)]",
        "#[default(now)]",
        "#[default(0)]",
        "#[field(max = 3)]",
        "#[can(read, \"a == 1\")]",
        "#[rule(\"a\", \"b\")]",
        "#[computed(\"a\", stored)]",
        "#[inverse(post)]",
        "#[on_delete(cascade)]",
        "#[was(\"x\")]",
        "#[db(column = \"x\")]",
        "#[private]",
        "#[embedded]",
        "#[blocks]",
        "#[extends(User)]",
        "pub struct A { pub a: String }",
        "pub enum B { C, D }",
        "Option<",
        "Vec<",
        "Ref<",
        "Many<",
        "AnyOf<(",
        ")>",
        ">",
        "String",
        "Text",
        "i64",
        "Uuid",
        "DateTime",
        "Decimal",
        "Custom",
        "User",
        "Asset",
        "pub ",
        "r#type",
        "r#\"",
        "//",
        "/*",
        "///",
        "macro!()",
        "'a",
        "\\",
        "fn",
        "cfg",
        "-1",
        "use x::*;",
    ],
    prepare: || Box::new(|input| judge(&String::from_utf8_lossy(input))),
};

fn judge(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let file = SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    };
    let reading = read(std::slice::from_ref(&file));
    for found in &reading.diagnostics {
        outcome.add(&found.code);
        if found.file.is_empty() {
            continue;
        }
        assert!(
            found.span.start <= found.span.end && found.span.end <= text.len(),
            "a place outside the file: {found:?}"
        );
        assert!(found.line >= 1 && found.column >= 1, "a place outside the file: {found:?}");
    }
    let Some(model) = reading.model else {
        assert!(!reading.diagnostics.is_empty(), "no model, and no reason");
        return outcome;
    };
    outcome.add((model.entities.len(), model.enums.len(), model.embedded.len(), model.blocks.len()));
    for field in model.entities.iter().flat_map(|entity| &entity.fields) {
        outcome.add(std::mem::discriminant(&field.kind));
    }
    let printed = print(&model);
    let again = read(&[SourceFile {
        path: "schema.rs".to_owned(),
        text: printed.clone(),
    }]);
    assert_eq!(again.model.as_ref(), Some(&model), "printed as\n{printed}\n{:?}", again.diagnostics);
    let lines = read(&[SourceFile {
        path: "schema.rs".to_owned(),
        text: text.replace("\r\n", "\n"),
    }]);
    assert!(lines.model.is_some(), "other line ends give another reading");
    outcome
}
