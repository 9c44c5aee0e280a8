//! A small schema and short words for tests.
#![allow(dead_code)]

pub mod show;

use std::{borrow::Cow, sync::Arc};

use glaze_data::{
    Actor, Cursors, Limits, Schema, bind,
    bound::BoundRead,
    query::{self, Query, QueryError},
};
use glaze_source::SourceFile;

pub const BLOG: &str = r##"
use glaze::schema::*;

#[entity(label = title)]
#[can(read, "status == 'published' || owner == me || 'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
#[can(update, "owner == me && before.status != 'published'")]
pub struct Post {
    #[field(max = 200)]
    pub title: String,
    #[unique]
    pub slug: String,
    pub body: RichText,
    pub author: Ref<Writer>,
    pub editor: Option<Ref<Writer>>,
    pub owner: Option<Ref<User>>,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub comments: Many<Comment>,
    #[default(0)]
    pub views: i64,
    pub price: Option<Decimal>,
    #[default(Draft)]
    pub status: PostStatus,
    pub published_at: Option<DateTime>,
    pub keywords: Vec<String>,
    pub seo: Option<Seo>,
    pub data: Option<Json>,
    pub place: Option<Point>,
    pub subject: AnyOf<(Tag, Writer)>,
    #[can(read, "'editor' in me.roles")]
    pub notes: Option<Text>,
    #[can(read, "owner == me")]
    pub draft_text: Option<Text>,
    #[private]
    pub token: Option<String>,
    #[computed("size(title) + views")]
    pub rank: i64,
    pub sections: Vec<Section>,
}

pub enum PostStatus { Draft, InReview, Published }

#[embedded]
pub struct Seo { pub title: Option<String>, pub description: Option<String> }

#[blocks]
pub enum Section { Quote { text: String } }

#[entity]
#[can(read, "active || id == me.id")]
pub struct Writer {
    pub name: String,
    pub email: Email,
    #[default(true)]
    pub active: bool,
    pub boss: Option<Ref<Writer>>,
    #[inverse(author)]
    pub posts: Many<Post>,
}

#[entity]
#[can(read)]
pub struct Tag {
    #[unique]
    pub name: String,
    pub position: i32,
}

#[entity]
#[can(read, "approved")]
pub struct Comment {
    pub post: Ref<Post>,
    pub text: Text,
    pub approved: bool,
}

#[entity]
pub struct Secret {
    pub text: String,
    pub post: Option<Ref<Post>>,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Seat {
    #[id]
    pub row: i32,
    #[id]
    pub place: String,
    #[inverse(seat)]
    pub bookings: Many<Booking>,
}

#[entity(timestamps = false)]
#[can(read)]
pub struct Booking {
    pub seat: Option<Ref<Seat>>,
    pub name: String,
    pub secret: Option<Ref<Secret>>,
}
"##;

pub fn schema() -> Arc<Schema> {
    schema_of(BLOG)
}

pub fn schema_of(text: &str) -> Arc<Schema> {
    let reading = glaze_source::read(&[SourceFile {
        path: "schema.rs".to_owned(),
        text: text.to_owned(),
    }]);
    let model = reading.model.unwrap_or_else(|| panic!("{:#?}", reading.diagnostics));
    Schema::new(model).unwrap_or_else(|error| panic!("{error}"))
}

pub fn parse(schema: &Schema, path: &str, raw: &str) -> Result<Query, Vec<String>> {
    let entity = schema.entity_by_path(path).expect("an entity of the test schema");
    let params: Vec<(Cow<str>, Cow<str>)> = query::split(raw).expect("UTF-8");
    query::parse(schema, entity, &params, &Limits::default()).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

pub fn read(schema: &Schema, actor: &Actor, path: &str, raw: &str) -> Result<BoundRead, QueryError> {
    let query = parse(schema, path, raw).unwrap_or_else(|errors| panic!("{raw}: {errors:?}"));
    bind::bind(schema, actor, &query, &Limits::default(), &cursors())
}

pub fn cursors() -> Cursors {
    Cursors::new(b"a secret of the tests")
}

pub fn user(roles: &[&str]) -> Actor {
    Actor::User {
        id: uuid::Uuid::from_u128(7),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}
