use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    pub b: String,
    pub a: i64,
}
