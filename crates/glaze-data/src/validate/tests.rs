//! The table of what is refused and how it is said.

use glaze_model::{
    AnyOf, BlockKind, BlockSet, Constraints, Embedded, Entity, EnumType, EnumValue, Field, FieldKind, Model, Ownership, Ref, Scalar, Value,
};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{FieldError, Path, canonical, read_value};

fn entity(name: &str, key: Scalar) -> Entity {
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
        key: vec!["id".to_owned()],
        fields: vec![Field::new("id", FieldKind::Scalar(key))],
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

fn value(name: &str) -> EnumValue {
    EnumValue {
        name: name.to_owned(),
        value: name.to_lowercase(),
        doc: String::new(),
        was: None,
    }
}

fn model() -> Model {
    let nullable = |name: &str, kind: FieldKind| Field {
        nullable: true,
        ..Field::new(name, kind)
    };
    let heading = Field {
        constraints: limits(|l| l.max = Some(Value::Int(5))),
        ..text("heading")
    };
    Model {
        entities: vec![entity("Author", Scalar::Uuid), entity("Post", Scalar::I64)],
        enums: vec![EnumType {
            id: None,
            name: "Status".to_owned(),
            schema: None,
            db_name: "status".to_owned(),
            native: true,
            doc: String::new(),
            values: vec![value("Draft"), value("Published")],
            was: None,
        }],
        blocks: vec![BlockSet {
            name: "Section".to_owned(),
            doc: String::new(),
            kinds: vec![BlockKind {
                name: "Hero".to_owned(),
                value: "hero".to_owned(),
                doc: String::new(),
                fields: vec![heading, nullable("price", FieldKind::Scalar(Scalar::Money))],
            }],
        }],
        embedded: vec![Embedded {
            name: "Seo".to_owned(),
            doc: String::new(),
            fields: vec![text("title"), nullable("words", FieldKind::List(Scalar::String))],
        }],
    }
}

fn text(name: &str) -> Field {
    Field::new(name, FieldKind::Scalar(Scalar::String))
}

fn limits(set: impl FnOnce(&mut Constraints)) -> Constraints {
    let mut limits = Constraints::default();
    set(&mut limits);
    limits
}

fn field(kind: FieldKind, set: impl FnOnce(&mut Constraints)) -> Field {
    Field {
        constraints: limits(set),
        ..Field::new("f", kind)
    }
}

fn read(field: &Field, json: Json) -> Result<Value, Vec<(String, &'static str)>> {
    let mut errors: Vec<FieldError> = Vec::new();
    let value = read_value(&model(), field, &json, &Path::Root.name("f"), &mut errors);
    match value {
        Some(value) if errors.is_empty() => Ok(value),
        _ => Err(errors.into_iter().map(|error| (error.path, error.code)).collect()),
    }
}

/// A field, what is sent for it, and the path and code of every problem.
type Case = (Field, Json, Vec<(&'static str, &'static str)>);

#[test]
fn what_is_wrong_is_named_with_its_path() {
    let scalar = FieldKind::Scalar;
    let no = |_: &mut Constraints| {};
    let int = |value| Some(Value::Int(value));
    let cases: Vec<Case> = vec![
        (field(scalar(Scalar::String), no), json!(null), vec![("f", "required")]),
        (field(scalar(Scalar::String), no), json!(3), vec![("f", "wrong_type")]),
        (
            field(scalar(Scalar::String), |l| l.max = int(3)),
            json!("äöüß"),
            vec![("f", "too_long")],
        ),
        (
            field(scalar(Scalar::String), |l| l.min = int(3)),
            json!("äö"),
            vec![("f", "too_short")],
        ),
        (
            field(scalar(Scalar::String), |l| l.pattern = Some("[A-Z]{2}".to_owned())),
            json!("DEX"),
            vec![("f", "pattern")],
        ),
        (field(scalar(Scalar::I32), |l| l.max = int(3)), json!(4), vec![("f", "too_large")]),
        (field(scalar(Scalar::I16), no), json!(70000), vec![("f", "out_of_range")]),
        (
            field(scalar(Scalar::Money), |l| l.min = int(0)),
            json!("-0.01"),
            vec![("f", "too_small")],
        ),
        (field(scalar(Scalar::Money), no), json!("1.005"), vec![("f", "too_precise")]),
        (
            field(scalar(Scalar::Decimal), |l| (l.precision, l.scale) = (Some(5), Some(2))),
            json!("1000.00"),
            vec![("f", "out_of_range")],
        ),
        (field(scalar(Scalar::Email), no), json!("ann@"), vec![("f", "invalid_format")]),
        (
            field(scalar(Scalar::Json), no),
            json!({"a": ["\u{0}"]}),
            vec![("f", "invalid_format")],
        ),
        (
            field(FieldKind::Enum("Status".to_owned()), no),
            json!("publishd"),
            vec![("f", "unknown_value")],
        ),
        (
            field(FieldKind::List(Scalar::I16), |l| l.max = int(2)),
            json!([1, "x", null, 2]),
            vec![("f[1]", "invalid_format"), ("f[2]", "required")],
        ),
        (
            field(FieldKind::List(Scalar::I16), |l| l.max = int(2)),
            json!([1, 2, 3]),
            vec![("f", "too_many")],
        ),
        (
            field(FieldKind::Embedded("Seo".to_owned()), no),
            json!({"titel": "x", "words": "x"}),
            vec![("f.titel", "unknown_field"), ("f.title", "required"), ("f.words", "wrong_type")],
        ),
        (
            field(FieldKind::Blocks("Section".to_owned()), no),
            json!([{"type": "hero", "heading": "ok"}, {"type": "hero", "heading": "too long"}, {"type": "heroo"}]),
            vec![("f[1].heading", "too_long"), ("f[2].type", "unknown_value")],
        ),
        (
            field(
                FieldKind::Ref(Ref {
                    target: "Author".to_owned(),
                    on_delete: Default::default(),
                }),
                no,
            ),
            json!("nobody"),
            vec![("f", "invalid_format")],
        ),
        (
            field(
                FieldKind::AnyOf(AnyOf {
                    targets: vec!["Author".to_owned(), "Post".to_owned()],
                }),
                no,
            ),
            json!({"type": "post", "id": "x"}),
            vec![("f.id", "invalid_format")],
        ),
        (
            field(
                FieldKind::AnyOf(AnyOf {
                    targets: vec!["Author".to_owned()],
                }),
                no,
            ),
            json!({"type": "post", "id": 1, "x": 1}),
            vec![("f.x", "unknown_field"), ("f.type", "unknown_value")],
        ),
    ];
    for (field, json, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(path, code)| (path.to_owned(), code)).collect();
        assert_eq!(read(&field, json.clone()), Err(expected), "{:?} {json}", field.kind);
    }
}

#[test]
fn values_are_kept_in_one_form() {
    let money = field(FieldKind::Scalar(Scalar::Money), |_| {});
    assert_eq!(read(&money, json!("12.5")), Ok(Value::Decimal(Decimal::new(1250, 2))));
    assert_eq!(read(&money, json!(3)), Ok(Value::Decimal(Decimal::new(300, 2))));
    assert_eq!(read(&money, json!("-0.0")), Ok(Value::Decimal(Decimal::new(0, 2))));
    let blocks = field(FieldKind::Blocks("Section".to_owned()), |_| {});
    let Ok(Value::Json(kept)) = read(&blocks, json!([{"heading": "a", "type": "hero", "price": 1}])) else {
        panic!("blocks are JSON")
    };
    assert_eq!(canonical::json_text(&kept), r#"[{"type":"hero","price":"1.00","heading":"a"}]"#);
    let any = field(
        FieldKind::AnyOf(AnyOf {
            targets: vec!["Post".to_owned()],
        }),
        |_| {},
    );
    let pair = Value::List(vec![Value::Text("post".to_owned()), Value::Text("7".to_owned())]);
    assert_eq!(read(&any, json!({"type": "post", "id": 7})), Ok(pair));
    let seo = field(FieldKind::Embedded("Seo".to_owned()), |_| {});
    assert_eq!(
        read(&seo, json!({"title": "x"})),
        Ok(Value::List(vec![Value::Text("x".to_owned()), Value::Null]))
    );
}

#[test]
fn suggestions_name_what_was_meant() {
    let mut errors = Vec::new();
    let status = field(FieldKind::Enum("Status".to_owned()), |_| {});
    read_value(&model(), &status, &json!("publishd"), &Path::Root.name("status"), &mut errors);
    assert_eq!(
        errors[0].message,
        "`publishd` is not one of draft, published: did you mean `published`?"
    );
}
