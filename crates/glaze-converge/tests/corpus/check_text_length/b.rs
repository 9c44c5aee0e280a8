use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    #[field(min = 1, max = 200)]
    pub title: Text,
}
