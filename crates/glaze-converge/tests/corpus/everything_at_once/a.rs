use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub a: i32,
    pub b: Option<Text>,
    pub status: Status,
}

pub enum Status { Draft, Live }
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
