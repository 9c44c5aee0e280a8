use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[field(min = 1, max = 99)]
    pub n: i64,
}
