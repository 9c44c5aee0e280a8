use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    pub a: String,
    pub b: i64,
}
