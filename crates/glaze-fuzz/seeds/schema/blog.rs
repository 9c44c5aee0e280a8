//! A blog: authors write posts, posts have tags and comments.

use glaze::schema::*;

/// Somebody who writes.
#[entity(label = name, icon = "user")]
#[can(read)]
pub struct Author {
    #[field(max = 120)]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: String,
    #[unique]
    pub email: Option<Email>,
    pub website: Option<Url>,
    pub bio: Option<Text>,
    #[inverse(author)]
    pub posts: Many<Post>,
}

/// An article on the site.
#[entity(label = title, icon = "newspaper")]
#[can(read, "status == 'published' || 'editor' in me.roles")]
#[can(create, "'editor' in me.roles")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
#[index(status, published_at desc)]
#[index(author)]
#[rule("status != 'published' || published_at != null", "A published post needs the time of publication.")]
pub struct Post {
    #[field(max = 200, help = "Keep it under 60 characters")]
    pub title: String,
    #[slug(from = title)]
    #[unique]
    pub slug: String,
    #[field(max = 400)]
    pub excerpt: Option<Text>,
    pub body: RichText,
    pub author: Ref<Author>,
    pub cover: Option<Asset>,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub comments: Many<Comment>,
    #[default(0)]
    #[field(min = 0)]
    pub views: i64,
    #[default(Draft)]
    pub status: PostStatus,
    pub published_at: Option<DateTime>,
    pub sections: Vec<Section>,
    pub seo: Option<Seo>,
}

/// Where a post is on its way to the reader.
pub enum PostStatus {
    Draft,
    InReview,
    Published,
}

/// A word that posts share.
#[entity(label = name, icon = "tag")]
#[can(read)]
pub struct Tag {
    #[unique]
    #[field(max = 60)]
    pub name: String,
    #[slug(from = name)]
    #[unique]
    pub slug: String,
    pub color: Option<Color>,
}

/// What a reader says about a post. Anybody may write one; it shows when it is approved.
#[entity(label = author_name, icon = "message")]
#[can(read, "approved || 'editor' in me.roles")]
#[can(create, "approved == false")]
#[can(update, "'editor' in me.roles")]
#[can(delete, "'editor' in me.roles")]
#[index(post)]
pub struct Comment {
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    #[field(max = 120)]
    pub author_name: String,
    #[field(max = 4000)]
    pub body: Text,
    #[default(false)]
    pub approved: bool,
}

/// A building block of a page: an editor picks the kinds and orders them.
#[blocks]
pub enum Section {
    Heading { text: String },
    Quote { text: String, by: Option<String> },
    Image { image: Asset, caption: Option<String> },
}

/// What search engines see.
#[embedded]
pub struct Seo {
    #[field(max = 70)]
    pub title: Option<String>,
    #[field(max = 160)]
    pub description: Option<String>,
}
