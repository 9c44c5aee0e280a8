use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[was("Post")]
pub struct Article {
    pub title: String,
    pub author: Ref<Author>,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Author {
    pub name: String,
}
