use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(n desc, title)]
pub struct Post {
    pub title: String,
    pub n: i64,
}
