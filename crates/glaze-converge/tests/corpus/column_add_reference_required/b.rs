use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub author: Ref<Author>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Author {
    pub name: String,
}
