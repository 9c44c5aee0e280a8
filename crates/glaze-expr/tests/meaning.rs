//! What expressions mean: over a post by Ann with two tags and three comments, Ann asking as an editor.

mod common;

use common::{World, text, uuid, world};
use glaze_expr::{Allow, Asker, Expected, check_with, evaluate, fold, needs, unparse};
use glaze_model::Value;

const ALL: Allow = Allow {
    before: true,
    matches: true,
    ..Allow::RULE
};

/// The value for the first post, judged three ways that must agree: as it is, folded, and after being written out and read again.
fn value_in(world: &World, row: usize, expression: &str) -> Value {
    let expr =
        check_with(&world.model, "Post", expression, &Expected::Any, ALL).unwrap_or_else(|errors| panic!("{expression}: {errors:?}"));
    let seen = world.see(&world.rows[row]);
    let value = evaluate(&expr, &seen).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let asker = Asker {
        id: world.me,
        roles: &world.roles,
    };
    let folded = fold(&expr, &|me| asker.value(me));
    assert!(!needs(&folded).me, "{expression}");
    assert_eq!(evaluate(&folded, &seen).as_ref(), Ok(&value), "{expression} folded");
    let printed = unparse(&world.model, &expr).to_string();
    let again = check_with(&world.model, "Post", &printed, &Expected::Any, ALL).unwrap_or_else(|errors| panic!("{printed}: {errors:?}"));
    assert_eq!(evaluate(&again, &seen).as_ref(), Ok(&value), "{expression} printed as {printed}");
    assert_eq!(unparse(&world.model, &again).to_string(), printed);
    value
}

fn all(expected: Value, expressions: &[&str]) {
    let world = world();
    for expression in expressions {
        assert_eq!(value_in(&world, 0, expression), expected, "{expression}");
    }
}

#[test]
fn what_is_true() {
    all(
        Value::Bool(true),
        &[
            "status == 'in_review'",
            "status != 'draft' && featured",
            "status in ['draft', 'in_review']",
            "!(status in ['draft'])",
            "this.views == 7",
            "views > 6.5 && views < 7.5",
            "views == 7.0",
            "0x07 == views",
            "rating == 4.5",
            "price == 12.5",
            "price > '12.49'",
            "price < 13",
            "price * 2 == 25",
            "-views == -7",
            "title.startsWith('Hello')",
            "title.endsWith(\"Wörld\")",
            "title.contains('lo W')",
            "title.icontains('WÖR')",
            "title.istartsWith('hELLO')",
            "title.iendsWith('WÖRLD')",
            "title.matches('^H.*d$')",
            "title.matches(r'\\w+')",
            "size(title) == 11",
            "title.size() == 11",
            "lower(title) == 'hello wörld'",
            "upper(title) == 'HELLO WÖRLD'",
            "trim('  x\\t') == 'x'",
            "title + '!' == 'Hello Wörld!'",
            "subtitle == null",
            "has(price) && !has(subtitle)",
            "coalesce(subtitle, title) == title",
            "coalesce(likes, 3) == 3",
            "abs(-views) == 7",
            "round(rating) == 5.0",
            "round(2.345, 2) > 2.33",
            "round(price) == 13",
            "published_at < now",
            "published_at == '2026-11-20T11:00:00+01:00'",
            "now - published_at == duration('PT26H')",
            "published_at + duration('P2D') > now",
            "year(published_at) == 2026 && month(starts_on) == 11 && day(published_at) == 20",
            "starts_on >= '2026-11-01' && starts_on < date('2026-12-01')",
            "length == 'PT1H30M'",
            "'a' in labels && !('c' in labels)",
            "labels.contains('b')",
            "'glad' in moods",
            "size(labels) == 2",
            "size(sections) == 1",
            "data.kind == 'news'",
            "data['size']['w'] == '3'",
            "data.size.w == '3'",
            "data.missing == null && data.no == null",
            "author == me",
            "author == me.id",
            "author.id == me.id",
            "author.name == 'Ann'",
            "author == '00000000-0000-0000-0000-000000000001'",
            "category == 2",
            "category in [1, 2]",
            "category.parent.name == 'All'",
            "category.parent.parent == null",
            "category.parent.parent.name == null",
            "'editor' in me.roles",
            "me != null",
            "tags.exists(t, t.name == 'rust')",
            "tags.all(t, t.weight > 0)",
            "tags.exists(t, t.name == title) || true",
            "!tags.exists(t, t.weight > views)",
            "size(tags) == 2",
            "tags.size() == 2",
            "size(comments.filter(c, c.approved)) == 2",
            "comments.exists(c, c.author == me)",
            "comments.exists(c, c.author == author)",
            "comments.exists(c, c.post.title == title)",
            "me in category.editors",
            "category.editors.exists(u, u == me)",
            "category.editors.exists(u, u.id == me.id)",
            "category.parent.editors.all(u, u != me)",
            "subject.type == 'tag'",
            "subject.id == '00000000-0000-0000-0000-000000000014'",
            "subject != null",
            "seo.title == null",
            "seo.boost == 3",
            "rank == 18",
            "before.status == null",
            "views / 2 == 3",
            "-7 / 2 == -3",
            "-views % 4 == -3",
            "7.0 / 2 == 3.5",
            "price / 2 == 6.25",
            "views / 0 == null",
            "views % 0 == null",
            "featured ? views == 7 : false",
            "(subtitle == 'x' ? 1 : 2) == 2",
            "'a' < 'b' && 'B' < 'a'",
            "id == '00000000-0000-0000-0000-000000000064'",
            "id in ['00000000-0000-0000-0000-000000000064']",
            "me.email == null",
            "this.me == null",
            "line == null",
            "line.number == null",
            "9007199254740993 > 9007199254740992.0",
            "0.1 + 0.2 != 0.3",
            "price + 0.1 == 12.6",
            "[1, 2.5].contains(2.5)",
        ],
    );
}

#[test]
fn what_is_false() {
    all(
        Value::Bool(false),
        &[
            "status == 'draft'",
            "likes in [1, 2]",
            "'x' in me.roles",
            "me in category.parent.editors",
            "tags.all(t, t.weight > 1)",
            "likes == 3",
            "views > 100 && likes > 3",
            "data.no == 'x'",
            "views in []",
        ],
    );
}

#[test]
fn what_is_null() {
    all(
        Value::Null,
        &[
            "likes > 3",
            "!(likes > 3)",
            "likes + 1",
            "subtitle.contains('x')",
            "featured && likes > 3",
            "!featured || likes > 3",
            "size(subtitle)",
            "views / 0",
            "rating / 0.0",
            "line.number",
            "subject == null ? 1 : likes",
            "null",
        ],
    );
}

/// `author == me` must not give posts without an author to everybody.
#[test]
fn nobody_equals_nothing() {
    let mut world = world();
    world.me = None;
    world.roles = Vec::new();
    for row in [0, 1] {
        for expression in [
            "author == me",
            "me == author",
            "author == me.id",
            "author.id == me.id",
            "subtitle == me.name",
            "subtitle == lower(me.name)",
            "subtitle == me.name + '!'",
            "me == me",
            "me in category.editors",
            "comments.exists(c, c.author == me)",
            "!(author != me)",
            "'editor' in me.roles",
            "'' in me.roles",
            "me.id in ['00000000-0000-0000-0000-000000000001']",
        ] {
            assert_eq!(value_in(&world, row, expression), Value::Bool(false), "{expression} for {row}");
        }
        for expression in ["me == null", "me.id == null", "author != me", "size(me.roles) == 0"] {
            assert_eq!(value_in(&world, row, expression), Value::Bool(true), "{expression} for {row}");
        }
    }
}

#[test]
fn folding_decides_by_role() {
    let world = world();
    let check = |expression: &str| glaze_expr::check(&world.model, "Post", expression, Expected::Bool).expect(expression);
    let editor = ["editor".to_owned()];
    let fold_for = |expression: &str, asker: Asker<'_>| fold(&check(expression), &|me| asker.value(me));
    let rule = "'editor' in me.roles || author == me";
    assert!(
        fold_for(
            rule,
            Asker {
                id: Some(uuid(1)),
                roles: &editor
            }
        )
        .is_true()
    );
    assert!(fold_for(rule, Asker::default()).is_false());
    let own = fold_for(
        rule,
        Asker {
            id: Some(uuid(1)),
            roles: &[],
        },
    );
    assert_eq!(
        unparse(&world.model, &own).to_string(),
        "author == uuid('00000000-0000-0000-0000-000000000001')"
    );
    assert!(fold_for("tags.exists(t, 'admin' in me.roles)", Asker::default()).is_false());
    assert!(fold_for("me == null ? true : views > 3", Asker::default()).is_true());
}

#[test]
fn an_overflow_denies() {
    let mut world = world();
    world.rows[0].values[3] = Value::Int(i64::MAX);
    let seen = world.see(&world.rows[0]);
    let check = |expression: &str| glaze_expr::check(&world.model, "Post", expression, Expected::Bool).expect(expression);
    for expression in [
        "views + 1 > 0",
        "!(views + 1 > 0)",
        "views * 2 == null",
        "-views - 2 < 0",
        "featured && views + 1 > 0",
    ] {
        assert!(!glaze_expr::holds(&check(expression), &seen), "{expression}");
    }
    assert!(glaze_expr::holds(&check("featured || views + 1 > 0"), &seen));
    assert!(glaze_expr::holds(&check("views + 1 > 0 || featured"), &seen));
}

#[test]
fn what_is_needed() {
    let world = world();
    let needed = |expression: &str| {
        let expr = check_with(&world.model, "Post", expression, &Expected::Any, ALL).expect(expression);
        let needs = needs(&expr);
        let fields: Vec<&str> = needs
            .fields
            .iter()
            .map(|ix| world.model.entities[0].fields[*ix as usize].name.as_str())
            .collect();
        (fields.join(" "), needs.relations, needs.before, needs.me, needs.now)
    };
    assert_eq!(
        needed("author == me && views > 3"),
        ("views author".to_owned(), false, false, true, false)
    );
    assert_eq!(needed("author.id == me.id"), ("author".to_owned(), false, false, true, false));
    assert_eq!(
        needed("author.name == title"),
        ("title author".to_owned(), true, false, false, false)
    );
    assert_eq!(needed("before.status != status"), ("status".to_owned(), false, true, false, false));
    assert_eq!(
        needed("tags.exists(t, t.name == title) && published_at < now"),
        ("title published_at tags".to_owned(), true, false, false, true)
    );
}

#[test]
fn a_search_finds_beginnings_of_words() {
    use glaze_expr::tree::{Expr, FieldRef, Node, Part, Type};
    let world = world();
    let (entity, field) = common::at(&world.model, "Post", "title");
    let title = FieldRef {
        var: 0,
        entity,
        hops: Vec::new(),
        field,
        part: Part::Whole,
    };
    let found = |words: &str| {
        let search = Expr::new(
            Node::Search {
                fields: vec![title.clone()],
                text: words.to_owned(),
            },
            Type::BOOL,
        );
        evaluate(&search, &world.see(&world.rows[0])).expect("a search")
    };
    for (words, expected) in [
        ("hel", true),
        ("WÖ", false),
        ("Wö hello", true),
        ("ello", false),
        ("hello moon", false),
        (" ,. ", false),
    ] {
        assert_eq!(found(words), Value::Bool(expected), "{words}");
    }
    assert_eq!(value_in(&world, 0, "title"), text("Hello Wörld"));
}
