//! The reference is what the checker knows: every function in it is accepted, and the page in `docs/` is up to date
//! (`UPDATE=1 cargo test -p glaze-expr` writes it).

mod common;

use glaze_expr::{Allow, Expected, FUNCTIONS, Form, check_with, reference};

#[test]
fn the_page_in_the_documentation_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/expressions.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, reference()).expect("writable");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == reference(), "docs/expressions.md is out of date; run with UPDATE=1");
}

#[test]
fn every_function_is_known() {
    let arguments = |signature: &str| {
        match signature {
            "size(text | list | relation)" => "size(title)",
            "text.contains(part)" => "title.contains('x')",
            "list.contains(item)" => "labels.contains('x')",
            "text.startsWith(part)" => "title.startsWith('x')",
            "text.endsWith(part)" => "title.endsWith('x')",
            "text.icontains(part)" => "title.icontains('x')",
            "text.istartsWith(part)" => "title.istartsWith('x')",
            "text.iendsWith(part)" => "title.iendsWith('x')",
            "text.matches('pattern')" => "title.matches('x')",
            "lower(text)" => "lower(title)",
            "upper(text)" => "upper(title)",
            "trim(text)" => "trim(title)",
            "coalesce(a, b, …)" => "coalesce(subtitle, title, 'x')",
            "abs(number)" => "abs(views)",
            "round(number, digits)" => "round(rating, 2)",
            "year(date)" => "year(starts_on)",
            "month(date)" => "month(published_at)",
            "day(date)" => "day(starts_on)",
            "check(row, 'action')" => "check(author, 'read')",
            "has(field)" => "has(subtitle)",
            "uuid('…')" => "uuid('00000000-0000-0000-0000-000000000001')",
            other => other,
        }
        .to_owned()
    };
    let allow = Allow {
        matches: true,
        ..Allow::RULE
    };
    for function in FUNCTIONS {
        let call = arguments(function.signature);
        let checked = check_with(&common::model(), "Post", &call, &Expected::Any, allow);
        assert!(checked.is_ok(), "{call}: {checked:?}");
        assert_eq!(function.form == Form::Method, !call.starts_with(function.name), "{call}");
    }
}
