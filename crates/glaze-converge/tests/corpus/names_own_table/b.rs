use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[db(table = "Blog Posts")]
#[index(title)]
pub struct Post {
    pub title: Text,
    #[unique]
    pub code: Option<Text>,
}
