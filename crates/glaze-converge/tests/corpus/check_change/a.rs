use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[field(min = 0)]
    pub n: i64,
}
