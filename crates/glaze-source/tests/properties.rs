//! Laws that hold for every schema: what is printed reads as the same model, and an edit with its inverse restores every byte.

use glaze_model::{Field, FieldKind, Model, Scalar};
use glaze_source::edit::{Edit, apply};
use glaze_source::{SourceFile, print, read, render};
use proptest::prelude::*;

/// Types with attributes that fit them.
const TYPES: [(&str, &[&str]); 31] = [
    ("bool", &["default(true)", "private"]),
    (
        "i16",
        &["default(-3)", "field(min = -5, max = 5)", "unique", "db(identity = serial)"],
    ),
    ("i32", &["field(max = 100)", "db(default = \"floor(random() * 10)\")"]),
    ("i64", &["default(9007199254740993)", "was(\"older\")", "db(generated = \"1 + 1\")"]),
    ("f32", &["default(0.25)"]),
    ("f64", &["field(min = 0.5)", "private"]),
    (
        "String",
        &[
            "default(\"a \\\"b\\\" \\\\\")",
            "field(max = 40, pattern = r\"a.*\")",
            "unique",
            "db(column = \"Odd Name%\", collate = \"C\")",
        ],
    ),
    ("Text", &["field(search = false, help = \"Help\")", "default(\"x\\ny\")"]),
    ("Uuid", &["default(uuid)", "unique"]),
    ("Date", &["default(now)", "default(\"2026-11-21\")"]),
    ("Time", &["default(\"06:52:00.5\")"]),
    ("DateTime", &["default(\"2026-11-21T06:52:00Z\")", "private"]),
    ("Duration", &["default(\"PT1H30M\")"]),
    ("Json", &["default(\"[1, {}]\")", "db(type = \"json\")"]),
    ("Bytes", &["default(\"AAEC\")"]),
    ("Decimal", &["default(12.50)", "field(precision = 9, scale = 3, max = 99.5)"]),
    ("Money", &["field(currency = \"EUR\")", "default(\"-1.5\")"]),
    ("RichText", &["default(\"Hello\")"]),
    ("Email", &["unique"]),
    ("Color", &["default(\"#1e90ff\")"]),
    ("Point", &["default(\"{\\\"lat\\\": 1, \\\"lng\\\": 2.5}\")"]),
    ("Kind", &["default(Second)", "unique"]),
    ("Vec<Kind>", &["default([First, Second])"]),
    ("Vec<String>", &["default([\"a\", \"b\"])", "field(max = 3)"]),
    ("Group", &["db(column = \"g\")"]),
    ("Vec<Group>", &["default([])"]),
    ("Vec<Part>", &[]),
    (
        "Ref<Other>",
        &[
            "on_delete(cascade)",
            "unique",
            "db(fk = false)",
            "db(column = \"other\", on_update = cascade)",
        ],
    ),
    ("Ref<Pair>", &["on_delete(no_action)", "db(columns = \"t, i\")", "was(\"pair\")"]),
    ("AnyOf<(Other, User)>", &["db(columns = \"t, i\")"]),
    ("Asset", &["on_delete(no_action)"]),
];

const REST: &str = "
#[entity(timestamps = false)]
pub struct Other {
    #[id]
    pub code: String,
}

#[entity]
pub struct Pair {
    #[id(2)]
    pub other: Ref<Other>,
    #[id(1)]
    pub number: i32,
}

pub enum Kind { First, #[db(value = \"2nd\")] Second }

#[embedded]
pub struct Group { pub one: Option<String>, pub other: Option<Ref<Other>>, pub kind: Kind }

#[blocks]
pub enum Part { Line, Words { text: Text, group: Option<Group> } }
";

/// A field: which type, nullable, which of its attributes, described or not, and what noise is around it.
type Chosen = (usize, bool, Vec<bool>, bool, u8);

fn fields() -> impl Strategy<Value = Vec<Chosen>> {
    prop::collection::vec(
        (
            0..TYPES.len(),
            any::<bool>(),
            prop::collection::vec(any::<bool>(), 4),
            any::<bool>(),
            0u8..6,
        ),
        1..9,
    )
}

fn schema(chosen: &[Chosen], entity: &str, noisy: bool) -> String {
    let mut out = format!("use glaze::schema::*;\n\n{entity}\npub struct Thing {{\n");
    for (at, (which, nullable, attributes, described, noise)) in chosen.iter().enumerate() {
        let (ty, possible) = TYPES[*which];
        if noisy {
            out += ["", "\n", "    // about the next\n", "    /* block\n       comment */\n", "", "\n\n"][usize::from(*noise)];
        }
        if *described {
            out += &format!("    /// Field {at}.\n");
        }
        let mut seen = Vec::new();
        for (attribute, _) in possible.iter().zip(attributes).filter(|(_, chosen)| **chosen) {
            let name = attribute.split('(').next().unwrap_or_default();
            // One default is enough, and a computed or generated field has none.
            let name = if attribute.starts_with("db(default") { "default" } else { name };
            if !seen.contains(&name) {
                out += &format!("    #[{attribute}]{}\n", if noisy && *noise == 4 { " // why" } else { "" });
                seen.push(name);
            }
        }
        let ty = if *nullable { format!("Option<{ty}>") } else { ty.to_owned() };
        out += &format!(
            "    pub field_{at}_x: {ty},{}\n",
            if noisy && *noise % 2 == 1 {
                " // trailing, with } and ,"
            } else {
                ""
            }
        );
    }
    out += &format!("}}\n{REST}");
    // Columns of a fixed name would be there twice.
    for name in ["Odd Name%", "other", "t, i", "g"] {
        out = out
            .split(&format!("\"{name}\""))
            .enumerate()
            .fold(String::new(), |all, (at, part)| match at {
                0 => part.to_owned(),
                at => format!(
                    "{all}\"{}\"{part}",
                    name.split(", ").map(|name| format!("{name}{at}")).collect::<Vec<_>>().join(", ")
                ),
            });
    }
    out
}

fn model(text: &str) -> Model {
    let file = SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    };
    let reading = read(std::slice::from_ref(&file));
    reading
        .model
        .unwrap_or_else(|| panic!("{}", render(&reading.diagnostics, &[file], false)))
}

const ENTITIES: [&str; 4] = [
    "#[entity]",
    "#[entity(timestamps = false, icon = \"x\")]\n#[db(table = \"Things\", schema = \"old\")]",
    "/// Doc.\n///\n///  More \"of it\" \\.\n#[entity(id = false)]\n#[db(check = \"1 < \\\"2\\\"\")]",
    "#[can(read)]\n#[extends(User)]",
];

fn edited(text: &str, edit: Edit) -> String {
    let file = SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    };
    match apply(&[file], std::slice::from_ref(&edit)) {
        Ok(changed) => changed.into_iter().next().map_or_else(|| text.to_owned(), |file| file.text),
        Err(refused) => panic!("{edit:?}: {refused}\n{text}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_as_the_same_model(chosen in fields(), entity in 0..ENTITIES.len()) {
        let read = model(&schema(&chosen, ENTITIES[entity], false));
        let printed = print(&read);
        prop_assert_eq!(&model(&printed), &read, "{}", printed);
        prop_assert_eq!(print(&model(&printed)), printed);
    }

    #[test]
    fn an_edit_and_its_inverse_restore_every_byte(
        chosen in fields(),
        place in any::<prop::sample::Index>(),
        crlf in any::<bool>(),
        scalar in 0..Scalar::ALL.len(),
    ) {
        let mut text = schema(&chosen, ENTITIES[0], true);
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let name = format!("field_{}_x", place.index(chosen.len()));
        let entity = || "Thing".to_owned();

        let field = Field { columns: Vec::new(), doc: "New.".to_owned(), ..Field::new("added", FieldKind::Scalar(Scalar::ALL[scalar].1)) };
        let added = edited(&text, Edit::AddField { entity: entity(), field: Box::new(field), after: Some(name.clone()) });
        prop_assert_ne!(&added, &text);
        prop_assert_eq!(&edited(&added, Edit::RemoveField { entity: entity(), field: "added".to_owned() }), &text);

        let before = model(&text).entity("Thing").and_then(|thing| thing.field(&name)).cloned().expect("it is there");
        if before.was.is_none() {
            let renamed = edited(&text, Edit::RenameField { entity: entity(), field: name.clone(), to: "renamed".to_owned() });
            let old_name = format!("pub {name}:");
            prop_assert!(!renamed.contains(&old_name));
            prop_assert_eq!(&edited(&renamed, Edit::RenameField { entity: entity(), field: "renamed".to_owned(), to: name.clone() }), &text);
        }

        let to = Field { nullable: !before.nullable, ..before.clone() };
        let changed = edited(&text, Edit::ChangeField { entity: entity(), field: name.clone(), to: Box::new(to) });
        prop_assert_eq!(&edited(&changed, Edit::ChangeField { entity: entity(), field: name.clone(), to: Box::new(before) }), &text);

        let without = edited(&text, Edit::RemoveField { entity: entity(), field: name.clone() });
        for line in text.lines().filter(|line| line.trim_start().starts_with("//") && !line.contains("///")) {
            prop_assert!(without.contains(line), "{} is lost in\n{}", line, without);
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "[a-z#\\[\\](){}<>,;:=\"'/!. \nA-Zé0-9-]{0,200}", start in any::<prop::sample::Index>(), length in 0usize..40) {
        let file = |text: String| SourceFile { path: "schema.rs".to_owned(), text };
        read(&[file(text.clone())]);
        // A good file with a hole in it that is filled with something else.
        let good = schema(&[(6, false, vec![true; 4], true, 1), (28, true, vec![true; 4], true, 2)], ENTITIES[2], true);
        let mut broken = good.clone();
        let from = (0..=start.index(good.len())).rev().find(|at| good.is_char_boundary(*at)).unwrap_or(0);
        let to = (from..=(from + length).min(good.len())).rev().find(|at| good.is_char_boundary(*at)).unwrap_or(from);
        broken.replace_range(from..to, &text);
        let reading = read(&[file(broken.clone())]);
        for found in &reading.diagnostics {
            prop_assert!(found.span.start <= found.span.end && found.span.end <= broken.len());
            prop_assert!(broken.get(found.span.start..found.span.end).is_some());
        }
        render(&reading.diagnostics, &[file(broken)], false);
    }
}

#[test]
fn a_large_schema_is_read_in_linear_time() {
    let entity = |at: usize| {
        let fields: String = (0..12)
            .map(|field| format!("    /// Field.\n    #[field(max = 200)]\n    #[default(\"x\")]\n    pub field_{field}: String,\n"))
            .collect();
        format!(
            "#[entity(label = field_1)]\n#[can(read, \"field_1 == 'x' && next != null\")]\n#[index(field_1, field_2)]\npub struct Entity{at} {{\n{fields}    pub next: Option<Ref<Entity{}>>,\n}}\n\n",
            at / 2
        )
    };
    let time = |count: usize| {
        let file = SourceFile {
            path: "schema.rs".to_owned(),
            text: (0..count).map(entity).collect(),
        };
        let start = std::time::Instant::now();
        let reading = read(&[file]);
        assert!(reading.model.is_some(), "{:?}", reading.diagnostics.first());
        start.elapsed()
    };
    time(50);
    let (small, large) = (time(50), time(400));
    println!("50 entities: {small:?}, 400: {large:?}");
    assert!(large < small * 40, "8 times the entities took {large:?} instead of {small:?}");
}

#[test]
fn nesting_that_would_exhaust_the_stack_is_refused() {
    for text in [
        format!("#[entity] struct A {{ x: {}i32{} }}", "Vec<".repeat(100_000), ">".repeat(100_000)),
        format!("#[entity] struct A {{ x: {}i32{} }}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("#[entity] struct A {{ x: {}i32 }}", "&".repeat(100_000)),
        format!("enum A {{ B = {}1 }}", "-".repeat(100_000)),
        format!("enum A {{ B = {}1 }}", "return ".repeat(100_000)),
        format!("#[default({}1{})] struct A {{}}", "[".repeat(2_000), "]".repeat(2_000)),
    ] {
        let reading = read(&[SourceFile {
            path: "schema.rs".to_owned(),
            text,
        }]);
        assert!(reading.model.is_none() && !reading.diagnostics.is_empty());
    }
}
