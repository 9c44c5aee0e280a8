use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    pub status: State,
}

#[was("Status")]
pub enum State { Draft, Live }
