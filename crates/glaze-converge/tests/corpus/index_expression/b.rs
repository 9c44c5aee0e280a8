use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
#[index(expr = "lower(title)")]
pub struct Post {
    pub title: String,
}
