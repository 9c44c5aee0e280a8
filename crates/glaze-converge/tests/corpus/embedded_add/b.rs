use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub seo: Option<Seo>,
}

#[embedded]
pub struct Seo { pub title: Option<String>, pub description: Option<Text> }
