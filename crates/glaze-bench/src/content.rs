//! The data: 1,000 authors, 100 tags, 20,000 posts of about 1 KB with a unique slug and about three tags each, written through the API.

use std::path::Path;

use anyhow::bail;
use serde_json::{Value, json};

use crate::{
    http,
    server::{Server, glaze},
};

const SCHEMA: &str = r#"use glaze::schema::*;

#[entity(label = name)]
#[can(read)]
pub struct Author {
    #[id]
    pub id: Uuid,
    #[field(max = 120)]
    pub name: String,
}

#[entity(label = name)]
#[can(read)]
pub struct Tag {
    #[id]
    pub id: Uuid,
    #[field(max = 60)]
    pub name: String,
}

#[entity(label = title)]
#[can(read, "status == 'published'")]
#[can(create)]
#[can(update)]
#[index(author)]
#[index(status, published_at desc)]
pub struct Post {
    #[id]
    pub id: Uuid,
    #[field(max = 200)]
    pub title: String,
    #[unique]
    pub slug: String,
    pub body: Text,
    pub author: Ref<Author>,
    pub tags: Many<Tag>,
    #[default(0)]
    pub views: i64,
    #[default(Published)]
    pub status: PostStatus,
    pub published_at: DateTime,
}

pub enum PostStatus { Draft, InReview, Published }
"#;

/// Number of posts.
pub const POSTS: u32 = 20_000;

/// A project with the schema on `url`, its tables made; gives an admin's key.
pub fn project(folder: &Path, url: &str) -> anyhow::Result<String> {
    std::fs::write(folder.join("schema.rs"), SCHEMA)?;
    std::fs::write(
        folder.join("glaze.toml"),
        format!("name = \"bench\"\n[database]\nurl = \"{url}\"\n"),
    )?;
    glaze(folder, &["migrate", "generate"])?;
    glaze(folder, &["migrate", "apply"])?;
    glaze(folder, &["key", "create", "--role", "admin", "--name", "bench", "--quiet"])
}

/// Key of the n-th author (`kind` 1), tag (2) or post (3).
pub fn id(kind: u8, n: u32) -> String {
    format!("00000000-0000-7000-800{kind}-{n:012}")
}

/// Writes the content through the API.
pub fn fill(server: &Server, key: &str) -> anyhow::Result<()> {
    let authors = (1..=1000).map(|n| json!({"id": id(1, n), "name": format!("Author number {n}")}));
    post_all(server, key, "/api/authors", authors)?;
    let tags = (1..=100).map(|n| json!({"id": id(2, n), "name": format!("tag-{n}")}));
    post_all(server, key, "/api/tags", tags)?;
    let text = "All happy families are alike; each unhappy family is unhappy in its own way, said the reader to the tree. ";
    let body: String = text.chars().cycle().take(900).collect();
    let posts = (1..=POSTS).map(|n| {
        let tags: Vec<String> = (0..2 + n % 3).map(|k| id(2, (n * 7 + k * 31) % 100 + 1)).collect();
        json!({"id": id(3, n), "title": format!("The story of post number {n}"), "slug": format!("post-{n}"), "body": body,
            "author": id(1, n % 1000 + 1), "tags": tags, "views": n % 977,
            "publishedAt": published_at(n)})
    });
    post_all(server, key, "/api/posts", posts)
}

/// Every post has a time of its own.
fn published_at(n: u32) -> String {
    let minute = n * 13;
    format!(
        "2025-{:02}-{:02}T{:02}:{:02}:00Z",
        minute / 60 / 24 / 28 % 12 + 1,
        minute / 60 / 24 % 28 + 1,
        minute / 60 % 24,
        minute % 60
    )
}

fn post_all(server: &Server, key: &str, path: &str, entries: impl Iterator<Item = Value>) -> anyhow::Result<()> {
    let mut entries = entries.peekable();
    while entries.peek().is_some() {
        let batch: Vec<Value> = entries.by_ref().take(100).collect();
        let answer = http::request(server.port, "POST", path, Some(key), Some(&Value::Array(batch).to_string()))?;
        if answer.status != 201 {
            bail!(
                "POST {path}: {} {}",
                answer.status,
                answer.body.chars().take(500).collect::<String>()
            );
        }
    }
    Ok(())
}
