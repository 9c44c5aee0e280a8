use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[field(min = 0, max = 5)]
    pub stars: Option<i16>,
}
