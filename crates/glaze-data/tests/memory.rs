//! The naive evaluator, and with it the law: what a reader may not see changes nothing in the reader's answers.

mod support;

use glaze_data::{
    Actor, Schema,
    bound::{Args, BoundRead, Page},
    memory::Memory,
};
use glaze_model::Value;
use proptest::prelude::*;
use support::{parse, schema, user};

fn id(number: u128) -> Value {
    Value::Uuid(uuid::Uuid::from_u128(number))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A row with these members, everything else empty.
fn row(schema: &Schema, path: &str, members: Vec<(&str, Value)>) -> (u32, Vec<Value>) {
    let entity = schema.entity_by_path(path).expect(path);
    let mut row = vec![Value::Null; entity.fields.len()];
    for (json, value) in members {
        row[entity.field_by_json(json).expect(json).ix as usize] = value;
    }
    (entity.ix, row)
}

/// One writer, numbered.
#[derive(Debug, Clone)]
struct Writer {
    name: &'static str,
    active: bool,
}

#[derive(Debug, Clone)]
struct Post {
    title: &'static str,
    status: &'static str,
    views: i64,
    author: usize,
    mine: bool,
    notes: Option<&'static str>,
    draft: Option<&'static str>,
    /// Text and whether it is approved.
    comments: Vec<(&'static str, bool)>,
    tags: Vec<usize>,
}

/// Everything there is.
#[derive(Debug, Clone)]
struct World {
    writers: Vec<Writer>,
    posts: Vec<Post>,
}

const ME: u128 = 7;
const TAGS: [&str; 3] = ["red", "green", "blue"];

impl World {
    fn fill<'s>(&self, schema: &'s Schema) -> Memory<'s> {
        let mut memory = Memory::new(schema);
        let mut add = |(entity, row): (u32, Vec<Value>)| memory.insert(entity, row);
        for (at, name) in TAGS.iter().enumerate() {
            add(row(
                schema,
                "tags",
                vec![
                    ("id", id(300 + at as u128)),
                    ("name", text(name)),
                    ("position", Value::Int(at as i64)),
                ],
            ));
        }
        for (at, writer) in self.writers.iter().enumerate() {
            let key = id(100 + at as u128);
            add(row(
                schema,
                "writers",
                vec![("id", key), ("name", text(writer.name)), ("active", Value::Bool(writer.active))],
            ));
        }
        for (at, post) in self.posts.iter().enumerate() {
            let words = |text: Option<&str>| text.map_or(Value::Null, |text| Value::Text(text.to_owned()));
            let members = vec![
                ("id", id(200 + at as u128)),
                ("title", text(post.title)),
                ("slug", text(post.title)),
                ("status", text(post.status)),
                ("views", Value::Int(post.views)),
                ("author", id(100 + post.author as u128)),
                ("owner", if post.mine { id(ME) } else { Value::Null }),
                ("notes", words(post.notes)),
                ("draftText", words(post.draft)),
                ("keywords", Value::List(vec![text(post.title)])),
            ];
            add(row(schema, "posts", members));
            for (number, (words, approved)) in post.comments.iter().enumerate() {
                let key = id(1000 + 100 * at as u128 + number as u128);
                let post = id(200 + at as u128);
                add(row(
                    schema,
                    "comments",
                    vec![
                        ("id", key),
                        ("post", post),
                        ("text", text(words)),
                        ("approved", Value::Bool(*approved)),
                    ],
                ));
            }
        }
        let posts = schema.entity_by_path("posts").expect("posts");
        let tags = posts.field_by_json("tags").expect("tags").ix;
        for (at, post) in self.posts.iter().enumerate() {
            for tag in &post.tags {
                memory.link(posts.ix, tags, vec![id(200 + at as u128)], vec![id(300 + *tag as u128)]);
            }
        }
        memory
    }

    /// The same world as far as this reader may see it, with everything else changed.
    fn with_hidden_changed(&self, actor: &Actor) -> World {
        let mut world = self.clone();
        let known = actor.id().is_some();
        world
            .writers
            .iter_mut()
            .filter(|writer| !writer.active)
            .for_each(|writer| writer.name = "changed");
        for post in &mut world.posts {
            post.notes = post.notes.map_or(Some("new"), |_| None);
            post.comments.retain(|(_, approved)| *approved);
            post.comments.push(("changed", false));
            if !(known && post.mine) {
                post.draft = post.draft.map_or(Some("new"), |_| None);
                if post.status != "published" {
                    (post.title, post.views, post.tags) = ("changed", 99, vec![0, 1, 2]);
                }
            }
        }
        world
    }
}

fn world() -> impl Strategy<Value = World> {
    let words = || proptest::sample::select(vec!["ann", "bob", "Ann Bee", "changed"]);
    let writer = (words(), any::<bool>()).prop_map(|(name, active)| Writer { name, active });
    let status = proptest::sample::select(vec!["draft", "in_review", "published"]);
    let comments = proptest::collection::vec((words(), any::<bool>()), 0..3);
    let tags = proptest::sample::subsequence(vec![0usize, 1, 2], 0..=3);
    let maybe = || proptest::option::of(words());
    let post = (words(), status, 0..3i64, 0..3usize, any::<bool>(), maybe(), maybe(), comments, tags).prop_map(
        |(title, status, views, author, mine, notes, draft, comments, tags)| Post {
            title,
            status,
            views,
            author,
            mine,
            notes,
            draft,
            comments,
            tags,
        },
    );
    (proptest::collection::vec(writer, 3), proptest::collection::vec(post, 0..7)).prop_map(|(writers, posts)| World { writers, posts })
}

const FILTERS: &[&str] = &[
    "",
    "filter[title]=ann",
    "filter[title][_neq]=changed",
    "filter[_not][views][_gt]=1",
    "filter[author][name]=ann",
    "filter[_not][author][name]=changed",
    "filter[comments][text]=changed",
    "filter[comments][_none][text]=changed",
    "filter[comments][_every][text]=ann",
    "filter[comments][_empty]=true",
    "filter[comments][_nempty]=true",
    "filter[draftText][_null]=true",
    "filter[_not][draftText]=ann",
    "filter[draftText][_nin]=new",
    "filter[author][posts][_every][title]=ann",
    "filter[author][posts][_none][draftText]=new",
    "filter[author][posts][comments][text]=changed",
    "filter[tags][name]=red",
    "filter[tags][_empty]=true",
    "filter[rank][_gte]=5",
    "search=an",
    "search=new",
];
const SORTS: &[&str] = &[
    "",
    "sort=title",
    "sort=-draftText",
    "sort=author.name,-views",
    "sort=-author.name",
    "sort=views,-id",
    "sort=-rank,status",
];

fn args(actor: &Actor) -> Args {
    Args {
        me: actor.id(),
        now: jiff::Timestamp::UNIX_EPOCH,
        key: Vec::new(),
    }
}

/// `None` when the reader may not ask that at all.
fn bound(schema: &Schema, actor: &Actor, raw: &str) -> Option<BoundRead> {
    assert!(parse(schema, "posts", raw).is_ok(), "{raw}");
    support::read(schema, actor, "posts", raw).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_may_not_be_seen_changes_nothing(world in world(), filter in proptest::sample::select(FILTERS), sort in proptest::sample::select(SORTS)) {
        let schema = schema();
        for actor in [Actor::Anonymous, user(&[])] {
            let hidden = world.with_hidden_changed(&actor);
            let Some(read) = bound(&schema, &actor, &format!("{filter}&{sort}")) else { continue };
            let (one, other) = (world.fill(&schema), hidden.fill(&schema));
            let args = args(&actor);
            prop_assert_eq!(one.keys(&read, &args), other.keys(&read, &args), "{} {}", filter, sort);
            prop_assert_eq!(one.count(&read, &args), other.count(&read, &args));
            for key in one.keys(&read, &args) {
                let place = |memory: &Memory| memory.row(read.entity, &key).map(|row| memory.order_values(&read, row, &args));
                prop_assert_eq!(place(&one), place(&other));
            }
        }
    }

    #[test]
    fn pages_by_cursor_are_the_list_cut(world in world(), filter in proptest::sample::select(FILTERS), sort in proptest::sample::select(SORTS), limit in 1..4u64) {
        let schema = schema();
        let actor = Actor::System;
        let memory = world.fill(&schema);
        let Some(mut read) = bound(&schema, &actor, &format!("{filter}&{sort}")) else { return Ok(()) };
        let args = args(&actor);
        let all = memory.keys(&read, &args);
        let values = |read: &BoundRead, key: &[Value]| memory.row(read.entity, key).map(|row| memory.order_values(read, row, &args)).expect("a row");
        let mut pages = Vec::new();
        read.page = Page::Offset { limit, offset: 0 };
        loop {
            let page = memory.keys(&read, &args);
            let Some(last) = page.last() else { break };
            read.page = Page::Seek { limit, from: values(&read, last), before: false };
            pages.extend(page);
        }
        prop_assert_eq!(&pages, &all);
        if let Some(last) = all.last() {
            read.page = Page::Seek { limit: 2, from: values(&read, last), before: true };
            let before = memory.keys(&read, &args);
            prop_assert_eq!(&before[..], &all[(all.len() - 1).saturating_sub(2)..all.len() - 1]);
        }
    }
}

#[test]
fn rows_are_found_and_ordered() {
    let schema = schema();
    let post = |title, status, comments| Post {
        title,
        status,
        views: 1,
        author: 0,
        mine: false,
        notes: None,
        draft: None,
        comments,
        tags: vec![1],
    };
    let world = World {
        writers: vec![Writer { name: "ann", active: true }],
        posts: vec![
            post("b two", "published", vec![("x", true)]),
            post("a one", "published", vec![("x", false)]),
            post("c three", "draft", vec![]),
        ],
    };
    let memory = world.fill(&schema);
    let titles = |actor: &Actor, raw: &str| {
        let read = bound(&schema, actor, raw).expect(raw);
        let title = schema
            .entity_by_path("posts")
            .and_then(|posts| posts.field_by_json("title"))
            .expect("title")
            .ix;
        let keys = memory.keys(&read, &args(actor));
        let title_of = |key: &Vec<Value>| memory.row(read.entity, key).expect("a row")[title as usize].to_string();
        keys.iter().map(|key| title_of(key)[..1].to_owned()).collect::<String>()
    };
    let anonymous = Actor::Anonymous;
    for (actor, raw, wanted) in [
        (&anonymous, "sort=title", "ab"),
        (&Actor::System, "sort=-title", "cba"),
        (&anonymous, "filter[comments][text]=x", "b"),
        (&Actor::System, "filter[comments][text]=x&sort=title", "ab"),
        (&anonymous, "filter[comments][_every][text]=y&sort=title", "a"),
        (&anonymous, "filter[tags][name]=green&sort=title", "ab"),
        (&anonymous, "filter[tags][name]=red", ""),
        (&anonymous, "search=TW", "b"),
        (&anonymous, "search=wo", ""),
        (&anonymous, "filter[rank][_gt]=6&sort=title", ""),
        (&Actor::System, "filter[rank][_gt]=6", "c"),
        (&anonymous, "filter[author][name][_icontains]=AN&sort=title&limit=1&offset=1", "b"),
    ] {
        assert_eq!(titles(actor, raw), wanted, "{raw}");
    }
}

#[test]
fn the_law_is_not_empty() {
    // The same changes do show to one who may see them.
    let schema = schema();
    let comments = vec![("ann", false)];
    let post = Post {
        title: "ann",
        status: "draft",
        views: 1,
        author: 0,
        mine: false,
        notes: None,
        draft: None,
        comments,
        tags: vec![],
    };
    let world = World {
        writers: vec![Writer {
            name: "ann",
            active: false,
        }],
        posts: vec![post],
    };
    let (one, other) = (world.fill(&schema), world.with_hidden_changed(&Actor::Anonymous).fill(&schema));
    for raw in [
        "filter[title]=ann",
        "filter[author][name]=ann",
        "filter[comments][text]=ann",
        "filter[notes][_null]=true",
        "search=ann",
    ] {
        let read = bound(&schema, &Actor::System, raw).expect(raw);
        let args = args(&Actor::System);
        assert_eq!((one.keys(&read, &args).len(), other.keys(&read, &args).len()), (1, 0), "{raw}");
    }
}

#[test]
fn knowing_the_roles_changes_no_meaning() {
    let schema = schema();
    let posts = schema.entity_by_path("posts").expect("posts").ix;
    let mut memory = Memory::new(&schema);
    let owners = [Value::Null, id(ME), id(8)];
    for (at, owner) in owners.iter().enumerate() {
        memory.insert(
            posts,
            row(
                &schema,
                "posts",
                vec![("id", id(at as u128)), ("owner", owner.clone()), ("status", text("draft"))],
            )
            .1,
        );
    }
    for source in [
        "owner == me",
        "owner != me",
        "!(owner == me)",
        "me == owner || status == 'published'",
        "me == null",
        "me != null && owner != null",
        "'editor' in me.roles && owner == me",
        "!('editor' in me.roles)",
        "'editor' in me.roles ? owner == me : me == null",
        "owner.id == me.id",
        "size(me.roles) > 0",
    ] {
        let rule = glaze_expr::check(schema.model(), "Post", source, glaze_expr::Expected::Bool).expect(source);
        for actor in [Actor::Anonymous, user(&[]), user(&["editor"]), user(&["editor", "other"])] {
            let asker = glaze_expr::Asker {
                id: actor.id(),
                roles: actor.roles(),
            };
            let mut read = bound(&schema, &Actor::System, "").expect("a read");
            let mut keys = |filter| {
                read.filter = filter;
                memory.keys(&read, &args(&actor))
            };
            let whole = keys(glaze_expr::fold(&rule, &|me| asker.value(me)));
            assert_eq!(keys(glaze_data::bind::for_actor(&rule, &actor)), whole, "{source} for {actor:?}");
        }
    }
}
