//! What the macros are told: mistakes at their tokens, and the shape of what is right.

use glaze_source::rust::compile::{Shape, Wire, plain_enums, shape};

fn item(text: &str) -> syn::Item {
    syn::parse_str(text).expect("Rust")
}

#[test]
fn mistakes_are_where_the_tokens_are() {
    let text = "#[entity(labl = title)] struct Post { #[uniqe] title: String }";
    let mistakes = shape(&item(text)).expect_err("two mistakes");
    let found: Vec<(&str, String)> = mistakes
        .iter()
        .map(|mistake| (&text[mistake.span.byte_range()], mistake.message.clone()))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].0, "labl");
    assert_eq!(
        found[1],
        ("uniqe", "unknown attribute `uniqe`\nhelp: did you mean `unique`?".to_owned())
    );
}

#[test]
fn what_is_there_by_itself_is_said() {
    let told = |text: &str| match shape(&item(text)) {
        Ok(Shape::Entity { id, times, base, .. }) => (id, times.len(), base),
        other => panic!("{other:?}"),
    };
    assert_eq!(told("#[entity] struct A { x: i32 }"), (true, 2, None));
    assert_eq!(told("#[entity(timestamps = false)] struct A { #[id] x: i32 }"), (false, 0, None));
    assert_eq!(told("#[entity] struct A { created_at: DateTime }"), (true, 1, None));
    assert_eq!(told("#[extends(User)] struct A { x: i32 }"), (false, 2, Some("User".to_owned())));
    let fields = shape(&item("#[embedded] struct A { a: Option<i64>, r#type: Asset, c: Many<B> }"));
    let Ok(Shape::Embedded(fields)) = fields else {
        panic!("{fields:?}")
    };
    let wires: Vec<(String, Wire)> = fields.into_iter().map(|field| (field.json, field.wire)).collect();
    assert_eq!(
        wires,
        [
            ("a".to_owned(), Wire::OptionalInteger),
            ("type".to_owned(), Wire::Asset),
            ("c".to_owned(), Wire::Many)
        ]
    );
}

#[test]
fn the_first_macro_of_a_file_brings_its_plain_enums() {
    let (enums, first) = plain_enums("enum A { One, TwoWords }\n#[entity] struct B { a: A }\n#[entity] struct C {}").expect("it reads");
    assert_eq!(first, "B");
    assert_eq!(enums.len(), 1);
    assert_eq!(
        enums[0].values,
        [
            ("One".to_owned(), "one".to_owned()),
            ("TwoWords".to_owned(), "two_words".to_owned())
        ]
    );
    assert!(plain_enums("enum A { One }").is_none());
}
