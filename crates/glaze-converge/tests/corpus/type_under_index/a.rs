use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(v)]
pub struct Post {
    pub v: i32,
}
