use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub tags: Many<Tag>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
