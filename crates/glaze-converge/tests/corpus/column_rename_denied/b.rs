use glaze::schema::*;

#[entity(timestamps = false)]
#[can(read)]
pub struct Post {
    pub headline: Option<String>,
}
