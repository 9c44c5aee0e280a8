use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    #[unique]
    pub title: String,
}
