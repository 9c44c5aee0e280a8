use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Left {
    pub right: Option<Ref<Right>>,
    pub l: Text,
}
#[entity(timestamps = false)]
#[can(read)]
pub struct Right {
    pub left: Option<Ref<Left>>,
    pub r: Text,
}
