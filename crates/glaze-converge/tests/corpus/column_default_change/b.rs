use glaze::schema::*;

#[entity(timestamps = false)]
pub struct Post {
    pub title: String,
    #[default(2)]
    pub n: i64,
}
