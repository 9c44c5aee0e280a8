//! What is refused, in which words, and where.

mod common;

use glaze_expr::{Allow, Expected, ExprError, check_with, tree::Type};
use glaze_model::Scalar;

fn shown(text: &str, errors: &[ExprError]) -> String {
    let one = |error: &ExprError| {
        let help = error.help.as_ref().map_or(String::new(), |help| format!(" ({help})"));
        format!("`{}`: {}{help}", &text[error.span.start..error.span.end], error.message)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn refused(expression: &str, expected: Expected, allow: Allow, wanted: &str) {
    let model = common::model();
    match check_with(&model, "Post", expression, &expected, allow) {
        Ok(expr) => panic!("{expression} is accepted: {expr:?}"),
        Err(errors) => assert_eq!(shown(expression, &errors), wanted, "{expression}"),
    }
}

#[test]
fn names_and_types() {
    for (expression, wanted) in [
        ("titel == 'x'", "`titel`: there is no `titel` here (did you mean `title`?)"),
        (
            "publishedAt == null",
            "`publishedAt`: there is no `publishedAt` here (did you mean `published_at`?)",
        ),
        ("author.nam == 'x'", "`nam`: User has no field `nam` (did you mean `name`?)"),
        (
            "status == 'publishd'",
            "`'publishd'`: 'publishd' is not a value of PostStatus (did you mean 'published'?)",
        ),
        (
            "status in ['draft', 'zzz']",
            "`'zzz'`: 'zzz' is not a value of PostStatus (values are 'draft', 'in_review', 'published')",
        ),
        (
            "status == Draft",
            "`Draft`: there is no `Draft` here (values of enums are written as text: 'draft')",
        ),
        ("title > 3", "`title > 3`: cannot compare text with a number"),
        ("title", "`title`: expected true or false, this is text"),
        (
            "author",
            "`author`: expected true or false, this is a User (compare it: `… != null`)",
        ),
        ("!views", "`views`: expected true or false, this is a number"),
        (
            "views + title == 3",
            "`views + title`: cannot add a number and text (only text can be joined to text)",
        ),
        ("author == category", "`author == category`: cannot compare a User with a Category"),
        (
            "status < 'published'",
            "`status < 'published'`: values of an enum have no order (use `==` or `in [...]`)",
        ),
        ("likes > null", "`null`: null has no order (use `== null` or `!= null`)"),
        ("starts_on == 'soon'", "`'soon'`: 'soon': expected a date like 2026-11-21"),
        (
            "starts_on == published_at",
            "`starts_on == published_at`: cannot compare a date with a point in time (a date has no time of day: use a DateTime field)",
        ),
        ("id == 'x'", "`'x'`: 'x': expected a UUID"),
        (
            "tags.name == 'x'",
            "`name`: this is a list of Tag, `name` is on each of them (write `.exists(x, x.name …)`)",
        ),
        (
            "tags == null",
            "`tags`: `tags` is a relation, not a value (use `tags.exists(x, …)`, `tags.all(x, …)` or `size(tags)`)",
        ),
        ("seo == null", "`seo`: `seo` is a struct (name one of its fields: `seo.…`)"),
        ("seo.titel == 'x'", "`titel`: Seo has no field `titel` (did you mean `title`?)"),
        (
            "subject.name == 'x'",
            "`name`: a reference to one of several entities has no `name` (it has `type` and `id`)",
        ),
        (
            "subject.type == 'tga'",
            "`'tga'`: 'tga' is not one of the types post, tag (did you mean 'tag'?)",
        ),
        (
            "labels.exists(x, x == 'a')",
            "`labels`: this is a list of values, not a relation (use `value in list` or `size(list)`)",
        ),
        (
            "author.exists(a, true)",
            "`author`: this is one row, not many (name its fields directly: `author.name == …`)",
        ),
        (
            "tags.filter(t, true)",
            "`tags.filter(t, true)`: `filter` gives rows, not a value (count them with `size(relation.filter(row, condition))`)",
        ),
        ("tags.exists(me, true)", "`me`: `me` is taken (choose another name for the row)"),
        (
            "title in 'abc'",
            "`'abc'`: expected a list after `in`, this is text (text in text is `text.contains('part')`)",
        ),
        (
            "title in [views]",
            "`views`: a list can only hold constants (write `x == a || x == b` instead of `x in [a, b]`)",
        ),
        ("views in ['a']", "`views in ['a']`: a number cannot be in a list of text"),
        ("views in [1, 'a']", "`'a'`: the list holds a number, this is text"),
        (
            "title in [null]",
            "`null`: null cannot be in a list (write `… == null || … in [...]`)",
        ),
        ("me.role == 'x'", "`role`: `me` has no `role` (did you mean `roles`?)"),
        ("me.roles == 'x'", "`me.roles == 'x'`: cannot compare a list of text with text"),
        (
            "title.startswith('x')",
            "`startswith`: there is no function `startswith` (did you mean `startsWith`?)",
        ),
        (
            "length(title) > 1",
            "`length`: there is no function `length` (did you mean `size`?)",
        ),
        (
            "size(title, 1) > 1",
            "`size(title, 1)`: `size` is given the wrong number of values (write `size(text | list | relation)`)",
        ),
        (
            "contains(title, 'x')",
            "`contains`: `contains` is called on a value (write `text.contains(part)`)",
        ),
        ("timestamp(title) > now", "`title`: `timestamp` takes constant text"),
        (
            "title.matches('x')",
            "`matches`: `matches` cannot be used here: databases know other regular expressions (use `contains`, `startsWith` or `endsWith`)",
        ),
        (
            "data == 'x'",
            "`data == 'x'`: cannot compare JSON with text (name a member: `field.member` or `field['member']`)",
        ),
        (
            "views + 9223372036854775807 + 1 > 0 && 9223372036854775807 + 1 > 0",
            "`9223372036854775807 + 1`: this number is too large to compute",
        ),
        ("size(data) == 1", "`data`: expected text, a list or a relation, this is JSON"),
        ("rating % 2.0 == 0", "`rating % 2.0`: `%` takes whole numbers or decimals"),
        (
            "before.status == 'draft'",
            "`before`: `before` cannot be used here: only rules for `update` know the row as it was",
        ),
        ("line == 3", "`line == 3`: cannot compare an OrderLine with a number"),
        (
            "now - 1 < published_at",
            "`now - 1`: cannot subtract a point in time and a number (a length of time is written `duration('PT1H')`, `duration('P7D')`)",
        ),
        (
            "titel == 1 && vews == 2 || tags.exists(t, t.nme == '')",
            "`titel`: there is no `titel` here (did you mean `title`?)\n`vews`: there is no `vews` here (did you mean `views`?)\n`nme`: Tag has no field `nme` (did you mean `name`?)",
        ),
    ] {
        refused(expression, Expected::Bool, Allow::RULE, wanted);
    }
}

#[test]
fn what_a_place_does_not_know() {
    for (expression, wanted) in [
        ("author == me", "`me`: `me` cannot be used here: who asks is not known here"),
        (
            "published_at < now",
            "`now`: `now` cannot be used here: the value would change without a write",
        ),
        (
            "author.name == 'x'",
            "`author.name`: a reference cannot be used here: only the row's own fields are known",
        ),
        (
            "size(tags) > 1",
            "`tags`: a relation cannot be used here: only the row's own fields are known",
        ),
        ("rank > 1", "`rank`: `rank` is computed itself (write its expression out here)"),
    ] {
        refused(expression, Expected::Bool, Allow::OWN, wanted);
    }
    refused(
        "before.author.name == 'x'",
        Expected::Bool,
        Allow::UPDATE,
        "`before.author.name`: `before` knows only the row's own fields",
    );
}

#[test]
fn values_must_fit_their_field() {
    let value = |scalar| Expected::Value(Type::Scalar(scalar));
    refused(
        "title",
        value(Scalar::I64),
        Allow::OWN,
        "`title`: this gives text, the field holds a number",
    );
    refused(
        "rating",
        value(Scalar::I64),
        Allow::OWN,
        "`rating`: this gives f64, which does not fit i64",
    );
    refused(
        "views == 1",
        value(Scalar::String),
        Allow::OWN,
        "`views == 1`: this gives true or false, the field holds text",
    );
    let model = common::model();
    for (expression, scalar) in [
        ("views", Scalar::F64),
        ("views + 1", Scalar::I32),
        ("'x' + title", Scalar::Text),
        ("views", Scalar::Money),
        ("price", Scalar::F64),
        ("null", Scalar::Date),
    ] {
        assert!(
            check_with(&model, "Post", expression, &value(scalar), Allow::OWN).is_ok(),
            "{expression}"
        );
    }
    let mood = Expected::Value(Type::Enum("Mood".to_owned()));
    assert!(check_with(&model, "Post", "featured ? 'glad' : 'sad'", &mood, Allow::OWN).is_err());
    assert!(check_with(&model, "Post", "'glad'", &mood, Allow::OWN).is_ok());
    refused(
        "'gald'",
        mood,
        Allow::OWN,
        "`'gald'`: 'gald' is not a value of Mood (did you mean 'glad'?)",
    );
}

#[test]
fn a_computed_field_that_can_be_null_is_an_option() {
    let model = common::model();
    let field = common::scalar("x", Scalar::I64);
    let message = |text: &str, field: &glaze_model::Field| {
        glaze_expr::check_computed(&model, "Post", field, text)
            .map(|_| ())
            .map_err(|errors| shown(text, &errors))
    };
    assert_eq!(message("size(title) + views", &field), Ok(()));
    assert_eq!(message("views / 2", &field), Ok(()));
    assert_eq!(message("coalesce(likes, 0)", &field), Ok(()));
    assert_eq!(message("likes", &common::optional(field.clone())), Ok(()));
    for text in ["likes", "views / views", "size(subtitle)", "seo.boost + likes"] {
        let wanted = format!(
            "`{text}`: the value can be null, but the field is not an Option (use `coalesce(…, …)`, or make the field an `Option<…>`)"
        );
        assert_eq!(message(text, &field), Err(wanted));
    }
}

#[test]
fn what_does_not_parse() {
    for (expression, wanted) in [
        ("", "``: the expression is empty"),
        ("title = 'x'", "`=`: expected an operator, found `=` (equality is written `==`)"),
        ("title == 'x", "`'x`: the text does not end (close it with ')"),
        ("title == 'x' and views", "`and`: expected an operator, found `and` (write `&&`)"),
        ("title == 'x' & views", "`&`: `&` means nothing here (write `&&`)"),
        ("(views == 1", "``: expected `)`, found the end"),
        ("views ==", "``: expected a value, found the end"),
        (
            "views == 5u",
            "`5u`: a number is followed by letters (there are no unsigned numbers: leave the `u` out)",
        ),
        ("views == 9223372036854775808", "`9223372036854775808`: this number is too large"),
        ("views == 1e999", "`1e999`: this number is too large"),
        (
            "title == '\\q'",
            "`\\q`: this escape is not known (a backslash itself is written `\\\\`)",
        ),
        ("title == '\\u0000'", "`\\u0000`: this is not a character"),
        (
            "title == ‘x’",
            "`‘`: `‘` means nothing here (write text in straight quotes: 'text')",
        ),
        (
            "{'a': 1} == null",
            "`{`: expected a value, found `{` (there are no maps in expressions)",
        ),
        (
            "tags.exists_one(t, true)",
            "`exists_one`: `exists_one` is not supported (use `exists`, `all`, or `size(relation.filter(row, condition)) == 1`)",
        ),
        (
            "tags.exists(t)",
            "`tags.exists(t)`: `exists` takes a name for the row and a condition (write `.exists(row, condition)`)",
        ),
    ] {
        refused(expression, Expected::Bool, Allow::RULE, wanted);
    }
}

#[test]
fn pathological_texts_are_refused() {
    let long = format!("title == '{}'", "x".repeat(10_000));
    let deep = |open: &str, close: &str| format!("{}true{}", open.repeat(3_000), close.repeat(3_000));
    let texts = [
        long,
        deep("(", ")"),
        deep("!", ""),
        deep("[", "]"),
        deep("a.b(", ")"),
        deep("true ? true : ", ""),
        deep("-", ""),
        deep("a[", "]"),
        "1+".repeat(3_000) + "1",
    ];
    for text in texts {
        let model = common::model();
        let errors = check_with(&model, "Post", &text, &Expected::Bool, Allow::RULE).expect_err("too much");
        assert!(
            errors[0].message.contains("longer than") || errors[0].message.contains("levels deep"),
            "{}",
            errors[0].message
        );
    }
    // Long, but flat.
    let flat = vec!["views == 1"; 600].join(" || ");
    assert!(glaze_expr::check(&common::model(), "Post", &flat, Expected::Bool).is_ok());
}
