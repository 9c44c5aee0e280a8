//! The words of queries: what is understood, and what is said of what is not.

mod support;

use glaze_data::{
    bound::Count,
    query::{self, Filter, Page, Test},
};
use glaze_expr::tree::Compare;
use glaze_model::Value;
use support::{parse, schema};

/// The one error of a query.
fn error(raw: &str) -> String {
    let schema = schema();
    match parse(&schema, "posts", raw) {
        Ok(query) => panic!("{raw} was understood: {query:?}"),
        Err(errors) => errors.join("; "),
    }
}

#[test]
fn nothing_asked_is_the_first_page() {
    let query = parse(&schema(), "posts", "").expect("a query");
    assert_eq!(query.page, Page::Offset { limit: 25, offset: 0 });
    assert_eq!((query.count, query.filter, query.search), (Count::None, None, None));
    assert!(query.selection.all && query.sort.is_empty());
}

#[test]
fn both_forms_of_a_filter_say_the_same() {
    let schema = schema();
    for (brackets, json) in [
        ("filter[views]=5", r#"filter={"views":5}"#),
        (
            "filter[views][_gte]=5&filter[views][_lt]=9",
            r#"filter={"views":{"_gte":5,"_lt":"9"}}"#,
        ),
        (
            "filter[author][name][_icontains]=ann",
            r#"filter={"author":{"name":{"_icontains":"ann"}}}"#,
        ),
        (
            "filter[_or][0][status]=draft&filter[_or][1][views]=1",
            r#"filter={"_or":[{"status":"draft"},{"views":1}]}"#,
        ),
        (
            "filter[status][_in]=draft,published",
            r#"filter={"status":{"_in":["draft","published"]}}"#,
        ),
        (
            "filter[status][_in][]=draft&filter[status][_in][]=published",
            r#"filter={"status":{"_in":["draft","published"]}}"#,
        ),
        (
            "filter[status][_in][1]=published&filter[status][_in][0]=draft",
            r#"filter={"status":{"_in":["draft","published"]}}"#,
        ),
        ("filter[status][_in]=[\"draft\"]", r#"filter={"status":{"_in":["draft"]}}"#),
        ("filter[views][_between]=1,5", r#"filter={"views":{"_between":[1,5]}}"#),
        ("filter[price][_null]=true", r#"filter={"price":null}"#),
        ("filter[tags][_none][name]=x", r#"filter={"tags":{"_none":{"name":"x"}}}"#),
        ("filter[seo][title][_empty]=true", r#"filter={"seo":{"title":{"_empty":true}}}"#),
        ("filter[data][a][b]=1", r#"filter={"data":{"a":{"b":1}}}"#),
        (
            "filter[subject][type]=tag&filter[subject][tag][name]=x",
            r#"filter={"subject":{"type":"tag","tag":{"name":"x"}}}"#,
        ),
        (
            "filter[_not][keywords][_contains]=x",
            r#"filter={"_not":{"keywords":{"_contains":"x"}}}"#,
        ),
        ("filter%5Bviews%5D=5", "filter[views]=5"),
        ("filter[title]=a+b", "filter[title]=a%20b"),
    ] {
        let filter = |raw: &str| {
            parse(&schema, "posts", raw)
                .unwrap_or_else(|errors| panic!("{raw}: {errors:?}"))
                .filter
        };
        assert!(filter(brackets).is_some());
        assert_eq!(filter(brackets), filter(json), "{brackets}");
    }
}

#[test]
fn values_have_the_type_of_their_field() {
    let query = parse(&schema(), "posts", "filter[views][_gt]=5").expect("a query");
    let Some(Filter::Test(_, Test::Compare(Compare::Gt, value))) = query.filter else {
        panic!("{:?}", query.filter)
    };
    assert_eq!(value, Value::Int(5));
}

#[test]
fn what_is_not_understood_is_said() {
    for (raw, message) in [
        ("filte[a]=1", "`filte[a]`: unknown parameter `filte`: did you mean `filter`?"),
        (
            "filter[titel]=x",
            "`filter[titel]`: unknown field `titel` of `Post`: did you mean `title`?",
        ),
        ("filter[token]=x", "`filter[token]`: unknown field `token` of `Post`"),
        (
            "filter[views][_gtt]=1",
            "`filter[views][_gtt]`: unknown operator `_gtt`: did you mean `_gt`?",
        ),
        (
            "filter[status]=publishd",
            "`filter[status]`: `publishd` is not one of the values: did you mean `published`?",
        ),
        ("filter[views]=many", "`filter[views]`: expected a whole number"),
        (
            "filter[views][_contains]=1",
            "`filter[views][_contains]`: `_contains` does not fit here: there is `_eq`, `_neq`",
        ),
        (
            "filter[keywords]=x",
            "`filter[keywords]`: `_eq` does not fit here: there is `_contains`, `_null`, `_nnull`, `_empty` and `_nempty`",
        ),
        ("filter[place][_gt]=x", "`_gt` does not fit here: there is `_null` and `_nnull`"),
        ("filter[_gt]=1", "`filter[_gt]`: `_gt` needs a field before it"),
        ("filter[title][x]=1", "this field has no fields of its own"),
        ("filter[author][_some][name]=x", "`_some` is for to-many relations"),
        ("filter[title=1", "brackets that don't match"),
        ("filter={", "not JSON"),
        ("filter[title]=a&filter[title]=b", "`filter[title]` is there twice"),
        ("filter[price][_null]=maybe", "expected `true` or `false`"),
        ("filter[views][_between]=1", "expected two values"),
        ("filter=title", "a filter names fields"),
        ("filter[subject]=tag", "say which: `filter[subject][type]=…`"),
        ("filter[subject][post][title]=x", "unknown type `post`"),
        ("sort=titel", "`sort`: unknown field `titel` of `Post`: did you mean `title`?"),
        ("sort=body", "`body` has no order to sort by"),
        ("sort=tags.name", "`tags` does not lead to one row"),
        ("sort=title,-title", "`title` is there twice"),
        ("sort=author.token", "unknown field `token` of `Writer`"),
        ("fields=titel", "`fields`: unknown field `titel` of `Post`: did you mean `title`?"),
        ("fields=token", "unknown field `token` of `Post`"),
        ("fields=seo.titel", "unknown field `titel`: did you mean `title`?"),
        ("include=title", "`include`: `title` is no relation"),
        ("include=autor", "unknown field `autor` of `Post`: did you mean `author`?"),
        (
            "include[comments][limt]=1",
            "`include[comments][limt]`: unknown parameter `limt`: did you mean `limit`?",
        ),
        ("include[author][limit]=1", "`limit` is for to-many relations"),
        ("include[comments][limit]=5000", "the limit is 1000"),
        ("include=author.posts.author.posts.author", "relations may be included 4 deep"),
        ("limit=0", "`limit`: expected a whole number from 1 to 100"),
        ("limit=101", "`limit`: the limit is 100"),
        ("offset=-1", "expected a whole number from 0"),
        ("count=some", "unknown way to count `some`"),
        ("after=x&before=y", "`after` and `before` don't go together"),
        ("after=x&offset=3", "a cursor and an offset don't go together"),
    ] {
        let errors = error(raw);
        assert!(errors.contains(message), "{raw}\n  gives {errors}\n  wanted {message}");
    }
}

#[test]
fn private_fields_are_not_even_hinted_at() {
    assert!(!error("filter[tokn]=x").contains("`token`"));
}

#[test]
fn all_errors_come_at_once() {
    let errors = parse(
        &schema(),
        "posts",
        "filter[a1]=1&sort=b2&fields=c3&limit=x&nonsense=1&filter[views]=x",
    )
    .expect_err("errors");
    assert_eq!(errors.len(), 6, "{errors:?}");
}

#[test]
fn what_costs_too_much_is_refused() {
    let many = (0..201).map(|n| format!("filter[a{n}]=1")).collect::<Vec<_>>().join("&");
    assert!(error(&many).contains("201 parameters: the limit is 200"));
    let deep = format!("filter{}[views]=1", "[_not]".repeat(9));
    assert!(error(&deep).contains("a filter may be nested 8 deep"));
    let items = (0..501).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    assert!(error(&format!("filter[views][_in]={items}")).contains("501 values: the limit is 500"));
    let nodes = format!("filter={{\"_or\":[{}]}}", vec!["{\"views\":1}"; 200].join(","));
    assert!(error(&nodes).contains("more than 256 conditions"));
    let brackets = format!("filter{}=1", "[a]".repeat(40));
    assert!(error(&brackets).contains("more than 32 brackets"));
    assert!(error(&format!("search={}", "a".repeat(201))).contains("the limit is 200 characters"));
    assert!(error(&format!("filter[title]={}", "a".repeat(20_000))).contains("20000 bytes"));
    let nested = format!("filter={}1{}", "{\"data\":".repeat(300), "}".repeat(300));
    assert!(!error(&nested).is_empty());
}

#[test]
fn keys_in_paths_are_read_as_their_types() {
    let schema = schema();
    let seat = schema.entity_by_path("seats").expect("seats");
    let key = vec![Value::Int(3), Value::Text("a,b/c".to_owned())];
    let text = schema.format_key(&key);
    assert_eq!(text, "3,a%2Cb%2Fc");
    assert_eq!(schema.parse_key(seat, &text), Ok(key));
    for wrong in ["3", "3,a,b", "x,a", "3,%ff"] {
        assert!(schema.parse_key(seat, wrong).is_err(), "{wrong}");
    }
    let post = schema.entity_by_path("posts").expect("posts");
    assert!(schema.parse_key(post, "not-a-uuid").is_err());
}

#[test]
fn compound_keys_are_compared_by_part() {
    let schema = schema();
    for raw in [
        "filter[seat]=3,a",
        r#"filter={"seat":[3,"a"]}"#,
        r#"filter={"seat":{"_eq":{"row":3,"place":"a"}}}"#,
    ] {
        let query = parse(&schema, "bookings", raw).unwrap_or_else(|errors| panic!("{raw}: {errors:?}"));
        let Some(Filter::And(parts)) = query.filter else {
            panic!("{raw}: {:?}", query.filter)
        };
        assert_eq!(parts.len(), 2);
    }
    let errors = parse(&schema, "bookings", "filter[seat]=3").expect_err("one part is missing");
    assert!(errors[0].contains("expected a key of 2 parts: row,place"), "{errors:?}");
}

#[test]
fn entities_are_found_by_path_and_alias() {
    let schema = support::schema_of("use glaze::schema::*;\n#[entity]\n#[can(read)]\npub struct BlogPost { pub title: String }");
    let by = |path: &str| schema.entity_by_path(path).map(|entity| entity.name.as_str());
    assert_eq!(
        (by("blog-posts"), by("blog_posts"), by("api-keys"), by("BlogPost")),
        (Some("BlogPost"), Some("BlogPost"), None, None)
    );
}

#[test]
fn aggregates_are_read() {
    let schema = schema();
    let entity = schema.entity_by_path("posts").expect("posts");
    let read = |raw: &str| {
        let params = query::split(raw).expect("UTF-8");
        let parsed = query::parse_aggregate(&schema, entity, &params, &glaze_data::Limits::default());
        parsed.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    let names = |raw: &str| {
        let query = read(raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
        let group = query.group.iter().map(|key| key.json.clone());
        group
            .chain(query.values.iter().map(|(json, ..)| json.clone()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(names(""), "count");
    assert_eq!(
        names("count=*,price&sum=price,views&avg=views&min=publishedAt&countDistinct=author"),
        "count countOf.price countDistinct.author sum.price sum.views avg.views min.publishedAt"
    );
    assert_eq!(
        names("groupBy=status,publishedAt:month,author.name&sort=-count,status"),
        "group.status group.publishedAt group.author.name count"
    );
    for (raw, message) in [
        ("sum=title", "`sum` does not fit `title`"),
        ("groupBy=body", "rows can't be grouped by `body`"),
        ("groupBy=title:month", "`title` can't be cut to `month`"),
        ("groupBy=publishedAt:week", "unknown unit `week`"),
        ("groupBy=author,author.name", "is there twice"),
        ("sort=sum.price", "unknown name `sum.price`"),
        ("summ=price", "did you mean `sum`?"),
        ("sum=token", "unknown field `token`"),
    ] {
        let error = read(raw).expect_err(raw);
        assert!(error.contains(message), "{raw}: {error}");
    }
}
