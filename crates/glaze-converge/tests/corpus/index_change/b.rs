use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(n, unique)]
pub struct Post {
    pub title: String,
    pub n: i64,
}
