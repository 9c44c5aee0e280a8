use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[default(1)]
    pub n: i64,
}
