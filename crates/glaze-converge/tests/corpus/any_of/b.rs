use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    pub name: Text,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Remark {
    pub about: AnyOf<(Post, Tag)>,
    pub text: Text,
}
