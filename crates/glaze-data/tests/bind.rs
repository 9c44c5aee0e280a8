//! Policies bound to questions: the trees that databases are asked.

mod support;

use glaze_data::{
    Actor, Limits, bind,
    query::{self, QueryError},
};
use support::{read, schema, show, user};

fn filter(actor: &Actor, path: &str, raw: &str) -> String {
    let schema = schema();
    match read(&schema, actor, path, raw) {
        Ok(read) => show::expr(&schema, &read.filter),
        Err(error) => format!("{error}"),
    }
}

fn forbidden(actor: &Actor, path: &str, raw: &str) -> Option<String> {
    match read(&schema(), actor, path, raw) {
        Err(QueryError::Forbidden { field, .. }) => field,
        other => panic!("{raw} was not refused: {other:?}"),
    }
}

#[test]
fn the_read_policy_is_in_every_filter() {
    let editor = user(&["editor"]);
    assert_eq!(filter(&Actor::Anonymous, "posts", ""), "status == 'published'");
    assert_eq!(filter(&user(&[]), "posts", ""), "(status == 'published' || owner == me)");
    assert_eq!(filter(&editor, "posts", ""), "true");
    assert_eq!(filter(&Actor::System, "secrets", ""), "true");
    assert_eq!(filter(&user(&["admin"]), "secrets", ""), "true");
    assert_eq!(filter(&Actor::Anonymous, "secrets", ""), "`Secret` may not be read");
}

#[test]
fn filters_become_conditions() {
    let editor = user(&["editor"]);
    for (raw, tree) in [
        ("filter[views]=5", "views == 5"),
        ("filter[views][_neq]=5", "views != 5"),
        ("filter[views][_nin]=5,6", "(views == null || !views in [5,6])"),
        ("filter[views][_in]=", "false"),
        ("filter[views][_between]=1,5", "(views >= 1 && views <= 5)"),
        ("filter[views][_nbetween]=1,5", "(views < 1 || views > 5)"),
        ("filter[title][_icontains]=a", "IContains(title, 'a')"),
        ("filter[title][_empty]=true", "(title == null || title == '')"),
        ("filter[keywords][_nempty]=true", "!(keywords == null || Size(keywords) == 0)"),
        ("filter[sections][_empty]=true", "(sections == null || Size(sections) == 0)"),
        ("filter[keywords][_contains]=a", "Has(keywords, 'a')"),
        ("filter[seo][title]=a", "seo.title == 'a'"),
        ("filter[seo][_null]=true", "(seo.title == null && seo.description == null)"),
        ("filter[data][a][b]=1", "data->a->b == '1'"),
        ("filter[subject][type]=tag", "subject.type == 'tag'"),
        ("filter[rank][_gt]=1", "rank > 1"),
        (
            "filter[_not][_or][0][views]=1&filter[_not][_or][1][views]=2",
            "!(views == 1 || views == 2)",
        ),
        (
            "filter[author]=018f0000-0000-7000-8000-000000000001",
            "author == 018f0000-0000-7000-8000-000000000001",
        ),
        ("filter[editor][_null]=true", "editor == null"),
        ("filter[notes]=a", "notes == 'a'"),
        ("search=Rust++book", "search 'Rust++book' in title,slug,body,notes"),
    ] {
        assert_eq!(filter(&editor, "posts", raw).replace("+", " "), tree.replace("+", " "), "{raw}");
    }
}

#[test]
fn related_rows_are_those_that_may_be_read() {
    for (raw, tree) in [
        ("filter[comments][text]=a", "Some r1:comments((r1.approved && r1.text == 'a'))"),
        (
            "filter[comments][_none][text]=a",
            "None r1:comments((r1.approved && r1.text == 'a'))",
        ),
        (
            "filter[comments][_every][text]=a",
            "Every r1:comments((r1.approved ? r1.text == 'a' : true))",
        ),
        ("filter[comments][_empty]=true", "None r1:comments(r1.approved)"),
        ("filter[tags][name]=a", "Some r1:tags(r1.name == 'a')"),
        (
            "filter[tags]=018f0000-0000-7000-8000-000000000001",
            "Some r1:tags(r1.id == 018f0000-0000-7000-8000-000000000001)",
        ),
        ("filter[author][name]=a", "Some r1:author((r1.active && r1.name == 'a'))"),
        (
            "filter[author][posts][title]=a",
            "Some r1:author((r1.active && Some r2:r1.posts((r2.status == 'published' && r2.title == 'a'))))",
        ),
        ("filter[subject][writer][name]=a", "Some r1:subject((r1.active && r1.name == 'a'))"),
    ] {
        assert_eq!(
            filter(&Actor::Anonymous, "posts", raw),
            format!("(status == 'published' && {tree})"),
            "{raw}"
        );
    }
}

#[test]
fn who_asks_stays_open_in_the_tree() {
    let schema = schema();
    let one = Actor::User {
        id: uuid::Uuid::from_u128(1),
        roles: vec![],
    };
    let other = Actor::User {
        id: uuid::Uuid::from_u128(2),
        roles: vec![],
    };
    let raw = "filter[author][name]=a&include=author&sort=author.name";
    assert_eq!(read(&schema, &one, "posts", raw), read(&schema, &other, "posts", raw));
}

#[test]
fn fields_closed_to_the_actor_are_refused_by_name() {
    for raw in [
        "filter[notes]=a",
        "filter[_or][0][_not][notes][_null]=true",
        "sort=notes",
        "fields=notes",
    ] {
        assert_eq!(forbidden(&Actor::Anonymous, "posts", raw).as_deref(), Some("notes"), "{raw}");
    }
    assert_eq!(
        forbidden(&Actor::Anonymous, "writers", "filter[posts][notes]=a").as_deref(),
        Some("notes")
    );
    assert_eq!(
        forbidden(&Actor::Anonymous, "bookings", "include=secret").as_deref(),
        Some("secret")
    );
    assert_eq!(
        forbidden(&Actor::Anonymous, "bookings", "filter[secret][text]=a").as_deref(),
        Some("secret")
    );
    assert_eq!(
        forbidden(&Actor::Anonymous, "bookings", "sort=secret.text").as_deref(),
        Some("secret")
    );
}

#[test]
fn fields_open_in_some_rows_count_as_null_in_the_others() {
    let me = user(&[]);
    assert_eq!(
        filter(&me, "posts", "filter[draftText][_null]=true"),
        "((status == 'published' || owner == me) && (owner == me ? draft_text : null) == null)"
    );
    let schema = schema();
    let bound = read(&schema, &me, "posts", "sort=draftText&fields=draftText").expect("a read");
    assert_eq!(show::order(&schema, &bound), "draft_text? if owner == me, id");
    assert_eq!(show::select(&schema, &bound), "draftText if owner == me");
    assert_eq!(
        forbidden(&Actor::Anonymous, "posts", "filter[draftText]=a").as_deref(),
        Some("draftText")
    );
}

#[test]
fn orders_are_total_and_guarded() {
    let schema = schema();
    let order = |actor: &Actor, path: &str, raw: &str| show::order(&schema, &read(&schema, actor, path, raw).expect(raw));
    assert_eq!(order(&Actor::Anonymous, "posts", ""), "id");
    assert_eq!(order(&Actor::Anonymous, "posts", "sort=-publishedAt"), "-published_at?, id");
    assert_eq!(order(&Actor::Anonymous, "posts", "sort=-id"), "-id");
    assert_eq!(order(&Actor::Anonymous, "posts", "sort=author.name"), "author.name? if active, id");
    assert_eq!(order(&Actor::System, "posts", "sort=author.name"), "author.name?, id");
    assert_eq!(order(&Actor::Anonymous, "seats", "sort=place"), "place, row");
    assert_eq!(
        forbidden(&Actor::Anonymous, "posts", "sort=author.boss.name").as_deref(),
        Some("author")
    );
}

#[test]
fn answers_hold_what_may_be_read() {
    let schema = schema();
    let select = |actor: &Actor, path: &str, raw: &str| show::select(&schema, &read(&schema, actor, path, raw).expect(raw));
    let public = "id, title, slug, body, author, editor, owner, views, price, status, publishedAt, keywords, seo(title description), data, place, \
                  subject, rank = (Size(title) Add views), sections, createdAt, updatedAt";
    assert_eq!(select(&Actor::Anonymous, "posts", ""), public);
    assert!(select(&user(&["admin"]), "posts", "").contains("notes, draftText, rank"));
    assert!(!select(&Actor::System, "posts", "").contains("token"));
    assert_eq!(select(&Actor::System, "posts", "fields=views,seo.title"), "views, seo(title)");
    assert_eq!(
        select(&Actor::System, "posts", "fields=title,author.name,id"),
        "title, author one{name where true}, id"
    );
    assert_eq!(
        select(&Actor::System, "posts", "fields=title&include=tags&include[tags][fields]=name"),
        "title, tags many{name where true limit 100}"
    );
    assert_eq!(
        select(
            &Actor::Anonymous,
            "posts",
            "fields=id&include[comments][limit]=5&include[comments][filter][text]=a&include[comments][fields]=text"
        ),
        "id, comments many{text where (approved && text == 'a') limit 5}"
    );
    assert_eq!(
        select(&Actor::Anonymous, "posts", "fields=subject.tag.name"),
        "subject any{name where true}"
    );
    assert_eq!(
        select(
            &Actor::Anonymous,
            "posts",
            "fields=id&include=subject&include[subject][tag][fields]=name&include[subject][writer][fields]=name"
        ),
        "id, subject any{name where true}{name where active}"
    );
    assert_eq!(select(&Actor::Anonymous, "seats", ""), "row, place");
    assert!(select(&Actor::System, "comments", "include=post.author").contains("post one{id, title, slug, body, author one{id, name"));
}

#[test]
fn bulk_filters_join_read_and_action() {
    let schema = schema();
    let entity = schema.entity_by_path("posts").expect("posts");
    let filter = query::filter_from_json(&schema, entity, &serde_json::json!({"views": 1}), &Limits::default()).expect("a filter");
    let bound = bind::bind_filter(&schema, &user(&[]), entity.ix, "update", Some(&filter)).expect("allowed");
    assert_eq!(
        show::expr(&schema, &bound),
        "((status == 'published' || owner == me) && views == 1 && owner == me && status != 'published')"
    );
    assert!(bind::bind_filter(&schema, &user(&["editor"]), entity.ix, "delete", None).is_err());
    assert!(bind::bind_filter(&schema, &Actor::Anonymous, entity.ix, "update", None).is_err());
}

#[test]
fn aggregates_speak_of_open_fields_only() {
    let schema = schema();
    let entity = schema.entity_by_path("posts").expect("posts");
    let limits = Limits::default();
    let bound = |actor: &Actor, raw: &str| {
        let params = query::split(raw).expect("UTF-8");
        let query = query::parse_aggregate(&schema, entity, &params, &limits).unwrap_or_else(|errors| panic!("{errors:?}"));
        bind::bind_aggregate(&schema, actor, &query, &limits)
    };
    assert!(bound(&Actor::Anonymous, "sum=price&groupBy=status").is_ok());
    for raw in ["countDistinct=notes", "groupBy=draftText", "groupBy=author.name", "max=author.name"] {
        assert!(matches!(bound(&Actor::Anonymous, raw), Err(QueryError::Forbidden { .. })), "{raw}");
        assert!(bound(&Actor::System, raw).is_ok(), "{raw}");
    }
}

#[test]
fn nobody_is_not_the_author_of_what_has_none() {
    let text = "use glaze::schema::*;\n#[entity]\n#[can(read, \"author == me\")]\npub struct Note { pub author: Option<Ref<User>> }\n\
                #[entity]\n#[can(read, \"me != null\")]\npub struct Inside { pub a: String }\n\
                #[entity]\n#[can(read, \"me == null\")]\npub struct Outside { pub a: String }";
    let schema = support::schema_of(text);
    let may = |actor: &Actor, path: &str| read(&schema, actor, path, "").map(|read| show::expr(&schema, &read.filter)).ok();
    assert_eq!(may(&Actor::Anonymous, "notes"), None);
    assert_eq!(may(&user(&[]), "notes").as_deref(), Some("author == me"));
    assert_eq!(
        (may(&Actor::Anonymous, "insides"), may(&Actor::Anonymous, "outsides").as_deref()),
        (None, Some("true"))
    );
    assert_eq!(
        (may(&user(&[]), "insides").as_deref(), may(&user(&[]), "outsides")),
        (Some("true"), None)
    );
}
