use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Node {
    pub name: Text,
    pub parent: Option<Ref<Node>>,
}
