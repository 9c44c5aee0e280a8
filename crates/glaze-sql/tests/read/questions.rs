//! Questions as clients ask them.

use glaze_data::{Actor, bound::Page, memory::Memory, query::QueryError};
use glaze_model::Value;

use crate::{
    rows::uuid,
    world::{Asked, World},
};

pub fn editor() -> Actor {
    let Value::Uuid(id) = uuid(7) else { panic!("a UUID") };
    Actor::User {
        id,
        roles: vec!["editor".to_owned()],
    }
}

pub fn owner() -> Actor {
    let Value::Uuid(id) = uuid(7) else { panic!("a UUID") };
    Actor::User { id, roles: Vec::new() }
}

const QUESTIONS: &[&str] = &[
    "books",
    "books?limit=3&offset=2&count=exact",
    "books?fields=title,views,rank&sort=-views",
    "books?sort=title&fields=title",
    "books?sort=-price,publishedAt&fields=price,publishedAt",
    "books?sort=status,-mood&fields=status,mood&limit=100",
    "books?sort=author.name&fields=title,author&limit=100",
    "books?sort=-author.born,small&limit=100&fields=author",
    "books?sort=ratio,score,weight&fields=ratio,score,weight&limit=100",
    "books?sort=-day,hour,-length&fields=day,hour,length&limit=100",
    "books?sort=free,-rank&limit=100&fields=free,rank",
    "books?filter[status]=published&fields=slug",
    "books?filter[status][_neq]=published&fields=slug",
    "books?filter[mood][_neq]=published&fields=slug&limit=100",
    "books?filter[mood][_nin]=published&fields=slug&limit=100",
    "books?filter[mood][_in]=published,draft&fields=slug&limit=100",
    "books?filter[views][_gt]=2&fields=views",
    "books?filter[price][_gte]=12.5&fields=price&limit=100",
    "books?filter[price]=12.50&fields=price",
    "books?filter[price][_between]=-5,12.505&fields=price",
    "books?filter[ratio][_lt]=0.1&fields=ratio",
    "books?filter[score][_gt]=0.05&fields=score",
    "books?filter[weight]=1.1&fields=weight",
    "books?filter[pages][_in]=10,20,200&fields=pages",
    "books?filter[publishedAt][_gte]=2026-01-01T00:00:00.5Z&fields=publishedAt",
    "books?filter[publishedAt][_null]=true&fields=publishedAt",
    "books?filter[day][_lt]=2000-01-01&fields=day",
    "books?filter[hour][_gt]=06:52:00&fields=hour",
    "books?filter[length][_gte]=PT1H&fields=length",
    "books?filter[title][_icontains]=RUST&fields=title",
    "books?filter[title][_icontains]=ÜBER&fields=title",
    "books?filter[title][_contains]=_sure&fields=title",
    "books?filter[title][_starts_with]=rust&fields=title",
    "books?filter[title][_istarts_with]=rust&fields=title",
    "books?filter[title][_ends_with]=here&fields=title",
    "books?filter[title][_iends_with]=WORDS&fields=title",
    "books?filter[title][_empty]=true&fields=title",
    "books?filter[title][_contains]=%25&fields=title",
    "books?filter[title][_gt]=a&fields=title",
    "books?filter[keywords][_empty]=true&fields=keywords",
    "books?filter[keywords][_contains]=a&fields=keywords",
    "books?filter[author][name]=Ann&fields=slug",
    "books?filter[author][name][_neq]=Ann&fields=slug&limit=100",
    "books?filter[author][books][views][_gt]=5&fields=slug",
    "books?filter[author][_null]=true&fields=slug",
    "books?filter[tags][name]=rust&fields=slug&include=tags",
    "books?filter[tags][_every][name]=rust&fields=slug",
    "books?filter[tags][_none][name]=Cooking&fields=slug",
    "books?filter[tags][_empty]=true&fields=slug",
    "books?filter[reviews][stars][_gte]=4&fields=slug&count=exact",
    "books?filter[reviews][_every][stars][_gte]=1&fields=slug&limit=100",
    "books?filter[_or][0][title][_icontains]=rust&filter[_or][1][views]=-1&fields=slug",
    "books?filter[_not][author][name]=Ann&fields=slug&limit=100",
    "books?filter[seo][title]=t&fields=seo",
    "books?filter[seo][weight][_gt]=1&fields=seo",
    "books?filter[seo][_null]=true&fields=seo",
    "books?filter[subject][type]=tag&fields=subject",
    "books?filter[subject][tag][name]=über&fields=subject",
    "books?filter[subject][writer][name]=Ann&fields=subject",
    "books?filter[shelf][height][_gt]=8&fields=shelf",
    "books?filter[data][a][b]=x&fields=data",
    "books?filter[rank][_gt]=10&fields=rank",
    "books?filter[free]=true&fields=free",
    "books?filter[small][_in]=-1,-2,5&fields=small",
    "books?include=author&fields=title,author",
    "books?include=author,second,tags,reviews,summary,shelf,subject,prequel,sequels",
    "books?include=author.books,reviews.book.author&limit=5",
    "books?include=reviews&include[reviews][limit]=2&include[reviews][sort]=-stars&fields=slug&limit=100",
    "books?include=reviews&include[reviews][filter][stars][_gte]=3&fields=slug",
    "books?include=tags&include[tags][limit]=1&include[tags][sort]=-name&fields=slug",
    "books?fields=title,author.name,tags.name",
    "books?search=rust",
    "books?search=RUST%20act&fields=title",
    "books?search=worl&fields=slug",
    "books?search=%C3%BCber&fields=slug",
    "books?search=orld&fields=slug",
    "writers?include=books&include[books][limit]=3",
    "tags?include=about",
    "tags?include=about,about.author&include[about][limit]=2",
    "shelfs?include=books&include[books][limit]=2&count=estimated",
    "shelfs?sort=-height",
    "reviews?sort=-stars,number&limit=7&include=book.author",
    "books/01900000-0000-7000-8000-000000000066?include=author,tags",
    "books/01900000-0000-7000-8000-00000000ffff",
    "books/01900000-0000-7000-8000-000000000064",
    "shelfs/1,B?include=books",
    "tags/-1",
];

fn keys(memory: &Memory<'_>, asked: &Asked) -> Vec<Vec<Value>> {
    memory.keys(&asked.read, &asked.args)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_give_the_same_bytes_and_the_rows_of_the_evaluation() {
    let world = World::library().await;
    let memory = world.memory();
    for question in QUESTIONS {
        for (who, actor) in [
            ("anonymous", Actor::Anonymous),
            ("owner", owner()),
            ("editor", editor()),
            ("system", Actor::System),
        ] {
            let what = format!("{question} ({who})");
            let asked = match world.ask(&actor, question) {
                Ok(asked) => asked,
                Err(QueryError::Forbidden { .. }) if who != "system" => continue,
                Err(error) => panic!("{what}: {error}"),
            };
            let answer = world.answer(&asked, &what).await;
            check_rows(&memory, &asked, &answer, &what);
        }
    }
}

pub fn check_rows(memory: &Memory<'_>, asked: &Asked, answer: &glaze_data::store::Answer, what: &str) {
    let expected = keys(memory, asked);
    assert_eq!(answer.rows, expected.len(), "{what}");
    if let Some(total) = answer.total {
        assert_eq!(total, memory.count(&asked.read, &asked.args), "{what}");
    }
    let (Some((first, last)), Some(first_key), Some(last_key)) = (&answer.edges, expected.first(), expected.last()) else {
        return;
    };
    let ends_with = |edge: &Vec<Value>, key: &Vec<Value>| edge.ends_with(key);
    assert!(
        ends_with(first, first_key) && ends_with(last, last_key),
        "{what}: {first:?} … {last:?} should be {expected:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_by_cursor_are_the_whole_list_forwards_and_backwards() {
    let world = World::library().await;
    for sort in [
        "",
        "sort=-publishedAt",
        "sort=publishedAt",
        "sort=title,-views",
        "sort=-price,status",
        "sort=author.name,-mood",
        "sort=views,small",
        "sort=-ratio",
    ] {
        let whole = world.ask(&editor(), &format!("books?limit=100&fields=slug&{sort}")).unwrap();
        let all: Vec<serde_json::Value> = serde_json::from_slice(&world.answer(&whole, sort).await.body).unwrap();
        let mut asked = world.ask(&editor(), &format!("books?limit=5&fields=slug&{sort}")).unwrap();
        let mut forwards = Vec::new();
        let mut last = None;
        loop {
            let answer = world.answer(&asked, sort).await;
            let rows: Vec<serde_json::Value> = serde_json::from_slice(&answer.body).unwrap();
            forwards.extend(rows);
            let Some((_, end)) = answer.edges else { break };
            last = Some(end.clone());
            if !answer.more {
                break;
            }
            asked.read.page = Page::Seek {
                limit: 5,
                from: end,
                before: false,
            };
        }
        assert_eq!(forwards, all, "{sort}");
        let mut backwards = Vec::new();
        asked.read.page = Page::Seek {
            limit: 5,
            from: last.unwrap(),
            before: true,
        };
        loop {
            let answer = world.answer(&asked, sort).await;
            let mut rows: Vec<serde_json::Value> = serde_json::from_slice(&answer.body).unwrap();
            rows.append(&mut backwards);
            backwards = rows;
            let Some((begin, _)) = answer.edges else { break };
            if !answer.more {
                break;
            }
            asked.read.page = Page::Seek {
                limit: 5,
                from: begin,
                before: true,
            };
        }
        assert_eq!(backwards, all[..all.len() - 1], "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_related_rows_are_limited_for_each_parent() {
    let world = World::with_reviews(2500).await;
    for question in [
        "books?fields=slug,reviews.number&include[reviews][limit]=3&include[reviews][sort]=-stars",
        "books?fields=slug,reviews.number",
    ] {
        let asked = world.ask(&editor(), question).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&world.answer(&asked, question).await.body).unwrap();
        let most = rows.iter().map(|row| row["reviews"].as_array().unwrap().len()).max();
        assert_eq!(most, Some(if question.contains("limit") { 3 } else { 100 }), "{question}");
    }
}
