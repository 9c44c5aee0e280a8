//! Random questions: both databases and the evaluation in memory agree on every one.

use glaze_data::{Actor, query::QueryError};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};

use crate::{
    questions::{check_rows, editor, owner},
    world::World,
};

/// One condition: path, operator and value that fit each other.
fn condition() -> impl Strategy<Value = String> {
    let text = select(vec![
        "rust",
        "Rust in words",
        "über",
        "",
        "%",
        "_",
        "A",
        "é",
        "t",
        "WORDS",
        "\"",
        "z",
    ]);
    let text_field = select(vec![
        "[title]",
        "[slug]",
        "[author][name]",
        "[seo][title]",
        "[tags][name]",
        "[prequel][title]",
        "[second][name]",
        "[author][books][title]",
    ]);
    let text_operator = select(vec![
        "_eq",
        "_neq",
        "_contains",
        "_icontains",
        "_starts_with",
        "_iends_with",
        "_lt",
        "_gte",
        "_in",
        "_nin",
    ]);
    let number = select(vec!["0", "3", "-1", "12", "9007199254740993", "100"]);
    let number_field = select(vec![
        "[views]",
        "[small]",
        "[pages]",
        "[rank]",
        "[reviews][stars]",
        "[shelf][height]",
        "[prequel][views]",
        "[reviews][_every][stars]",
        "[reviews][_none][stars]",
    ]);
    let decimal = select(vec!["0", "12.5", "-3.99", "0.001", "1.5", "0.000001", "99999999.99"]);
    let decimal_field = select(vec!["[price]", "[ratio]", "[seo][weight]", "[prequel][price]", "[sequels][price]"]);
    let order = || select(vec!["_eq", "_neq", "_lt", "_lte", "_gt", "_gte", "_in", "_nin"]);
    let status = select(vec!["draft", "in_review", "published", "draft,published"]);
    let moment = select(vec![
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.5Z",
        "1999-12-31T23:59:59.123456Z",
        "2026-11-21T07:52:00+01:00",
    ]);
    let null_field = select(vec![
        "[author]",
        "[mood]",
        "[price]",
        "[publishedAt]",
        "[seo]",
        "[subject]",
        "[shelf]",
        "[data]",
        "[prequel][author]",
        "[body]",
        "[day]",
        "[length]",
    ]);
    prop_oneof![
        (text_field, text_operator, text).prop_map(|(field, operator, value)| format!("{field}[{operator}]={}", encode(value))),
        (
            select(vec!["[data][a][b]", "[data][n]", "[data][0]"]),
            select(vec!["_eq", "_neq", "_contains", "_in", "_nin"]),
            select(vec!["x", "5", "1", "t"])
        )
            .prop_map(|(field, operator, value)| format!("{field}[{operator}]={value}")),
        (number_field, order(), number).prop_map(|(field, operator, value)| format!("{field}[{operator}]={value}")),
        (decimal_field, order(), decimal).prop_map(|(field, operator, value)| format!("{field}[{operator}]={value}")),
        (
            select(vec!["[status]", "[mood]", "[prequel][mood]"]),
            select(vec!["_in", "_nin"]),
            status
        )
            .prop_map(|(field, operator, value)| format!("{field}[{operator}]={value}")),
        (order(), moment).prop_map(|(operator, value)| format!("[publishedAt][{operator}]={}", encode(value))),
        (null_field, any::<bool>()).prop_map(|(field, value)| format!("{field}[_null]={value}")),
        select(vec![
            "[free]=true",
            "[tags][_empty]=true",
            "[keywords][_contains]=a",
            "[keywords][_empty]=false",
            "[subject][type]=tag",
            "[owner][_null]=true"
        ])
        .prop_map(str::to_owned),
    ]
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn question() -> impl Strategy<Value = String> {
    let place = select(vec![
        "filter",
        "filter[_not]",
        "filter[_or][0]",
        "filter[_or][1]",
        "filter[_not][_or][0]",
        "filter[_not][_or][1]",
        "filter[_and][0]",
    ]);
    let conditions = proptest::collection::vec((place, condition()), 0..5);
    let key = select(vec![
        "title",
        "-title",
        "views",
        "-price",
        "ratio",
        "status",
        "-mood",
        "publishedAt",
        "-author.name",
        "prequel.title",
        "rank",
        "-day",
        "length",
        "free",
        "shelf.height",
    ]);
    let sort = proptest::collection::vec(key, 0..3);
    let include = select(vec![
        "",
        "author",
        "tags,reviews",
        "prequel.author,sequels",
        "subject,shelf",
        "reviews.book",
    ]);
    let search = select(vec!["", "", "", "rust", "wor", "quoted title"]);
    (conditions, sort, include, 1..40u32, 0..5u32, search).prop_map(|(conditions, sort, include, limit, offset, search)| {
        let mut parts = vec![format!("limit={limit}"), format!("offset={offset}"), "count=exact".to_owned()];
        parts.extend(conditions.into_iter().map(|(place, condition)| format!("{place}{condition}")));
        let mut sort = sort;
        sort.sort_unstable_by_key(|key| key.trim_start_matches('-'));
        sort.dedup_by_key(|key| key.trim_start_matches('-'));
        if !sort.is_empty() {
            parts.push(format!("sort={}", sort.join(",")));
        }
        if !include.is_empty() {
            parts.push(format!("include={include}"));
        }
        if !search.is_empty() {
            parts.push(format!("search={}", encode(search)));
        }
        format!("books?{}", parts.join("&"))
    })
}

#[test]
fn random_questions_have_one_answer() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(World::library());
    let memory = world.memory();
    let actors = [Actor::Anonymous, owner(), editor()];
    let mut runner = TestRunner::new(ProptestConfig {
        cases: std::env::var("GLAZE_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(400),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let (refused, cases) = (std::cell::Cell::new(0), runner.config().cases);
    let outcome = runner.run(&(question(), 0..3usize), |(question, who)| {
        let asked = match world.ask(&actors[who], &question) {
            Ok(asked) => asked,
            Err(QueryError::Forbidden { .. }) => return Ok(()),
            // A number that is too large for the field and the like.
            Err(QueryError::Invalid(_)) => {
                refused.set(refused.get() + 1);
                return Ok(());
            }
        };
        let answer = runtime.block_on(world.answer(&asked, &question));
        check_rows(&memory, &asked, &answer, &question);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(refused.get() * 4 < cases, "{} of {cases} were refused", refused.get());
}
