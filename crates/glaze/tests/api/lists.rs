//! Lists: filter, sort, page, count, search, aggregate.

use serde_json::{Value as Json, json};

use crate::{
    journal::journal,
    world::{Anonymous, Editor, Reply, World},
};

async fn titles(world: &World, query: &str) -> Vec<Json> {
    let reply: Reply = world.get(Anonymous, &format!("/api/posts?{query}")).await;
    reply.is(200).column("title")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operator_does_what_it_says() {
    let world = journal().await;
    for (filter, expected) in [
        ("filter[title]=Beta", &["Beta"][..]),
        ("filter[title][_neq]=Beta&filter[views][_lt]=50", &["Alpha", "Delta"]),
        ("filter[views][_gte]=70", &["Eta", "Theta"]),
        ("filter[views][_in]=10,20,30", &["Alpha", "Beta"]),
        ("filter[views][_nin]=10,20,40,50", &["Eta", "Theta"]),
        ("filter[rating][_null]=true", &["Alpha", "Epsilon", "Eta"]),
        ("filter[rating][_nnull]=true", &["Beta", "Delta", "Theta"]),
        ("filter[title][_contains]=eta", &["Beta", "Theta"]),
        ("filter[title][_icontains]=ETA", &["Beta", "Eta", "Theta"]),
        ("filter[title][_starts_with]=E", &["Epsilon", "Eta"]),
        ("filter[title][_iends_with]=A&filter[views][_lte]=20", &["Alpha", "Beta"]),
        ("filter[price][_between]=2.00,4.50", &["Beta", "Delta"]),
        ("filter[day][_gt]=2026-01-05", &["Eta", "Theta"]),
        ("filter[publishedAt][_lte]=2026-02-01T10:00:00Z", &["Alpha", "Beta"]),
        ("filter[labels][_contains]=x", &["Beta"]),
        ("filter[sections][_nempty]=true", &["Alpha"]),
        ("filter[seo][title]=First", &["Alpha"]),
        ("filter[author][name]=Bob", &["Beta", "Epsilon", "Theta"]),
        ("filter[tags][name]=SQL", &["Alpha"]),
        ("filter[tags][_none][code]=rust&filter[views][_lt]=50", &["Delta"]),
        ("filter[comments][_some][text]=Nice", &["Alpha"]),
        ("filter[tags][_empty]=true", &["Delta", "Epsilon", "Eta", "Theta"]),
        ("filter[_or][0][title]=Alpha&filter[_or][1][views]=20", &["Alpha", "Beta"]),
        ("filter[_not][views][_gt]=10", &["Alpha"]),
        ("filter={\"author\":{\"name\":\"Ann\"},\"views\":{\"_gt\":10}}", &["Delta", "Eta"]),
        ("filter[title][_in]=", &[]),
    ] {
        let query = format!(
            "{}&sort=title&fields=title",
            filter.replace('"', "%22").replace('{', "%7B").replace('}', "%7D")
        );
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(titles(&world, &query).await, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_that_are_not_approved_do_not_answer_questions() {
    let world = journal().await;
    assert_eq!(titles(&world, "filter[comments][text]=Spam").await, Vec::<Json>::new());
    let reply = world.get(Editor, "/api/posts?filter[comments][text]=Spam").await.is(200);
    assert_eq!(reply.column("title"), ["Alpha"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_total_and_nulls_come_last() {
    let world = journal().await;
    assert_eq!(
        titles(&world, "sort=rating&fields=title").await,
        ["Beta", "Delta", "Theta", "Alpha", "Epsilon", "Eta"]
    );
    assert_eq!(
        titles(&world, "sort=-rating&fields=title").await,
        ["Alpha", "Epsilon", "Eta", "Theta", "Delta", "Beta"]
    );
    assert_eq!(
        titles(&world, "sort=author.name,-views&fields=title").await,
        ["Eta", "Delta", "Alpha", "Theta", "Epsilon", "Beta"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_in_both_directions() {
    let world = journal().await;
    for sort in ["sort=rating", "sort=-rating,title", "sort=author.name", ""] {
        let all = titles(&world, &format!("{sort}&limit=100")).await;
        let (mut forward, mut path) = (Vec::new(), format!("/api/posts?{sort}&limit=2&fields=title"));
        let last = loop {
            let reply = world.get(Anonymous, &path).await.is(200);
            forward.extend(reply.column("title"));
            match reply.json()["page"]["next"].as_str() {
                Some(next) => path = format!("/api/posts?{sort}&limit=2&fields=title&after={next}"),
                None => break reply,
            }
        };
        assert_eq!(forward, all, "{sort}");
        let mut backward = last.column("title");
        let mut page = last.json();
        while let Some(previous) = page["page"]["previous"].as_str() {
            let reply = world
                .get(Anonymous, &format!("/api/posts?{sort}&limit=2&fields=title&before={previous}"))
                .await
                .is(200);
            backward.splice(0..0, reply.column("title"));
            page = reply.json();
        }
        assert_eq!(backward, all, "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_good_for_its_own_question_only() {
    let world = journal().await;
    let next = world.get(Anonymous, "/api/posts?limit=2&sort=title").await.is(200).json();
    let next = next["page"]["next"].as_str().unwrap().to_owned();
    world
        .get(Anonymous, &format!("/api/posts?limit=2&sort=title&after={next}"))
        .await
        .is(200);
    let mut damaged = next.clone().into_bytes();
    damaged[5] = if damaged[5] == b'A' { b'B' } else { b'A' };
    let damaged = String::from_utf8(damaged).unwrap();
    for query in [
        format!("limit=2&sort=-title&after={next}"),
        format!("limit=2&sort=title&filter[views][_gt]=0&after={next}"),
        format!("limit=2&sort=title&before={next}"),
        format!("limit=2&sort=title&after={damaged}"),
        "limit=2&sort=title&after=x".to_owned(),
    ] {
        world
            .get(Anonymous, &format!("/api/posts?{query}"))
            .await
            .fails(400, "invalid_query");
    }
    // Of somebody who may see more, or less.
    world
        .get(Editor, &format!("/api/posts?limit=2&sort=title&after={next}"))
        .await
        .fails(400, "invalid_query");
}

#[tokio::test(flavor = "multi_thread")]
async fn offsets_and_counts() {
    let world = journal().await;
    let reply = world
        .get(Anonymous, "/api/posts?sort=title&limit=2&offset=2&count=exact&fields=title")
        .await
        .is(200);
    assert_eq!(reply.column("title"), ["Delta", "Epsilon"]);
    assert_eq!(reply.json()["page"]["total"], 6);
    assert!(reply.json()["page"]["next"].is_string() && reply.json()["page"]["previous"].is_string());
    let reply = world.get(Anonymous, "/api/posts?fields=title").await.is(200);
    assert!(reply.json()["page"].get("total").is_none(), "counting is asked for");
    let reply = world.get(Anonymous, "/api/posts?filter[title]=Nothing").await.is(200);
    reply.says(r#"{"data":[],"page":{"next":null,"previous":null}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn included_lists_have_their_own_limit_order_and_filter() {
    let world = journal().await;
    let path = "/api/authors?sort=name&fields=name&include[posts][limit]=2&include[posts][sort]=-views&include[posts][filter][views][_lt]=80&include[posts][fields]=title";
    let reply = world.get(Anonymous, path).await.is(200);
    assert_eq!(
        reply.json()["data"],
        json!([{"name": "Ann", "posts": [{"title": "Eta"}, {"title": "Delta"}]}, {"name": "Bob", "posts": [{"title": "Epsilon"}, {"title": "Beta"}]}])
    );
    let reply = world
        .get(Anonymous, "/api/posts?sort=title&limit=1&fields=title&include=comments.post.author")
        .await
        .is(200);
    assert_eq!(reply.json()["data"][0]["comments"][0]["post"]["author"]["name"], "Ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_words_by_their_beginning() {
    let world = journal().await;
    assert_eq!(
        titles(&world, "search=alph%20letter&sort=title&fields=title&filter[views]=10").await,
        ["Alpha"]
    );
    assert_eq!(titles(&world, "search=EPSI&fields=title").await, ["Epsilon"]);
    assert_eq!(titles(&world, "search=gamma&fields=title").await, Vec::<Json>::new(), "a draft");
    assert_eq!(
        titles(&world, "search=lpha&filter[views]=10&fields=title").await,
        Vec::<Json>::new(),
        "not in the middle of a word"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn aggregates_count_and_sum_what_may_be_read() {
    let world = journal().await;
    world
        .get(Anonymous, "/api/posts/aggregate?count=*")
        .await
        .is(200)
        .says(r#"{"data":[{"count":6}]}"#);
    world
        .get(Editor, "/api/posts/aggregate?count=*")
        .await
        .is(200)
        .says(r#"{"data":[{"count":9}]}"#);
    let reply = world
        .get(
            Editor,
            "/api/posts/aggregate?groupBy=status&count=*&sum=price,views&avg=price&sort=-count",
        )
        .await
        .is(200);
    let data = reply.json()["data"].clone();
    assert_eq!(data[0]["group"], json!({"status": "published"}));
    assert_eq!(data[0]["count"], 6);
    assert_eq!(data[0]["sum"]["price"], "30.00");
    assert_eq!(data[0]["sum"]["views"], 270);
    assert_eq!(data[1]["count"], 3);
    let reply = world
        .get(
            Anonymous,
            "/api/posts/aggregate?groupBy=publishedAt:year&count=*&min=rating&max=rating",
        )
        .await
        .is(200);
    assert_eq!(reply.json()["data"][0]["count"], 6, "{}", reply.text);
    assert_eq!(reply.json()["data"][0]["max"]["rating"], 4);
    world
        .get(Anonymous, "/api/posts/aggregate?sum=title")
        .await
        .fails(400, "invalid_query");
    world
        .get(Anonymous, "/api/authors/aggregate?groupBy=email&count=*")
        .await
        .fails(403, "forbidden");
    world
        .send(Anonymous, "POST", "/api/posts/aggregate", &[], Some(json!({})))
        .await
        .fails(405, "method_not_allowed");
}
