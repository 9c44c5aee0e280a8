use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[db(table = "Blog Posts")]
pub struct Post {
    pub title: Text,
}
