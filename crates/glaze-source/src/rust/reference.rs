//! The schema reference, made from the tables that the reader itself uses.

use std::fmt::Write;

use glaze_model::Scalar;

use super::attributes::{ATTRIBUTES, AttributeSpec, KeyValue, Place};

const HEAD: &str = "\
# Schema reference

<!-- Made by glaze_source::reference() from the reader's own tables. Do not edit. -->

`schema.rs` is ordinary Rust syntax, read as data. It has `use` lines (which mean nothing), structs with `#[entity]`, `#[extends]` or
`#[embedded]`, enums of values, and enums with `#[blocks]`. Doc comments are descriptions. Whatever else is there is an error.

## Names

| what | is called |
|---|---|
| table of `BlogPost` | `blog_posts` |
| path in the API | `/api/blog-posts` |
| column of `published_at` | `published_at` |
| the same in JSON | `publishedAt` |
| column of `author: Ref<User>` | `author_id` (`author_<key column>` each for a compound key) |
| columns of `subject: AnyOf<(…)>` | `subject_type`, `subject_id` |
| columns of an embedded `seo` | `seo_<inner column>` |
| join table of `Post.tags: Many<Tag>` | `post_tags` with `post_id`, `tag_id` (to itself: the singular of the field) |
| value `InReview` of an enum | `in_review` |

## What is there by itself

`id: Uuid` (version 7) is the key unless `#[id]` marks others. `created_at` and `updated_at` are kept by Glaze; declared as `DateTime`
in the file (for a column of another name, say) they still are. `#[extends(User)]` brings the reference `user`, which is the key.
`User` and `Asset` are built in; a field of type `Asset` refers to a file.

## Types

`Option<T>` may be null; all else may not.

| type | meaning |
|---|---|
| an enum | one of its values |
| an `#[embedded]` struct | its fields, in place |
| `Vec<scalar>`, `Vec<Enum>` | a list |
| `Vec<Embedded>` | a list of groups of fields |
| `Vec<Blocks>` | an ordered list of typed blocks |
| `Ref<T>` | refers to one entry; `#[unique]` makes it one-to-one |
| `Many<T>` | many-to-many |
| `Many<T>` with `#[inverse(field)]` | the other side of a `Ref`, an `AnyOf` or a `Many` |
| `Option<T>` with `#[inverse(field)]` | the other side of a unique `Ref` |
| `AnyOf<(A, B)>` | refers to one entry of several entities |
| `Asset` | refers to a file |
| `Custom` | any type of the database, named by `#[db(type = \"…\")]` |
";

/// The whole document.
pub fn reference() -> String {
    let mut out = HEAD.to_owned();
    out.push_str("\n## Scalars\n\n| type | value | example in JSON |\n|---|---|---|\n");
    for (name, scalar) in Scalar::ALL {
        let (meaning, example) = describe(scalar);
        let _ = writeln!(out, "| `{name}` | {meaning} | `{example}` |");
    }
    out.push_str("\n## Attributes\n");
    for spec in ATTRIBUTES.iter().filter(|spec| !spec.later) {
        attribute(&mut out, spec);
    }
    let later: Vec<String> = ATTRIBUTES
        .iter()
        .filter(|spec| spec.later)
        .map(|spec| format!("`#[{}]`", spec.name))
        .collect();
    let _ = writeln!(
        out,
        "\n## Not yet\n\nReserved for later, and an error until then: {}.",
        later.join(", ")
    );
    out
}

fn attribute(out: &mut String, spec: &AttributeSpec) {
    let places: Vec<&str> = spec.places.iter().map(|place| place.word()).collect();
    let _ = writeln!(out, "\n### `#[{}]`\n\nOn {}. {}\n", spec.name, places.join(", "), spec.doc);
    let _ = writeln!(out, "```rust\n{}\n```", spec.syntax.join("\n"));
    let keys: Vec<_> = spec.keys.iter().filter(|key| !key.doc.is_empty()).collect();
    if keys.is_empty() {
        return;
    }
    let scoped = keys.iter().any(|key| !key.places.is_empty());
    out.push_str(if scoped {
        "\n| key | value | on | meaning |\n|---|---|---|---|\n"
    } else {
        "\n| key | value | meaning |\n|---|---|---|\n"
    });
    for key in keys {
        let places: Vec<&str> = key.places.iter().copied().map(Place::word).collect();
        let places = if scoped {
            format!(" {} |", places.join(", "))
        } else {
            String::new()
        };
        let _ = writeln!(out, "| `{}` | {} |{places} {} |", key.name, value(key.value), key.doc);
    }
}

fn value(value: KeyValue) -> String {
    match value {
        KeyValue::Flag => "alone".to_owned(),
        KeyValue::Bool => "`true`, `false`".to_owned(),
        KeyValue::Text => "text".to_owned(),
        KeyValue::Word | KeyValue::WordOrText => "name".to_owned(),
        KeyValue::OneOf(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        KeyValue::Count | KeyValue::Number => "number".to_owned(),
    }
}

fn describe(scalar: Scalar) -> (&'static str, &'static str) {
    match scalar {
        Scalar::Bool => ("true or false", "true"),
        Scalar::I16 => ("16-bit integer", "7"),
        Scalar::I32 => ("32-bit integer", "7"),
        Scalar::I64 => ("64-bit integer; a string beyond ±(2^53 − 1)", "7"),
        Scalar::F32 => ("32-bit float", "0.5"),
        Scalar::F64 => ("64-bit float", "0.5"),
        Scalar::String => ("short text, one line", "\"Hello\""),
        Scalar::Text => ("long text", "\"Hello\""),
        Scalar::Uuid => ("UUID", "\"019330a1-0000-7000-8000-000000000001\""),
        Scalar::Date => ("calendar date", "\"2026-11-21\""),
        Scalar::Time => ("time of day, microseconds", "\"06:52:00\""),
        Scalar::DateTime => ("point in time, microseconds, UTC", "\"2026-11-21T06:52:00Z\""),
        Scalar::Duration => ("length of time", "\"PT1H30M\""),
        Scalar::Json => ("any JSON", "{\"a\":1}"),
        Scalar::Bytes => ("bytes, base64", "\"AAEC\""),
        Scalar::Decimal => ("exact decimal, `precision` 19 and `scale` 4 unless said", "\"12.5000\""),
        Scalar::Money => ("amount of money, `precision` 19 and `scale` 2 unless said", "\"12.50\""),
        Scalar::RichText => (
            "ProseMirror document; plain text is taken as well",
            "{\"type\":\"doc\",\"content\":[]}",
        ),
        Scalar::Email => ("e-mail address", "\"ann@example.org\""),
        Scalar::Url => ("absolute `http` or `https` URL", "\"https://example.org\""),
        Scalar::Slug => ("lower-case words with hyphens", "\"hello-world\""),
        Scalar::Color => ("colour, `#rrggbb` or `#rrggbbaa`", "\"#1e90ff\""),
        Scalar::Point => ("latitude and longitude in degrees", "{\"lat\":52.5,\"lng\":13.4}"),
    }
}
