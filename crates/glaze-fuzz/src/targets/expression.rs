//! Expressions: parsing, checking, evaluating, renaming.

use glaze_expr::{
    Allow, Asker, Env, EvalError, Expected, MAX_LENGTH, check_ast, evaluate, fold,
    json::{from_json, to_json},
    mentions, needs, parse, print, rename_field,
    tree::{Exists, Expr, FieldRef, Me, Type},
    unparse,
};
use glaze_model::{FieldKind, Model, Value};
use jiff::Timestamp;

use super::{Outcome, Target};

pub const TARGET: Target = Target {
    name: "expression",
    seeds: &["glaze-fuzz/seeds/expression"],
    words: &[
        "name",
        "price",
        "status",
        "brand",
        "category",
        "parent",
        "reviews",
        "tags",
        "stock",
        "me",
        "me.id",
        "me.roles",
        "now",
        "this",
        "before",
        "null",
        "true",
        "false",
        " in ",
        "&&",
        "||",
        "!",
        "==",
        "!=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "?",
        ":",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "'active'",
        "'x'",
        "r'",
        "\"",
        "\\u00e4",
        "\\x41",
        "size(",
        ".exists(x, ",
        ".all(y, ",
        ".filter(z, ",
        ".contains('a')",
        "coalesce(",
        "duration('PT1H')",
        "timestamp('2026-11-21T06:52:00Z')",
        "round(",
        "matches('a+')",
        "// c\n",
        "0x",
        "1e5",
    ],
    prepare: || {
        let model = super::shop();
        Box::new(move |input| judge(&model, &String::from_utf8_lossy(input)))
    },
};

fn judge(model: &Model, text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let ast = match parse(text) {
        Ok(ast) => ast,
        Err(error) => {
            assert!(
                text.get(error.span.start..error.span.end).is_some(),
                "a place outside the text: {:?}",
                error.span
            );
            outcome.message(&error.message);
            return outcome;
        }
    };
    let printed = print(&ast);
    // Printed escapes may be longer than what was written.
    if printed.len() <= MAX_LENGTH {
        assert_eq!(parse(&printed).as_ref(), Ok(&ast), "printed as {printed}");
    }
    assert_eq!(from_json(&to_json(&ast)).as_ref(), Ok(&ast), "as JSON {}", to_json(&ast));
    let allow = Allow {
        before: true,
        matches: true,
        ..Allow::RULE
    };
    for expected in [Expected::Any, Expected::Bool] {
        match check_ast(model, "Product", &ast, &expected, allow) {
            Ok(expr) => {
                outcome.add(format!("{:?}", std::mem::discriminant(&expr.node)));
                checked(model, &expr, allow, &mut outcome);
            }
            Err(errors) => {
                assert!(!errors.is_empty(), "refused without a reason");
                for error in errors {
                    assert!(
                        text.get(error.span.start..error.span.end).is_some(),
                        "a place outside the text: {:?}",
                        error.span
                    );
                    outcome.message(&error.message);
                }
            }
        }
    }
    for mention in mentions(model, "Product", text) {
        outcome.add(std::mem::discriminant(&mention));
    }
    if let Some(renamed) = rename_field(model, "Product", text, "Product", "name", "other_name") {
        assert!(parse(&renamed).is_ok(), "renamed to {renamed}");
        assert_eq!(
            rename_field(model, "Product", &renamed, "Product", "name", "x"),
            None,
            "renamed to {renamed}"
        );
    }
    outcome
}

fn checked(model: &Model, expr: &Expr, allow: Allow, outcome: &mut Outcome) {
    let roles = ["editor".to_owned()];
    for (at, asker) in [
        Asker::default(),
        Asker {
            id: Some(uuid::Uuid::nil()),
            roles: &roles,
        },
    ]
    .into_iter()
    .enumerate()
    {
        for nulls in [true, false] {
            let row = Row { model, asker, nulls };
            let value = evaluate(expr, &row);
            outcome.add((at, nulls, value.as_ref().map(std::mem::discriminant).ok()));
            let folded = fold(expr, &|me| asker.value(me));
            assert!(!needs(&folded).me, "folded, and still asks who: {folded:?}");
            assert_eq!(evaluate(&folded, &row).ok(), value.clone().ok(), "folded to {folded:?}");
            let written = unparse(model, expr);
            let again = check_ast(model, "Product", &written, &Expected::Any, allow);
            let again = again.unwrap_or_else(|errors| panic!("written out as {written}: {errors:?}"));
            assert_eq!(evaluate(&again, &row).ok(), value.ok(), "written out as {written}");
        }
    }
}

/// A row in which every field is null or has one value of its type, related to one like itself.
#[derive(Clone, Copy)]
struct Row<'m> {
    model: &'m Model,
    asker: Asker<'m>,
    nulls: bool,
}

impl Env for Row<'_> {
    fn field(&self, field: &FieldRef) -> Result<Value, EvalError> {
        Ok(if self.nulls { Value::Null } else { self.value(field) })
    }

    fn before(&self, _: &FieldRef) -> Result<Value, EvalError> {
        Ok(Value::Null)
    }

    fn me(&self, me: &Me) -> Value {
        self.asker.value(me)
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn related<'a>(&'a self, _: &Exists) -> Result<Vec<Box<dyn Env + 'a>>, EvalError> {
        Ok(if self.nulls { Vec::new() } else { vec![Box::new(*self)] })
    }
}

impl Row<'_> {
    fn value(&self, field: &FieldRef) -> Value {
        let mut entity = &self.model.entities[field.entity as usize];
        for hop in &field.hops {
            if let FieldKind::Ref(reference) = &entity.fields[*hop as usize].kind {
                entity = self.model.entity(&reference.target).expect("a target");
            }
        }
        let kind = match (&entity.fields[field.field as usize].kind, &field.part) {
            (_, glaze_expr::tree::Part::Json(_)) => return Value::Text("x".to_owned()),
            (FieldKind::Embedded(name), glaze_expr::tree::Part::Inner(at)) => {
                &self.model.embedded_type(name).expect("a struct").fields[*at as usize].kind
            }
            (kind, _) => kind,
        };
        match glaze_expr::field_type(self.model, kind) {
            Some(Type::Scalar(scalar)) => one(scalar),
            Some(Type::List(item)) => match *item {
                Type::Scalar(scalar) => Value::List(vec![one(scalar)]),
                _ => Value::List(Vec::new()),
            },
            Some(Type::Row(_)) => Value::Uuid(uuid::Uuid::nil()),
            _ => Value::Text("active".to_owned()),
        }
    }
}

fn one(scalar: glaze_model::Scalar) -> Value {
    use glaze_model::Scalar::*;
    let text = match scalar {
        Bool => "true",
        I16 | I32 | I64 => "9223372036854775807",
        F32 | F64 | Decimal | Money => "1.5",
        Uuid => "00000000-0000-0000-0000-000000000000",
        Date => "2026-11-21",
        Time => "06:52:00",
        DateTime => "2026-11-21T06:52:00Z",
        Duration => "PT1H",
        Bytes => "",
        Json => "{}",
        _ => return Value::Text("Wörld".to_owned()),
    };
    match scalar {
        I16 | I32 => Value::Int(i64::MAX),
        _ => Value::parse(scalar, text).expect("a value"),
    }
}
