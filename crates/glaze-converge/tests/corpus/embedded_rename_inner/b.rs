use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub seo: Seo,
}

#[embedded]
pub struct Seo { #[was("name")] pub title: Option<String>, pub about: Option<i64> }
