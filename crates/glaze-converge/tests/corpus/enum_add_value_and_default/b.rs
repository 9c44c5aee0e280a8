use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[default(Gone)]
    pub status: Status,
}

pub enum Status { Draft, Live, Gone }
