use glaze::schema::*;

/// An article on the site.
#[entity(label = title, icon = "newspaper")]
#[can(read, "status == 'published' || author == me")]
#[can(create, "'editor' in me.roles")]
#[can(update, "author == me || 'admin' in me.roles")]
#[index(status, published_at)]
#[rule("ends_on == null || ends_on >= starts_on", "An article cannot end before it starts.")]
pub struct Post {
    #[field(max = 200, help = "Keep it under 60 characters")]
    pub title: String,
    #[slug(from = title)]
    #[unique]
    pub slug: String,
    pub body: RichText,
    pub author: Ref<User>,
    pub cover: Option<Asset>,
    pub tags: Many<Tag>,
    #[inverse(post)]
    pub comments: Many<Comment>,
    #[default(0)]
    pub views: i64,
    #[default(Draft)]
    pub status: PostStatus,
    pub published_at: Option<DateTime>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub sections: Vec<Section>,
    pub seo: Option<Seo>,
    #[computed("size(title) + views")]
    pub rank: i64,
}

pub enum PostStatus { Draft, InReview, Published }

/// A building block of a page: an editor picks the kinds and orders them.
#[blocks]
pub enum Section {
    Hero { heading: String, image: Asset },
    Quote { text: String, by: Option<String> },
}

#[embedded]
pub struct Seo { pub title: Option<String>, pub description: Option<String> }

#[entity(label = name)]
#[can(read)]
pub struct Tag {
    #[unique]
    pub name: String,
    #[inverse(tags)]
    pub posts: Many<Post>,
}

#[entity]
pub struct Comment {
    #[on_delete(cascade)]
    pub post: Ref<Post>,
    pub text: Text,
}

#[extends(User)]
pub struct Profile {
    pub bio: Option<Text>,
}
