use glaze::schema::*;

#[entity]
#[can(read)]
pub struct Post {
    pub title: String,
}
