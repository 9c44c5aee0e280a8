//! Laws that hold for every expression: printing, the JSON form, folding, and agreement with another implementation of CEL.

mod common;

use common::{World, text, uuid, world};
use glaze_expr::{
    Allow, Asker, Expected,
    ast::{Ast, Kind, Macro, Name},
    check_with, evaluate, fold,
    json::{from_json, to_json},
    parse, print,
    tree::{Arith, Compare},
    unparse,
};
use glaze_model::{Span, Value};
use proptest::prelude::*;

fn node(kind: Kind) -> Ast {
    Ast::new(kind, Span::default())
}

fn any_name() -> impl Strategy<Value = Name> {
    "[a-zA-Z_][a-zA-Z0-9_]{0,6}"
        .prop_filter("a keyword", |text| !matches!(text.as_str(), "in" | "true" | "false" | "null"))
        .prop_map(|text| Name {
            text,
            span: Span::default(),
        })
}

fn any_ast() -> impl Strategy<Value = Ast> {
    let leaf = prop_oneof![
        Just(Kind::Null),
        any::<bool>().prop_map(Kind::Bool),
        any::<i64>().prop_map(Kind::Int),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(Kind::Float),
        (-9i64..9).prop_map(|value| Kind::Float(value as f64)),
        "[^\0]{0,8}".prop_map(Kind::Text),
        any_name().prop_map(|name| Kind::Name(name.text)),
    ]
    .prop_map(node);
    leaf.prop_recursive(6, 48, 4, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let several = |from: usize| prop::collection::vec(inner.clone(), from..4);
        let compare = prop::sample::select(vec![Compare::Eq, Compare::Ne, Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge]);
        let arith = prop::sample::select(vec![Arith::Add, Arith::Sub, Arith::Mul, Arith::Div, Arith::Rem]);
        prop_oneof![
            several(0).prop_map(Kind::List),
            several(2).prop_map(Kind::And),
            several(2).prop_map(Kind::Or),
            one().prop_map(Kind::Not),
            one().prop_map(Kind::Neg),
            (one(), any_name()).prop_map(|(base, name)| Kind::Member(base, name)),
            (one(), one()).prop_map(|(base, key)| Kind::Index(base, key)),
            (compare, one(), one()).prop_map(|(op, a, b)| Kind::Compare(op, a, b)),
            (one(), one()).prop_map(|(a, b)| Kind::In(a, b)),
            (arith, one(), one()).prop_map(|(op, a, b)| Kind::Arith(op, a, b)),
            (one(), one(), one()).prop_map(|(a, b, c)| Kind::If(a, b, c)),
            (prop::option::of(one()), any_name(), several(0))
                .prop_filter("a macro", |(_, name, _)| !matches!(
                    name.text.as_str(),
                    "exists" | "all" | "filter" | "map"
                ))
                .prop_map(|(on, name, args)| Kind::Call { on, name, args }),
            (
                prop::sample::select(vec![Macro::Exists, Macro::All, Macro::Filter]),
                one(),
                any_name(),
                one()
            )
                .prop_map(|(kind, over, row, body)| Kind::Macro { kind, over, row, body }),
        ]
        .prop_map(node)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_parses_to_the_same(ast in any_ast()) {
        let printed = print(&ast);
        let parsed = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(&parsed, &ast, "{}", printed);
        prop_assert_eq!(print(&parsed), printed);
    }

    #[test]
    fn the_json_form_is_the_same_tree(ast in any_ast()) {
        let written = serde_json::to_string(&to_json(&ast)).expect("JSON");
        let read = serde_json::from_str(&written).expect("the JSON just written");
        prop_assert_eq!(from_json(&read).expect("a tree"), ast, "{}", written);
    }

    #[test]
    fn any_text_parses_or_is_refused(text in "[ a-z0-9'\"\\\\.,()\\[\\]&|!=<>+*/%?:-]{0,60}") {
        if let Ok(ast) = parse(&text) {
            prop_assert_eq!(parse(&print(&ast)).expect("what was printed"), ast);
        }
    }
}

/// Sources of well-typed expressions over a post. `null_free`: those on which CEL and we agree (nothing that can be null, no numbers of mixed kinds).
fn condition(null_free: bool) -> BoxedStrategy<String> {
    let number = number(null_free);
    let (float, text) = (float(null_free), words(null_free));
    let pick = |choices: &[&str]| prop::sample::select(choices.iter().map(|choice| (*choice).to_owned()).collect::<Vec<_>>());
    let signs = || pick(&["==", "!=", "<", "<=", ">", ">="]);
    let shared = prop_oneof![
        pick(&["featured", "true", "false", "'a' in labels", "size(labels) == 2"]),
        (number.clone(), signs(), number.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (float.clone(), signs(), float.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text.clone(), signs(), text.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (text.clone(), pick(&["startsWith", "endsWith", "contains"]), text.clone())
            .prop_map(|(a, method, b)| format!("({a}).{method}({b})")),
        text.clone().prop_map(|item| format!("{item} in labels")),
        number.clone().prop_map(|item| format!("{item} in [1, 2, 3]")),
    ];
    let ours = prop_oneof![
        shared.clone(),
        shared.clone(),
        (number, signs(), float).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        pick(&[
            "status == 'draft'",
            "author == me",
            "author != me",
            "author.name == 'Ann'",
            "author.name == me.name",
            "me == null",
            "'editor' in me.roles",
            "me.id in [uuid('00000000-0000-0000-0000-000000000001')]",
            "subtitle == me.name + 'x'",
            "likes in [1, 2]",
            "tags.exists(t, t.weight > views)",
            "tags.all(t, t.name != title || 'editor' in me.roles)",
            "comments.exists(c, c.author == me && c.approved)",
            "!comments.exists(c, me == null)",
            "size(tags.filter(t, t.weight > likes)) > 0",
            "me in category.editors",
            "published_at < now",
            "data.kind == subtitle",
            "price > likes",
            "likes > null_safe",
        ])
        .prop_map(|text| text.replace("null_safe", "views")),
    ];
    let leaf = if null_free { shared.boxed() } else { ours.boxed() };
    leaf.prop_recursive(4, 24, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            some.clone().prop_map(|items| format!("({})", items.join(" && "))),
            some.prop_map(|items| format!("({})", items.join(" || "))),
            inner.clone().prop_map(|item| format!("!({item})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("(({c}) ? ({a}) : ({b}))")),
        ]
    })
    .boxed()
}

fn number(null_free: bool) -> BoxedStrategy<String> {
    let leaf = if null_free {
        prop_oneof![
            Just("views".to_owned()),
            Just("size(title)".to_owned()),
            (-5i64..9).prop_map(|n| n.to_string())
        ]
        .boxed()
    } else {
        prop_oneof![
            Just("views".to_owned()),
            Just("likes".to_owned()),
            Just("size(subtitle)".to_owned()),
            Just("coalesce(likes, views)".to_owned()),
            Just("size(me.roles)".to_owned()),
            (-5i64..9).prop_map(|n| n.to_string()),
        ]
        .boxed()
    };
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let divisor = if null_free {
            (1i64..9).prop_map(|n| n.to_string()).boxed()
        } else {
            inner.clone().boxed()
        };
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*"]), inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), prop::sample::select(vec!["/", "%"]), divisor).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
    .boxed()
}

fn float(null_free: bool) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("rating".to_owned()),
        (-20i32..20).prop_map(|n| format!("{:?}", f64::from(n) / 4.0))
    ];
    let leaf = if null_free {
        leaf.boxed()
    } else {
        prop_oneof![leaf, Just("price".to_owned())].boxed()
    };
    (leaf.clone(), prop::option::of((prop::sample::select(vec!["+", "-", "*"]), leaf)))
        .prop_map(|(a, rest)| rest.map_or(a.clone(), |(op, b)| format!("({a} {op} {b})")))
        .boxed()
}

fn words(null_free: bool) -> BoxedStrategy<String> {
    let leaf = prop_oneof![Just("title".to_owned()), "'[ab ]{0,2}'"].boxed();
    let leaf = if null_free {
        leaf
    } else {
        prop_oneof![leaf, Just("subtitle".to_owned()), Just("lower(me.name)".to_owned())].boxed()
    };
    (leaf.clone(), prop::option::of(leaf))
        .prop_map(|(a, b)| b.map_or(a.clone(), |b| format!("({a} + {b})")))
        .boxed()
}

/// Other values for the fields that the sources above speak of.
fn any_world() -> impl Strategy<Value = World> {
    let int = prop_oneof![-3i64..9, Just(i64::MAX), Just(i64::MIN)];
    let values = (
        int.clone(),
        prop::option::of(int),
        -20i32..20,
        "[ab ]{0,3}",
        prop::option::of("[ab]{0,2}"),
        any::<bool>(),
        prop::collection::vec("[ab]{0,1}", 0..3),
        prop::option::of(1u128..3),
        prop::option::of(1u128..3),
        any::<bool>(),
    );
    values.prop_map(|(views, likes, rating, title, subtitle, featured, labels, author, me, editor)| {
        let mut world = world();
        let set = |world: &mut World, field: &str, value: Value| {
            let at = common::at(&world.model, "Post", field).1;
            world.rows[0].values[at as usize] = value;
        };
        set(&mut world, "views", Value::Int(views));
        set(&mut world, "likes", likes.map_or(Value::Null, Value::Int));
        set(&mut world, "rating", Value::Float(f64::from(rating) / 4.0));
        set(&mut world, "title", text(&title));
        set(&mut world, "subtitle", subtitle.map_or(Value::Null, |subtitle| text(&subtitle)));
        set(&mut world, "featured", Value::Bool(featured));
        set(&mut world, "labels", Value::List(labels.iter().map(|label| text(label)).collect()));
        set(&mut world, "author", author.map_or(Value::Null, |n| Value::Uuid(uuid(n))));
        world.me = me.map(uuid);
        world.roles = if editor { vec!["editor".to_owned()] } else { Vec::new() };
        world
    })
}

fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::Int(value) => cel::Value::Int(*value),
        Value::Float(value) => cel::Value::Float(*value),
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Text(value) => cel::Value::String(value.clone().into()),
        Value::List(items) => cel::Value::List(items.iter().map(to_cel).collect::<Vec<_>>().into()),
        other => panic!("{other:?} is not among the values compared"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn folding_changes_nothing(source in condition(false), world in any_world()) {
        let expr = match check_with(&world.model, "Post", &source, &Expected::Bool, Allow::RULE) {
            Ok(expr) => expr,
            // A constant that overflows.
            Err(errors) => {
                prop_assert!(errors.iter().all(|error| error.message.contains("too large")), "{} {:?}", source, errors);
                return Ok(());
            }
        };
        let seen = world.see(&world.rows[0]);
        let asker = Asker { id: world.me, roles: &world.roles };
        let plain = evaluate(&expr, &seen);
        let folded = fold(&expr, &|me| asker.value(me));
        prop_assert_eq!(evaluate(&folded, &seen).ok(), plain.clone().ok(), "{}", source);
        prop_assert_eq!(&fold(&folded, &|me| asker.value(me)), &folded, "{} folded twice", source);
        // Written out from the typed tree and read again it is the same, too.
        let again = check_with(&world.model, "Post", &unparse(&world.model, &expr).to_string(), &Expected::Bool, Allow::RULE).expect("what was checked");
        prop_assert_eq!(evaluate(&again, &seen).ok(), plain.ok(), "{}", source);
    }

    #[test]
    fn cel_says_the_same(source in condition(true), world in any_world()) {
        let Ok(expr) = check_with(&world.model, "Post", &source, &Expected::Bool, Allow::RULE) else { return Ok(()) };
        let ours = evaluate(&expr, &world.see(&world.rows[0]));
        let program = cel::Program::compile(&source).map_err(|error| TestCaseError::fail(format!("{source}: {error}")))?;
        let mut context = cel::Context::default();
        for field in ["views", "rating", "title", "featured", "labels"] {
            let at = common::at(&world.model, "Post", field).1;
            context.add_variable_from_value(field, to_cel(&world.rows[0].values[at as usize]));
        }
        let theirs = program.execute(&context).ok();
        prop_assert_eq!(ours.as_ref().ok().map(to_cel), theirs, "{}", source);
    }
}

/// Numbers of every kind have one order.
#[test]
fn numbers_compare_exactly() {
    use glaze_expr::evaluate::order;
    use std::cmp::Ordering::*;
    let decimal = |text: &str| Value::Decimal(text.parse().expect("a decimal"));
    for (a, b, expected) in [
        (Value::Float(0.1), decimal("0.1"), Greater),
        (Value::Float(0.5), decimal("0.50"), Equal),
        (Value::Float(-0.1), decimal("-0.1"), Less),
        (Value::Float(0.0), decimal("-0.0001"), Greater),
        (Value::Float(-1.5), decimal("-1.5"), Equal),
        (Value::Float(5e-324), decimal("0"), Greater),
        (Value::Float(1e300), decimal("79228162514264337593543950335"), Greater),
        (Value::Float(-1e300), decimal("-79228162514264337593543950335"), Less),
        (Value::Int(9_007_199_254_740_993), Value::Float(9_007_199_254_740_992.0), Greater),
        (Value::Int(i64::MAX), Value::Float(9_223_372_036_854_775_808.0), Less),
        (Value::Int(3), decimal("3.000"), Equal),
        (Value::Int(-1), decimal("-0.5"), Less),
        (Value::Float(2.5), Value::Int(2), Greater),
    ] {
        assert_eq!(order(&a, &b), Some(expected), "{a:?} {b:?}");
        assert_eq!(order(&b, &a), Some(expected.reverse()), "{b:?} {a:?}");
    }
}

#[test]
fn the_json_form_reads_well() {
    let shown = |source: &str| to_json(&parse(source).expect(source)).to_string();
    assert_eq!(
        shown("status == 'draft' && views > 3"),
        r#"{"&&":[{"==":[{"name":"status"},"draft"]},{">":[{"name":"views"},3]}]}"#
    );
    assert_eq!(
        shown("tags.exists(t, t.name in ['a'])"),
        r#"{"exists":{"over":{"name":"tags"},"row":"t","where":{"in":[{"member":[{"name":"t"},"name"]},{"list":["a"]}]}}}"#
    );
    assert_eq!(
        shown("!(size(title) > 1.5)"),
        r#"{"!":[{">":[{"call":{"args":[{"name":"title"}],"name":"size"}},{"float":"1.5"}]}]}"#
    );
    for wrong in [
        r#"{"a": 1, "b": 2}"#,
        "[]",
        r#"{"name": "a b"}"#,
        r#"{"name": "true"}"#,
        r#"{"==": [1]}"#,
        r#"{"&&": [true]}"#,
        r#"{"call": {"name": "exists", "on": 1, "args": []}}"#,
        "1e400",
        r#"{"float": "NaN"}"#,
        "\"\\u0000\"",
        "18446744073709551615",
    ] {
        if let Ok(json) = serde_json::from_str(wrong) {
            assert!(from_json(&json).is_err(), "{wrong}");
        }
    }
    let deep = (0..100).fold(serde_json::Value::Null, |inner, _| serde_json::json!({"!": [inner]}));
    assert!(from_json(&deep).is_err());
}
