use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub status: Status,
}

pub enum Status { Draft, Live }
