use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Tag {
    #[id]
    pub code: i64,
    pub name: Text,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    pub tag: Ref<Tag>,
}
