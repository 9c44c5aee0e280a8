//! The project of these stories: a small journal with every kind of field and rule, and its content.

use serde_json::{Value as Json, json};

use crate::world::{Admin, World};

pub const SCHEMA: &str = r#"
use glaze::schema::*;

#[entity(label = name, timestamps = false)]
#[can(read, "active || 'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
pub struct Author {
    #[id]
    pub id: Uuid,
    #[field(max = 60)]
    pub name: String,
    #[can(read, "'editor' in me.roles")]
    pub email: Option<Email>,
    #[default(true)]
    pub active: bool,
    #[private]
    pub notes: Option<Text>,
    #[inverse(author)]
    pub posts: Many<Post>,
}

#[entity(label = title, timestamps = false)]
#[can(read, "status == 'published' || 'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles && before.status != 'archived'")]
#[can(delete, "'editor' in me.roles")]
#[rule("rating == null || rating <= 5.0", "A rating goes up to five.")]
pub struct Post {
    #[id]
    pub id: Uuid,
    #[field(max = 40)]
    pub title: String,
    #[slug(from = title)]
    #[unique]
    pub slug: Slug,
    pub body: Text,
    #[default(Draft)]
    pub status: PostStatus,
    #[default(0)]
    #[field(min = 0)]
    pub views: i64,
    pub price: Option<Money>,
    pub rating: Option<f64>,
    pub published_at: Option<DateTime>,
    pub day: Option<Date>,
    pub author: Ref<Author>,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub comments: Many<Comment>,
    pub seo: Option<Seo>,
    pub sections: Vec<Section>,
    pub labels: Vec<String>,
    pub meta: Option<Json>,
    #[computed("title + '!'")]
    pub shout: String,
}

pub enum PostStatus { Draft, InReview, Published, Archived }

#[entity(label = name, timestamps = false)]
#[can(read)]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
pub struct Tag {
    #[id]
    pub code: String,
    #[field(max = 30)]
    pub name: String,
}

#[entity(timestamps = false)]
#[can(read, "approved || 'editor' in me.roles")]
#[can(create, "approved == false")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
pub struct Comment {
    #[id]
    pub id: Uuid,
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    #[field(max = 200)]
    pub text: String,
    #[default(false)]
    pub approved: bool,
}

#[entity(timestamps = false)]
#[can(read)]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
pub struct Reading {
    #[id]
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    #[id]
    pub position: i16,
    pub note: Option<String>,
}

#[entity(timestamps = false)]
#[can(read, "'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
pub struct Remark {
    #[id]
    pub id: Uuid,
    pub about: AnyOf<(Post, Tag)>,
    pub text: Text,
}

#[entity(timestamps = true)]
#[can(read)]
#[can(create)]
pub struct Visit {
    pub page: String,
}

#[entity]
pub struct Vault {
    pub secret: String,
}

#[blocks]
pub enum Section {
    Hero { heading: String },
    Quote { text: String, by: Option<String> },
}

#[embedded]
pub struct Seo { pub title: Option<String>, pub description: Option<String> }
"#;

/// Key of the n-th author (1), post (2), comment (3) or remark (4).
pub fn id(kind: u8, n: u32) -> String {
    format!("00000000-0000-7000-800{kind}-{n:012}")
}

/// The journal with its content.
pub async fn journal() -> World {
    let world = World::new(SCHEMA).await;
    for (path, entries) in [
        ("/api/authors", authors()),
        ("/api/tags", tags()),
        ("/api/posts", posts()),
        ("/api/comments", comments()),
    ] {
        world.post(Admin, path, entries).await.is(201);
    }
    let readings =
        json!([{"post": id(2, 1), "position": 1, "note": "first"}, {"post": id(2, 1), "position": 2}, {"post": id(2, 2), "position": 1}]);
    world.post(Admin, "/api/readings", readings).await.is(201);
    let remarks = json!([
        {"id": id(4, 1), "about": {"type": "post", "id": id(2, 1)}, "text": "Good."},
        {"id": id(4, 2), "about": {"type": "tag", "id": "rust"}, "text": "Rename?"}
    ]);
    world.post(Admin, "/api/remarks", remarks).await.is(201);
    world
}

fn authors() -> Json {
    json!([
        {"id": id(1, 1), "name": "Ann", "email": "ann@example.org"},
        {"id": id(1, 2), "name": "Bob", "email": "bob@example.org"},
        {"id": id(1, 3), "name": "Cleo", "email": null, "active": false}
    ])
}

fn tags() -> Json {
    json!([{"code": "rust", "name": "Rust"}, {"code": "sql", "name": "SQL"}, {"code": "a,b/c", "name": "Odd"}])
}

/// Post n: titles of different lengths, every third one a draft, the last author is not active.
fn posts() -> Json {
    let titles = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota"];
    let posts = titles.iter().zip(1u32..).map(|(title, n)| {
        json!({
            "id": id(2, n), "title": title, "body": format!("The {} letter of the Greek alphabet, {n}.", title.to_lowercase()),
            "status": if n % 3 == 0 { "draft" } else { "published" },
            "views": n * 10, "price": format!("{n}.50"), "rating": if n % 2 == 0 { json!(f64::from(n) / 2.0) } else { Json::Null },
            "publishedAt": format!("2026-0{n}-01T10:00:00Z"), "day": format!("2026-01-0{n}"),
            "author": id(1, (n - 1) % 3 + 1),
            "tags": match n { 1 => vec!["rust", "sql"], 2 => vec!["rust"], _ => vec![] },
            "seo": if n == 1 { json!({"title": "First", "description": null}) } else { Json::Null },
            "sections": if n == 1 { json!([{"type": "hero", "heading": "Hello"}, {"type": "quote", "text": "So", "by": "Ann"}]) } else { json!([]) },
            "labels": if n == 2 { json!(["x", "y"]) } else { json!([]) },
            "meta": if n == 1 { json!({"b": 1, "a": {"deep": [1, 2.5, "x"]}, "cc": null}) } else { Json::Null }
        })
    });
    Json::Array(posts.collect())
}

fn comments() -> Json {
    json!([
        {"id": id(3, 1), "post": id(2, 1), "text": "Nice", "approved": true},
        {"id": id(3, 2), "post": id(2, 1), "text": "Spam", "approved": false},
        {"id": id(3, 3), "post": id(2, 2), "text": "Hm", "approved": true}
    ])
}
