//! Everything the schema language can say, as the application's own types. Not a module of a real application: the crate of
//! the runtime types is this test itself.

use crate::schema::*;

/// An article.
#[entity(label = title)]
#[can(read, "status == 'published'")]
#[index(status, published_at desc)]
pub struct Post {
    #[field(max = 200)]
    pub title: String,
    #[slug(from = title)]
    #[unique]
    pub slug: String,
    pub body: RichText,
    pub author: Ref<User>,
    pub cover: Option<Asset>,
    pub hero: Asset,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub summary: Option<Summary>,
    #[default(0)]
    pub views: i64,
    pub likes: Option<i64>,
    pub marks: Vec<i64>,
    #[default(Draft)]
    pub status: PostStatus,
    pub published_at: Option<DateTime>,
    pub sections: Vec<Section>,
    pub seo: Option<Seo>,
    pub subject: Option<AnyOf<(Post, Tag)>>,
    pub price: Money,
    pub length: Duration,
    pub data: Bytes,
    #[private]
    pub secret: String,
    pub r#type: Color,
}

#[db(native = false)]
pub enum PostStatus {
    Draft,
    InReview,
    Published,
}

#[entity(timestamps = false)]
pub struct Tag {
    #[id]
    pub name: String,
}

#[entity]
pub struct Summary {
    #[unique]
    pub post: Ref<Post>,
    pub text: Text,
}

#[blocks]
pub enum Section {
    Hero { heading: String, image: Asset },
    PullQuote { text: String, said_by: Option<String> },
    Divider,
}

#[embedded]
pub struct Seo {
    pub meta_title: Option<String>,
}

#[extends(User)]
pub struct Profile {
    pub bio: Option<Text>,
}
