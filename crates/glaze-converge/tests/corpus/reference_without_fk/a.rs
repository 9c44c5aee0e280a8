use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub tag: Ref<Tag>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
