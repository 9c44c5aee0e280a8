use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[was("Post")]
pub struct Article {
    pub title: String,
    pub tags: Many<Tag>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
