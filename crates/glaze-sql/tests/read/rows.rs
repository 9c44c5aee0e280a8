//! A schema with every kind of field, and rows that are awkward on purpose: ties, nulls, quotes, letters beyond ASCII.

use glaze_data::{Schema, bound::Record};
use glaze_expr::tree::EntityIx;
use glaze_model::{FieldKind, Scalar, Value};
use serde_json::json;

pub const LIBRARY: &str = r##"
use glaze::schema::*;

#[entity(label = title)]
#[can(read, "status == 'published' || owner == me.id || 'editor' in me.roles")]
#[index(views)]
#[index(mood)]
#[index(published_at desc)]
#[index(title, views desc)]
#[index(ratio)]
#[index(score)]
pub struct Book {
    #[field(max = 200)]
    pub title: String,
    #[unique]
    pub slug: String,
    pub body: Option<RichText>,
    pub author: Option<Ref<Writer>>,
    pub second: Option<Ref<Writer>>,
    pub owner: Option<Uuid>,
    pub tags: Many<Tag>,
    #[inverse(book)]
    pub reviews: Many<Review>,
    #[inverse(book)]
    pub summary: Option<Summary>,
    pub views: i64,
    pub small: i16,
    pub pages: Option<i32>,
    pub price: Option<Money>,
    #[field(precision = 20, scale = 6)]
    pub ratio: Option<Decimal>,
    pub score: Option<f64>,
    pub weight: Option<f32>,
    pub status: Status,
    pub mood: Option<Status>,
    pub published_at: Option<DateTime>,
    pub day: Option<Date>,
    pub hour: Option<Time>,
    pub length: Option<Duration>,
    pub keywords: Vec<String>,
    pub numbers: Vec<i32>,
    pub seo: Option<Seo>,
    pub data: Option<Json>,
    pub place: Option<Point>,
    pub raw: Option<Bytes>,
    pub colour: Option<Color>,
    pub subject: Option<AnyOf<(Tag, Writer)>>,
    #[can(read, "'editor' in me.roles")]
    pub notes: Option<Text>,
    pub free: bool,
    pub shelf: Option<Ref<Shelf>>,
    pub prequel: Option<Ref<Book>>,
    #[inverse(prequel)]
    pub sequels: Many<Book>,
    #[computed("size(title) + views")]
    pub rank: i64,
}

pub enum Status { Draft, InReview, Published }

#[embedded]
pub struct Seo { pub title: Option<String>, pub weight: Option<Money>, pub at: Option<DateTime> }

#[entity]
#[can(read, "active || 'editor' in me.roles")]
pub struct Writer {
    pub name: String,
    pub active: bool,
    pub born: Option<Date>,
    #[inverse(author)]
    pub books: Many<Book>,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    #[id]
    pub id: i32,
    pub name: String,
    #[inverse(subject)]
    pub about: Many<Book>,
}

#[entity(timestamps = false)]
#[can(read, "approved || 'editor' in me.roles")]
pub struct Review {
    #[id]
    pub number: i64,
    pub book: Ref<Book>,
    pub text: Text,
    pub stars: i32,
    pub approved: bool,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Summary {
    #[unique]
    pub book: Ref<Book>,
    pub text: String,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Shelf {
    #[id]
    pub room: i32,
    #[id]
    pub name: String,
    pub height: Option<i32>,
    #[inverse(shelf)]
    pub books: Many<Book>,
}
"##;

type Rows = Vec<(EntityIx, Record)>;
type Links = Vec<(EntityIx, u32, Vec<Value>, Vec<Value>)>;

pub fn uuid(n: u128) -> Value {
    Value::Uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

struct Maker<'a> {
    schema: &'a Schema,
    rows: Rows,
}

impl Maker<'_> {
    /// Adds a row from JSON by source names; what is not named is null. Returns its key field by field.
    fn row(&mut self, entity: &str, json: serde_json::Value) {
        let info = self.schema.entity_by_name(entity).unwrap();
        let declared = self.schema.declared(info.ix);
        let record = declared.fields.iter().map(|field| match json.get(&field.name) {
            None | Some(serde_json::Value::Null) if field.name.ends_with("ed_at") && field.implicit => Value::DateTime(crate::world::now()),
            None | Some(serde_json::Value::Null) => Value::Null,
            Some(value) => self.value(&field.kind, value),
        });
        let record = record.collect();
        self.rows.push((info.ix, record));
    }

    fn value(&self, kind: &FieldKind, json: &serde_json::Value) -> Value {
        let scalar =
            |scalar: Scalar, json: &serde_json::Value| Value::from_json(scalar, json).unwrap_or_else(|error| panic!("{json}: {error}"));
        match kind {
            FieldKind::Scalar(of) => scalar(*of, json),
            FieldKind::List(of) => Value::List(json.as_array().unwrap().iter().map(|item| scalar(*of, item)).collect()),
            FieldKind::Enum(_) => scalar(Scalar::String, json),
            FieldKind::Ref(reference) => {
                let target = self.schema.model().entity(&reference.target).unwrap();
                let scalars = self.schema.model().key_scalars(target);
                match json {
                    serde_json::Value::Array(parts) => Value::List(parts.iter().zip(scalars).map(|(part, of)| scalar(of, part)).collect()),
                    one => scalar(scalars[0], one),
                }
            }
            FieldKind::AnyOf(_) => Value::List(json.as_array().unwrap().iter().map(|part| scalar(Scalar::String, part)).collect()),
            FieldKind::Embedded(name) => {
                let embedded = self.schema.model().embedded_type(name).unwrap();
                let part = |(field, json): (&glaze_model::Field, &serde_json::Value)| {
                    if json.is_null() {
                        Value::Null
                    } else {
                        self.value(&field.kind, json)
                    }
                };
                Value::List(embedded.fields.iter().zip(json.as_array().unwrap()).map(part).collect())
            }
            other => panic!("{other:?}"),
        }
    }
}

pub fn all(schema: &Schema, reviews: u64) -> (Rows, Links) {
    let mut maker = Maker { schema, rows: Vec::new() };
    let writers = ["Ann", "Bea \"the\" Writer", "Çelik", "ann", "Zoë\n"];
    for (n, name) in writers.iter().enumerate() {
        let born = (n % 2 == 0).then(|| format!("19{}0-02-0{}", n + 5, n + 1));
        maker.row(
            "Writer",
            json!({"id": uuid(n as u128).to_string(), "name": name, "active": n != 3, "born": born}),
        );
    }
    for (n, name) in ["rust", "Cooking", "über", "rust"].iter().enumerate() {
        maker.row("Tag", json!({"id": n as i64 - 1, "name": name}));
    }
    for (room, name, height) in [(1, "A", Some(10)), (1, "B", None), (2, "A", Some(7))] {
        maker.row("Shelf", json!({"room": room, "name": name, "height": height}));
    }
    for n in 0..24u64 {
        book(&mut maker, n);
    }
    for n in 0..reviews {
        let text = ["good", "Not good", "über-good", "\"quoted\\\""][(n % 4) as usize];
        let book = uuid(100 + u128::from(n * n % 20)).to_string();
        maker.row(
            "Review",
            json!({"number": n as i64 * 7 - 30, "book": book, "text": text, "stars": n % 5, "approved": n % 3 != 0}),
        );
    }
    for n in 0..8u64 {
        maker.row("Summary", json!({"id": uuid(500 + u128::from(n)).to_string(), "book": uuid(100 + u128::from(n * 3)).to_string(), "text": format!("s{n}")}));
    }
    let book = schema.entity_by_name("Book").unwrap();
    let tags = book.field_by_name("tags").unwrap().ix;
    let mut links = Vec::new();
    for n in 0..24u64 {
        for tag in 0..n % 4 {
            links.push((book.ix, tags, vec![uuid(100 + u128::from(n))], vec![Value::Int(tag as i64 - 1)]));
        }
    }
    (maker.rows, links)
}

fn book(maker: &mut Maker<'_>, n: u64) {
    let some = |every: u64, value: serde_json::Value| if n.is_multiple_of(every) { serde_json::Value::Null } else { value };
    let titles = [
        "Rust in words",
        "rust IN action",
        "A \"quoted\" title\\",
        "Ünïcode überall",
        "",
        "tab\there",
        "100% _sure_",
        "émile",
    ];
    let status = ["draft", "in_review", "published", "published"][(n % 4) as usize];
    let shelf = [json!([1, "A"]), json!([1, "B"]), json!([2, "A"]), json!(null)][(n % 4) as usize].clone();
    let subject = [
        json!(["tag", "1"]),
        json!(["writer", uuid(u128::from(n % 5)).to_string()]),
        json!(null),
    ][(n % 3) as usize]
        .clone();
    let text = ["Hello big world", "second rust-y paragraph", "über"][(n % 3) as usize];
    maker.row(
        "Book",
        json!({
            "id": uuid(100 + u128::from(n)).to_string(), "title": titles[(n % 8) as usize], "slug": format!("book-{n}"),
            "body": some(5, json!({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]})),
            "author": some(4, json!(uuid(u128::from(n % 5)).to_string())), "second": some(3, json!(uuid(u128::from((n + 2) % 5)).to_string())),
            "owner": some(2, json!(uuid(7).to_string())), "views": ([0i64, -1, 3, 9_007_199_254_740_993, 3, 10][(n % 6) as usize]),
            "small": n as i64 - 12, "pages": some(3, json!(n * 10)), "price": some(4, json!(["12.50", "0.00", "-3.99", "12.50", "99999999.99"][(n % 5) as usize])),
            "ratio": some(6, json!(["0.000001", "-0.5", "123456.789012", "2"][(n % 4) as usize])),
            "score": some(5, json!([0.1, -2.5, 1e21, 3.0, 1e-7][(n % 5) as usize])), "weight": some(7, json!([1.1, 2.0, 0.3][(n % 3) as usize])),
            "status": status, "mood": some(3, json!(["published", "draft"][(n % 2) as usize])),
            "published_at": some(3, json!(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "1999-12-31T23:59:59.123456Z", "2026-11-21T06:52:00Z"][(n % 4) as usize])),
            "day": some(4, json!(["2026-02-28", "0900-01-01", "2024-02-29"][(n % 3) as usize])),
            "hour": some(5, json!(["06:52:00", "23:59:59.999999", "00:00:00"][(n % 3) as usize])),
            "length": some(6, json!(["PT1H30M", "PT0S", "PT0.5S", "PT36H"][(n % 4) as usize])),
            "keywords": ([json!([]), json!(["a", "b\"c"]), json!(["ä", "", "a"])][(n % 3) as usize]),
            "numbers": ([json!([1, 2, 3]), json!([]), json!([-5])][(n % 3) as usize]),
            "seo": ([json!(null), json!(["t", "1.50", null]), json!([null, null, "2026-01-01T00:00:00Z"])][(n % 3) as usize]),
            "data": ([json!(null), json!({"a": {"b": "x"}, "n": 5}), json!([1, "two"]), json!("text"), json!({"a": {"b": null}})][(n % 5) as usize]),
            "place": some(3, json!({"lat": 52.5, "lng": -13.25})), "raw": some(4, json!("AAEC/w==")), "colour": some(2, json!("#1e90ff")),
            "subject": subject, "notes": some(2, json!(format!("note {n}"))), "free": n.is_multiple_of(3), "shelf": shelf,
            "prequel": if n > 5 { json!(uuid(100 + u128::from(n / 2)).to_string()) } else { json!(null) },
        }),
    );
}
