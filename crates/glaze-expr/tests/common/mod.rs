//! A model and rows to judge expressions over.
#![allow(dead_code)]

use glaze_expr::{
    Env, EvalError,
    tree::{EntityIx, Exists, FieldIx, FieldRef, Me, Part, Var},
};
use glaze_model::{
    AnyOf, Embedded, Entity, EnumType, EnumValue, Field, FieldKind, Inverse, Many, Model, OnDelete, Ownership, Ref, Scalar, Value,
};
use jiff::Timestamp;
use uuid::Uuid;

pub fn entity(name: &str, key: &[&str], fields: Vec<Field>) -> Entity {
    Entity {
        id: None,
        name: name.to_owned(),
        schema: None,
        table: name.to_lowercase(),
        doc: String::new(),
        label: None,
        icon: None,
        ownership: Ownership::Project,
        internal: false,
        key: key.iter().map(|name| (*name).to_owned()).collect(),
        fields,
        indexes: Vec::new(),
        uniques: Vec::new(),
        rules: Vec::new(),
        validations: Vec::new(),
        db_checks: Vec::new(),
        db_key: Vec::new(),
        db_foreign_keys: Vec::new(),
        extends: None,
        was: None,
    }
}

pub fn scalar(name: &str, scalar: Scalar) -> Field {
    Field::new(name, FieldKind::Scalar(scalar))
}

pub fn optional(field: Field) -> Field {
    Field { nullable: true, ..field }
}

pub fn reference(name: &str, target: &str) -> Field {
    let kind = FieldKind::Ref(Ref {
        target: target.to_owned(),
        on_delete: OnDelete::Restrict,
    });
    Field {
        columns: vec![format!("{name}_id")],
        ..Field::new(name, kind)
    }
}

fn many(name: &str, target: &str) -> Field {
    let kind = FieldKind::Many(Many {
        target: target.to_owned(),
        schema: None,
        table: format!("{name}_join"),
        from_columns: vec!["a".to_owned()],
        to_columns: vec!["b".to_owned()],
        owner: true,
    });
    Field {
        columns: Vec::new(),
        ..Field::new(name, kind)
    }
}

fn inverse(name: &str, target: &str, field: &str) -> Field {
    let kind = FieldKind::Inverse(Inverse {
        target: target.to_owned(),
        field: field.to_owned(),
        one: false,
    });
    Field {
        columns: Vec::new(),
        ..Field::new(name, kind)
    }
}

fn computed(field: Field, text: &str) -> Field {
    let computed = glaze_model::Computed {
        expr: glaze_model::Expression(text.to_owned()),
        stored: false,
    };
    Field {
        computed: Some(computed),
        ..field
    }
}

fn values(name: &str, values: &[(&str, &str)]) -> EnumType {
    let value = |(name, value): &(&str, &str)| EnumValue {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        doc: String::new(),
        was: None,
    };
    EnumType {
        id: None,
        name: name.to_owned(),
        schema: None,
        db_name: name.to_lowercase(),
        native: true,
        doc: String::new(),
        values: values.iter().map(value).collect(),
        was: None,
    }
}

/// Posts with an author, tags and comments; everything a field can be.
pub fn model() -> Model {
    use Scalar::*;
    let post = vec![
        scalar("id", Uuid),
        scalar("title", String),
        optional(scalar("subtitle", Text)),
        scalar("views", I64),
        optional(scalar("likes", I32)),
        scalar("rating", F64),
        optional(scalar("price", Money)),
        Field::new("status", FieldKind::Enum("PostStatus".to_owned())),
        scalar("featured", Bool),
        optional(scalar("published_at", DateTime)),
        optional(scalar("starts_on", Date)),
        optional(scalar("ends_on", Date)),
        optional(scalar("length", Duration)),
        Field::new("labels", FieldKind::List(String)),
        Field::new("moods", FieldKind::EnumList("Mood".to_owned())),
        optional(scalar("data", Json)),
        scalar("body", RichText),
        optional(reference("author", "User")),
        reference("category", "Category"),
        many("tags", "Tag"),
        inverse("comments", "Comment", "post"),
        optional(Field::new(
            "subject",
            FieldKind::AnyOf(AnyOf {
                targets: vec!["Post".to_owned(), "Tag".to_owned()],
            }),
        )),
        Field::new("seo", FieldKind::Embedded("Seo".to_owned())),
        computed(scalar("rank", I64), "size(title) + views"),
        optional(Field::new("vector", FieldKind::Custom)),
        optional(reference("line", "OrderLine")),
        optional(scalar("me", String)),
        Field::new("sections", FieldKind::Blocks("Section".to_owned())),
    ];
    Model {
        entities: vec![
            entity("Post", &["id"], post),
            entity(
                "Category",
                &["id"],
                vec![
                    scalar("id", I32),
                    scalar("name", String),
                    optional(reference("parent", "Category")),
                    many("editors", "User"),
                ],
            ),
            entity(
                "Tag",
                &["id"],
                vec![scalar("id", Uuid), scalar("name", String), scalar("weight", I32)],
            ),
            entity(
                "Comment",
                &["id"],
                vec![
                    scalar("id", Uuid),
                    scalar("approved", Bool),
                    reference("post", "Post"),
                    optional(reference("author", "User")),
                ],
            ),
            entity(
                "OrderLine",
                &["order", "number"],
                vec![scalar("order", I64), scalar("number", I32), scalar("note", String)],
            ),
            entity(
                "User",
                &["id"],
                vec![scalar("id", Uuid), scalar("name", String), scalar("email", Email)],
            ),
        ],
        enums: vec![
            values(
                "PostStatus",
                &[("Draft", "draft"), ("InReview", "in_review"), ("Published", "published")],
            ),
            values("Mood", &[("Glad", "glad"), ("Sad", "sad")]),
        ],
        blocks: Vec::new(),
        embedded: vec![Embedded {
            name: "Seo".to_owned(),
            doc: std::string::String::new(),
            fields: vec![optional(scalar("title", String)), scalar("boost", I32)],
        }],
    }
}

/// Position of a field by `Entity.field`.
pub fn at(model: &Model, entity: &str, field: &str) -> (EntityIx, FieldIx) {
    let entity_ix = model.entities.iter().position(|item| item.name == entity).expect(entity);
    let field_ix = model.entities[entity_ix]
        .fields
        .iter()
        .position(|item| item.name == field)
        .expect(field);
    (entity_ix as EntityIx, field_ix as FieldIx)
}

/// A row: values by field position. A reference holds the target's key, a to-many relation the list of keys, an embedded struct a list of its fields.
#[derive(Debug, Clone)]
pub struct Row {
    pub entity: EntityIx,
    pub values: Vec<Value>,
}

impl Row {
    pub fn new(model: &Model, entity: &str, values: &[(&str, Value)]) -> Row {
        let ix = model.entities.iter().position(|item| item.name == entity).expect(entity);
        let mut row = vec![Value::Null; model.entities[ix].fields.len()];
        for (name, value) in values {
            row[at(model, entity, name).1 as usize] = value.clone();
        }
        Row {
            entity: ix as EntityIx,
            values: row,
        }
    }
}

/// Rows of every entity, and who asks.
pub struct World {
    pub model: Model,
    pub rows: Vec<Row>,
    pub me: Option<Uuid>,
    pub roles: Vec<String>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} asked by {:?} {:?}", self.rows[0].values, self.me, self.roles)
    }
}

/// A world seen from one row.
pub struct Seen<'a> {
    pub world: &'a World,
    pub rows: Vec<(Var, &'a Row)>,
    pub before: Option<&'a Row>,
}

pub fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("a time")
}

impl World {
    pub fn see<'a>(&'a self, row: &'a Row) -> Seen<'a> {
        Seen {
            world: self,
            rows: vec![(0, row)],
            before: None,
        }
    }

    fn find(&self, entity: EntityIx, key: &Value) -> Option<&Row> {
        self.rows.iter().find(|row| row.entity == entity && row.values[0] == *key)
    }
}

impl<'a> Seen<'a> {
    fn value(&self, start: &Row, field: &FieldRef) -> Value {
        let mut row = start;
        for hop in &field.hops {
            let kind = &self.world.model.entities[row.entity as usize].fields[*hop as usize].kind;
            let FieldKind::Ref(reference) = kind else {
                panic!("a hop over {kind:?}")
            };
            let target = self
                .world
                .model
                .entities
                .iter()
                .position(|item| item.name == reference.target)
                .expect("the target");
            let Some(next) = self.world.find(target as EntityIx, &row.values[*hop as usize]) else {
                return Value::Null;
            };
            row = next;
        }
        let whole = &row.values[field.field as usize];
        match (&field.part, whole) {
            (Part::Whole, value) => value.clone(),
            (Part::Inner(at) | Part::Key(at), Value::List(items)) => items[*at as usize].clone(),
            (Part::AnyType, Value::List(items)) => items[0].clone(),
            (Part::AnyId, Value::List(items)) => items[1].clone(),
            (Part::Json(path), Value::Json(json)) => {
                let found = path.iter().try_fold(json, |json, name| json.get(name));
                match found {
                    Some(serde_json::Value::String(text)) => Value::Text(text.clone()),
                    Some(serde_json::Value::Null) | None => Value::Null,
                    Some(other) => Value::Text(other.to_string()),
                }
            }
            _ => Value::Null,
        }
    }

    fn start(&self, var: Var) -> &'a Row {
        self.rows.iter().find(|(known, _)| *known == var).expect("a known row").1
    }
}

impl Env for Seen<'_> {
    fn field(&self, field: &FieldRef) -> Result<Value, EvalError> {
        Ok(self.value(self.start(field.var), field))
    }

    fn before(&self, field: &FieldRef) -> Result<Value, EvalError> {
        Ok(self.before.map_or(Value::Null, |row| self.value(row, field)))
    }

    fn me(&self, me: &Me) -> Value {
        glaze_expr::Asker {
            id: self.world.me,
            roles: &self.world.roles,
        }
        .value(me)
    }

    fn now(&self) -> Timestamp {
        now()
    }

    fn related<'a>(&'a self, exists: &Exists) -> Result<Vec<Box<dyn Env + 'a>>, EvalError> {
        let from = self.start(exists.from);
        let reference = FieldRef {
            var: exists.from,
            entity: exists.entity,
            hops: exists.hops.clone(),
            field: exists.field,
            part: Part::Whole,
        };
        let keys = match self.value(from, &reference) {
            Value::List(keys) => keys,
            Value::Null => Vec::new(),
            key => vec![key],
        };
        let rows = keys.iter().filter_map(|key| self.world.find(exists.target, key));
        let seen = |row| {
            let mut rows = self.rows.clone();
            rows.push((exists.var, row));
            Box::new(Seen {
                world: self.world,
                rows,
                before: self.before,
            }) as Box<dyn Env + 'a>
        };
        Ok(rows.map(seen).collect())
    }
}

pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Two users, two tags, a category with a parent, three comments, and a post by the first user.
pub fn world() -> World {
    let model = model();
    let id = |n| Value::Uuid(uuid(n));
    let post = Row::new(
        &model,
        "Post",
        &[
            ("id", id(100)),
            ("title", text("Hello Wörld")),
            ("views", Value::Int(7)),
            ("rating", Value::Float(4.5)),
            ("price", Value::Decimal("12.50".parse().expect("a decimal"))),
            ("status", text("in_review")),
            ("featured", Value::Bool(true)),
            ("published_at", Value::DateTime("2026-11-20T10:00:00Z".parse().expect("a time"))),
            ("starts_on", Value::Date("2026-11-01".parse().expect("a date"))),
            ("length", Value::Duration(5_400_000_000)),
            ("labels", Value::List(vec![text("a"), text("b")])),
            ("moods", Value::List(vec![text("glad")])),
            (
                "data",
                Value::Json(serde_json::json!({"kind": "news", "size": {"w": 3}, "no": null})),
            ),
            ("body", Value::Json(serde_json::json!({"type": "doc"}))),
            ("author", id(1)),
            ("category", Value::Int(2)),
            ("tags", Value::List(vec![id(20), id(21)])),
            ("comments", Value::List(vec![id(30), id(31), id(32)])),
            ("subject", Value::List(vec![text("tag"), text(&uuid(20).to_string())])),
            ("seo", Value::List(vec![Value::Null, Value::Int(3)])),
            ("rank", Value::Int(18)),
            ("sections", Value::Json(serde_json::json!([{"type": "quote"}]))),
        ],
    );
    let orphan = Row::new(
        &model,
        "Post",
        &[
            ("id", id(101)),
            ("title", text("")),
            ("views", Value::Int(0)),
            ("rating", Value::Float(0.0)),
            ("status", text("draft")),
            ("featured", Value::Bool(false)),
            ("labels", Value::List(Vec::new())),
            ("moods", Value::List(Vec::new())),
            ("category", Value::Int(1)),
            ("tags", Value::List(Vec::new())),
            ("comments", Value::List(Vec::new())),
            ("seo", Value::List(vec![text("x"), Value::Int(0)])),
            ("rank", Value::Int(0)),
        ],
    );
    let user = |n, name| Row::new(&model, "User", &[("id", id(n)), ("name", text(name)), ("email", text("a@b.de"))]);
    let tag = |n, name, weight| {
        Row::new(
            &model,
            "Tag",
            &[("id", id(n)), ("name", text(name)), ("weight", Value::Int(weight))],
        )
    };
    let comment = |n, approved, author: Option<u128>| {
        let author = author.map_or(Value::Null, id);
        Row::new(
            &model,
            "Comment",
            &[
                ("id", id(n)),
                ("approved", Value::Bool(approved)),
                ("post", id(100)),
                ("author", author),
            ],
        )
    };
    let category = |n: i64, name, parent: Option<i64>, editors: Vec<Value>| {
        let parent = parent.map_or(Value::Null, Value::Int);
        Row::new(
            &model,
            "Category",
            &[
                ("id", Value::Int(n)),
                ("name", text(name)),
                ("parent", parent),
                ("editors", Value::List(editors)),
            ],
        )
    };
    let rows = vec![
        post,
        orphan,
        user(1, "Ann"),
        user(2, "Bob"),
        tag(20, "rust", 3),
        tag(21, "cms", 1),
        comment(30, true, Some(1)),
        comment(31, false, Some(2)),
        comment(32, true, None),
        category(1, "All", None, vec![id(2)]),
        category(2, "News", Some(1), vec![id(1)]),
    ];
    World {
        model,
        rows,
        me: Some(uuid(1)),
        roles: vec!["editor".to_owned()],
    }
}
