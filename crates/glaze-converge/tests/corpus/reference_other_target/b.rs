use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub tag: Option<Ref<Author>>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Author {
    pub name: String,
}
