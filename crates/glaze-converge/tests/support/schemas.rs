//! Random schemas, for laws.

use proptest::prelude::*;

const SCALARS: [&str; 23] = [
    "bool", "i16", "i32", "i64", "f32", "f64", "String", "Text", "Uuid", "Date", "Time", "DateTime", "Duration", "Json", "Bytes",
    "Decimal", "Money", "RichText", "Email", "Url", "Slug", "Color", "Point",
];

/// A field: attributes and type, from a few numbers.
fn field(at: usize, (kind, extra, optional): (usize, usize, bool)) -> String {
    let wrap = |ty: &str| if optional { format!("Option<{ty}>") } else { ty.to_owned() };
    let (attributes, ty) = match kind % 32 {
        0..=22 => {
            let ty = SCALARS[kind % 32];
            let attributes = match (ty, extra % 5) {
                ("i16" | "i32" | "i64", 1) => "#[field(min = -3, max = 900)] ",
                ("i16" | "i32" | "i64", 2) => "#[default(-7)] ",
                ("f64" | "f32", 1) => "#[field(min = 0.5)] ",
                ("Decimal", 1) => "#[field(precision = 9, scale = 3, min = 0)] ",
                ("Money", 2) => "#[default(\"1.50\")] ",
                ("String" | "Text", 1) => "#[field(min = 1, max = 40)] ",
                ("String" | "Text", 2) => "#[default(\"it's (a) \\\"test\\\"; -- x\")] ",
                ("String" | "Text" | "Uuid" | "i64" | "Date" | "Email", 3) => "#[unique] ",
                ("bool", 1) => "#[default(true)] ",
                ("Date", 2) => "#[default(\"2026-02-03\")] ",
                ("DateTime", 2) => "#[default(\"2026-02-03T04:05:06Z\")] ",
                _ => "",
            };
            (attributes, wrap(ty))
        }
        23 => ("", "Vec<String>".to_owned()),
        24 => ("", "Vec<i64>".to_owned()),
        25 => ("", wrap("Mood")),
        26 => ("#[default(Glad)] ", "Mood".to_owned()),
        27 => ("", wrap("Ref<Hub>")),
        28 => ("#[on_delete(cascade)] ", "Ref<Hub>".to_owned()),
        29 => ("", "Many<Hub>".to_owned()),
        30 => ("", wrap("Frame")),
        _ => ("", "Vec<Part>".to_owned()),
    };
    format!("    {attributes}pub f{at}: {ty},\n")
}

/// An entity with these fields.
pub fn entity(name: &str, fields: &[(usize, usize, bool)], times: bool) -> String {
    let fields: String = fields.iter().enumerate().map(|(at, spec)| field(at, *spec)).collect();
    let head = if times { "#[entity]" } else { "#[entity(timestamps = false)]" };
    format!("{head}\npub struct {name} {{\n{fields}    pub last: Option<i32>,\n}}\n\n")
}

/// What the entities speak of.
pub const REST: &str = "#[entity(timestamps = false)]
pub struct Hub { pub name: String }

pub enum Mood { Glad, VerySad, Calm }

#[blocks]
pub enum Part { Big { text: String }, Small { number: i64 } }

#[embedded]
pub struct Frame { pub width: Option<i32>, #[field(max = 9)] pub label: Option<String>, pub hub: Option<Ref<Hub>> }
";

/// Schemas of two entities that have this and that.
pub fn schema() -> impl Strategy<Value = String> {
    let field = (0usize..32, 0usize..5, any::<bool>());
    let fields = || prop::collection::vec(field.clone(), 0..7);
    (fields(), fields(), any::<bool>(), any::<bool>()).prop_map(|(one, two, times, index)| {
        let index = if index { "#[index(last desc)]\n" } else { "" };
        format!(
            "use glaze::schema::*;\n\n{index}{}{}{REST}",
            entity("One", &one, times),
            entity("Two", &two, !times)
        )
    })
}

/// A field of more kinds than [`field`] has.
fn wide_field(at: usize, spec: (usize, usize, bool)) -> String {
    let more = match (spec.0 % 32, spec.1 % 5) {
        (1..=3, 4) => "/** A number, it's so. */ pub f: i32",
        (6, 4) => "#[field(pattern = \"[a-z']+\", max = 12)] pub f: String",
        (8, 2) => "#[default(uuid)] pub f: Uuid",
        (9, 4) => "#[default(now)] pub f: Date",
        (11, 4) => "#[default(now)] pub f: DateTime",
        (15, 2) => "#[default(-4.99)] pub f: Decimal",
        (15, 3) => "#[field(precision = 12, scale = 0)] pub f: Option<Decimal>",
        (25, 4) => "pub f: Vec<Mood>",
        (29, 4) => "pub f: AnyOf<(Hub, Two)>",
        _ => return field(at, spec),
    };
    format!("    {},\n", more.replace("pub f:", &format!("pub f{at}:")))
}

/// What may stand on an entity; over the fields `last` and `note`.
const ATTRIBUTES: [&str; 10] = [
    "",
    "#[index(last desc)]\n",
    "#[index(note, last)]\n",
    "#[unique(note, last)]\n",
    "#[index(last, unique, where = \"note == 'a'\")]\n",
    "#[index(expr = \"lower(note)\")]\n",
    "#[index(last, db_where = \"last BETWEEN 1 AND 5 AND note <> ''\")]\n",
    "#[db(check = \"last > 0 OR note IN ('a', 'b')\")]\n",
    "#[db(check = \"(last BETWEEN 0 AND 9 AND length(note) < 50) OR last IS NULL\")]\n",
    "/** It's about something. */\n",
];

/// The enum with its values in several orders and numbers.
const MOODS: [&str; 4] = [
    "pub enum Mood { Glad, VerySad, Calm }",
    "pub enum Mood { Glad, VerySad, Calm, Odd }",
    "pub enum Mood { Calm, Glad }",
    "pub enum Mood { Odd, Glad, #[was(\"very_sad\")] Sad }",
];

/// Schemas with more in them: SQL of its own, several indexes and keys, an enum that changes.
pub fn wide_schema() -> impl Strategy<Value = String> {
    let fields = || prop::collection::vec((0usize..32, 0usize..5, any::<bool>()), 0..7);
    let on = || 0..ATTRIBUTES.len();
    (fields(), fields(), any::<bool>(), on(), on(), 0..MOODS.len()).prop_map(|(one, two, times, first, second, moods)| {
        let entity = |name: &str, attributes: &str, specs: &[(usize, usize, bool)], times: bool| {
            let fields: String = specs.iter().enumerate().map(|(at, spec)| wide_field(at, *spec)).collect();
            format!(
                "{attributes}#[entity(timestamps = {times})]\npub struct {name} {{\n{fields}    pub last: Option<i32>,\n    pub note: Text,\n}}\n\n"
            )
        };
        format!(
            "use glaze::schema::*;\n\n{}{}{}",
            entity("One", ATTRIBUTES[first], &one, times),
            entity("Two", ATTRIBUTES[second], &two, !times),
            REST.replace(MOODS[0], MOODS[moods])
        )
    })
}
