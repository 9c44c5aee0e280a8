use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[unique(title, n)]
pub struct Post {
    pub title: String,
    pub n: i64,
}
